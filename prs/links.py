"""Links: the one place where a screen's target becomes a signed address, and back.

An address names its screen in the path, for people, and carries a signed token over user, set, application, screen,
arguments and time, for us. What a phone or anyone between adds to the address is not believed and does no harm.
"""

import hashlib
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard
from urllib.parse import quote, urlencode

from itsdangerous import BadData, BadSignature, URLSafeTimedSerializer

from prs.errors import LinkAltered, LinkExpired, LinkOfAnother, LinkUsed

Argument = str | int | bool

PREFIX = "/phone"
ENTRY = "home"  # the screen at which an application opens
ADDRESS_CHARACTERS = 2_000  # the schema's limit of an address
KEPT = "~"  # no token has one in it; the token is the last of an address


@dataclass(frozen=True, slots=True)
class Link:
    """Where a key or line leads: a screen of an application, its arguments, and whether it works only once."""

    application: str
    screen: str
    arguments: tuple[tuple[str, Argument], ...] = ()
    once: bool = False


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom links are made for: only this user's set may follow them."""

    number: str
    device: str


class UsedLinks(Protocol):
    """Remembers which links that work once were used."""

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if it is taken already, by any worker."""


class LinkBuilder:
    """Makes and reads the addresses of one server."""

    def __init__(
        self,
        public_url: str,
        keys: Sequence[str],
        seconds: int,
        used: UsedLinks,
        parameter: str = "link",
        *,
        memory: str = "",
    ) -> None:
        """Take what links are made with.

        Args:
            public_url: the server's public address.
            keys: signing keys, oldest first: the last one signs, all of them verify.
            seconds: how long links live; a server's clock that is set back by no more spoils none.
            used: remembers which links were used.
            parameter: the dialect's name of the parameter that carries the token.
            memory: names that memory; another name after it has forgotten. A link that works once is believed only
                where the memory is the one that it was made with, since no other could know that it was used.
        """
        self._base = public_url.rstrip("/") + PREFIX
        self._seconds = seconds
        self._used = used
        self._parameter = parameter
        self._memory = memory
        self._serializer = URLSafeTimedSerializer(
            list(keys),
            salt="touchline.link",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def address(self, link: Link, holder: Holder) -> str:
        """Sign a link for its holder and give its whole address; an application's first screen needs no signature.

        A set that lies idle on its menu for hours opens what is pressed then, whatever the time.
        """
        if link == Link(link.application, ENTRY):
            return self.entry(link.application)
        payload: list[Any] = [holder.number, holder.device, link.application, link.screen, dict(link.arguments)]
        if link.once:
            payload.append(f"{self._memory}.{secrets.token_urlsafe(9)}")
        token = self._serializer.dumps(payload)
        assert isinstance(token, str)  # noqa: S101  (the stub says str or bytes)
        return f"{self._base}/{link.application}/{link.screen}?{urlencode({self._parameter: token})}"

    def again(self, application: str, screen: str, token: str) -> str:
        """Give the address of a request anew, for whoever made it to repeat it; nothing of it is believed thereby."""
        path = "/".join(quote(part, safe="") for part in (application, screen))
        return f"{self._base}/{path}?{urlencode({self._parameter: token})}"[:ADDRESS_CHARACTERS]

    def entry(self, application: str) -> str:
        """Give the address at which an application opens; it needs no signature and says nothing about anyone."""
        return f"{self._base}/{application}"

    def read(self, token: str, application: str, screen: str, holder: Holder) -> Link:
        """Verify a token and give the link it was made from.

        Raises:
            LinkAltered: not ours, changed, or of another screen.
            LinkExpired: older than links live.
            LinkOfAnother: made for another user or set.
        """
        link, owner, _ = self._open(token)
        if (link.application, link.screen) != (application, screen):
            raise LinkAltered
        if owner != holder:
            raise LinkOfAnother
        return link

    def made_for(self, token: str) -> Holder:
        """Verify a token and tell whom it was made for, also where O2G does not say who that is.

        Raises:
            LinkAltered: not ours, or changed.
            LinkExpired: older than links live.
        """
        return self._open(token)[1]

    def use(self, token: str) -> None:
        """Mark a link that works once as used; call it right before doing what the link asks for.

        Raises:
            LinkUsed: it was followed before.
            LinkExpired: whether it was followed before is forgotten.
        """
        _, _, nonce = self._open(token)
        if nonce is not None and nonce.partition(".")[0] != self._memory:
            raise LinkExpired
        if nonce is None or not self._used.claim(f"link:{nonce}", 2 * self._seconds):
            raise LinkUsed

    def _open(self, token: str) -> tuple[Link, Holder, str | None]:
        try:
            payload, made = self._serializer.loads(token, return_timestamp=True)
        except (BadSignature, BadData) as error:
            raise LinkAltered from error
        if abs(int(time.time()) - made.timestamp()) > self._seconds:  # less than nothing: the clock was set back
            raise LinkExpired
        if not _is_payload(payload):
            raise LinkAltered
        number, device, application, screen, arguments = payload[:5]
        nonce = payload[5] if len(payload) == 6 else None
        link = Link(application, screen, tuple(arguments.items()), once=nonce is not None)
        return link, Holder(number, device), nonce


def with_kept(address: str, name: str) -> str:
    """Add to the address of a link the name under which what was typed into its form is kept; empty: too long."""
    added = f"{address}{KEPT}{quote(name, safe='')}"
    return added if "?" in address and len(added) <= ADDRESS_CHARACTERS else ""


def parted(token: str | None) -> tuple[str | None, str]:
    """Part what came as a token from the name that `with_kept` added."""
    if token is None:
        return None, ""
    signed, _, name = token.partition(KEPT)
    return signed, name


def _is_payload(payload: object) -> TypeGuard[list[Any]]:
    """Tell whether a verified payload has the shape that this version writes; an older version's may differ."""
    return (
        isinstance(payload, list)
        and len(payload) in (5, 6)
        and all(isinstance(part, str) for part in (*payload[:4], *payload[5:]))
        and isinstance(payload[4], Mapping)
        and all(isinstance(value, str | int | bool) for value in payload[4].values())
    )
