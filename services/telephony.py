"""Making a call from a user's own set."""

from urllib.parse import unquote, urlsplit

from pydantic import Field

from services.border import Writing
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.numbers import dialable
from services.session import Session


class MakeCallRequest(Writing):
    """What starts a regular call; `deviceId` is mandatory (A41)."""

    device_id: str = Field(min_length=1)
    callee: str = Field(min_length=1)
    auto_answer: bool


class Telephony:
    """Making calls."""

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def make_call(
        self, login: str, device: str, callee: str, deadline: Deadline, *, auto_answer: bool = True
    ) -> str | None:
        """Call `callee` from a user's set (POST /telephony/calls).

        Not `basicCall`, although that needs no licence: in an administrator's session it rings any set, whoever it
        belongs to (L113), and takes no login name to check it against. The user holds the licence for this one anyway,
        from the directory search before it (L41, L46).

        Never sent twice, except where O2G refused it for a lost session: a call made twice rings twice.

        Args:
            login: the user.
            device: `Device.id` of the user's own set.
            callee: digits, `+ * # A-D ( )` and spaces, at most 49 characters.
            auto_answer: True calls at once, hands free, as a key of the set would: whoever pressed Call on a screen is
                there. False rings the user's set first and calls once it is answered: for a set elsewhere.
            deadline: until when O2G must have answered; the call may be made even if it did not.

        Returns:
            The call's reference; None where O2G does not give one (A45, A46).

        Raises:
            BadParameter: O2G was not asked, as the number or the set cannot be one; or it refused them.
            NotAllowed: the user may not make it, or not beside another one (L54).
            O2GTimeout: no answer: the call may be made or not.
            O2GError: O2G failed; `details` tells the cause.
        """
        if not device.strip():
            raise BadParameter("a call needs a set to make it from")
        request = MakeCallRequest(device_id=device, callee=dialable(callee), auto_answer=auto_answer)
        answer = self._session.call(Call("POST /telephony/calls", query={"loginName": login}, body=request), deadline)
        return _last_segment(answer.headers.get("location", ""))


def _last_segment(location: str) -> str | None:
    try:
        path = urlsplit(location).path
    except ValueError:
        return None
    return unquote(path.rpartition("/")[2]) or None
