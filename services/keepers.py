"""Every session at one address of O2G: how many there are, which are closed, and when."""

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import structlog

from services.deadline import Deadline
from services.endpoint import SessionRules
from services.errors import O2GBusy
from services.keeper import CLOSE_SECONDS, Account, Bureau, Keeper
from services.neighbours import Neighbours, Spare
from services.threads import started

SPARED_SECONDS = 10.0  # a session used so lately is not closed for another user's sake: they would take turns at it
SWEEPS = 5  # while a session is idle for as long as it may be
LEAST_SWEEP_SECONDS = 0.1
IDLE_AT_ONCE = 4  # sessions that are closed at the same time because nobody uses them

log = structlog.get_logger(__name__)


class Keepers:
    """The keepers of an address, by account; any thread may use them."""

    def __init__(self, bureau: Bureau, rules: SessionRules, at_once: int) -> None:
        """Open nothing; `at_once`: how many are closed at the same time at the end of the process."""
        self.main = Keeper(bureau, Account())
        self._bureau = bureau
        self._rules = rules
        self._lock = threading.Lock()
        self._others: OrderedDict[Account, Keeper] = OrderedDict()  # the least recently used first
        self._sweeping = False
        self._at_once = at_once
        self._unused: deque[Keeper] = deque()  # taken out, and to be closed soon
        self._closing: set[threading.Thread] = set()  # those that are busy with it
        self._neighbours: Neighbours | None = None
        if bureau.board is not None and rules.per_user:
            self._neighbours = Neighbours(bureau.board, bureau.line.name, self._to_spare, self._spare)

    @contextmanager
    def using(self, account: Account) -> Iterator[Keeper]:
        """Give the keeper of an account, whose session is not closed while the context lasts.

        Raises:
            O2GBusy: as many sessions as may be open are, and all in use.
        """
        keeper = self._entered(account)
        try:
            yield keeper
        finally:
            keeper.leave()

    def holds(self, account: Account, session: int) -> bool:
        """Tell whether the account's open session is this one."""
        with self._lock:
            keeper = self.main if account.main else self._others.get(account)
        return keeper is not None and keeper.session is not None and keeper.session.count == session

    def count(self) -> int:
        """Tell how many sessions are open beside the main one."""
        with self._lock:
            return sum(keeper.session is not None for keeper in self._others.values())

    def make_room(self, deadline: Deadline) -> bool:
        """Close the user's session that has been unused for longest, so that its licences are free; False: none may.

        It may be another worker's. Those of users who got no licence themselves come last: there is nothing to be had
        from them.
        """
        return (self._neighbours is not None and self._neighbours.made_room(deadline)) or self._spare(deadline)

    def release(self, deadline: Deadline) -> None:
        """Close every session that is not in use; each may be opened again."""
        with self._lock:
            unused = [account for account, keeper in self._others.items() if not keeper.busy]
            keepers = [self._others.pop(account) for account in unused]
        self.main.release(deadline)
        _tell([keeper.close(deadline) for keeper in keepers])

    def close(self, deadline: Deadline) -> None:
        """Close them all, within the deadline: also those that are being closed already."""
        if self._neighbours is not None:
            self._neighbours.close()
        with self._lock:
            keepers = [*self._unused, *self._others.values(), self.main]
            self._unused.clear()
            self._others.clear()
            earlier = tuple(self._closing)
        gone: list[bool] = []
        closing = []
        for share in filter(None, (keepers[nth :: self._at_once] for nth in range(self._at_once))):
            thread = threading.Thread(target=_close, args=(share, deadline, gone), name="o2g-close")
            try:
                thread.start()
            except RuntimeError:  # an interpreter that ends may start no thread any more
                _close(share, deadline, gone)
            else:
                closing.append(thread)
        for thread in closing:
            thread.join()
        for thread in earlier:
            thread.join(deadline.remaining())
        _tell(gone)

    def _entered(self, account: Account) -> Keeper:
        with self._lock:
            if account.main:
                self.main.enter()
                return self.main
            keeper = self._others.get(account)
            excess = None
            if keeper is None:
                if account.user is not None and self._users() >= self._rules.most:
                    excess = self._take_out_unused(0.0)
                    if excess is None:
                        raise O2GBusy("every session that users may have is in use", nothing_sent=True)
                keeper = self._others[account] = Keeper(self._bureau, account)
            self._others.move_to_end(account)
            keeper.enter()
            sweep = not self._sweeping
            self._sweeping = True
        if excess is not None:
            self._close_soon([excess])
        if account.user is not None and self._neighbours is not None:
            self._neighbours.begin()
        if sweep:
            self._bureau.rounds.after(self._pause(), self._sweep)
        return keeper

    def _users(self) -> int:
        return sum(account.user is not None for account in self._others)

    def _to_spare(self) -> Spare | None:
        """Tell of the session that `_spare` would close."""
        with self._lock:
            account = self._first_to_spare()
            keeper = self._others[account] if account is not None else None
        return None if keeper is None else Spare(keeper.served, keeper.idle_seconds())

    def _spare(self, deadline: Deadline) -> bool:
        """Close the first session that may be closed for another user's sake; False: none may."""
        with self._lock:
            account = self._first_to_spare()
            keeper = self._others.pop(account) if account is not None else None
        if keeper is None:
            return False
        _tell([keeper.close(deadline)])
        return True

    def _first_to_spare(self) -> Account | None:
        return self._first_unused(SPARED_SECONDS, lambda one: one.served) or self._first_unused(
            SPARED_SECONDS, lambda one: one.session is not None
        )

    def _take_out_unused(self, seconds: float) -> Keeper | None:
        account = self._first_unused(seconds)
        return None if account is None else self._others.pop(account)

    def _first_unused(self, seconds: float, wanted: Callable[[Keeper], bool] = lambda _: True) -> Account | None:
        for account, keeper in self._others.items():
            unused = account.user is not None and not keeper.busy and keeper.idle_seconds() >= seconds
            if unused and wanted(keeper):
                return account
        return None

    def _sweep(self) -> None:
        up = self._bureau.line.up  # while O2G does not answer, its sessions cannot be closed: later, then
        with self._lock:
            unused = [
                account
                for account, keeper in self._others.items()
                if up and not keeper.busy and keeper.idle_seconds() >= self._rules.idle_seconds
            ]
            keepers = [self._others.pop(account) for account in unused]
            self._sweeping = bool(self._others)
            again = self._sweeping
        self._close_soon(keepers)
        if again:
            self._bureau.rounds.after(self._pause(), self._sweep)

    def _pause(self) -> float:
        return max(LEAST_SWEEP_SECONDS, self._rules.idle_seconds / SWEEPS)

    def _close_soon(self, keepers: Sequence[Keeper]) -> None:
        """Close them in threads of their own: an O2G that hangs must not keep those in use from being kept alive.

        However many there are, and however long O2G takes, the threads are few; what they have not come to waits.
        """
        with self._lock:
            self._unused.extend(keepers)
            for _ in range(min(len(self._unused), IDLE_AT_ONCE - len(self._closing))):
                thread = started(self._close_unused, "o2g-close-idle")  # under the lock: `close` joins what was started
                if thread is None:  # the next time, or at the end
                    log.warning("o2g.sessions_closed_later", sessions=len(self._unused))
                    return
                self._closing.add(thread)

    def _close_unused(self) -> None:
        gone: list[bool] = []
        try:
            while (keeper := self._next_unused()) is not None:
                _close((keeper,), Deadline.after(CLOSE_SECONDS), gone)
        finally:
            with self._lock:
                self._closing.discard(threading.current_thread())
            _tell(gone)

    def _next_unused(self) -> Keeper | None:
        with self._lock:
            if self._unused:
                return self._unused.popleft()
            self._closing.discard(threading.current_thread())  # at once: whoever comes next starts another thread
            return None


def _close(keepers: Sequence[Keeper], deadline: Deadline, gone: list[bool]) -> None:
    """Close one after the other, noting of each whether it is gone.

    Each is an errand of its own: where O2G does not answer, that is known after two, and the others take no time.
    """
    for keeper in keepers:
        gone.append(keeper.close(Deadline.after(min(CLOSE_SECONDS, deadline.remaining()))))


def _tell(gone: Sequence[bool]) -> None:
    """Log in one line how many sessions are left open at O2G."""
    if left := len(gone) - sum(gone):
        log.warning("o2g.sessions_left_open", sessions=left, meaning="O2G ends them when their time is over")
