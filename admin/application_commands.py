"""`flask --app app apps …`: the registered applications, from the command line."""

import json
from pathlib import Path
from typing import Any

import click

from admin.application_options import kind_of, registration_options, said
from admin.applications import ApplicationDesk, in_words, signed
from admin.audiences import lines_of
from admin.new_application import new_command
from admin.registry_commands import registry_commands
from prs.text import fit, width
from store.registered import Kind, RegisteredApplication
from store.registry import Entry
from store.standing import Standing

HEADINGS = ("ORDER", "ID", "KIND", "ON", "NAME", "WHO", "STATE")
WIDEST = 40


def application_commands(desk: ApplicationDesk) -> click.Group:
    """Make the commands; each ends with 1 and a word where it fails."""
    group = click.Group("apps", help="The phone applications: which there are, for whom, and what they show.")
    for command in (
        _list(desk),
        _register(desk),
        _change(desk),
        _switch(desk, "enable", True),
        _switch(desk, "disable", False),
        _remove(desk),
        _try(desk),
        *registry_commands(desk),
        new_command(desk.folder, desk.known.built_in()),
    ):
        group.add_command(command)
    return group


def _list(desk: ApplicationDesk) -> click.Command:
    @click.command("list")
    @click.option("--json", "as_json", is_flag=True, help="For programs.")
    def listing(as_json: bool) -> None:
        """List the applications in the order of menus, and whether they work."""
        with in_words():
            entries = {entry.application.id: entry for entry in desk.registry.everything().entries}
        rows = [(standing, entries[standing.id]) for standing in desk.known.standings() if standing.id in entries]
        if as_json:
            click.echo(json.dumps([_as_data(*row) for row in rows], ensure_ascii=False, indent=2))
            return
        for line in _table([HEADINGS, *(_row(*row) for row in rows)]):
            click.echo(line)

    return listing


def _register(desk: ApplicationDesk) -> click.Command:
    @click.command("register")
    @click.argument("id")
    @registration_options
    @click.option("--off", is_flag=True, help="Register it, and leave it off.")
    @signed
    def register(id: str, off: bool, by: str, **given: Any) -> None:
        """Register an application under ID: an external one with --url, else the package of that name.

        A package's names, order and parameters are its manifest's where nothing is said here.
        """
        document = said(given, {})
        kind = kind_of(document)
        if kind is Kind.PACKAGE:
            document.setdefault("package", id)
        with in_words():
            application = RegisteredApplication.model_validate(document | {"id": id, "kind": kind, "enabled": not off})
            desk.check(application)
            desk.registry.add(application, by=by, now=desk.now())
        click.echo(f"{id} is registered{', and off' if off else ''}")

    return register


def _change(desk: ApplicationDesk) -> click.Command:
    @click.command("change")
    @click.argument("id")
    @registration_options
    @click.option("--version", type=int, help="Change it only if it still has this version: see `apps list --json`.")
    @signed
    def change(id: str, version: int | None, by: str, **given: Any) -> None:
        """Change what is registered under ID; what is not said stays. `--entry ""` takes its entry away."""
        with in_words():
            entry = desk.entry(id)
            document = said(given, entry.application.model_dump(mode="json"))
            application = RegisteredApplication.model_validate(document)
            desk.check(application)
            changed = desk.registry.change(application, version or entry.version, by=by, now=desk.now())
        click.echo(f"{id} is changed" if changed.version != entry.version else f"{id} is as it was")

    return change


def _switch(desk: ApplicationDesk, word: str, on: bool) -> click.Command:
    @click.command(word, help=f"Switch the application ID {'on' if on else 'off: nobody gets it'}.")
    @click.argument("id")
    @signed
    def switch(id: str, by: str) -> None:
        with in_words():
            entry = desk.entry(id)
            application = entry.application.model_copy(update={"enabled": on})
            desk.registry.change(application, entry.version, by=by, now=desk.now())
        click.echo(f"{id} is {'on' if on else 'off'}")

    return switch


def _remove(desk: ApplicationDesk) -> click.Command:
    @click.command("remove")
    @click.argument("id")
    @click.confirmation_option(prompt="Its registration is deleted. Go on?")
    @signed
    def remove(id: str, by: str) -> None:
        """Delete the registration of the application ID."""
        with in_words():
            entry = desk.entry(id)
            if entry.application.kind is Kind.BUILT_IN:
                raise click.ClickException(f"{id} is built in and cannot be removed: `apps disable {id}`")
            desk.registry.remove(id, entry.version, by=by, now=desk.now())
        click.echo(f"{id} is removed")

    return remove


def _try(desk: ApplicationDesk) -> click.Command:
    @click.command("try")
    @click.argument("id")
    @click.option("--number", required=True, help="Directory number of the user.")
    @click.option(
        "--model", default="", metavar="STATION_TYPE", help="Such as NOE_C_Color_IP; else the user's own set."
    )
    @click.option("--press", "labels", multiple=True, metavar="LABEL", help="Follow the line or key of that label.")
    @click.option("--xml", type=click.Path(dir_okay=False, path_type=Path), help="Write the page there, too.")
    @click.option("--picture", type=click.Path(dir_okay=False, path_type=Path), help="Write the drawing there, too.")
    @signed
    def try_out(
        id: str, number: str, model: str, labels: tuple[str, ...], xml: Path | None, picture: Path | None, by: str
    ) -> None:
        """Show what the application ID shows to a user: the page, and a drawing of it. Nothing is changed.

        It shows that user's data: the audit trail keeps who looked.
        """
        try:
            with in_words():
                tried = desk.try_out(desk.entry(id).application, number, model, by=by, then=labels)
        finally:
            desk.close()
        if tried.drawing is not None:
            click.echo(tried.page.decode())
            click.echo(str(tried.drawing))
            click.echo(f"status {tried.status}, {tried.milliseconds} ms, reference {tried.correlation}")
            if xml is not None:
                xml.write_bytes(tried.page)
            if picture is not None:
                picture.write_text(f"{tried.drawing}\n", encoding="utf-8")
        if tried.refused:
            raise click.ClickException(tried.refused)

    return try_out


def _row(standing: Standing, entry: Entry) -> tuple[str, ...]:
    on = "yes" if entry.application.enabled else "no"
    who = " | ".join(lines_of(entry.application.audience))
    state = "works" if standing.works else standing.reason
    return (str(standing.order), standing.id, standing.kind.value, on, standing.name, who, state)


def _as_data(standing: Standing, entry: Entry) -> dict[str, Any]:
    document = entry.application.model_dump(mode="json")
    hidden = dict.fromkeys(document["parameters"], "…")  # some may be secret; `apps export` writes them
    return document | {
        "parameters": hidden,
        "version": entry.version,
        "changed": entry.changed.isoformat(),
        "changed_by": entry.changed_by,
        "works": standing.works,
        "reason": standing.reason,
    }


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    shortened = [(*(fit(cell, WIDEST) for cell in row[:-1]), row[-1]) for row in rows]
    widths = [max(width(row[place]) for row in shortened) for place in range(len(HEADINGS) - 1)]
    return [
        "  ".join((*(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=False)), row[-1]))
        for row in shortened
    ]
