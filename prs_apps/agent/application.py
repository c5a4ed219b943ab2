"""An operator's own screens: the state, and everything that changes it."""

from collections.abc import Iterable
from typing import ClassVar

import structlog

from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import CheckBox, Dialog, Form, Input, InputKind, Item, List, Popup, Screen, SoftKey, Text
from prs_apps import ages
from prs_apps.agent.notices import attempt, for_operators, status, told, told_first
from prs_apps.agent.offers import shared_out
from prs_apps.agent.states import NO_HELP, SENTENCES, STEPS, Doing, Situation, Step, offer, steps
from prs_apps.agent.supervision import Supervision
from prs_apps.agent.why import Why
from prs_apps.application import Manifest, Visit, action, screen
from prs_apps.laying_out import laid_out
from prs_apps.paging import leaf
from services.agent import AgentConfig, AgentKind, AgentState
from services.errors import BadParameter, NotAllowed, NotExpected, O2GError
from services.numbers import dialable
from services.together import together

LONGEST_NUMBER = 20
WITH, WITHOUT, AS_CONFIGURED = "with", "without", ""
HEADSET = {WITH: True, WITHOUT: False}
ANY_GROUP = ""  # in a link: the PBX decides, or a supervisor enters none

log = structlog.get_logger(__name__)


