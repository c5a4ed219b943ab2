"""Each test that the table of threats names is there."""

import re
from pathlib import Path

import pytest

PAGE = Path("docs/threats.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py(?:::\w+)?)`", PAGE)))


@pytest.mark.parametrize("name", NAMED)
def test_a_test_against_a_threat_exists(name: str) -> None:
    file, _, function = name.partition("::")
    assert re.search(rf"def {function}\(" if function else r"def test_", Path(file).read_text(encoding="utf-8"))


def test_the_threats_are_one_table() -> None:
    """A line of a table after a paragraph has no header and is shown as text."""
    lines = PAGE.splitlines()
    rows = [number for number, line in enumerate(lines) if line.startswith("|")]
    assert rows == list(range(rows[0], rows[0] + len(rows)))
    assert lines[rows[1]] == "|---|---|---|"
    assert {line.count(" | ") for line in lines[rows[0] + 2 : rows[-1] + 1]} == {2}


def test_each_threat_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    assert [row for row in rows if "`tests/" not in row] == []
