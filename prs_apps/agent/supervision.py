"""A supervisor's screens: who asks for help, listening to agents, coming into their calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import structlog

from prs.dates import when
from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Form, Input, InputKind, Item, List, Popup, Refresh, Screen, SoftKey, Text
from prs_apps.agent.notices import attempt, for_operators, status, told, told_first
from prs_apps.agent.offers import Offer, shared_out
from prs_apps.agent.states import Doing, doing
from prs_apps.agent.watching import Watched, Watching
from prs_apps.application import Application, House, Visit, action, screen
from prs_apps.calling import call_and_tell
from prs_apps.directory.offering import from_directory
from prs_apps.laying_out import laid_out
from prs_apps.paging import leaf
from prs_apps.people import full_name
from prs_apps.picking import Pick
from services.errors import BadParameter, NotAllowed, NotExpected, NotFound, NotSupported, O2GError
from services.numbers import dialable
from services.supervisor import HelpRequest, Intrusion
from services.together import together

LONGEST_NUMBER = 20
LONGEST_NAME = 40  # in a link
RENEWAL_SECONDS = 10.0  # a thousand agents whose screens stay open all shift are a hundred of them a second
NAME_SECONDS = 1.0  # what an agent's name may cost

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a supervisor may do about an agent: what its soft key says, and what a list says."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to be in an agent's call: how it is offered, and how it is told beside the agent's name and without it."""

    deed: Deed
    here: str
    told: str


MODES = {
    Intrusion.DISCRETE: Mode(
        Deed(key=N_("Listen"), name=N_("Listen to this call")),
        here=N_("In the call: you only listen."),
        told=N_("You are in the call of {name}: you only listen."),
    ),
    Intrusion.RESTRICTED: Mode(
        Deed(key=N_("Whisper"), name=N_("Whisper to the agent")),
        here=N_("In the call: only the agent hears you."),
        told=N_("You are in the call of {name}: only the agent hears you."),
    ),
    Intrusion.NORMAL: Mode(
        Deed(key=N_("Speak"), name=N_("Speak to both")),
        here=N_("In the call: both hear you."),
        told=N_("You are in the call of {name}: both hear you."),
    ),
}
LISTEN_ALWAYS = Deed(key=N_("Always"), name=N_("Listen to all calls"))
STOP = Deed(key=N_("Stop"), name=N_("Stop listening"))
LEAVE = Deed(key=N_("Leave"), name=N_("Leave the call"))
REFUSE = Deed(key=N_("Refuse"), name=N_("Refuse help"))
CALL = Deed(key=N_("Call"), name=N_("Call"))
ANOTHER = Deed(key=N_("Other"), name=N_("Another agent"))

DONE = {
    "stopped": N_("You listen no more"),
    "left": N_("You left the call"),
    "refused": N_("Help was refused"),
}


