"""A set as its user programmes it: lock, camp-on, associate, remote extension, PIN. (Its keys: `services.set_keys`.)"""

from dataclasses import dataclass, field

from pydantic import ConfigDict, Field

from services.border import MaybeFlag, MaybeText, MaybeWhole, OpenEnum, Reading, Writing, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.numbers import DIGITS, dialable
from services.own_set import OwnSet
from services.session import Session

SET = "/users/{loginName}/devices/{deviceId}"


@dataclass(frozen=True, slots=True)
class SetState:
    """How a set is; each is None where O2G does not say.

    Attributes:
        locked: whether it is locked.
        camp_on: whether calls camp on while it is busy.
        associate: number of the set that stands in for it; empty: none.
    """

    locked: bool | None
    camp_on: bool | None
    associate: str | None


class PinControl(OpenEnum):
    """Where a PIN may be used; UNKNOWN cannot be written."""

    ANY_SET = "PIN_Category"
    OWN_SET = "PIN_Restricted_To_Owner_Set"
    UNIVERSAL = "PIN_Universal_Access"
    GROUP = "PIN_Group_Control"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN for private calls: a secret, kept out of every repr. Each is None where O2G does not say.

    Attributes:
        number: its digits, as many as the PBX is configured for (L137).
        with_secret_code: whether the set's secret code must be dialled, too.
        control: where it may be used.
        group: number of its group, for `PinControl.GROUP`.
    """

    number: str | None = field(repr=False)
    with_secret_code: bool | None = None
    control: PinControl | None = None
    group: int | None = None


class AssociateRequest(Writing):
    """The associate (B36); an empty number is our reading of having none."""

    number: str


class PinRequest(Writing):
    """A PIN, in O2G's own spelling."""

    model_config = ConfigDict(alias_generator=lambda name: name.title(), hide_input_in_errors=True)

    pin_number: str = Field(pattern=f"^{DIGITS.pattern}$", repr=False)
    with_secret_code: bool | None = None
    pin_type_of_control: str | None = None
    pin_group: int | None = Field(default=None, ge=0)


class _State(Reading):
    lock: MaybeFlag = None
    campon: MaybeFlag = None
    associate: MaybeText = None


class _RemoteExtension(Reading):
    active: MaybeFlag = None
    activate: MaybeFlag = None  # A86


class _Pin(Reading):
    model_config = ConfigDict(alias_generator=lambda name: name.title())

    pin_number: MaybeText = None
    with_secret_code: MaybeFlag = None
    pin_type_of_control: MaybeText = None
    pin_group: MaybeWhole = None


class PhoneSet:
    """What a user sets up on one of the own sets.

    Each operation takes one phone set programming licence for the user (L46). Each raises `NotAllowed` without it,
    `NotFound` for a set that O2G does not have, `NotSupported` for what the set cannot do, `O2GError` where O2G fails.
    """

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def state(self, own: OwnSet, deadline: Deadline) -> SetState:
        """Tell lock, camp-on and associate in one (GET …/dynamicState, A88)."""
        body = self._session.call(on_set("GET", own, "/dynamicState"), deadline).body
        found = read(_State, body, "the state of a set") if body.strip() else _State()
        return SetState(found.lock, found.campon, found.associate)

    def lock(self, own: OwnSet, locked: bool, deadline: Deadline) -> None:
        """Lock the set or unlock it (PUT …/lock)."""
        self._switch(own, "/lock", locked, deadline)

    def camp_on(self, own: OwnSet, on: bool, deadline: Deadline) -> None:
        """Let calls camp on while the set is busy, or not (PUT …/campon, A90)."""
        self._switch(own, "/campon", on, deadline)

    def associate(self, own: OwnSet, number: str | None, deadline: Deadline) -> None:
        """Name the set that stands in for this one (PUT …/associate, B36); None: none.

        Raises:
            BadParameter: this is no number; O2G was not asked.
        """
        request = AssociateRequest(number="" if number is None else dialable(number))
        self._session.call(on_set("PUT", own, "/associate", body=request), deadline)

    def remote_extension(self, own: OwnSet, deadline: Deadline) -> bool | None:
        """Tell whether the set, a remote extension, is active (GET …/REActiveState, A86); None: O2G does not say."""
        body = self._session.call(on_set("GET", own, "/REActiveState"), deadline).body
        found = read(_RemoteExtension, body, "the state of a remote extension") if body.strip() else _RemoteExtension()
        return found.active if found.active is not None else found.activate

    def activate_remote_extension(self, own: OwnSet, active: bool, deadline: Deadline) -> None:
        """Activate a remote extension or deactivate it (PUT …/REActive)."""
        self._switch(own, "/REActive", active, deadline)

    def pin(self, own: OwnSet, deadline: Deadline) -> Pin:
        """Tell the PIN (GET …/pin, A89). It is secret: for the set's user alone, never for a log or a link."""
        body = self._session.call(on_set("GET", own, "/pin"), deadline).body
        found = read(_Pin, body, "a PIN") if body.strip() else _Pin()
        return Pin(found.pin_number, found.with_secret_code, _control(found.pin_type_of_control), found.pin_group)

    def set_pin(self, own: OwnSet, pin: Pin, deadline: Deadline) -> None:
        """Set the PIN (PUT …/pin); what is None in it is not sent.

        Raises:
            BadParameter: it has no digits, an unknown control, or a group below 0; O2G was not asked. Or O2G
                refuses it: wrong number of digits (L137).
        """
        if pin.number is None or not DIGITS.fullmatch(pin.number) or (pin.group is not None and pin.group < 0):
            raise BadParameter("a PIN is digits only")
        if pin.control is PinControl.UNKNOWN:
            raise BadParameter("this control of a PIN is not known")
        request = PinRequest(
            pin_number=pin.number,
            with_secret_code=pin.with_secret_code,
            pin_type_of_control=pin.control.value if pin.control is not None else None,
            pin_group=pin.group,
        )
        self._session.call(on_set("PUT", own, "/pin", body=request), deadline)

    def _switch(self, own: OwnSet, what: str, on: bool, deadline: Deadline) -> None:
        self._session.call(on_set("PUT", own, what, query={"activate": "true" if on else "false"}), deadline)


def on_set(
    method: str,
    own: OwnSet,
    what: str,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: Writing | None = None,
) -> Call:
    """Name an operation on a user's set: `what` is the template's end, `path` the values of its names."""
    names = {"loginName": own.login, "deviceId": own.device} | (path or {})
    return Call(f"{method} {SET}{what}", path=names, query=query or {}, body=body)


def _control(given: str | None) -> PinControl | None:
    if not given:
        return None
    return PinControl.GROUP if given == "PIN_By_Group" else PinControl(given)  # B37
