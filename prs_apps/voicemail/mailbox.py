"""A mailbox as a visit finds it: open, or opened again where O2G lost it meanwhile."""

from collections.abc import Callable
from typing import TypeVar

from prs_apps.application import Visit
from prs_apps.voicemail.open_boxes import OpenBox
from services.errors import NotExpected, SessionLost
from services.voicemail import MailboxInfo, OpenMailbox, VoiceMessage

T = TypeVar("T")


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
        """Do something in the mailbox; where O2G says that it is not open, which did nothing, once more.

        Raises:
            WrongPassword: the password was changed meanwhile.
            O2GError: O2G failed.
        """
        visit, box = self._visit, self.box
        opened = self._voicemail.opened(visit.user.login, box.box, box.password, visit.deadline)
        try:
            return use(opened)
        except (NotExpected, SessionLost):
            return use(self._voicemail.open(visit.user.login, box.box, box.password, visit.deadline))
