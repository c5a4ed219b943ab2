"""The sentence about where calls go, for whatever O2G may say."""

import json
from pathlib import Path
from typing import cast

import pytest

from prs_apps.application import House, Visit
from prs_apps.forwarding import Forwarding
from prs_apps.forwarding.refused import BY_CAUSE, BY_TYPE, NAMED, OWN, refused_by
from services.errors import Details, NotAllowed, RoutingDetails, TelephonyDetails
from services.routing import Condition, Destination, DestinationKind, RemoteExtension, Route, RoutingState

CONTRACT = Path(__file__).parents[1] / "simulators" / "o2g" / "contract.json"


class English:
    """A visit, as far as sentences need it."""

    def _(self, message: str, **values: object) -> str:
        return message.format(**values)


def sentences(state: RoutingState) -> list[str]:
    return list(Forwarding(cast("House", None))._sentences(cast("Visit", English()), state))


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("kind", list(DestinationKind))
@pytest.mark.parametrize("overflow", [False, True])
def test_each_route_has_a_sentence(condition: Condition, kind: DestinationKind, overflow: bool) -> None:
    route = Route(condition, Destination(kind, "70001" if kind is DestinationKind.NUMBER else ""))
    state = RoutingState(False, None if overflow else route, route if overflow else None, RemoteExtension.ABSENT)
    (sentence,) = sentences(state)
    where = {DestinationKind.VOICEMAIL: "voicemail", DestinationKind.NUMBER: "70001"}.get(kind)
    assert sentence.endswith(".")
    assert sentence.startswith(f"Calls go to {where}" if where else "Where forwarded calls go is not known here.")


@pytest.mark.parametrize(
    ("details", "number", "told"),
    [
        (
            RoutingDetails("UNAUTHORIZED", "NUMBER", "UNAUTHORIZED_PHONE_NUMBER", ""),
            "70000",
            "This is your own number.",
        ),
        (RoutingDetails("BAD_PARAMETER_VALUE", "", "INVALID_FORWARD_ROUTE", ""), "70000", "This is your own number."),
        (RoutingDetails("UNAUTHORIZED", "", "UNAUTHORIZED_PHONE_NUMBER", ""), "0", "Calls may not go to this number."),
        (RoutingDetails("UNAUTHORIZED", "VOICEMAIL", "UNAUTHORIZED_PHONE_NUMBER", ""), "", "does not allow this"),
        (RoutingDetails("UNAUTHORIZED", "", "UNAUTHORIZED_OVERFLOW", ""), "", "You may not set an overflow."),
        (RoutingDetails("", "", "UNAUTHORIZED_CANCEL_OVERFLOW", ""), "", "You may not switch the overflow off."),
        (RoutingDetails("", "", "INVALID_OVERFLOW_ROUTE", ""), "70001", "would come back to you"),
        (RoutingDetails("INCOMPLETE_PHONE_NUMBER", "", "UNKNOWN", ""), "7", "This number is incomplete."),
        (RoutingDetails("UNKNOWN_PHONE_NUMBER", "", "", ""), "4", "This number is not known here."),
        (RoutingDetails("", "", "BAD_PHONE_NUMBER_FORMAT", ""), "4", "Enter a number that can be called."),
        (RoutingDetails("UNAUTHORIZED", "", "FROM_A_LATER_VERSION", ""), "4", "does not allow this"),
        (TelephonyDetails("", "UNAUTHORIZED_PHONE_NUMBER", ""), "4", "does not allow this"),
        (None, "70000", "does not allow this"),
    ],
)
def test_a_refusal_says_why_calls_cannot_go_there_as_far_as_o2g_does(
    details: Details | None, number: str, told: str
) -> None:
    assert told in refused_by(NotAllowed("no", details=details), number, {"70000"}).message


def test_every_cause_is_one_of_o2gs_and_every_refusal_has_a_name_of_its_own() -> None:
    schemas = json.loads(CONTRACT.read_text(encoding="utf-8"))["components"]["schemas"]
    assert set(BY_CAUSE) <= set(schemas["Introduction.RoutingErrorCause"]["enum"])
    assert set(BY_TYPE) <= set(schemas["Introduction.RoutingErrorType"]["enum"])
    assert all(NAMED[refused.name] is refused for refused in (OWN, *BY_CAUSE.values(), *BY_TYPE.values()))


@pytest.mark.parametrize(
    ("kind", "where"), [(DestinationKind.NUMBER, "70001"), (DestinationKind.VOICEMAIL, "voicemail")]
)
def test_a_condition_that_is_not_known_is_told_as_one_and_not_as_at_once(kind: DestinationKind, where: str) -> None:
    route = Route(Condition.UNKNOWN, Destination(kind, "70001" if kind is DestinationKind.NUMBER else ""))
    for state in (
        RoutingState(False, route, None, RemoteExtension.ABSENT),
        RoutingState(False, None, route, RemoteExtension.ABSENT),
    ):
        assert sentences(state) == [f"Calls go to {where} on a condition that is not known here."]


@pytest.mark.parametrize("remote_extension", list(RemoteExtension))
@pytest.mark.parametrize("condition", [None, *Condition])
@pytest.mark.parametrize("do_not_disturb", [False, True])
def test_a_mobile_that_rings_is_told(
    remote_extension: RemoteExtension, condition: Condition | None, do_not_disturb: bool
) -> None:
    route = None if condition is None else Route(condition, Destination(DestinationKind.NUMBER, "70001"))
    told = sentences(RoutingState(do_not_disturb, route, None, remote_extension))
    rings = not do_not_disturb and condition is not Condition.IMMEDIATE
    assert ("Your mobile rings, too." in told) == (rings and remote_extension is RemoteExtension.ON)
    assert ("Calls ring on your set." in told) == (condition is None and not do_not_disturb)
