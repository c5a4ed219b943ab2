"""A walk over HTTP: every page is parsed, validated and kept as it was seen."""

from tests.house import Simulator
from tests.pages import Entry, Shown
from tests.phone import Phone
from tests.walks.labels import Labels


class PhoneWalker:
    """A user of a `Phone`."""

    def __init__(self, phone: Phone, family: str, o2g: Simulator, labels: Labels) -> None:
        self.number = phone.number
        self.family = family
        self.o2g = o2g
        self.seen: dict[str, Shown] = {}
        self._phone = phone
        self._labels = labels

    @property
    def screen(self) -> Shown:
        return self._phone.screen

    def open(self, application: str) -> None:
        self._phone.open(application)

    def see(self, name: str) -> None:
        assert name not in self.seen, f"{name} was seen before"
        self.seen[name] = self._phone.screen

    def press(self, message: str) -> None:
        shown = self._phone.screen
        submits = list(shown.submits)
        if not shown.answers and self._labels.has(submits, message):
            self._phone.send()
        else:
            self._follow((*shown.answers, *shown.soft_keys, *shown.actions), message)

    def choose(self, line: str | int) -> None:
        shown = self._phone.screen
        if isinstance(line, int):
            self._phone.get(shown.choices[line].href)
        else:
            self._follow((*shown.answers, *shown.items, *shown.actions), line)

    def type_text(self, field: str, text: str) -> None:
        labels = [f.label for f in self._phone.screen.fields]
        self._phone.type_text(labels[self._labels.find(labels, field)], text)

    def send(self) -> None:
        self._phone.send()

    def key(self, digits: str) -> None:
        self._phone.key(digits)

    def back(self) -> None:
        self._phone.back()

    def settle(self) -> None:
        self._phone.settle()

    def _follow(self, entries: tuple[Entry, ...], message: str) -> None:
        leading = [entry for entry in entries if entry.href]
        self._phone.get(leading[self._labels.find([entry.label for entry in leading], message)].href)
