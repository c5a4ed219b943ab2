"""A user's whole telephony, read or told as an event."""

from simulators.o2g.events import state_of, telephony_state_event
from simulators.o2g.services.telephony.asking import call_control
from simulators.o2g.wire.answers import NO_CONTENT, Answer, json_answer
from simulators.o2g.wire.request import Request


@call_control("GET", "/telephony/state")
def state(request: Request) -> Answer:
    """Show a user's calls, what the sets can do, and whether the user is free."""
    return json_answer(state_of(request.o2g.world.calls, request.subject()))


@call_control("POST", "/telephony/state/snapshot")
def snapshot(request: Request) -> Answer:
    """Have the state told as an event; an administrator who names nobody asks it for all (A53)."""
    o2g = request.o2g
    everybody = request.session.identity.admin and not request.query.get("loginName")
    people = o2g.world.people if everybody else [request.subject()]
    key = ("telephony", request.session.cookie, None if everybody else people[0].login)
    o2g.snapshots.begin(key, people, lambda one: o2g.subscriptions.publish(telephony_state_event(o2g.world.calls, one)))
    return NO_CONTENT
