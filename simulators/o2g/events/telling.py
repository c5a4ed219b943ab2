"""Joins the world to the subscribers: what changes in calls, logs and counters is told."""

from simulators.o2g.events.changes import Announcer, Publish
from simulators.o2g.events.counters import summary_event
from simulators.o2g.events.records import record_event
from simulators.o2g.world.world import World


def tell(world: World, publish: Publish) -> None:
    """Publish an event for whatever changes in a world from now on."""
    world.calls.listeners.append(Announcer(world.calls, publish))
    world.log.listener = lambda change: publish(record_event(change))
    world.on_counters = lambda person, counters: publish(summary_event(person, counters))
