"""The registry in the administration: registered, changed, switched, removed, tried, by one or by two at once."""

from collections.abc import Callable
from typing import Any

import pytest

from simulators.demo.house import DemoHouse
from store.audit import AuditTrail
from store.registered import RegisteredApplication
from store.registry import Registry
from tests.admin.office import Office, Staff
from tests.house import prs_client
from tests.pages import parse_page

HOSTILE = "<script>alert(1)</script>\" onload='x' & ünïcødé 电话 \u202e{{7*7}}"


def register(office: Office, id: str, **typed: str) -> None:
    given: dict[str, Any] = {"id": id, "url": f"https://apps.example/{id}", "name_en": id.title(), **typed}
    shown = office.send(office.open("/admin/register"), **given)
    assert "It is registered" in shown.done, shown.text


def registered(staff: Staff, id: str) -> RegisteredApplication:
    entry = Registry(staff.database).get(id)
    assert entry is not None
    return entry.application


def test_the_list_says_place_kind_who_gets_it_and_state(operator: Office) -> None:
    shown = operator.open("/admin/applications")
    rows = shown.all("//tbody/tr")
    assert any(row.startswith("10 Directory directory built in everyone ● on") for row in rows)
    assert "Register an application" not in shown.text


def test_what_was_typed_is_registered(administrator: Office, staff: Staff) -> None:
    page = administrator.open("/admin/register")
    page = administrator.send(page, press={"do": "rule"}, id="typed")
    shown = administrator.send(
        page,
        url="https://apps.example/typed?a=1",
        seconds="1.5",
        name_en="Typed",
        name_fr="Tapé",
        order="15",
        audience="rules",
        rule_0_numbers="70000-70099, 70150",
        rule_0_agent="no",
        rule_1_users="oxe70000\noxe70001",
        rule_1_nodes="1",
        entry_identifier="TYPED",
        entry_index="7",
        entry_parameter="action=Typed",
    )
    assert "It is registered" in shown.done, shown.text
    found = registered(staff, "typed")
    assert found.external is not None
    assert (found.external.url, found.external.seconds) == ("https://apps.example/typed?a=1", 1.5)
    assert dict(found.names) == {"en": "Typed", "fr": "Tapé"}
    assert [rule.numbers for rule in found.audience] == [("70000-70099", "70150"), ()]
    assert (found.audience[0].agent, found.audience[1].users) == (False, ("oxe70000", "oxe70001"))
    assert found.entry is not None
    assert (found.entry.identifier, found.entry.index) == ("TYPED", 7)


def test_a_form_that_is_sent_back_unchanged_changes_nothing(administrator: Office, staff: Staff) -> None:
    test_id = "unchanged"
    register(administrator, test_id, audience="nobody", icon="star", seconds="0.5")
    before = Registry(staff.database).get(test_id)
    shown = administrator.send(administrator.open(f"/admin/applications/{test_id}/change"))
    assert "It is changed" in shown.done
    assert Registry(staff.database).get(test_id) == before


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"id": "Bad Id"}, "id", "Lower-case letters"),
        ({"id": "menu"}, "id", "menu"),
        ({"url": "http://apps.example/"}, "url", "https"),
        ({"url": "https://me:pass@apps.example/"}, "url", "without a password"),
        ({"seconds": "99"}, "seconds", "0.1 to 10"),
        ({"order": "first"}, "order", "whole number"),
        ({"name_en": ""}, "name_en", "external application"),
        ({"name_fr": "x" * 61}, "name_fr", "60 characters"),
        ({"audience": "rules", "rule_0_numbers": "70000-7"}, "rule_0_numbers", "Ends before"),
        ({"parameters": "x = [1]"}, "parameters", "x is neither"),
        ({"parameters": "x ="}, "parameters", "end of document"),
        ({"parameters": 'a_secret = "•••"'}, "parameters", "only dots"),
        ({"entry_index": "3"}, "entry_identifier", "Letters"),
        ({"icon": "!!"}, "icon", "Lower-case"),
    ],
)
def test_a_fault_stands_beside_its_field_and_what_was_typed_stays(
    administrator: Office, typed: dict[str, str], field: str, words: str
) -> None:
    given: dict[str, Any] = {"id": "faulty", "url": "https://apps.example/", "name_en": "Faulty", **typed}
    shown = administrator.send(administrator.open("/admin/register"), **given)
    assert shown.status == 422
    assert words in " ".join(shown.all(f"//*[@id='{field}-wrong']"))
    assert shown.tree.xpath(f"//*[@role='alert']//a[@href='#{field}']")
    fields = shown.form().fields
    assert {name: fields[name].strip("\n") for name in given} == given


def test_hostile_names_are_shown_as_they_are_and_do_nothing(administrator: Office, staff: Staff) -> None:
    shown = administrator.send(
        administrator.open("/admin/register"),
        id="hostile",
        url="https://apps.example/?q=%3Cscript%3E",
        name_en=HOSTILE[:60],
        audience="rules",
        rule_0_users=HOSTILE.replace("\n", ""),
    )
    assert "It is registered" in shown.done, shown.text
    for path in ("/admin/applications", "/admin/applications/hostile", "/admin/audit", "/admin/file"):
        page = administrator.open(path)
        assert page.status == 200
        assert not page.tree.xpath("//script | //*[@onload]")
    assert registered(staff, "hostile").audience[0].users == (HOSTILE,)


