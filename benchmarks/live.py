"""`python -m benchmarks.live`: how many events a second the live state takes, and what a user costs it in memory."""

import argparse
import gc
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import httpx

from benchmarks.o2g import Figure
from services.agent import Agents
from services.calls import Call
from services.calls_in_progress import CallsInProgress
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.event_summary import EventSummaries
from services.live.packages import Package
from services.live.state import LiveMode, LiveState
from services.o2g import O2G, LiveOptions
from services.routing import Routing
from services.session import Session
from services.users import Users
from services.wire import Answer
from simulators.o2g.process import simulated_o2g

EVENTS, BURST, SEEN, RATE, SHARE = 50_000, 5000, 500, 1000.0, 20.0
USERS, BYTES_EACH = 20_000, 8192.0
PATIENCE_SECONDS = 120.0


def rate() -> list[Figure]:
    """Send bursts over a real channel, half of them about users who were seen, until the last event is taken."""
    with simulated_o2g(users=SEEN * 2) as simulator, httpx.Client(base_url=simulator.control, timeout=60) as world:
        endpoint = O2GEndpoint(simulator.url, simulator.login, simulator.password, ca=simulator.ca)
        o2g = O2G(endpoint, live=LiveOptions(LiveMode.CHANNEL))
        try:
            o2g.users.by_number("70000", Deadline.after(10))
            _until(lambda: o2g.live.status().connected)
            for number in range(70_000, 70_000 + SEEN):
                o2g.event_summary.of(f"oxe{number}", Deadline.after(10))
            logins = [f"oxe{number}" for number in range(70_000, 70_000 + SEEN * 2)]
            began, used = time.perf_counter(), _processor_seconds()
            for sent in range(BURST, EVENTS + 1, BURST):
                world.post("/events", json={"count": BURST, "loginNames": logins}).raise_for_status()
                _until_taken(o2g, sent)
            seconds, used = time.perf_counter() - began, _processor_seconds() - used
            if o2g.live.status().gaps or o2g.live.status().malformed:
                sys.exit("events were lost")
        finally:
            o2g.close()
    return [
        Figure("events taken, in bursts of 5,000", EVENTS / seconds, RATE, "a second"),
        Figure("of a core, at 1,000 events a second", used / EVENTS * 1000 * 100, SHARE, "%", at_most=True),
    ]


def memory() -> list[Figure]:
    """Keep everything of many users, who are in no call, and see how the process has grown."""
    live = LiveState(mode=LiveMode.CHANNEL)
    live.feed.opened(tuple(Package), missed=False)
    session = cast("Session", _Canned())
    users, counters, routing = Users(session, 600, live=live), EventSummaries(session, live), Routing(session, live)
    calls, agents = CallsInProgress(session, live), Agents(session, live=live)
    soon = Deadline.after(600)

    def see(number: int) -> None:
        live.feed.heard()
        user = users.by_number(str(number), soon)
        users.language(user.login, soon)
        counters.of(user.login, soon)
        routing.overview(user.login, soon)
        calls.state(user.login, soon)
        if number % 20 == 0:  # one user in twenty is an agent
            agents.state(user.login, soon)

    for number in range(1000):
        see(number)
    before = _resident()
    for number in range(100_000, 100_000 + USERS):
        see(number)
    each = (_resident() - before) / USERS
    return [
        Figure("memory for a user of whom all is kept", each, BYTES_EACH, "bytes", at_most=True),
        Figure("so for 100,000 users", each * 100_000 / 1e6, BYTES_EACH / 10, "MB", at_most=True),
    ]


class _Canned:
    """Answers every read as an O2G would, so that memory is measured without one."""

    def call(self, call: Call, deadline: Deadline, only_in: int | None = None, lane: int = 0) -> Answer:  # noqa: ARG002
        login = call.query.get("loginName") or call.path.get("loginName") or f"oxe{call.query.get('companyPhone')}"
        return Answer(200, httpx.Headers(), json.dumps(_answer(call.operation, login)).encode(), 1)


def _answer(operation: str, login: str) -> object:
    number = login.removeprefix("oxe")
    match operation:
        case "GET /users":
            return {
                "loginName": login,
                "companyPhone": number,
                "firstName": f"First{number}",
                "lastName": f"Last{number}",
                "nodeId": "1",
                "devices": [
                    {"type": "DESKPHONE", "id": number, "subType": "NOE_C_Color_IP"},
                    {"type": "DECT", "id": f"8{number}", "subType": "GAP_PLUS"},
                ],
                "voicemail": {"number": "70900", "type": "VM_4645"},
            }
        case "GET /users/{loginName}/preferences":
            return {"guiLanguage": "en-gb"}
        case "GET /eventSummary":
            return {"missedCallsNb": 1, "voiceMessagesNb": 2, "callBackRequestsNb": 0, "eventWaiting": True}
        case "GET /routing/state":
            destinations = [{"type": "NUMBER", "number": f"7{number}"}]
            return {
                "presentationRoutes": [{"destinations": [{"type": "MOBILE", "selected": False}]}],
                "forwardRoutes": [{"forwardType": "BUSY", "destinations": destinations}],
                "overflowRoutes": [],
                "dndState": {"activate": False},
            }
        case "GET /routing":
            return {"presentationRoute": True, "forwardRoute": True, "overflowRoute": True, "dnd": True}
        case "GET /telephony/state":
            able = {"makeCall": True, "makeBusinessCall": True, "makePrivateCall": True, "unParkCall": False}
            sets = [{"deviceId": number, **able}, {"deviceId": f"8{number}", **able}]
            return {"calls": [], "deviceCapabilities": sets, "userState": "FREE"}
        case "GET /acd/agent/state":
            return {"mainState": "LOG_ON", "subState": "READY", "proAcdDeviceNumber": number, "pgNumber": "61001"}
        case _:
            raise ValueError(operation)


def _until_taken(o2g: O2G, events: int) -> None:
    _until(lambda: o2g.live.status().events.get("OnEventSummaryUpdated", 0) >= events)


def _resident() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            sys.exit("events did not come")
        time.sleep(0.01)


def _figures(only: str) -> Iterator[Figure]:
    if only in ("", "rate"):
        yield from rate()
    if only in ("", "memory"):
        yield from memory()


def main() -> None:
    """Print the figures; end with 1 where one does not keep its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("rate", "memory"), default="")
    held = True
    for figure in _figures(parser.parse_args().only):
        print(figure, flush=True)
        held = held and figure.holds
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
