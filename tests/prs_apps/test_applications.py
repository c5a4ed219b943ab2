"""The registry at work: what phones show follows it, for those whom it is for, and nothing broken harms the others."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from lxml import etree
from structlog.testing import capture_logs

from prs.dialect import load_dialect
from prs_apps import applications
from services.deadline import Deadline
from simulators.o2g.process import RunningO2G, simulated_o2g
from tests.registry_house import RegistryHouse, registry_house
from tests.servers import postgres_server
from tests.walks import FAMILIES

BUILT_IN = ["directory", "call_log", "forwarding", "voicemail", "messages", "calls", "agent", "this_set"]
TEA = """
from prs.screens import Item, List, Screen
from prs_apps.application import Application, Manifest, screen
from prs_apps.parameters import Parameter


class Tea(Application):
    manifest = Manifest("tea", "Tea", order=5, parameters=(Parameter("kinds", default="Green"),))

    @screen
    def home(self, visit):
        return Screen("Tea", (List(tuple(Item(kind) for kind in self.parameters.text("kinds").split(","))),))


application = Tea
"""


@pytest.fixture(scope="module")
def o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def house(o2g: RunningO2G, tmp_path: Path) -> Iterator[RegistryHouse]:
    with registry_house(tmp_path, o2g) as running:
        yield running


def tea(house: RegistryHouse, **document: object) -> None:
    house.package("tea", TEA)
    house.register(id="tea", kind="package", package="tea", **document)


def test_built_in_applications_register_themselves(house: RegistryHouse) -> None:
    registered = house.registry.everything().applications
    assert {application.id for application in registered} == set(BUILT_IN)
    assert all(application.enabled for application in registered)
    assert {(entry.by, entry.action) for entry in house.audit()} == {("touchline", "added by import")}


def test_what_is_switched_off_is_nobodys_at_its_door_and_inside(house: RegistryHouse) -> None:
    phone = house.phone("70000")
    form = phone.open("directory").form
    house.change("directory", enabled=False)
    assert "Directory" not in phone.open().labels
    phone.open("directory")
    assert (phone.status, "This application is not open to you." in phone.screen.text) == (403, True)
    phone.post(form, {"last_name": "a", "first_name": ""})
    assert phone.status == 403
    house.change("directory", enabled=True)
    assert "Directory" in phone.open().labels


def test_names_order_and_sign_are_the_administrators(house: RegistryHouse) -> None:
    house.change("this_set", names={"en": "My phone", "fr": "Mon poste"}, order=1, icon="phone")
    shown = house.phone("70000").open()
    assert shown.labels[0] == "My phone"
    items = shown.tree.findall(".//{*}ListBox/{*}Item")
    assert [item.get("icon") for item in items][:2] == ["phone", None]


@pytest.mark.parametrize(
    ("rule", "those"),
    [
        ({"users": ["oxe70001"]}, {"70001"}),
        ({"numbers": ["70001-70002"]}, {"70001", "70002"}),
        ({"families": ["large", "one_line"]}, {"70003", "70001"}),
        ({"numbers": ["70000-70003"], "families": ["small"]}, {"70002"}),
        ({"nodes": ["nowhere"]}, set()),
        ({"guest": True}, set()),
        ({"guest": False}, set()),
        ({}, {"70000", "70001", "70002", "70003"}),
    ],
)
def test_an_audience_gets_it_and_nobody_else(house: RegistryHouse, rule: dict[str, object], those: set[str]) -> None:
    tea(house, audience=[rule])
    got = set()
    for number in FAMILIES.values():
        phone = house.phone(number)
        offered = "Tea" in phone.open().labels
        phone.open("tea")
        assert (phone.status == 200) is offered
        got |= {number} if offered else set()
    assert got == those


def test_nodes_are_those_that_o2g_names(house: RegistryHouse) -> None:
    user = house.app.extensions["touchline.o2g"].users
    phone = house.phone("70000")
    phone.open()
    node = user.by_number("70000", Deadline.after(5)).node
    tea(house, audience=[{"nodes": [node]}])
    assert "Tea" in phone.open().labels


def test_operators_get_what_is_theirs_as_soon_as_o2g_has_told_who_they_are(house: RegistryHouse) -> None:
    tea(house, audience=[{"agent": True}])
    operators = house.app.extensions["touchline.o2g"].agents
    operators.is_operator("", Deadline.after(5))
    known = operators.known_operators()
    assert known
    operator = next(iter(sorted(known))).removeprefix("oxe")
    assert "Tea" in house.phone(operator).open().labels
    other = next(number for number in FAMILIES.values() if f"oxe{number}" not in known)
    assert "Tea" not in house.phone(other).open().labels


def test_without_a_rule_nobody_gets_it(house: RegistryHouse) -> None:
    tea(house, audience=[])
    assert "Tea" not in house.phone("70000").open().labels


def test_a_package_opens_at_its_own_key_and_is_told_its_parameters(house: RegistryHouse) -> None:
    tea(house, parameters={"kinds": "Mint,Rooibos"})
    phone = house.phone("70000")
    assert phone.open("tea").labels == ["Mint", "Rooibos"]
    house.change("tea", parameters={})
    assert phone.open("tea").labels == ["Green"]


def test_one_package_is_registered_twice_with_parameters_of_its_own_each(house: RegistryHouse) -> None:
    tea(house)
    house.register(id="tisane", kind="package", package="tea", names={"en": "Tisane"}, parameters={"kinds": "Mint"})
    phone = house.phone("70000")
    assert {"Tea", "Tisane"} <= set(phone.open().labels)
    assert phone.choose("Tisane").labels == ["Mint"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError"),
        ("def (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("application = 5", "no class"),
        ("", "does not say which class"),
        ("from prs_apps.application import Application as application", "no manifest"),
        (TEA.replace("    @screen\n", ""), "no first screen"),
        (TEA.replace("order=5", "order='5'"), "order: "),
        (TEA.replace("order=5", "names=('de', 'Tee')"), "names: "),
        (TEA.replace("order=5", "icon=None"), "icon: "),
        (TEA.replace('Manifest("tea", "Tea"', 'Manifest("tea", 5'), "names.en: "),
        (TEA.replace("application = Tea", "application = Tea\n1 / 0"), "ZeroDivisionError"),
    ],
)
def test_a_package_that_cannot_be_used_is_reported_and_harms_nobody(
    house: RegistryHouse, text: str, reason: str
) -> None:
    house.package("tea", text)
    house.register(id="tea", kind="package", package="tea")
    phone = house.phone("70000")
    assert len(phone.open().labels) >= 6
    phone.open("tea")
    assert phone.status == 404
    (problem,) = house.applications.state().problems
    assert problem.startswith("tea: ")
    assert reason in problem
    house.package("tea", TEA)
    house.change("tea", order=2)
    assert "Tea" in phone.open().labels


@pytest.mark.parametrize("raised", ["OSError", "SystemExit"])
def test_a_package_that_fails_when_it_is_made_is_reported_and_harms_nobody(house: RegistryHouse, raised: str) -> None:
    made = f"    def __init__(self, house):\n        raise {raised}\n\n    @screen"
    house.package("tea", TEA.replace("    @screen", made))
    house.register(id="tea", kind="package", package="tea")
    assert len(house.phone("70000").open().labels) >= 6
    assert house.applications.state().problems[0].startswith(f"tea: package: {raised} when it was made")


def test_a_package_that_is_not_there_is_reported(house: RegistryHouse) -> None:
    house.register(id="tea", kind="package", package="tea")
    assert house.applications.state().problems == ("tea: package: there is no package 'tea'",)


def test_parameters_that_the_manifest_does_not_have_are_reported_without_their_values(house: RegistryHouse) -> None:
    tea(house, parameters={"sort": "hunter2"})
    assert house.applications.state().problems == ("tea: parameters.sort: there is no such parameter",)


BROKEN = {
    "offered": "    def offered(self, visit):\n        raise KeyError('x')\n",
    "waiting": "    manifest = Manifest('tea', 'Tea', waiting=lambda summary: 1 / 0)\n",
}


@pytest.mark.parametrize("part", sorted(BROKEN))
def test_a_package_that_fails_while_the_menu_asks_closes_nobodys_menu(house: RegistryHouse, part: str) -> None:
    house.package("tea", TEA.replace("    @screen\n", BROKEN[part] + "\n    @screen\n"))
    house.register(id="tea", kind="package", package="tea")
    phone = house.phone("70000")
    assert "Directory" in phone.open().labels
    assert phone.status == 200


def test_a_package_that_fails_in_a_screen_shows_a_page_that_says_so(house: RegistryHouse) -> None:
    house.package("tea", TEA.replace('Screen("Tea"', '1 / 0, Screen("Tea"'))
    house.register(id="tea", kind="package", package="tea")
    phone = house.phone("70000")
    phone.open("tea")
    assert (phone.status, "X1" in phone.screen.text) == (500, True)


def registration(house: RegistryHouse, address: str) -> etree._Element:
    answer = house.client.get(address)
    assert answer.status_code == 200
    tree = etree.fromstring(answer.content)
    etree.XMLSchema(etree.parse(str(load_dialect("noe").registration_schema_file))).assertValid(tree)
    return tree


def test_an_applications_own_key_is_registered_and_opens_its_first_screen(house: RegistryHouse) -> None:
    tea(house, entry={"identifier": "MY_T", "index": 7, "parameter": "action=RegisterDirKey"})
    tree = registration(house, "/phone/key-registration/MY_T?action=RegisterDirKey")
    assert (tree.get("identifier"), tree.get("index"), tree.get("label")) == ("MY_T", "7", "Tea")
    phone = house.phone("70000")
    assert phone.get(tree.get("href", "")).title == "Tea"


def test_a_key_of_an_application_that_is_not_the_users_is_not_registered(house: RegistryHouse) -> None:
    tea(house, entry={"identifier": "MY_T"}, audience=[{"numbers": ["70001"]}])
    assert registration(house, "/phone/key-registration/MY_T?number=70001").get("label") == "Tea"
    assert house.client.get("/phone/key-registration/MY_T?number=70000").status_code == 403


def test_a_key_of_an_application_that_is_switched_off_is_not_registered(house: RegistryHouse) -> None:
    tea(house, entry={"identifier": "MY_T"}, enabled=False)
    assert house.client.get("/phone/key-registration/MY_T").status_code == 404
    house.change("tea", enabled=True)
    assert registration(house, "/phone/key-registration/MY_T").get("label") == "Tea"


@pytest.mark.parametrize(("number", "before"), [("70000", 200), ("79999", 404)])
def test_registrations_are_counted_for_their_user_before_o2g_is_asked(
    o2g: RunningO2G, tmp_path: Path, number: str, before: int
) -> None:
    with registry_house(tmp_path, o2g, user_requests_per_minute=2) as house:
        tea(house, entry={"identifier": "MY_T"})
        address = f"/phone/key-registration/MY_T?number={number}"
        assert [house.client.get(address).status_code for _ in range(3)] == [before, before, 429]
        assert house.client.get("/phone/key-registration/MY_T?number=70001").status_code == 200


@pytest.mark.parametrize("address", ["MY_X", "MY_T", "MY_T?action=Other", "my_t?action=RegisterDirKey"])
def test_a_registration_of_what_is_not_registered_is_none(house: RegistryHouse, address: str) -> None:
    tea(house, entry={"identifier": "MY_T", "parameter": "action=RegisterDirKey"})
    assert house.client.get(f"/phone/key-registration/{address}").status_code == 404


def test_an_application_that_remembers_goes_on_remembering_when_another_is_changed(house: RegistryHouse) -> None:
    tea(house)
    before = house.applications["tea"]
    house.change("directory", order=3)
    assert house.applications["tea"] is before


def test_a_database_that_is_gone_leaves_phones_with_what_is_known(house: RegistryHouse) -> None:
    tea(house, names={"en": "Tea time"})
    phone = house.phone("70000")
    assert "Tea time" in phone.open().labels
    away = house.database.with_suffix(".away")
    house.database.rename(away)
    house.applications.look()
    assert house.applications.state().gone
    assert "the store cannot be reached" in house.applications.state().problems[0]
    assert "Tea time" in phone.open().labels
    assert phone.open("tea").title == "Tea"
    phone.open()
    phone.press("Arrange")
    assert (phone.status, "X5" in phone.screen.text) == (503, True)
    away.rename(house.database)
    house.change("tea", names={"en": "Tea again"})
    assert not house.applications.state().gone
    assert "Tea again" in phone.open().labels


def test_a_database_that_is_not_there_at_the_start_leaves_built_in_applications_to_everybody(
    o2g: RunningO2G, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    address = f"sqlite:///{tmp_path}/file/kept.db"
    with registry_house(tmp_path, o2g, database_url=address) as house:
        assert house.phone("70000").open().labels[:2] == ["Directory", "Call log"]
        assert house.applications.state().known_since is None


def test_what_was_switched_off_stays_off_at_a_start_without_the_database(o2g: RunningO2G, tmp_path: Path) -> None:
    copy = {"registry_copy": tmp_path / "last-known.toml"}
    with registry_house(tmp_path, o2g, **copy) as house:
        house.change("call_log", enabled=False)
        house.applications.look()
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with registry_house(tmp_path, o2g, database_url=f"sqlite:///{tmp_path}/file/kept.db", **copy) as house:
        phone = house.phone("70000")
        assert "Call log" not in phone.open().labels
        phone.open("call_log")
        assert phone.status == 403


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"format = 3", b"[[applications]]"])
def test_a_note_of_the_registry_that_cannot_be_read_harms_nobody(
    o2g: RunningO2G, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    (tmp_path / "last-known.toml").write_bytes(content)
    copy = {"registry_copy": tmp_path / "last-known.toml"}
    with registry_house(tmp_path, o2g, database_url=f"sqlite:///{tmp_path}/file/kept.db", **copy) as house:
        assert house.phone("70000").open().labels[:2] == ["Directory", "Call log"]


def wrong(house: RegistryHouse) -> set[tuple[str, str]]:
    """What the administration's overview says is wrong."""
    return {(fact.name, fact.value) for fact in house.wrong()}