class CallCentre(Supervision):
    """A call-centre agent's day: log on, ready, pause, wrap-up, withdraw, skills, help; and the supervisor's."""

    manifest: ClassVar = Manifest("agent", N_("Call centre"), order=70)

    def offered(self, visit: Visit) -> bool:
        """Only operators get it. Nobody's configuration is asked for: that would take an agent licence (L46)."""
        return self.house.o2g.agents.is_operator(visit.user.login, visit.deadline)

    @screen
    @for_operators
    def home(self, visit: Visit, done: str = "", notice: str = "", why: str = "") -> Screen:
        """Say what the operator does, then what can be done from it.

        Args:
            visit: the request.
            done: the step that leads here; its change is read back.
            notice: why a step was refused.
            why: the reason for being withdrawn, where it is known.
        """
        agents, login = self.house.o2g.agents, visit.user.login
        known, config = together(
            lambda: agents.known_state(login, visit.deadline), lambda: agents.remembered_config(login, visit.deadline)
        )
        situation = Situation(known.value, config, self.house.o2g.supervisors.help_requests(login))
        reason = self._reason(visit, situation, Why.unpacked(why), ask=not done)
        offers = [offer(visit, step, self._lead(visit, step, situation, reason)) for step in steps(situation)]
        shares = shared_out(offers, visit.model)
        popup = STEPS[done].done if done in STEPS and not notice else ""
        return Screen(
            title=visit._("Call centre"),
            body=laid_out(
                (*ages.told(visit, known), *told(visit, notice), *self._story(visit, situation, reason)),
                shares.items,
                visit.model,
            ),
            keys=(*ages.retry(visit, known, visit.link(self.home)), *shares.keys),
            refresh=self._renewal(visit, visit.link(self.home, why=reason.packed())),
            popup=Popup(visit._(popup)) if popup else None,
            status=status(notice),
        )

    @action
    def act(self, visit: Visit, step: str, why: str) -> Link:
        """Do what needs no more to be said; the screen then shows the state that O2G reports."""
        chosen = STEPS[step]
        notice = ""
        if chosen.do is not None:
            do = chosen.do
            words: dict[type[O2GError], str] = {NotExpected: chosen.unless}
            notice = attempt(lambda: do(self.house.o2g.agents, visit.user.login, visit.deadline), words)
        return visit.link(self.home, done=step, notice=notice, why=why)

    @screen
    @for_operators
    def log_on(
        self, visit: Visit, pro_acd: str, headset: str = AS_CONFIGURED, notice: str = "", page: int = 0
    ) -> Screen:
        """Offer the groups to log on in; the set where the agent is, and the headset, are chosen beforehand."""
        config = self.house.o2g.agents.remembered_config(visit.user.login, visit.deadline)
        here = config.pro_acd or pro_acd
        without = N_("No group") if config.kind is AgentKind.SUPERVISOR else N_("Log on")
        everything = _groups_at_log_on(config)
        groups = leaf(everything, page, visit.model.list_items)
        items = tuple(
            Item(
                visit._("Group {group}", group=group) if group else visit._(without),
                detail=visit._("usual") if group and group == config.preferred_group else "",
                link=visit.link(self.begin, here, headset, group),
            )
            for group in groups.items
        )
        words = [visit._("At set {set}.", set=here)]
        if config.headset:
            words.append(visit._("Without headset.") if headset == WITHOUT else visit._("With headset."))
        here_at = Text(" ".join(words))
        keys = [SoftKey(visit._("Log on"), visit.link(self.begin, here, headset, everything[0]))]
        if config.pro_acd is None or config.headset:
            keys.append(SoftKey(visit._("Change"), visit.link(self.place, here, headset)))
        return Screen(
            title=visit._("Log on"),
            body=laid_out((*told(visit, notice), here_at), items, visit.model) if notice else (here_at, List(items)),
            keys=tuple(keys),
            back=visit.link(self.home),
            earlier=visit.link(self.log_on, pro_acd, headset, page=groups.page - 1) if groups.has_earlier else None,
            later=visit.link(self.log_on, pro_acd, headset, page=groups.page + 1) if groups.has_later else None,
            status=status(notice),
        )

    @screen
    @for_operators
    def place(self, visit: Visit, pro_acd: str, headset: str, notice: str = "") -> Screen | Link:
        """Ask for the set where the agent is, unless it is always the same one, and for the headset."""
        config = self.house.o2g.agents.remembered_config(visit.user.login, visit.deadline)
        fields: list[Input | CheckBox] = []
        if config.pro_acd is None:
            asked = not told_first(visit, notice)
            number = Input(
                "pro_acd", visit._("Set number"), pro_acd, InputKind.DIGITS, longest=LONGEST_NUMBER, focus=asked
            )
            fields.append(number)
        if config.headset:
            fields.append(CheckBox("headset", visit._("Headset"), headset != WITHOUT))
        if not fields:
            return visit.link(self.log_on, pro_acd, headset)  # there is nothing to choose any more
        return Screen(
            title=visit._("Log on"),
            body=(*told(visit, notice), Form(visit.link(self.placed, pro_acd, headset), tuple(fields))),
            keys=(SoftKey(visit._("OK")),),
            back=visit.link(self.log_on, pro_acd, headset),
            status=status(notice),
        )

    @screen
    @for_operators
    def placed(self, visit: Visit, pro_acd: str, headset: str) -> Screen | Link:
        """Take over where the agent is; nothing is changed before a group is chosen."""
        config = self.house.o2g.agents.remembered_config(visit.user.login, visit.deadline)
        if config.headset and (ticked := visit.fields.cut("headset", 5)):
            headset = WITH if ticked == "true" else WITHOUT
        if config.pro_acd is None:
            try:
                pro_acd = dialable(visit.fields.text("pro_acd", LONGEST_NUMBER))
            except (TooLarge, BadParameter):
                return self.place(visit, pro_acd, headset, "no_number")
        return visit.link(self.log_on, pro_acd, headset)

    @action
    def begin(self, visit: Visit, pro_acd: str, headset: str, group: str) -> Link:
        """Log on."""
        agents, login = self.house.o2g.agents, visit.user.login
        notice = attempt(
            lambda: agents.log_on(login, pro_acd, visit.deadline, group=group or None, headset=HEADSET.get(headset)),
            {NotExpected: "no_log_on", BadParameter: "no_such_set"},
        )
        if notice == "no_such_set":
            return visit.link(self.log_on, pro_acd, headset, notice)
        return visit.link(self.home, done="log_on", notice=notice)

    @screen
    def ask_log_off(self, visit: Visit) -> Screen:
        """Ask before the agent is logged off."""
        home = visit.link(self.home)
        answers = (Item(visit._("Log off"), link=visit.link(self.log_off)), Item(visit._("Stay"), link=home))
        question = Dialog(visit._("Log off"), visit._("Log off from the call centre?"), answers)
        return Screen(title=visit._("Call centre"), dialog=question, back=home)

    @action
    def log_off(self, visit: Visit) -> Link:
        """Log off."""
        notice = attempt(lambda: self.house.o2g.agents.log_off(visit.user.login, visit.deadline), {})
        return visit.link(self.home, done="log_off", notice=notice)

    @screen
    def withdraw(self, visit: Visit, group: str) -> Screen | Link:
        """Offer the group's reasons for withdrawing; where there are none, none is asked for."""
        agents, login = self.house.o2g.agents, visit.user.login
        try:
            reasons = agents.withdraw_reasons(login, group, visit.deadline) if group else ()
        except NotAllowed:
            return visit.link(self.home, notice="not_allowed")
        except BadParameter:
            reasons = ()  # the group is gone meanwhile; whether one may withdraw without a reason, O2G will say
        items = tuple(
            Item(
                reason.label or visit._("Reason {index}", index=reason.index),
                link=visit.link(self.leave_for, Why(group, reason.index, reason.label).packed()),
            )
            for reason in reasons
        )
        back = visit.link(self.home)
        if items:
            return Screen(title=visit._("Withdraw"), body=(List(items),), back=back)
        answers = (Item(visit._("Withdraw"), link=visit.link(self.leave_for, "")), Item(visit._("Stay"), link=back))
        question = Dialog(visit._("Withdraw"), visit._("Take no more calls?"), answers)
        return Screen(title=visit._("Call centre"), dialog=question, back=back)

    @action
    def leave_for(self, visit: Visit, why: str) -> Link:
        """Withdraw, for a reason or none."""
        agents, login, reason = self.house.o2g.agents, visit.user.login, Why.unpacked(why).index
        notice = attempt(
            lambda: agents.withdraw(login, reason or None, visit.deadline), {BadParameter: "no_such_reason"}
        )
        return visit.link(self.home, done="withdraw", notice=notice, why=why)

    @screen
    @for_operators
    def skills(self, visit: Visit, page: int = 0, notice: str = "") -> Screen:
        """List the agent's skills, on or off as O2G reports; choosing one switches it."""
        config = self.house.o2g.agents.config(visit.user.login, visit.deadline)
        shown = leaf(config.skills, page, visit.model.list_items)
        items = tuple(
            Item(
                visit._("Skill {number}", number=skill.number)
                if skill.level is None
                else visit._("Skill {number}, level {level}", number=skill.number, level=skill.level),
                detail=visit._("unknown")
                if skill.active is None
                else visit._("on")
                if skill.active
                else visit._("off"),
                link=visit.link(self.switch_skill, skill.number, not skill.active, shown.page),
            )
            for skill in shown.items
        )
        nothing = () if items else (Text(visit._("You have no skills.")),)
        return Screen(
            title=visit._("Your skills"),
            note=f"{shown.page + 1}/{shown.pages}" if shown.pages > 1 else "",
            body=laid_out((*told(visit, notice), *nothing), items, visit.model),
            back=visit.link(self.home),
            earlier=visit.link(self.skills, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.skills, shown.page + 1) if shown.has_later else None,
            status=status(notice),
        )

    @action
    def switch_skill(self, visit: Visit, number: int, on: bool, page: int) -> Link:
        """Switch a skill on or off."""
        agents = self.house.o2g.agents
        switch = agents.activate_skills if on else agents.deactivate_skills
        notice = attempt(lambda: switch(visit.user.login, (number,), visit.deadline), {BadParameter: "no_such_skill"})
        return visit.link(self.skills, page, notice)

    @action
    def cancel_help(self, visit: Visit, supervisor: str, why: str) -> Link:
        """Ask for help no more; `supervisor` is empty where it is not known who was asked."""
        agents, login = self.house.o2g.agents, visit.user.login
        words: dict[type[O2GError], str] = {NotExpected: NO_HELP.unless}
        notice = attempt(lambda: agents.cancel_help(login, supervisor or None, visit.deadline), words)
        return visit.link(self.home, done="no_help", notice=notice, why=why)

    @screen
    @for_operators
    def groups(self, visit: Visit, page: int = 0) -> Screen:
        """Offer a supervisor the groups to enter."""
        config = self.house.o2g.agents.remembered_config(visit.user.login, visit.deadline)
        shown = leaf(_preferred_first(config), page, visit.model.list_items)
        items = tuple(
            Item(visit._("Group {group}", group=group), link=visit.link(self.enter, group)) for group in shown.items
        )
        return Screen(
            title=visit._("Enter a group"),
            body=(List(items) if items else Text(visit._("You have no groups.")),),
            back=visit.link(self.home),
            earlier=visit.link(self.groups, shown.page - 1) if shown.has_earlier else None,
            later=visit.link(self.groups, shown.page + 1) if shown.has_later else None,
        )

    @action
    def enter(self, visit: Visit, group: str) -> Link:
        """Enter a group."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        return visit.link(
            self.home, done="enter", notice=attempt(lambda: supervisors.enter_group(login, group, visit.deadline), {})
        )

    @action
    def leave(self, visit: Visit, group: str) -> Link:
        """Leave the group, and stay logged on."""
        supervisors, login = self.house.o2g.supervisors, visit.user.login
        return visit.link(
            self.home, done="leave", notice=attempt(lambda: supervisors.exit_group(login, group, visit.deadline), {})
        )

    def _lead(self, visit: Visit, step: Step, situation: Situation, why: Why) -> Link:
        """Link to what a step does, or to the screen that asks what more there is to say."""
        group = situation.state.group or ""
        leads = {
            "log_on": lambda: visit.link(self.log_on, visit.device.id),
            "log_off": lambda: visit.link(self.ask_log_off),
            "withdraw": lambda: visit.link(self.withdraw, group),
            "skills": lambda: visit.link(self.skills),
            "no_help": lambda: visit.link(self.cancel_help, _asked(situation), why.packed()),
            "team": lambda: visit.link(self.team),
            "enter": lambda: visit.link(self.groups),
            "leave": lambda: visit.link(self.leave, group),
        }
        return visit.link(self.act, step.id, why.packed()) if step.do is not None else leads[step.id]()

    def _reason(self, visit: Visit, situation: Situation, known: Why, *, ask: bool) -> Why:
        """Find why the agent is withdrawn; after a change it is not asked for, as two calls were made already."""
        state = situation.state
        if situation.doing is not Doing.WITHDRAWN or not state.reason or state.group is None:
            return Why()
        if (known.group, known.index) == (state.group, state.reason):
            return known
        if ask:
            try:
                reasons = self.house.o2g.agents.withdraw_reasons(visit.user.login, state.group, visit.deadline)
            except O2GError as error:
                log.warning("reason_unknown", reason=error.type)  # that the agent is withdrawn matters more
            else:
                return next(
                    (Why(state.group, r.index, r.label) for r in reasons if r.index == state.reason),
                    Why(state.group, state.reason),
                )
        return Why()

    def _story(self, visit: Visit, situation: Situation, why: Why) -> Iterable[Text]:
        """Tell the state, and what else of it there is to know: group, set, help."""
        state = situation.state
        if why.index:
            label = why.label or visit._("Reason {index}", index=why.index)
            yield Text(visit._("You are withdrawn: {reason}.", reason=label))
        else:
            yield Text(visit._(SENTENCES[situation.doing]))
        if situation.doing is not Doing.OFF:
            yield from self._where(visit, state)
        if situation.helps and situation.supervises:
            count = len(situation.helps)
            yield Text(visit.ngettext("{count} agent asks for help.", "{count} agents ask for help.", count))
        elif situation.helps:
            yield Text(visit._("You have called for help."))

    def _where(self, visit: Visit, state: AgentState) -> Iterable[Text]:
        words = []
        if state.group is not None:
            words.append(visit._("Group {group}.", group=state.group))
        if state.pro_acd is not None and state.pro_acd != visit.device.id:
            words.append(visit._("At set {set}.", set=state.pro_acd))
        if words:
            yield Text(" ".join(words))


def _preferred_first(config: AgentConfig) -> tuple[str, ...]:
    """Order an operator's groups: the usual one first."""
    return tuple(sorted(config.groups, key=lambda group: group != config.preferred_group))


def _groups_at_log_on(config: AgentConfig) -> tuple[str, ...]:
    """List the groups to log on in; one that is empty leaves it to the PBX, and a supervisor outside of all."""
    if config.chooses_group is False or not config.groups:
        return (ANY_GROUP,)
    return (*_preferred_first(config), *((ANY_GROUP,) if config.kind is AgentKind.SUPERVISOR else ()))


def _asked(situation: Situation) -> str:
    return situation.helps[0].number if situation.helps else ""
