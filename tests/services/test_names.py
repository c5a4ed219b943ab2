"""Looking names up: never longer than there is time, and where O2G was is known while no name server answers."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpcore
import pytest

from services import names as naming
from services.deadline import Deadline
from services.endpoint import O2GEndpoint
from services.errors import O2GTimeout, O2GUnreachable
from services.names import MOST_HANGING, Addresses, NamedBackend, Names
from services.o2g import O2G
from tests.services.scripted import Reply, ScriptedO2G

Until = Callable[[Callable[[], object]], None]


class NameServer:
    """Answers, or does not."""

    def __init__(self) -> None:
        self.answers: dict[str, Addresses] = {}
        self.asked: list[str] = []
        self.hangs = False
        self.over = threading.Event()

    def __call__(self, host: str) -> Addresses:
        self.asked.append(host)
        if self.hangs:
            self.over.wait(60)
        if host not in self.answers:
            raise socket.gaierror(socket.EAI_NONAME, "nobody")
        return self.answers[host]


@pytest.fixture
def server() -> Iterator[NameServer]:
    made = NameServer()
    made.answers["o2g.example"] = ("192.0.2.1", "2001:db8::1")
    yield made
    made.over.set()


def test_a_name_leads_where_the_name_server_says(server: NameServer) -> None:
    names = Names(remembering=True, look_up=server)
    assert names.addresses("o2g.example", 10) == ("192.0.2.1", "2001:db8::1")
    server.answers["o2g.example"] = ("192.0.2.2",)
    assert names.addresses("o2g.example", 10) == ("192.0.2.2",)
    with pytest.raises(socket.gaierror):
        names.addresses("nobody.example", 10)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "fe80::1%eth0"])
def test_an_address_is_not_looked_up(server: NameServer, address: str) -> None:
    assert Names(remembering=True, look_up=server).addresses(address, 10) == (address,)
    assert server.asked == []


def test_a_name_server_that_never_answers_costs_no_more_than_there_is_time(server: NameServer) -> None:
    server.hangs = True
    with pytest.raises(TimeoutError):
        Names(remembering=True, look_up=server).addresses("o2g.example", 0.05)


def test_while_no_name_server_answers_a_name_leads_where_it_led(server: NameServer) -> None:
    names = Names(remembering=True, look_up=server)
    names.addresses("o2g.example", 10)
    server.hangs = True
    for _ in range(3):
        assert names.addresses("o2g.example", 10) == ("192.0.2.1", "2001:db8::1")
    assert len(server.asked) == 2
    server.answers.clear()
    server.over.set()
    assert names.addresses("o2g.example", 10) == ("192.0.2.1", "2001:db8::1")


def test_many_who_want_one_name_hang_one_thread(server: NameServer) -> None:
    names = Names(remembering=False, look_up=server)
    server.hangs = True

    def want(_: int) -> bool:
        with pytest.raises(TimeoutError):
            names.addresses("o2g.example", 0.2)
        return True

    with ThreadPoolExecutor(20) as pool:
        assert all(pool.map(want, range(20)))
    assert server.asked == ["o2g.example"]


def test_only_so_many_lookups_hang(server: NameServer, until: Until) -> None:
    names = Names(remembering=False, look_up=server)
    server.hangs = True
    for number in range(2 * MOST_HANGING):
        with pytest.raises(TimeoutError):
            names.addresses(f"host{number}.example", 0.001)
    until(lambda: len(server.asked) == MOST_HANGING)
    server.over.set()
    until(lambda: not [thread for thread in threading.enumerate() if thread.name == "names"])
    assert names.addresses("o2g.example", 10)


@pytest.mark.parametrize("known", [False, True])
def test_a_name_for_which_the_system_gave_no_thread_is_looked_up_the_next_time(
    server: NameServer, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    def none(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    names = Names(remembering=True, look_up=server)
    if known:
        names.addresses("o2g.example", 10)
    with monkeypatch.context() as threadless:
        threadless.setattr(threading.Thread, "start", none)
        if known:
            assert names.addresses("o2g.example", 10)
        else:
            with pytest.raises(OSError, match="no thread"):
                names.addresses("o2g.example", 10)
    server.answers["o2g.example"] = ("192.0.2.2",)
    assert names.addresses("o2g.example", 10) == ("192.0.2.2",)


def test_the_next_address_of_a_name_is_tried(server: NameServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        server.answers["o2g.example"] = ("127.0.0.2", "127.0.0.1")
        backend = NamedBackend(Names(remembering=True, look_up=server))
        stream = backend.connect_tcp("o2g.example", there.getsockname()[1], 10)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        stream.close()
        with pytest.raises(httpcore.ConnectError):
            backend.connect_tcp("nobody.example", 443, 10)


def test_O2G_whose_name_is_not_looked_up_costs_a_screen_its_time_only(
    endpoint: O2GEndpoint, server: NameServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.hangs = True
    monkeypatch.setattr(naming, "looked_up", server)
    o2g = O2G(replace(endpoint, url="https://o2g.example"))
    began = time.monotonic()
    with pytest.raises(O2GUnreachable) as caught:
        o2g.connect(Deadline.after(4))
    assert time.monotonic() - began < 30  # the name server would take a minute
    assert isinstance(caught.value, O2GTimeout)
    assert caught.value.nothing_sent
    o2g.close()


def test_O2G_is_reached_where_it_was_while_no_name_server_answers(
    scripted: ScriptedO2G, server: NameServer, monkeypatch: pytest.MonkeyPatch, endpoint: O2GEndpoint
) -> None:
    monkeypatch.setattr(naming, "PATIENCE_SECONDS", 0.05)
    server.answers["localhost"] = ("127.0.0.1",)
    monkeypatch.setattr(naming, "looked_up", server)
    scripted.host = "localhost"
    o2g = O2G(replace(endpoint, url=scripted.url, verify=False))
    scripted.on("GET /eventSummary", Reply(json={"missedCallsNb": 3}))
    o2g.event_summary.of("oxe1000", Deadline.after(60))
    server.hangs = True
    scripted.drop_connections()
    assert o2g.event_summary.of("oxe1000", Deadline.after(60)).missed_calls == 3
    assert len(server.asked) >= 2
    o2g.close()
