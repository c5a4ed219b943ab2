"""A soak of seconds, whose leaks would show; and what it takes for growth."""

import pytest

from benchmarks.growth import Bound, Sample, trends
from benchmarks.soak import soak

SOME = Bound("some", lambda sample: sample.files, more=3)


def samples(*files: float) -> list[Sample]:
    return [Sample(float(at), 0, 0, held, 0, 0, 0) for at, held in enumerate(files)]


def test_a_short_soak_leaves_nothing_at_o2g(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = soak(minutes=0.2, phones=8)
    told = capsys.readouterr().out
    assert outcome.grown == (), told
    assert outcome.left == (), told
    assert [line for line in outcome.wrong if line.startswith("wrong")] == [], told
    assert " screens, " in told


@pytest.mark.parametrize(
    ("files", "grows"),
    [
        ([5.0] * 30, False),
        ([5.0, 7.0] * 15, False),
        ([*range(12), *([20.0] * 18)], False),  # warming up
        ([float(at) for at in range(30)], True),
        ([5.0] * 20 + [30.0] * 10, True),
    ],
)
def test_growth_is_what_is_more_at_the_end(files: list[float], grows: bool) -> None:
    (trend,) = trends(samples(*files), [SOME])
    assert trend.grows is grows


def test_what_is_more_than_may_ever_be_is_growth_too() -> None:
    most = Bound("sessions", lambda sample: sample.files, more=100, most=5)
    (trend,) = trends(samples(*([1.0] * 15), 6.0, *([1.0] * 14)), [most])
    assert trend.grows
