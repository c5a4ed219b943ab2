"""Call-centre agents: what they may do, what they do now, and changing it. (Supervisors: `services.supervisor`.)"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import structlog
from pydantic import Field

from services.agent_state import AgentState, AgentStateReading, MainState, SubState, state_in
from services.border import (
    Count,
    MaybeFlag,
    MaybeText,
    MaybeTexts,
    MaybeWhole,
    OpenEnum,
    Reading,
    Writing,
    many,
    one,
    read,
)
from services.calls import Call
from services.deadline import Deadline
from services.errors import BadParameter, NotFound, O2GError
from services.live.known import Known
from services.live.packages import Package
from services.live.shelf import Event, Shelf
from services.live.state import LiveState, text
from services.numbers import dialable
from services.remembered import Remembered
from services.session import Session

__all__ = [
    "AgentConfig",
    "AgentKind",
    "AgentState",
    "Agents",
    "MainState",
    "Skill",
    "SubState",
    "WithdrawReason",
]

REMEMBERED_SECONDS = 600
EVERYBODY = ""  # the key of what is remembered of no single operator

log = structlog.get_logger(__name__)


class AgentKind(OpenEnum):
    """What an operator is."""

    AGENT = "AGENT"
    SUPERVISOR = "SUPERVISOR"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Skill:
    """A skill of an agent; level and whether it is on are None where O2G does not say."""

    number: int
    level: int | None
    active: bool | None


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """What an operator is and has; each is None where O2G does not say.

    Attributes:
        kind: agent or supervisor.
        pro_acd: number of the set to log on at, for an agent who always has the same; None: any set.
        preferred_group: number of the preferred processing group.
        groups: numbers of the processing groups.
        skills: the agent's skills.
        chooses_group: whether the agent may choose the group when logging on.
        headset: whether the agent has one.
        helps: whether the supervisor may be asked for help.
        multi_line: whether the set has several lines.
    """

    kind: AgentKind
    pro_acd: str | None
    preferred_group: str | None
    groups: tuple[str, ...]
    skills: tuple[Skill, ...]
    chooses_group: bool | None
    headset: bool | None
    helps: bool | None
    multi_line: bool | None


@dataclass(frozen=True, slots=True)
class WithdrawReason:
    """Why agents of a group may withdraw: index 1 to 9, and its label, which may be empty."""

    index: int
    label: str


class LogOnRequest(Writing):
    """Where to log on (L140)."""

    pro_acd_device_number: str = Field(min_length=1)
    pg_group_number: str | None = Field(default=None, min_length=1)
    headset: bool | None = None


class WithdrawRequest(Writing):
    """Why to withdraw (A98)."""

    reason_index: int | None = Field(default=None, ge=1, le=9)


class SkillsRequest(Writing):
    """Which skills to switch."""

    skills: tuple[int, ...]


class _Skill(Reading):
    number: Count
    level: MaybeWhole = None
    active: MaybeFlag = None


class _Skills(Reading):
    skills: Annotated[tuple[_Skill, ...] | None, many(_Skill)] = None


class _Groups(Reading):
    preferred: MaybeText = None
    groups: MaybeTexts = None


class _Config(Reading):
    type: MaybeText = None
    proacd: MaybeText = None
    processing_groups: Annotated[_Groups | None, one(_Groups)] = None
    skills: Annotated[_Skills | None, one(_Skills)] = None
    self_assign: MaybeFlag = None
    headset: MaybeFlag = None
    help: MaybeFlag = None
    multiline: MaybeFlag = None


class _Logins(Reading):
    login_names: MaybeTexts = None


class _Reason(Reading):
    index: Count
    label: MaybeText = None


class _Reasons(Reading):
    reasons: Annotated[tuple[_Reason, ...] | None, many(_Reason)] = None


class Agents:
    """Call-centre agents, as they are now.

    Each operation takes one call-centre agent licence for the user (L46). Each raises `NotAllowed` without it or for a
    user who is no operator (O2G does not tell the two apart), `NotExpected` where the agent's state does not allow it,
    `O2GError` where O2G fails.
    """

    def __init__(
        self,
        session: Session,
        seconds: float = REMEMBERED_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        live: LiveState | None = None,
    ) -> None:
        """Ask through `session` what `live` does not know.

        Who is an operator, and as what, is remembered for `seconds`; 0: not at all.
        """
        self._session = session
        live = live or LiveState()
        self._states: Shelf[AgentState] = live.shelf(
            "agent", Package.AGENT, {"OnAgentStateChanged": lambda _, event: _told(event)}
        )
        live.hear("OnAgentSkillChanged", lambda event: self._configs.forget_key(text(event, "loginName")))
        self._operators: Remembered[frozenset[str]] = Remembered(seconds, clock)
        self._configs: Remembered[AgentConfig] = Remembered(seconds, clock)
        self._last_operators: frozenset[str] | None = None

    def is_operator(self, login: str, deadline: Deadline) -> bool:
        """Tell whether a user is an agent or a supervisor, as remembered of all of them (GET /logins, onlyACD, L154).

        It is free, whereas asking for a user's configuration takes an agent licence even where the user turns out to
        be no operator (L46). While O2G cannot tell, what it told last still holds.

        Raises:
            NotAllowed: the session is not an administrator's.
            O2GError: O2G failed, and has never told.
        """
        try:
            self._last_operators = self._operators.get(EVERYBODY, lambda: self._ask_operators(deadline), deadline)
        except O2GError as error:
            if self._last_operators is None:
                raise
            log.warning("operators_unknown", reason=error.type)
        return login in self._last_operators

    def known_operators(self) -> frozenset[str] | None:
        """Give the login names of all agents and supervisors as O2G told last, without asking; None: it never did."""
        return self._last_operators

    def config(self, login: str, deadline: Deadline) -> AgentConfig:
        """Tell what an operator is and has (GET /acd/agent/config)."""
        self._forget(login)
        return self.remembered_config(login, deadline)

    def remembered_config(self, login: str, deadline: Deadline) -> AgentConfig:
        """Tell what an operator is and has, as remembered; headset and skills may have been changed elsewhere since."""
        return self._configs.get(login, lambda: self._ask_config(login, deadline), deadline)

    def _ask_operators(self, deadline: Deadline) -> frozenset[str]:
        call = Call("GET /logins", flags=("onlyACD",))
        found = read(_Logins, self._session.call(call, deadline).body, "a list of login names")
        return frozenset(found.login_names or ())

    def _ask_config(self, login: str, deadline: Deadline) -> AgentConfig:
        found = read(_Config, self._get("config", login, deadline), "an agent's configuration")
        groups = found.processing_groups or _Groups()
        return AgentConfig(
            kind=AgentKind(found.type or ""),
            pro_acd=found.proacd or None,
            preferred_group=groups.preferred or None,
            groups=groups.groups or (),
            skills=tuple(
                Skill(skill.number, skill.level, skill.active) for skill in (found.skills or _Skills()).skills or ()
            ),
            chooses_group=found.self_assign,
            headset=found.headset,
            helps=found.help,
            multi_line=found.multiline,
        )

    def state(self, login: str, deadline: Deadline) -> AgentState:
        """Tell what an operator does now: live, else asked for (GET /acd/agent/state)."""
        return self._states.get(login, lambda: self._ask_state(login, deadline))

    def known_state(self, login: str, deadline: Deadline) -> Known[AgentState]:
        """Tell the same with its age, and while O2G does not answer what is known of before."""
        return self._states.known(login, lambda: self._ask_state(login, deadline))

    def is_followed(self, login: str) -> bool:
        """Tell whether events follow an operator's state now: to look at it again and again asks O2G once at most."""
        return self._states.is_followed(login)

    def withdraw_reasons(self, login: str, group: str, deadline: Deadline) -> tuple[WithdrawReason, ...]:
        """Tell a group's reasons for withdrawing, by index (GET /acd/agent/withdrawReasons, L73); may be none."""
        call = Call("GET /acd/agent/withdrawReasons", query={"loginName": login, "pgNumber": group})
        try:
            body = self._session.call(call, deadline).body
        except NotFound:
            return ()
        found = read(_Reasons, body, "a list of reasons") if body.strip() else _Reasons()
        reasons = {reason.index: WithdrawReason(reason.index, reason.label or "") for reason in found.reasons or ()}
        return tuple(reasons[index] for index in sorted(reasons) if 1 <= index <= 9)  # L138

    def log_on(
        self, login: str, pro_acd: str, deadline: Deadline, *, group: str | None = None, headset: bool | None = None
    ) -> None:
        """Log on at a set (POST /acd/agent/logon, L140).

        Args:
            login: the agent or supervisor.
            pro_acd: number of the pro-ACD set where the agent is.
            deadline: until when O2G must have answered.
            group: number of the processing group; None: the PBX's configuration decides. A supervisor without one is
                logged on outside of all groups, and enters one by `Supervisors.enter_group`.
            headset: whether to use it; None: as configured.

        Raises:
            BadParameter: this is no number; O2G was not asked.
        """
        request = LogOnRequest(
            pro_acd_device_number=dialable(pro_acd),
            pg_group_number=None if group is None else dialable(group),
            headset=headset,
        )
        self._post("logon", login, deadline, request)

    def log_off(self, login: str, deadline: Deadline) -> None:
        """Log off, out of every group (POST /acd/agent/logoff)."""
        self._post("logoff", login, deadline)

    def ready(self, login: str, deadline: Deadline) -> None:
        """Take calls from now on: ends pause, wrap-up and withdrawal (POST /acd/agent/ready)."""
        self._post("ready", login, deadline)

    def pause(self, login: str, deadline: Deadline) -> None:
        """Take a pause (POST /acd/agent/pause)."""
        self._post("pause", login, deadline)

    def wrap_up(self, login: str, deadline: Deadline) -> None:
        """Finish the work after a call (POST /acd/agent/wrapUp)."""
        self._post("wrapUp", login, deadline)

    def withdraw(self, login: str, reason: int | None, deadline: Deadline) -> None:
        """Withdraw, for a reason of `withdraw_reasons` where the group has any (POST /acd/agent/withdraw, L73, L138).

        Raises:
            BadParameter: the reason's index is not 1 to 9; O2G was not asked.
        """
        if reason is not None and not 1 <= reason <= 9:
            raise BadParameter("a reason for withdrawing is 1 to 9")
        self._post("withdraw", login, deadline, WithdrawRequest(reason_index=reason))

    def activate_skills(self, login: str, skills: tuple[int, ...], deadline: Deadline) -> None:
        """Switch skills on, by number (POST /acd/agent/config/skills/activate)."""
        self._skills("activate", login, skills, deadline)

    def deactivate_skills(self, login: str, skills: tuple[int, ...], deadline: Deadline) -> None:
        """Switch skills off, by number (POST /acd/agent/config/skills/deactivate)."""
        self._skills("deactivate", login, skills, deadline)

    def ask_help(self, login: str, deadline: Deadline) -> None:
        """Call for the supervisor's help (POST /acd/agent/supervisorHelp).

        That help is asked for, and by whom, O2G tells by events only: OnSupervisorHelpRequested names the supervisor to
        the agent and the agent to the supervisor (A101).
        """
        self._post("supervisorHelp", login, deadline)

    def cancel_help(self, login: str, supervisor: str | None, deadline: Deadline) -> None:
        """Call for help no more (DELETE /acd/agent/supervisorHelp, B40).

        `supervisor` is the number that was asked; None where no event has told it.
        """
        query = {"loginName": login} | ({} if supervisor is None else {"other": dialable(supervisor)})
        self._session.call(Call("DELETE /acd/agent/supervisorHelp", query=query), deadline)

    def _skills(self, what: str, login: str, skills: tuple[int, ...], deadline: Deadline) -> None:
        if not skills or min(skills) < 0:
            raise BadParameter("no skill is named")
        self._post(f"config/skills/{what}", login, deadline, SkillsRequest(skills=skills))
        self._forget(login)

    def _forget(self, login: str) -> None:
        self._configs.forget_key(login)

    def _ask_state(self, login: str, deadline: Deadline) -> AgentState:
        return state_in(read(AgentStateReading, self._get("state", login, deadline), "an agent's state"))

    def _get(self, what: str, login: str, deadline: Deadline) -> bytes:
        return self._session.call(Call(f"GET /acd/agent/{what}", query={"loginName": login}), deadline).body

    def _post(self, what: str, login: str, deadline: Deadline, request: Writing | None = None) -> None:
        call = Call(f"POST /acd/agent/{what}", query={"loginName": login}, body=request)
        self._session.call(call, deadline)


def _told(event: Event) -> AgentState:
    return state_in(AgentStateReading.model_validate(event.get("state")))
