"""Wrong passwords: counted for each mailbox over all of a user's sets, and an end to guessing after some of them."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from prs_apps.voicemail.rules import VoicemailRules
from store.shared import Shared


class Tries:
    """Counts the tries to open mailboxes, for all workers.

    A try is counted before O2G is asked, so that many at the same moment are no more than many in turn.
    """

    def __init__(self, shared: Shared, rules: VoicemailRules, now: Callable[[], datetime]) -> None:
        """Args: where they are counted; how many there are; the time (UTC)."""
        self._shared = shared
        self._rules = rules
        self._now = now

    def locked_until(self, login: str, box: str) -> datetime | None:
        """Tell until when a mailbox is locked; None if it is not."""
        until = self._shared.get(_lock(login, box))
        return None if until is None else datetime.fromisoformat(until.decode())

    def begin(self, login: str, box: str) -> int | None:
        """Count a try; tell how many are left after it, or None: there was none left, and the mailbox is locked."""
        if self.locked_until(login, box) is not None:
            return None
        left = self._rules.tries - self._shared.count(_wrong(login, box), self._rules.lock_seconds)
        if left < 0:
            self.lock(login, box)
            return None
        return left

    def take_back(self, login: str, box: str) -> None:
        """Count a try no more: O2G did not say whether the password was right."""
        self._shared.count(_wrong(login, box), self._rules.lock_seconds, by=-1)

    def succeed(self, login: str, box: str) -> None:
        """Begin to count anew: the password was right."""
        self._shared.forget(_wrong(login, box))

    def lock(self, login: str, box: str) -> datetime:
        """Lock a mailbox, and tell until when."""
        until = self._now() + timedelta(seconds=self._rules.lock_seconds)
        self._shared.put(_lock(login, box), until.isoformat().encode(), self._rules.lock_seconds)
        return until


def _wrong(login: str, box: str) -> str:
    return f"voicemail:wrong:{_shortened(login, box)}"


def _lock(login: str, box: str) -> str:
    return f"voicemail:locked:{_shortened(login, box)}"


def _shortened(login: str, box: str) -> str:
    """Name a mailbox in the store without writing there whose it is."""
    return hashlib.blake2s(f"{login}\0{box}".encode(), digest_size=12).hexdigest()
