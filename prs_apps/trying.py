"""Trying an application out: what a user's set would show of it, before or after it is registered."""

import secrets
import time
from collections.abc import Sequence

import structlog

from prs.language import Languages
from prs.models import PhoneModel, PhoneModels
from prs.rendering import Renderer
from prs.trial import Tried, draw
from prs_apps.application import House, Visit
from prs_apps.applications import Applications
from prs_apps.external.errors import ExternalTrouble
from prs_apps.making import CannotBeMade
from prs_apps.stage import NoSuchLine, Stage
from prs_apps.troubles import BUG, tell, trouble_screen
from services.deadline import Deadline
from services.errors import NotFound, O2GError
from services.users import Device, DeviceKind, User
from store.audit import AuditTrail
from store.registered import RegisteredApplication

log = structlog.get_logger(__name__)


class Trying:
    """Shows applications to administrators. Only screens are opened, never what changes anything."""

    def __init__(
        self,
        house: House,
        applications: Applications,
        models: PhoneModels,
        renderer: Renderer,
        trail: AuditTrail,
        seconds: float,
        base: str,
    ) -> None:
        """Take what a reception works with; `seconds` is a screen's deadline, `base` the address of phones' pages.

        `trail` keeps who tried what as whom, since it shows that user's data.
        """
        self._house = house
        self._applications = applications
        self._models = models
        self._renderer = renderer
        self._trail = trail
        self._seconds = seconds
        self._base = base

    def __call__(
        self,
        application: RegisteredApplication,
        number: str,
        station_type: str = "",
        *,
        by: str,
        then: Sequence[str] = (),
    ) -> Tried:
        """Show an application's first screen.

        Args:
            application: registered or not, on or off.
            number: directory number of the user.
            station_type: of the set, such as `NOE_C_Color_IP`; empty: the user's own set.
            by: who tries it.
            then: labels of lines and keys to follow, one after the other; one that changes something is not followed.

        Returns:
            What the set would show. Where the user would not get it, `refused` says why, beside the page.

        Raises:
            StoreGone: what the application keeps cannot be read, or the trial cannot be noted.
        """
        began, correlation = time.perf_counter(), secrets.token_hex(4)
        subject, pressed = f"application:{application.id}", ", ".join(then)
        self._trail.add(
            self._house.now(), by, "tried", subject, number=number, station_type=station_type, pressed=pressed
        )
        deadline = Deadline.after(self._seconds)
        try:
            made = self._applications.workshop.make_apart(application)
            user = self._house.o2g.users.by_number(number, deadline)
            language = self._languages.of(self._house.o2g.users.language(user.login, deadline))
        except CannotBeMade as error:
            return Tried(b"", 0, _since(began), correlation, None, "; ".join(error.problems))
        except NotFound:
            return Tried(b"", 0, _since(began), correlation, None, "O2G knows no user of this number.")
        except O2GError as error:
            log.warning("trial_without_user", correlation=correlation, reason=error.type)
            return Tried(
                b"", 0, _since(began), correlation, None, f"O2G does not tell who this is: {tell(error).message}"
            )
        device = _device(user, station_type)
        model = self._models.of(station_type or device.station_type)
        spoken = self._languages.drawn(language, model.draws)
        visit = Visit(user, device, model, spoken, deadline, self._house, permission=self._applications)
        stage = Stage(made, visit, self._renderer, self._base)
        refused = self._shown(stage, then, correlation) or self._withheld(application, user, model)
        drawing = draw(stage.page, model)
        return Tried(stage.xml, stage.screen.status, _since(began), correlation, drawing, refused)

    @property
    def _languages(self) -> Languages:
        return self._house.languages

    def _shown(self, stage: Stage, then: Sequence[str], correlation: str) -> str:
        """Open it and follow labels; what goes wrong is shown as a phone shows it, and told in words."""
        try:
            stage.open()
            for label in then:
                link = stage.led_to(label)
                if link.once:
                    return f"{label!r} would change something: it is not followed here."
                stage.open(link)
        except NoSuchLine as error:
            return str(error)
        except Exception as error:
            # The boundary for somebody else's application: it is told to whoever tries it, and logged.
            trouble = tell(error)
            stage.show("trial.trouble", trouble_screen(trouble, stage.visit.language, correlation))
            if isinstance(error, ExternalTrouble):
                return f"{trouble.message} ({error.reason})"
            if trouble is BUG:
                log.exception("bug_in_trial", correlation=correlation)
                return f"{type(error).__name__} in the application: {_place(error)}"
            return trouble.message
        return ""

    def _withheld(self, application: RegisteredApplication, user: User, model: PhoneModel) -> str:
        if not application.enabled:
            return "It is off: nobody gets it."
        if not application.admits(self._applications.who(user, model)):
            return "Nobody gives it to this user on this set: no rule of its audience admits them."
        return ""


def _device(user: User, station_type: str) -> Device:
    own = next((device for device in user.devices if device.kind is DeviceKind.DESKPHONE), None)
    return own or Device(user.number, DeviceKind.DESKPHONE, station_type or None, None)


def _place(error: Exception) -> str:
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('/')[2]}, line {trace.tb_lineno}, in {code.co_name}"
        trace = trace.tb_next
    return place


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)
