"""Rendering: a page written in a dialect, by one template for each box."""

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from prs.dialect import Dialect
from prs.pages import Page, Registration


class Renderer:
    """Writes pages in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        """Load the dialect's templates. They escape all they print; a name that they misspell is an error."""
        environment = Environment(
            loader=FileSystemLoader(dialect.folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._page = environment.get_template("page.xml.j2")
        self._registration = environment.get_template("registration.xml.j2")

    def render(self, page: Page) -> bytes:
        """Write a page as UTF-8."""
        return self._page.render(page=page).encode("utf-8")

    def render_registration(self, registration: Registration) -> bytes:
        """Write what a key is bound to as UTF-8."""
        return self._registration.render(registration=registration).encode("utf-8")
