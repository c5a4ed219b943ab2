"""How mailboxes are opened and guarded, as the administrator wants it."""

from dataclasses import dataclass
from typing import Self

from settings import Settings


@dataclass(frozen=True, slots=True)
class VoicemailRules:
    """The settings of voicemail.

    Attributes:
        asks: whether a mailbox's password is asked for; else the user's own is tried first, which nobody types.
        open_seconds: how long a mailbox stays open on a set that nobody touches.
        tries: wrong passwords before a mailbox is locked.
        lock_seconds: how long it is locked, and how long wrong passwords are counted.
    """

    asks: bool
    open_seconds: int
    tries: int
    lock_seconds: int

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Read them from the settings."""
        return cls(
            asks=settings.voicemail_password == "ask",  # noqa: S105  (what is done about it, not the password)
            open_seconds=settings.voicemail_open_seconds,
            tries=settings.voicemail_tries,
            lock_seconds=settings.voicemail_lock_seconds,
        )
