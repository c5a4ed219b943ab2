"""A house whose registry a test changes: Touchline in this process, the O2G simulator over the wire."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from click.testing import Result
from flask import Flask

from admin.overview import Fact, Overview
from admin.witnessing import Witness
from app import create_app
from prs_apps.application import utc_now
from prs_apps.applications import Applications
from services.o2g import O2G
from simulators.o2g.process import RunningO2G
from store.administrators import Administrators
from store.audit import AuditEntry, AuditTrail
from store.database import Database
from store.registered import RegisteredApplication
from store.registry import Registry
from store.sealed import Seals
from tests.house import PUBLIC_URL, in_process
from tests.phone import Phone

NOW = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)
PACKAGE = "application = {kind}\n"


@dataclass(frozen=True, slots=True)
class RegistryHouse:
    """One server, its registry, its folder of applications."""

    app: Flask
    client: httpx.Client
    folder: Path
    database: Path
    keys: tuple[str, ...]

    @property
    def applications(self) -> Applications:
        found = self.app.extensions["touchline.applications"]
        assert isinstance(found, Applications)
        return found

    @property
    def store(self) -> Database:
        found = self.app.extensions["touchline.database"]
        assert isinstance(found, Database)
        return found

    @property
    def registry(self) -> Registry:
        return Registry(self.store)

    @property
    def accounts(self) -> Administrators:
        return Administrators(self.store, Seals(self.keys))

    def phone(self, number: str) -> Phone:
        return Phone(self.client, number)

    def apps(self, *words: str, answer: str | None = None) -> Result:
        """Run `flask apps …` in this process, and let phones follow at once."""
        done = self.app.test_cli_runner().invoke(args=["apps", *words], input=answer)
        self.applications.look()
        return done

    def register(self, **document: object) -> None:
        self.registry.add(RegisteredApplication.model_validate(document), by="anna", now=NOW)
        self.applications.look()

    def change(self, id: str, **changes: object) -> None:
        entry = self.registry.get(id)
        assert entry is not None
        document = entry.application.model_dump(mode="json") | changes
        self.registry.change(RegisteredApplication.model_validate(document), entry.version, by="anna", now=NOW)
        self.applications.look()

    def forget(self, id: str) -> None:
        """Take an application away again; a built-in one is as at the beginning."""
        entry = self.registry.get(id)
        if entry is not None:
            self.registry.remove(id, entry.version, by="anna", now=NOW)
        self.applications.look()

    def package(self, name: str, text: str, manifest: str = "") -> None:
        """Put a package into the folder."""
        target = self.folder / name
        target.mkdir(exist_ok=True)
        (target / "__init__.py").write_text(text, encoding="utf-8")
        if manifest:
            (target / "manifest.toml").write_text(manifest, encoding="utf-8")

    def wrong(self) -> list[Fact]:
        """What the administration's overview says is wrong or should be looked at, the worst first."""
        o2g = self.app.extensions["touchline.o2g"]
        overview = Overview(
            o2g, self.registry, self.accounts, Witness(utc_now), self.applications, workers=1, now=utc_now
        )
        return [fact for _, fact in overview.look().wrong]

    def audit(self, subject: str = "") -> Sequence[AuditEntry]:
        return AuditTrail(self.store).page(100, subject=subject)


@contextmanager
def registry_house(folder: Path, o2g: RunningO2G, *keys: str, **settings: object) -> Iterator[RegistryHouse]:
    """Run a house whose database and applications lie in a folder; `keys` are its link keys, oldest first."""
    keys = keys or (secrets.token_hex(32),)
    secret, packages, database = secrets.token_urlsafe(24), folder / "applications", folder / "kept.db"
    packages.mkdir(exist_ok=True)
    chosen = {"applications_folder": packages, "screen_seconds": 10, "link_keys": list(keys), **settings}
    app = create_app(in_process(secret, database=database, o2g=o2g, **chosen), now=lambda: NOW)
    services, applications = app.extensions["touchline.o2g"], app.extensions["touchline.applications"]
    assert isinstance(services, O2G)
    assert isinstance(applications, Applications)
    transport = httpx.WSGITransport(app=app, raise_app_exceptions=False)
    try:
        with httpx.Client(
            transport=transport, base_url=PUBLIC_URL, headers={"X-PRS-Secret": secret}, timeout=15
        ) as client:
            yield RegistryHouse(app, client, packages, database, keys)
    finally:
        applications.stop()
        services.close()
