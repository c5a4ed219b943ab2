"""Mailboxes that the simulated O2G has none of: several, unreadable or silent ones, a password not asked for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

import pytest

from prs.language import languages
from prs.links import Link
from prs.models import phone_models
from prs.request import Fields
from prs.screens import Form, List, Screen, Sound, Text
from prs_apps.application import House, Visit, utc_now
from prs_apps.voicemail import VoicemailBoxes, VoicemailRules
from services.deadline import Deadline
from services.errors import NotAllowed, NotExpected, WrongCredentials, WrongPassword
from services.o2g import O2G
from services.users import Device, DeviceKind, User, VoicemailBox, VoicemailKind
from services.voicemail import Mailbox, MailboxInfo, OpenMailbox, VoiceMessage
from store.sealed import Sealed
from store.shared import InProcess

BOX = Mailbox("own", "Own", lists_messages=True, gives_messages=True)
TEAM = Mailbox("team", "Team", lists_messages=None, gives_messages=None)
SILENT = Mailbox("silent", "Silent", lists_messages=True, gives_messages=False)
UNREADABLE = Mailbox("unreadable", "Unreadable", lists_messages=False, gives_messages=False)
NOTHING_SAID = MailboxInfo(None, None, None)
MESSAGE = VoiceMessage("1", None, None, None, None, None)


@dataclass
class PaperVoicemail:
    """Mailboxes as a test writes them; each opens with the password given here, None being the user's own."""

    boxes: tuple[Mailbox, ...] = (BOX,)
    password: str | None = "1234"
    refusal: Exception | None = None
    refuses_after: int = 100
    messages_there: tuple[VoiceMessage, ...] = (MESSAGE,)
    opened_with: list[tuple[str, str | None]] = field(default_factory=list)
    info: MailboxInfo = NOTHING_SAID
    closed: bool = False

    @property
    def voicemail(self) -> "PaperVoicemail":
        return self

    def mailboxes(self, login: str, deadline: Deadline) -> tuple[Mailbox, ...]:
        if self.refusal:
            raise self.refusal
        return self.boxes

    def open(self, login: str, mailbox: str, password: str | None, deadline: Deadline) -> OpenMailbox:
        self.opened_with.append((mailbox, password))
        if password != self.password or len(self.opened_with) > self.refuses_after:
            raise WrongPassword
        return cast("OpenMailbox", self)

    opened = open

    def was_opened_for(self, deadline: Deadline) -> bool:
        return False

    def look(
        self, login: str, mailbox: str, password: str | None, offset: int, limit: int, deadline: Deadline
    ) -> tuple[OpenMailbox, tuple[VoiceMessage, ...]]:
        return self.open(login, mailbox, password, deadline), self.messages(offset, limit, deadline)

    def messages(self, offset: int, limit: int, deadline: Deadline) -> tuple[VoiceMessage, ...]:
        if self.closed:
            raise NotExpected
        return self.messages_there[offset : offset + limit]


@dataclass
class Desk:
    """A user at a set, and the application without a wire."""

    paper: PaperVoicemail
    asks: bool = True
    now: Callable[[], datetime] = utc_now

    def __post_init__(self) -> None:
        shared = InProcess()
        self.house = House(cast("O2G", self.paper), shared, UTC, self.now)
        rules = VoicemailRules(asks=self.asks, open_seconds=300, tries=3, lock_seconds=900)
        self.application = VoicemailBoxes(self.house, Sealed(shared, ["k" * 32]), rules)
        self.station_type = "NOE_C_IP"

    def go(self, link: Link | None = None, **fields: str) -> Screen:
        """Follow a link, and the link that it leads to."""
        device = Device("70000", DeviceKind.DESKPHONE, None, None)
        user = User("a", "70000", "", "", None, (device,), VoicemailBox("60001", VoicemailKind.VM_4645))
        visit = Visit(
            user,
            device,
            phone_models().of(self.station_type),
            languages().default,
            Deadline.after(5),
            self.house,
            fields=Fields(tuple(fields.items())),
        )
        answer = self.application.show(link.screen if link else "home", visit, link.arguments if link else ())
        if isinstance(answer, Link):
            answer = self.application.show(answer.screen, visit, answer.arguments)
        assert isinstance(answer, Screen)
        return answer


def items(screen: Screen) -> List:
    return next(box for box in screen.body if isinstance(box, List))


def form(screen: Screen) -> Form:
    return next(box for box in screen.body if isinstance(box, Form))


def texts(screen: Screen) -> str:
    return " ".join(box.text for box in screen.body if isinstance(box, Text))


def test_one_mailbox_is_gone_into_at_once() -> None:
    desk = Desk(PaperVoicemail())
    shown = desk.go(form(desk.go()).link, password="1234")
    assert items(shown).items[0].label == "Unknown caller"
    assert desk.paper.opened_with[0] == ("own", "1234")


