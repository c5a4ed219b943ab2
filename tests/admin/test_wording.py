"""What a form or a command says may be typed is what the registry takes."""

import re

import pytest
from pydantic import ValidationError

from admin.application_options import OPTIONS
from admin.wording import ALLOWED
from store.registered import External, PrsEntry, RegisteredApplication


def helps() -> dict[str, str]:
    """Give what `--help` says of each option."""

    def command() -> None: ...

    for option in OPTIONS:
        option(command)
    return {option.name: option.help or "" for option in command.__click_params__}  # type: ignore[attr-defined]


HELP = helps()


@pytest.mark.parametrize(
    ("told", "takes", "step"),
    [
        (ALLOWED["most_bytes"], lambda value: External(url="https://a.example/", most_bytes=value), 1),
        (HELP["most_bytes"], lambda value: External(url="https://a.example/", most_bytes=value), 1),
        (ALLOWED["seconds"], lambda value: External(url="https://a.example/", seconds=value), 0.01),
        (HELP["seconds"], lambda value: External(url="https://a.example/", seconds=value), 0.01),
        (ALLOWED["order"], lambda value: RegisteredApplication(id="a", kind="built_in", order=value), 1),
        (HELP["order"], lambda value: RegisteredApplication(id="a", kind="built_in", order=value), 1),
        (ALLOWED["entry_index"], lambda value: PrsEntry(identifier="A", index=value), 1),
    ],
)
def test_the_least_and_the_most_that_are_told_are_taken_and_nothing_beyond(
    told: str, takes: object, step: float
) -> None:
    assert callable(takes)
    least, most = (float(figure) if "." in figure else int(figure) for figure in re.findall(r"[\d.]*\d", told)[-2:])
    takes(least), takes(most)
    for beyond in (least - step, most + step):
        with pytest.raises(ValidationError):
            takes(beyond)