@pytest.mark.parametrize("written", ['{"id": "tea", "kind": "brewed"}', "no JSON at all"])
def test_a_registration_that_this_version_cannot_read_is_left_out_and_told_and_the_rest_is_followed(
    house: RegistryHouse, written: str
) -> None:
    tea(house)
    house.register(id="more_tea", kind="package", package="tea", names={"en": "More tea"})
    rewrite(house, "tea", written)
    with capture_logs() as logs:
        house.change("directory", names={"en": "People"})
    shown = house.phone("70000").open().labels
    assert {"People", "More tea"} <= set(shown)
    assert "Tea" not in shown
    assert {line.get("application") for line in logs if line["event"] == "registration_unreadable"} == {"tea"}
    told = f"tea: {applications.UNREADABLE}"
    assert ("Application", told) in wrong(house)
    assert house.registry.get("tea") is None


def test_a_built_in_application_whose_registration_cannot_be_read_is_nobodys(o2g: RunningO2G, tmp_path: Path) -> None:
    with registry_house(tmp_path, o2g) as house:
        assert "Forwarding" in house.phone("70000").open().labels
        rewrite(house, "forwarding", "{}")
        house.change("directory", order=7)
        assert "Forwarding" not in house.phone("70000").open().labels
    (tmp_path / "kept.db").write_bytes(b"no database any more")
    with registry_house(tmp_path, o2g) as house:  # nor by what was kept for a start without a store
        house.applications.look()
        shown = house.phone("70000").open().labels
        assert "Directory" in shown
        assert "Forwarding" not in shown


