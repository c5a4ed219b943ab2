"""Every failure is a screen: valid, in the user's language, with the status that HTTP means, a code and a reference."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from services import errors
from services.directory import Person
from services.users import Device, DeviceKind
from tests.prs_apps.paper import PaperO2G, PaperPhone

SMITH = Person("John", "Smith", "70015", "70015", "oxe70015")


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


def code_of(text: str) -> str:
    return text.partition("Code ")[2].partition(",")[0]


def test_an_unknown_directory_number(logged: list[Any]) -> None:
    phone = PaperPhone(PaperO2G(exists=False))
    shown = phone.get("/phone/")
    assert phone.status == 404
    assert "This number is not known here." in shown.text
    assert code_of(shown.text) == "P3"
    lines = [line for line in logged if line["event"] == "screen"]
    assert [(line["status"], line["trouble"]) for line in lines] == [(404, "P3")]
    assert lines[0]["correlation"] in shown.text


@pytest.mark.parametrize(
    "devices", [(), (Device("70000", DeviceKind.DECT, "DECT", None),), (Device("1", DeviceKind.SOFTPHONE, None, None),)]
)
def test_a_user_without_a_set(devices: tuple[Device, ...]) -> None:
    phone = PaperPhone(PaperO2G(devices=devices))
    shown = phone.get("/phone/")
    assert phone.status == 404
    assert "No desk phone belongs to this number." in shown.text


def test_a_set_that_is_not_the_users() -> None:
    phone = PaperPhone(PaperO2G())
    assert "No desk phone" in phone.get("/phone/", set="79999").text
    assert phone.status == 404


def test_an_unknown_model_gets_the_nearest_family_and_a_log_line(logged: list[Any]) -> None:
    phone = PaperPhone(PaperO2G(station_type="NOE_C_FROM_TOMORROW"))
    assert phone.get("/phone/directory").form
    assert phone.status == 200
    assert any(line["event"] == "unknown_station_type" and line["family"] == "large" for line in logged)


@pytest.mark.parametrize(
    ("application", "screen"),
    [("directory", "results"), ("directory", "card"), ("directory", "call"), ("menu", "home")],
)
def test_a_missing_signature(application: str, screen: str) -> None:
    phone = PaperPhone(PaperO2G())
    shown = phone.get(f"/phone/{application}/{screen}")
    assert phone.status == 403
    assert "Please start from the menu." in shown.text
    assert code_of(shown.text) == "P6"


@pytest.mark.parametrize("token", ["x", "a.b.c", "." * 100, "💥", "x" * 5000, "", "%", "&amp;"])
def test_an_altered_signature(token: str) -> None:
    phone = PaperPhone(PaperO2G())
    shown = phone.get("/phone/directory/results", link=token)
    assert phone.status == 403
    assert code_of(shown.text) == "P7"


@pytest.mark.parametrize(
    "address", ["/phone/nothing", "/phone/directory/nothing", "/phone/directory/__init__", "/phone/directory/_form"]
)
def test_an_unknown_page(address: str) -> None:
    phone = PaperPhone(PaperO2G())
    assert "This page does not exist." in phone.get(address).text
    assert phone.status == 404


def test_an_address_deeper_than_any_page() -> None:
    phone = PaperPhone(PaperO2G())
    assert "This page does not exist." in phone.get("/phone/a/b/c/d").text
    assert phone.status == 404


@pytest.mark.parametrize("number", ["", "abc", "<script>", "7" * 30, "70 00", "-1"])
def test_a_number_of_the_wrong_kind(number: str) -> None:
    phone = PaperPhone(PaperO2G())
    assert "The phone's number is missing." in phone.get("/phone/", number=number).text
    assert phone.status == 400


def test_digits_of_the_wrong_kind() -> None:
    phone = PaperPhone(PaperO2G(station_type="NOE_A_IP"))
    keypad = phone.get("/phone/directory").keypad
    assert "cannot be used" in phone.get(keypad, digits="12x").text
    assert phone.status == 400


def test_a_form_that_is_larger_than_any() -> None:
    phone = PaperPhone(PaperO2G())
    form = phone.get("/phone/directory").form
    assert "too long" in phone.post(form, last_name="x" * 70_000).text
    assert phone.status == 413


def test_a_method_that_does_not_fit() -> None:
    phone = PaperPhone(PaperO2G())
    assert "cannot be asked for in this way" in phone.post("/phone/").text
    assert phone.status == 405


def test_a_caller_without_proof_learns_nothing(logged: list[Any]) -> None:
    phone = PaperPhone(PaperO2G(exists=False), secret="wrong")
    shown = phone.get("/phone/")
    assert phone.status == 403
    assert "This phone service is not open to you." in shown.text
    assert not shown.soft_keys
    assert not shown.actions


@pytest.mark.parametrize(
    ("error", "status", "says", "retry"),
    [
        (errors.SearchLimitReached(), 503, "Too many people search", True),
        (errors.O2GTimeout(), 504, "takes too long", True),
        (errors.O2GUnreachable(), 503, "cannot be reached", True),
        (errors.O2GNotReady(), 503, "is starting", True),
        (errors.WrongCredentials(), 502, "cannot log in", False),
        (errors.SessionLost(), 503, "lost its connection", True),
        (errors.NotAllowed(), 403, "does not allow this", False),
        (errors.NotFound(), 404, "does not exist any more", False),
        (errors.NotExpected(), 409, "not possible right now", True),
        (errors.NotSupported(), 501, "cannot do this", False),
        (errors.BadParameter(), 400, "does not accept this", False),
        (errors.UnreadableAnswer(), 502, "makes no sense", True),
        (errors.ServerProblem(), 502, "has a problem", True),
        (errors.O2GError(), 502, "has a problem", True),
    ],
)
def test_what_o2g_refuses_is_said_in_plain_words(error: errors.O2GError, status: int, says: str, retry: bool) -> None:
    paper = PaperO2G(people=(SMITH,))
    phone = PaperPhone(paper)
    form = phone.get("/phone/directory").form
    paper.failing = error
    shown = phone.post(form, last_name="smith")
    assert phone.status == status
    assert says in shown.text
    assert ("Retry" in shown.soft_key_labels) is retry
    assert "Menu" in shown.soft_key_labels
    if retry:
        paper.failing = None
        again = phone.get(next(key.href for key in shown.soft_keys if key.label == "Retry"))
        assert again.title == "John Smith"


def test_the_menu_opens_although_its_counters_cannot_be_read() -> None:
    phone = PaperPhone(PaperO2G(failing=errors.O2GUnreachable()))
    shown = phone.get("/phone/")
    assert phone.status == 200
    assert {item.label: item.detail for item in shown.items} == {"Directory": "", "Call log": "unknown"}


def test_counters_that_are_known_from_before_are_shown_with_their_age() -> None:
    phone = PaperPhone(PaperO2G(live=False))
    shown = phone.get("/phone/")
    assert re.fullmatch(r"No answer from the telephone system. As of .*(4 Mar|04/03/2026).*:", shown.text)
    assert shown.items[1].detail == "3"


def test_whose_node_has_lost_its_link_is_told_in_the_menu_and_nobody_else() -> None:
    paper = PaperO2G()
    phone = PaperPhone(paper)
    paper.nodes.down("2")
    assert phone.get("/phone/").lines == ()
    paper.nodes.down("1")
    assert "Calls may not work." in phone.get("/phone/").text
    paper.nodes.up("1")
    assert phone.get("/phone/").lines == ()


def test_a_call_of_which_no_answer_came_is_not_offered_again() -> None:
    paper = PaperO2G(people=(SMITH,))
    phone = PaperPhone(paper)
    card = phone.post(phone.get("/phone/directory").form, last_name="smith")
    paper.failing = errors.O2GTimeout()
    shown = phone.get(next(key.href for key in card.soft_keys if key.label == "Call"))
    assert phone.status == 504
    assert "Please look whether it was done." in shown.text
    assert "Retry" not in shown.soft_key_labels


def test_a_call_that_o2g_refused_may_be_tried_again_once() -> None:
    paper = PaperO2G(people=(SMITH,))
    phone = PaperPhone(paper)
    card = phone.post(phone.get("/phone/directory").form, last_name="smith")
    paper.failing = errors.NotExpected()
    shown = phone.get(next(key.href for key in card.soft_keys if key.label == "Call"))
    assert phone.status == 409
    paper.failing = None
    retry = next(key.href for key in shown.soft_keys if key.label == "Retry")
    phone.get(retry)
    phone.get(retry)
    assert phone.status == 409
    assert paper.called == ["70015"]


def test_a_bug_is_a_screen_with_a_reference_and_its_trace_is_in_the_log(
    logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, visit: object) -> None:
        raise RuntimeError("secret internals of 70000")

    paper = PaperO2G()
    phone = PaperPhone(paper)
    monkeypatch.setattr("prs_apps.directory.Directory.home", broken)
    shown = phone.get("/phone/directory")
    assert phone.status == 500
    assert "Something went wrong here." in shown.text
    assert "internals" not in shown.text
    bug = next(line for line in logged if line["event"] == "bug")
    assert bug["correlation"] in shown.text
    assert isinstance(bug["exc_info"], RuntimeError)


def test_a_bug_in_the_page_of_an_error_is_still_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: object, *arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("prs_apps.reception.Reception._trouble_screen", broken)
    phone = PaperPhone(PaperO2G(exists=False))
    shown = phone.get("/phone/")
    assert phone.status == 500
    assert "X1 " in shown.text


def test_errors_speak_the_users_language() -> None:
    paper = PaperO2G(guiLanguage="fr-ch")
    phone = PaperPhone(paper)
    shown = phone.get("/phone/directory/results")
    assert shown.language == "fr"
    assert "Please" not in shown.text


def test_no_number_or_name_is_logged(logged: list[Any]) -> None:
    paper = PaperO2G(people=(SMITH,))
    phone = PaperPhone(paper)
    card = phone.post(phone.get("/phone/directory").form, last_name="smith")
    phone.get(next(key.href for key in card.soft_keys if key.label == "Call"))
    assert paper.called == ["70015"]
    for secret in ("70000", "70015", "smith", "Smith", "John", "oxe7", "paper-secret"):
        assert secret not in repr(logged)


@pytest.mark.parametrize("address", ["/phone", "/phone//directory", "/phone/directory/", "/phone//"])
def test_an_address_written_otherwise_is_answered_with_a_page_and_never_redirected(address: str) -> None:
    phone = PaperPhone(PaperO2G())
    assert phone.get(address).id
    assert phone.status in (200, 404)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_a_method_that_no_set_uses_does_nothing(method: str) -> None:
    paper = PaperO2G(people=(SMITH,))
    phone = PaperPhone(paper)
    card = phone.post(phone.get("/phone/directory").form, last_name="smith")
    call = next(key.href for key in card.soft_keys if key.label == "Call")
    assert phone.ask(method, call) == 405
    assert paper.called == []
    phone.get(call)
    assert phone.status == 200


@pytest.mark.parametrize("address", ["/phone/a/b/c", "/phone/nothing", "/phone"])
def test_a_stranger_learns_not_even_which_pages_there_are(address: str) -> None:
    phone = PaperPhone(PaperO2G(), secret="wrong")
    phone.get(address)
    assert phone.status == 403
    assert phone.ask("PUT", address) == 403


def test_a_set_that_lay_idle_gets_the_application_back(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = PaperO2G(people=(SMITH,) * 30)
    phone = PaperPhone(paper)
    results = phone.post(phone.get("/phone/directory").form, last_name="smith")
    card = phone.get(results.items[0].href)
    call = next(key.href for key in card.soft_keys if key.label == "Call")
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 10**10)
    assert phone.get(results.keys["right"]).id == "directory.home"
    assert phone.status == 200
    phone.get(call)
    assert phone.status == 410
    assert paper.called == []
    assert phone.get("/phone/").items[0].href.endswith("/phone/directory")


def test_a_name_of_41_letters_is_shown_again_cut() -> None:
    phone = PaperPhone(PaperO2G())
    shown = phone.post(phone.get("/phone/directory").form, last_name="x" * 41, first_name="Anna")
    assert [field.value for field in shown.fields] == ["x" * 40, "Anna"]


def test_a_form_that_is_too_large_is_refused_in_the_users_language() -> None:
    phone = PaperPhone(PaperO2G(guiLanguage="fr"))
    shown = phone.post(phone.get("/phone/directory").form, last_name="x" * 10_000)
    assert phone.status == 413
    assert shown.language == "fr"


def test_a_set_of_one_line_tells_how_many_were_found_and_leafs() -> None:
    people = tuple(Person("A", f"Smith{n:02}", f"7{n:04}", f"7{n:04}", None) for n in range(20))
    phone = PaperPhone(PaperO2G(people=people, station_type="NOE_A_IP"))
    shown = phone.get(phone.get("/phone/directory").keypad, digits="764")
    assert (shown.items[0].label, shown.items[0].detail, shown.items[0].href) == ("20 found", "764 1/3", "")
    box = shown.tree.find("{urn:touchline:noe:1}ListBox")
    assert box is not None
    assert box.get("active") == "1"
    later = next(action.href for action in shown.actions if action.label == "Next page")
    assert phone.get(later).items[0].detail == "764 2/3"


def test_names_are_written_as_their_bearers_do() -> None:
    assert PaperPhone(PaperO2G(first_name="伟", last_name="王")).get("/phone/").title == "王伟"
    assert PaperPhone(PaperO2G(first_name="민준", last_name="김")).get("/phone/").title == "김민준"
    assert PaperPhone(PaperO2G(first_name="Wei", last_name="王")).get("/phone/").title == "Wei 王"


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_a_language_that_the_set_does_not_draw_gives_way_to_the_default_one(language: str) -> None:
    small = PaperPhone(PaperO2G(guiLanguage=language, station_type="NOE_B_IP", first_name="伟", last_name="王"))
    shown = small.get("/phone/")
    assert (shown.language, shown.direction, shown.title) == ("en", "ltr", "WangWei")
    coloured = PaperPhone(PaperO2G(guiLanguage=language, first_name="伟", last_name="王")).get("/phone/")
    assert (coloured.language, coloured.title) == (language, "王伟")
