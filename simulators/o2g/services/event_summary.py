"""Event summary: what waits for a user."""

from simulators.o2g.events import summary
from simulators.o2g.wire.answers import Answer, json_answer
from simulators.o2g.wire.operations import operation
from simulators.o2g.wire.request import Request


@operation("GET", "/eventSummary")
def show(request: Request) -> Answer:
    """Show a user's counters; what is unknown is left out."""
    return json_answer(summary(request.o2g.world.counters(request.subject())))
