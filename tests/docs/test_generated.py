"""The pages of docs/ that follow from the code say what the code says."""

from pathlib import Path

import pytest

from docs.generate import PAGES


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    assert (Path("docs") / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"
