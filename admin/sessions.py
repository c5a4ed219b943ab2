"""Administrators' sessions: kept by the server, sealed; the browser has a name for its own and nothing else."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from store.administrators import Administrator, Role
from store.sealed import Sealed


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who has signed in.

    Attributes:
        token: what the browser names it by.
        login, role: whose, and what the account might when it was last looked at.
        epoch: the account's; a later one ends the session.
        began: UTC.
        pending: the secret of a second factor that is being set up; empty: none.
    """

    token: str = field(repr=False)
    login: str
    role: Role
    epoch: int
    began: datetime
    pending: str = field(default="", repr=False)


class Sessions:
    """All sessions, of all workers."""

    def __init__(self, kept: Sealed, *, idle_seconds: int, longest_seconds: int, now: Callable[[], datetime]) -> None:
        """Keep them there; one ends after so long without a request, and after so long in any case."""
        self._kept = kept
        self._idle = idle_seconds
        self._longest = longest_seconds
        self._now = now

    def begin(self, account: Administrator) -> Session:
        """Begin one, under a new name."""
        session = Session(secrets.token_urlsafe(32), account.login, account.role, account.epoch, self._now())
        self.keep(session)
        return session

    def keep(self, session: Session) -> None:
        """Keep what has changed in one."""
        told = asdict(session) | {"token": "", "role": session.role.value, "began": session.began.isoformat()}
        self._kept.put(_name(session.token), json.dumps(told), self._idle)

    def of(self, token: str) -> Session | None:
        """Give a session, which may lie idle anew from now; None: it is over, or never was."""
        kept = self._kept.get(_name(token)) if token else None
        if kept is None:
            return None
        told = json.loads(kept)
        session = Session(
            token,
            told["login"],
            Role(told["role"]),
            told["epoch"],
            datetime.fromisoformat(told["began"]),
            told["pending"],
        )
        if (self._now() - session.began).total_seconds() >= self._longest:
            self.end(token)
            return None
        self._kept.extend(_name(token), self._idle)
        return session

    def end(self, token: str) -> None:
        """End one, wherever its name is still known."""
        self._kept.forget(_name(token))

    def renewed(self, session: Session, account: Administrator) -> Session:
        """Go on under another name after the account has changed; sessions elsewhere stay behind."""
        self.end(session.token)
        fresh = replace(self.begin(account), began=session.began)
        self.keep(fresh)
        return fresh


def _name(token: str) -> str:
    """Name it in the store so that whoever reads there cannot use it."""
    return f"admin-session:{hashlib.sha256(token.encode()).hexdigest()}"
