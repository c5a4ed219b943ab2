"""What a user has to say before something is done with a call, and doing it: a number, a code, a yes."""

from prs.errors import N_, TooLarge
from prs.links import Link
from prs.screens import Dialog, Form, Input, InputKind, Item, List, Popup, Screen, SoftKey, Text
from prs_apps.application import Application, Visit, action, screen
from prs_apps.calls.doings import ASK, DOINGS, Doing, Hand, Needs
from prs_apps.directory.offering import from_directory
from prs_apps.picking import Pick
from prs_apps.recent import recent_callers
from services.errors import (
    BadParameter,
    NoLicence,
    NotAllowed,
    NotExpected,
    NotFound,
    O2GError,
    TelephonyDetails,
    WrongCredentials,
)
from services.numbers import DIGITS, dialable
from services.own_set import own_set

LONGEST_NUMBER = 40
LONGEST_CODE = 32
NO_NUMBER = N_("Enter a number that can be called.")
NO_CODE = N_("Enter a code of digits.")
UNREACHABLE = N_("This number cannot be reached.")
# What O2G's telephony adds to a refusal (TelephonyErrorType), as the word that the screen of calls has for it.
TROUBLE_OF = {
    "CALL_REFERENCE_NOT_FOUND": "ended",
    "MAX_RESOURCES_EXCEEDED": "full",
    "SERVICE_UNAVAILABLE": "no_voicemail",
}


class Asking(Application):
    """The screens between wanting something and having it done."""

    def home(self, visit: Visit, call: str = "", told: str = "", renewed: int = 0) -> Screen:
        """Show the calls, maybe a certain one, and what became of what was wanted."""
        raise NotImplementedError

    def callbacks(self, visit: Visit, page: int = 0, told: str = "") -> Screen:
        """Show who asks to be called back."""
        raise NotImplementedError

    @screen
    def enter(self, visit: Visit, what: str, call: str, device: str) -> Screen:
        """Ask for a number, typed, of the directory or of the last calls; or for a code."""
        return self._enter(visit, DOINGS[what], call, device)

    @action
    def typed(self, visit: Visit, what: str, call: str, device: str) -> Screen | Link:
        """Do it with what was typed."""
        doing = DOINGS[what]
        try:
            value = _code(visit) if doing.needs is Needs.CODE else _number(visit)
        except (TooLarge, BadParameter):
            return self._enter(visit, doing, call, device, NO_CODE if doing.needs is Needs.CODE else NO_NUMBER)
        return self._do(visit, doing, call, device, value)

    @action
    def to(self, visit: Visit, what: str, call: str, device: str, number: str) -> Screen | Link:
        """Do it with a number that was picked."""
        return self._do(visit, DOINGS[what], call, device, number)

    @screen
    def confirm(self, visit: Visit, what: str, call: str, device: str, value: str, name: str) -> Screen:
        """Ask before something is done that cannot be taken back."""
        doing, no = DOINGS[what], visit.link(self.home, call)
        yes = Item(visit._(doing.key), link=visit.link(self.do, what, call, device, value))
        dialog = Dialog(visit._(doing.label), visit._(doing.question, name=name), (yes, Item(visit._("Keep"), link=no)))
        return Screen(title=visit._("Calls"), dialog=dialog, back=no)

    @action
    def do(self, visit: Visit, what: str, call: str, device: str, value: str) -> Screen | Link:
        """Do something; the screen then shows what O2G reports."""
        return self._do(visit, DOINGS[what], call, device, value)

    def _do(self, visit: Visit, doing: Doing, call: str, device: str, value: str) -> Screen | Link:
        own = own_set(visit.user, device)
        try:
            doing.do(Hand(self.house.o2g, own, visit.deadline, call, value))
        except BadParameter as error:
            if doing.needs is Needs.NUMBER:
                return self._enter(visit, doing, call, device, UNREACHABLE)
            return self._refused(visit, call, error)
        except (NotFound, NotExpected) as error:
            if doing.refused:
                return self._enter(visit, doing, call, device, doing.refused)
            return self._refused(visit, call, error)
        except (NoLicence, WrongCredentials):
            raise  # the calls cannot be shown either
        except NotAllowed as error:
            return self._refused(visit, call, error)
        if doing is ASK:
            return visit.link(self.callbacks, told=doing.id)
        return visit.link(self.home, call="" if doing.ends else value if doing.onto else call, told=doing.id)

    def _refused(self, visit: Visit, call: str, error: O2GError) -> Link:
        """Show the calls as they are, with a word of explanation."""
        details = error.details
        told = TROUBLE_OF.get(details.error_type, "") if isinstance(details, TelephonyDetails) else ""
        if isinstance(error, NotFound):
            told = "ended"
        elif isinstance(error, NotAllowed):
            told = "not_allowed"
        return visit.link(self.home, call=call, told=told or "not_now")

    def _enter(self, visit: Visit, doing: Doing, call: str, device: str, notice: str = "") -> Screen:
        code = doing.needs is Needs.CODE
        field = Input(
            "value",
            visit._("Code") if code else visit._("Number"),
            kind=InputKind.DIGITS,
            longest=LONGEST_CODE if code else LONGEST_NUMBER,
            focus=True,
        )
        form = Form(visit.link(self.typed, doing.id, call, device), (field,))
        items = () if code else self._numbers(visit, doing, call, device)
        back = visit.link(self.callbacks) if doing is ASK else visit.link(self.home, call=call)
        return Screen(
            title=visit._(doing.label),
            body=(*((Text(visit._(notice)),) if notice else ()), form, *((List(items),) if items else ())),
            keys=(SoftKey(visit._("Send")) if code else doing.soft_key(visit),),
            back=back,
            popup=Popup(visit._(notice)) if notice and visit.model.rows == 1 else None,  # its one row shows the field
            status=400 if notice else 200,
        )

    def _numbers(self, visit: Visit, doing: Doing, call: str, device: str) -> tuple[Item, ...]:
        pick = Pick("calls", "to", (("what", doing.id), ("call", call), ("device", device)), asker="enter")
        without = visit.link(self.do, doing.id, call, device, "")
        return (
            *((Item(visit._(doing.without), link=without),) if doing.without else ()),
            *from_directory(visit, pick),
            *(recent_callers(visit, pick) if not doing.without else ()),  # callers are no sets where calls wait
        )


def _number(visit: Visit) -> str:
    return dialable(visit.fields.text("value", LONGEST_NUMBER))


def _code(visit: Visit) -> str:
    code = visit.fields.text("value", LONGEST_CODE)
    if not DIGITS.fullmatch(code):
        raise BadParameter("account information is digits only")
    return code
