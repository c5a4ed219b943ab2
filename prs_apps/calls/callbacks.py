"""Who asks to be called back: calling them, deleting the request, asking somebody. O2G does not tell since when."""

from prs.errors import N_
from prs.links import Link
from prs.screens import Dialog, Item, List, Popup, Screen, SoftKey, Text
from prs.text import fit
from prs_apps.application import Visit, action, screen
from prs_apps.calling import call_and_tell
from prs_apps.calls.asking import Asking
from prs_apps.calls.doings import ASK
from prs_apps.paging import leaf
from prs_apps.people import full_name, listed_name
from services.callbacks import CallbackRequest
from services.errors import NotFound
from services.parties import Party

NAME_COLUMNS = 40  # of a name that goes from screen to screen in a link
DONE = {
    ASK.id: ASK.done,
    "deleted": N_("Deleted"),
    "gone": N_("It was deleted already."),
}


class CallbackRequests(Asking):
    """The requests of a user."""

    @screen
    def callbacks(self, visit: Visit, page: int = 0, told: str = "") -> Screen:
        """List who asks."""
        found = self.house.o2g.callbacks.of(visit.user.login, visit.deadline)
        part = leaf(found, page, visit.model.list_items)
        items = tuple(self._request(visit, request, part.page) for request in part.items)
        keys = [SoftKey(visit._("Ask"), visit.link(self.enter, ASK.id, "", visit.device.id))]
        if items:
            keys.append(SoftKey(visit._("Delete"), visit.link(self.ask_delete_all)))
        return Screen(
            title=visit._("Callbacks"),
            note=f"{part.page + 1}/{part.pages}" if part.pages > 1 else "",
            body=(List(items),) if items else (Text(visit._("Nobody asks to be called back.")),),
            keys=tuple(keys),
            back=visit.link(self.home),
            earlier=visit.link(self.callbacks, part.page - 1) if part.has_earlier else None,
            later=visit.link(self.callbacks, part.page + 1) if part.has_later else None,
            popup=Popup(visit._(DONE[told])) if told in DONE else None,
        )

    @screen
    def callback(self, visit: Visit, request: str, name: str, number: str, page: int) -> Screen:
        """Show who asks; the first key calls. Nothing is asked of O2G: the list has told all that there is."""
        call = SoftKey(visit._("Call"), visit.link(self.call_back, request, name, number, page))
        delete = SoftKey(visit._("Delete"), visit.link(self.ask_delete, request, name, number, page))
        said = (number if number != name else "", visit._("Asks to be called back.") if visit.model.rows > 1 else "")
        return Screen(
            title=name,
            body=tuple(Text(line) for line in said if line),
            keys=(call, delete) if number else (delete,),
            back=visit.link(self.callbacks, page),
        )

    @action
    def call_back(self, visit: Visit, request: str, name: str, number: str, page: int) -> Screen:
        """Call who asked; O2G itself knows when the request is done with."""
        return call_and_tell(visit, number, name, back=visit.link(self.callback, request, name, number, page))

    @screen
    def ask_delete(self, visit: Visit, request: str, name: str, number: str, page: int) -> Screen:
        """Ask before a request is deleted."""
        question = visit._("Delete the request of {name}?", name=name)
        yes, no = visit.link(self.delete, request, page), visit.link(self.callback, request, name, number, page)
        return self._ask(visit, question, yes, no)

    @action
    def delete(self, visit: Visit, request: str, page: int) -> Link:
        """Delete a request."""
        try:
            self.house.o2g.callbacks.delete(visit.user.login, request, visit.deadline)
        except NotFound:
            return visit.link(self.callbacks, page, "gone")
        return visit.link(self.callbacks, page, "deleted")

    @screen
    def ask_delete_all(self, visit: Visit) -> Screen:
        """Ask before all requests are deleted."""
        question = visit._("Delete all callback requests?")
        return self._ask(visit, question, visit.link(self.delete_all), visit.link(self.callbacks))

    @action
    def delete_all(self, visit: Visit) -> Link:
        """Delete all requests."""
        self.house.o2g.callbacks.delete_all(visit.user.login, visit.deadline)
        return visit.link(self.callbacks, told="deleted")

    def _ask(self, visit: Visit, question: str, yes: Link, no: Link) -> Screen:
        answers = (Item(visit._("Delete"), link=yes), Item(visit._("Keep"), link=no))
        return Screen(title=visit._("Callbacks"), dialog=Dialog(visit._("Delete"), question, answers), back=no)

    def _request(self, visit: Visit, request: CallbackRequest, page: int) -> Item:
        party = request.party or Party()
        name = full_name(party.first_name, party.last_name) or party.number or visit._("Unknown caller")
        label = listed_name(party.first_name, party.last_name)
        link = visit.link(self.callback, request.id, fit(name, NAME_COLUMNS), party.number, page)
        return Item(label or name, detail=party.number if label else "", link=link)
