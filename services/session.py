"""Touchline at O2G: each call goes out in the right session, at an address that answers, and is repeated only where
nothing was done."""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.addressed import Addresses, Place
from services.board import Board
from services.calls import Call
from services.credentials import Credentials
from services.crowd import Crowd
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import (
    NoLicence,
    O2GError,
    O2GNotReady,
    O2GUnreachable,
    ServerProblem,
    SessionLost,
    UnreadableAnswer,
    WrongCredentials,
)
from services.healing import Healings
from services.keeper import Account, Bureau, Keeper
from services.keepers import Keepers
from services.licences import Licences
from services.line import Line
from services.login import OpenSession
from services.refusals import NOT_READY, refusal
from services.rounds import Rounds
from services.wire import Answer, Observe, Wire

ROOM_TRIES = 2  # users' sessions closed for the sake of one who gets no licence: O2G may free each a moment later

END_SECONDS = 8.0  # for all sessions together, at the end of the process

OF_AN_ADDRESS = (O2GUnreachable, ServerProblem, UnreadableAnswer, WrongCredentials)  # another may do better


@dataclass(frozen=True, slots=True)
class O2GState:
    """How things stand with O2G, without asking it.

    Attributes:
        connected: whether the administrator's session is open at an address that answers, as far as is known.
        product_version: O2G's version, where it told.
        since: when the session was opened, UTC.
        session_ttl: its time to live in seconds, as O2G gave it.
        last_error: the last failure to reach O2G, to log in or to keep the session, until the next success; holds no
            secret.
        credentials_refused: whether O2G refuses login or password; nothing is asked of it then.
        login_again_seconds: in how many seconds at the soonest it is asked again then; None: it does not refuse them.
        other_address: whether the other address is used.
        sessions: sessions open beside the administrator's one: users', or those for searches.
        licences_refused: how often a user got no licence since the start.
        healed: how often each `Healing` happened since the start.
    """

    connected: bool
    product_version: str | None
    since: datetime | None
    session_ttl: int | None
    last_error: str | None
    credentials_refused: bool
    login_again_seconds: float | None
    other_address: bool
    sessions: int
    licences_refused: int
    healed: Mapping[str, int]


