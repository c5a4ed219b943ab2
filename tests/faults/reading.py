"""A user who reads one message after the other; O2G erases each by giving it."""

from tests.walks.walker import Walker

SENDER = "70017"
MESSAGES = 8


def texts(number: str) -> list[str]:
    """Give what is written to a user: each text once in the world."""
    return [f"Number {nth} for {number}" for nth in range(MESSAGES)]


def walk(user: Walker) -> None:
    for text in texts(user.number):
        user.o2g.message(SENDER, user.number, text)
    user.open("messages")
    user.choose("Read new")
    for _ in range(MESSAGES - 1):
        user.press("Next")
    user.open("messages")
