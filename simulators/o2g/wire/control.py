"""The control interface: a test reads what was received, changes the world, and makes the simulator fail.

Plain HTTP on loopback, JSON in and out, on a port of its own; it is no part of O2G.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from pydantic import Field, ValidationError

from simulators.o2g import events
from simulators.o2g.o2g import O2G
from simulators.o2g.wire.control_agents import agent_routes
from simulators.o2g.wire.control_calls import CallDesk
from simulators.o2g.wire.control_desk import Strict, body_of, told
from simulators.o2g.wire.control_faults import fault_routes
from simulators.o2g.wire.control_people import people_routes
from simulators.o2g.world.people import Person
from simulators.o2g.world.world import COUNTERS

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class SecondsWanted(Strict):
    """Time to move forward."""

    seconds: float = Field(ge=0, le=10_000_000)


def control(o2g: O2G) -> web.Application:
    """Make the control interface of a simulated O2G."""
    desk = _Desk(o2g)
    app = web.Application(middlewares=[_said_plainly])
    app.add_routes(
        [
            web.get("/simulator/requests", desk.requests),
            web.delete("/simulator/requests", desk.forget_requests),
            web.get("/simulator/people", desk.people),
            web.get("/simulator/people/{number}", desk.one_person),
            web.get("/simulator/sessions", desk.sessions),
            web.delete("/simulator/sessions", desk.lose_sessions),
            web.get("/simulator/searches", desk.searches),
            web.put("/simulator/users/{number}/eventSummary", desk.counters),
            web.post("/simulator/clock", desk.advance),
            *agent_routes(o2g),
        ]
    )
    app.add_routes(people_routes(o2g))
    app.add_routes(fault_routes(o2g))
    app.add_routes(CallDesk(o2g).routes())
    return app


@web.middleware
async def _said_plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except ValidationError as error:
        return told({"error": error.errors(include_url=False, include_input=False, include_context=False)}, 400)
    except ValueError as error:
        return told({"error": str(error)}, 400)
    except KeyError as error:
        return told({"error": f"no such {error.args[0]}"}, 404)


class _Desk:
    def __init__(self, o2g: O2G) -> None:
        self._o2g = o2g

    async def requests(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        found = [noted.told() for noted in self._o2g.journal.since(since)]
        return told({"received": self._o2g.journal.received, "requests": found})

    async def forget_requests(self, _: web.Request) -> web.Response:
        self._o2g.journal.clear()
        return told({})

    async def people(self, request: web.Request) -> web.Response:
        limit = int(request.query.get("limit", "100"))
        return told({"people": [_person(person) for person in self._o2g.world.people[:limit]]})

    async def one_person(self, request: web.Request) -> web.Response:
        person = self._person(request.match_info["number"])
        return told({**_person(person), "secret": person.secret})

    async def sessions(self, _: web.Request) -> web.Response:
        """List the open sessions, and every credential given, so that a test can look for it where it must not be."""
        now = self._o2g.clock.now()
        found = [{"login": s.identity.login, "timeToLive": s.residual(now)} for s in self._o2g.sessions]
        return told({"sessions": found, "credentials": self._o2g.sessions.credentials()})

    async def lose_sessions(self, request: web.Request) -> web.Response:
        """Forget all sessions, or those of `?login=`."""
        login = request.query.get("login")
        if login is not None:
            return told({"lost": self._o2g.sessions.lose(login)})
        return told({"lost": self._o2g.sessions.lose_all()})

    async def searches(self, _: web.Request) -> web.Response:
        return told({"searches": len(self._o2g.searches)})

    async def counters(self, request: web.Request) -> web.Response:
        person = self._person(request.match_info["number"])
        counters = self._o2g.world.counters(person)
        for name, value in (await body_of(request)).items():
            if name not in COUNTERS or not (value is None or (isinstance(value, int) and value >= 0)):
                return told({"error": f"{name}: one of {', '.join(COUNTERS)}, a number from 0 or null"}, 400)
            counters.numbers[name] = value
        self._o2g.subscriptions.publish(events.summary_event(person, counters))
        return told(events.summary(counters))

    async def advance(self, request: web.Request) -> web.Response:
        self._o2g.clock.advance(SecondsWanted.model_validate(await body_of(request)).seconds)
        return told({})

    def _person(self, number: str) -> Person:
        person = self._o2g.world.by_number.get(number)
        if person is None:
            raise KeyError("directory number")
        return person


def _person(person: Person) -> dict[str, Any]:
    return {
        "number": person.number,
        "loginName": person.login,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "language": person.language,
        "nodeId": person.node,
        "devices": [{"type": d.kind, "id": d.id, "subType": d.station_type} for d in person.devices],
    }
