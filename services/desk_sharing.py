"""Desk sharing: a user without a set of one's own logs on to a shared one."""

from collections.abc import Callable

from pydantic import Field

from services.border import Writing
from services.calls import Call
from services.deadline import Deadline
from services.numbers import dialable
from services.session import Session


class LogOn(Writing):
    """Which shared set to take."""

    dss_device_number: str = Field(min_length=1)


class DeskSharing:
    """Users on shared sets.

    Logging on or off changes which sets are the user's, so what is remembered of the user is forgotten. The PBX needs
    the prefix "Desk Sharing Over Logon".

    Every operation raises `NotAllowed` without right or licence (L46), `O2GError` where O2G fails.
    """

    def __init__(self, session: Session, forget: Callable[[str], None]) -> None:
        """Ask through `session`; `forget` drops what is remembered of a user's login."""
        self._session = session
        self._forget = forget

    def log_on(self, login: str, set_number: str, deadline: Deadline) -> None:
        """Log a user on to a shared set (POST /telephony/deskSharing).

        Raises:
            BadParameter: this is no number; O2G was not asked.
        """
        request = LogOn(dss_device_number=dialable(set_number))
        self._do(Call("POST /telephony/deskSharing", query={"loginName": login}, body=request), login, deadline)

    def log_off(self, login: str, deadline: Deadline) -> None:
        """Log a user off from the shared set (DELETE /telephony/deskSharing)."""
        self._do(Call("DELETE /telephony/deskSharing", query={"loginName": login}), login, deadline)

    def _do(self, call: Call, login: str, deadline: Deadline) -> None:
        try:
            self._session.call(call, deadline)
        finally:
            self._forget(login)  # also without an answer: it may be done
