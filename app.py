"""The application factory: furnishes the rooms and opens the doors, nothing else."""

import atexit
import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask import Flask
from pydantic import SecretStr

import logs
import settings as house_settings
from admin import access
from admin.account_commands import account_commands
from admin.application_commands import application_commands
from admin.applications import ApplicationDesk
from admin.database import database_commands
from admin.desk import Desk
from admin.entry import Bolts, Entry
from admin.health import Metrics, health
from admin.o2g_events import o2g_events
from admin.overview import Overview
from admin.pages import add_pages
from admin.passwords import Passwords
from admin.phone_side import PhoneApplications
from admin.sessions import Sessions
from admin.witnessing import Witness
from arrival import LARGEST_BODY
from prs import collation
from prs.caller import CallerPolicy
from prs.dates import zone
from prs.dialect import Dialect, load_dialect
from prs.language import languages
from prs.links import LinkBuilder
from prs.models import phone_models
from prs.proxies import Proxies
from prs.rendering import Renderer
from prs.request import RequestReader
from prs_apps.agent import CallCentre
from prs_apps.application import Application, House, utc_now
from prs_apps.applications import Applications
from prs_apps.call_log import CallLog
from prs_apps.calls import Calls
from prs_apps.directory import Directory
from prs_apps.forwarding import Forwarding
from prs_apps.making import Outside, Workshop
from prs_apps.menu import Menu
from prs_apps.messages import Messages
from prs_apps.operators import KnownOperators
from prs_apps.own_order import OwnOrders
from prs_apps.pace import Pace
from prs_apps.packages import Packages
from prs_apps.reception import Counter, Reception
from prs_apps.this_set import ThisSet
from prs_apps.trying import Trying
from prs_apps.typed import TypedFields
from prs_apps.voicemail import VoicemailBoxes, VoicemailRules
from services.endpoint import O2GEndpoint
from services.o2g import O2G, LiveOptions
from services.wire import CallObservation, Observe
from settings import Settings
from store.administrators import Administrators
from store.audit import AuditTrail
from store.database import Database
from store.errors import StoreGone
from store.messages import MessagesInDatabase
from store.rates import Rates
from store.registry import MenuOrders, Registry
from store.registry_copy import RegistryCopy
from store.sealed import Sealed, Seals
from store.shared import InProcess, InRedis, Shared

IN_COMMAND = "FLASK_RUN_FROM_CLI"  # the variable that `flask` sets

log = structlog.get_logger(__name__)


