"""An operator at work: logged on or off, in a group or not, ready, busy, in wrap-up, in pause, withdrawn."""

from dataclasses import dataclass, field
from enum import StrEnum

from simulators.o2g.clock import Timer
from simulators.o2g.world.operators import Operator, Skill


class MainState(StrEnum):
    """O2G's AgentMainState."""

    UNKNOWN = "UNKNOWN"
    LOG_ON = "LOG_ON"
    LOG_OFF = "LOG_OFF"
    ERROR = "ERROR"


class SubState(StrEnum):
    """O2G's AgentSubState."""

    READY = "READY"
    OUT_OF_PG = "OUT_OF_PG"
    BUSY = "BUSY"
    TRANSACTION_CODE_INPUT = "TRANSACTION_CODE_INPUT"
    WRAPUP = "WRAPUP"
    PAUSE = "PAUSE"
    WITHDRAW = "WITHDRAW"
    WRAPUP_IM = "WRAPUP_IM"
    WRAPUP_EMAIL = "WRAPUP_EMAIL"
    WRAPUP_EMAIL_INTERRUPTIBLE = "WRAPUP_EMAIL_INTERRUPTIBLE"
    WRAPUP_OUTBOUND = "WRAPUP_OUTBOUND"
    WRAPUP_CALLBACK = "WRAPUP_CALLBACK"


@dataclass(frozen=True, slots=True)
class AgentState:
    """What O2G shows of an operator at work (AgentState); None is left out."""

    main: MainState
    sub: SubState | None = None
    device: str | None = None
    group: str | None = None
    reason: int | None = None
    starts_withdrawn: bool = False


@dataclass(slots=True, eq=False)
class Agent:
    """An operator and what the operator does now.

    Attributes:
        device: number of the pro-ACD set; None while logged off.
        group: number of the processing group; None outside of all.
        withdrawn, reason: withdrawn from the group, for the reason of that number if one was given.
        starts_withdrawn: withdrawn since log-on, without having asked for it. That this is what `withdrawn` of
            AgentState tells is our reading of "the agent initial state is withdrawn".
        break_from_calls: wrap-up, pause or their like; it comes before being ready or withdrawn, and after a call.
        in_call, acd_call: is in a conversation, and whether that came from the distribution.
        intruding: listens to or takes part in an agent's call.
        trouble: shown instead of the main state, when a test wants it.
        told: what was last told to subscribers.
    """

    operator: Operator
    skills: list[Skill]
    headset: bool
    device: str | None = None
    group: str | None = None
    withdrawn: bool = False
    reason: int | None = None
    starts_withdrawn: bool = False
    break_from_calls: SubState | None = None
    in_call: bool = False
    acd_call: bool = False
    intruding: bool = False
    trouble: MainState | None = None
    timer: Timer | None = None
    told: AgentState = field(default=AgentState(MainState.LOG_OFF))

    @property
    def number(self) -> str:
        """The operator's directory number."""
        return self.operator.person.number

    @property
    def logged_on(self) -> bool:
        """Whether at work."""
        return self.device is not None

    def state(self) -> AgentState:
        """Give the state as O2G shows it."""
        if self.trouble is not None:
            return AgentState(self.trouble)
        if self.device is None:
            return AgentState(MainState.LOG_OFF)
        sub = self._sub_state()
        reason = self.reason if sub is SubState.WITHDRAW else None
        return AgentState(MainState.LOG_ON, sub, self.device, self.group, reason, self.starts_withdrawn)

    def rest(self, what: SubState | None) -> None:
        """Begin a break from calls, or end it; one that ends by itself is forgotten."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        self.break_from_calls = what

    def serve(self, *, withdrawn: bool, reason: int | None = None) -> None:
        """Be ready or withdrawn; any break ends."""
        self.rest(None)
        self.withdrawn, self.reason, self.starts_withdrawn = withdrawn, reason, False

    def begin(self, group: str | None) -> None:
        """Begin to work in a group, or outside of all, as it is set up for the operator."""
        self.serve(withdrawn=False)
        self.group = group
        if group is not None and self.operator.start_withdrawn:
            self.withdrawn = self.starts_withdrawn = True

    def stop(self) -> None:
        """Log off."""
        self.begin(None)
        self.device = None
        self.intruding = False

    def _sub_state(self) -> SubState:
        if self.in_call or self.intruding:
            return SubState.BUSY
        if self.group is None:
            return SubState.OUT_OF_PG
        if self.break_from_calls is not None:
            return self.break_from_calls
        return SubState.WITHDRAW if self.withdrawn else SubState.READY