class Supervision(Application):
    """What supervisors do beyond what agents do; part of `CallCentre`."""

    def __init__(self, house: House) -> None:
        """Furnish it with a memory of who watches whom."""
        super().__init__(house)
        self._watching = Watching(house.shared, house.now)

    @screen
    @for_operators
    def team(self, visit: Visit, notice: str = "", done: str = "", page: int = 0) -> Screen:
        """Say whom the supervisor watches and who asks for help, and offer these and any other agent."""
        helps = self.house.o2g.supervisors.help_requests(visit.user.login)
        shown = leaf(helps or (), page, visit.model.list_items)  # who asked longest comes first
        (joined, listened_to), names = together(
            lambda: self._watched(visit),
            lambda: together(*(partial(self._name, visit, request.number) for request in shown.items)),
        )
        asking = [self._request(visit, request, name) for request, name in zip(shown.items, names, strict=True)]
        offers = [
            *([self._offer(visit, LEAVE, visit.link(self.leave_call, "", ""))] if joined else []),
            *([self._offer(visit, STOP, visit.link(self.stop_listening, "", ""))] if listened_to else []),
            self._offer(visit, ANOTHER, visit.link(self.choose)),
            # What O2G does not tell may go on all the same, and must not be without an end.
            *([] if listened_to else [self._offer(visit, STOP, visit.link(self.stop_listening, "", ""))]),
            *([] if joined else [self._offer(visit, LEAVE, visit.link(self.leave_call, "", ""))]),
        ]
        shares = shared_out(offers, visit.model)
        words = (*told(visit, notice), *self._watch(visit, joined, listened_to), *self._helps(visit, helps))
        return Screen(
            title=visit._("Agents"),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=laid_out(words, (*asking, *shares.items), visit.model),
            keys=shares.keys,
            back=visit.link(self.home),
            earlier=visit.link(self.team, page=shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.team, page=shown.page + 1) if shown.has_later else None,
            refresh=self._renewal(visit, visit.link(self.team, page=shown.page)),
            popup=_popup(visit, done),
            status=status(notice),
        )

    @screen
    def choose(self, visit: Visit, notice: str = "") -> Screen:
        """Ask for the number of an agent. O2G has no list of a group's agents that would cost no licence (L46)."""
        pick = Pick(self.manifest.id, "picked", asker="choose")
        asked = not told_first(visit, notice)
        number = Input("number", visit._("Number"), kind=InputKind.DIGITS, longest=LONGEST_NUMBER, focus=asked)
        items = from_directory(visit, pick)
        listed = (List(items),) if items else ()
        words, form = told(visit, notice), Form(visit.link(self.typed), (number,))
        return Screen(
            title=visit._("Another agent"),
            body=(*words, form, *listed) if asked else (*laid_out(words, items, visit.model), form),
            keys=(SoftKey(visit._("OK")),),
            back=visit.link(self.team),
            status=status(notice),
        )

    @screen
    def typed(self, visit: Visit) -> Screen | Link:
        """Lead on to the agent whose number was typed."""
        try:
            number = dialable(visit.fields.text("number", LONGEST_NUMBER))
        except (TooLarge, BadParameter):
            return self.choose(visit, "no_number")
        return visit.link(self.agent, number)

    @screen
    def picked(self, visit: Visit, number: str) -> Link:
        """Lead on to the agent who was picked in the directory."""
        return visit.link(self.agent, number)

    @screen
    @for_operators
    def agent(self, visit: Visit, number: str, name: str = "", notice: str = "", done: str = "") -> Screen:
        """Offer what a supervisor may do about an agent. Whose agent it is, and what may be done, O2G decides."""
        (joined, listened_to), name = together(lambda: self._watched(visit), lambda: name or self._name(visit, number))
        helps = self.house.o2g.supervisors.help_requests(visit.user.login)
        asks = helps is None or number in {request.number for request in helps}  # not known: it may be so
        here = joined is not None and joined.number == number
        heard = listened_to is not None and listened_to.number == number
        offers = [
            *([self._offer(visit, LEAVE, visit.link(self.leave_call, number, name))] if here else []),
            *self._modes(visit, number, name, joined if here else None),
            self._offer(visit, STOP, visit.link(self.stop_listening, number, name))
            if heard
            else self._offer(visit, LISTEN_ALWAYS, visit.link(self.listen, number, name)),
            self._offer(visit, CALL, visit.link(self.call, number, name)),
            *([self._offer(visit, REFUSE, visit.link(self.refuse, number))] if asks else []),
        ]
        shares = shared_out(offers, visit.model)
        elsewhere = (None if here else joined, None if heard else listened_to)
        words = (
            *told(visit, notice),
            *((Text(visit._(MODES[joined.mode].here)),) if here and joined and joined.mode else ()),
            *((Text(visit._("You listen to all calls.")),) if heard else ()),
            *self._watch(visit, *elsewhere),
            Text(name if visit.model.rows == 1 else number),  # its one row has no title beside it
        )
        return Screen(
            title=name,
            body=laid_out(words, shares.items, visit.model),
            keys=shares.keys,
            back=visit.link(self.team),
            popup=_popup(visit, done),
            status=status(notice),
        )

    @action
    def listen(self, visit: Visit, number: str, name: str) -> Link:
        """Listen to all calls of an agent."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        notice = attempt(
            lambda: supervisors.listen(login, number, visit.deadline),
            {NotExpected: "not_there", **_NO_AGENT},
        )
        if not notice:
            self._watching.listen(login, number, name)
        return visit.link(self.agent, number, name, notice=notice)

    @action
    def stop_listening(self, visit: Visit, number: str, name: str) -> Link:
        """Listen to nobody's calls any more; without a number, from the screen of all agents."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        notice = attempt(lambda: supervisors.stop_listening(login, visit.deadline), {NotExpected: "not_listening"})
        if notice in ("", "not_listening"):
            self._watching.stop(login)
        return self._back(visit, number, name, notice, "stopped")

    @action
    def intrude(self, visit: Visit, number: str, name: str, mode: str) -> Link:
        """Come into the call that an agent has now."""
        supervisors, login, wanted = self.house.o2g.supervisors, visit.user.login, Intrusion(mode)
        notice = attempt(
            lambda: supervisors.intrude(login, number, wanted, visit.deadline), {NotExpected: "no_call", **_NO_AGENT}
        )
        if not notice:
            self._watching.join(login, number, name, wanted)
        return visit.link(self.agent, number, name, notice=notice)

    @action
    def change(self, visit: Visit, number: str, name: str, mode: str) -> Link:
        """Be in the agent's call in another way. Asking for the present one would end it (L72), so it must be known."""
        supervisors, login, wanted = self.house.o2g.supervisors, visit.user.login, Intrusion(mode)
        now = self._watching.joined(login, busy=True)
        if now is None or now.mode is None or now.number != number:
            return visit.link(self.agent, number, name, notice="call_over")
        if now.mode is wanted:
            return visit.link(self.agent, number, name)
        present = now.mode
        notice = attempt(
            lambda: supervisors.change_intrusion(login, present, wanted, visit.deadline), {NotExpected: "call_over"}
        )
        if notice == "call_over":
            self._watching.leave(login)
        elif not notice:
            self._watching.join(login, number, name, wanted)
        return visit.link(self.agent, number, name, notice=notice)

    @action
    def leave_call(self, visit: Visit, number: str, name: str) -> Link:
        """Leave the agent's call; an O2G before 2.7.3 cannot (A100), and then hanging up does."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        notice = attempt(
            lambda: supervisors.stop_intrusion(login, visit.deadline),
            {NotExpected: "call_over", BadParameter: "hang_up", NotSupported: "hang_up"},
        )
        if notice in ("", "call_over"):
            self._watching.leave(login)
        return self._back(visit, number, name, notice, "left")

    @action
    def refuse(self, visit: Visit, number: str) -> Link:
        """Refuse the help that an agent asks for."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        notice = attempt(lambda: supervisors.reject_help(login, number, visit.deadline), {NotExpected: "no_help"})
        return visit.link(self.team, notice, "" if notice else "refused")

    @action
    def call(self, visit: Visit, number: str, name: str) -> Screen:
        """Call an agent."""
        return call_and_tell(visit, number, name, back=visit.link(self.agent, number, name))

    def _renewal(self, visit: Visit, again: Link) -> Refresh | None:
        """Have a screen that stays open show what goes on, where events tell it: O2G is not asked each time."""
        return Refresh(RENEWAL_SECONDS, again) if self.house.o2g.agents.is_followed(visit.user.login) else None

    def _modes(self, visit: Visit, number: str, name: str, joined: Watched | None) -> Iterable[Offer]:
        """Offer the ways to be in the agent's call, but for the present one."""
        for mode, shown in MODES.items():
            if joined is None:
                yield self._offer(visit, shown.deed, visit.link(self.intrude, number, name, mode.value))
            elif joined.mode is not mode:
                yield self._offer(visit, shown.deed, visit.link(self.change, number, name, mode.value))

    def _watched(self, visit: Visit) -> tuple[Watched | None, Watched | None]:
        """Tell in whose call the supervisor is, so far as O2G's state bears it out, and to whom they listen."""
        login = visit.user.login
        state = doing(self.house.o2g.agents.state(login, visit.deadline))
        if state is Doing.OFF:
            self._watching.stop(login)  # the log-off has ended it
        return self._watching.joined(login, busy=state is Doing.BUSY), self._watching.listened_to(login)

    def _watch(self, visit: Visit, joined: Watched | None, listened_to: Watched | None) -> Iterable[Text]:
        if joined is not None and joined.mode is not None:
            yield Text(visit._(MODES[joined.mode].told, name=joined.name))
        if listened_to is not None:
            since = when(listened_to.since, self.house.now(), visit.zone, visit.language)
            yield Text(visit._("You listen to all calls of {name} since {time}.", name=listened_to.name, time=since))

    def _helps(self, visit: Visit, helps: tuple[HelpRequest, ...] | None) -> Iterable[Text]:
        if helps is None:
            yield Text(visit._("Who asks for help is not known right now."))
        elif not helps:
            yield Text(visit._("Nobody asks for help."))

    def _request(self, visit: Visit, request: HelpRequest, name: str) -> Item:
        moment = when(request.asked_at, self.house.now(), visit.zone, visit.language)
        return Item(name, detail=moment, link=visit.link(self.agent, request.number, name))

    def _offer(self, visit: Visit, deed: Deed, link: Link) -> Offer:
        return Offer(SoftKey(visit._(deed.key), link), visit._(deed.name))

    def _name(self, visit: Visit, number: str) -> str:
        """Tell who has a number: the name, or the number where no name can be had, which keeps nobody from helping."""
        try:
            user = self.house.o2g.users.by_number(number, visit.deadline.at_most(NAME_SECONDS))
        except (NotFound, BadParameter):
            return number
        except O2GError as error:
            log.warning("name_unknown", reason=error.type)
            return number
        return full_name(user.first_name, user.last_name)[:LONGEST_NAME] or number

    def _back(self, visit: Visit, number: str, name: str, notice: str, done: str) -> Link:
        """Go back to the agent, or without a number to all of them."""
        told = "" if notice else done
        if number:
            return visit.link(self.agent, number, name, notice=notice, done=told)
        return visit.link(self.team, notice, told)


_NO_AGENT = {BadParameter: "no_such_agent", NotFound: "no_such_agent", NotAllowed: "not_your_agent"}


def _popup(visit: Visit, done: str) -> Popup | None:
    return Popup(visit._(DONE[done])) if done in DONE else None
