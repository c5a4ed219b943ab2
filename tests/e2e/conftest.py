"""What the tests of the whole house share."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the log last, when all others have written into it."""
    items.sort(key=lambda item: item.path.name == "test_log.py")
