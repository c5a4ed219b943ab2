"""A label as the set shows it: in the user's language, and cut where it has no room."""

from prs.language import Language

CUT = "…"


class Labels:
    """What the code's English messages look like on one user's set."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def find(self, shown: list[str], message: str) -> int:
        """Find the line that shows a message, or a text such as a name."""
        for wanted in (self._language.translate(message), message):
            for index, label in enumerate(shown):
                if label == wanted or (label.endswith(CUT) and wanted.startswith(label.removesuffix(CUT))):
                    return index
        raise AssertionError(f"no {message!r} on this screen: {shown}")

    def has(self, shown: list[str], message: str) -> bool:
        """Tell whether a line shows a message."""
        try:
            self.find(shown, message)
        except AssertionError:
            return False
        return True
