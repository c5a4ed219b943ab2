"""The call centre's screens with an O2G on paper: what it says is written down, and what it is asked, too."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

from prs.language import languages
from prs.models import phone_models
from prs_apps.agent import CallCentre
from prs_apps.application import House, Visit
from services.agent import AgentConfig, AgentKind, AgentState, MainState, SubState
from services.deadline import Deadline
from services.live.known import Known
from services.o2g import O2G
from services.supervisor import HelpRequest
from services.users import Device, DeviceKind, User
from store.shared import InProcess

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NUMBER = "70010"


@dataclass
class CallCentreOnPaper:
    """What O2G says of one operator; `who` finds the user of a number."""

    kind: AgentKind = AgentKind.SUPERVISOR
    groups: tuple[str, ...] = ("61001", "61002")
    state: AgentState = field(
        default_factory=lambda: AgentState(MainState.LOGGED_ON, SubState.READY, NUMBER, "61001", None, None)
    )
    followed: bool = False
    helps: tuple[HelpRequest, ...] | None = ()
    who: Callable[[str, Deadline], User] = lambda number, _: someone(number)

    def o2g(self) -> O2G:
        """Give it as the applications use it."""
        config = AgentConfig(self.kind, None, None, self.groups, (), True, False, True, True)
        agents = SimpleNamespace(
            remembered_config=lambda *_: config,
            state=lambda *_: self.state,
            known_state=lambda *_: Known(self.state, NOON, live=True),
            is_followed=lambda _: self.followed,
        )
        supervisors = SimpleNamespace(help_requests=lambda _: self.helps)
        users = SimpleNamespace(by_number=self.who)
        return cast("O2G", SimpleNamespace(agents=agents, supervisors=supervisors, users=users))

    def visit(self, station_type: str = "NOE_B_IP") -> tuple[CallCentre, Visit]:
        """Give the application and a visit of the operator's on a set of that station type."""
        house = House(self.o2g(), InProcess(), UTC, lambda: NOON)
        own = someone(NUMBER, station_type)
        model = phone_models().of(station_type)
        visit = Visit(own, own.devices[0], model, languages().of("en"), Deadline.after(60), house)
        return CallCentre(house), visit


def someone(number: str, station_type: str = "NOE_C_Color_IP") -> User:
    """Make the user of a number."""
    device = Device(number, DeviceKind.DESKPHONE, station_type, None)
    return User(f"oxe{number}", number, "Agent", number, "1", (device,), None)
