"""Names that are taken."""

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from store.claims import Claims

STEPS = st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abc"), st.integers(1, 1000)), max_size=60)


@given(STEPS)
def test_a_name_is_taken_once_until_its_time_is_over(steps: list[tuple[int, str, int]]) -> None:
    claims, until, now = Claims(), dict[str, int](), 0
    for pause, name, seconds in steps:
        now += pause
        free = until.get(name, 0) <= now
        assert claims.take(name, seconds, now) is free
        if free:
            until[name] = now + seconds


def test_names_whose_time_is_over_are_not_held() -> None:
    claims = Claims()
    for second in range(100_000):
        claims.take(f"link:{second}", 3600, second)
    assert len(claims) < 4000


def test_a_hundred_thousand_names_cost_little() -> None:
    tracemalloc.start()
    try:
        claims = Claims()
        for place in range(100_000):
            claims.take(f"link:{place:022}", 3600, place / 50)
        assert tracemalloc.get_traced_memory()[0] / len(claims) < 130  # bytes
    finally:
        tracemalloc.stop()
