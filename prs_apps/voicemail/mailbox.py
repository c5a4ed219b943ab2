"""A mailbox as a visit finds it: open, or opened again where O2G lost it meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from prs_apps.application import Visit
from prs_apps.voicemail.open_boxes import OpenBox
from services.errors import NotExpected, SessionLost
from services.voicemail import MailboxInfo, OpenMailbox, VoiceMessage

T = TypeVar("T")
LATELY_SECONDS, LATELY_MOST = 10, 3  # a mailbox that O2G closes again and again is a failure, not one to open forever


class OpenedAgain(Exception):
    """A mailbox had to be opened again, which took the requests of this screen: the next one goes on."""


class VisitedMailbox:
    """What one visit does in a mailbox whose password is known."""

    def __init__(self, visit: Visit, box: OpenBox) -> None:
        """Args: the visit; what its user opened."""
        self.box = box
        self._visit = visit
        self._voicemail = visit.house.o2g.voicemail

    def look(self, offset: int, limit: int) -> tuple[MailboxInfo, tuple[VoiceMessage, ...]]:
        """Tell what is in the mailbox now, and some of its messages.

        Raises:
            WrongPassword: the password was changed meanwhile.
            O2GError: O2G failed.
        """
        visit, box = self._visit, self.box
        opened, messages = self._voicemail.look(visit.user.login, box.box, box.password, offset, limit, visit.deadline)
        return opened.info, messages

    def do(self, use: Callable[[OpenMailbox], T]) -> T:
        """Do something in the mailbox, for a screen.

        Raises:
            OpenedAgain: O2G said that it is not open, and did nothing; it is open now.
            WrongPassword: the password was changed meanwhile.
            O2GError: O2G failed, or closes what was opened a moment ago.
        """
        opened = self._opened()
        try:
            return use(opened)
        except (NotExpected, SessionLost):
            lately = f"voicemail-again:{self._visit.user.login}:{self.box.box}"
            times = self._visit.house.shared.count(lately, LATELY_SECONDS)
            if times > LATELY_MOST or opened.was_opened_for(self._visit.deadline):
                raise
            self._open()
            raise OpenedAgain from None

    def fetch(self, use: Callable[[OpenMailbox], T]) -> T:
        """Do the same for a file, which nobody waits for as for a screen: opened again, it goes on at once.

        Raises: what `do` raises, without OpenedAgain.
        """
        try:
            return use(self._opened())
        except (NotExpected, SessionLost):
            return use(self._open())

    def _opened(self) -> OpenMailbox:
        return self._voicemail.opened(self._visit.user.login, self.box.box, self.box.password, self._visit.deadline)

    def _open(self) -> OpenMailbox:
        return self._voicemail.open(self._visit.user.login, self.box.box, self.box.password, self._visit.deadline)
