"""What a user can do with calls, as data: when it is offered, what it needs to be told, how it is asked of O2G."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from prs.errors import N_
from prs.links import Link
from prs.screens import Item, SoftKey
from prs_apps.application import Visit
from prs_apps.calls.situations import Situation
from services.call_control import Recording
from services.calls_in_progress import CallAbility, CallInProgress, SetAbility
from services.deadline import Deadline
from services.o2g import O2G
from services.own_set import OwnSet


@dataclass(frozen=True, slots=True)
class Hand:
    """What something is done with: a call's reference, and a number, another call, a participant or a code."""

    o2g: O2G
    own: OwnSet
    deadline: Deadline
    call: str = ""
    value: str = ""


class Needs(Enum):
    """What the user has to say before it can be done."""

    NOTHING = auto()
    CALL = auto()
    PARTICIPANT = auto()
    NUMBER = auto()
    CODE = auto()


def _nobody(_situation: Situation) -> tuple[CallInProgress, ...]:
    return ()


def _always(_situation: Situation) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Doing:
    """Something that can be done.

    Attributes:
        id: its name in links.
        label, key: how a line and how a soft key names it.
        do: asks O2G for it.
        able: what O2G must state of the call, or of one of the user's sets in it.
        when: what must be so beside that.
        needs: what the user must say; of calls, one of `calls`.
        question: asked before it is done; `{name}` is the participant's.
        done: told afterwards, where the screen does not show it by itself.
        without: the line that does it without a number, at the number's screen.
        refused: what it means that O2G does not expect it now.
        listed: whether a list of several calls offers it for the most urgent one: what it concerns is plain there.
        ends: whether the call is the user's no longer; `onto`: it goes on with the call that was named.
    """

    id: str
    label: str
    key: str
    do: Callable[[Hand], None]
    able: CallAbility | SetAbility | None = None
    when: Callable[[Situation], bool] = _always
    needs: Needs = Needs.NOTHING
    calls: Callable[[Situation], tuple[CallInProgress, ...]] = _nobody
    question: str = ""
    done: str = ""
    without: str = ""
    refused: str = ""
    listed: bool = False
    ends: bool = False
    onto: bool = False

    def offered(self, situation: Situation) -> bool:
        """Tell whether it can be done now."""
        able = self.able is None or situation.able(self.able)
        there = {Needs.CALL: self.calls(situation), Needs.PARTICIPANT: situation.droppable}
        return able and self.when(situation) and (self.needs not in there or bool(there[self.needs]))

    def soft_key(self, visit: Visit, link: Link | None = None) -> SoftKey:
        """Name it on a soft key; without a link it sends the form in which the user says what it needs."""
        return SoftKey(visit._(self.key), link)

    def line(self, visit: Visit, link: Link, detail: str = "") -> Item:
        """Name it in a list."""
        return Item(visit._(self.label), detail=detail, link=link)


def _hang_up(hand: Hand) -> None:
    hand.o2g.call_control.hang_up(hand.call, hand.own.login, hand.deadline)


def _record(action: Recording) -> Callable[[Hand], None]:
    return lambda hand: hand.o2g.call_control.record(hand.call, action, hand.own.login, hand.deadline)


