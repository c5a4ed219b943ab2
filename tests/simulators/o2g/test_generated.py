"""Every operation with generated input, valid and not: no answer may differ from the reference, none may be a 5xx."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g import contract
from tests.simulators.o2g.clients import session

EXAMPLES = 4  # of valid and of invalid input, for each of the operations

SCHEMA = schemathesis.openapi.from_dict(contract.contract())
SCHEMA.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
# Ending the session would end what the other operations are asked with.
SHARED = SCHEMA.exclude(path="/sessions", method="DELETE")


# Names of what there is in every world, so that valid input also finds something.
KNOWN: dict[str, Any] = {
    "loginName": "oxe70000",
    "deviceId": "70000",
    "callee": "70001",
    "nodeId": 1,
    "mailboxId": "70000",
}


def _name_what_exists(case: schemathesis.Case[Any]) -> None:
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    for values in (case.path_parameters, case.query, case.body):
        if isinstance(values, dict):
            values.update({name: KNOWN[name] for name in KNOWN.keys() & values.keys()})
    if any(p["name"] == "loginName" for p in contract.parameters(case.operation.method, case.operation.path)):
        case.query = {**(case.query or {}), "loginName": KNOWN["loginName"]}


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[RunningO2G, httpx.Client]]:
    with simulated_o2g(users=60) as o2g, session(o2g, o2g.login, o2g.password) as client:
        yield o2g, client


@SHARED.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_keeps_to_the_reference(
    opened: tuple[RunningO2G, httpx.Client], case: schemathesis.Case[Any]
) -> None:
    o2g, client = opened
    _name_what_exists(case)
    base = "/api/rest" if case.operation.path == "/authenticate" else "/api/rest/1.0"
    heard = case.call(
        base_url=f"{o2g.url}{base}", verify=str(o2g.ca), cookies={"AlcUserId": client.cookies["AlcUserId"]}, timeout=10
    )
    answer = httpx.Response(
        heard.status_code,
        headers=[
            (name, value) for name, values in heard.headers.items() for value in values if name != "content-encoding"
        ],
        content=heard.content,
    )
    if answer.status_code == 405 and answer.json()["type"] == "NOT_SUPPORTED":
        return  # a method that the operation does not have
    if answer.status_code == 404 and "no such resource" in answer.text:
        return  # a path variable that was empty or led elsewhere
    assert contract.faults_of(case.operation.method.upper(), case.operation.path, answer) == []
    assert answer.status_code < 500
