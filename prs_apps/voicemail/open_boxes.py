"""Mailboxes that are open on a set: the password stays here, sealed, and a link carries only the name of the opening.

An opening belongs to one user at one set, is forgotten when the user leaves the mailbox or the set is not touched for a
while, and is worth nothing to anybody else: links are bound to user and set, and so is what is sealed.
"""

import secrets
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from prs.links import Holder
from prs_apps.application import Visit
from store.sealed import Sealed


@dataclass(frozen=True, slots=True)
class OpenBox:
    """What an opening stands for.

    Attributes:
        box: the mailbox's id.
        password: what opened it; None: the user's own, which O2G knows.
        plays: whether O2G gives its messages' sound.
    """

    box: str
    password: str | None = field(repr=False)
    plays: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    holder: Holder
    open: OpenBox
    chosen: tuple[str, ...] = ()


_KEPT = TypeAdapter(_Kept)


class OpenBoxes:
    """Openings, known to all workers."""

    def __init__(self, sealed: Sealed, seconds: int) -> None:
        """Args: where they lie; how long one lives that is not used."""
        self._sealed = sealed
        self._seconds = seconds

    def begin(self, visit: Visit, box: OpenBox) -> str:
        """Keep a mailbox open on the visitor's set, and name the opening."""
        name = secrets.token_urlsafe(12)
        self._put(name, _Kept(_holder(visit), box))
        return name

    def of(self, visit: Visit, name: str) -> OpenBox | None:
        """Give what is open under a name, for a while more; None if it is over, or not this user's at this set."""
        kept = self._get(visit, name)
        if kept is not None:
            self._sealed.extend(_at(name), self._seconds)
        return None if kept is None else kept.open

    def end(self, visit: Visit, name: str) -> None:
        """Forget an opening and its password."""
        if self._get(visit, name) is not None:
            self._sealed.forget(_at(name))

    def choose(self, visit: Visit, name: str, messages: tuple[str, ...]) -> None:
        """Note which messages the user is asked about, so that the answer is about these."""
        kept = self._get(visit, name)
        if kept is not None:
            self._put(name, _Kept(kept.holder, kept.open, messages))

    def chosen(self, visit: Visit, name: str) -> tuple[str, ...]:
        """Give the messages that the user was asked about last."""
        kept = self._get(visit, name)
        return kept.chosen if kept else ()

    def _get(self, visit: Visit, name: str) -> _Kept | None:
        text = self._sealed.get(_at(name))
        kept = None if text is None else _KEPT.validate_json(text)
        return kept if kept is not None and kept.holder == _holder(visit) else None

    def _put(self, name: str, kept: _Kept) -> None:
        self._sealed.put(_at(name), _KEPT.dump_json(kept).decode(), self._seconds)


def _holder(visit: Visit) -> Holder:
    return Holder(visit.user.number, visit.device.id)


def _at(name: str) -> str:
    return f"voicemail:open:{name}"
