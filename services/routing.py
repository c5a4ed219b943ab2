"""Where a user's calls go: do not disturb, forward, overflow, remote extension."""

from dataclasses import dataclass

from services.border import MaybeFlag, Reading, Writing, parse, read
from services.calls import Call
from services.deadline import Deadline
from services.errors import NotFound
from services.live.known import Known
from services.live.packages import Package
from services.live.shelf import UNKNOWN, Event, Shelf
from services.live.state import LiveState
from services.routes import (
    VOICEMAIL,
    Condition,
    Destination,
    DestinationKind,
    DestinationWritten,
    DoNotDisturbReading,
    ForwardRoute,
    OverflowRoute,
    PresentationRoute,
    RemoteExtension,
    Route,
    RouteReading,
    RoutesReading,
    RoutingState,
    StateReading,
    forward_in,
    overflow_in,
    settable,
    state_in,
    written,
)
from services.session import Session
from services.together import together

__all__ = [
    "VOICEMAIL",
    "Condition",
    "Destination",
    "DestinationKind",
    "RemoteExtension",
    "Route",
    "Routing",
    "RoutingCapabilities",
    "RoutingOverview",
    "RoutingState",
]

RIGHTS_SECONDS = 600.0  # what a user may change is told by no event of its own


@dataclass(frozen=True, slots=True)
class RoutingCapabilities:
    """What a user may change; None where O2G does not say."""

    do_not_disturb: bool | None
    forward: bool | None
    overflow: bool | None
    remote_extension: bool | None


@dataclass(frozen=True, slots=True)
class RoutingOverview:
    """What is set, and what may be."""

    state: RoutingState
    capabilities: RoutingCapabilities


class _Capabilities(Reading):
    presentation_route: MaybeFlag = None
    forward_route: MaybeFlag = None
    overflow_route: MaybeFlag = None
    dnd: MaybeFlag = None


class SetForwardRouteRequest(Writing):
    """What sets a forward: one object (A65)."""

    forward_route: ForwardRoute


class SetOverflowRoutesRequest(Writing):
    """What sets an overflow: a list of one (A65, B28)."""

    overflow_routes: tuple[OverflowRoute]


class SetRoutesRequest(Writing):
    """What switches the remote extension (A65); `sipNomadic` is not sent (A66)."""

    presentation_routes: tuple[PresentationRoute]