def test_switching_off_takes_an_application_from_phones_and_on_gives_it_back(
    administrator: Office, house: DemoHouse
) -> None:
    def menu() -> list[str]:
        with prs_client(house) as prs:
            return parse_page(prs.get("/phone/", params={"number": "70000"}).content).labels

    assert "Call log" in menu()
    shown = administrator.send(administrator.open("/admin/applications"), "/call_log/switch", {"to": "off"})
    assert "call_log is switched off" in shown.done
    assert "Call log" not in menu()
    administrator.send(administrator.open("/admin/applications"), "/call_log/switch", {"to": "on"})
    assert "Call log" in menu()


def test_the_second_of_two_administrators_is_told_with_both_values(
    signed_in: Callable[..., Office], staff: Staff
) -> None:
    first, second = signed_in(login="first"), signed_in(login="second")
    register(first, "contested", order="10")
    theirs, ours = (one.open("/admin/applications/contested/change") for one in (first, second))
    first.send(theirs, order="20", name_en="By the first")
    shown = second.send(ours, order="30", icon="star")
    assert shown.status == 409
    assert "first changed By the first" in shown.alert
    rows = shown.all("//tbody/tr")
    assert "order 20 30" in rows
    assert 'names.en "By the first" "Contested"' in rows
    assert registered(staff, "contested").order == 20
    shown = second.send(shown, "/change", {"do": "save"})
    assert "It is changed" in shown.done
    found = registered(staff, "contested")
    assert (found.order, dict(found.names)["en"], found.icon) == (30, "Contested", "star")


def test_who_switches_what_somebody_else_has_changed_is_told(
    signed_in: Callable[..., Office], administrator: Office
) -> None:
    other = signed_in()
    register(administrator, "switched")
    stale = other.open("/admin/applications")
    administrator.send(administrator.open("/admin/applications/switched/change"), order="1")
    assert other.send(stale, "/switched/switch", {"to": "off"}).status == 409


def test_removing_asks_and_is_told_when_it_was_changed(administrator: Office, staff: Staff) -> None:
    register(administrator, "removed")
    page = administrator.open("/admin/applications/removed/remove")
    administrator.send(administrator.open("/admin/applications/removed/change"), order="1")
    shown = administrator.send(page)
    assert (shown.status, "has changed it" in shown.alert) == (409, True)
    assert registered(staff, "removed").order == 1
    shown = administrator.send(shown)
    assert "removed is removed" in shown.done
    assert Registry(staff.database).get("removed") is None


def test_what_is_built_in_stays(administrator: Office) -> None:
    shown = administrator.open("/admin/applications/directory/remove")
    assert (shown.status, "cannot be removed" in shown.alert) == (409, True)


def test_an_id_or_a_key_that_is_taken_is_told(administrator: Office) -> None:
    register(administrator, "taken", entry_identifier="TAKEN_C")
    page = administrator.open("/admin/register")
    given: dict[str, Any] = {"url": "https://apps.example/", "name_en": "Other"}
    assert administrator.send(page, id="taken", **given).status == 409
    assert administrator.send(page, id="other", entry_identifier="TAKEN_C", **given).status == 409


def test_a_package_that_is_not_installed_is_told(administrator: Office) -> None:
    shown = administrator.send(administrator.open("/admin/register"), id="absent", kind="package", package="nowhere")
    assert shown.status == 422
    assert shown.all("//*[@id='package-wrong']")


def test_trying_shows_what_a_set_would_show(administrator: Office) -> None:
    page = administrator.open("/admin/applications/directory/try")
    shown = administrator.send(page, number="70000", station_type="NOE_C_Color_IP")
    display = shown.all("//pre[contains(@class, 'display')]")[0]
    assert display.startswith("Directory")
    assert "HTTP 200" in shown.text
    assert shown.all("//details//pre")[0].startswith("<?xml") or "<" in shown.all("//details//pre")[0]
    assert administrator.send(page, number="").status == 422
    assert "O2G knows no user" in administrator.send(page, number="99999").text


def test_trying_is_in_the_audit_trail(administrator: Office, staff: Staff) -> None:
    administrator.send(administrator.open("/admin/applications/directory/try"), number="70000")
    (entry,) = AuditTrail(staff.database).page(1, subject="application:directory")
    assert (entry.action, [(value.name, value.new) for value in entry.changes]) == ("tried", [("number", '"70000"')])
    assert entry.by.startswith("administrator")
    assert "tried" in administrator.open("/admin/audit").text


def test_trying_an_application_that_does_not_answer_says_so(administrator: Office) -> None:
    register(administrator, "silent")
    shown = administrator.send(administrator.open("/admin/applications/silent/try"), number="70000")
    assert shown.status == 200
    assert shown.all("//h2[@id='result']")


def test_an_operator_looks_and_changes_nothing(operator: Office, staff: Staff) -> None:
    assert operator.open("/admin/applications/directory").status == 200
    before = AuditTrail(staff.database).page(1)
    for path in ("/admin/register", "/admin/applications/directory/change", "/admin/file", "/admin/accounts"):
        shown = operator.open(path)
        assert (shown.status, shown.title) == (403, "Not for operators")
    token = operator.open("/admin/").tree.xpath("//input[@name='csrf_token']/@value")[0]
    for path in ("/admin/applications/directory/switch", "/admin/applications/directory/remove", "/admin/file/import"):
        assert operator.http.post(path, data={"csrf_token": token, "version": "1", "to": "off"}).status_code == 403
    assert AuditTrail(staff.database).page(1) == before


def test_what_does_not_exist_is_told(administrator: Office) -> None:
    for path in ("/admin/applications/nothing", "/admin/applications/nothing/change", "/admin/accounts/nobody"):
        assert administrator.open(path).status == 404
