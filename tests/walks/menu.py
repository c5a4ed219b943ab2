"""The menu."""

from tests.walks.walker import Walker


def walk(user: Walker) -> None:
    user.open("")
    user.see("home")
