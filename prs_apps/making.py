"""Making applications of what is registered: a built-in one, a package's, or an external address."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path

from prs.dialect import Dialect
from prs_apps.application import Application, House, Manifest
from prs_apps.external import External, Source
from prs_apps.packages import PackageRefused, Packages
from prs_apps.parameters import Parameters, ParametersRefused, told
from store.registered import Kind, RegisteredApplication


class CannotBeMade(Exception):
    """What is registered does not work here; `problems` says why, a line each, without a secret."""

    def __init__(self, *problems: str) -> None:
        """Take why."""
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Outside:
    """How external applications are reached, whatever is registered of each.

    Attributes:
        dialect: what they write.
        secrets: by id of the application, what Touchline's questions to it are signed with.
        inside: whether they may lie in the company's own network.
        ca: PEM file of the authorities of their certificates; None: the system's.
    """

    dialect: Dialect
    secrets: Mapping[str, str] = field(repr=False)
    inside: bool = False
    ca: Path | None = None


class Workshop:
    """Makes applications."""

    def __init__(self, house: House, built_in: Sequence[Application], packages: Packages, outside: Outside) -> None:
        """Take what they are made of; built-in ones are there already, and stay."""
        self._house = house
        self._built_in = {application.manifest.id: application for application in built_in}
        self._packages = packages
        self._outside = outside

    @property
    def built_in(self) -> tuple[Application, ...]:
        """The built-in applications."""
        return tuple(self._built_in.values())

    @property
    def packages(self) -> Packages:
        """Where packages are."""
        return self._packages

    def make(self, registered: RegisteredApplication) -> Application:
        """Make an application; a built-in one is told its parameters.

        Raises:
            CannotBeMade: there is no such application here, or it may not be told this.
        """
        match registered.kind:
            case Kind.BUILT_IN:
                built_in, parameters = self._own(registered)
                built_in.parameters = parameters
                return built_in
            case Kind.PACKAGE:
                return self._of_package(registered)
            case Kind.EXTERNAL:
                return self._external(registered)

    def make_apart(self, registered: RegisteredApplication) -> Application:
        """Make an application for a trial: what phones use of it stays as it is.

        Raises:
            CannotBeMade: as `make`.
        """
        if registered.kind is not Kind.BUILT_IN:
            return self.make(registered)
        built_in, parameters = self._own(registered)
        apart = copy(built_in)
        apart.parameters = parameters
        return apart

    def check(self, registered: RegisteredApplication) -> tuple[str, ...]:
        """Tell what is wrong with a registration here, changing nothing; empty: nothing."""
        try:
            self.make_apart(registered)
        except CannotBeMade as error:
            return error.problems
        return ()

    def _own(self, registered: RegisteredApplication) -> tuple[Application, Parameters]:
        application = self._built_in.get(registered.id)
        if application is None:
            raise CannotBeMade(f"id: no application {registered.id!r} is built in")
        return application, _told(registered, application.manifest)

    def _of_package(self, registered: RegisteredApplication) -> Application:
        self._not_built_in(registered)
        try:
            kind = self._packages.get(registered.package or "")
        except PackageRefused as error:
            raise CannotBeMade(f"package: {error}") from error
        parameters = _told(registered, kind.manifest)
        try:
            application = kind(self._house)
        except (Exception, SystemExit) as error:
            # Somebody else's code: whatever it raises, `exit()` among it, must not keep other applications from phones.
            raise CannotBeMade(f"package: {type(error).__name__} when it was made: {error}"[:300]) from error
        # One package may be registered twice, each with its own parameters.
        application.manifest = replace(kind.manifest, id=registered.id)  # type: ignore[misc]
        application.parameters = parameters
        return application

    def _external(self, registered: RegisteredApplication) -> Application:
        self._not_built_in(registered)
        if registered.external is None:
            raise CannotBeMade("external: is missing")
        names = dict(registered.names)
        manifest = Manifest(registered.id, names.get("en", next(iter(names.values()), registered.id)))
        _told(registered, manifest)
        source = Source(
            registered.external.url,
            self._outside.secrets.get(registered.id, ""),
            registered.external.seconds,
            registered.external.most_bytes,
            self._outside.inside,
            str(self._outside.ca) if self._outside.ca else None,
        )
        return External(self._house, manifest, source, self._outside.dialect)

    def _not_built_in(self, registered: RegisteredApplication) -> None:
        if registered.id in self._built_in:
            raise CannotBeMade(f"id: {registered.id!r} is a built-in application's")


def _told(registered: RegisteredApplication, manifest: Manifest) -> Parameters:
    try:
        return told(manifest.parameters, registered.parameters)
    except ParametersRefused as error:
        raise CannotBeMade(*(f"parameters.{name}: {text}" for name, text in error.problems)) from error
