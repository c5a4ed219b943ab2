"""`flask --app app apps export|import|drift`: the registry as a file that is kept under version control."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from admin.applications import ApplicationDesk, in_words, signed
from store.registered import RegisteredApplication
from store.registry_file import MOST_CHARACTERS, Change, ChangeKind, difference, line_of, read, write

STANDARD = "-"
SIGNS = {ChangeKind.ADDED: "+", ChangeKind.CHANGED: "~", ChangeKind.REMOVED: "-"}


def registry_commands(desk: ApplicationDesk) -> tuple[click.Command, ...]:
    """Make the commands."""
    return _export(desk), _import(desk), _drift(desk)


def _export(desk: ApplicationDesk) -> click.Command:
    @click.command("export")
    @click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path), default=STANDARD)
    def export(file: Path) -> None:
        """Write what is registered to FILE, or to the screen. Parameters are in it, secret ones too."""
        with in_words():
            text = write(desk.registry.everything().applications)
        if str(file) == STANDARD:
            click.echo(text, nl=False)
        else:
            file.write_text(text, encoding="utf-8")

    return export


def _import(desk: ApplicationDesk) -> click.Command:
    @click.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Only show what would be done.")
    @click.option("--keep", is_flag=True, help="Leave what FILE does not have as it is, instead of removing it.")
    @signed
    def import_file(file: Path, dry_run: bool, keep: bool, by: str) -> None:
        """Make the registry what FILE says: all of it or, if anything is wrong, nothing."""
        with in_words():
            text = _text_of(file)
            wanted, now = read(text), desk.registry.everything()
            _check(desk, wanted, text, now.applications)
            stays = _built_in(desk, now.applications, wanted)
            changes = difference((*wanted, *stays), now=now.applications, removing=not keep)
            _tell(changes)
            if changes and not dry_run:
                desk.registry.apply((*wanted, *stays), now.revision, removing=not keep, by=by, now=desk.now())
                click.echo("done")
            elif changes:
                click.echo("nothing was changed: this was a dry run")

    return import_file


def _drift(desk: ApplicationDesk) -> click.Command:
    @click.command("drift")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
    def drift(file: Path | None) -> None:
        """Show how the registry differs from FILE, or from the setting `registry_file`; ends with 1 if it does."""
        chosen = file or desk.file
        if chosen is None:
            raise click.ClickException("name a file, or set TOUCHLINE_REGISTRY_FILE")
        with in_words():
            wanted, now = read(_text_of(chosen)), desk.registry.everything().applications
            # Seen from the file: what somebody has added, changed or removed since it was written.
            changes = difference(now, now=(*wanted, *_built_in(desk, now, wanted)))
        _tell(changes)
        if changes:
            raise SystemExit(1)

    return drift


def _text_of(file: Path) -> str:
    """Read a file.

    Raises:
        click.ClickException: it cannot be read.
    """
    try:
        with file.open(encoding="utf-8") as source:
            return source.read(MOST_CHARACTERS + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8") from None


def _check(
    desk: ApplicationDesk, wanted: Sequence[RegisteredApplication], text: str, now: Iterable[RegisteredApplication]
) -> None:
    """See that what a file changes would work here; what is registered already is as it is.

    Raises:
        click.ClickException: it would not; each problem with its line.
    """
    there = {application.id: application for application in now}
    problems = [
        f"line {line_of(text, place, problem.partition(':')[0].partition('.')[0])}: {application.id}: {problem}"
        for place, application in enumerate(wanted)
        if application != there.get(application.id)
        for problem in desk.known.check(application)
    ]
    if problems:
        raise click.ClickException("\n".join(problems))


def _built_in(
    desk: ApplicationDesk, now: Iterable[RegisteredApplication], wanted: Iterable[RegisteredApplication]
) -> tuple[RegisteredApplication, ...]:
    """Give the built-in applications that a file does not have: it cannot remove them."""
    named, own = {application.id for application in wanted}, set(desk.known.built_in())
    return tuple(application for application in now if application.id in own - named)


def _tell(changes: Iterable[Change]) -> None:
    changes = tuple(changes)
    for change in changes:
        click.echo(f"{SIGNS[change.kind]} {change.id}: {change.kind}")
        for field in change.fields if change.kind is ChangeKind.CHANGED else ():
            click.echo(f"    {field.name}: {field.old or 'nothing'} -> {field.new or 'nothing'}")
    if not changes:
        click.echo("no difference")
