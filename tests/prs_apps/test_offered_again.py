"""Whether an action that failed is offered again: only where nothing of it can have been done."""

import pytest

from prs_apps.troubles import BUG, UNSURE, of_action, tell
from services import errors


@pytest.mark.parametrize(
    ("error", "wrote", "sure", "retry"),
    [
        (errors.O2GUnreachable(nothing_sent=True), False, True, True),
        (errors.O2GUnreachable(nothing_sent=True), True, False, False),  # written, then not read back
        (errors.O2GUnreachable(), False, False, False),
        (errors.O2GTimeout(), True, False, False),
        (errors.O2GTimeout(nothing_sent=True), False, True, True),  # while logging in
        (errors.O2GBusy(nothing_sent=True), False, True, True),
        (errors.O2GBusy(nothing_sent=True), True, False, False),
        (errors.NotExpected(), False, True, True),
        (errors.NotExpected(), True, True, False),  # the second of two writes was refused
        (errors.NotFound(), True, True, False),
        (ZeroDivisionError(), True, True, False),
        (ZeroDivisionError(), False, True, True),
    ],
)
def test_what_may_be_done_already_is_not_offered_again(error: Exception, wrote: bool, sure: bool, retry: bool) -> None:
    trouble = of_action(tell(error), error, wrote)
    assert (trouble is not UNSURE) is sure
    assert trouble.retry is retry
    if sure:
        assert (trouble.status, trouble.message) == (tell(error).status, tell(error).message)


def test_a_bug_is_one_whatever_was_written() -> None:
    assert of_action(BUG, ValueError(), wrote=True).code == BUG.code
