"""The pages that say how everything stands."""

from flask import Blueprint, abort, render_template

from admin.desk import Desk


def add_overview_pages(doors: Blueprint, desk: Desk) -> None:
    """Add the pages to the doors."""

    @doors.get("/")
    def overview() -> str:
        return render_template("admin/overview.html", view=desk.overview.look())

    @doors.get("/errors/<correlation>")
    def error(correlation: str) -> str:
        found = desk.overview.witness.trouble(correlation)
        if found is None:
            abort(404)
        return render_template("admin/error.html", trouble=found)
