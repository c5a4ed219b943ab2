"""The menu: what is for whom is found out side by side, and nothing that goes wrong there closes it."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import ClassVar, cast

import pytest

from prs.language import languages
from prs.links import Link
from prs.models import phone_models
from prs.screens import List, Screen, Text, Widget
from prs_apps.application import Application, House, Manifest, Visit, screen
from prs_apps.menu import Menu
from services.deadline import Deadline
from services.errors import (
    NoLicence,
    NotAllowed,
    O2GBusy,
    O2GError,
    O2GNotReady,
    O2GTimeout,
    O2GUnreachable,
    SessionLost,
)
from services.event_summary import EventSummary
from services.live.known import Known
from services.nodes import NodeLinks
from services.o2g import O2G
from services.users import Device, DeviceKind, User
from store.shared import InProcess
from tests.prs_apps.offering import NO_ORDERS, Offering


class CountersOnPaper:
    """Counters that come as soon as everybody who shall be there is."""

    def __init__(self, together: threading.Barrier | None = None) -> None:
        self._together = together

    @property
    def event_summary(self) -> "CountersOnPaper":
        return self

    @property
    def nodes(self) -> NodeLinks:
        return NodeLinks()

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        if self._together is not None:
            self._together.wait(10)
        return Known(EventSummary(3, None, 0, None, None, None, None), datetime.now(UTC), live=True)


class ForAll(Application):
    manifest: ClassVar = Manifest("for_all", "For all", order=10, waiting=lambda summary: summary.missed_calls)

    @screen
    def home(self, visit: Visit) -> Screen:
        return Screen("For all")


class ForSome(ForAll):
    manifest: ClassVar = Manifest("for_some", "For some", order=20)
    answer: bool | O2GError = True
    together: threading.Barrier | None = None

    def offered(self, visit: Visit) -> bool:
        if self.together is not None:
            self.together.wait(10)
        if isinstance(self.answer, O2GError):
            raise self.answer
        return self.answer


class ForSomeOthers(ForSome):
    manifest: ClassVar = Manifest("for_some_others", "For some others", order=30)


class Unlisted(ForAll):
    manifest: ClassVar = Manifest("unlisted", "Unlisted", listed=False)


class NoLicenceOnPaper(CountersOnPaper):
    """O2G has no licence for whoever asks for counters."""

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        raise NoLicence


class NoAnswerOnPaper(CountersOnPaper):
    """O2G gives no counters."""

    def __init__(self, error: O2GError) -> None:
        super().__init__()
        self._error = error

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        raise self._error


class OldCountersOnPaper(CountersOnPaper):
    """What O2G said last, while it does not answer."""

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        return replace(super().known(login, deadline), live=False)


def body(o2g: CountersOnPaper, *kinds: type[Application]) -> tuple[Widget, ...]:
    return menu(o2g, *kinds).body


def menu(o2g: CountersOnPaper, *kinds: type[Application]) -> Screen:
    house = House(cast("O2G", o2g), InProcess(), UTC)
    device = Device("70000", DeviceKind.DESKPHONE, "NOE_C_IP", None)
    visit = Visit(
        User("oxe70000", "70000", "Anna", "Müller", "1", (device,), None),
        device,
        phone_models().of("NOE_C_IP"),
        languages().of("en"),
        Deadline.after(10),
        house,
    )
    return Menu(house, Offering([kind(house) for kind in kinds]), NO_ORDERS).home(visit)


def labels(o2g: CountersOnPaper, *kinds: type[Application]) -> list[str]:
    (found,) = body(o2g, *kinds)
    assert isinstance(found, List)
    return [item.label for item in found.items]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (True, ["For all", "For some"]),
        (False, ["For all"]),
        (NotAllowed(), ["For all"]),
        (O2GTimeout(), ["For all"]),
    ],
)
def test_what_is_not_for_a_user_or_not_known_to_be_is_not_offered(
    monkeypatch: pytest.MonkeyPatch, answer: bool | O2GError, shown: list[str]
) -> None:
    monkeypatch.setattr(ForSome, "answer", answer)
    assert labels(CountersOnPaper(), ForSome, ForAll) == shown


def test_a_user_for_whom_O2G_has_no_licence_is_told_so_and_may_open_what_there_is() -> None:
    said, found = body(NoLicenceOnPaper(), ForAll)
    assert isinstance(said, Text)
    assert said.text == "No licence is free for you. Try again later, or tell your administrator."
    assert isinstance(found, List)
    assert [(item.label, item.detail) for item in found.items] == [("For all", "unknown")]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (O2GUnreachable(), "The telephone system cannot be reached. Try again."),
        (O2GTimeout(), "The telephone system takes too long to answer. Try again."),
        (O2GNotReady(), "The telephone system is starting. Try again in a moment."),
        (SessionLost(), "The service has lost its connection. Try again."),
        (O2GBusy(), "The telephone system is very busy. Try again."),
    ],
)
def test_while_O2G_does_not_answer_the_menu_says_so_and_offers_to_ask_again(error: O2GError, words: str) -> None:
    shown = menu(NoAnswerOnPaper(error), ForAll)
    said, found = shown.body
    assert isinstance(said, Text)
    assert said.text == words
    assert isinstance(found, List)
    assert [(item.label, item.detail) for item in found.items] == [("For all", "unknown")]
    assert [(key.label, key.link) for key in shown.keys] == [("Retry", Link("menu", "home"))]


def test_counters_that_are_old_can_be_asked_for_again() -> None:
    shown = menu(OldCountersOnPaper(), ForAll, ForSome)
    assert [key.label for key in shown.keys] == ["Retry", "Arrange"]


def test_counters_that_O2G_refuses_are_unknown_and_nothing_to_be_tried_again() -> None:
    shown = menu(NoAnswerOnPaper(NotAllowed()), ForAll)
    assert [type(part) for part in shown.body] == [List]
    assert shown.keys == ()


def test_an_application_may_stay_out_of_the_menu() -> None:
    assert labels(CountersOnPaper(), ForAll, Unlisted) == ["For all"]


def test_all_is_found_out_at_the_same_time_as_the_counters(monkeypatch: pytest.MonkeyPatch) -> None:
    together = threading.Barrier(3)
    monkeypatch.setattr(ForSome, "together", together)
    assert labels(CountersOnPaper(together), ForAll, ForSome, ForSomeOthers) == [
        "For all",
        "For some",
        "For some others",
    ]
