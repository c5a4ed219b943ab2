"""The reception: every request of a phone comes in here, is proven, answered with a page, and logged with one line.

Whatever goes wrong on the way becomes a page here, too: valid, in the user's language, with a code, a reference that
the log knows, and a way on. Never an exception's text.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl

import structlog
from flask import Blueprint, Flask, Request, Response, g, request
from redis import RedisError
from werkzeug.exceptions import HTTPException

from prs.caller import CallerPolicy
from prs.dialect import Dialect
from prs.errors import (
    N_,
    LinkExpired,
    LinkMissing,
    LinkUsed,
    NoSet,
    NotForYou,
    NumberUnknown,
    PageUnknown,
    PhoneError,
    TooOften,
    WrongMethod,
)
from prs.files import File
from prs.fitting import Fitting
from prs.language import Language, Languages
from prs.links import PREFIX, Holder, Link, LinkBuilder, parted
from prs.models import PhoneModel, PhoneModels
from prs.pages import Registration
from prs.rendering import Renderer
from prs.request import Fields, PhoneRequest, RequestReader
from prs.screens import Screen, SoftKey, Text
from prs.text import LABEL_CHARACTERS, fit
from prs_apps.application import HOME, MENU, NO_FIELDS, Application, House, Visit
from prs_apps.attachments import as_attachment
from prs_apps.offer import Entries
from prs_apps.pace import Pace
from prs_apps.permission import Permission
from prs_apps.progress import Progress
from prs_apps.progress import progress as here
from prs_apps.retrying import Retrying
from prs_apps.troubles import BUG, Trouble, of_action, tell, trouble_screen
from prs_apps.typed import TypedFields
from prs_apps.whose import set_of
from prs_apps.witness import Nobody, Sighting, Witness
from services import errors
from services.deadline import Deadline
from services.errors import O2GError
from services.users import Device, DeviceKind, User

FILE_SECONDS = 10.0  # a file takes longer than a person waits for a screen
AGAIN = Link("", "")  # stands for the request as it came: an address that nobody has checked yet
METHODS = ("GET", "POST")  # not HEAD, which would act without showing anything

log = structlog.get_logger("touchline.screens")

Served = Callable[[str, int, float], None]


@dataclass(frozen=True, slots=True)
class Counter:
    """What the reception works with; `served` is told each screen's name, status and seconds, `witness` more."""

    house: House
    applications: Mapping[str, Application]
    caller: CallerPolicy
    dialect: Dialect
    reader: RequestReader
    links: LinkBuilder
    models: PhoneModels
    languages: Languages
    renderer: Renderer
    permission: Permission
    entries: Entries
    pace: Pace
    screen_seconds: float
    served: Served
    typed: TypedFields
    salt: bytes = field(repr=False)
    witness: Witness = field(default_factory=Nobody)


