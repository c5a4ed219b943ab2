"""What an operator of a call centre does now, as O2G says it in reads and events."""

from dataclasses import dataclass

from services.border import MaybeFlag, MaybeText, MaybeWhole, OpenEnum, Reading


class MainState(OpenEnum):
    """Logged on or off (AgentMainState)."""

    LOGGED_ON = "LOG_ON"
    LOGGED_OFF = "LOG_OFF"
    ERROR = "ERROR"
    UNKNOWN = "UNKNOWN"


class SubState(OpenEnum):
    """What an agent who is logged on does (AgentSubState)."""

    READY = "READY"
    OUT_OF_GROUP = "OUT_OF_PG"
    BUSY = "BUSY"
    TRANSACTION_CODE = "TRANSACTION_CODE_INPUT"
    WRAP_UP = "WRAPUP"
    PAUSE = "PAUSE"
    WITHDRAWN = "WITHDRAW"
    WRAP_UP_MESSAGE = "WRAPUP_IM"
    WRAP_UP_EMAIL = "WRAPUP_EMAIL"
    WRAP_UP_EMAIL_INTERRUPTIBLE = "WRAPUP_EMAIL_INTERRUPTIBLE"
    WRAP_UP_OUTBOUND = "WRAPUP_OUTBOUND"
    WRAP_UP_CALLBACK = "WRAPUP_CALLBACK"
    UNKNOWN = "UNKNOWN"


MAIN_STATES = {"LOGGED_ON": MainState.LOGGED_ON, "LOGGED_OFF": MainState.LOGGED_OFF}  # A93
SUB_STATES = {"IDLE": SubState.READY}  # A94


@dataclass(frozen=True, slots=True)
class AgentState:
    """What an operator does now.

    Attributes:
        main: logged on or off; ERROR and UNKNOWN are O2G's, too.
        sub: what the agent does; None where O2G does not say, as while logged off.
        pro_acd: number of the set where the agent is logged on.
        group: number of the processing group; None: in none, or O2G does not say.
        reason: index of the reason for being withdrawn.
        withdrawn: O2G's word for an agent who begins withdrawn; None where it does not say, which is usual.
    """

    main: MainState
    sub: SubState | None
    pro_acd: str | None
    group: str | None
    reason: int | None
    withdrawn: bool | None


class AgentStateReading(Reading):
    """An operator's state in either vocabulary (A93 to A95, B39)."""

    main_state: MaybeText = None
    sub_state: MaybeText = None
    pro_acd_device_number: MaybeText = None
    pg_number: MaybeText = None
    pg_group_number: MaybeText = None  # A95
    withdraw_reason: MaybeWhole = None
    withdrawn: MaybeFlag = None
    withdraw: MaybeFlag = None  # B39


def state_in(found: AgentStateReading) -> AgentState:
    """Give an operator's state in our words."""
    main, sub = (found.main_state or "").strip().upper(), (found.sub_state or "").strip().upper()
    return AgentState(
        main=MAIN_STATES.get(main) or MainState(main),
        sub=(SUB_STATES.get(sub) or SubState(sub)) if sub else None,
        pro_acd=found.pro_acd_device_number or None,
        group=found.pg_number or found.pg_group_number or None,
        reason=found.withdraw_reason,
        withdrawn=found.withdrawn if found.withdrawn is not None else found.withdraw,
    )
