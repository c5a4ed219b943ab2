"""The sentence about where calls go, for whatever O2G may say."""

from typing import cast

import pytest

from prs_apps.application import House, Visit
from prs_apps.forwarding import Forwarding
from services.routing import Condition, Destination, DestinationKind, RemoteExtension, Route, RoutingState


class English:
    """A visit, as far as sentences need it."""

    def _(self, message: str, **values: object) -> str:
        return message.format(**values)


@pytest.mark.parametrize("condition", list(Condition))
@pytest.mark.parametrize("kind", list(DestinationKind))
@pytest.mark.parametrize("overflow", [False, True])
def test_each_route_has_a_sentence(condition: Condition, kind: DestinationKind, overflow: bool) -> None:
    route = Route(condition, Destination(kind, "70001" if kind is DestinationKind.NUMBER else ""))
    state = RoutingState(False, None if overflow else route, route if overflow else None, RemoteExtension.ABSENT)
    (sentence,) = Forwarding(cast("House", None))._sentences(cast("Visit", English()), state)
    where = {DestinationKind.VOICEMAIL: "voicemail", DestinationKind.NUMBER: "70001"}.get(kind, "unknown")
    assert sentence.startswith(f"Calls go to {where}")
    assert sentence.endswith(".")