class Session:
    """All sessions of this process at O2G, as one; any thread may call through it."""

    def __init__(
        self,
        endpoint: O2GEndpoint,
        observe: Observe | None = None,
        clock: Callable[[], float] = time.monotonic,
        board: Board | None = None,
    ) -> None:
        """Make no request and start no thread: a process may still fork.

        Args:
            endpoint: which O2G, and as whom.
            observe: told of each request.
            clock: seconds that never go back.
            board: what the workers of this server share; None: this is the only one.

        Raises:
            OSError: the file of the certificate authority cannot be read, or holds no certificate.
        """
        self.rules = endpoint.sessions
        self._rounds = Rounds()
        self._healings = Healings()
        self._credentials = Credentials(clock, board, endpoint.login, endpoint.password)
        self._lock = threading.Lock()
        self._licences = Licences(clock)
        self._closed = False
        crowd = Crowd(endpoint.at_once)
        numbers = itertools.count(1).__next__
        places = []
        for name, address in zip(("first", "other"), endpoint.addresses(), strict=False):
            line = Line(name, address, Wire(address, observe), crowd, self._rounds, self._healings)
            bureau = Bureau(line, self._credentials, self._rounds, self._healings, numbers, clock, board)
            places.append(Place(line, Keepers(bureau, endpoint.sessions, endpoint.at_once)))
        self._addresses = Addresses(tuple(places), self._rounds, self._healings)

    def call(self, call: Call, deadline: Deadline, only_in: int | None = None, lane: int = 0) -> Answer:
        """Ask O2G.

        A request that O2G refuses because the session is gone was not done: it is sent once more in a new session,
        whether it reads or writes. So is one that never left, or that O2G refused because it is starting, where there
        is another address. A read is sent once more where its connection broke.

        Args:
            call: the operation.
            deadline: until when the answer must be here; logging in counts.
            only_in: the session (`Answer.session`) whose contexts the request is about; it is sent in no other.
            lane: which of the administrator's sessions, where it is the administrator's; 0 is for all but searches.

        Raises:
            SessionLost: again refused in the new session, or the session `only_in` is no more.
            NoLicence: O2G has none left for the user, also after other users' unused sessions were closed.
            O2GBusy: too many requests are under way.
            O2GError: every other failure, as `services.errors` tells.
        """
        account = self._account(call.user, lane)
        self._addresses.look(deadline)
        place = self._addresses.chosen(account, only_in)
        again = elsewhere = False  # each once at most
        while True:
            try:
                answer = self._with_licence(place, account, call, deadline, only_in)
            except O2GError as error:
                if deadline.remaining() <= 0:
                    raise
                other = self._addresses.chosen(account, only_in, instead_of=place)
                if other is not place and not elsewhere and _undone(error, call):
                    place, elsewhere = other, True
                elif not again and error.connection_lost and call.reads:
                    again = True
                else:
                    raise
            else:
                self._addresses.served(place)
                return answer

    def opened(self, deadline: Deadline, user: str | None = None) -> OpenSession:
        """Give the open session, opening one where there is none; threads that wait for it share one attempt.

        Args:
            deadline: until when it must be open.
            user: for whom, by login name; None: the administrator's. The same one where users have no own sessions.

        Raises:
            WrongCredentials: O2G refuses them, now or a while ago: then at once and without a request.
            O2GTimeout: not in time; the attempt goes on for those who come after.
            O2GError: the attempt failed, at each address; the next call after a short pause makes another.
        """
        account = self._account(user, 0)
        self._addresses.look(deadline)
        place = self._addresses.chosen(account)
        try:
            return self._open_at(place, account, deadline)
        except O2GError as error:
            other = self._addresses.chosen(account, instead_of=place)
            if other is place or deadline.remaining() <= 0 or not _undone(error, Call("POST /sessions")):
                raise
        return self._open_at(other, account, deadline)

    def endpoint(self) -> O2GEndpoint:
        """Give the address that is used now, as an endpoint of one address."""
        return self._addresses.in_use().line.endpoint

    def is_main(self, session: int) -> bool:
        """Tell whether this is the administrator's open session at the address in use, as far as is known."""
        main = self._addresses.in_use().keepers.main.session
        return main is not None and main.count == session

    def serves(self, session: int) -> bool:
        """Tell the same, and that the address in use answers, as far as is known; no request is made."""
        return self._addresses.in_use().line.up and self.is_main(session)

    def state(self) -> O2GState:
        """Tell how things stand, without a request."""
        place = self._addresses.in_use()
        main = place.keepers.main
        session = main.session if place.line.up else None
        error: O2GError | None = self._credentials.refusal() or place.line.failure or main.failure
        return O2GState(
            connected=session is not None,
            product_version=session.product_version if session else None,
            since=session.since if session else None,
            session_ttl=session.ttl if session else None,
            last_error=f"{type(error).__name__}: {error}" if error else None,
            credentials_refused=self._credentials.refusal() is not None,
            login_again_seconds=self._credentials.again_seconds(),
            other_address=place is not self._addresses.all()[0],
            sessions=sum(each.keepers.count() for each in self._addresses.all()),
            licences_refused=self._licences.refused,
            healed=self._healings.figures(),
        )

    def close(self) -> None:
        """Close every session at O2G (L25), and every connection; every later call fails. Twice is once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._rounds.stop()
        deadline = Deadline.after(END_SECONDS)
        for place in self._addresses.all():
            place.keepers.close(deadline)
            place.line.close()

    def _account(self, user: str | None, lane: int) -> Account:
        return Account(user=user) if self.rules.per_user and user is not None else Account(lane=lane)

    def _open_at(self, place: Place, account: Account, deadline: Deadline) -> OpenSession:
        with place.keepers.using(account) as keeper:
            session = _opened(keeper, deadline)
        self._addresses.served(place)
        return session

    def _with_licence(
        self, place: Place, account: Account, call: Call, deadline: Deadline, only_in: int | None
    ) -> Answer:
        """Call; where O2G has no licence left for a user, free those of users who were away for longest."""
        closed = 0
        while True:
            try:
                with place.keepers.using(account) as keeper:
                    answer = _called(keeper, call, deadline, only_in)
            except NoLicence:
                more = account.user is not None and closed < ROOM_TRIES and self._licences.may_help(call)
                if not more or not place.keepers.make_room(deadline):
                    self._licences.gave_up(call, closed)
                    raise
                closed += 1
            else:
                if closed:
                    self._licences.helped(call)
                return answer


def _called(keeper: Keeper, call: Call, deadline: Deadline, only_in: int | None) -> Answer:
    """Ask in the keeper's session, and once more in a new one where it was lost."""
    session = _opened(keeper, deadline, only_in)
    answer = keeper.ask(session, call, deadline)
    if keeper.is_lost(session, answer, deadline):
        keeper.lose(session)
        session = _opened(keeper, deadline, only_in)
        answer = keeper.ask(session, call, deadline)
        if keeper.is_lost(session, answer, deadline):
            keeper.lose(session)
            raise refusal(answer.status, answer.body).as_(SessionLost)
    if not answer.good:
        raise refusal(answer.status, answer.body)
    return answer


def _opened(keeper: Keeper, deadline: Deadline, only_in: int | None = None) -> OpenSession:
    try:
        keeper.line.check()
        if only_in is not None and (keeper.session is None or keeper.session.count != only_in):
            raise SessionLost("O2G's session ended, and what was under way in it")
        session = keeper.opened(deadline)
    except O2GError as error:
        raise error.unsent() from None
    return session


def _undone(error: O2GError, call: Call) -> bool:
    """Tell whether another address may be asked: it may do better, and nothing of the call was done here."""
    if isinstance(error, O2GNotReady):
        # A 503 without O2G's code may come from anywhere.
        return error.nothing_sent or call.reads or error.code == NOT_READY
    return error.nothing_sent and isinstance(error, OF_AN_ADDRESS)
