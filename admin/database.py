"""`flask --app app db …`: the database's tables, for those who bring them to a new version themselves."""

from collections.abc import Callable

import click

from store.database import Database
from store.errors import StoreGone


def database_commands(database: Database) -> click.Group:
    """Make the commands `db upgrade`, `db downgrade` and `db version`; each ends with 1 and a word where it fails."""
    group = click.Group("db", help="The tables of what Touchline keeps.")

    @group.command("upgrade")
    def upgrade() -> None:
        """Bring the tables to this version; nothing is lost."""
        _tell(database, database.upgrade)

    @group.command("downgrade")
    @click.argument("version")
    @click.confirmation_option(prompt="What that version does not know is deleted. Go on?")
    def downgrade(version: str) -> None:
        """Bring the tables back to an earlier VERSION; what it does not know is deleted."""
        _tell(database, lambda: database.downgrade(version))

    @group.command("version")
    def version() -> None:
        """Show the version of the tables, and the one that this Touchline needs."""
        _tell(database, lambda: None)

    return group


def _tell(database: Database, step: Callable[[], None]) -> None:
    try:
        step()
        found, needed = database.revisions()
    except StoreGone as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"tables: {found or 'none'}, needed: {needed}")
