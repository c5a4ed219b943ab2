"""How far a phone's request has come, for whoever must answer it after something went wrong."""

from dataclasses import dataclass

from flask import g

from prs.language import Language
from prs.links import Holder, Link
from prs.models import PhoneModel
from services.deadline import Deadline


@dataclass(slots=True)
class Progress:
    """How far a request has come; what an error page can still make use of.

    Attributes:
        number: directory number of who asks; empty until their server's pace let it in.
        link: what was asked for, or what a form led on to, once it is believed.
        again: the address of the request as it came, for whoever cannot be given a link.
        led_on: whether `link` is what an action led on to: it can be asked for without what was typed.
        retry: the address of Retry where what was typed is kept for it; empty: nothing was.
    """

    correlation: str
    started: float
    language: Language
    model: PhoneModel
    name: str = "error"
    number: str = ""
    caller: str = ""
    server: str = ""
    holder: Holder | None = None
    link: Link | None = None
    set_from: Link | None = None
    again: str = ""
    led_on: bool = False
    retry: str = ""
    trouble: str = ""
    deadline: Deadline | None = None


def progress() -> Progress:
    """Give that of this request."""
    found = g.progress
    assert isinstance(found, Progress)  # noqa: S101  (Flask's g has no types)
    return found
