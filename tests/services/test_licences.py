"""What refusals for lack of licences teach, and for how long."""

from services.calls import Call
from services.licences import Licences

SUMMARY = Call("GET /eventSummary")
AGENT = Call("GET /acd/agent/config")


def test_what_did_not_help_is_not_tried_for_a_while_that_grows_until_it_helps() -> None:
    now = 0.0
    licences = Licences(lambda: now)
    pauses = []
    for _ in range(8):
        licences.gave_up(SUMMARY, 2)
        began = now
        while not licences.may_help(SUMMARY):
            now += 1
        pauses.append(now - began)
    assert pauses == [10, 20, 40, 80, 160, 300, 300, 300]
    assert licences.may_help(AGENT)
    licences.helped(SUMMARY)
    licences.gave_up(SUMMARY, 1)
    now += 10
    assert licences.may_help(SUMMARY)


def test_users_who_are_refused_at_the_same_moment_lengthen_it_once() -> None:
    now = 0.0
    licences = Licences(lambda: now)
    for _ in range(20):
        licences.gave_up(SUMMARY, 2)
    now = 10.0
    assert licences.may_help(SUMMARY)
    assert licences.refused == 20


def test_who_was_refused_without_anything_closed_teaches_nothing() -> None:
    licences = Licences(lambda: 0.0)
    licences.gave_up(SUMMARY, 0)
    assert licences.may_help(SUMMARY)
