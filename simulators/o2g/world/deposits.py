"""Voice messages that callers leave: a call that went on to somebody's voice mail leaves one when it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulators.o2g.world.mailboxes import LONGEST, Mailboxes
from simulators.o2g.world.people import Person
from simulators.o2g.world.telephones import Change, PartyKind, Side

SHORTEST = 2  # seconds of speaking that make a message


@dataclass(frozen=True, slots=True)
class _Speaking:
    owner: Person
    caller: str
    began: datetime


class Deposits:
    """Hears of calls. Who calls a voice mail without having been sent there leaves none."""

    def __init__(self, mailboxes: Mailboxes, today: Callable[[], datetime], left: Callable[[Person], None]) -> None:
        """Take the mailboxes, the calendar, and what is to hear for whom a message was left."""
        self._mailboxes = mailboxes
        self._today = today
        self._left = left
        self._speaking: dict[str, _Speaking] = {}

    def hear(self, change: Change) -> None:
        """Notice who begins and who ends speaking to a voice mail."""
        call = change.call
        mailbox = next((side for side in call.sides if side.party.kind is PartyKind.VOICEMAIL), None)
        owner = call.last_redirecting.person if call.last_redirecting is not None else None
        if mailbox is not None and mailbox.talked is not None and owner is not None:
            caller = next(iter(call.others(mailbox)), None)
            self._speaking.setdefault(call.reference, _Speaking(owner, _number(caller), mailbox.talked))
        elif mailbox is None:
            self._end(call.reference)

    def _end(self, reference: str) -> None:
        spoke = self._speaking.pop(reference, None)
        if spoke is None:
            return
        seconds = int((self._today() - spoke.began).total_seconds())
        if seconds >= SHORTEST and self._mailboxes.deposit(spoke.owner, spoke.caller, min(seconds, LONGEST)):
            self._left(spoke.owner)


def _number(side: Side | None) -> str:
    return "" if side is None else side.party.number
