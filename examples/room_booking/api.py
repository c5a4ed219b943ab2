"""The booking system: rooms, who has them when, and a small JSON API on this machine.

| request | answer |
|---|---|
| `GET /rooms?day=2026-03-04` | `{"rooms": [{"id": "paris", "name": "Paris", "seats": 8, "taken": [9, 10]}]}` |
| `GET /bookings?by=70000` | `{"bookings": [{"id": 1, "room": "paris", "day": "2026-03-04", "hour": 9, …}]}` |
| `POST /bookings` `{"room", "day", "hour", "by"}` | 201 and the booking; 409: taken; 400: no such room, day or hour |
| `DELETE /bookings/1?by=70000` | 204; 404: there is none of theirs |
"""

import json
import threading
from dataclasses import asdict, dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

HOURS = range(8, 18)  # each booking is for one
LARGEST = 4096  # bytes of a request


@dataclass(frozen=True, slots=True)
class Room:
    """A room and its seats."""

    id: str
    name: str
    seats: int


@dataclass(frozen=True, slots=True)
class Booking:
    """Who has a room for an hour of a day (ISO 8601)."""

    id: int
    room: str
    day: str
    hour: int
    by: str


ROOMS = (Room("athens", "Athens", 4), Room("lisbon", "Lisbon", 6), Room("paris", "Paris", 8), Room("rome", "Rome", 20))


class Taken(Exception):
    """Somebody has the room at that time."""


class Book:
    """All bookings; may be used by several threads."""

    def __init__(self, rooms: tuple[Room, ...] = ROOMS) -> None:
        """Begin empty."""
        self.rooms = {room.id: room for room in rooms}
        self._bookings: list[Booking] = []
        self._number = 0
        self._lock = threading.Lock()

    def taken(self, room: str, day: str) -> list[int]:
        """List the hours at which a room is taken."""
        return sorted(booking.hour for booking in self._bookings if (booking.room, booking.day) == (room, day))

    def of(self, by: str) -> list[Booking]:
        """List somebody's bookings, by time."""
        return sorted((one for one in self._bookings if one.by == by), key=lambda one: (one.day, one.hour))

    def add(self, room: str, day: str, hour: int, by: str) -> Booking:
        """Book a room.

        Raises:
            Taken: somebody has it.
            ValueError: there is no such room, day or hour.
        """
        if room not in self.rooms or hour not in HOURS or not by or date.fromisoformat(day).isoformat() != day:
            raise ValueError("no such room, day or hour")
        with self._lock:
            if hour in self.taken(room, day):
                raise Taken
            self._number += 1
            booking = Booking(self._number, room, day, hour, by)
            self._bookings.append(booking)
            return booking

    def remove(self, id: int, by: str) -> bool:
        """Cancel somebody's booking; False: they have none of that number."""
        with self._lock:
            found = [booking for booking in self._bookings if (booking.id, booking.by) == (id, by)]
            self._bookings = [booking for booking in self._bookings if booking not in found]
            return bool(found)


def booking_api(book: Book, port: int = 0) -> ThreadingHTTPServer:
    """Make the API's server, on this machine only."""

    class Api(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = self._asked()
            if path == "/rooms":
                day = asked.get("day", "")
                rooms = [asdict(room) | {"taken": book.taken(room.id, day)} for room in book.rooms.values()]
                self._answer(200, {"rooms": rooms})
            elif path == "/bookings":
                self._answer(200, {"bookings": [asdict(booking) for booking in book.of(asked.get("by", ""))]})
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > LARGEST:
                self._answer(413, {})
                return
            try:
                wanted = json.loads(self.rfile.read(int(length)))
                booking = book.add(str(wanted["room"]), str(wanted["day"]), int(wanted["hour"]), str(wanted["by"]))
            except Taken:
                self._answer(409, {})
            except (ValueError, KeyError, TypeError):
                self._answer(400, {})
            else:
                self._answer(201, asdict(booking))

        def do_DELETE(self) -> None:
            path, asked = self._asked()
            number = path.removeprefix("/bookings/")
            gone = number.isdecimal() and book.remove(int(number), asked.get("by", ""))
            self._answer(204 if gone else 404, None)

        def _asked(self) -> tuple[str, dict[str, str]]:
            parts = urlsplit(self.path)
            return parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}

        def _answer(self, status: int, told: object) -> None:
            body = b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told: object) -> None:
            """Say nothing: numbers are somebody's."""

    return ThreadingHTTPServer(("127.0.0.1", port), Api)
