"""Addresses that pages carry, and what the presentation server makes of them. Nothing in them is believed."""

from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

ADDRESS_CHARACTERS: Final = 4000
# What may stand in an address as it is; everything else is percent-encoded, so that it stays one line of ASCII.
_KEPT: Final = "%:/?#[]@!$&'()*+,;=~"


class AddressRefused(Exception):
    """An address leads somewhere a page of Touchline must not lead. The message says why."""


class Origin:
    """Touchline's origin: scheme, host and port. Only addresses under it are ever asked for."""

    def __init__(self, url: str) -> None:
        """Take Touchline's address, such as `https://touchline.example:8443`.

        Raises:
            AddressRefused: it is no https address, or has a path, a query or credentials.
        """
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
            raise AddressRefused("Touchline is asked over https only: https://host:port")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise AddressRefused("Touchline's address is https://host:port, without a path")
        try:
            self._port = _port(url)
        except ValueError as error:
            raise AddressRefused("the port is a number from 1 to 65535") from error
        self._host = parts.hostname
        self.url = f"https://{parts.netloc}"

    def addressed(self, url: str, parameters: dict[str, str]) -> str:
        """Give the address to ask for: under this origin, with the server's own parameters, none of them spoken for.

        Args:
            url: as a page gave it.
            parameters: what the presentation server adds to the query; a parameter of the same name in `url` is
                dropped, so that no page can speak for another phone.

        Raises:
            AddressRefused: `url` is not https, not under this origin, carries credentials, or is too long.
        """
        if len(url) > ADDRESS_CHARACTERS:
            raise AddressRefused(f"the address is longer than {ADDRESS_CHARACTERS} characters")
        try:
            parts = urlsplit(url)
            same = parts.hostname == self._host and _port(url) == self._port
        except ValueError as error:
            raise AddressRefused("the address cannot be read") from error
        if parts.scheme != "https":
            raise AddressRefused("the address is not https")
        if "@" in parts.netloc or "\\" in url:
            raise AddressRefused("the address carries credentials or a backslash")
        if not same:
            raise AddressRefused(f"the address leads to another place than {self.url}")
        kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in parameters]
        query = urlencode([*kept, *((key, value) for key, value in parameters.items() if value)])
        return urlunsplit(("https", urlsplit(self.url).netloc, quote(parts.path or "/", safe=_KEPT), query, ""))


def _port(url: str) -> int:
    return urlsplit(url).port or 443
