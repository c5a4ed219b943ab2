"""Whom a supervisor listens to and whose call they are in. O2G does not tell it (L72): what was asked here is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter, ValidationError

from services.supervisor import Intrusion
from store.shared import Shared

SHIFT_SECONDS = 12 * 3600
SETTLING = timedelta(seconds=10)  # until the PBX shows a supervisor who just came into a call as busy
NOTHING = b""


@dataclass(frozen=True, slots=True)
class Watched:
    """An agent: number, name (or the number again), since when; `mode` is None for listening to all calls."""

    number: str
    name: str
    since: datetime
    mode: Intrusion | None = None


_WATCHED = TypeAdapter(Watched)


class Watching:
    """What supervisors were let do, over all workers; it goes by itself after a shift."""

    def __init__(self, shared: Shared, now: Callable[[], datetime]) -> None:
        """Keep in `shared`; `now` is the time, UTC."""
        self._shared = shared
        self._now = now

    def listened_to(self, login: str) -> Watched | None:
        """Give the agent to all of whose calls a supervisor listens; None: nobody, or not known any more."""
        return self._read(_all_calls(login))

    def joined(self, login: str, *, busy: bool) -> Watched | None:
        """Give the agent whose call a supervisor is in; None: nobody, or not known any more.

        Who is not `busy` is in no call: what was kept is over, unless it has just begun.
        """
        kept = self._read(_one_call(login))
        if kept is None or busy:
            return kept
        if self._now() - kept.since > SETTLING:
            self.leave(login)
        return None

    def listen(self, login: str, number: str, name: str) -> None:
        """Keep that a supervisor listens to all calls of an agent."""
        self._write(_all_calls(login), Watched(number, name, self._now()))

    def stop(self, login: str) -> None:
        """Keep that a supervisor listens no more."""
        self._shared.put(_all_calls(login), NOTHING, 1)

    def join(self, login: str, number: str, name: str, mode: Intrusion) -> None:
        """Keep that a supervisor is in an agent's call, and how."""
        self._write(_one_call(login), Watched(number, name, self._now(), mode))

    def leave(self, login: str) -> None:
        """Keep that a supervisor is in no agent's call."""
        self._shared.put(_one_call(login), NOTHING, 1)

    def _read(self, key: str) -> Watched | None:
        kept = self._shared.get(key)
        if not kept:
            return None
        try:
            return _WATCHED.validate_json(kept)
        except ValidationError:
            return None  # another version wrote it: not known any more

    def _write(self, key: str, watched: Watched) -> None:
        self._shared.put(key, _WATCHED.dump_json(watched), SHIFT_SECONDS)


def _all_calls(login: str) -> str:
    return f"agent:listening:{login}"


def _one_call(login: str) -> str:
    return f"agent:intrusion:{login}"
