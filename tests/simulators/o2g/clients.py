"""O2G's clients, as the simulator's tests use them: sessions over HTTPS, and an event channel read in a thread."""

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx

from simulators.o2g.process import RunningO2G
from tests.simulators.o2g import contract

PATIENCE = 10.0  # seconds, for what must come
Json = dict[str, Any]


def until(true: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.01)


def trusting(o2g: RunningO2G) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(o2g.ca))


def anonymous(o2g: RunningO2G, trust: ssl.SSLContext | None = None) -> httpx.Client:
    """Make a client that has not authenticated. Every answer it gets must keep to the reference."""
    return httpx.Client(
        base_url=f"{o2g.url}/api/rest/1.0",
        verify=trust or trusting(o2g),
        timeout=PATIENCE,
        event_hooks={"response": [_keeps_to_the_reference]},
    )


def _keeps_to_the_reference(answer: httpx.Response) -> None:
    answer.read()
    faults = contract.faults_of_answer(answer)
    assert not faults, f"{answer.request.method} {answer.request.url.path} {answer.status_code}: {faults}"


def authenticate(client: httpx.Client, login: str, password: str) -> httpx.Response:
    """Ask for a credential; the client keeps it as a cookie."""
    root = client.base_url.copy_with(path="/api/rest/authenticate")
    return client.get(root, params={"version": "1.0"}, auth=(login, password))


@contextmanager
def session(
    o2g: RunningO2G, login: str, password: str, trust: ssl.SSLContext | None = None, **wanted: object
) -> Iterator[httpx.Client]:
    """Open a session until the context ends; `wanted` are further keys of the request."""
    with anonymous(o2g, trust) as client:
        authenticate(client, login, password).raise_for_status()
        client.post("/sessions", json={"applicationName": "tests", **wanted}).raise_for_status()
        yield client
        client.delete("/sessions")


def subscribe(client: httpx.Client, *names: str, ids: list[str] | None = None, timeout: int = 0) -> Json:
    """Subscribe to packages or events, of everybody unless `ids` says whom; give O2G's answer."""
    selectors = [{"names": [name], "ids": ["*"] if ids is None else ids} for name in names]
    wanted = {"filter": {"selectors": selectors}, "version": "1.0", "timeout": timeout}
    answer = client.post("/subscriptions", json=wanted)
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


class Channel:
    """An open event channel; what it has heard is in `events`."""

    def __init__(self, url: str, trust: ssl.SSLContext, method: str = "POST") -> None:
        self.events: list[Json] = []
        self.ended = threading.Event()
        self._changed = threading.Condition()
        self._client = httpx.Client(verify=trust, timeout=httpx.Timeout(PATIENCE, read=None))
        self._stream = self._client.stream(method, url)
        self.answer = self._stream.__enter__()
        threading.Thread(target=self._read, daemon=True).start()

    def named(self, name: str, **fields: object) -> list[Json]:
        """Give the events of that name whose fields have these values."""
        return [e for e in list(self.events) if e["eventName"] == name and fields.items() <= e.items()]

    def wait_for(self, name: str, **fields: object) -> Json:
        """Wait for an event of that name whose fields have these values; give the first."""
        return self.wait_until(lambda: self.named(name, **fields), f"{name} {fields}")[0]

    def wait_until(self, found: Callable[[], list[Json]], what: str) -> list[Json]:
        """Wait until `found` finds something."""
        end = time.monotonic() + PATIENCE
        with self._changed:
            while not (there := found()):
                left = end - time.monotonic()
                assert left > 0, f"{what} did not come; heard {[e['eventName'] for e in self.events]}"
                self._changed.wait(left)
        return there

    def close(self) -> None:
        """Hang up. The socket is shut first, since closing it would wait for the thread that reads it."""
        stream = self.answer.extensions.get("network_stream")
        connection = stream.get_extra_info("socket") if stream is not None else None
        if connection is not None:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.ended.wait(PATIENCE)
        self._stream.__exit__(None, None, None)
        self._client.close()

    def _read(self) -> None:
        try:
            for line in self.answer.iter_lines():
                with self._changed:
                    self.events.append(json.loads(line))
                    self._changed.notify_all()
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError):
            pass  # closed by the test, or cut on purpose
        finally:
            self.ended.set()


@contextmanager
def channel(
    o2g: RunningO2G, client: httpx.Client, *names: str, ids: list[str] | None = None, timeout: int = 0
) -> Iterator[Channel]:
    """Subscribe and listen until the context ends; every event heard must keep to the reference."""
    made = subscribe(client, *names, ids=ids, timeout=timeout)
    opened = Channel(made["publicPollingUrl"], trusting(o2g))
    try:
        opened.wait_for("OnChannelInformation")
        yield opened
        faults = {event["eventName"]: contract.faults_of_event(event) for event in opened.events}
        assert not any(faults.values()), faults
    finally:
        client.delete(f"/subscriptions/{made['subscriptionId']}")
        opened.ended.wait(PATIENCE)
        opened.close()
