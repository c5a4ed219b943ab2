"""What workers share, kept in the process and in a real Redis: the same behaviour of both."""

import secrets
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import redis

from store import shared
from store.shared import InProcess, InRedis, Shared
from tests.servers import redis_server


@pytest.fixture(params=["in process", pytest.param("redis", marks=pytest.mark.redis)])
def kept(request: pytest.FixtureRequest) -> Iterator[Shared]:
    if request.param == "in process":
        yield InProcess()
        return
    with redis_server() as url:
        yield InRedis(url, prefix=f"test:{secrets.token_hex(4)}:")


def test_a_kept_value_is_found_again(kept: Shared) -> None:
    kept.put("search:1", b"\x00people\xff", 60)
    assert kept.get("search:1") == b"\x00people\xff"
    kept.put("search:1", b"more", 60)
    assert kept.get("search:1") == b"more"
    assert kept.get("search:2") is None


def test_a_name_is_claimed_once_whoever_asks(kept: Shared) -> None:
    won: list[bool] = []
    threads = [threading.Thread(target=lambda: won.append(kept.claim("link:1", 60))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 15 + [True]


def test_each_who_counts_gets_a_sum_of_their_own(kept: Shared) -> None:
    sums: list[int] = []
    threads = [threading.Thread(target=lambda: sums.append(kept.count("wrong:1", 60))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sums) == list(range(1, 17))
    assert kept.count("wrong:1", 60, by=-1) == 15
    assert kept.count("wrong:2", 60) == 1


def test_what_is_forgotten_is_not_kept_on(kept: Shared) -> None:
    kept.put("session:1", b"open", 60)
    kept.extend("session:1", 120)
    assert kept.get("session:1") == b"open"
    kept.forget("session:1")
    kept.extend("session:1", 60)
    assert kept.get("session:1") is None
    kept.count("wrong:1", 60)
    kept.forget("wrong:1")
    assert kept.count("wrong:1", 60) == 1


def test_what_is_extended_or_counted_in_the_process_lives_from_then_on() -> None:
    now = 0.0
    kept = InProcess(clock=lambda: now)
    kept.put("a", b"1", 60)
    assert kept.count("w", 60) == 1
    now = 50.0
    kept.extend("a", 60)
    assert kept.count("w", 60) == 2
    now = 109.0
    assert kept.get("a") == b"1"
    assert kept.count("w", 60) == 3
    now = 110.0
    kept.extend("a", 60)
    assert kept.get("a") is None
    now = 169.0
    assert kept.count("w", 60) == 1


def test_what_is_kept_in_the_process_is_forgotten_in_time() -> None:
    now = 0.0
    kept = InProcess(clock=lambda: now)
    kept.put("a", b"1", 60)
    assert kept.claim("l", 60)
    now = 59.9
    assert kept.get("a") == b"1"
    assert not kept.claim("l", 60)
    now = 60.0
    assert kept.get("a") is None
    assert kept.claim("l", 60)


def test_a_process_keeps_no_more_than_its_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared, "ENTRIES", 3)
    monkeypatch.setattr(shared, "KEEP_BYTES", 100)
    kept = InProcess()
    for name in "abcd":
        kept.put(name, b"x" * 10, 60)
    assert [kept.get(name) is not None for name in "abcd"] == [False, True, True, True]
    kept.put("big", b"x" * 95, 60)
    assert [kept.get(name) is not None for name in ("b", "c", "d", "big")] == [False, False, False, True]
    assert [kept.count(name, 60) for name in "abcda"] == [1] * 5


def test_what_is_over_in_the_process_takes_no_memory() -> None:
    now = 0.0
    kept = InProcess(clock=lambda: now)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for hour in range(20):
            now = hour * 3600.0
            for place in range(500):
                kept.put(f"search:{hour}:{place}", secrets.token_bytes(2000), 900)
                kept.count(f"wrong:{hour}:{place}", 900)
                assert kept.claim(f"link:{hour}:{place}", 3600)
        assert tracemalloc.get_traced_memory()[0] - before < 2 * 500 * 2500  # bytes: those of one hour, not of twenty
    finally:
        tracemalloc.stop()


@pytest.mark.redis
def test_a_redis_that_pauses_makes_threads_wait_and_refuses_none() -> None:
    threads = 150
    with redis_server() as url:
        kept, together = InRedis(url), threading.Barrier(threads)
        redis.Redis.from_url(url).client_pause(300)

        def ask(number: int) -> int:
            together.wait()
            return kept.count(f"asked:{number}", 60)

        with ThreadPoolExecutor(threads) as pool:
            assert list(pool.map(ask, range(threads))) == [1] * threads
