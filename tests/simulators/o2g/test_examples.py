"""The reference's own examples, replayed: whatever is valid in them must be understood."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import httpx
import pytest

from simulators.o2g.process import simulated_o2g
from tests.simulators.o2g import contract
from tests.simulators.o2g.clients import session

SERVICES = {
    "User information", "Subscription management", "Call control", "Directory search", "Routing management",
    "Communication log", "Event summary", "Maintenance", "Voicemail", "Phone Set Programming", "Call Center Agent",
}  # fmt: skip
START = re.compile(r"^\W*(GET|POST|PUT|DELETE)\s*(?:https?:)?/*[^/\s]*(/api/rest/1\.0/\S+)", re.IGNORECASE)
SET = "70021"
LOGIN = re.compile(r"\b(?:user[A-Z0-9]|loginName\d?(?!=)|jsmith)\b")
# What is said of a request that was not understood, rather than of what this world does not have.
MISREAD = re.compile(r"Field required|Input should|should have|is missing|is mandatory|not JSON|JSON object")
HIDDEN = re.compile(r"\.{3,}|\[@")  # parts that the reference leaves out


def _examples() -> Iterator[Any]:
    if not contract.reference().exists():
        reason = "the reference's file with its examples is not beside the checkout"
        yield pytest.param("", "", "", None, marks=pytest.mark.skip(reason))
        return
    spec = json.loads(contract.reference().read_text(encoding="utf-8"))
    for path, item in spec["paths"].items():
        for method, row in item.items():
            if row["tags"][0] not in SERVICES or "/sessions" in path:
                continue
            for number, example in enumerate(row.get("x-examples", [])):
                found = _read(example["request"])
                if found is not None:
                    yield pytest.param(method.upper(), path, *found, id=f"{method} {path} {number}")


def _read(text: str) -> tuple[str, Any] | None:
    """Take the address and the body of an example; None where it is no request or its body no JSON."""
    start = START.match(text)
    if start is None or HIDDEN.search(text):
        return None
    body = text[text.index("{", start.end()) :] if "{" in text[start.end() :] else ""
    try:
        return start[2], json.loads(body) if body else None
    except json.JSONDecodeError:
        return None


@pytest.fixture(scope="module")
def session_of() -> Iterator[Callable[[str], httpx.Client]]:
    """Open the session of a directory number, of an operator (`agent`) or of an administrator (``)."""
    with ExitStack() as stack:
        o2g = stack.enter_context(simulated_o2g(users=400))
        control = stack.enter_context(httpx.Client(base_url=o2g.control))

        @cache
        def opened(who: str) -> httpx.Client:
            if not who:
                return stack.enter_context(session(o2g, o2g.login, o2g.password))
            number = control.get("/agents").json()["agents"][0]["number"] if who == "agent" else who
            person = control.get(f"/people/{number}").json()
            return stack.enter_context(session(o2g, person["loginName"], person["secret"]))

        yield opened


@pytest.mark.parametrize(("method", "path", "address", "body"), list(_examples()))
def test_an_example_is_understood(
    session_of: Callable[[str], httpx.Client], method: str, path: str, address: str, body: Any
) -> None:
    sets = re.findall(r'(?:devices/|deviceId": ")(7\d{4})', address + json.dumps(body))
    number = sets[0] if sets else SET
    client = session_of(_speaker(method, path, address, number))
    # The examples' logins do not follow O2G's own rule (L5), and 1234 is nobody's set.
    address = LOGIN.sub(f"oxe{number}", address).replace("/devices/1234", f"/devices/{number}")
    body = json.loads(LOGIN.sub(f"oxe{number}", json.dumps(body)))
    answer = client.request(method, client.base_url.copy_with(raw_path=address.encode()), json=body)
    assert contract.faults_of(method, path, answer) == []
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert not MISREAD.search(answer.json()["innerMessage"]), answer.text


def _speaker(method: str, path: str, address: str, number: str) -> str:
    """Tell whose session asks: who is named by nothing in a request speaks for itself."""
    if "/acd/agent" in path:
        return "agent"
    if path.startswith(("/users/{loginName}", "/telephony/devices")):
        return number if "/preferences" not in path else ""
    named = "loginName" in address or not any(p["name"] == "loginName" for p in contract.parameters(method, path))
    return "" if named and "deviceId" not in path else number
