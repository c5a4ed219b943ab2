"""Licences: what is installed, who holds what, and who is refused (L40 to L50, L54).

Where the reference leaves it open, our reading: by default nothing is limited; when `--licences` names one, those that
it does not name stay unlimited. An administrator's `*` in a subscription takes a licence for every user of the world.
"""

from collections.abc import Collection, Iterable, Mapping

from simulators.o2g.rules.sessions import Session
from simulators.o2g.wire.answers import Refusal, not_allowed, telephony
from simulators.o2g.wire.operations import LicenceRule, Operation

BASIC = "ROXE_API_TEL_BASIC"
ADVANCED = "ROXE_API_TEL_ADVANCED"
AGENT = "ROXE_API_CONTACTCENTER_AGENT"
MANAGEMENT = "ROXE_API_MANAGEMENT"
PER_USER = (ADVANCED, "ROXE_API_MESSAGING", "ROXE_API_PHONESETPROG", AGENT)
PRESENT = ("ROXE_API_CONTACTCENTER_SVCS", "ROXE_API_ANALYTICS")
NAMES = (BASIC, *PER_USER, *PRESENT, MANAGEMENT, "ROXE_HA")
WITHOUT_FILE = {**dict.fromkeys(NAMES, 0), BASIC: 5, ADVANCED: 1}  # (L49)
LMS_USER, LMS_MANAGEMENT, LMS_SERVICES_COST = "api-tel-f", "api-management-f", 40  # (L43, L47)
LMS_NAMES = (LMS_USER, LMS_MANAGEMENT)
ENOUGH_FOR_CHANGES = 1.1  # (L50)
NO_FILE = "none"


def installed(text: str) -> dict[str, int]:
    """Read `--licences`: empty for unlimited, `none` for a server without a licence file, else `NAME=N,…`.

    Raises:
        ValueError: an unknown name or a number that is none.
    """
    if text == NO_FILE:
        return dict(WITHOUT_FILE)
    counts = {}
    for part in filter(None, text.split(",")):
        name, _, count = part.partition("=")
        if name not in NAMES + LMS_NAMES or not count.isdecimal():
            raise ValueError(f"{part}: wanted NAME=N, with a name of {', '.join(NAMES + LMS_NAMES)}")
        counts[name] = int(count)
    return counts


class Licences:
    """Who holds which licence: once per user however many sessions, until the last session that uses it ends (L41)."""

    def __init__(self, installed: Mapping[str, int], users: int) -> None:
        """Take how many there are of those that are limited, and how many subscribers the OXEs have."""
        self._installed = installed
        self._users = users
        self._holders: dict[str, dict[str, set[str]]] = {}
        self._of_holder: dict[str, set[tuple[str, str]]] = {}

    @property
    def lms(self) -> bool:
        """Tell whether licences are counted in LMS's terms (OPEX)."""
        return any(name in self._installed for name in LMS_NAMES)

    def installed(self, name: str) -> int | None:
        """Give how many there are; None for unlimited."""
        if name in self._installed:
            return self._installed[name]
        return 0 if self._installed == WITHOUT_FILE else None

    def used(self, name: str) -> int:
        """Give how many users hold one."""
        return len(self._holders.get(name, {}))

    def all_used(self) -> dict[str, list[str]]:
        """Give who holds each that is held."""
        return {name: sorted(holders) for name, holders in self._holders.items() if holders}

    def present(self, name: str) -> bool:
        """Tell whether there is at least one."""
        return self.installed(name) != 0

    def admit(self, operation: Operation, session: Session, login: str | None) -> None:
        """Take what an operation needs for the user it is about (None: for nobody).

        Raises:
            Refusal: 403, there is no licence (left).
        """
        if session.bypasses or operation.rule is LicenceRule.FREE:
            return
        if operation.rule is LicenceRule.PRESENT:
            if not self._services_allowed(operation.licences):
                raise _refused(operation.licences[0])
        elif operation.rule is LicenceRule.ALL_USERS:
            limit = self.installed(LMS_MANAGEMENT if self.lms else MANAGEMENT)
            if limit is not None and operation.method != "GET" and self._users > limit * ENOUGH_FOR_CHANGES:
                raise _refused(MANAGEMENT)
        elif login is not None and len(operation.licences) == 1:
            self.take(operation.licences[0], session, [login])

    def admit_basic_call(self, session: Session, login: str, calls: int) -> None:
        """Take a basic telephony licence for a user without an advanced one, who has so many calls already (L54).

        Raises:
            Refusal: 403, a user with a basic licence only may have one call, or there is no licence left.
        """
        advanced = self.installed(ADVANCED)
        if session.bypasses or advanced is None or login in self._holders.get(ADVANCED, {}):
            return
        if calls:
            details = telephony("UNAUTHORIZED", "UNKNOWN", "a basic telephony licence allows one call")
            raise not_allowed("a basic telephony licence allows one call", details)
        self.take(BASIC, session, [login])

    def take(self, name: str, session: Session, logins: Iterable[str]) -> None:
        """Take a licence for each of these users, or for none of them.

        Raises:
            Refusal: 403, there are not enough left.
        """
        counted = LMS_USER if self.lms and name in PER_USER else name
        limit = self.installed(counted)
        if limit is None or session.bypasses:
            return
        holders = self._holders.setdefault(counted, {})
        wanted = set(logins)
        if len(holders) + len(wanted - holders.keys()) > limit:
            raise _refused(counted)
        self._hold(session.cookie, counted, wanted)

    def take_for(self, holder: str, wanted: Mapping[str, Collection[str]], session: Session) -> None:
        """Take licences for a subscription, in the place of what it held (L44): all that it wants, or none.

        Args:
            holder: the subscription's id.
            wanted: of each licence, the users for whom it is wanted.
            session: the session whose subscription it is.

        Raises:
            Refusal: 403, there are not enough left.
        """
        if session.bypasses:
            return
        counted: dict[str, set[str]] = {}
        for name, logins in wanted.items():
            counted.setdefault(LMS_USER if self.lms and name in PER_USER else name, set()).update(logins)
        for name, logins in counted.items():
            limit = self.installed(name)
            kept = {login for login, holders in self._holders.get(name, {}).items() if holders - {holder}}
            if limit is not None and len(kept | logins) > limit:
                raise _refused(name)
        self.give_back(holder)
        for name, logins in counted.items():
            if self.installed(name) is not None:
                self._hold(holder, name, logins)

    def release(self, session: Session) -> None:
        """Give back what a session held and no other session of the user uses (L28)."""
        self.give_back(session.cookie)

    def give_back(self, holder: str) -> None:
        """Give back what a session or a subscription held and no other one of the user uses."""
        for name, login in self._of_holder.pop(holder, ()):
            holders = self._holders[name]
            holders[login].discard(holder)
            if not holders[login]:
                del holders[login]

    def _hold(self, holder: str, name: str, logins: Iterable[str]) -> None:
        holders = self._holders.setdefault(name, {})
        for login in logins:
            holders.setdefault(login, set()).add(holder)
            self._of_holder.setdefault(holder, set()).add((name, login))

    def _services_allowed(self, names: tuple[str, ...]) -> bool:
        if self.lms:
            limit = self._installed.get(LMS_USER, 0)
            return limit - self.used(LMS_USER) >= LMS_SERVICES_COST
        return all(self.present(name) for name in names)


def _refused(name: str) -> Refusal:
    return not_allowed(f"no {name} licence is left")
