"""`flask --app app apps new NAME`: a phone application to begin with, and its test."""

import re
from collections.abc import Collection
from pathlib import Path
from string import Template

import click

from store.registered import MENU

HERE = Path(__file__).parent
FILES = {
    "__init__.py": "application.txt",
    "manifest.toml": "manifest.txt",
    "test_{id}.py": "test.txt",
}
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def new_command(folder: Path, taken: Collection[str]) -> click.Command:
    """Make the command; it writes below `folder` where nothing else is said, and gives no id that is taken."""

    @click.command("new")
    @click.argument("name")
    @click.option("--into", type=click.Path(file_okay=False, path_type=Path), help=f"The folder ({folder}).")
    def new(name: str, into: Path | None) -> None:
        """Write a phone application called NAME, with its test: a working one, to be changed."""
        if not NAME.fullmatch(name):
            raise click.ClickException(f"{name!r}: a name has lower-case letters, digits and underscores, 40 at most")
        if name == MENU or name in taken:
            raise click.ClickException(f"{name!r} is built in: an application of one's own has another name")
        target = (into or folder) / name
        try:
            target.mkdir(parents=True)
            for file, text in files_of(name).items():
                (target / file).write_text(text, encoding="utf-8")
        except FileExistsError:
            raise click.ClickException(f"{target} is there already") from None
        except OSError as error:
            raise click.ClickException(f"{target} cannot be written: {error.strerror}") from None
        click.echo(f"{target} is written. Its test: pytest {target}")

    return new


def files_of(name: str) -> dict[str, str]:
    """Give the files of a new application, by their names."""
    words = name.split("_")
    # "App" keeps the class apart from what the file imports, and from Python's own words: `list`, `none`.
    filled = {
        "id": name,
        "kind": f"{''.join(word.capitalize() for word in words)}App",
        "name": " ".join(words).capitalize(),
    }
    return {
        file.format(id=name): Template((HERE / source).read_text(encoding="utf-8")).substitute(filled)
        for file, source in FILES.items()
    }