# The likely ones first: soft keys and lines follow this order.
WITH_A_CALL = (
    Doing(
        "answer",
        label=N_("Answer"),
        key=N_("Answer"),
        do=lambda hand: hand.o2g.call_control.answer(hand.call, hand.own, hand.deadline),
        able=SetAbility.ANSWER,
        listed=True,
    ),
    Doing(
        "to_voicemail",
        label=N_("To my voicemail"),
        key=N_("Mailbox"),
        do=lambda hand: hand.o2g.call_control.redirect_to_voicemail(hand.call, hand.own.login, hand.deadline),
        able=CallAbility.REDIRECT_TO_VOICEMAIL,
        done=N_("Sent to voicemail"),
        ends=True,
    ),
    Doing(
        "redirect",
        label=N_("Send to a number"),
        key=N_("Send on"),
        do=lambda hand: hand.o2g.call_control.redirect(hand.call, hand.value, hand.own.login, hand.deadline),
        able=CallAbility.REDIRECT,
        needs=Needs.NUMBER,
        done=N_("Sent on"),
        ends=True,
    ),
    Doing(
        "transfer",
        label=N_("Transfer"),
        key=N_("Transf."),
        do=lambda hand: hand.o2g.call_control.transfer(hand.call, hand.value, hand.own.login, hand.deadline),
        able=CallAbility.TRANSFER,
        needs=Needs.CALL,
        calls=lambda situation: situation.held,
        listed=True,
        done=N_("Transferred"),
        ends=True,
    ),
    Doing(
        "merge",
        label=N_("Conference"),
        key=N_("Confer."),
        do=lambda hand: hand.o2g.call_control.merge(hand.call, hand.value, hand.own.login, hand.deadline),
        able=CallAbility.MERGE,
        needs=Needs.CALL,
        calls=lambda situation: situation.held,
        listed=True,
    ),
    Doing(
        "alternate",
        label=N_("Swap calls"),
        key=N_("Swap"),
        do=lambda hand: hand.o2g.call_control.alternate(hand.value, hand.own, hand.deadline),
        able=SetAbility.HOLD,
        needs=Needs.CALL,
        calls=lambda situation: situation.held,
        listed=True,
        onto=True,
    ),
    Doing(
        "alternate_here",
        label=N_("Swap calls"),
        key=N_("Swap"),
        do=lambda hand: hand.o2g.call_control.alternate(hand.call, hand.own, hand.deadline),
        able=SetAbility.RETRIEVE,
        when=lambda situation: bool(situation.active),
    ),
    Doing(
        "retrieve",
        label=N_("Take off hold"),
        key=N_("Unhold"),
        do=lambda hand: hand.o2g.call_control.retrieve(hand.call, hand.own, hand.deadline),
        able=SetAbility.RETRIEVE,
        when=lambda situation: not situation.active,
    ),
    Doing(
        "reconnect",
        label=N_("End other, take this"),
        key=N_("Return"),
        do=lambda hand: hand.o2g.call_control.reconnect(hand.call, hand.value, hand.own, hand.deadline),
        able=SetAbility.RECONNECT,
        needs=Needs.CALL,
        calls=lambda situation: situation.engaged,
    ),
    Doing(
        "hold",
        label=N_("Put on hold"),
        key=N_("Hold"),
        do=lambda hand: hand.o2g.call_control.hold(hand.call, hand.own, hand.deadline),
        able=SetAbility.HOLD,
    ),
    Doing(
        "ask_back",
        label=N_("Ask for a callback"),
        key=N_("Callbk"),
        do=lambda hand: hand.o2g.call_control.ask_call_back(hand.call, hand.own.login, hand.deadline),
        able=CallAbility.CALL_BACK,
        done=N_("Callback asked for"),
        ends=True,
    ),
    Doing(
        "to_their_voicemail",
        label=N_("To their voicemail"),
        key=N_("Mailbox"),
        do=lambda hand: hand.o2g.call_control.overflow_to_voicemail(hand.call, hand.own.login, hand.deadline),
        able=CallAbility.OVERFLOW_TO_VOICEMAIL,
    ),
    Doing(
        "hang_up",
        label=N_("Hang up"),
        key=N_("Hang up"),
        do=_hang_up,
        able=CallAbility.DROP_ME,
        when=lambda situation: not situation.conference,
        done=N_("Hung up"),
        ends=True,
    ),
    Doing(
        "leave",
        label=N_("Leave"),
        key=N_("Leave"),
        do=_hang_up,
        able=CallAbility.DROP_ME,
        when=lambda situation: situation.conference,
        done=N_("You have left"),
        ends=True,
    ),
    Doing(
        "blind_transfer",
        label=N_("Transfer to a number"),
        key=N_("Send on"),
        do=lambda hand: hand.o2g.call_control.blind_transfer(hand.call, hand.value, hand.own.login, hand.deadline),
        able=CallAbility.BLIND_TRANSFER,
        needs=Needs.NUMBER,
        done=N_("Transferred"),
        ends=True,
    ),
    Doing(
        "record",
        label=N_("Record the call"),
        key=N_("Record"),
        do=_record(Recording.START),
        able=CallAbility.START_RECORDING,
        done=N_("Is being recorded"),
    ),
    Doing(
        "pause",
        label=N_("Pause recording"),
        key=N_("Pause"),
        do=_record(Recording.PAUSE),
        able=CallAbility.PAUSE_RECORDING,
        done=N_("Recording is paused"),
    ),
    Doing(
        "resume",
        label=N_("Resume recording"),
        key=N_("Go on"),
        do=_record(Recording.RESUME),
        able=CallAbility.RESUME_RECORDING,
        done=N_("Is being recorded"),
    ),
    Doing(
        "stop",
        label=N_("Stop recording"),
        key=N_("Stop"),
        do=_record(Recording.STOP),
        able=CallAbility.STOP_RECORDING,
        done=N_("Recording has stopped"),
    ),
    Doing(
        "drop",
        label=N_("Remove somebody"),
        key=N_("Remove"),
        do=lambda hand: hand.o2g.call_control.drop(hand.call, hand.value, hand.own.login, hand.deadline),
        able=CallAbility.DROP_PARTICIPANT,
        needs=Needs.PARTICIPANT,
        question=N_("Remove {name} from the conference?"),
    ),
    Doing(
        "end",
        label=N_("End for all"),
        key=N_("End all"),
        do=lambda hand: hand.o2g.call_control.end(hand.call, hand.own.login, hand.deadline),
        able=CallAbility.TERMINATE,
        when=lambda situation: situation.conference,
        question=N_("End the conference for everybody?"),
        done=N_("Ended for all"),
        ends=True,
    ),
    Doing(
        "park",
        label=N_("Park the call"),
        key=N_("Park"),
        do=lambda hand: hand.o2g.call_control.park(hand.call, hand.own.login, hand.deadline, at=hand.value or None),
        able=CallAbility.PARK,
        when=lambda situation: situation.from_outside,
        needs=Needs.NUMBER,
        without=N_("At this set"),
        done=N_("Parked"),
        ends=True,
    ),
    Doing(
        "code",
        label=N_("Account code"),
        key=N_("Code"),
        do=lambda hand: hand.o2g.call_control.send_account_info(hand.call, hand.own, hand.value, hand.deadline),
        able=SetAbility.HOLD,
        needs=Needs.CODE,
    ),
)

BESIDE_CALLS = (
    Doing(
        "pick_up",
        label=N_("Pick up a call"),
        key=N_("Pick up"),
        do=lambda hand: hand.o2g.call_control.pick_up(hand.own, hand.deadline, ringing_at=hand.value or None),
        needs=Needs.NUMBER,
        without=N_("Any of my group"),
        refused=N_("No call rings there."),
    ),
    Doing(
        "unpark",
        label=N_("Take a parked call"),
        key=N_("Unpark"),
        do=lambda hand: hand.o2g.call_control.unpark(hand.own, hand.deadline, parked_at=hand.value or None),
        needs=Needs.NUMBER,
        without=N_("Parked at this set"),
        refused=N_("No call is parked there."),
    ),
)

ASK = Doing(
    "ask",
    label=N_("Ask for a callback"),
    key=N_("Ask"),
    do=lambda hand: hand.o2g.callbacks.ask(hand.own.login, hand.value, hand.deadline),
    needs=Needs.NUMBER,
    done=N_("Callback asked for"),
    refused=N_("This is possible only while you are in no call."),
)

DOINGS = {doing.id: doing for doing in (*WITH_A_CALL, *BESIDE_CALLS, ASK)}
