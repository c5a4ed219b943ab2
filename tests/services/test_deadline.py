"""The time that a screen has."""

import pytest

from services.deadline import Deadline
from services.errors import O2GTimeout


def test_a_deadline_runs_out_and_stays_so() -> None:
    now = 100.0
    deadline = Deadline.after(2.5, lambda: now)
    assert deadline.remaining() == 2.5
    now = 102.0
    deadline.check()
    assert deadline.remaining() == 0.5
    now = 102.5
    assert deadline.remaining() == 0.0
    now = 200.0
    assert deadline.remaining() == 0.0
    with pytest.raises(O2GTimeout):
        deadline.check()


def test_a_part_of_a_deadline_never_outlasts_it() -> None:
    deadline = Deadline.after(2.5, lambda: 100.0)
    assert deadline.at_most(1.0).remaining() == 1.0
    assert deadline.at_most(10.0).remaining() == 2.5
