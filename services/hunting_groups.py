"""Hunting groups: which there are, which one a user is a member of, and whether the user takes its calls."""

from dataclasses import dataclass

from services.border import MaybeFlag, MaybeText, MaybeTexts, Reading, read
from services.calls import Call
from services.deadline import Deadline
from services.session import Session


@dataclass(frozen=True, slots=True)
class HuntingGroups:
    """Numbers of the groups of the user's node, and of the one that the user is a member of; None: of none."""

    numbers: tuple[str, ...]
    current: str | None


class _Groups(Reading):
    hg_list: MaybeTexts = None
    current_hg: MaybeText = None


class _Status(Reading):
    logon: MaybeFlag = None  # A47


class Hunting:
    """Users in hunting groups.

    Every operation raises `NotAllowed` without right or licence (L46), `O2GError` where O2G fails.
    """

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def groups(self, login: str, deadline: Deadline) -> HuntingGroups:
        """Tell the groups, and the user's (GET /telephony/huntingGroups)."""
        body = self._session.call(Call("GET /telephony/huntingGroups", query={"loginName": login}), deadline).body
        found = read(_Groups, body, "a list of hunting groups") if body.strip() else _Groups()
        return HuntingGroups(found.hg_list or (), found.current_hg or None)

    def logged_on(self, login: str, deadline: Deadline) -> bool | None:
        """Tell whether the user takes the group's calls (GET /telephony/huntingGroupLogOn); None: O2G does not say.

        O2G may refuse this for a user who is in no group (L68).
        """
        body = self._session.call(Call("GET /telephony/huntingGroupLogOn", query={"loginName": login}), deadline).body
        return read(_Status, body, "the status in a hunting group").logon if body.strip() else None

    def log_on(self, login: str, deadline: Deadline) -> None:
        """Take the group's calls from now on; the user must be in one (POST /telephony/huntingGroupLogOn, L68)."""
        self._session.call(Call("POST /telephony/huntingGroupLogOn", query={"loginName": login}), deadline)

    def log_off(self, login: str, deadline: Deadline) -> None:
        """Take the group's calls no more, but stay in it (DELETE /telephony/huntingGroupLogOn)."""
        self._session.call(Call("DELETE /telephony/huntingGroupLogOn", query={"loginName": login}), deadline)

    def join(self, login: str, number: str, deadline: Deadline) -> None:
        """Make the user a member; being one already is no error (POST /telephony/huntingGroupMember/{hgNumber}).

        Raises:
            NotFound: there is no such group.
        """
        self._member("POST", login, number, deadline)

    def leave(self, login: str, number: str, deadline: Deadline) -> None:
        """End the membership; being none is no error (DELETE /telephony/huntingGroupMember/{hgNumber}).

        Raises:
            NotFound: there is no such group.
        """
        self._member("DELETE", login, number, deadline)

    def _member(self, method: str, login: str, number: str, deadline: Deadline) -> None:
        call = Call(
            f"{method} /telephony/huntingGroupMember/{{hgNumber}}",
            path={"hgNumber": number},
            query={"loginName": login},
        )
        self._session.call(call, deadline)
