"""Fitting: how a screen becomes a page of one set. The only place that cuts, wraps, or chooses soft keys."""

from collections.abc import Callable, Iterable

from prs import pages, screens
from prs.errors import N_
from prs.language import Language
from prs.legible import legible
from prs.links import Link
from prs.models import PhoneModel
from prs.text import fit, width, wrap

KEYPAD_WAIT_MS = 600  # between two digits of one hand
NEXT_PAGE, PREVIOUS_PAGE = N_("Next page"), N_("Previous page")
ICON_COLUMNS = 2  # a sign and a space
TEXT_LINES = 64  # the schema's limits
LIST_ITEMS = 64
SUBTAG_SEPARATOR = "_"

Address = Callable[[Link], str]


class Fitting:
    """Fits screens to one model, in one language, for one holder of links."""

    def __init__(self, model: PhoneModel, language: Language, address: Address, home: str) -> None:
        """Args: the set's model; the language of the page; what signs a link; the menu's address."""
        self._model = model
        self._language = language
        self._address = address
        self._home = home

    def page(self, name: str, screen: screens.Screen) -> pages.Page:
        """Make the page of a screen called `name`, such as `directory.results`."""
        placed, listed = self._share_keys(screen)
        body = [self._box(widget) for widget in screen.body]
        if self._model.rows == 1:
            self._put_heading(body, self._header(screen))
            listed = [*self._leaves(screen), *listed]
        if listed:
            body.append(pages.ActionListBox(tuple(self._line(screens.Item(k.label, link=k.link)) for k in listed)))
        return pages.Page(
            id=name,
            language=self._language.code.replace(SUBTAG_SEPARATOR, "-"),
            direction=self._language.direction,
            header=self._header(screen),
            body=tuple(body),
            dialog=self._dialog(screen.dialog) if screen.dialog else None,
            popup=self._popup(screen.popup) if screen.popup else None,
            soft_keys=tuple(self._soft_key(position, key) for position, key in enumerate(placed)),
            keys=tuple(self._keys(screen)),
            numpad=pages.Numpad(self._address(screen.keypad), KEYPAD_WAIT_MS) if screen.keypad else None,
            timer=pages.IdleTimer(screen.refresh.seconds, self._address(screen.refresh.link))
            if screen.refresh
            else None,
        )

    def _share_keys(self, screen: screens.Screen) -> tuple[list[screens.SoftKey], list[screens.SoftKey]]:
        """Part the keys into those that the set has and those that are listed below the body instead.

        A key that sends the form is not listed: OK sends it on every set.
        """
        room = self._model.soft_keys
        placed, rest = list(screen.keys[:room]), screen.keys[room:]
        return placed, [key for key in rest if key.link is not None]

    def _put_heading(self, body: list[pages.Box], header: pages.HeaderBox) -> None:
        """Let a set of one line show the title: above the line of a list that is shown first, or before text; behind
        text that leads to a list, since that text says what the title would."""
        whole = pages.TextBox((" ".join(filter(None, (header.label, header.note))),))
        match body:
            case [pages.ListBox(lines=lines, active=active), *_] if len(lines) < LIST_ITEMS:
                heading = pages.Line(header.label, header.note, "", "")
                body[0] = pages.ListBox((heading, *lines), active + 1)
            case [pages.FrameBox(), *_] | []:
                pass  # a form names its fields; a page without a body shows its header
            case [pages.TextBox(), *rest] if any(isinstance(box, pages.ListBox | pages.FrameBox) for box in rest):
                body.append(whole)
            case _:
                body.insert(0, whole)

    def _leaves(self, screen: screens.Screen) -> Iterable[screens.SoftKey]:
        """List the pages before and behind, where no header tells that there are any."""
        if screen.later:
            yield screens.SoftKey(self._language.translate(NEXT_PAGE), screen.later)
        if screen.earlier:
            yield screens.SoftKey(self._language.translate(PREVIOUS_PAGE), screen.earlier)

    def _legible(self, text: str) -> str:
        return legible(text, self._model.scripts)

    def _fit(self, text: str, columns: int) -> str:
        return fit(self._legible(text), columns)

    def _wrap(self, text: str, columns: int, lines: int) -> tuple[str, ...]:
        return wrap(self._legible(text), columns, lines)

    def _header(self, screen: screens.Screen) -> pages.HeaderBox:
        note = self._fit(screen.note, self._model.columns // 2)
        room = self._model.columns - (width(note) + 1 if note else 0)
        return pages.HeaderBox(self._fit(screen.title, room), note)

    def _box(self, widget: screens.Widget) -> pages.Box:
        match widget:
            case screens.Text():
                return pages.TextBox(self._wrap(widget.text, self._model.columns, TEXT_LINES))
            case screens.List():
                return pages.ListBox(self._lines(widget.items), min(widget.active, len(widget.items) - 1))
            case screens.ActionList():
                return pages.ActionListBox(self._lines(widget.items))
            case screens.Form():
                return pages.FrameBox(self._address(widget.link), tuple(self._field(field) for field in widget.fields))
            case screens.Progress():
                return pages.ProgressBar(
                    self._fit(widget.label, self._model.columns),
                    max(0, min(widget.value, widget.of)),
                    max(1, widget.of),
                )
            case screens.Image():
                return pages.ImageBox(
                    widget.uri, self._fit(widget.label, self._model.columns), widget.wide, widget.high
                )
            case screens.Sound():
                return pages.AudioBox(self._address(widget.link), self._fit(widget.label, self._model.columns))

    def _lines(self, items: tuple[screens.Item, ...]) -> tuple[pages.Line, ...]:
        """Fit a list's items.

        Raises:
            ValueError: a list is empty or longer than a page can hold; applications page theirs.
        """
        if not 0 < len(items) <= LIST_ITEMS:
            raise ValueError(f"a list of {len(items)} items does not fit a page: 1 to {LIST_ITEMS}")
        return tuple(self._line(item) for item in items)

    def _line(self, item: screens.Item) -> pages.Line:
        """Fit an item into one row: the detail gets at most half of it, the label what is left."""
        columns = self._model.columns
        detail = self._fit(item.detail, columns // 2)
        taken = (ICON_COLUMNS if item.icon else 0) + (width(detail) + 1 if detail else 0)
        label = self._fit(item.label, columns - taken)
        return pages.Line(label, detail, self._address(item.link) if item.link else "", item.icon)

    def _field(
        self, field: screens.Input | screens.CheckBox | screens.DateInput
    ) -> pages.InputBox | pages.CheckBox | pages.DateBox:
        label = self._fit(field.label, self._model.columns // 2 + 1)
        match field:
            case screens.Input():
                secret = field.kind is screens.InputKind.PASSWORD
                value = "" if secret else self._legible(field.value)[: field.longest]
                return pages.InputBox(field.name, label, value, field.kind.value, field.longest, field.focus)
            case screens.CheckBox():
                return pages.CheckBox(field.name, label, field.state)
            case screens.DateInput():
                return pages.DateBox(field.name, label, field.value, field.parts.value)

    def _dialog(self, dialog: screens.Dialog) -> pages.DialogBox:
        columns = self._model.columns
        return pages.DialogBox(
            self._fit(dialog.title, columns),
            self._wrap(dialog.question, columns, 8),
            tuple(self._line(answer) for answer in dialog.answers),
        )

    def _popup(self, popup: screens.Popup) -> pages.PopupBox:
        return pages.PopupBox(self._fit(popup.text, self._model.columns), popup.seconds)

    def _soft_key(self, position: int, key: screens.SoftKey) -> pages.SoftKey:
        label = self._fit(key.label, self._model.soft_key_columns)
        return pages.SoftKey(position, label, self._address(key.link) if key.link else "")

    def _keys(self, screen: screens.Screen) -> Iterable[pages.Key]:
        yield pages.Key("back", self._address(screen.back) if screen.back else self._home)
        yield pages.Key("home", self._home)
        if screen.earlier:
            yield pages.Key("left", self._address(screen.earlier))
        if screen.later:
            yield pages.Key("right", self._address(screen.later))
