"""Phones' pages of the booking system: written in Touchline's dialect, for one user and one family of sets."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen
from xml.etree.ElementTree import Element, SubElement, tostring

from examples.room_booking.api import HOURS

DIALECT = "urn:touchline:noe:1"
API_SECONDS = 1.0
WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "rooms": "Rooms today",
        "mine": "My bookings",
        "mine_key": "Mine",
        "free": "{count} free",
        "taken": "taken",
        "book": "Book",
        "ask": "{room}, {hour}:00",
        "sure": "Book this hour",
        "booked": "Booked",
        "too_late": "Taken meanwhile",
        "cancel": "Cancel booking",
        "cancelled": "Cancelled",
        "none": "You have no bookings.",
        "nothing": "Nothing was done.",
        "down": "The booking system does not answer.",
    },
    "de": {
        "rooms": "Räume heute",
        "mine": "Meine Buchungen",
        "mine_key": "Meine",
        "free": "{count} frei",
        "taken": "belegt",
        "book": "Buchen",
        "ask": "{room}, {hour} Uhr",
        "sure": "Diese Stunde buchen",
        "booked": "Gebucht",
        "too_late": "Inzwischen belegt",
        "cancel": "Stornieren",
        "cancelled": "Storniert",
        "none": "Sie haben nichts gebucht.",
        "nothing": "Nichts geändert.",
        "down": "Das Buchungssystem antwortet nicht.",
    },
}


class ApiDown(Exception):
    """The booking system does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a page is: their directory number, what they read, items of a list's page on their set."""

    number: str
    language: str
    items: int

    def say(self, word: str, **values: object) -> str:
        """Give a text in their language, or in English."""
        return WORDS.get(self.language, WORDS["en"])[word].format(**values)


