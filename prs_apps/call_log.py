"""The call log: who called and was called, when, for how long; call back, acknowledge, delete.

O2G keeps the last 100 records of a user (LIMITS L127) and pages by offset and limit: only what is shown is fetched.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from prs.dates import exactly_when, how_long, when
from prs.errors import N_
from prs.links import Link
from prs.screens import Dialog, Item, List, Popup, Refresh, Screen, SoftKey, Text
from prs_apps.application import Application, Manifest, Visit, action, screen
from prs_apps.calling import call_and_tell
from prs_apps.directory.offering import find_in_directory
from prs_apps.people import is_voicemail, name_in_list, spoken_name
from services.call_records import CallReason, CallRecord, Direction, Media, RecordedParty
from services.communication_log import CallLogFilter, CallLogPage
from services.errors import NotFound
from services.parties import Party
from services.together import together

MEDIA = {Media.AUDIO: N_("Voice"), Media.UNKNOWN: N_("Another medium")}
DIRECTIONS = {Direction.INCOMING: N_("Received call"), Direction.OUTGOING: N_("Placed call")}
UNANSWERED = {CallReason.BUSY: N_("Busy"), CallReason.INVALID_NUMBER: N_("Wrong number")}
AT_ONCE = 0.2  # seconds until a screen that only tells what goes on is replaced
DONE = {"deleted": N_("Deleted"), "acknowledged": N_("Acknowledged")}


@dataclass(frozen=True, slots=True)
class View:
    """A way to look at the log: its soft key, its title, what it says when there is nothing, whether missed calls are
    among what it shows."""

    which: CallLogFilter
    key: str
    title: str
    nothing: str
    has_missed: bool = True


VIEWS = (
    View(CallLogFilter.ALL, key=N_("All"), title=N_("Call log"), nothing=N_("There are no calls.")),
    View(CallLogFilter.MISSED, key=N_("Missed"), title=N_("Missed calls"), nothing=N_("There are no missed calls.")),
    View(CallLogFilter.RECEIVED, key=N_("In"), title=N_("Received calls"), nothing=N_("There are no received calls.")),
    View(
        CallLogFilter.PLACED,
        key=N_("Out"),
        title=N_("Placed calls"),
        nothing=N_("There are no placed calls."),
        has_missed=False,  # its newest call says nothing of how far missed ones were seen
    ),
)


class CallLog(Application):
    """The user's calls."""

    manifest: ClassVar = Manifest("call_log", N_("Call log"), order=20, waiting=lambda summary: summary.missed_calls)

    @screen
    def home(self, visit: Visit, which: str = "all", offset: int = 0, done: str = "") -> Screen:
        """List calls of a kind, newest first, with the number of missed ones that nobody acknowledged."""
        view = next(view for view in VIEWS if view.which == which)
        log, login, size = self.house.o2g.communication_log, visit.user.login, visit.model.list_items
        page, waiting = together(
            lambda: log.page(login, view.which, offset, size, visit.deadline),
            lambda: log.unacknowledged_missed(login, visit.deadline),
        )
        if not page.records and offset > 0:  # another set deleted meanwhile: the last page that there is
            offset = max(0, min(offset, offset if page.total is None else page.total) - 1) // size * size
            if done in DONE:
                return self._turning(visit, DONE[done], visit.link(self.home, which=which, offset=offset, done=done))
            page = log.page(login, view.which, offset, size, visit.deadline)
        alone = offset > 0 and len(page.records) == 1
        items = tuple(self._item(visit, record, which, offset, alone) for record in page.records)
        return Screen(
            title=visit._(view.title),
            note=visit._("{count} new", count=waiting) if waiting else "",
            body=(List(items),) if items else (Text(visit._(view.nothing)),),
            keys=self._keys(visit, view, page, waiting or 0),
            earlier=visit.link(self.home, which=which, offset=max(0, offset - size)) if offset else None,
            later=visit.link(self.home, which=which, offset=offset + size) if page.more else None,
            popup=Popup(visit._(DONE[done])) if done in DONE else None,
        )

    @screen
    def record(self, visit: Visit, record: int, which: str, offset: int, alone: bool = False) -> Screen:
        """Tell of one call; the first key calls back. `alone`: no other is on the page that it was chosen from."""
        back = visit.link(self.home, which=which, offset=offset)
        try:
            found = self.house.o2g.communication_log.record(visit.user.login, record, visit.deadline)
        except NotFound:
            gone = Text(visit._("This does not exist any more."))
            key = SoftKey(visit._("List"), back)
            return Screen(title=visit._("Call log"), body=(gone,), keys=(key,), back=back, status=404)
        other = _other(found)
        name, number = _name(visit, other) or visit._("Unknown caller"), _number(other)
        here = (record, which, offset, alone)
        keys = [SoftKey(visit._("Call"), visit.link(self.call, number, name, *here))] if number else []
        if found.acknowledged is False:
            keys.append(SoftKey(visit._("Seen"), visit.link(self.acknowledge, str(record), which, offset)))
        keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete, *here)))
        if other is not None and not is_voicemail(visit.user, other):
            keys += find_in_directory(visit, other.last_name, other.first_name)
        lines = (number, *self._story(visit, found))
        return Screen(title=name, body=tuple(Text(line) for line in lines if line), keys=tuple(keys), back=back)

    @action
    def call(self, visit: Visit, number: str, name: str, record: int, which: str, offset: int, alone: bool) -> Screen:
        """Call back."""
        return call_and_tell(visit, number, name, back=visit.link(self.record, record, which, offset, alone))

    @action
    def acknowledge(self, visit: Visit, records: str, which: str, offset: int) -> Link:
        """Take missed calls off the count; `records` are their ids, separated by commas."""
        self.house.o2g.communication_log.acknowledge(visit.user.login, _ids(records), visit.deadline)
        return visit.link(self.home, which=which, offset=offset, done="acknowledged")

    @screen
    def ask_acknowledge_all(self, visit: Visit, which: str, before: str) -> Screen | Link:
        """Ask before missed calls that are not all on the screen are taken off the count; none may be left by now."""
        log, seen_until = self.house.o2g.communication_log, datetime.fromisoformat(before)
        waiting = log.waiting(visit.user.login, visit.deadline, before=seen_until)
        back = visit.link(self.home, which=which)
        if not waiting:
            return back
        question = visit.ngettext(
            "Mark {count} missed call as seen?", "Mark {count} missed calls as seen?", len(waiting)
        )
        yes = visit.link(self.acknowledge, ",".join(map(str, waiting)), which, 0)
        answers = (Item(visit._("Seen"), link=yes), Item(visit._("Not yet"), link=back))
        return Screen(title=visit._("Call log"), dialog=Dialog(visit._("Seen"), question, answers), back=back)

    @screen
    def ask_delete(self, visit: Visit, record: int, which: str, offset: int, alone: bool) -> Screen:
        """Ask before a record is deleted; where it is alone on its page, the page before is shown then."""
        return self._ask(
            visit,
            visit._("Delete this call from the log?"),
            visit.link(self.delete, record, which, max(0, offset - visit.model.list_items) if alone else offset),
            visit.link(self.record, record, which, offset, alone),
        )

    @action
    def delete(self, visit: Visit, record: int, which: str, offset: int) -> Link:
        """Delete a record."""
        self.house.o2g.communication_log.delete(visit.user.login, [record], visit.deadline)
        return visit.link(self.home, which=which, offset=offset, done="deleted")

    @screen
    def ask_delete_all(self, visit: Visit, which: str, before: str) -> Screen:
        """Ask before all records of a kind are deleted."""
        view = next(view for view in VIEWS if view.which == which)
        question = visit._("{title}: delete all of them?", title=visit._(view.title))
        return self._ask(
            visit, question, visit.link(self.delete_all, which, before), visit.link(self.home, which=which)
        )

    @action
    def delete_all(self, visit: Visit, which: str, before: str) -> Link:
        """Delete all records of a kind; one that came after the question was asked stays."""
        log = self.house.o2g.communication_log
        log.delete_all(
            visit.user.login, visit.deadline, which=CallLogFilter(which), before=datetime.fromisoformat(before)
        )
        return visit.link(self.home, which=which, done="deleted")

    def _ask(self, visit: Visit, question: str, yes: Link, no: Link) -> Screen:
        answers = (Item(visit._("Delete"), link=yes), Item(visit._("Keep"), link=no))
        return Screen(title=visit._("Call log"), dialog=Dialog(visit._("Delete"), question, answers), back=no)

    def _turning(self, visit: Visit, done: str, there: Link) -> Screen:
        """Have a request of its own turn to a page: after a write, a third one in a row would take too long."""
        return Screen(
            title=visit._("Call log"),
            body=(Text(visit._(done)),),
            keys=(SoftKey(visit._("List"), there),),
            refresh=Refresh(AT_ONCE, there),
        )

    def _keys(self, visit: Visit, view: View, page: CallLogPage, waiting: int) -> tuple[SoftKey, ...]:
        # What nobody has seen yet stays: all of them are all until the newest one here, by O2G's own clock. Only the
        # first page tells which that is.
        before = page.just_after.isoformat() if page.just_after and not page.offset else ""
        keys = [
            SoftKey(visit.language.translate(other.key), visit.link(self.home, which=other.which.value))
            for other in VIEWS
            if other is not view
        ]
        shown = [
            str(found.id)
            for found in page.records
            if found.id is not None and found.missed and found.acknowledged is False
        ]
        if waiting and len(shown) == waiting:
            everything = visit.link(self.acknowledge, ",".join(shown), view.which.value, page.offset)
            keys.append(SoftKey(visit._("Seen"), everything))
        elif waiting and before and view.has_missed:
            keys.append(SoftKey(visit._("Seen"), visit.link(self.ask_acknowledge_all, view.which.value, before)))
        if before:
            keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete_all, view.which.value, before)))
        return tuple(keys)

    def _item(self, visit: Visit, record: CallRecord, which: str, offset: int, alone: bool) -> Item:
        other = _other(record)
        label = name_in_list(visit, other) if other else ""
        moment = "" if record.began is None else self._when(visit, record.began)
        return Item(
            label or _number(other) or visit._("Unknown caller"),
            detail=moment,
            icon=_icon(record),
            link=None if record.id is None else visit.link(self.record, record.id, which, offset, alone),
        )

    def _when(self, visit: Visit, moment: datetime) -> str:
        return when(moment, self.house.now(), visit.zone, visit.language)

    def _story(self, visit: Visit, record: CallRecord) -> tuple[str, ...]:
        """Tell how a call went, a line for each thing that O2G says of it."""
        lines = [self._outcome(visit, record)]
        if record.began is not None:
            lines.append(exactly_when(record.began, visit.zone, visit.language))
        if record.rerouted_to is not None and not _taken_elsewhere(record):
            lines.append(visit._("Went to {name}", name=_went_to(visit, record.rerouted_to)))
        if record.first_called is not None:
            lines.append(visit._("Was for {name}", name=_name(visit, record.first_called)))
        if record.transferred_by is not None:
            lines.append(visit._("Transferred by {name}", name=record.transferred_by))
        met = [
            other.party for other in record.others if record.rerouted_to is None or other.party != record.rerouted_to
        ]
        if len(met) > 1:
            names = ", ".join(filter(None, (_name(visit, party) for party in met)))
            lines.append(visit._("Conference with {names}", names=names))
        if len(record.medias) > 1:
            lines.append(", ".join(visit._(MEDIA[media]) for media in record.medias))
        return tuple(lines)

    def _outcome(self, visit: Visit, record: CallRecord) -> str:
        length = record.conversation
        if record.missed:
            return visit._("Missed call")
        if record.answered is False:
            return visit._(UNANSWERED.get(record.reason, N_("Nobody answered")))
        said = visit._(DIRECTIONS[record.direction]) if record.direction in DIRECTIONS else ""
        if _taken_elsewhere(record):
            said = visit._("Went to {name}", name=_went_to(visit, record.rerouted_to))
        elif not said and len(record.others) > 1:
            said = visit._("Conference")
        return ", ".join(filter(None, (said, "" if length is None else how_long(length))))


def _taken_elsewhere(record: CallRecord) -> bool:
    """Tell whether somebody else answered a call for the user, who neither received nor missed it then."""
    return record.rerouted_to is not None and record.answered is not False


def _ids(records: str) -> list[int]:
    return [int(record) for record in records.split(",")]


def _other(record: CallRecord) -> Party | None:
    parties: tuple[RecordedParty, ...] = record.others
    return parties[0].party if parties else None


def _name(visit: Visit, party: Party | None) -> str:
    return "" if party is None else spoken_name(visit, party)


def _went_to(visit: Visit, party: Party | None) -> str:
    """Name who got a call instead; nobody knows the number of the voicemail as a person's."""
    return visit._("voicemail") if party and is_voicemail(visit.user, party) else _name(visit, party)


def _number(party: Party | None) -> str:
    return "" if party is None else party.number


def _icon(record: CallRecord) -> str:
    if record.missed:
        return "missed"
    return {Direction.INCOMING: "in", Direction.OUTGOING: "out"}.get(record.direction, "")