class Reception:
    """Answers phones."""

    def __init__(self, counter: Counter) -> None:
        """Take what is worked with."""
        self._with = counter
        self._retrying = Retrying(counter.reader, counter.links, counter.typed)

    def open_doors(self, app: Flask) -> None:
        """Give the server its phone addresses, and make a page of every error that is met there."""
        app.url_map.strict_slashes = app.url_map.merge_slashes = False  # a redirect would be built from the Host header
        doors = Blueprint("phone", __name__, url_prefix=PREFIX)
        for path, view, methods in (
            ("", self.menu, ["GET"]),
            ("/", self.menu, ["GET"]),
            ("/key-registration/<identifier>", self.registration, ["GET"]),
            ("/<application>", self.entry, ["GET"]),
            ("/<application>/<screen>", self.inside, ["GET", "POST"]),
        ):
            doors.add_url_rule(path, view_func=view, methods=methods, provide_automatic_options=False)
        app.register_blueprint(doors)
        app.before_request(self._begin)
        app.after_request(self._finish)
        app.register_error_handler(Exception, self._trouble)

    def menu(self) -> Response:
        """Answer the menu's address."""
        return self.entry(MENU)

    def entry(self, application: str) -> Response:
        """Answer an application's own address: its first screen, which needs no link."""
        return self._answer(application, HOME, linked=False)

    def registration(self, identifier: str) -> Response:
        """Tell what an application's own key opens; where the request says whose set it is, only if it is theirs."""
        found = self._with.entries.entry(identifier)
        if found is None or not _carries(request, found[1].parameter):
            raise PageUnknown
        offer, entry = found
        progress = here()
        progress.name = f"{offer.id}.registration"
        self._with.pace.of_server(progress.server, menu=False)
        if self._with.reader.names_somebody(request):
            asked = self._with.reader.read(request)
            progress.caller = self._shortened(asked.number)
            self._with.pace.of_user(progress.caller, menu=False)
            user, device = self._who(asked, offer.id, Deadline.after(self._with.screen_seconds))
            self._permit(user, device, progress.model, offer.id)
        label = fit(offer.name(progress.language), LABEL_CHARACTERS)
        bound = Registration(identifier, entry.index, label, self._with.links.entry(offer.id))
        body = self._with.renderer.render_registration(bound)
        return Response(body, content_type=self._with.dialect.content_type)

    def inside(self, application: str, screen: str) -> Response:
        """Answer a screen inside an application, which only a signed link opens."""
        return self._answer(application, screen, linked=True)

    def _answer(self, application: str, screen: str, *, linked: bool) -> Response:
        progress = here()
        asked = self._with.reader.read(request)
        token, kept = parted(asked.token)
        asked = replace(asked, token=token)
        progress.caller = self._shortened(asked.number)
        progress.again = self._again(asked, application, screen)
        self._with.pace.of_server(progress.server, menu=application == MENU)
        progress.number = asked.number
        self._count(asked, application)
        deadline = progress.deadline = Deadline.after(self._with.screen_seconds)
        user, device = self._who(asked, application, deadline)
        shown = self._with.applications.get(application)
        if shown is None or not shown.has(screen):
            raise PageUnknown
        self._permit(user, device, progress.model, application)
        progress.name = f"{application}.{screen}"
        link = self._link(asked, screen, shown, Holder(user.number, device.id)) if linked else Link(application, screen)
        progress.link = link
        link, fields = self._typed(asked, kept, link, shown)
        screen, progress.link, progress.name = link.screen, link, f"{application}.{link.screen}"
        visit = Visit(
            user,
            device,
            progress.model,
            progress.language,
            Deadline.after(FILE_SECONDS) if shown.gives_file(screen) else deadline,
            self._with.house,
            asked.digits,
            fields,
            self._with.permission,
        )
        if shown.changes(screen):
            self._with.links.use(asked.token or "")
        answer = shown.show(screen, visit, link.arguments)
        if kept and shown.changes(screen):
            with suppress(LinkExpired, RedisError):  # it is done, and may have been a password
                self._with.typed.forget(asked.number, kept)
        if isinstance(answer, Link):
            # What a form leads to can be asked for again, by Retry or a refresh; the form itself cannot.
            progress.link, progress.led_on, progress.name = answer, True, f"{answer.application}.{answer.screen}"
            if shown.changes(screen):
                user, device = self._who(asked, answer.application, deadline)
                visit = replace(visit, user=user, device=device, model=progress.model, language=progress.language)
            self._permit(user, device, progress.model, answer.application)
            target = self._with.applications.get(answer.application)
            if target is None:
                raise PageUnknown
            answer = target.show(answer.screen, visit, answer.arguments)
        match answer:
            case Screen():
                return self._write(answer)
            case File():
                return as_attachment(answer)
            case Link():
                raise RuntimeError(f"{progress.name} leads on to another link")

    def _count(self, asked: PhoneRequest, application: str) -> None:
        """Count a screen for its user before O2G is asked who that is, so that what is refused or slow counts, too.

        Raises:
            TooOften: they have had their screens of this minute.
        """
        try:
            self._with.pace.of_user(here().caller, menu=application == MENU)
        except TooOften:
            with suppress(PhoneError, O2GError):
                # Whoever is known already reads it in their language. O2G is not waited for; a language whose time is
                # over is renewed behind, once for all their requests.
                self._who(asked, application, Deadline.after(0))
            raise

    def _permit(self, user: User, device: Device, model: PhoneModel, application: str) -> None:
        if application != MENU and not self._with.permission.may(user, device, model, application):
            raise NotForYou

    def _link(self, asked: PhoneRequest, screen: str, shown: Application, holder: Holder) -> Link:
        if asked.token is None:
            raise LinkMissing
        try:
            return self._with.links.read(asked.token, shown.manifest.id, screen, holder)
        except LinkExpired:
            if not shown.shows(screen):
                raise
            return Link(shown.manifest.id, HOME)  # a set that lay idle gets the application back, not an error

    def _typed(self, asked: PhoneRequest, kept: str, link: Link, shown: Application) -> tuple[Link, Fields]:
        """Read what was typed, now or before Retry; whose screen's is forgotten gets the application back."""
        try:
            return link, self._with.typed.of(asked.number, kept) if kept else self._with.reader.fields(request)
        except LinkExpired:
            if not shown.shows(link.screen):
                raise
            return Link(link.application, HOME), NO_FIELDS

    def _again(self, asked: PhoneRequest, application: str, screen: str) -> str:
        """Give the address that asks for the same once more, for a page to someone whom O2G did not name in time."""
        if asked.token is not None:
            return self._with.links.again(application, screen, asked.token)
        return self._with.links.entry(application if application in self._with.applications else "")

    def _who(self, asked: PhoneRequest, application: str, deadline: Deadline) -> tuple[User, Device]:
        """Find who asks, from which set, and what they read there; after an action anew, as it may have changed that.

        Raises:
            NoSet: the user has no such set, and the application is not for those who have none.
        """
        progress = here()
        user = self._user(asked.number, deadline)
        reads = self._language(user, deadline)
        progress.language = self._with.languages.drawn(reads, progress.model.draws)
        try:
            device = set_of(user, asked.device)
            progress.model = self._with.models.of(device.station_type)
        except NoSet:
            device = self._no_set(user, asked, application)
        progress.language = self._with.languages.drawn(reads, progress.model.draws)
        progress.holder = Holder(user.number, device.id)
        return user, device

    def _no_set(self, user: User, asked: PhoneRequest, application: str) -> Device:
        """Let who has no set at all into the application where one is got; the page that turns them away shows it."""
        open_to_them = [one for one in self._with.applications.values() if one.manifest.without_set]
        if user.devices or not open_to_them:
            raise NoSet
        if application not in {one.manifest.id for one in open_to_them}:
            progress = here()
            progress.holder = Holder(user.number, asked.device)
            progress.set_from = Link(open_to_them[0].manifest.id, HOME)
            raise NoSet
        return Device(asked.device, DeviceKind.UNKNOWN, None, None)

    def _user(self, number: str, deadline: Deadline) -> User:
        try:
            return self._with.house.o2g.users.by_number(number, deadline)
        except errors.NotFound as error:
            raise NumberUnknown from error

    def _language(self, user: User, deadline: Deadline) -> Language:
        try:
            return self._with.languages.of(self._with.house.o2g.users.language(user.login, deadline))
        except O2GError as error:
            # A screen in the default language helps more than none; what the screen itself asks of O2G will tell.
            log.warning("language_unknown", reason=error.type, correlation=here().correlation)
            return self._with.languages.default

    def _write(self, screen: Screen) -> Response:
        progress = here()
        holder = progress.holder

        def address(link: Link) -> str:
            if link == (progress.link or AGAIN) and progress.retry:
                return progress.retry
            return progress.again if holder is None or link == AGAIN else self._with.links.address(link, holder)

        fitting = Fitting(progress.model, progress.language, address, home=self._with.links.entry(""))
        body = self._with.renderer.render(fitting.page(progress.name, screen))
        return Response(body, status=screen.status, content_type=self._with.dialect.content_type)

    def _begin(self) -> None:
        g.progress = Progress(
            correlation=secrets.token_hex(4),
            started=time.perf_counter(),
            language=self._with.languages.default,
            model=self._with.models.least,
        )
        if _is_phone(request):
            origin = self._with.caller.prove(request.environ, self._with.reader.secret(request))
            g.progress.server = str(origin.address)
            if request.method not in METHODS:
                raise WrongMethod

    def _trouble(self, error: Exception) -> Response | HTTPException:
        """Turn an error into a page. The one place where any exception ends, and where a bug leaves its trace."""
        if isinstance(error, HTTPException) and not _is_phone(request):
            return error
        progress = here()
        trouble = tell(error)
        if trouble is BUG:
            log.error("bug", correlation=progress.correlation, screen=progress.name, exc_info=error)
        if progress.link is not None and progress.link.once:
            trouble = of_action(trouble, error, wrote=progress.deadline is not None and progress.deadline.wrote)
        progress.trouble = trouble.code
        try:
            if trouble.retry and not progress.led_on and not self._retrying.prepare(progress, request, error):
                trouble = trouble._replace(retry=False)
            return self._write(self._trouble_screen(trouble, progress))
        except Exception:
            # The page of the error failed itself. Without links and names there is nothing left that could.
            log.exception("bug_in_error_page", correlation=progress.correlation)
            progress.language, progress.holder, progress.link = self._with.languages.default, None, None
            return self._write(Screen(title="Touchline", body=(Text(f"X1 {progress.correlation}"),), status=500))

    def _trouble_screen(self, trouble: Trouble, progress: Progress) -> Screen:
        say = progress.language.translate
        link = progress.link or (AGAIN if progress.again else None)
        again = (SoftKey(say(N_("Retry")), link),) if trouble.retry and link else ()
        if trouble.code == LinkUsed.code and link and link.application != MENU:
            again = (SoftKey(say(N_("Show")), Link(link.application, HOME)),)  # what became of the first press
        menu = (SoftKey(say(N_("Menu")), Link(MENU, HOME)),) if progress.holder else ()
        if progress.set_from is not None:
            menu = (SoftKey(say(N_("Log on")), progress.set_from),)
        return trouble_screen(trouble, progress.language, progress.correlation, (*again, *menu))

    def _finish(self, response: Response) -> Response:
        if not _is_phone(request):
            return response
        progress = here()
        seconds = time.perf_counter() - progress.started
        response.headers["X-Correlation-Id"] = progress.correlation
        response.headers["Cache-Control"] = "no-store"
        log.info(
            "screen",
            screen=progress.name,
            status=response.status_code,
            ms=round(seconds * 1000, 1),
            caller=progress.caller,
            model=progress.model.name,
            trouble=progress.trouble or None,
            correlation=progress.correlation,
        )
        self._with.served(progress.name, response.status_code, seconds)
        self._with.witness.see(
            Sighting(
                progress.name,
                response.status_code,
                seconds,
                progress.server,
                progress.model.name,
                progress.trouble,
                progress.correlation,
                response.get_data() if progress.trouble else b"",
            )
        )
        return response

    def _shortened(self, number: str) -> str:
        """Shorten a number so that the log tells callers apart and nobody's number."""
        return hashlib.blake2s(number.encode(), key=self._with.salt[:32], digest_size=5).hexdigest()


def _carries(asked: Request, parameter: str) -> bool:
    """Tell whether an address has everything that the entry's registration parameter says."""
    return all(value in asked.args.getlist(name) for name, value in parse_qsl(parameter, keep_blank_values=True))


def _is_phone(asked: Request) -> bool:
    return asked.path == PREFIX or asked.path.startswith(f"{PREFIX}/")
