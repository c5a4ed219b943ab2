from collections.abc import Iterator

import pytest

from store.rates import PAUSE_SECONDS, Allowance, Rates
from tests.servers import free_port, redis_server

THREE = Allowance("screens", 3, 60)


@pytest.fixture(params=["process", pytest.param("redis", marks=pytest.mark.redis)])
def rates(request: pytest.FixtureRequest) -> Iterator[Rates]:
    if request.param == "process":
        yield Rates()
        return
    with redis_server() as url:
        yield Rates(url)


def test_so_many_of_a_kind_for_each_name(rates: Rates) -> None:
    assert [rates.take(THREE, "anna") for _ in range(5)] == [True] * 3 + [False] * 2
    assert rates.take(THREE, "ben")
    assert rates.take(Allowance("menus", 3, 60), "anna")


def test_an_allowance_of_nothing_is_without_bound(rates: Rates) -> None:
    assert all(rates.take(Allowance("screens", 0, 60), "anna") for _ in range(50))


@pytest.mark.redis
def test_workers_count_together() -> None:
    with redis_server() as url:
        one, other = Rates(url), Rates(url)
        assert [worker.take(THREE, "anna") for worker in (one, other, one, other)] == [True, True, True, False]


def test_without_redis_each_worker_counts_alone_and_asks_again_after_a_while() -> None:
    now = 0.0
    rates = Rates(f"redis://127.0.0.1:{free_port()}/0", clock=lambda: now)
    assert [rates.take(THREE, "anna") for _ in range(5)] == [True] * 3 + [False] * 2
    now += PAUSE_SECONDS
    assert not rates.take(THREE, "anna")
    assert rates.take(THREE, "ben")


@pytest.mark.redis
def test_redis_that_comes_back_counts_again() -> None:
    now = 0.0
    with redis_server() as url:
        rates = Rates(url, clock=lambda: now)
        assert rates.take(THREE, "anna")
    assert [rates.take(THREE, "anna") for _ in range(4)] == [True] * 3 + [False]