class Routing:
    """Routing of users. Each operation takes a licence for advanced telephony of the user (L46).

    Refusals tell their cause in `details`, as RoutingDetails: barred (L126), a loop, a number that cannot be. What was
    set is read back by `state`.
    """

    def __init__(self, session: Session, live: LiveState | None = None) -> None:
        """Ask through `session` what `live` does not know."""
        self._session = session
        live = live or LiveState()
        self._states: Shelf[RoutingState] = live.shelf(
            "routing", Package.ROUTING, {"OnRoutingStateChanged": lambda _, event: _told(event)}
        )
        self._rights: Shelf[RoutingCapabilities] = live.shelf(
            "routing_rights", Package.USER, {"OnUserInfoChanged": lambda _, __: UNKNOWN}, seconds=RIGHTS_SECONDS
        )

    def overview(self, login: str, deadline: Deadline) -> RoutingOverview:
        """Tell state and capabilities: live, else asked for, side by side.

        Raises:
            O2GError: O2G failed with either.
        """
        state, rights = self._states.live(login), self._rights.live(login)
        if state is not None and rights is not None:
            return RoutingOverview(state.value, rights.value)
        return RoutingOverview(
            *together(lambda: self.state(login, deadline), lambda: self.capabilities(login, deadline))
        )

    def known_overview(self, login: str, deadline: Deadline) -> Known[RoutingOverview]:
        """Tell the same with its age, the older of the two, and while O2G does not answer what is known of before.

        Raises:
            O2GError: O2G failed, and nothing is known.
        """
        state, rights = together(
            lambda: self.known_state(login, deadline),
            lambda: self._rights.known(login, lambda: self._ask_capabilities(login, deadline)),
        )
        overview = RoutingOverview(state.value, rights.value)
        return Known(overview, min(state.as_of, rights.as_of), state.live and rights.live)

    def state(self, login: str, deadline: Deadline) -> RoutingState:
        """Tell all of a user's routing: live, else asked for (GET /routing/state).

        Raises:
            NotFound: O2G knows nothing of this user's.
            O2GError: O2G failed.
        """
        return self._states.get(login, lambda: self._ask_state(login, deadline))

    def known_state(self, login: str, deadline: Deadline) -> Known[RoutingState]:
        """Tell the same with its age, and while O2G does not answer what is known of before.

        Raises:
            O2GError: O2G failed, and nothing is known.
        """
        return self._states.known(login, lambda: self._ask_state(login, deadline))

    def capabilities(self, login: str, deadline: Deadline) -> RoutingCapabilities:
        """Tell what a user may change: as of at most ten minutes ago while events come, else asked for (GET /routing).

        Raises:
            O2GError: O2G failed.
        """
        return self._rights.get(login, lambda: self._ask_capabilities(login, deadline))

    def do_not_disturb(self, login: str, deadline: Deadline) -> bool | None:
        """Tell whether do not disturb is on (GET /routing/dnd); None where O2G does not say.

        Raises:
            O2GError: O2G failed.
        """
        return read(
            DoNotDisturbReading, self._ask("GET /routing/dnd", login, deadline), "a state of do not disturb"
        ).activate

    def set_do_not_disturb(self, login: str, on: bool, deadline: Deadline) -> None:
        """Switch do not disturb on (POST /routing/dnd, which has no body) or off (DELETE).

        Raises:
            O2GError: O2G failed, or the user may not.
        """
        self._ask("POST /routing/dnd" if on else "DELETE /routing/dnd", login, deadline)

    def forward(self, login: str, deadline: Deadline) -> Route | None:
        """Tell the forward (GET /routing/forwardroute); None: there is none, however O2G says so (B16).

        Raises:
            O2GError: O2G failed.
        """
        return forward_in(self._routes("GET /routing/forwardroute", login, deadline))

    def set_forward(self, login: str, condition: Condition, destination: Destination, deadline: Deadline) -> None:
        """Forward a user's calls (POST /routing/forwardroute), in the place of an earlier forward.

        Raises:
            BadParameter: condition or destination is none that can be set; O2G is not asked, or refused them.
            O2GError: O2G failed, or the user may not.
        """
        immediate = condition is Condition.IMMEDIATE
        route = ForwardRoute(
            forward_type=None if immediate else settable(condition), destinations=(written(destination),)
        )
        self._tell("POST /routing/forwardroute", login, SetForwardRouteRequest(forward_route=route), deadline)

    def cancel_forward(self, login: str, deadline: Deadline) -> None:
        """Forward no longer (DELETE /routing/forwardroute).

        Raises:
            O2GError: O2G failed, or the user may not.
        """
        self._ask("DELETE /routing/forwardroute", login, deadline)

    def overflow(self, login: str, deadline: Deadline) -> Route | None:
        """Tell the overflow (GET /routing/overflowroute); None: there is none, however O2G says so (B16).

        Raises:
            O2GError: O2G failed.
        """
        return overflow_in(self._routes("GET /routing/overflowroute", login, deadline))

    def set_overflow(self, login: str, condition: Condition, destination: Destination, deadline: Deadline) -> None:
        """Let a user's calls overflow (POST /routing/overflowroute); not IMMEDIATE: an overflow has a type (L124).

        Raises:
            BadParameter: condition or destination is none that can be set; O2G is not asked, or refused them.
            O2GError: O2G failed, or the user may not.
        """
        route = OverflowRoute(overflow_type=settable(condition), destinations=(written(destination),))
        self._tell("POST /routing/overflowroute", login, SetOverflowRoutesRequest(overflow_routes=(route,)), deadline)

    def cancel_overflow(self, login: str, deadline: Deadline) -> None:
        """Let calls overflow no longer (DELETE /routing/overflowroute).

        Raises:
            O2GError: O2G failed, or the user may not, which barring may forbid, too (L126).
        """
        self._ask("DELETE /routing/overflowroute", login, deadline)

    def set_remote_extension(self, login: str, on: bool, deadline: Deadline) -> None:
        """Let a user's remote extension ring, or not (POST /routing).

        Raises:
            O2GError: O2G failed, the user may not, or has none.
        """
        mobile = DestinationWritten(type="MOBILE", selected=on)  # A60, B29
        request = SetRoutesRequest(presentation_routes=(PresentationRoute(destinations=(mobile,)),))
        self._tell("POST /routing", login, request, deadline)

    def _ask_state(self, login: str, deadline: Deadline) -> RoutingState:
        return state_in(read(StateReading, self._ask("GET /routing/state", login, deadline), "a routing state"))

    def _ask_capabilities(self, login: str, deadline: Deadline) -> RoutingCapabilities:
        found = read(_Capabilities, self._ask("GET /routing", login, deadline), "routing capabilities")
        return RoutingCapabilities(
            do_not_disturb=found.dnd,
            forward=found.forward_route,
            overflow=found.overflow_route,
            remote_extension=found.presentation_route,
        )

    def _ask(self, operation: str, login: str, deadline: Deadline) -> bytes:
        return self._session.call(Call(operation, query={"loginName": login}), deadline).body

    def _tell(self, operation: str, login: str, body: Writing, deadline: Deadline) -> None:
        self._session.call(Call(operation, query={"loginName": login}, body=body), deadline)

    def _routes(self, operation: str, login: str, deadline: Deadline) -> tuple[RouteReading, ...] | None:
        try:
            body = self._ask(operation, login, deadline)
        except NotFound:
            return None
        return RoutesReading.model_validate({"routes": parse(body) if body.strip() else None}).routes


def _told(event: Event) -> RoutingState:
    """Give the state of an event, which is a whole one."""
    return state_in(StateReading.model_validate(event.get("routingState")))