@pytest.mark.parametrize(("seconds", "told"), [(0, "12:15"), (1, "12:16"), (59, "12:16")])
def test_a_locked_mailbox_can_be_opened_at_the_minute_that_is_told(seconds: int, told: str) -> None:
    desk = Desk(PaperVoicemail(), now=lambda: datetime(2026, 11, 21, 12, 0, seconds, tzinfo=UTC))
    for wrong in ("1", "2", "3"):
        shown = desk.go(form(desk.go()).link, password=wrong)
    assert shown.status == 429
    assert texts(shown) == f"Too many wrong passwords. The mailbox is locked until {told}\u202fPM."


def test_of_several_mailboxes_the_user_chooses_one() -> None:
    desk = Desk(PaperVoicemail(boxes=(BOX, TEAM, UNREADABLE)))
    chosen = items(desk.go()).items
    assert [item.label for item in chosen] == ["Own", "Team"]
    shown = desk.go(form(desk.go(chosen[1].link)).link, password="1234")
    assert items(shown).items
    assert desk.paper.opened_with[0] == ("team", "1234")


@pytest.mark.parametrize("boxes", [(), (UNREADABLE,), (Mailbox("x" * 129, "", None, None),)])
def test_no_mailbox_that_can_be_read(boxes: tuple[Mailbox, ...]) -> None:
    shown = Desk(PaperVoicemail(boxes=boxes)).go()
    assert texts(shown) == "Your messages are not shown here. Listen calls the voicemail."
    assert [key.label for key in shown.keys] == ["Listen"]


@pytest.mark.parametrize(("box", "plays"), [(BOX, True), (TEAM, True), (SILENT, False)])
def test_an_O2G_that_gives_no_sound(box: Mailbox, plays: bool) -> None:
    desk = Desk(PaperVoicemail(boxes=(box,)))
    listed = desk.go(form(desk.go()).link, password="1234")
    shown = desk.go(items(listed).items[0].link)
    assert any(isinstance(widget, Sound) for widget in shown.body) is plays
    assert "Hear it with Listen." in texts(shown)


def test_the_users_own_password_is_not_asked_for() -> None:
    desk = Desk(PaperVoicemail(password=None), asks=False)
    opening = desk.go()
    assert (texts(opening), desk.paper.opened_with) == ("Opening…", [])
    assert opening.refresh is not None
    assert items(desk.go(opening.refresh.link)).items
    assert desk.paper.opened_with[0] == ("own", None)


def test_a_mailbox_that_closes_the_moment_it_was_opened_asks_again() -> None:
    desk = Desk(PaperVoicemail(refuses_after=1))
    again = desk.go(form(desk.go()).link, password="1234")
    assert texts(again) == "The password is no longer right."
    assert form(again).fields


def test_a_mailbox_that_O2G_closes_again_and_again_is_an_error_and_no_endless_opening() -> None:
    desk = Desk(PaperVoicemail())
    shown = desk.go(form(desk.go()).link, password="1234")
    desk.paper.closed = True
    link = items(shown).items[0].link
    for _ in range(3):
        again = desk.go(link)
        assert (texts(again), again.refresh is not None) == ("Opening…", True)
    with pytest.raises(NotExpected):
        desk.go(link)
    desk.paper.closed = False
    assert [key.label for key in desk.go(link).keys] == ["Listen", "Delete"]


def test_where_user_and_mailbox_have_different_passwords_it_is_asked_for() -> None:
    desk = Desk(PaperVoicemail(password="1234"), asks=False)
    opening = desk.go().refresh
    assert opening is not None
    asked = desk.go(opening.link)
    assert texts(asked) == ""  # nobody typed anything wrong
    assert items(desk.go(form(asked).link, password="1234")).items


def test_a_missing_licence_and_a_server_that_cannot_log_in_are_told_apart() -> None:
    shown = Desk(PaperVoicemail(refusal=NotAllowed())).go()
    assert shown.status == 403
    assert "not set up for you" in texts(shown)
    with pytest.raises(WrongCredentials):
        Desk(PaperVoicemail(refusal=WrongCredentials())).go()


def test_what_O2G_does_not_say_is_not_made_up() -> None:
    desk = Desk(PaperVoicemail())
    listed = desk.go(form(desk.go()).link, password="1234")
    assert (listed.note, texts(listed), listed.later) == ("", "", None)
    assert items(listed).items[0].detail == ""
    shown = desk.go(items(listed).items[0].link)
    assert [key.label for key in shown.keys] == ["Listen", "Delete"]  # nobody to call back


def test_a_message_whose_name_O2G_could_not_take_back_leads_nowhere() -> None:
    odd = VoiceMessage("1,2", None, None, 5, new=True, urgent=False)
    desk = Desk(PaperVoicemail(messages_there=(odd, MESSAGE)))
    listed = items(desk.go(form(desk.go()).link, password="1234")).items
    assert [item.link is None for item in listed] == [True, False]


def test_a_set_of_one_line_says_first_what_was_wrong() -> None:
    desk = Desk(PaperVoicemail())
    desk.station_type = "NOE_A_IP"
    asked = desk.go()
    assert form(asked).fields[0].focus  # type: ignore[union-attr]
    again = desk.go(form(asked).link, password="9")
    assert "Wrong password. 2 tries left." in texts(again)
    assert not form(again).fields[0].focus  # type: ignore[union-attr]
