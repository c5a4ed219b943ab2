"""The pages of the registry: listed, registered, changed, switched, removed, tried."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from admin import guard, wording
from admin.desk import Desk
from admin.registry_form import (
    NotAsTyped,
    Typed,
    Wrong,
    application_of,
    empty_form,
    form_of,
    parameters_shown,
    typed,
)
from store.errors import AlreadyThere, ChangedMeanwhile
from store.registered import Kind, RegisteredApplication
from store.registry import Entry
from store.registry_file import fields_changed
from store.standing import Standing

Page = str | Response | AnyResponse | tuple[str, int]

DONE = {"registered", "changed", "on", "off", "removed"}


def add_registry_pages(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""
    _add_looking(doors, desk)
    _add_changing(doors, desk)


def _add_looking(doors: Blueprint, desk: Desk) -> None:
    @doors.get("/applications")
    def applications() -> Page:
        standings = {one.id: one for one in desk.phones.standings()}
        entries = sorted(desk.registry.everything().entries, key=lambda entry: _place(entry, standings))
        which = request.args.get("which", "")[:40]
        return render_template(
            "admin/applications.html", entries=entries, standings=standings, done=_done(), which=which
        )

    @doors.get("/applications/<id>")
    def application(id: str) -> Page:
        entry = _entry(desk, id)
        standing = next((one for one in desk.phones.standings() if one.id == id), None)
        return render_template(
            "admin/application.html",
            entry=entry,
            application=entry.application,
            standing=standing,
            parameters=parameters_shown(entry.application),
            trail=desk.trail.page(5, subject=f"application:{id}"),
            done=_done(),
        )

    @doors.route("/applications/<id>/try", endpoint="try_application", methods=["GET", "POST"])
    def try_it(id: str) -> Page:
        return _try(desk, _entry(desk, id).application)


def _add_changing(doors: Blueprint, desk: Desk) -> None:
    @doors.route("/register", methods=["GET", "POST"])
    def register() -> Page:
        if request.method == "GET":
            return _form(desk, empty_form(), None)
        return _register(desk)

    @doors.route("/applications/<id>/change", methods=["GET", "POST"])
    def change(id: str) -> Page:
        entry = _entry(desk, id)
        if request.method == "GET":
            return _form(desk, form_of(entry.application), entry)
        return _change(desk, entry)

    @doors.post("/applications/<id>/switch")
    def switch(id: str) -> Page:
        return _switch(desk, _entry(desk, id).application, on=request.form.get("to") == "on")

    @doors.route("/applications/<id>/remove", methods=["GET", "POST"])
    def remove(id: str) -> Page:
        entry = _entry(desk, id)
        if entry.application.kind is Kind.BUILT_IN:
            return render_template("admin/built_in_stays.html", application=entry.application), 409
        if request.method == "GET":
            return render_template("admin/remove.html", entry=entry, application=entry.application, meanwhile=False)
        return _remove(desk, id)


def _done() -> str:
    """Tell what was done before the page, where it is known by that word."""
    done = request.args.get("done", "")
    return done if done in DONE else ""


def version_seen() -> int:
    """Give the version that a form was made for; 0, which no entry has, where it does not say."""
    version = request.form.get("version", "")
    return int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0


def _place(entry: Entry, standings: dict[str, Standing]) -> tuple[int, str]:
    """Put an application where menus have it."""
    application = entry.application
    own = standings[application.id].order if application.id in standings else 9999
    return (own if application.order is None else application.order, application.id)


def _entry(desk: Desk, id: str) -> Entry:
    entry = desk.registry.get(id)
    if entry is None:
        abort(404)
    return entry


def _form(desk: Desk, form: Typed, entry: Entry | None, status: int = 200, version: int | None = None) -> Page:
    seen = version if version is not None else entry.version if entry else 0
    shown = {code for code, _ in desk.languages}
    page = render_template(
        "admin/application_form.html",
        form=form,
        entry=entry,
        version=seen,
        languages=[*desk.languages, *((code, code) for code in form.names if code not in shown)],
        families=wording.FAMILIES,
        labels=wording.label_of,
        kinds=_kinds(entry),
        packages=desk.phones.packages(),
        built_in=desk.phones.built_in(),
    )
    return page, status


def _kinds(entry: Entry | None) -> Sequence[Kind]:
    """Offer what a new application can be; what there is stays of its kind."""
    return (Kind.EXTERNAL, Kind.PACKAGE) if entry is None else (entry.application.kind,)


def _typed(desk: Desk, before: RegisteredApplication | None = None) -> Typed:
    languages = [code for code, _ in desk.languages]
    return typed(request.form, [*languages, *(code for code, _ in (before.names if before else ()))])


def _register(desk: Desk) -> Page:
    form = _typed(desk)
    if request.form.get("do") == "rule":
        return _form(desk, form.with_another_rule(), None)
    try:
        application = _checked(desk, application_of(form))
        desk.registry.add(application, by=guard.visitor().login, now=desk.now())
    except NotAsTyped as error:
        return _form(desk, _with(form, error.wrong), None, 422)
    except AlreadyThere as error:
        return _form(desk, _with(form, [Wrong("id", f"{error}.")]), None, 409)
    desk.phones.look()
    return redirect(url_for("admin.application", id=application.id, done="registered"))


def _change(desk: Desk, entry: Entry) -> Page:
    before = entry.application
    form = _typed(desk, before)
    if request.form.get("do") == "rule":
        return _form(desk, form.with_another_rule(), entry, version=version_seen())
    form = Typed({**form.values, "id": before.id, "kind": before.kind.value}, form.names, form.enabled, form.rules)
    try:
        wanted = _checked(desk, application_of(form, before))
        desk.registry.change(wanted, version_seen(), by=guard.visitor().login, now=desk.now())
    except NotAsTyped as error:
        return _form(desk, _with(form, error.wrong), entry, 422, version_seen())
    except AlreadyThere as error:
        return _form(desk, _with(form, [Wrong("entry_identifier", f"{error}.")]), entry, 409, version_seen())
    except ChangedMeanwhile:
        return _changed_meanwhile(desk, before.id, wanted, form)
    desk.phones.look()
    return redirect(url_for("admin.application", id=before.id, done="changed"))


def _switch(desk: Desk, application: RegisteredApplication, *, on: bool) -> Page:
    wanted = application.model_copy(update={"enabled": on})
    try:
        desk.registry.change(wanted, version_seen(), by=guard.visitor().login, now=desk.now())
    except ChangedMeanwhile:
        return _changed_meanwhile(desk, application.id, wanted, form_of(wanted))
    desk.phones.look()
    return redirect(url_for("admin.applications", done="on" if on else "off", which=application.id))


def _remove(desk: Desk, id: str) -> Page:
    try:
        desk.registry.remove(id, version_seen(), by=guard.visitor().login, now=desk.now())
    except ChangedMeanwhile:
        entry = _entry(desk, id)
        page = render_template("admin/remove.html", entry=entry, application=entry.application, meanwhile=True)
        return page, 409
    desk.phones.look()
    return redirect(url_for("admin.applications", done="removed", which=id))


def _checked(desk: Desk, application: RegisteredApplication) -> RegisteredApplication:
    """Give an application back that would work here.

    Raises:
        NotAsTyped: it would not, and why.
    """
    field = {Kind.PACKAGE: "package", Kind.EXTERNAL: "url"}.get(application.kind, "parameters")
    wrong = [Wrong("parameters" if "parameter" in one else field, one) for one in desk.phones.check(application)]
    if wrong:
        raise NotAsTyped(wrong)
    return application


def _changed_meanwhile(desk: Desk, id: str, wanted: RegisteredApplication, form: Typed) -> Page:
    """Show the second of two administrators what the first did, beside what they wanted."""
    entry = _entry(desk, id)
    page = render_template(
        "admin/changed_meanwhile.html",
        entry=entry,
        changes=fields_changed(entry.application, wanted),
        form=form,
        languages=[*desk.languages, *((code, code) for code in form.names if code not in dict(desk.languages))],
    )
    return page, 409


def _with(form: Typed, wrong: Sequence[Wrong]) -> Typed:
    return Typed(form.values, form.names, form.enabled, form.rules, tuple(wrong))


def _try(desk: Desk, application: RegisteredApplication) -> Page:
    number = request.form.get("number", "").strip()[:30]
    station_type = request.form.get("station_type", "")
    models = desk.models.known
    wrong, tried, status = "", None, 200
    if request.method == "POST":
        if not number.isascii() or not number.isdigit():
            wrong, status = wording.NUMBER_MISSING, 422
        elif desk.try_application is not None:
            known = station_type if station_type in {model.station_type for model in models} else ""
            tried = desk.try_application(application, number, known, by=guard.visitor().login)
    page = render_template(
        "admin/try.html",
        application=application,
        models=models,
        number=number,
        station_type=station_type,
        wrong=wrong,
        tried=tried,
        can=desk.try_application is not None,
    )
    return page, status
