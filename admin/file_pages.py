"""The pages of the registry as a file: how far it has drifted, export, import with what it would change shown first."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin import guard, wording
from admin.desk import Desk
from store.errors import AlreadyThere, ChangedMeanwhile
from store.registered import RegisteredApplication
from store.registry import Snapshot
from store.registry_file import (
    MOST_CHARACTERS,
    Change,
    ChangeKind,
    FileRefused,
    Problem,
    difference,
    line_of,
    read,
    write,
)

Page = str | Response | AnyResponse | tuple[str, int]
FILE_NAME = "touchline-registry.toml"


def add_file_pages(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""

    @doors.get("/file")
    def file() -> Page:
        return _page(desk, done=request.args.get("done", ""))

    @doors.get("/file/export")
    def file_export() -> Page:
        text = write(desk.registry.everything().applications)
        disposition = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
        return Response(text, content_type="application/toml; charset=utf-8", headers=disposition)

    @doors.post("/file/import")
    def file_import() -> Page:
        return _import(desk)


def _import(desk: Desk) -> Page:
    """Show what a file would change; a second time, with the difference seen, change it."""
    removing = request.form.get("removing") == "yes"
    try:
        text = _text()
        wanted = read(text)
        there = desk.registry.everything()
        _check(desk, wanted, text, there)
        if request.form.get("do") == "import":
            seen = request.form.get("seen", "")
            revision = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 12 else -1
            wanted = (*wanted, *_missing_built_in(desk, wanted, there))
            desk.registry.apply(wanted, revision, removing=removing, by=guard.visitor().login, now=desk.now())
            desk.phones.look()
            return redirect(url_for("admin.file", done="imported"))
    except FileRefused as error:
        return _page(desk, problems=error.problems), 422
    except AlreadyThere as error:
        return _page(desk, problems=(Problem(0, str(error)),)), 409
    except ChangedMeanwhile:
        return _difference(desk, text, removing, meanwhile=True), 409
    return _difference(desk, text, removing, meanwhile=False)


def _difference(desk: Desk, text: str, removing: bool, *, meanwhile: bool) -> str:
    there = desk.registry.everything()
    wanted = read(text)
    changes = difference((*wanted, *_missing_built_in(desk, wanted, there)), now=there.applications, removing=removing)
    return render_template(
        "admin/import.html",
        text=text,
        changes=changes,
        removing=removing,
        seen=there.revision,
        meanwhile=meanwhile,
        destructive=any(change.kind is ChangeKind.REMOVED for change in changes),
    )


def _missing_built_in(
    desk: Desk, wanted: tuple[RegisteredApplication, ...], there: Snapshot
) -> tuple[RegisteredApplication, ...]:
    """Give the built-in applications that a file does not have: it cannot remove them."""
    stay = set(desk.phones.built_in()) - {application.id for application in wanted}
    return tuple(one for one in there.applications if one.id in stay)


def _check(desk: Desk, wanted: tuple[RegisteredApplication, ...], text: str, there: Snapshot) -> None:
    """Refuse a file that makes an application what would not work here, naming the line."""
    registered = {one.id: one for one in there.applications}
    problems = [
        Problem(line_of(text, place, problem.partition(":")[0].partition(".")[0]), f"{one.id}: {problem}")
        for place, one in enumerate(wanted)
        if one != registered.get(one.id)
        for problem in desk.phones.check(one)
    ]
    if problems:
        raise FileRefused(problems)


def _text() -> str:
    """Give the text that was uploaded or pasted.

    Raises:
        FileRefused: there is none, or it is no text.
    """
    uploaded = request.files.get("file")
    if uploaded is not None and uploaded.filename:
        try:
            return str(uploaded.read(), "utf-8-sig")
        except UnicodeDecodeError:
            raise FileRefused([Problem(0, wording.NOT_TEXT)]) from None
    text = request.form.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        raise FileRefused([Problem(0, wording.NO_FILE)])
    return text


def _page(desk: Desk, done: str = "", problems: tuple[Problem, ...] = ()) -> str:
    there = desk.registry.everything()
    drift, wrong = _drift(desk, there)
    return render_template(
        "admin/file.html",
        count=len(there.entries),
        path=desk.registry_file,
        drift=drift,
        wrong=wrong,
        problems=problems,
        done=done == "imported",
        pasted=request.form.get("text", "") if problems else "",
    )


def _drift(desk: Desk, there: Snapshot) -> tuple[tuple[Change, ...] | None, tuple[str, ...]]:
    """Tell what was changed since the file was written; None and why, where it cannot be compared."""
    path = desk.registry_file
    if path is None:
        return None, ()
    try:
        if path.stat().st_size > 4 * MOST_CHARACTERS:
            return None, ("It is longer than any registry.",)
        wanted = read(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        return None, (f"It cannot be read: {error.strerror}.",)
    except UnicodeDecodeError:
        return None, (wording.NOT_TEXT,)
    except FileRefused as error:
        return None, tuple(str(problem) for problem in error.problems)
    return difference(there.applications, now=(*wanted, *_missing_built_in(desk, wanted, there))), ()
