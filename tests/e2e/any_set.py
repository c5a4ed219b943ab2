"""What a person does and reads on any set: on a key where the set has one for it, else in a list."""

from tests.phone import Phone


def act(user: Phone, key: str, line: str = "") -> None:
    """Press the soft key, or choose the line where the set has no key for it."""
    if key in user.screen.soft_key_labels:
        user.press(key)
    else:
        user.choose(line or key)


def says(user: Phone) -> str:
    """What is to be read; on a set of one row, words may stand in a list."""
    return " ".join((*user.screen.lines, *(item.label for item in user.screen.items if not item.href)))
