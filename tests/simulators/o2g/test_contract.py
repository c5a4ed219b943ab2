"""The simulator's answers against the reference: each of the 207 operations, asked well and badly."""

import json
import os
import ssl
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.simulators.o2g import contract
from tests.simulators.o2g.clients import session

ROOT = contract.ROOT
TABLE = ROOT / "simulators" / "o2g" / "operations.json"


def each_but(*left_out: tuple[str, str]) -> pytest.MarkDecorator:
    chosen = [operation for operation in contract.operations() if operation not in left_out]
    return pytest.mark.parametrize(("method", "path"), chosen, ids=str)


EACH = each_but()
CLOSING = ("DELETE", "/sessions")  # would end the sessions that these tests share; test_sessions asks it
WITHOUT_SESSION = (("GET", "/authenticate"), ("GET", "/system/licenses"))  # (A79)
# What the variables of paths and the parameters of queries are called, and what exists in every world.
KNOWN = {
    "loginName": "oxe70000", "deviceId": "70000", "mailboxId": "70000", "companyPhone": "70000", "nodeId": "1",
    "nodeNumber": "1", "version": "1.0", "lic": "ROXE_API_TEL_ADVANCED", "number": "70001", "objectName": "Subscriber",
    "objectNameobjectId": "Subscriber/70000",
}  # fmt: skip
RULES = {
    "- true": "present",
    "one license per user": "per_user",
    "number of licenses greater": "all_users",
    "No license required": "free",
}


@pytest.fixture(scope="module")
def sessions() -> Iterator[dict[str, httpx.Client]]:
    """Give an administrator's and a user's session at a simulator that these tests may leave in any state."""
    with simulated_o2g(users=60) as o2g:
        secret = httpx.get(f"{o2g.control}/people/70000").json()["secret"]
        with session(o2g, o2g.login, o2g.password) as admin, session(o2g, "oxe70000", secret) as user:
            yield {"administrator": admin, "user": user, "stranger": _without_session(o2g)}


def _without_session(o2g: RunningO2G) -> httpx.Client:
    trust = ssl.create_default_context(cafile=str(o2g.ca))
    return httpx.Client(base_url=f"{o2g.url}/api/rest/1.0", verify=trust, timeout=10)


def _sample(schema: Any) -> Any:
    """Make something of a schema's shape, as short as it may be."""
    for part in schema.get("allOf", [])[:1]:
        return _sample(part)
    if "$ref" in schema:
        return _sample(contract.contract()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            found = schema.get("properties", {})
            return {
                name: KNOWN.get(name) or _sample(found[name]) for name in schema.get("required", []) if name in found
            }
        case "array":
            return [_sample(schema["items"])]
        case "integer" | "number":
            return 1
        case "boolean":
            return True
    return "70001"


def _ask(client: httpx.Client, method: str, path: str, body: object = None, raw: bytes | None = None) -> httpx.Response:
    operation = contract.contract()["paths"][path][method.lower()]
    filled, query = path, {}
    for parameter in operation["parameters"]:
        value = str(KNOWN.get(parameter["name"]) or _sample(parameter["schema"]))
        if parameter["in"] == "path":
            filled = filled.replace("{" + parameter["name"] + "}", value)
        elif parameter["required"] or parameter["name"] == "loginName":
            query[parameter["name"]] = value
    filled = filled.replace("{objectNameobjectId}", "Subscriber/70000")
    url = client.base_url.copy_with(path="/api/rest/authenticate") if path == "/authenticate" else filled
    if raw is not None:
        return client.request(method, url, params=query, content=raw, headers={"Content-Type": "application/json"})
    if body is None and "requestBody" in operation:
        body = _sample(operation["requestBody"]["content"]["application/json"]["schema"])
    return client.request(method, url, params=query, json=body)


@each_but(CLOSING)
@pytest.mark.parametrize("who", ["administrator", "user", "stranger"])
def test_an_operation_asked_well(sessions: dict[str, httpx.Client], method: str, path: str, who: str) -> None:
    answer = _ask(sessions[who], method, path)
    assert contract.faults_of(method, path, answer) == []
    assert answer.status_code < 500, answer.text


@each_but(CLOSING)
def test_an_operation_asked_badly(sessions: dict[str, httpx.Client], method: str, path: str) -> None:
    for raw in (b"{", b"[1,2]", b"null", b'{"deviceId":[],"filter":7,"callee":{},"number":[]}', b"\xff\xfe", b'"x"'):
        answer = _ask(sessions["administrator"], method, path, raw=raw)
        assert contract.faults_of(method, path, answer) == [], raw
        assert answer.status_code < 500, (raw, answer.text)


@each_but(*WITHOUT_SESSION)
def test_a_stranger_is_told_that_there_is_no_session(sessions: dict[str, httpx.Client], method: str, path: str) -> None:
    answer = _ask(sessions["stranger"], method, path)
    assert answer.status_code in (401, 403, 400)
    assert (answer.json()["type"], answer.json()["code"]) == ("INVALID_SESSION", 1001)


@EACH
def test_the_table_says_what_the_reference_says(method: str, path: str) -> None:
    row = next(r for r in json.loads(TABLE.read_text()) if (r["method"], r["path"]) == (method, path))
    said = contract.contract()["paths"][path][method.lower()]
    assert row["statuses"] == sorted(int(status) for status in said["responses"])
    assert row["service"] == said["tags"][0]
    capex = said["x-licence-capex"]
    assert row["rule"] == next(rule for words, rule in RULES.items() if words in capex)
    assert row["licences"] == [word for word in capex.split() if word.startswith("ROXE_")]


def test_the_table_lists_nothing_else() -> None:
    listed = [(row["method"], row["path"]) for row in json.loads(TABLE.read_text())]
    assert sorted(listed) == sorted(contract.operations())


def test_the_contract_is_the_references() -> None:
    """The stored facts are those of the reference's file, where that lies beside the checkout."""
    found = contract.reference()
    if not found.exists():
        if os.environ.get("TOUCHLINE_O2G_SPEC"):
            pytest.fail(f"TOUCHLINE_O2G_SPEC names {found}, which does not exist")
        pytest.skip(f"the reference's file is not beside the checkout ({found.name}); its stored facts are used")
    assert contract.contract() == contract.condense(json.loads(found.read_text(encoding="utf-8")))