def rewrite(house: RegistryHouse, id: str, document: str) -> None:
    """Write how an application is registered as no version of ours does."""
    with sqlite3.connect(house.database) as connection:
        changed = connection.execute("UPDATE applications SET document = ? WHERE id = ?", (document, id))
        assert changed.rowcount == 1


@pytest.mark.postgresql
def test_a_database_that_can_only_be_read_is_followed(o2g: RunningO2G, tmp_path: Path) -> None:
    with postgres_server() as address:
        with registry_house(tmp_path, o2g, database_url=address) as house:
            tea(house)
            house.forget("calls")  # as a new version's application that is registered nowhere yet
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("DELETE FROM applications WHERE id = 'calls'")
            connection.execute("ALTER ROLE touchline SET default_transaction_read_only = on")
        with registry_house(tmp_path, o2g, database_url=address) as house:
            phone = house.phone("70000")
            assert {"Tea", "Calls"} <= set(phone.open().labels)
            assert not house.applications.state().gone
            assert ("Database", "gone, full or read-only") in wrong(house)
            phone.press("Arrange")
            phone.choose("Directory")
            phone.choose("Hide")
            assert (phone.status, "X5" in phone.screen.text) == (503, True)


def test_two_workers_show_the_same(o2g: RunningO2G, tmp_path: Path) -> None:
    with registry_house(tmp_path, o2g) as one, registry_house(tmp_path, o2g) as other:
        one.change("directory", enabled=False)
        other.applications.look()
        assert "Directory" not in other.phone("70000").open().labels
        assert other.applications.state().revision == one.applications.state().revision


def test_a_package_that_went_away_is_known_until_the_next_start(o2g: RunningO2G, tmp_path: Path) -> None:
    with registry_house(tmp_path, o2g) as house:
        tea(house)
        shutil.rmtree(house.folder / "tea")
        house.change("directory", order=3)
        assert "Tea" in house.phone("70000").open().labels
    with registry_house(tmp_path, o2g) as house:
        assert "Tea" not in house.phone("70000").open().labels
        assert house.applications.state().problems == ("tea: package: there is no package 'tea'",)


def test_guests_are_those_whose_numbers_the_settings_name(o2g: RunningO2G, tmp_path: Path) -> None:
    with registry_house(tmp_path, o2g, guest_numbers=["70001-70002"]) as hotel:
        tea(hotel, audience=[{"guest": True}])
        assert [number for number in FAMILIES.values() if "Tea" in hotel.phone(number).open().labels] == [
            "70001",
            "70002",
        ]
