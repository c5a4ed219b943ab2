"""A house with an O2G on paper: it answers at once with whatever a test writes on it. For pages with hostile text in
them, thousands at a time; everything else in tests speaks to the O2G simulator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from prs.caller import CallerPolicy
from prs.dialect import load_dialect
from prs.language import Languages
from prs.links import LinkBuilder
from prs.models import phone_models
from prs.rendering import Renderer
from prs.request import RequestReader
from prs_apps.application import Application, House
from prs_apps.call_log import CallLog
from prs_apps.directory import Directory
from prs_apps.menu import Menu
from prs_apps.pace import Pace
from prs_apps.permission import Permission
from prs_apps.reception import Counter, Reception
from prs_apps.typed import TypedFields
from services.deadline import Deadline
from services.directory import KeypadQuery, NameQuery, Person, SearchProgress
from services.errors import NotFound, O2GError
from services.event_summary import EventSummary
from services.live.known import Known
from services.nodes import NodeLinks
from services.o2g import O2G
from services.users import Device, DeviceKind, User
from store.rates import Rates
from store.sealed import Sealed
from store.shared import InProcess, Shared
from tests.pages import Shown, parse_page
from tests.prs_apps.offering import EVERYBODY, NO_ORDERS, Offering

SECRET = "paper-secret-of-a-test"
NUMBER = "70000"
PUBLIC_URL = "https://phones.example"


@dataclass
class PaperO2G:
    """What O2G says in one test. An error written on it is raised instead."""

    first_name: str = "Anna"
    last_name: str = "Müller"
    station_type: str = "NOE_C_Color_IP"
    guiLanguage: str | None = "en"
    people: tuple[Person, ...] = ()
    finished: bool = True
    timed_out: bool = False
    failing: O2GError | None = None
    exists: bool = True
    nobody: O2GError | None = None  # what the question who somebody is ends with
    asked_for: int = 0  # how often that was asked
    devices: tuple[Device, ...] | None = None
    as_of: datetime = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
    live: bool = True
    nodes: NodeLinks = field(default_factory=NodeLinks)
    called: list[str] = field(default_factory=list)

    @property
    def users(self) -> "PaperO2G":
        return self

    @property
    def directory(self) -> "PaperO2G":
        return self

    @property
    def event_summary(self) -> "PaperO2G":
        return self

    @property
    def telephony(self) -> "PaperO2G":
        return self

    def by_number(self, number: str, deadline: Deadline) -> User:
        if not self.exists:
            raise NotFound
        if self.nobody is not None:
            deadline.check()
            self.asked_for += 1
            raise self.nobody
        own = (Device(number, DeviceKind.DESKPHONE, self.station_type, None),) if self.devices is None else self.devices
        return User("oxe" + number, number, self.first_name, self.last_name, "1", own, None)

    def language(self, login: str, deadline: Deadline) -> str | None:
        return self.guiLanguage

    def known(self, login: str, deadline: Deadline) -> Known[EventSummary]:
        if self.failing:
            raise self.failing
        return Known(EventSummary(3, None, 0, None, None, None, None), self.as_of, live=self.live)

    def search(
        self,
        login: str,
        query: NameQuery | KeypadQuery,
        deadline: Deadline,
        on_progress: Callable[[SearchProgress], None],
        wanted: Callable[[], bool],
    ) -> "PaperO2G":
        if self.failing:
            raise self.failing
        on_progress(self.progress())
        return self

    def progress(self) -> SearchProgress:
        return SearchProgress(self.people, self.finished, self.timed_out, None)

    def wait(self, count: int, deadline: Deadline) -> SearchProgress:
        return self.progress()

    def stop(self) -> None:
        """Nothing runs on paper."""

    def make_call(self, login: str, device: str, callee: str, deadline: Deadline) -> str | None:
        if self.failing:
            raise self.failing
        self.called.append(callee)
        return None


class PaperPhone:
    """A set in front of the paper house; each page that it is given is validated."""

    def __init__(
        self,
        paper: PaperO2G,
        secret: str = SECRET,
        *,
        permission: Permission | None = None,
        screens: int = 0,
        pace: Pace | None = None,
        shared: Shared | None = None,
        more: Sequence[Application] = (),
    ) -> None:
        pace = pace or Pace(Rates(), user=screens, server=0)
        self._client = _client(paper, permission or EVERYBODY, pace, shared or InProcess(), more)
        self._headers = {"X-PRS-Secret": secret}
        self.status = 0

    def get(self, address: str, **parameters: str) -> Shown:
        response = self._client.get(_path(address), query_string=_query(address) | parameters, headers=self._headers)
        self.status = response.status_code
        return parse_page(response.data)

    def ask(self, method: str, address: str) -> int:
        """Ask in a way that no set does, and give the status."""
        path, query = _path(address), _query(address)
        return self._client.open(path, method=method, query_string=query, headers=self._headers).status_code

    def post(self, address: str, *, number: str = NUMBER, **values: str) -> Shown:
        query = _query(address) | {"number": number}
        response = self._client.post(_path(address), query_string=query, data=values, headers=self._headers)
        self.status = response.status_code
        return parse_page(response.data)


def _path(address: str) -> str:
    return urlsplit(address).path


def _query(address: str) -> dict[str, str]:
    link = address.partition("link=")[2]
    return {"number": NUMBER} | ({"link": link} if link else {})


def _client(
    paper: PaperO2G, permission: Permission, pace: Pace, shared: Shared, more: Sequence[Application]
) -> FlaskClient:
    house = House(cast("O2G", paper), shared, UTC)
    dialect = load_dialect("noe")
    directory, call_log = Directory(house), CallLog(house)
    offering = Offering([directory, call_log, *more])
    counter = Counter(
        house=house,
        applications={
            "menu": Menu(house, offering, NO_ORDERS),
            "directory": directory,
            "call_log": call_log,
            **{one.manifest.id: one for one in more},
        },
        caller=CallerPolicy(SECRET, certificate=False),
        dialect=dialect,
        reader=RequestReader(dialect),
        links=LinkBuilder(PUBLIC_URL, ["k" * 32], 60, shared),
        models=phone_models(),
        languages=Languages(),
        renderer=Renderer(dialect),
        permission=permission,
        entries=offering,
        pace=pace,
        screen_seconds=2.5,
        served=lambda name, status, seconds: None,
        typed=TypedFields(Sealed(shared, ["k" * 32])),
        salt=b"salt",
    )
    app = Flask("paper", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    Reception(counter).open_doors(app)
    return app.test_client()
