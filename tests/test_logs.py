"""A bug leaves its trace in the log, and nobody's name."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def look_up(number: str) -> str:
    known: dict[str, str] = {}
    return known[number]


def fail() -> None:
    number, name = "70015", "John Smith"  # whose lines no traceback shows
    try:
        look_up(number)
    except KeyError as error:
        raise ValueError(f"no {name}") from error


@pytest.mark.parametrize("whose", ["ours", "a library's"])
def test_an_exception_is_told_by_its_place_and_not_by_its_words(capsys: pytest.CaptureFixture[str], whose: str) -> None:
    logs.set_up("INFO")
    try:
        fail()
    except ValueError as error:
        if whose == "ours":
            structlog.get_logger("test").error("bug", exc_info=error)
        else:
            logging.getLogger("library").exception("bug")
    written = capsys.readouterr().out
    told = json.loads(written.splitlines()[-1])["exception"]
    assert "in look_up" in told
    assert "KeyError" in told
    assert "ValueError" in told
    assert "70015" not in written
    assert "John Smith" not in written


def test_what_an_exception_says_of_the_code_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO")
    try:
        look_up()  # type: ignore[call-arg]
    except TypeError as error:
        structlog.get_logger("test").error("bug", exc_info=error)
    assert "missing 1 required positional argument: 'number'" in capsys.readouterr().out


def test_a_commands_output_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("INFO", command=True)
    structlog.get_logger("test").info("started")
    structlog.get_logger("test").warning("something")
    written = capsys.readouterr()
    assert written.out == ""
    assert [json.loads(line)["event"] for line in written.err.splitlines()] == ["something"]
