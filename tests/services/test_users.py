"""Users: who has a number, with which sets, in which language; asked once, remembered for a while."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.deadline import Deadline
from services.errors import BadParameter, NotFound, O2GTimeout, PreferencesDetails, ServerProblem, UnreadableAnswer
from services.o2g import O2G, O2GEndpoint
from services.remembered import OLD_SECONDS
from services.users import Device, DeviceKind, User, VoicemailBox, VoicemailKind
from tests.services.scripted import Reply, ScriptedO2G

RECORD: dict[str, Any] = {
    "companyPhone": "70120",
    "firstName": "Zoë",
    "lastName": "L'Hôte & Søn",
    "loginName": "oxe70120",
    "nodeId": "7",
    "voicemail": {"number": "70900", "type": "VM_4645"},
    "devices": [{"type": "DESKPHONE", "id": "70120", "label": "POC", "subType": "NOE_C_Color_IP"}],
}
USER = User(
    login="oxe70120",
    number="70120",
    first_name="Zoë",
    last_name="L'Hôte & Søn",
    node="7",
    devices=(Device("70120", DeviceKind.DESKPHONE, "NOE_C_Color_IP", "POC"),),
    voicemail=VoicemailBox("70900", VoicemailKind.VM_4645),
)


def without(*keys: str, **other: Any) -> Reply:
    return Reply(json={key: value for key, value in RECORD.items() if key not in keys} | other)


def test_a_user_is_found_by_number(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", Reply(json=RECORD))
    assert o2g.users.by_number("70120", deadline) == USER
    assert scripted.asked("GET /users")[0].query == {"companyPhone": "70120"}  # exactly one parameter (L154, A24)


@pytest.mark.parametrize("lacking", [without("devices"), without(devices=None)])
def test_devices_are_asked_for_where_they_are_absent(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, lacking: Reply
) -> None:
    scripted.on("GET /users", lacking)
    scripted.on("GET /users/oxe70120", Reply(json=RECORD))
    assert o2g.users.by_number("70120", deadline) == USER


def test_a_user_without_a_set_has_none(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", without("devices"))
    scripted.on("GET /users/oxe70120", without("devices"))
    assert o2g.users.by_number("70120", deadline).devices == ()


def test_A17_A18_A22_unknown_keys_labels_and_numbers_as_numbers(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    odd = without(
        apiRights=["x"], nodeId=7, companyPhone=70120, devices=[{"id": 70120, "type": "HOLOGRAM"}, {"id": ""}]
    )
    scripted.on("GET /users", odd)
    user = o2g.users.by_number("70120", deadline)
    assert user.node == "7"
    assert user.devices == (Device("70120", DeviceKind.UNKNOWN, None, None),)


def test_A19_the_voicemail_type_has_two_names(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", without(voicemail={"number": "70900", "voicemailtype": "VM_4635"}))
    assert o2g.users.by_number("70120", deadline).voicemail == VoicemailBox("70900", VoicemailKind.VM_4635)


def test_names_may_be_missing(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", without("firstName", "lastName", "nodeId", "voicemail", "companyPhone"))
    user = o2g.users.by_number("70120", deadline)
    assert (user.number, user.first_name, user.last_name, user.node, user.voicemail) == ("70120", "", "", None, None)


def test_another_users_record_is_never_taken(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", without(companyPhone="70121"))
    with pytest.raises(NotFound):
        o2g.users.by_number("70120", deadline)


@pytest.mark.parametrize(
    "nobody", [Reply(404), Reply(200), Reply(204), Reply(body=b"null"), Reply(400, {"code": 1003})]
)
def test_a_number_that_nobody_has_is_remembered_for_some_seconds(
    scripted: ScriptedO2G, endpoint: O2GEndpoint, deadline: Deadline, nobody: Reply
) -> None:
    now = 0.0
    o2g = O2G(endpoint, clock=lambda: now)
    scripted.on("GET /users", nobody, Reply(json=RECORD))
    for _ in range(3):
        with pytest.raises(NotFound):
            o2g.users.by_number("70120", deadline)
    assert len(scripted.asked("GET /users")) == 1
    now = 6.0
    assert o2g.users.by_number("70120", deadline) == USER
    o2g.close()


@pytest.mark.parametrize("number", ["", " ", "70120&x=1", "../70120", "٧", "7" * 60, "70 120"])
def test_what_is_no_number_is_not_asked(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, number: str) -> None:
    with pytest.raises(BadParameter):
        o2g.users.by_number(number, deadline)
    assert scripted.seen == []


@pytest.mark.parametrize(
    "odd", [Reply(json=[RECORD]), without("loginName"), without(loginName=""), Reply(body=b"<a/>")]
)
def test_a_record_that_cannot_be_read(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, odd: Reply) -> None:
    scripted.on("GET /users", odd)
    with pytest.raises(UnreadableAnswer):
        o2g.users.by_number("70120", deadline)


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def timed(endpoint: O2GEndpoint, now: list[float]) -> Iterator[O2G]:
    o2g = O2G(endpoint, user_cache_seconds=600, clock=lambda: now[0])
    yield o2g
    o2g.close()


def test_L154_a_user_is_remembered_until_the_time_is_over(
    scripted: ScriptedO2G, timed: O2G, now: list[float], deadline: Deadline
) -> None:
    scripted.on("GET /users", Reply(json=RECORD))
    for now[0] in (0.0, 300.0, 599.0):
        timed.users.by_number("70120", deadline)
    assert len(scripted.asked("GET /users")) == 1
    now[0] = 600.0
    timed.users.by_number("70120", deadline)
    assert len(scripted.asked("GET /users")) == 2


def test_a_failure_is_not_remembered(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", Reply(500, {"code": 1007}), Reply(json=RECORD))
    with pytest.raises(ServerProblem):
        o2g.users.by_number("70120", deadline)
    assert o2g.users.by_number("70120", deadline) == USER


def test_a_user_that_is_forgotten_is_asked_for_anew(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", Reply(json=RECORD), without(lastName="New"))
    scripted.on("GET /users/oxe70120/preferences", Reply(json={"guiLanguage": "fr"}), Reply(json={"guiLanguage": "de"}))
    o2g.users.by_number("70120", deadline)
    o2g.users.language("oxe70120", deadline)
    o2g.users.forget("oxe1")
    assert o2g.users.by_number("70120", deadline) == USER
    o2g.users.forget("oxe70120")
    assert o2g.users.by_number("70120", deadline).last_name == "New"
    assert o2g.users.language("oxe70120", deadline) == "de"


def test_what_was_asked_before_forgetting_is_not_remembered(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    o2g.connect(deadline)
    scripted.on("GET /users", Reply(json=RECORD, delay=0.3), without(lastName="New"))
    with ThreadPoolExecutor(1) as pool:
        earlier = pool.submit(o2g.users.by_number, "70120", deadline)
        while not scripted.asked("GET /users"):
            threading.Event().wait(0.01)
        o2g.users.forget("oxe70120")
        assert o2g.users.by_number("70120", deadline).last_name == "New"
        assert earlier.result() == USER
    assert o2g.users.by_number("70120", deadline).last_name == "New"


def test_many_who_want_the_same_user_ask_once(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users", Reply(json=RECORD, delay=0.2))
    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(lambda _: o2g.users.by_number("70120", deadline), range(10))) == [USER] * 10
    assert len(scripted.asked("GET /users")) == 1


def test_who_waits_for_one_that_ran_out_of_time_asks_anew(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    o2g.connect(deadline)
    scripted.on("GET /users", Reply(json=RECORD, delay=5), Reply(json=RECORD))
    with ThreadPoolExecutor(1) as pool:
        hasty = pool.submit(o2g.users.by_number, "70120", Deadline.after(0.3))
        while not scripted.asked("GET /users"):
            threading.Event().wait(0.01)
        assert o2g.users.by_number("70120", deadline) == USER
        with pytest.raises(O2GTimeout):
            hasty.result()


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ("en_GB", "en-gb"),
        ("en-gb", "en-gb"),
        ("FR", "fr"),
        (" zh-tw ", "zh-tw"),
        ("ca-?", "ca-?"),
        ("", None),
        (None, None),
        (7, None),
        ("../etc/passwd", None),
    ],
)
def test_A23_a_language_is_the_same_however_it_is_written(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, given: object, language: str | None
) -> None:
    scripted.on("GET /users/oxe70120/preferences", Reply(json={"guiLanguage": given, "oxeLanguage": "x"}))
    for _ in range(2):
        assert o2g.users.language("oxe70120", deadline) == language
    assert len(scripted.asked("GET /users/oxe70120/preferences")) == 1


@pytest.mark.parametrize("nothing", [Reply(404), Reply(200), Reply(json={})])
def test_a_language_that_O2G_does_not_tell_is_unknown(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, nothing: Reply
) -> None:
    scripted.on("GET /users/oxe70120/preferences", nothing)
    assert o2g.users.language("oxe70120", deadline) is None


LANGUAGE = "/users/oxe70120/preferences"


def test_A23_a_language_is_set_as_the_table_writes_it_and_asked_for_anew(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline
) -> None:
    scripted.on(f"GET {LANGUAGE}", Reply(json={"guiLanguage": "fr"}), Reply(json={"guiLanguage": "en_GB"}))
    scripted.on(f"POST {LANGUAGE}", Reply(204))
    scripted.on("GET /users", Reply(json=RECORD))
    o2g.users.by_number("70120", deadline)
    assert o2g.users.language("oxe70120", deadline) == "fr"
    o2g.users.set_language("oxe70120", " en_GB ", deadline)
    assert scripted.asked(f"POST {LANGUAGE}")[0].body == {"guiLanguage": "en-gb"}
    assert o2g.users.language("oxe70120", deadline) == "en-gb"
    o2g.users.by_number("70120", deadline)
    assert len(scripted.asked("GET /users")) == 1  # who the user is has not changed


@pytest.mark.parametrize("language", ["", " ", "en gb", "../x", "english uk", "e" * 9])
def test_what_is_no_language_is_not_set(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, language: str) -> None:
    with pytest.raises(BadParameter):
        o2g.users.set_language("oxe70120", language, deadline)
    assert scripted.asked(f"POST {LANGUAGE}") == []


def test_a_language_that_O2G_refuses_tells_why(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    why = {"errorType": "WRONG_VALUE", "parameter": "GUI_LANGUAGE"}
    scripted.on(f"POST {LANGUAGE}", Reply(400, {"code": 1006, "userPreferences": why}))
    with pytest.raises(BadParameter) as caught:
        o2g.users.set_language("oxe70120", "tlh", deadline)
    assert caught.value.details == PreferencesDetails("WRONG_VALUE", "GUI_LANGUAGE")


def test_a_language_that_may_be_set_is_asked_for_anew(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on(f"GET {LANGUAGE}", Reply(json={"guiLanguage": "fr"}), Reply(json={"guiLanguage": "de"}))
    scripted.on(f"POST {LANGUAGE}", Reply(204, delay=5))
    assert o2g.users.language("oxe70120", deadline) == "fr"
    with pytest.raises(O2GTimeout):
        o2g.users.set_language("oxe70120", "de", Deadline.after(0.2))
    assert o2g.users.language("oxe70120", deadline) == "de"
    assert len(scripted.asked(f"POST {LANGUAGE}")) == 1


@pytest.mark.parametrize(
    ("said", "languages"),
    [
        ({"supportedLanguages": ["fr", "en_GB", "FR", 7, None, "?", "de"]}, ("fr", "en-gb", "de")),
        ({"supportedLanguages": ["French"], "supportedGuiLanguages": ["fr", "pt"]}, ("fr", "pt")),
        ({"supportedLanguages": "fr", "supportedGuiLanguages": []}, ("fr",)),
        ({"supportedLanguages": None}, ()),
        ({}, ()),
    ],
)
def test_the_languages_that_a_user_may_choose(
    scripted: ScriptedO2G, o2g: O2G, deadline: Deadline, said: object, languages: tuple[str, ...]
) -> None:
    scripted.on(f"GET {LANGUAGE}/supportedLanguages", Reply(json=said))
    assert o2g.users.supported_languages("oxe70120", deadline) == languages


def test_a_login_name_cannot_change_the_path(scripted: ScriptedO2G, o2g: O2G, deadline: Deadline) -> None:
    scripted.on("GET /users/a/../b?c#d/preferences", Reply(json={"guiLanguage": "fr"}))
    assert o2g.users.language("a/../b?c#d", deadline) == "fr"
    for login in ("", ".", ".."):
        with pytest.raises(BadParameter):
            o2g.users.language(login, deadline)


Until = Callable[[Callable[[], object]], None]
PREFERENCES = "GET /users/oxe70120/preferences"


def test_nobody_waits_for_a_language_that_was_told_before(
    scripted: ScriptedO2G, timed: O2G, now: list[float], deadline: Deadline, until: Until
) -> None:
    scripted.on(PREFERENCES, Reply(json={"guiLanguage": "en"}), Reply(json={"guiLanguage": "fr"}))
    assert timed.users.language("oxe70120", deadline) == "en"
    now[0] = 600.0
    assert timed.users.language("oxe70120", Deadline.after(0)) == "en"
    until(lambda: timed.users.language("oxe70120", deadline) == "fr")
    assert len(scripted.asked(PREFERENCES)) == 2


def test_a_language_that_cannot_be_renewed_serves_on_for_a_while(
    scripted: ScriptedO2G, timed: O2G, now: list[float], deadline: Deadline, until: Until
) -> None:
    scripted.on(PREFERENCES, Reply(json={"guiLanguage": "en"}), Reply(500, {"code": 1007}))
    assert timed.users.language("oxe70120", deadline) == "en"
    now[0] = 600.0
    until(lambda: timed.users.language("oxe70120", deadline) == "en" and len(scripted.asked(PREFERENCES)) >= 3)
    now[0] = 601.0 + OLD_SECONDS
    with pytest.raises(ServerProblem):
        timed.users.language("oxe70120", deadline)
