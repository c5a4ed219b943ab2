"""The calls in progress: the screens that show them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from prs.dates import when
from prs.errors import N_
from prs.links import Link
from prs.screens import Item, List, Popup, Refresh, Screen, SoftKey, Text, Widget
from prs.text import fit, width
from prs_apps import ages
from prs_apps.application import House, Manifest, Visit, screen
from prs_apps.calls.callbacks import NAME_COLUMNS, CallbackRequests
from prs_apps.calls.doings import BESIDE_CALLS, DOINGS, WITH_A_CALL, Doing, Needs
from prs_apps.calls.lengths import Lengths
from prs_apps.calls.situations import Situation
from prs_apps.calls.telling import lines, listed, participant_name, shortly, who
from services.calls_in_progress import CallInProgress, CallState, IdleAbility, TelephonyState
from services.errors import O2GError
from services.live.known import Known
from services.together import together

# Seconds after which a screen of calls renews itself, ever later, and at last no more: a set that is left on a long
# call must not go on asking O2G. Then it tells of when it is.
RENEWALS_S = (2, 3, 5, 8, 13, 20, 30, 30, 30)
SOON = 2  # renewals of a screen without calls, after something was done: O2G acknowledges before it is so
TROUBLES = {
    "ended": N_("The call has ended."),
    "not_now": N_("This is not possible any more."),
    "full": N_("There is no room for one more."),
    "no_voicemail": N_("There is no voicemail for this."),
    "not_allowed": N_("The telephone system does not allow this."),
}
URGENCY = (CallState.RINGING_INCOMING, CallState.ACTIVE, CallState.RINGING_OUTGOING, CallState.HELD)


class Calls(CallbackRequests):
    """The calls in progress on the user's sets and what can be done with them; callback requests."""

    manifest: ClassVar = Manifest("calls", N_("Calls"), order=60, waiting=lambda summary: summary.callback_requests)

    def __init__(self, house: House) -> None:
        """Furnish it with a memory of when calls began."""
        super().__init__(house)
        self._lengths = Lengths(house.shared)

    @screen
    def home(self, visit: Visit, call: str = "", told: str = "", renewed: int = 0) -> Screen:
        """Show the calls: one at once, several as a list; without any, what can be done beside."""
        login = visit.user.login
        calls, requests = self.house.o2g.calls_in_progress, None
        if not told and (call or renewed):
            known = calls.known_state(login, visit.deadline)
        else:
            # Whoever opens the screen, or waits for what was done, waits for one answer, not for two in a row.
            known, requests = together(lambda: calls.known_state(login, visit.deadline), lambda: self._requests(visit))
        if not known.live:
            return self._as_they_were(visit, known)
        return self._calls(visit, known.value, requests, call, told, renewed)

    def _as_they_were(self, visit: Visit, known: Known[TelephonyState]) -> Screen:
        """Show the calls that were in progress when O2G was last heard, and nothing to do with them."""
        items = tuple(Item(listed(visit, call)) for call in known.value.calls)
        return Screen(
            title=visit._("Calls"),
            body=(*ages.told(visit, known), List(items) if items else Text(visit._("No call in progress."))),
            keys=ages.retry(visit, known, visit.link(self.home)),
        )

    @screen
    def more(self, visit: Visit, call: str) -> Screen:
        """Offer during a call what has nothing to do with it."""
        items = (Item(visit._("Callbacks"), link=visit.link(self.callbacks)), *self._beside(visit))
        return Screen(title=visit._("More"), body=(List(items),), back=visit.link(self.home, call=call))

    @screen
    def choose(self, visit: Visit, what: str, call: str, device: str) -> Screen:
        """Ask with which other call, or with whom of the conference, something shall be done."""
        doing = DOINGS[what]
        state = self.house.o2g.calls_in_progress.state(visit.user.login, visit.deadline)
        chosen = next((one for one in state.calls if one.call_ref == call), None)
        if chosen is None:
            return self._calls(visit, state, None, call, "ended")
        situation = _situation(visit, state, chosen)
        if not doing.offered(situation):
            return self._calls(visit, state, None, call, "not_now")
        items = self._people(visit, doing, situation, device)
        if doing.needs is Needs.CALL:
            items = (
                Item(listed(visit, other), link=visit.link(self.do, what, call, device, other.call_ref))
                for other in doing.calls(situation)
            )
        return Screen(title=visit._(doing.label), body=(List(tuple(items)),), back=visit.link(self.home, call=call))

    def _people(self, visit: Visit, doing: Doing, situation: Situation, device: str) -> Iterable[Item]:
        for other in situation.droppable:
            name = fit(participant_name(visit, other), NAME_COLUMNS)
            yield Item(name, link=visit.link(self.confirm, doing.id, situation.call.call_ref, device, other.id, name))

    def _requests(self, visit: Visit) -> str:
        """Count who asks to be called back; the calls are shown without it, too."""
        try:
            return str(len(self.house.o2g.callbacks.of(visit.user.login, visit.deadline)) or "")
        except O2GError:
            return visit._("unknown")

    def _calls(
        self,
        visit: Visit,
        state: TelephonyState,
        requests: str | None,
        call: str = "",
        told: str = "",
        renewed: int = 0,
    ) -> Screen:
        """Show the calls that were read; of several the one that was chosen, if it is there still."""
        chosen = next((one for one in state.calls if one.call_ref == call), None)
        trouble = told if told in TROUBLES else "ended" if call and chosen is None and not told else ""
        kept = "" if chosen is None else call
        if chosen is None and len(state.calls) == 1:
            chosen = state.calls[0]
        if chosen is not None:
            shown = self._one(visit, state, chosen)
        else:
            shown = self._several(visit, state) if state.calls else self._none(visit, state, requests)
        renewals = len(RENEWALS_S) if state.calls else SOON if told or renewed else 0
        renews = renewed < renewals
        again = visit.link(self.home, call=kept, renewed=renewed + 1)
        if state.calls and not renews:
            stale = when(self.house.now(), self.house.now(), visit.zone, visit.language)
            fresh = SoftKey(visit._("Refresh"), visit.link(self.home, call=kept, renewed=1))
            shown = replace(shown, note=stale, keys=(*shown.keys, fresh))
        return replace(
            shown,
            body=_headed(visit, visit._(TROUBLES[trouble]), shown.body) if trouble else shown.body,
            refresh=Refresh(RENEWALS_S[renewed], again) if renews else None,
            popup=Popup(visit._(done)) if told in DOINGS and (done := DOINGS[told].done) else None,
            status=409 if told in TROUBLES else 200,
        )

    def _one(self, visit: Visit, state: TelephonyState, call: CallInProgress) -> Screen:
        """Show a call and what can be done with it, the likely things under keys."""
        situation = _situation(visit, state, call)
        length = self._lengths.of(visit.user.login, call, self.house.now())
        told = tuple(Text(line) for line in lines(visit, situation, length))
        doings = [(doing, self._link(visit, doing, situation)) for doing in WITH_A_CALL if doing.offered(situation)]
        room = visit.model.soft_keys
        name = who(visit, call)
        items = [doing.line(visit, link) for doing, link in doings[room:]]
        if items and not room and width(items[0].label) < visit.model.columns // 2:
            items[0] = replace(items[0], detail=name)  # a set of one row shows this line alone: what, and with whom
        keys = tuple(doing.soft_key(visit, link) for doing, link in doings[:room])
        more = visit.link(self.more, call.call_ref)
        if len(keys) < room:
            keys = (*keys, SoftKey(visit._("More"), more))
        else:
            items.append(Item(visit._("More"), link=more))
        listing = (List(tuple(items)),) if items else ()
        return Screen(
            title=name,
            body=(*listing, *told) if not room else (*told, *listing),
            keys=keys,
            back=visit.link(self.home) if situation.others else None,
        )

    def _link(self, visit: Visit, doing: Doing, situation: Situation) -> Link:
        """Lead to what the user has to say first, or to having it done."""
        call = situation.call.call_ref
        device = situation.device if doing.able is None else situation.set_for(doing.able)
        calls = doing.calls(situation)
        if doing.needs in (Needs.NUMBER, Needs.CODE):
            return visit.link(self.enter, doing.id, call, device)
        if doing.needs is Needs.PARTICIPANT or len(calls) > 1:
            return visit.link(self.choose, doing.id, call, device)
        if doing.question:
            return visit.link(self.confirm, doing.id, call, device, "", "")
        return visit.link(self.do, doing.id, call, device, calls[0].call_ref if calls else "")

    def _several(self, visit: Visit, state: TelephonyState) -> Screen:
        """List the calls: who, and in which state or for how long."""
        now, login = self.house.now(), visit.user.login
        calls = sorted(
            state.calls, key=lambda call: URGENCY.index(call.state) if call.state in URGENCY else len(URGENCY)
        )
        items = tuple(
            Item(
                listed(visit, call),
                detail=shortly(visit, call, self._lengths.of(login, call, now)),
                link=visit.link(self.home, call=call.call_ref),
            )
            for call in calls
        )
        first = _situation(visit, state, calls[0])
        doings = [doing for doing in WITH_A_CALL if doing.listed and doing.offered(first)]
        more = SoftKey(visit._("More"), visit.link(self.more, ""))
        return Screen(
            title=visit._("Calls"),
            note=str(len(items)),
            body=(List(items),),
            keys=(*(doing.soft_key(visit, self._link(visit, doing, first)) for doing in doings), more),
        )

    def _none(self, visit: Visit, state: TelephonyState, requests: str | None) -> Screen:
        """Say that there is no call, and offer what can be done without one."""
        waiting = self._requests(visit) if requests is None else requests
        parked = any(IdleAbility.UNPARK in own.can for own in state.sets if own.device == visit.device.id)
        here = visit.link(self.do, "unpark", "", visit.device.id, "")
        items = (
            *((Item(visit._("Parked call here"), link=here),) if parked else ()),
            Item(visit._("Callbacks"), detail=waiting, link=visit.link(self.callbacks)),
            *self._beside(visit),
        )
        body = _headed(visit, visit._("No call in progress."), (List(items),))
        return Screen(title=visit._("Calls"), body=body)

    def _beside(self, visit: Visit) -> Iterable[Item]:
        for doing in BESIDE_CALLS:
            yield doing.line(visit, visit.link(self.enter, doing.id, "", visit.device.id))


def _situation(visit: Visit, state: TelephonyState, call: CallInProgress) -> Situation:
    return Situation(call, tuple(other for other in state.calls if other is not call), visit.device.id)


def _headed(visit: Visit, words: str, body: tuple[Widget, ...]) -> tuple[Widget, ...]:
    """Put words before a body; a set of one row, which shows what can be chosen first, has them in the list itself."""
    if visit.model.rows == 1 and body and isinstance(body[0], List):
        return (List((Item(words), *body[0].items)), *body[1:])
    return (Text(words), *body)