def create_app(
    settings: Settings | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    observe: Observe | None = None,
) -> Flask:
    """Make a server.

    Args:
        settings: None reads them from the environment and the file.
        now: the clock of screens, UTC.
        observe: is told of every call to O2G, as the metrics are.

    Raises:
        pydantic.ValidationError: a setting is missing, misspelt, out of range or unsafe.
    """
    settings = settings or house_settings.load()
    logs.set_up(settings.log_level, command=IN_COMMAND in os.environ)
    if IN_COMMAND not in os.environ:
        collation.prepare()
    metrics = Metrics()
    redis = _secret(settings.redis_url)
    shared = InRedis(redis) if redis else InProcess()
    o2g = O2G(
        O2GEndpoint.of(settings),
        user_cache_seconds=settings.user_cache_seconds,
        observe=lambda seen: _observed(seen, metrics, observe),
        live=LiveOptions.of(settings),
        board=shared if redis else None,
    )
    atexit.register(o2g.close)

    database = _database(settings)
    proxies = _proxies(settings)
    app = Flask("touchline", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions["touchline.o2g"] = o2g
    app.extensions["touchline.database"] = database
    witness = Witness(now)
    applications, counter = _counter(settings, o2g, shared, metrics, now, proxies, database, witness)
    app.extensions["touchline.applications"] = applications
    trying = app.extensions["touchline.trying"] = _trying(settings, applications, counter, database)
    Reception(counter).open_doors(app)
    app.cli.add_command(database_commands(database))
    app.cli.add_command(application_commands(_desk(settings, applications, trying, database, o2g)))
    app.register_blueprint(health(o2g, metrics, _secret(settings.metrics_token), proxies))
    if o2g.webhook is not None:
        app.register_blueprint(o2g_events(o2g.webhook))
    _administration(app, settings, counter, database, witness)
    access.hold_to(app)
    return app


def _observed(seen: CallObservation, metrics: Metrics, observe: Observe | None) -> None:
    metrics.call(seen.operation, seen.status, seen.seconds)
    if observe is not None:
        observe(seen)


def _counter(
    settings: Settings,
    o2g: O2G,
    shared: Shared,
    metrics: Metrics,
    now: Callable[[], datetime],
    proxies: Proxies,
    database: Database,
    witness: Witness,
) -> tuple[Applications, Counter]:
    """Lay out what the reception works with."""
    redis = _secret(settings.redis_url)
    memory = "shared" if redis else secrets.token_urlsafe(6)  # a process forgets at its end which links were used
    speaks, messages = languages(settings.default_language), MessagesInDatabase(database)
    zones = {node: zone(name) for node, name in settings.node_time_zones.items()}
    house = House(o2g, shared, zone(settings.time_zone), now, speaks, messages, zones)
    dialect = load_dialect(settings.dialect)
    keys = [key.get_secret_value() for key in settings.link_keys]
    applications = _applications(house, settings, keys, dialect, database)
    counter = Counter(
        house=house,
        applications=applications,
        caller=CallerPolicy(
            secret=_secret(settings.prs_shared_secret),
            certificate=settings.prs_client_ca is not None,
            names=tuple(settings.prs_client_names),
            networks=tuple(settings.prs_networks),
            proxies=proxies,
        ),
        dialect=dialect,
        reader=RequestReader(dialect),
        links=LinkBuilder(
            str(settings.public_url),
            keys,
            settings.link_seconds,
            shared,
            dialect.request.link.name,
            memory=memory,
        ),
        models=phone_models(),
        languages=house.languages,
        renderer=Renderer(dialect),
        permission=applications,
        entries=applications,
        pace=Pace(Rates(redis), settings.user_requests_per_minute, settings.prs_requests_per_second),
        screen_seconds=settings.screen_seconds,
        served=metrics.screen,
        typed=TypedFields(Sealed(shared, keys)),
        witness=witness,
        salt=hashlib.sha256(f"log:{keys[-1]}".encode()).digest(),
    )
    return applications, counter


def _trying(settings: Settings, applications: Applications, counter: Counter, database: Database) -> Trying:
    base = counter.links.entry("").rstrip("/")
    trail = AuditTrail(database)
    return Trying(counter.house, applications, counter.models, counter.renderer, trail, settings.screen_seconds, base)


def _desk(
    settings: Settings, applications: Applications, trying: Trying, database: Database, o2g: O2G
) -> ApplicationDesk:
    return ApplicationDesk(
        Registry(database),
        applications,
        trying,
        utc_now,
        settings.applications_folder or Path("applications"),
        settings.registry_file,
        o2g.close,
    )


def _administration(app: Flask, settings: Settings, counter: Counter, database: Database, witness: Witness) -> None:
    """Open the administration: its commands, and its pages where they are wanted."""
    phones: PhoneApplications = app.extensions["touchline.applications"]
    house, keys = counter.house, [key.get_secret_value() for key in settings.link_keys]
    accounts, passwords, registry = Administrators(database, Seals(keys)), Passwords(), Registry(database)
    _reseal(accounts)
    app.cli.add_command(account_commands(accounts, passwords, house.now))
    if not settings.admin_pages:
        return
    bolts = Bolts(settings.admin_tries, settings.admin_address_tries, timedelta(minutes=settings.admin_lock_minutes))
    desk = Desk(
        entry=Entry(accounts, passwords, Rates(_secret(settings.redis_url)), bolts, house.now),
        accounts=accounts,
        trail=AuditTrail(database),
        registry=registry,
        sessions=Sessions(
            Sealed(house.shared, keys),
            idle_seconds=settings.admin_session_minutes * 60,
            longest_seconds=int(settings.admin_session_hours * 3600),
            now=house.now,
        ),
        proxies=counter.caller.proxies,
        networks=tuple(settings.admin_networks),
        second_factor=settings.admin_second_factor,
        overview=Overview(house.o2g, registry, accounts, witness, phones, workers=settings.workers, now=house.now),
        registry_file=settings.registry_file,
        languages=house.languages.named(),
        models=counter.models,
        phones=phones,
        try_application=app.extensions["touchline.trying"],
        now=house.now,
        zone=house.zone,
    )
    add_pages(app, desk, keys)


def _reseal(accounts: Administrators) -> None:
    """Seal second factors with the newest key. Where that cannot be now, signing in does it, and the overview tells."""
    if IN_COMMAND in os.environ:
        return
    try:
        lost = accounts.reseal()
    except StoreGone as error:
        log.error("administrators.not_sealed_anew", reason=str(error))
        return
    if lost:
        log.warning("administrators.second_factors_under_no_key", count=lost)


def _proxies(settings: Settings) -> Proxies:
    return Proxies(
        tuple(settings.trusted_proxies),
        address=settings.proxy_address_header,
        verified=settings.proxy_verify_header,
        certificate=settings.proxy_certificate_header,
    )


def _database(settings: Settings) -> Database:
    """Open the database. Without it, what does not need it goes on; what needs it tries again."""
    database = Database(settings.database_url.get_secret_value(), upgrade=settings.database_upgrade)
    atexit.register(database.close)
    try:
        database.prepare()
    except StoreGone as error:
        log.error("store.not_ready", reason=str(error))
    return database


def _applications(
    house: House, settings: Settings, keys: list[str], dialect: Dialect, database: Database
) -> Applications:
    kinds = (Directory, CallLog, Forwarding, Calls, CallCentre, ThisSet)
    sealed = Sealed(house.shared, keys)
    voicemail = VoicemailBoxes(house, sealed, VoicemailRules.of(settings))
    built_in: list[Application] = [*(kind(house) for kind in kinds), Messages(house, sealed), voicemail]
    secrets_of = {id: secret.get_secret_value() for id, secret in settings.external_secrets.items()}
    outside = Outside(dialect, secrets_of, settings.external_inside, settings.external_ca)
    workshop = Workshop(house, built_in, Packages(settings.applications_folder), outside)
    operators, copy = KnownOperators(house.o2g.agents), RegistryCopy(settings.registry_copy)
    applications = Applications(workshop, Registry(database), operators, house.now, settings.guest_numbers, copy)
    orders = OwnOrders(MenuOrders(database), gone=lambda: applications.state().gone)
    applications.open_with(Menu(house, applications, orders))
    applications.look()
    return applications


def _secret(value: SecretStr | None) -> str | None:
    return None if value is None else value.get_secret_value()
