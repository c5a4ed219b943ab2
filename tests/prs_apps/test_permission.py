"""Who may use an application is asked at its door and inside; whoever asks too often is told so, and gets the menu."""

from dataclasses import dataclass, field

import pytest

from prs.models import PhoneModel
from services import errors
from services.users import Device, User
from tests.prs_apps.paper import NUMBER, PaperO2G, PaperPhone


@dataclass
class Register:
    """Allows what is written in it, and remembers who was asked about."""

    allowed: set[str] = field(default_factory=set)
    asked: list[tuple[str, str, str, str]] = field(default_factory=list)

    def may(self, user: User, device: Device, model: PhoneModel, application: str) -> bool:
        self.asked.append((user.number, device.id, model.station_type, application))
        return application in self.allowed


def test_an_application_that_is_not_the_users_does_not_open() -> None:
    phone = PaperPhone(PaperO2G(), permission=Register())
    shown = phone.get("/phone/directory")
    assert phone.status == 403
    assert "This application is not open to you." in shown.text
    assert [key.label for key in shown.soft_keys] == ["Menu"]


def test_an_application_that_is_taken_away_shows_nothing_more_inside() -> None:
    register = Register({"directory"})
    phone = PaperPhone(PaperO2G(), permission=register)
    form = phone.get("/phone/directory").form
    register.allowed.clear()
    phone.post(form, last_name="smith", first_name="")
    assert phone.status == 403


def test_the_refusal_is_in_the_users_language() -> None:
    phone = PaperPhone(PaperO2G(guiLanguage="de"), permission=Register())
    assert "Menü" in [key.label for key in phone.get("/phone/directory").soft_keys]


def test_the_menu_is_everybodys() -> None:
    phone = PaperPhone(PaperO2G(), permission=Register())
    phone.get("/phone/")
    assert phone.status == 200


def test_permission_is_asked_for_user_set_and_model() -> None:
    register = Register({"directory"})
    PaperPhone(PaperO2G(), permission=register).get("/phone/directory")
    assert (NUMBER, NUMBER, "NOE_C_Color_IP", "directory") in register.asked


def test_too_many_screens_in_a_minute_are_refused_with_a_way_to_try_again() -> None:
    phone = PaperPhone(PaperO2G(), screens=3)
    for _ in range(3):
        phone.get("/phone/directory")
        assert phone.status == 200
    shown = phone.get("/phone/directory")
    assert phone.status == 429
    assert "Too many requests" in shown.text
    keys = {key.label: key.href for key in shown.soft_keys}
    assert keys["Retry"].endswith("/phone/directory")
    phone.get("/phone/")
    assert phone.status == 200


@pytest.mark.parametrize("address", ["/phone/directory/results?link=x", "/phone/nowhere"])
def test_a_refused_request_counts_too_and_the_menu_opens(address: str) -> None:
    phone = PaperPhone(PaperO2G(), screens=3)
    for _ in range(3):
        phone.get(address)
        assert phone.status in {403, 404}
    phone.get(address)
    assert phone.status == 429
    phone.get("/phone/")
    assert phone.status == 200


def test_requests_for_a_number_that_O2G_does_not_know_or_tell_are_counted() -> None:
    for failing, status in ((errors.NotFound(), 404), (errors.O2GTimeout(), 504)):
        paper = PaperO2G(nobody=failing)
        phone = PaperPhone(paper, screens=3)
        for _ in range(3):
            phone.get("/phone/directory")
            assert phone.status == status
        asked = paper.asked_for
        phone.get("/phone/directory")
        assert (phone.status, paper.asked_for) == (429, asked)
