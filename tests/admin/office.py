"""The administration as a person uses it, without a browser: pages are fetched, forms are filled in and sent."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pyotp
from lxml import html
from pydantic import SecretStr

from admin.passwords import Passwords
from admin.second_factor import digest_of
from simulators.demo.house import DemoHouse
from store.administrators import Administrator, Administrators, Role
from store.database import Database
from store.sealed import Seals

PASSWORD = "four words make a password"
RECOVERY = "aaaa-bbbb-cccc-dddd"


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as a browser has it: its status, where it is, its tree."""

    status: int
    address: str
    answer: httpx.Response

    @property
    def tree(self) -> Any:
        return html.fromstring(self.answer.text)

    @property
    def title(self) -> str:
        return self.all("//h1")[0]

    @property
    def text(self) -> str:
        return " ".join(self.tree.find(".//main").text_content().split())

    @property
    def alert(self) -> str:
        """What a screen reader says first."""
        return " ".join(self.all("//*[@role='alert']"))

    @property
    def done(self) -> str:
        """What a screen reader says when it has time."""
        return " ".join(self.all("//*[@role='status']"))

    def all(self, path: str) -> list[str]:
        """The texts of all elements of an XPath."""
        return [" ".join(found.text_content().split()) for found in self.tree.xpath(path)]

    def form(self, action: str = "") -> Any:
        """Find a form with a button beside the one of signing out; by the end of its action where there are several."""
        forms = [f for f in self.tree.forms if not str(f.action or "").endswith("/sign-out") and f.method == "POST"]
        return next(form for form in forms if str(form.action or "").endswith(action))


class Office:
    """A browser without a window: cookies, pages, forms."""

    def __init__(self, house: DemoHouse) -> None:
        trust = ssl.create_default_context(cafile=str(house.certificates.ca))
        self.http = httpx.Client(verify=trust, base_url=house.touchline.url, timeout=20)

    def open(self, path: str) -> Shown:
        """Open a page, wherever it leads."""
        return self._shown(self.http.get(path, follow_redirects=True))

    def send(self, page: Shown, action: str = "", press: dict[str, str] | None = None, **typed: Any) -> Shown:
        """Fill in a form of a page and send it, pressing a button that has a name, where one is given."""
        form = page.form(action)
        for name, value in typed.items():
            form.fields[name] = value
        values: list[tuple[str, str]] = [*form.form_values(), *(press or {}).items()]
        to = httpx.URL(page.address).join(form.action or "")
        data: dict[str, list[str]] = {}
        for name, value in values:
            data.setdefault(name, []).append(value)
        return self._shown(self.http.post(to, data=data, follow_redirects=True))

    def sign_in(self, login: str, code: str = "", password: str = PASSWORD) -> Shown:
        return self.send(self.open("/admin/sign-in"), login=login, password=password, code=code)

    def close(self) -> None:
        self.http.close()

    def _shown(self, answer: httpx.Response) -> Shown:
        return Shown(answer.status_code, str(answer.url), answer)


class Staff:
    """The accounts of a running house, as the command line makes them."""

    def __init__(self, house: DemoHouse) -> None:
        keys = house.settings["TOUCHLINE_LINK_KEYS"].strip('[]"')
        self.database = Database(house.settings["TOUCHLINE_DATABASE_URL"])
        self.accounts = Administrators(self.database, Seals([SecretStr(keys).get_secret_value()]))
        self._hashed = Passwords().hash(PASSWORD)

    def hire(self, login: str, role: Role = Role.ADMINISTRATOR, *, factor: bool = True) -> str:
        """Make an account with a second factor; gives its secret, from which codes are made."""
        now = datetime.now(UTC)
        self.accounts.add(login, role, self._hashed, by="a test", now=now)
        secret = pyotp.random_base32()
        if factor:
            self.accounts.set_totp(login, secret, recovery=[digest_of(RECOVERY)], by="a test", now=now)
        return secret

    def of(self, login: str) -> Administrator:
        found = self.accounts.get(login)
        assert found is not None
        return found
