"""One kind of state, read once and kept true by events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import TypeAdapter

from services.errors import NotFound, O2GUnreachable
from services.live.feed import Feed
from services.live.packages import Package
from services.live.shelf import HOLD_SECONDS, OLD_SECONDS, UNKNOWN, Shelf, Unknown

COUNT = TypeAdapter(int)


def set_to(_: int | None, event: Mapping[str, object]) -> int | Unknown:
    return COUNT.validate_python(event.get("to"), strict=True)


def add(old: int | None, event: Mapping[str, object]) -> int | Unknown:
    return UNKNOWN if old is None else old + COUNT.validate_python(event.get("more"))


@dataclass
class Desk:
    """A shelf of counters, an O2G that holds them, and a clock that is moved by hand."""

    now: float = 1000.0
    at_o2g: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    fails: bool = False
    from_the_o2g_in_use: bool = True
    meanwhile: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self.feed = Feed(silence=90, clock=lambda: self.now)
        self.shelf: Shelf[int] = Shelf(self.feed, Package.EVENT_SUMMARY, {"OnSet": set_to, "OnMore": add}, users=3)

    def open(self, *, missed: bool = True) -> None:
        self.feed.opened(tuple(Package), missed=missed, holds=lambda: self.from_the_o2g_in_use)

    def of(self, login: str) -> int:
        return self.shelf.get(login, lambda: self.read(login))

    def read(self, login: str) -> int:
        self.asked.append(login)
        if self.fails:
            raise O2GUnreachable
        value = self.at_o2g.get(login, 0)
        self.meanwhile()
        return value

    def hear(self, login: str, name: str = "OnSet", **fields: object) -> bool:
        self.feed.heard()
        return self.shelf.take(name, login, fields)


@pytest.fixture
def desk() -> Desk:
    desk = Desk(at_o2g={"anna": 1, "bob": 2})
    desk.open()
    return desk


def test_the_first_sight_of_a_user_loads_what_events_keep_true(desk: Desk) -> None:
    assert [desk.of("anna"), desk.of("anna")] == [1, 1]
    assert desk.hear("anna", to=5)
    assert desk.of("anna") == 5
    assert desk.asked == ["anna"]


def test_without_events_each_read_asks() -> None:
    desk = Desk(at_o2g={"anna": 1})
    assert [desk.of("anna"), desk.of("anna")] == [1, 1]
    assert desk.asked == ["anna", "anna"]


def test_an_event_before_the_snapshot_is_not_lost(desk: Desk) -> None:
    def happens() -> None:
        desk.hear("anna", to=7)
        desk.hear("anna", "OnMore", more=1)

    desk.meanwhile = happens
    assert desk.of("anna") == 1
    desk.meanwhile = lambda: None
    assert desk.of("anna") == 8
    assert desk.asked == ["anna"]


def test_the_same_event_twice_changes_nothing(desk: Desk) -> None:
    desk.of("anna")
    for _ in range(2):
        desk.hear("anna", to=5)
    assert desk.of("anna") == 5


def test_an_event_for_a_user_never_seen_keeps_nothing(desk: Desk) -> None:
    desk.hear("carol", to=9)
    assert len(desk.shelf) == 0


def test_an_event_that_cannot_be_read_leaves_nothing_that_it_changed(desk: Desk) -> None:
    desk.of("anna")
    assert not desk.hear("anna", to="several")
    desk.at_o2g["anna"] = 4
    assert desk.of("anna") == 4


def test_what_was_read_before_a_gap_is_not_used_after_it(desk: Desk) -> None:
    desk.of("anna")
    desk.of("bob")
    desk.feed.closed(missed=True)
    desk.at_o2g["anna"] = 3
    assert desk.of("anna") == 3
    desk.open()
    desk.at_o2g |= {"anna": 4, "bob": 5}
    assert (desk.of("anna"), desk.of("bob")) == (4, 5)
    assert (desk.of("anna"), desk.of("bob")) == (4, 5)
    assert desk.asked == ["anna", "bob", "anna", "anna", "bob"]


def test_an_event_after_a_gap_is_not_added_to_what_was_before_it(desk: Desk) -> None:
    desk.of("anna")
    desk.open()
    desk.hear("anna", "OnMore", more=1)
    desk.at_o2g["anna"] = 6
    assert desk.of("anna") == 6


def test_a_channel_that_was_closed_in_order_has_no_gap(desk: Desk) -> None:
    desk.of("anna")
    desk.feed.closed(missed=False)
    desk.open(missed=False)
    assert desk.of("anna") == 1
    assert desk.asked == ["anna"]


def test_a_read_during_which_a_gap_came_is_not_kept(desk: Desk) -> None:
    desk.meanwhile = desk.open
    desk.of("anna")
    desk.meanwhile = lambda: None
    desk.of("anna")
    assert desk.asked == ["anna", "anna"]


def test_silence_longer_than_a_keep_alive_takes_is_not_believed(desk: Desk) -> None:
    desk.of("anna")
    desk.now += 90
    desk.of("anna")
    assert desk.asked == ["anna"]
    desk.now += 1
    desk.of("anna")
    assert desk.asked == ["anna", "anna"]
    assert not desk.feed.status().connected


def test_events_of_another_o2g_or_session_than_the_one_in_use_are_not_believed(desk: Desk) -> None:
    desk.of("anna")
    desk.from_the_o2g_in_use = False
    desk.at_o2g["anna"] = 5
    assert desk.hear("anna", to=6)
    assert [desk.of("anna"), desk.of("anna")] == [5, 5]
    assert not desk.feed.status().connected
    assert desk.asked == ["anna"] * 3


def test_after_a_write_nothing_older_is_shown(desk: Desk) -> None:
    desk.of("anna")
    desk.at_o2g["anna"] = 2
    desk.shelf.wrote("anna")
    assert desk.of("anna") == 2
    desk.hear("anna", to=1)  # what somebody did just before it, and was told only now
    assert desk.of("anna") == 2
    desk.hear("anna", to=2)  # what the write did
    desk.now += HOLD_SECONDS
    assert desk.of("anna") == 2
    assert desk.asked == ["anna"] * 3


def test_a_read_that_a_write_overtook_is_not_kept(desk: Desk) -> None:
    desk.meanwhile = lambda: desk.shelf.wrote("anna")
    desk.of("anna")
    desk.meanwhile = lambda: None
    desk.now += HOLD_SECONDS
    desk.at_o2g["anna"] = 9
    assert desk.of("anna") == 9


def test_a_failure_is_not_kept(desk: Desk) -> None:
    def fail() -> int:
        raise NotFound

    for _ in range(2):
        with pytest.raises(NotFound):
            desk.shelf.get("anna", fail)
    assert desk.of("anna") == 1


def test_users_not_wanted_for_longest_go_first(desk: Desk) -> None:
    for login in ("anna", "bob", "carol", "anna", "dora"):
        desk.of(login)
    desk.asked.clear()
    for login in ("anna", "carol", "dora", "bob"):
        desk.of(login)
    assert desk.asked == ["bob"]
    assert len(desk.shelf) == 3


def test_what_o2g_does_not_hear_itself_is_not_live(desk: Desk) -> None:
    desk.feed.nodes_from({"anna": "1", "bob": "2"}.get)
    desk.of("anna")
    desk.of("bob")
    desk.feed.node_down("1")
    desk.of("anna")
    desk.of("bob")
    assert desk.asked == ["anna", "bob", "anna"]
    desk.feed.node_up("1")
    desk.at_o2g["anna"] = 8
    assert desk.of("anna") == 8


def test_what_was_known_of_a_user_without_link_is_as_old_as_the_links_end(desk: Desk) -> None:
    desk.feed.nodes_from({"anna": "1", "bob": "2"}.get)
    desk.of("anna")
    desk.of("bob")
    desk.now += 30
    desk.feed.node_down("1")
    desk.now += 570
    desk.feed.heard()  # keep-alives, and events of other nodes
    desk.feed.closed(missed=True)
    desk.fails = True

    def age(login: str) -> float:
        known = desk.shelf.known(login, lambda: desk.read(login))
        assert not known.live
        return known.age(datetime.now(UTC)).total_seconds()

    assert 569 < age("anna") < 580
    assert age("bob") < 10


def test_what_was_known_is_given_with_its_age_while_o2g_is_gone(desk: Desk) -> None:
    known = desk.shelf.known("anna", lambda: desk.read("anna"))
    assert known.live
    desk.now += 30
    desk.feed.heard()  # true until here
    desk.feed.closed(missed=True)
    desk.fails = True
    desk.now += 600
    old = desk.shelf.known("anna", lambda: desk.read("anna"))
    assert (old.value, old.live) == (1, False)
    assert timedelta(seconds=599) < old.age(datetime.now(UTC)) < timedelta(seconds=610)
    with pytest.raises(O2GUnreachable):
        desk.of("anna")
    with pytest.raises(O2GUnreachable):
        desk.shelf.known("bob", lambda: desk.read("bob"))
    desk.now += OLD_SECONDS
    with pytest.raises(O2GUnreachable):
        desk.shelf.known("anna", lambda: desk.read("anna"))


def test_what_a_write_of_ours_changed_is_not_given_as_old(desk: Desk) -> None:
    desk.of("anna")
    desk.shelf.wrote("anna")
    desk.fails = True
    with pytest.raises(O2GUnreachable):
        desk.shelf.known("anna", lambda: desk.read("anna"))


def test_an_age_is_never_negative_when_the_clock_jumps(desk: Desk) -> None:
    known = desk.shelf.known("anna", lambda: desk.read("anna"))
    assert known.age(datetime(2020, 1, 1, tzinfo=UTC)) == timedelta(0)


def test_what_events_do_not_tell_in_full_is_used_for_its_time_only() -> None:
    desk = Desk()
    shelf: Shelf[int] = Shelf(desk.feed, Package.USER, {"OnSet": set_to}, seconds=60)
    desk.open()
    for seconds in (0, 59, 1):
        desk.now += seconds
        desk.feed.heard()
        shelf.get("anna", lambda: desk.read("anna"))
    assert desk.asked == ["anna", "anna"]
