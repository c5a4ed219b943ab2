"""Time the screens of the demo world, as one phone after another asks for them over kept HTTPS connections."""

import argparse
import itertools
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
from lxml import etree

from simulators.demo.house import DemoHouse, demo_house
from simulators.demo.touchline import free_port, touchline

NAMESPACE = {"p": "urn:touchline:noe:1"}
NAMES = ("ma", "be", "sch", "le", "du", "ro", "sa", "ha", "mu", "ko")
FIRST_PAGE_MS, PAGING_MS = 400.0, 50.0


class TimedPhone:
    """A set that notes how long each of its requests took; reading the page is not counted."""

    def __init__(self, client: httpx.Client, number: str) -> None:
        """Take the connection and the directory number."""
        self._client = client
        self._number = number
        self.page: etree._Element = etree.Element("none")
        self.body = b""

    def get(self, address: str) -> float:
        """Ask for a page and give the milliseconds it took."""
        return self._timed(self._client.get, address)

    def post(self, address: str, values: dict[str, str]) -> float:
        """Send a form and give the milliseconds it took."""
        return self._timed(lambda url: self._client.post(url, data=values), address)

    def find(self, path: str) -> str:
        """Give an attribute of the page, such as the address of a key; empty if there is none."""
        found = self.page.xpath(path, namespaces=NAMESPACE)
        return str(found[0]) if isinstance(found, list) and found else ""

    def _timed(self, ask: Callable[[httpx.URL], httpx.Response], address: str) -> float:
        url = httpx.URL(address).copy_add_param("number", self._number)
        began = time.perf_counter()
        response = ask(url)
        took = (time.perf_counter() - began) * 1000
        if response.status_code != httpx.codes.OK:
            sys.exit(f"{address.split('?')[0]} answered {response.status_code}: {response.text[:400]}")
        self.body = response.content
        self.page = etree.fromstring(response.content, etree.XMLParser(resolve_entities=False, no_network=True))
        return took


def settle(phone: TimedPhone) -> None:
    """Wait until a search has found all."""
    while address := phone.find("//p:IdleTimer/@href"):
        time.sleep(0.1)
        phone.get(address)


def measure(phone: TimedPhone, rounds: int, base: str) -> dict[str, list[float]]:
    """Walk through the directory `rounds` times and give the milliseconds of each step."""
    times: dict[str, list[float]] = {name: [] for name in ("menu", "form", "search, first page", "paging", "card")}
    names: Iterator[str] = itertools.cycle(NAMES)
    for _ in range(rounds):
        times["menu"].append(phone.get(f"{base}/phone/"))
        times["form"].append(phone.get(f"{base}/phone/directory"))
        form = phone.find("//p:FrameBox/@href")
        times["search, first page"].append(phone.post(form, {"last_name": next(names), "first_name": ""}))
        settle(phone)
        for key in ("right", "right", "left", "left"):
            if address := phone.find(f"//p:Key[@name='{key}']/@href"):
                times["paging"].append(phone.get(address))
        if address := phone.find("//p:ListBox/p:Item[1]/@href"):
            times["card"].append(phone.get(address))
    return times


def report(times: dict[str, list[float]]) -> None:
    """Print each step's figures."""
    print(f"{'step':<22}{'n':>5}{'median ms':>12}{'p95 ms':>10}{'max ms':>10}")
    for name, taken in times.items():
        ordered = sorted(taken)
        p95 = ordered[max(0, round(len(ordered) * 0.95) - 1)]
        print(f"{name:<22}{len(taken):>5}{statistics.median(taken):>12.1f}{p95:>10.1f}{ordered[-1]:>10.1f}")


def floor_times(house: DemoHouse, phone: TimedPhone, rounds: int, stack: ExitStack) -> list[float]:
    """Time the bare floor, serving the page that the phone shows, in the same run."""
    page = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "page.xml"
    page.write_bytes(phone.body)
    settings = dict(house.settings) | {"FLOOR_PAGE": str(page)}
    floor = stack.enter_context(touchline(settings, free_port(), application="benchmarks.floor:create_app()"))
    client = stack.enter_context(prs_client(house))
    timed = TimedPhone(client, "70000")
    timed.get(f"{floor.url}/page")
    return [timed.get(f"{floor.url}/page") for _ in range(rounds)]


def prs_client(house: DemoHouse) -> httpx.Client:
    """Make a connection like the presentation server's."""
    trust = ssl.create_default_context(cafile=str(house.certificates.ca))
    trust.load_cert_chain(house.certificates.prs_cert, house.certificates.prs_key)
    return httpx.Client(verify=trust, headers={"X-PRS-Secret": house.touchline.secret}, timeout=10)


def main() -> None:
    """Measure and print; end with 1 where a promised figure is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--users", type=int, default=2000, help="people of the demo world")
    arguments.add_argument("--latency-ms", type=int, default=20, help="how long the O2G simulator takes for each call")
    arguments.add_argument("--rounds", type=int, default=30)
    chosen = arguments.parse_args()
    with ExitStack() as stack:
        house = stack.enter_context(
            demo_house(users=chosen.users, o2g_options=("--latency-ms", str(chosen.latency_ms)))
        )
        phone = TimedPhone(stack.enter_context(prs_client(house)), "70000")
        measure(phone, 2, house.touchline.url)
        times = measure(phone, chosen.rounds, house.touchline.url)
        phone.get(f"{house.touchline.url}/phone/directory")
        times["floor: bare Flask"] = floor_times(house, phone, chosen.rounds * 4, stack)
    print(f"{chosen.users} people, O2G answers each call in {chosen.latency_ms} ms, one phone, HTTPS kept")
    report(times)
    missed = [
        f"{name}: median {statistics.median(times[name]):.1f} ms, promised under {limit:.0f} ms"
        for name, limit in (("search, first page", FIRST_PAGE_MS), ("paging", PAGING_MS))
        if statistics.median(times[name]) >= limit
    ]
    print("\n".join(missed) if missed else "The promised figures hold.")
    sys.exit(bool(missed))


if __name__ == "__main__":
    main()
