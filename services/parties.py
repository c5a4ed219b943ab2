"""Who takes part: in a call, in a callback request, in a record of the call log. One shape for all of them (A59)."""

from dataclasses import dataclass
from typing import Annotated

from services.border import MaybeFlag, MaybeText, OpenEnum, Reading, one


class PartyKind(OpenEnum):
    """What a party is (MainType); UNKNOWN also where O2G does not say."""

    USER = "USER"
    DEVICE = "DEVICE"
    SERVICE = "SERVICE"
    EXTERNAL = "EXTERNAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Party:
    """A party; texts are empty where O2G does not say. Whoever has no first name may have a display name as last name.

    `detail` is O2G's sub-type, such as `voicemail` or `public`; `multi_line` tells whether the number is one of several
    lines of a set (B47).
    """

    first_name: str = ""
    last_name: str = ""
    number: str = ""
    login: str = ""
    kind: PartyKind = PartyKind.UNKNOWN
    detail: str = ""
    multi_line: bool | None = None


class _Identifier(Reading):
    login_name: MaybeText = None
    phone_number: MaybeText = None
    multi_line: MaybeFlag = None  # B47


class _Kind(Reading):
    main: MaybeText = None
    sub_type: MaybeText = None


class PartyInfo(Reading):
    """A party as O2G describes it; each of its fields may be missing."""

    id: Annotated[_Identifier | None, one(_Identifier)] = None
    first_name: MaybeText = None
    last_name: MaybeText = None
    display_name: MaybeText = None
    type: Annotated[_Kind | None, one(_Kind)] = None

    def party(self) -> Party:
        """Give it in our words."""
        who, what = self.id or _Identifier(), self.type or _Kind()
        first, last = (self.first_name or "").strip(), (self.last_name or "").strip()
        return Party(
            first_name=first,
            last_name=last if first or last else (self.display_name or "").strip(),
            number=(who.phone_number or "").strip(),
            login=who.login_name or "",
            kind=PartyKind(what.main or ""),
            detail=what.sub_type or "",
            multi_line=who.multi_line,
        )


def party(info: PartyInfo | None) -> Party | None:
    """Give a party that may be missing."""
    return info.party() if info is not None else None
