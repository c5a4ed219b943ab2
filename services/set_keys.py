"""The keys of a set: programmable keys and soft keys."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from services.border import Count, MaybeFlag, MaybeText, Reading, Writing, many, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter
from services.numbers import dialable
from services.own_set import OwnSet
from services.phone_set import on_set
from services.session import Session


@dataclass(frozen=True, slots=True)
class SetKey:
    """A programmable key or a soft key.

    Attributes:
        position: which key, from 0 on.
        number: what it calls; empty: the key is free.
        mnemonic: what it is called; may be empty.
        locked: whether it cannot be changed from the set; None where O2G does not say, and always of a soft key.
    """

    position: int
    number: str
    mnemonic: str = ""
    locked: bool | None = None


class KeyRequest(Writing):
    """What a key becomes; its position is the one in the address (L74)."""

    position: int = Field(ge=0)
    number: str
    mnemonic: str
    locked: bool | None = None


class _Key(Reading):
    position: Count
    number: MaybeText = None
    mnemonic: MaybeText = None
    locked: MaybeFlag = None


class _Keys(Reading):
    pkeys: Annotated[tuple[_Key, ...] | None, many(_Key)] = None
    skeys: Annotated[tuple[_Key, ...] | None, many(_Key)] = None
    softkeys: Annotated[tuple[_Key, ...] | None, many(_Key)] = None  # A87


class SetKeys:
    """The keys of a user's own sets.

    Each operation takes one phone set programming licence for the user (L46). Each raises `NotAllowed` without it,
    `NotFound` for a set or key that does not exist, `O2GError` where O2G fails.
    """

    def __init__(self, session: Session) -> None:
        """Ask through `session`."""
        self._session = session

    def programmable(self, own: OwnSet, deadline: Deadline) -> tuple[SetKey, ...]:
        """Tell all programmable keys, the free ones too, by position (GET …/programmeableKeys)."""
        return _keys(self._read(own, "/programmeableKeys", deadline).pkeys)

    def programmed(self, own: OwnSet, deadline: Deadline) -> tuple[SetKey, ...]:
        """Tell the programmable keys that are in use, by position (GET …/programmedKeys)."""
        return _keys(self._read(own, "/programmedKeys", deadline).pkeys)

    def set_programmable(self, own: OwnSet, key: SetKey, deadline: Deadline) -> None:
        """Programme a key (PUT …/programmeableKeys/{position}, L74).

        Raises:
            BadParameter: its number or position cannot be one, or its mnemonic is not printable; O2G was not asked.
        """
        self._set(own, "programmeableKeys", key, deadline, locked=key.locked)

    def erase_programmable(self, own: OwnSet, position: int, deadline: Deadline) -> None:
        """Free a key (DELETE …/programmeableKeys/{position})."""
        self._session.call(_on_key("DELETE", own, "programmeableKeys", position), deadline)

    def soft_keys(self, own: OwnSet, deadline: Deadline) -> tuple[SetKey, ...]:
        """Tell the soft keys, by position (GET …/softKeys, A87)."""
        found = self._read(own, "/softKeys", deadline)
        return _keys(found.skeys if found.skeys is not None else found.softkeys)

    def set_soft_key(self, own: OwnSet, key: SetKey, deadline: Deadline) -> None:
        """Programme a soft key (PUT …/softKeys/{position}, L74).

        Raises:
            BadParameter: its number or position cannot be one, or its mnemonic is not printable; O2G was not asked.
        """
        self._set(own, "softKeys", key, deadline, locked=None)

    def erase_soft_key(self, own: OwnSet, position: int, deadline: Deadline) -> None:
        """Free a soft key (DELETE …/softKeys/{position})."""
        self._session.call(_on_key("DELETE", own, "softKeys", position), deadline)

    def _read(self, own: OwnSet, what: str, deadline: Deadline) -> _Keys:
        body = self._session.call(on_set("GET", own, what), deadline).body
        return read(_Keys, body, "a list of keys") if body.strip() else _Keys()

    def _set(self, own: OwnSet, what: str, key: SetKey, deadline: Deadline, *, locked: bool | None) -> None:
        mnemonic = key.mnemonic.strip()
        if not mnemonic.isprintable():
            raise BadParameter("a key's name is not printable")
        call = _on_key("PUT", own, what, key.position)
        request = KeyRequest(position=key.position, number=dialable(key.number), mnemonic=mnemonic, locked=locked)
        self._session.call(Call(call.operation, path=call.path, body=request), deadline)


def _on_key(method: str, own: OwnSet, what: str, position: int) -> Call:
    if position < 0:
        raise BadParameter("there is no key before the first")
    return on_set(method, own, f"/{what}/{{position}}", path={"position": str(position)})


def _keys(found: tuple[_Key, ...] | None) -> tuple[SetKey, ...]:
    keys = (SetKey(key.position, key.number or "", key.mnemonic or "", key.locked) for key in found or ())
    return tuple(sorted(keys, key=lambda key: key.position))
