"""`python -m benchmarks.o2g`: the O2G simulator's own figures, so that it never is what another benchmark measures."""

import argparse
import asyncio
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from simulators.o2g.process import RunningO2G, simulated_o2g

START_SECONDS, START_MEGABYTES = 20.0, 1536.0
READS, CHANNELS, EVENTS = 2000.0, 200, 1000.0
CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Figure:
    """Something measured, and the bound that it keeps."""

    name: str
    value: float
    bound: float
    unit: str
    at_most: bool = False

    @property
    def holds(self) -> bool:
        """Tell whether the bound is kept."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound

    def __str__(self) -> str:
        sign = "≤" if self.at_most else "≥"
        verdict = "" if self.holds else "   does not hold"
        return f"{self.name:<52}{self.value:>10,.1f} {self.unit:<8} ({sign} {self.bound:,.0f}){verdict}"


def start(users: int) -> list[Figure]:
    """Measure a start and the memory it takes, with a session that has used the large lists and indexes."""
    began = time.perf_counter()
    with simulated_o2g(users=users) as o2g:
        seconds = time.perf_counter() - began
        with _admin(o2g) as client:
            client.get("/logins").raise_for_status()
            wanted = {"filter": {"operation": "CONTAIN", "field": "lastName", "operand": "ma"}}
            client.post("/directory/search", json=wanted).raise_for_status()
            client.post("/directory/searchbydtmf", json={"lastName": "62", "keyboardType": "ITU"}).raise_for_status()
        return [
            Figure(f"start with {users:,} users", seconds, START_SECONDS, "s", at_most=True),
            Figure("memory then, indexes made", _megabytes(o2g.process.pid), START_MEGABYTES, "MB", at_most=True),
        ]


def reads(seconds: int) -> list[Figure]:
    """Measure reads over kept HTTPS connections; the simulator has one core, whoever asks another."""
    with simulated_o2g(users=1000) as o2g, _admin(o2g) as client:
        cookie = f"AlcUserId={client.cookies['AlcUserId']}"
        found = []
        for name, path in (
            ("a user's record", "/users/oxe70000"),
            ("a user's counters", "/eventSummary?loginName=oxe70000"),
            ("a user's telephony state", "/telephony/state?loginName=oxe70000"),
        ):
            address = f"{o2g.url}/api/rest/1.0{path}"
            asked = _wrk(address, cookie, seconds) if shutil.which("wrk") else _own(o2g, path, cookie, seconds)
            found.append(Figure(f"reads: {name}", asked, READS, "/s"))
        return found


def channels(seconds: int) -> list[Figure]:
    """Measure 200 event channels, each of which gets every event of 1,000 a second."""
    with simulated_o2g(users=1000) as o2g:
        return asyncio.run(_channels(o2g, seconds))


async def _channels(o2g: RunningO2G, seconds: int) -> list[Figure]:
    trust = ssl.create_default_context(cafile=str(o2g.ca))
    heard = [0] * CHANNELS
    with _admin(o2g) as client:
        urls = [_subscribe(client) for _ in range(CHANNELS)]
        streams = [await _open(url, trust) for url in urls]
        tasks = [asyncio.create_task(_listen(reader, heard, place)) for place, (reader, _) in enumerate(streams)]
        wanted = int(EVENTS * seconds)
        began = time.perf_counter()
        async with httpx.AsyncClient(base_url=o2g.control, timeout=60) as control:
            for step in range(seconds * 10):
                burst = {"count": int(EVENTS / 10), "loginNames": ["oxe70000", "oxe70001"]}
                (await control.post("/events", json=burst)).raise_for_status()
                await asyncio.sleep(max(0.0, began + (step + 1) / 10 - time.perf_counter()))
        while min(heard) < wanted and time.perf_counter() - began < seconds * 5:
            await asyncio.sleep(0.01)
        took = time.perf_counter() - began
        for task in tasks:
            task.cancel()
        for _, writer in streams:
            writer.close()
    return [
        Figure("event channels that heard every event", sum(count >= wanted for count in heard), CHANNELS, ""),
        Figure("events each of them heard", min(heard) / took, EVENTS * 0.98, "/s"),
        Figure("lines sent in all", sum(heard) / took, EVENTS * CHANNELS * 0.98, "/s"),
    ]


def _subscribe(client: httpx.Client) -> str:
    selectors = [{"ids": ["*"], "names": ["eventSummary"]}]
    answer = client.post(
        "/subscriptions", json={"version": "1.0", "timeout": 0, "filter": {"selectors": selectors}}
    ).raise_for_status()
    url: str = answer.json()["publicPollingUrl"]
    return url


async def _open(url: str, trust: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    target = httpx.URL(url)
    reader, writer = await asyncio.open_connection(target.host, target.port, ssl=trust, limit=2**22)
    writer.write(f"POST {target.raw_path.decode()} HTTP/1.1\r\nHost: o2g\r\nContent-Length: 0\r\n\r\n".encode())
    await reader.readuntil(b"Chunk started")
    return reader, writer


async def _listen(reader: asyncio.StreamReader, heard: list[int], place: int) -> None:
    rest = b""
    while part := await reader.read(2**20):
        text = rest + part
        heard[place] += text.count(b"OnEventSummaryUpdated")
        rest = text[-20:]  # shorter than the name, so that nothing is counted twice


def _wrk(address: str, cookie: str, seconds: int) -> float:
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", f"Cookie: {cookie}", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if "Non-2xx" in said:
        sys.exit(f"{address}: {said}")
    return float(said.split("Requests/sec:")[1].split()[0])


def _own(o2g: RunningO2G, path: str, cookie: str, seconds: int) -> float:
    return asyncio.run(_ask_for(o2g, path, cookie, seconds))


async def _ask_for(o2g: RunningO2G, path: str, cookie: str, seconds: int) -> float:
    """Ask over several connections, without a library's cost per request."""
    trust, target = ssl.create_default_context(cafile=str(o2g.ca)), httpx.URL(o2g.url)
    request = f"GET /api/rest/1.0{path} HTTP/1.1\r\nHost: o2g\r\nCookie: {cookie}\r\n\r\n".encode()
    end = time.perf_counter() + seconds

    async def ask() -> int:
        reader, writer = await asyncio.open_connection(target.host, target.port, ssl=trust)
        asked = 0
        while time.perf_counter() < end:
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
            asked += 1
        writer.close()
        return asked

    return sum(await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))) / seconds


@contextmanager
def _admin(o2g: RunningO2G) -> Iterator[httpx.Client]:
    trust = ssl.create_default_context(cafile=str(o2g.ca))
    authenticate = f"{o2g.url}/api/rest/authenticate?version=1.0"
    with httpx.Client(base_url=f"{o2g.url}/api/rest/1.0", verify=trust, timeout=30) as client:
        client.get(authenticate, auth=(o2g.login, o2g.password)).raise_for_status()
        client.post("/sessions", json={"applicationName": "benchmark"}).raise_for_status()
        yield client


def _megabytes(process: int) -> float:
    """Give a process's largest resident memory so far."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Print the figures; end with an error where a bound does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.o2g", description=__doc__)
    parser.add_argument("--users", type=int, default=100_000, metavar="N", help="users of the start (%(default)s)")
    parser.add_argument("--seconds", type=int, default=5, metavar="S", help="of each measurement (%(default)s)")
    arguments = parser.parse_args()
    figures: list[Figure] = []
    for found in (start(arguments.users), reads(arguments.seconds), channels(arguments.seconds)):
        for figure in found:
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
        figures += found
    if not all(figure.holds for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
