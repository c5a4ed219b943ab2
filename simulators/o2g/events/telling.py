"""Joins the world to the subscribers: what changes in calls, logs, counters and the call centre is told."""

from simulators.o2g.events.agents import tell_call_centre
from simulators.o2g.events.changes import Announcer, Publish
from simulators.o2g.events.counters import summary_event
from simulators.o2g.events.records import record_event
from simulators.o2g.world.world import World


def tell(world: World, publish: Publish) -> None:
    """Publish an event for whatever changes in a world from now on."""
    world.calls.listeners.append(Announcer(world.calls, publish))
    world.log.listener = lambda change: publish(record_event(change))
    world.on_counters = lambda person, counters: publish(summary_event(person, counters))
    tell_call_centre(world, publish)
