"""Waiting for what comes about by itself."""

import time
from collections.abc import Callable


def until(holds: Callable[[], object], seconds: float = 10) -> None:
    """Poll until something holds; a test fails where it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.02)
