"""Who is logged in: credentials, sessions, their lifetime and the purge (L20 to L30)."""

import base64
import hmac
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from simulators.o2g.clock import Clock
from simulators.o2g.world.people import Person
from simulators.o2g.world.world import World

DEFAULT_TTL = 1800  # seconds (L20)
LONGEST_TTL = 86_400
PURGE_SECONDS = 300.0  # (L23)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a credential stands for: an administrator (`person` is None) or a user."""

    login: str
    person: Person | None
    supervisor: bool = False

    @property
    def admin(self) -> bool:
        """Administrators are not subscribers."""
        return self.person is None


@dataclass(slots=True)
class Session:
    """An open session. `identity` is the supervised user's where an administrator opened it for one (L30)."""

    cookie: str
    identity: Identity
    ttl: int
    created: datetime
    touched: float
    expiration: str | None = None  # of the bypass token it was opened with (L29)
    mailboxes: set[str] = field(default_factory=set)  # opened in this session (L62)

    @property
    def bypasses(self) -> bool:
        """Tell whether it takes no licences."""
        return self.expiration is not None

    def residual(self, now: float) -> int:
        """Seconds left; 0 once it has expired."""
        return max(0, int(self.ttl - (now - self.touched)))


class Sessions:
    """Credentials and sessions of one O2G."""

    def __init__(
        self, world: World, clock: Clock, admins: dict[str, str], seed: int, plain_admins: frozenset[str] = frozenset()
    ) -> None:
        """Take the world whose people log in, the administrators' passwords, a seed for credentials, and which
        administrators may not supervise."""
        self._plain_admins = plain_admins
        self._world = world
        self._clock = clock
        self._admins = admins
        self._chance = random.Random(seed ^ 0x5E55)
        self._credentials: dict[str, Identity] = {}
        self._open: dict[str, Session] = {}
        self.on_closed: list[Callable[[Session], None]] = []
        clock.every(PURGE_SECONDS, self.purge)

    def authenticate(self, login: str, password: str) -> str | None:
        """Give a credential for a right login and password, else None. Administrators come first (L7)."""
        known = self._admins.get(login)
        person = self._world.by_login.get(login)
        if known is None and person is not None:
            known = person.secret
        if known is None or not hmac.compare_digest(known.encode(), password.encode()):
            return None
        admin = login in self._admins
        identity = Identity(login, None if admin else person, supervisor=admin and login not in self._plain_admins)
        credential = base64.urlsafe_b64encode(self._chance.randbytes(36)).decode()
        self._credentials[credential] = identity
        return credential

    def is_administrator(self, login: str, password: str) -> bool:
        """Tell whether this is an administrator's password."""
        return hmac.compare_digest(self._admins.get(login, "").encode(), password.encode())

    def set_administrator(self, login: str, password: str) -> None:
        """Change an administrator's password."""
        self._admins[login] = password

    def credentials(self) -> list[str]:
        """List the credentials given since the last start; they are what cookies hold."""
        return list(self._credentials)

    def identity(self, credential: str | None) -> Identity | None:
        """Tell whom a credential stands for."""
        return self._credentials.get(credential or "")

    def open(self, cookie: str, identity: Identity, ttl: int | None, expiration: str | None = None) -> Session:
        """Open the session of a credential; `expiration` is that of a bypass token.

        An earlier one of the same credential that has expired and is not purged yet ends with all that it holds.
        """
        expired = self._open.pop(cookie, None)
        if expired is not None:
            for closed in self.on_closed:
                closed(expired)
        session = Session(
            cookie, identity, min(ttl or DEFAULT_TTL, LONGEST_TTL), self._clock.today(), self._clock.now()
        )
        session.expiration = expiration
        self._open[cookie] = session
        return session

    def find(self, cookie: str | None) -> Session | None:
        """Give the live session of a cookie, and start its time anew (L21)."""
        session = self._open.get(cookie or "")
        if session is None or session.residual(self._clock.now()) <= 0:
            return None
        session.touched = self._clock.now()
        return session

    def others(self, session: Session) -> Iterator[Session]:
        """Give the same login's other sessions that have not been purged yet."""
        return (s for s in self._open.values() if s is not session and s.identity.login == session.identity.login)

    def close(self, session: Session) -> None:
        """Close a session and all that it holds (L28)."""
        if self._open.pop(session.cookie, None) is None:
            return
        self._credentials.pop(session.cookie, None)
        for closed in self.on_closed:
            closed(session)

    def purge(self) -> None:
        """Close what has expired."""
        now = self._clock.now()
        for session in [s for s in self._open.values() if s.residual(now) <= 0]:
            self.close(session)

    def lose(self, login: str) -> int:
        """Forget the sessions of a login without a word; give how many there were."""
        lost = [session for session in self._open.values() if session.identity.login == login]
        for session in lost:
            self.close(session)
        return len(lost)

    def forget_credentials(self) -> None:
        """Forget who has authenticated without opening a session, as a restart does."""
        self._credentials.clear()

    def lose_all(self) -> int:
        """Forget every session without a word, as a restart does; give how many there were."""
        lost = list(self._open.values())
        for session in lost:
            self.close(session)
        return len(lost)

    def __iter__(self) -> Iterator[Session]:
        return iter(list(self._open.values()))
