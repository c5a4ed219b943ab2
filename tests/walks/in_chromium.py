"""A walk in the browser, on the phone page: every key is pressed as a finger would."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.browser import DeskPhone
from tests.house import Simulator
from tests.walks.labels import Labels

MOST_STEPS = 60  # a list that is longer leads nowhere
LOOK = """() => {
  const { page, state } = window.phone;
  return {
    at: state.at, dialogAt: state.dialogAt,
    answers: page.dialog ? page.dialog.actions.map((action) => action.label) : [],
    soft: page.softKeys.map((key) => ({ label: key.label, position: key.position })),
    lines: page.lines.map((line) => ({
      label: line.field ? line.field.label : line.label ?? line.text ?? "",
      leads: Boolean(line.href), field: Boolean(line.field), holds: String(line.field?.value ?? "").length,
    })),
    refreshes: Boolean(page.idle),
  };
}"""


class ChromiumWalker:
    """A person in front of the phone page. `seen` is told each name that is worth a picture."""

    def __init__(
        self, desk: DeskPhone, number: str, family: str, o2g: Simulator, labels: Labels, seen: Callable[[str], None]
    ) -> None:
        self.number = number
        self.family = family
        self.o2g = o2g
        self._desk = desk
        self._labels = labels
        self._seen = seen

    def open(self, application: str) -> None:
        """Press Menu, then choose what leads to the application: the page itself says which line that is."""
        self._desk.press("key-home")
        self._desk.wait("menu.home")
        if not application:
            return
        line = self._desk.page.evaluate(
            "(path) => window.phone.page.lines.findIndex((line) => line.href && new URL(line.href).pathname === path)",
            f"/phone/{application}",
        )
        assert line >= 0, f"the menu does not offer {application}"
        self._go_to("at", line)
        self._press_ok()

    def see(self, name: str) -> None:
        assert self._desk.overflow == [], f"{name}: {self._desk.overflow}"
        self._seen(name)

    def press(self, message: str) -> None:
        page = self._look()
        if not page["answers"]:
            labels = [key["label"] for key in page["soft"]]
            if self._labels.has(labels, message):
                position = page["soft"][self._labels.find(labels, message)]["position"]
                self._desk.press(f"softkey-{position}")
                self._settled()
                return
        self.choose(message)

    def choose(self, line: str | int) -> None:
        page = self._look()
        if page["answers"]:
            assert isinstance(line, str)
            self._go_to("dialogAt", self._labels.find(page["answers"], line))
        else:
            leading = [(index, found["label"]) for index, found in enumerate(page["lines"]) if found["leads"]]
            labels = [label for _, label in leading]
            nth = line if isinstance(line, int) else self._labels.find(labels, line)
            self._go_to("at", leading[nth][0])
        self._press_ok()

    def type_text(self, field: str, text: str) -> None:
        fields = [(index, found["label"]) for index, found in enumerate(self._look()["lines"]) if found["field"]]
        nth = self._labels.find([label for _, label in fields], field)
        self._go_to("at", fields[nth][0])
        for _ in range(self._look()["lines"][fields[nth][0]]["holds"]):
            self._desk.page.keyboard.press("Backspace")
        self._desk.type_text(text)

    def send(self) -> None:
        fields = [index for index, found in enumerate(self._look()["lines"]) if found["field"]]
        if self._look()["at"] not in fields:
            self._go_to("at", fields[0])
        self._press_ok()

    def key(self, digits: str) -> None:
        names = {"*": "star", "#": "hash"}
        self._desk.press(*(f"digit-{names.get(digit, digit)}" for digit in digits))
        self._settled()

    def back(self) -> None:
        self._desk.press("key-back")
        self._settled()

    def settle(self) -> None:
        self._desk.page.wait_for_function("() => !window.phone.page.idle && !window.phone.busy", timeout=15_000)

    def _look(self) -> dict[str, Any]:
        page: dict[str, Any] = self._desk.page.evaluate(LOOK)
        return page

    def _go_to(self, place: str, line: int) -> None:
        for _ in range(MOST_STEPS):
            at = self._look()[place]
            if at == line:
                return
            if place == "dialogAt" and self.family != "one_line":
                self._desk.press("key-right" if at < line else "key-left")
            else:
                self._desk.press("key-down" if at < line else "key-up")
        raise AssertionError(f"line {line} is never reached")

    def _press_ok(self) -> None:
        self._desk.press("key-ok")
        self._settled()

    def _settled(self) -> None:
        expect(self._desk.display).to_have_attribute("data-busy", "false")
