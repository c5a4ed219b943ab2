"""Where faults happen: Touchline as it is served, one beside it that asks O2G for everything, and fresh people."""

import contextlib
import ssl
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from prs.models import phone_models
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GError
from services.o2g import O2G
from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline
from store.database import Database
from store.messages import MessagesInDatabase
from tests.faults.catalogue import Patient
from tests.faults.ways import USUAL, Way
from tests.house import Simulator, prs_client
from tests.walks import users_of

PEOPLE = 60_000
SUPERVISORS = users_of("agent")
WITH_MAILBOX = ("voicemail", "forwarding", "calls")  # whose walks need one
STRANGERS_ONLY = 70_100  # below are those whom walks call by name
SETTINGS = {"TOUCHLINE_VOICEMAIL_TRIES": "20"}
ASKS_O2G = {"TOUCHLINE_LIVE_STATE": "off", "TOUCHLINE_USER_CACHE_SECONDS": "0"}


class OwnWorld(Simulator):
    """What one user's walk does in the world; the calls of others, who walk at the same time, go on."""

    def __init__(self, url: str, number: str) -> None:
        super().__init__(url)
        self._number = number

    def end_calls(self) -> None:
        for call in self._get("/calls?inProgress=true")["calls"]:
            if self._number in (call["caller"], call["callee"]):
                with contextlib.suppress(httpx.HTTPStatusError):  # it ended by itself meanwhile
                    self.end_call(str(call["callRef"]))


class People:
    """Gives each walk somebody who has not walked before, so that it begins as its user never touched anything."""

    def __init__(self, control: str) -> None:
        self._families: dict[str, Iterator[str]] = {}
        self._passed_over: defaultdict[str, list[str]] = defaultdict(list)
        self._control = control
        with httpx.Client(base_url=control, timeout=30) as client:
            self._all = client.get("/people", params={"limit": PEOPLE}).json()["people"]

    def next(self, family: str, *, with_mailbox: bool = True) -> str:
        """Give the next one with a set of that family: English, on the first node; with a voice message once heard."""
        if not with_mailbox and self._passed_over[family]:
            return self._passed_over[family].pop()
        for number in self._families.setdefault(family, self._english(family)):
            if not with_mailbox or self._has_heard_a_message(number):
                return number
            self._passed_over[family].append(number)
        raise AssertionError(f"no more people with a set of the family {family}")

    def _has_heard_a_message(self, number: str) -> bool:
        box = httpx.get(f"{self._control}/users/{number}/mailbox")
        return box.is_success and not all(message["unread"] for message in box.json()["messages"])

    def _english(self, family: str) -> Iterator[str]:
        for person in self._all:
            desk = next((device for device in person["devices"] if device["type"] == "DESKPHONE"), None)
            if desk is None or person["language"] != "en" or person["nodeId"] != "1":
                continue
            if int(person["number"]) >= STRANGERS_ONLY and phone_models().of(desk["subType"]).family == family:
                yield person["number"]


@dataclass(frozen=True, slots=True)
class FaultyHouse:
    """What runs.

    Attributes:
        house: Touchline and O2G.
        truth: a client of a Touchline without live state or memory, to compare with.
        o2g: O2G asked directly, as nobody's phone.
    """

    house: DemoHouse
    truth: httpx.Client
    patient: Patient
    people: People
    o2g: O2G
    kept: MessagesInDatabase

    def client(self) -> httpx.Client:
        return prs_client(self.house)

    def control(self) -> httpx.Client:
        return httpx.Client(base_url=self.house.o2g.control, timeout=30)

    def user(self, application: str, family: str) -> tuple[str, str]:
        """Choose who walks: the number, and the family of the set."""
        if application == "agent":
            return SUPERVISORS[family], family
        if application == "this_set" and family == "large_colour":
            family = "large"  # the walk's colour set is in a hunting group from the beginning
        number = self.people.next(family, with_mailbox=application in WITH_MAILBOX)
        return number, family

    def texts_at_o2g(self, number: str) -> list[str]:
        """Read a user's messages out of O2G, which erases them."""
        texts: list[str] = []
        deadline = Deadline.after(20)
        while deadline.remaining():
            with contextlib.suppress(O2GError):
                if (
                    self.o2g.mini_messages.read_next(
                        f"oxe{number}", lambda message: texts.append(message.text), deadline
                    )
                    is None
                ):
                    return texts
        raise AssertionError("O2G does not tell what waits")

    def texts_kept(self, number: str) -> list[str]:
        return [message.text for message in self.kept.page(f"oxe{number}", 0, 1000).messages]

    def told_of(self, number: str) -> int:
        """Count the messages of which the user is told, in a while, that they may be lost."""
        return len(self.kept.interrupted(f"oxe{number}", datetime.now(UTC) + timedelta(days=1)))


@contextmanager
def faulty_house(way: Way = USUAL) -> Iterator[FaultyHouse]:
    """Run it, served in one of the ways, until the context ends."""
    with ExitStack() as stack:
        prepared = stack.enter_context(way.prepared())
        house = stack.enter_context(
            demo_house(
                users=PEOPLE,
                settings=SETTINGS | dict(prepared.settings),
                ports=(prepared.o2g_port, 0, 0),
                o2g_options=prepared.o2g_options,
            )
        )
        alone = {name: value for name, value in house.settings.items() if name not in prepared.settings}
        alone["TOUCHLINE_O2G_URL"] = house.o2g.url
        beside = stack.enter_context(touchline(alone | ASKS_O2G, free_port()))
        trust = ssl.create_default_context(cafile=str(house.certificates.ca))
        trust.load_cert_chain(house.certificates.prs_cert, house.certificates.prs_key)
        truth = stack.enter_context(
            httpx.Client(verify=trust, base_url=beside.url, headers={"X-PRS-Secret": beside.secret}, timeout=15)
        )
        endpoint = O2GEndpoint(house.o2g.url, house.o2g.login, house.o2g.password, ca=house.o2g.ca)
        o2g = O2G(endpoint, user_cache_seconds=0)
        database = Database(house.settings["TOUCHLINE_DATABASE_URL"])
        patient = Patient(house.o2g, prepared.relay)
        for close in (patient.close, database.close, o2g.close):
            stack.callback(close)
        yield FaultyHouse(house, truth, patient, People(house.o2g.control), o2g, MessagesInDatabase(database))
