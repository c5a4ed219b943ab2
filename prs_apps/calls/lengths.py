"""How long a call has lasted, as far as Touchline can know: O2G does not tell when a call in progress began."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.calls_in_progress import CallInProgress, CallState
from store.shared import Shared

KEPT_SECONDS = 24 * 3600
UNSURE = timedelta(minutes=1)  # who was seen ringing at most so long ago began to talk now, to the minute
BEFORE_TALKING = {CallState.RINGING_INCOMING, CallState.RINGING_OUTGOING, CallState.DIALING}
TALKING = {CallState.ACTIVE, CallState.HELD}


@dataclass(frozen=True, slots=True)
class Length:
    """Whole minutes since two began to talk; not `exact`: it may have been longer, as nobody looked before."""

    minutes: int
    exact: bool

    def said(self) -> str:
        """Tell it in few columns, without its unit; empty where nothing can be told."""
        if self.exact:
            return str(self.minutes) if self.minutes else "<1"
        return f">{self.minutes}" if self.minutes else ""


class Lengths:
    """Remembers when a user's screens first showed a call: ringing, then talking. Shared by all workers."""

    def __init__(self, shared: Shared) -> None:
        """Keep it there."""
        self._shared = shared

    def of(self, login: str, call: CallInProgress, now: datetime) -> Length | None:
        """Tell how long a call has lasted; None: nobody talks yet, or O2G does not say."""
        if call.state in BEFORE_TALKING:
            self._shared.put(_name("rang", login, call), now.isoformat().encode(), KEPT_SECONDS)
            return None
        if call.state not in TALKING:
            return None
        kept = self._shared.get(_name("talks", login, call))
        if kept is None:
            rang = self._shared.get(_name("rang", login, call))
            exact = rang is not None and now - datetime.fromisoformat(rang.decode()) <= UNSURE
            kept = f"{now.isoformat()} {'exact' if exact else ''}".encode()
            self._shared.put(_name("talks", login, call), kept, KEPT_SECONDS)
        since, _, exactly = kept.decode().partition(" ")
        return Length(max(timedelta(), now - datetime.fromisoformat(since)) // timedelta(minutes=1), bool(exactly))


def _name(what: str, login: str, call: CallInProgress) -> str:
    return f"calls:{what}:{login}:{call.call_ref}"