class Pages:
    """The pages. Addresses in them are relative: Touchline makes them whole and signs them."""

    def __init__(self, api: str) -> None:
        """Take the API's address."""
        self._api = api

    def rooms(self, asked: Asked, page: int = 0, said: str = "") -> bytes:
        """List the rooms with how many hours are free today."""
        rooms = self._get("/rooms", day=_today())["rooms"]
        root = _page(asked, "rooms.home", asked.say("rooms"))
        shown = rooms[page * asked.items : (page + 1) * asked.items]
        listed = SubElement(root, "ListBox", active="0")
        for room in shown or rooms[:1]:
            free = asked.say("free", count=len(HOURS) - len(room["taken"]))
            SubElement(listed, "Item", label=room["name"], detail=free, href=f"room?{urlencode({'id': room['id']})}")
        if said:
            SubElement(root, "PopupBox", label=asked.say(said), timeout="2")
        keys = SubElement(root, "SoftKeys")
        SubElement(keys, "SoftKey", position="0", label=asked.say("mine_key"), href="mine")
        turns = SubElement(root, "Keys")
        SubElement(turns, "Key", name="back", href=".")
        if page > 0:
            SubElement(turns, "Key", name="left", href=f"rooms?page={page - 1}")
        if (page + 1) * asked.items < len(rooms):
            SubElement(turns, "Key", name="right", href=f"rooms?page={page + 1}")
        return _written(root)

    def room(self, asked: Asked, id: str) -> bytes:
        """List a room's hours; free ones can be booked."""
        room = self._room(id)
        root = _page(asked, "rooms.room", room["name"], str(room["seats"]))
        listed = SubElement(root, "ListBox", active="0")
        for hour in HOURS:
            item = SubElement(listed, "Item", label=f"{hour}:00")
            if hour in room["taken"]:
                item.set("detail", asked.say("taken"))
            else:
                item.set("href", f"ask?{urlencode({'id': id, 'hour': hour})}")
        _back(root, ".")
        return _written(root)

    def ask(self, asked: Asked, id: str, hour: int) -> bytes:
        """Ask whether to book: a form, so that only a signed answer books."""
        title = asked.say("ask", room=self._room(id)["name"], hour=hour)
        return self._form(asked, title, f"book?{urlencode({'id': id, 'hour': hour})}", asked.say("sure"), "book")

    def book(self, asked: Asked, id: str, hour: int, sure: bool) -> bytes:
        """Book a room, and show the rooms."""
        if not sure:
            return self.rooms(asked, said="nothing")
        wanted = {"room": id, "day": _today(), "hour": hour, "by": asked.number}
        status, _ = self._ask("POST", "/bookings", wanted)
        return self.rooms(asked, said={201: "booked", 409: "too_late"}.get(status, "nothing"))

    def mine(self, asked: Asked) -> bytes:
        """List the user's own bookings."""
        bookings = self._get("/bookings", by=asked.number)["bookings"]
        root = _page(asked, "rooms.mine", asked.say("mine"))
        if bookings:
            listed = SubElement(root, "ListBox", active="0")
            for booking in bookings[:60]:
                label = f"{self._room(booking['room'])['name']} {booking['hour']}:00"
                SubElement(listed, "Item", label=label, href=f"booking?id={booking['id']}")
        else:
            SubElement(SubElement(root, "TextBox"), "Line").text = asked.say("none")
        _back(root, ".")
        return _written(root)

    def booking(self, asked: Asked, id: int) -> bytes:
        """Ask whether to cancel a booking."""
        return self._form(asked, asked.say("cancel"), f"cancel?id={id}", asked.say("cancel"), "cancel")

    def cancel(self, asked: Asked, id: int, sure: bool) -> bytes:
        """Cancel a booking of the user's own, and show the rooms."""
        path = f"/bookings/{id}?{urlencode({'by': asked.number})}"
        done = sure and self._ask("DELETE", path)[0] == 204
        return self.rooms(asked, said="cancelled" if done else "nothing")

    def down(self, asked: Asked) -> bytes:
        """Say that the booking system does not answer."""
        root = _page(asked, "rooms.down", asked.say("rooms"))
        SubElement(SubElement(root, "TextBox"), "Line").text = asked.say("down")
        return _written(root)

    def _form(self, asked: Asked, title: str, href: str, question: str, key: str) -> bytes:
        root = _page(asked, "rooms.ask", title)
        frame = SubElement(root, "FrameBox", href=href)
        SubElement(frame, "CheckBox", name="sure", label=question, state="true")
        keys = SubElement(root, "SoftKeys")
        SubElement(keys, "SoftKey", position="0", label=asked.say(key), submit="true")
        _back(root, ".")
        return _written(root)

    def _room(self, id: str) -> Any:
        rooms = self._get("/rooms", day=_today())["rooms"]
        found = next((room for room in rooms if room["id"] == id), None)
        if found is None:
            raise LookupError("no such room")
        return found

    def _get(self, path: str, **asked: str) -> Any:
        status, told = self._ask("GET", f"{path}?{urlencode(asked)}")
        if status != 200:
            raise ApiDown(f"status {status}")
        return told

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = Request(self._api + quote(path, safe="/?=&%"), data=data, method=method)  # noqa: S310  (our own API)
        try:
            with urlopen(request, timeout=API_SECONDS) as answer:  # noqa: S310
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except HTTPError as error:
            return error.code, None
        except (URLError, OSError, ValueError) as error:
            raise ApiDown(type(error).__name__) from error


def _today() -> str:
    return date.today().isoformat()  # noqa: DTZ011  (rooms are booked where they are)


def _page(asked: Asked, id: str, title: str, note: str = "") -> Element:
    root = Element("Page", xmlns=DIALECT, id=id, lang=asked.language, dir="ltr")
    header = SubElement(root, "HeaderBox", label=title)
    if note:
        header.set("note", note)
    return root


def _back(root: Element, href: str) -> None:
    SubElement(SubElement(root, "Keys"), "Key", name="back", href=href)


def _written(root: Element) -> bytes:
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
