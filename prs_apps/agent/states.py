"""An operator's state in one vocabulary, the sentence that tells it, and what can be done from it; all of it data."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from prs.errors import N_
from prs.links import Link
from prs.screens import SoftKey
from prs_apps.agent.offers import Offer
from prs_apps.application import Visit
from services.agent import AgentConfig, AgentKind, Agents, AgentState, MainState, SubState
from services.deadline import Deadline
from services.supervisor import HelpRequest


class Doing(StrEnum):
    """What an operator does, as a screen tells it; ON where only the log-on is known."""

    OFF = "off"
    READY = "ready"
    BUSY = "busy"
    CODE = "code"
    WRAP_UP = "wrap_up"
    PAUSE = "pause"
    WITHDRAWN = "withdrawn"
    NO_GROUP = "no_group"
    ON = "on"
    ERROR = "error"
    UNKNOWN = "unknown"


LOGGED_ON = {
    SubState.READY: Doing.READY,
    SubState.OUT_OF_GROUP: Doing.NO_GROUP,
    SubState.BUSY: Doing.BUSY,
    SubState.TRANSACTION_CODE: Doing.CODE,
    SubState.WRAP_UP: Doing.WRAP_UP,
    SubState.WRAP_UP_MESSAGE: Doing.WRAP_UP,
    SubState.WRAP_UP_EMAIL: Doing.WRAP_UP,
    SubState.WRAP_UP_EMAIL_INTERRUPTIBLE: Doing.WRAP_UP,
    SubState.WRAP_UP_OUTBOUND: Doing.WRAP_UP,
    SubState.WRAP_UP_CALLBACK: Doing.WRAP_UP,
    SubState.PAUSE: Doing.PAUSE,
    SubState.WITHDRAWN: Doing.WITHDRAWN,
}
NOT_LOGGED_ON = {MainState.LOGGED_OFF: Doing.OFF, MainState.ERROR: Doing.ERROR}

SENTENCES = {
    Doing.OFF: N_("You are logged off."),
    Doing.READY: N_("You are ready."),
    Doing.BUSY: N_("You are in a call."),
    Doing.CODE: N_("Your set waits for a transaction code."),
    Doing.WRAP_UP: N_("You are in wrap-up."),
    Doing.PAUSE: N_("You are in a pause."),
    Doing.WITHDRAWN: N_("You are withdrawn."),
    Doing.NO_GROUP: N_("You are in no group."),
    Doing.ON: N_("You are logged on."),
    Doing.ERROR: N_("The call centre reports an error."),
    Doing.UNKNOWN: N_("Your state is not known."),
}


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides what is offered: what O2G says, and the requests for help; None: these are not known."""

    state: AgentState
    config: AgentConfig
    helps: tuple[HelpRequest, ...] | None

    @property
    def doing(self) -> Doing:
        """What the operator does."""
        return doing(self.state)

    @property
    def supervises(self) -> bool:
        """Whether this is a supervisor."""
        return self.config.kind is AgentKind.SUPERVISOR


def doing(state: AgentState) -> Doing:
    """Tell what an operator does, in a screen's words."""
    if state.main is not MainState.LOGGED_ON:
        return NOT_LOGGED_ON.get(state.main, Doing.UNKNOWN)
    unsaid = Doing.WITHDRAWN if state.withdrawn else Doing.ON
    return unsaid if state.sub is None else LOGGED_ON.get(state.sub, unsaid)


def _everybody(_: Situation) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Step:
    """Something that an operator may do.

    Attributes:
        id: its name in links.
        key, name: what its soft key says, and a list, which has room for more.
        do: what it asks of O2G at once; None: it leads to a screen or needs to be told more.
        done: what is told when it was done, where the state does not tell.
        unless: the notice that tells why the operator's state did not allow it.
        offered: whether it is for this operator at all.
    """

    id: str
    key: str
    name: str
    do: Callable[[Agents, str, Deadline], None] | None = None
    done: str = ""
    unless: str = "not_now"
    offered: Callable[[Situation], bool] = _everybody


LOG_ON = Step("log_on", key=N_("Log on"), name=N_("Log on"))
LOG_OFF = Step("log_off", key=N_("Log off"), name=N_("Log off"))
READY = Step("ready", key=N_("Ready"), name=N_("Ready for calls"), do=Agents.ready)
PAUSE = Step("pause", key=N_("Pause"), name=N_("Take a pause"), do=Agents.pause)
WRAP_UP = Step("wrap_up", key=N_("Wrap-up"), name=N_("Go into wrap-up"), do=Agents.wrap_up)
WITHDRAW = Step("withdraw", key=N_("Withdr."), name=N_("Withdraw"))
SKILLS = Step("skills", key=N_("Skills"), name=N_("Your skills"), offered=lambda who: bool(who.config.skills))
HELP = Step(
    "help",
    key=N_("Help"),
    name=N_("Call for help"),
    do=Agents.ask_help,
    done=N_("Help was asked for"),
    unless="no_supervisor",
    offered=lambda who: not who.supervises and not who.helps,
)
NO_HELP = Step(
    "no_help",
    key=N_("No help"),
    name=N_("Cancel help"),
    done=N_("Help was cancelled"),
    unless="no_help",
    offered=lambda who: not who.supervises and who.helps != (),  # not known: it may be open
)
TEAM = Step("team", key=N_("Agents"), name=N_("Help and listen"), offered=lambda who: who.supervises)
ENTER = Step("enter", key=N_("Enter"), name=N_("Enter a group"), offered=lambda who: who.supervises)
LEAVE = Step(
    "leave",
    key=N_("Leave"),
    name=N_("Leave the group"),
    offered=lambda who: who.supervises and who.state.group is not None,
)
STEPS = {
    step.id: step
    for step in (LOG_ON, LOG_OFF, READY, PAUSE, WRAP_UP, WITHDRAW, SKILLS, HELP, NO_HELP, TEAM, ENTER, LEAVE)
}

# What each state offers, the likely first. The PBX has the last word.
_REST = (TEAM, NO_HELP, SKILLS, LEAVE, LOG_OFF)
FROM: dict[Doing, tuple[Step, ...]] = {
    Doing.OFF: (LOG_ON, SKILLS),
    Doing.READY: (PAUSE, WITHDRAW, WRAP_UP, HELP, *_REST),
    Doing.BUSY: (HELP, TEAM, WRAP_UP, WITHDRAW, NO_HELP, SKILLS),
    Doing.CODE: (READY, PAUSE, WITHDRAW, *_REST),
    Doing.WRAP_UP: (READY, PAUSE, WITHDRAW, HELP, *_REST),
    Doing.PAUSE: (READY, WITHDRAW, *_REST),
    Doing.WITHDRAWN: (READY, WITHDRAW, *_REST),
    Doing.NO_GROUP: (ENTER, TEAM, SKILLS, LOG_OFF),
    Doing.ON: (READY, PAUSE, WITHDRAW, WRAP_UP, HELP, ENTER, *_REST),
    Doing.ERROR: (LOG_ON, LOG_OFF),
    Doing.UNKNOWN: (READY, LOG_ON, LOG_OFF),
}


def steps(situation: Situation) -> tuple[Step, ...]:
    """List what an operator may do now, the likely first: for a supervisor whose help is wanted, to help."""
    found = [step for step in FROM[situation.doing] if step.offered(situation)]
    if situation.supervises and situation.helps:
        found.sort(key=lambda step: step is not TEAM)
    return tuple(found)


def offer(visit: Visit, step: Step, link: Link) -> Offer:
    """Put a step into the user's language."""
    return Offer(SoftKey(visit._(step.key), link), visit._(step.name))
