"""A user's routing and language, set and read back at the simulated O2G."""

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotAllowed, O2GError, RoutingDetails
from services.o2g import O2G
from services.routing import VOICEMAIL, Condition, Destination, RemoteExtension, Route

ANNA, BEN, PAULA = "oxe70000", "oxe70001", "oxe70014"


def test_nothing_is_set_and_everything_may_be(simulated: O2G, deadline: Deadline) -> None:
    overview = simulated.routing.overview(ANNA, deadline)
    assert (overview.state.do_not_disturb, overview.state.forward, overview.state.overflow) == (False, None, None)
    assert overview.state.remote_extension is RemoteExtension.ABSENT
    assert overview.capabilities.forward is overview.capabilities.do_not_disturb is True
    assert overview.capabilities.remote_extension is False


def test_do_not_disturb(simulated: O2G, deadline: Deadline) -> None:
    for on in (True, True, False, False):  # twice is once
        simulated.routing.set_do_not_disturb(ANNA, on, deadline)
        assert simulated.routing.state(ANNA, deadline).do_not_disturb is on
        assert simulated.routing.do_not_disturb(ANNA, deadline) is on


@pytest.mark.parametrize(
    "condition", [Condition.IMMEDIATE, Condition.BUSY, Condition.NO_ANSWER, Condition.BUSY_NO_ANSWER]
)
@pytest.mark.parametrize("destination", [VOICEMAIL, Destination.to("70003"), Destination.to("+33123456789")])
def test_a_forward(simulated: O2G, deadline: Deadline, condition: Condition, destination: Destination) -> None:
    simulated.routing.set_forward(ANNA, condition, destination, deadline)
    assert simulated.routing.state(ANNA, deadline).forward == Route(condition, destination)
    assert simulated.routing.forward(ANNA, deadline) == Route(condition, destination)
    simulated.routing.cancel_forward(ANNA, deadline)
    assert simulated.routing.state(ANNA, deadline).forward is None
    assert simulated.routing.forward(ANNA, deadline) is None


def test_an_overflow(simulated: O2G, deadline: Deadline) -> None:
    simulated.routing.set_overflow(ANNA, Condition.NO_ANSWER, VOICEMAIL, deadline)
    assert simulated.routing.state(ANNA, deadline).overflow == Route(Condition.NO_ANSWER, VOICEMAIL)
    assert simulated.routing.overflow(ANNA, deadline) == Route(Condition.NO_ANSWER, VOICEMAIL)
    simulated.routing.cancel_overflow(ANNA, deadline)
    assert simulated.routing.overflow(ANNA, deadline) is None


def test_the_remote_extension(simulated: O2G, deadline: Deadline) -> None:
    for on, state in ((False, RemoteExtension.OFF), (True, RemoteExtension.ON)):
        simulated.routing.set_remote_extension(PAULA, on, deadline)
        assert simulated.routing.state(PAULA, deadline).remote_extension is state
    with pytest.raises(O2GError) as caught:
        simulated.routing.set_remote_extension(ANNA, True, deadline)
    assert isinstance(caught.value.details, RoutingDetails)


@pytest.mark.parametrize(
    ("number", "error", "cause"),
    [
        ("70000", NotAllowed, "UNAUTHORIZED_PHONE_NUMBER"),  # one's own
        ("7", BadParameter, "UNKNOWN"),
    ],
)
def test_a_destination_that_O2G_refuses(
    simulated: O2G, deadline: Deadline, number: str, error: type[O2GError], cause: str
) -> None:
    with pytest.raises(error) as caught:
        simulated.routing.set_forward(ANNA, Condition.IMMEDIATE, Destination.to(number), deadline)
    assert isinstance(caught.value.details, RoutingDetails)
    assert caught.value.details.cause == cause
    assert simulated.routing.forward(ANNA, deadline) is None


def test_two_forwards_that_would_go_round_in_circles(simulated: O2G, deadline: Deadline) -> None:
    simulated.routing.set_forward(ANNA, Condition.IMMEDIATE, Destination.to("70001"), deadline)
    with pytest.raises(BadParameter) as caught:
        simulated.routing.set_forward(BEN, Condition.IMMEDIATE, Destination.to("70000"), deadline)
    assert isinstance(caught.value.details, RoutingDetails)
    assert caught.value.details.cause == "INVALID_FORWARD_ROUTE"
    simulated.routing.cancel_forward(ANNA, deadline)


def test_a_user_chooses_a_language(simulated: O2G, deadline: Deadline) -> None:
    before = simulated.users.language(BEN, deadline)
    languages = simulated.users.supported_languages(BEN, deadline)
    assert {"en-gb", "fr", "zh-tw", before} <= set(languages)
    for language in ("zh-tw", before or "en"):
        simulated.users.set_language(BEN, language, deadline)
        assert simulated.users.language(BEN, deadline) == language
    with pytest.raises(BadParameter):
        simulated.users.set_language(BEN, "tlh", deadline)
