"""What the commands about applications work with."""

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import click
from pydantic import ValidationError

from prs.trial import Tried
from store.errors import AlreadyThere, ChangedMeanwhile, StoreGone
from store.registered import RegisteredApplication
from store.registry import Entry, Registry
from store.registry_file import FileRefused
from store.standing import Standing

F = TypeVar("F", bound=Callable[..., Any])


class KnownApplications(Protocol):
    """Knows which applications there are in this process."""

    def standings(self) -> tuple[Standing, ...]:
        """Tell how each registered application stands here."""

    def built_in(self) -> tuple[str, ...]:
        """Name the built-in ones."""

    def packages(self) -> tuple[str, ...]:
        """Name the packages that could be registered."""

    def check(self, registered: RegisteredApplication) -> tuple[str, ...]:
        """Tell what is wrong with a registration here; empty: nothing."""


class TryOut(Protocol):
    """Tries applications out."""

    def __call__(
        self,
        application: RegisteredApplication,
        number: str,
        station_type: str = "",
        *,
        by: str,
        then: Sequence[str] = (),
    ) -> Tried:
        """Show what a user's set would show; `by` is who looks, for the audit trail."""


@dataclass(frozen=True, slots=True)
class ApplicationDesk:
    """What the commands work with.

    Attributes:
        registry: where applications are registered.
        known: which there are.
        try_out: tries them out.
        now: the time, UTC.
        folder: where applications in Python lie.
        file: of the setting `registry_file`: what the registry should be; None: there is none.
        close: ends the sessions that a trial opened.
    """

    registry: Registry
    known: KnownApplications
    try_out: TryOut
    now: Callable[[], datetime]
    folder: Path
    file: Path | None
    close: Callable[[], None]

    def entry(self, id: str) -> Entry:
        """Give what is registered.

        Raises:
            click.ClickException: nothing is, under that id.
        """
        found = self.registry.get(id)
        if found is None:
            raise click.ClickException(f"no application {id!r} is registered: see `apps list`")
        return found

    def check(self, application: RegisteredApplication) -> None:
        """Refuse what would not work here.

        Raises:
            click.ClickException: it would not; each problem in a line.
        """
        problems = self.known.check(application)
        if problems:
            raise click.ClickException("\n".join(f"{application.id}: {problem}" for problem in problems))


@contextmanager
def in_words() -> Iterator[None]:
    """End a command with 1 and a word for what the registry or a file refuses.

    Raises:
        click.ClickException: it refused.
    """
    try:
        yield
    except FileRefused as error:
        raise click.ClickException("\n".join(str(problem) for problem in error.problems)) from None
    except ValidationError as error:
        raise click.ClickException("\n".join(problems_of(error))) from None
    except ChangedMeanwhile as error:
        raise click.ClickException(f"{error}: look again, nothing was written") from None
    except (AlreadyThere, StoreGone) as error:
        raise click.ClickException(str(error)) from None


def problems_of(error: ValidationError) -> list[str]:
    """Say what is wrong with a registration, a line each, without the values."""
    return [
        ": ".join(filter(None, (".".join(map(str, found["loc"])), found["msg"].removeprefix("Value error, "))))
        for found in error.errors(include_url=False, include_input=False)
    ]


def signed(command: F) -> F:
    """Let a command be told who does it; else it is whoever is signed in to the machine."""
    option = click.option(
        "--as", "by", default=_operating_user, metavar="WHO", help="Who does it, for the audit trail."
    )
    return option(command)


def _operating_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return "command"
