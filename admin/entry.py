"""Who gets in: login, password and second factor against the accounts; whoever guesses is locked out.

Every refusal is the same to whoever tries: a login that does not exist, a wrong password, a wrong code, an account that
is locked or off. Each takes one password's time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from admin.passwords import Passwords, TooManyAtOnce
from admin.second_factor import digest_of, step_of
from store.administrators import Administrator, Administrators, login_of
from store.rates import Allowance

LONGEST_CODE = 40  # characters

log = structlog.get_logger(__name__)


class Counts(Protocol):
    """Counts what is done (`store.rates`)."""

    def take(self, allowance: Allowance, name: str) -> bool:
        """Count one of a kind for a name; False where that would be too many."""


@dataclass(frozen=True, slots=True)
class Bolts:
    """What stands against guessing.

    Attributes:
        tries: wrong ones in a row before an account is locked.
        address_tries: tries of one address, right ones included, in the time of a lock; 0: any number.
        lock: how long an account is locked.
    """

    tries: int = 5
    address_tries: int = 30
    lock: timedelta = timedelta(minutes=15)


class TooManyTries(Exception):
    """This address has tried too often; nothing was looked at."""


class Entry:
    """Lets administrators in."""

    def __init__(
        self,
        accounts: Administrators,
        passwords: Passwords,
        counts: Counts,
        bolts: Bolts,
        now: Callable[[], datetime],
    ) -> None:
        """Take the accounts, what checks passwords and counts tries, what stands against guessing, and the clock."""
        self.accounts = accounts
        self.passwords = passwords
        self.bolts = bolts
        self._counts = counts
        self._now = now

    def let_in(self, login: str, password: str, code: str, address: str) -> Administrator | None:
        """Check login, password and code; None where any of it is wrong, without saying what.

        Args:
            login, password: as typed.
            code: six digits, or a recovery code; anything where the account has no second factor.
            address: where the request comes from.

        Raises:
            TooManyTries, TooManyAtOnce: nothing was looked at.
            StoreGone: the accounts cannot be reached.
        """
        allowance = Allowance("admin-sign-in", self.bolts.address_tries, int(self.bolts.lock.total_seconds()))
        if not self._counts.take(allowance, address):
            raise TooManyTries
        seen = self._account(login)
        fits = self.passwords.fits(seen.password_hash if seen else None, password)
        # Others may have tried while this password waited for its turn: what counts is how the account is now.
        account = self._begun(seen)
        if account is not None:
            if fits and self._second(account, code) and self.accounts.note_right(account.login, self._now()):
                self._renew(account, password)
                log.info("admin.signed_in", role=account.role.value)
                return account
            self._count_wrong(account.login)
        log.warning("admin.not_let_in", locked=seen is not None and account is None)
        return None

    def is_password_of(self, account: Administrator, password: str) -> bool:
        """Tell whether somebody who is in already knows their password; wrong ones count and lock as at the door.

        Raises:
            TooManyAtOnce, StoreGone: see there.
        """
        fits = self.passwords.fits(account.password_hash, password)
        if self._begun(account) is None:
            return False
        if fits and self.accounts.note_right(account.login, self._now(), signed_in=False):
            return True
        self._count_wrong(account.login)
        return False

    def _begun(self, seen: Administrator | None) -> Administrator | None:
        """Count a try of an account; None where it may not be used, or has another password than the one checked."""
        if seen is None or not seen.enabled:
            return None
        account = self.accounts.begin_try(seen.login, most=self.bolts.tries, lock=self.bolts.lock, now=self._now())
        same = account is not None and account.enabled and account.password_hash == seen.password_hash
        return account if same else None

    def _count_wrong(self, login: str) -> None:
        """End a try as wrong; one too many locks the account."""
        self.accounts.note_failure(login, most=self.bolts.tries, lock=self.bolts.lock, now=self._now())

    def _account(self, login: str) -> Administrator | None:
        try:
            return self.accounts.get(login_of(login))
        except ValueError:
            return None

    def _second(self, account: Administrator, code: str) -> bool:
        if not account.has_totp:
            return True
        code = code.strip()[:LONGEST_CODE]
        step = None if account.totp_secret is None else step_of(account.totp_secret, code, self._now())
        if step is not None:
            return self.accounts.use_totp(account.login, step)
        return self.accounts.use_recovery(account.login, digest_of(code), now=self._now())

    def _renew(self, account: Administrator, password: str) -> None:
        """Keep hash and second factor as this version would; somebody is in already, whatever comes of it."""
        if account.old_key:
            self.accounts.reseal()
        if self.passwords.outdated(account.password_hash):
            try:
                self.accounts.rehash(account.login, account.password_hash, self.passwords.hash(password))
            except TooManyAtOnce:
                log.info("admin.not_hashed_anew")  # the next time will do
