"""`flask --app app apps …`, as an administrator types it, against a server's own registry."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from simulators.demo.house import demo_house
from simulators.o2g.process import RunningO2G, simulated_o2g
from store.errors import StoreGone
from store.registered import Rule
from tests.command_line import flask
from tests.house import Simulator, prs_client
from tests.pages import parse_page
from tests.phone import Phone
from tests.registry_house import RegistryHouse, registry_house

URL = "https://rooms.example/book/"


@pytest.fixture(scope="module")
def o2g() -> Iterator[RunningO2G]:
    with simulated_o2g(users=60) as running:
        yield running


@pytest.fixture
def house(o2g: RunningO2G, tmp_path: Path) -> Iterator[RegistryHouse]:
    with registry_house(tmp_path, o2g) as running:
        yield running


def refused(house: RegistryHouse, *words: str) -> str:
    done = house.apps(*words)
    assert done.exit_code in {1, 2}, done.output
    assert "Traceback" not in done.output
    return done.output


def test_applications_are_listed_in_the_order_of_menus(house: RegistryHouse) -> None:
    lines = house.apps("list").output.splitlines()
    assert [line.split()[1] for line in lines] == [
        *("ID", "directory", "call_log", "forwarding", "voicemail", "messages", "calls", "agent", "this_set")
    ]
    assert lines[1].split()[-2:] == ["everyone", "works"]


def test_an_external_application_is_registered_changed_and_removed_with_its_trail(house: RegistryHouse) -> None:
    words = ("--url", URL, "--name", "en=Rooms", "--name", "de=Räume", "--order", "90", "--audience", "families=large")
    assert house.apps("register", "rooms", *words, "--as", "anna").output == "rooms is registered\n"
    assert "Rooms" in house.phone("70003").open().labels
    assert "Rooms" not in house.phone("70002").open().labels
    house.apps("change", "rooms", "--audience", "numbers=70000-70002 agent=no", "--name", "de=", "--as", "ben")
    entry = house.registry.get("rooms")
    assert entry is not None
    assert entry.application.audience == (Rule(numbers=("70000-70002",), agent=False),)
    assert (entry.application.names, entry.application.order) == ((("en", "Rooms"),), 90)
    house.apps("disable", "rooms", "--as", "ben")
    house.apps("enable", "rooms", "--as", "ben")
    assert house.apps("remove", "rooms", answer="n\n").exit_code == 1
    assert house.apps("remove", "rooms", "--yes", "--as", "cora").output == "rooms is removed\n"
    trail = [(entry.by, entry.action) for entry in reversed(house.audit("application:rooms"))]
    assert trail == [("anna", "added"), *[("ben", "changed")] * 3, ("cora", "removed")]


def test_whoever_is_signed_in_to_the_machine_is_noted_where_nobody_is_named(
    house: RegistryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "dora")
    house.apps("disable", "calls")
    assert house.audit("application:calls")[0].by == "dora"


def test_what_another_has_changed_meanwhile_is_not_overwritten(house: RegistryHouse) -> None:
    version = next(one for one in json.loads(house.apps("list", "--json").output) if one["id"] == "calls")["version"]
    house.apps("disable", "calls")
    assert "changed or removed by somebody else" in refused(
        house, "change", "calls", "--order", "3", "--version", str(version)
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("register", "rooms", "--url", "http://rooms.example/", "--name", "en=R"), "external: url"),
        (("register", "rooms", "--url", URL), "names: an external application has no name of its own"),
        (("register", "Rooms", "--url", URL, "--name", "en=R"), "id: "),
        (("register", "menu", "--url", URL, "--name", "en=R"), "is the menu's own"),
        (("register", "directory", "--url", URL, "--name", "en=R"), "is a built-in application's"),
        (("register", "rooms", "--url", URL, "--name", "Rooms"), "is not written as NAME=VALUE"),
        (("register", "rooms", "--url", URL, "--name", "en=R", "--seconds", "60"), "external.seconds"),
        (("register", "rooms", "--url", URL, "--name", "en=R", "--parameter", "a=1"), "there is no such parameter"),
        (("register", "rooms"), "there is no package 'rooms'"),
        (("change", "calls", "--audience", "people=all"), "'people=all' is no condition"),
        (("change", "calls", "--audience", ""), "an empty rule would admit everyone"),
        (("change", "calls", "--audience", "numbers=7-6"), "numbers: "),
        (("change", "calls", "--url", URL), "external"),
        (("change", "nothing", "--order", "1"), "no application 'nothing' is registered"),
        (("remove", "calls", "--yes"), "built in and cannot be removed"),
        (("enable", "nothing"), "no application 'nothing' is registered"),
        (("try", "nothing", "--number", "70000"), "no application 'nothing' is registered"),
        (("drift",), "TOUCHLINE_REGISTRY_FILE"),
    ],
)
def test_what_cannot_be_is_refused_in_words(house: RegistryHouse, words: tuple[str, ...], told: str) -> None:
    before = house.registry.revision()
    assert told in refused(house, *words)
    assert house.registry.revision() == before


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ('id = "lunch"\nnames = {en = "Lunch"}\norder = "first"\n', "lunch/manifest.toml, line 3: order: "),
        ('id = "lunch"\n\n[names]\nde = "Mittag"\n', "lunch/manifest.toml, line 3: names: the English one is missing"),
        ('id = "lunch"\nnames = {en = "Lunch"\n', "lunch/manifest.toml, line 2: "),
        (
            'id = "lunch"\nnames = {en = "L"}\n[[parameters]]\nname = "a"\n[[parameters]]\nname = "b"\nkind = "hue"\n',
            "lunch/manifest.toml, line 7: parameters.1.kind: ",
        ),
        (
            'id = "lunch"\nnames = {en = "L"}\n[[parameters]]\nname = "a"\nkind = "number"\ndefault = "x"\n',
            "default: must be a number",
        ),
        ('id = "lunch"\nnames = {en = "Lunch"}\nicn = "tea"\n', "lunch/manifest.toml, line 3: icn: "),
        (f"order = {'9' * 5000}", "too many digits"),
    ],
)
def test_a_manifest_with_a_mistake_is_refused_with_its_line(house: RegistryHouse, manifest: str, told: str) -> None:
    assert house.apps("new", "lunch").exit_code == 0
    (house.folder / "lunch/manifest.toml").write_text(manifest, encoding="utf-8")
    assert told in refused(house, "register", "lunch")


def test_trying_shows_the_page_and_draws_it(house: RegistryHouse, tmp_path: Path) -> None:
    house.apps("new", "lunch")
    house.apps("register", "lunch", "--off")
    xml, picture = tmp_path / "page.xml", tmp_path / "page.txt"
    done = house.apps("try", "lunch", "--number", "70003", "--xml", str(xml), "--picture", str(picture))
    assert done.exit_code == 1
    assert "It is off: nobody gets it." in done.output
    assert parse_page(xml.read_bytes()).labels == ["Soup", "Pasta", "Salad"]
    drawn = picture.read_text(encoding="utf-8").splitlines()
    assert [row.strip("│┌┐└┘─┈ ") for row in drawn if row.startswith("│")] == ["Lunch", "▸Soup", "Pasta", "Salad"]
    assert len({len(row) for row in drawn}) == 1


def test_trying_follows_lines_and_changes_nothing(house: RegistryHouse) -> None:
    house.apps("new", "lunch")
    house.apps("register", "lunch")
    done = house.apps("try", "lunch", "--number", "70000", "--press", "Pasta")
    assert (done.exit_code, "Pasta: 0" in done.output) == (0, True)
    done = house.apps("try", "lunch", "--number", "70000", "--press", "Pasta", "--press", "Take")
    assert (done.exit_code, "would change something" in done.output) == (1, True)
    assert "no 'Pizza' here" in refused(house, "try", "lunch", "--number", "70000", "--press", "Pizza")


def test_trying_leaves_who_looked_as_whom_in_the_audit_trail(house: RegistryHouse) -> None:
    house.apps("try", "directory", "--number", "70000", "--model", "NOE_B_IP", "--press", "Search", "--as", "anna")
    (entry,) = house.audit("application:directory")[:1]
    assert (entry.by, entry.action) == ("anna", "tried")
    assert [(value.name, value.old, value.new) for value in entry.changes] == [
        ("number", None, '"70000"'),
        ("station_type", None, '"NOE_B_IP"'),
        ("pressed", None, '"Search"'),
    ]


def test_nobodys_data_is_asked_for_by_a_trial_that_cannot_be_noted(house: RegistryHouse, o2g: RunningO2G) -> None:
    directory = house.registry.get("directory")
    assert directory is not None
    simulator = Simulator(o2g.control)
    before = simulator.request_count()
    house.database.rename(house.database.with_suffix(".away"))
    with pytest.raises(StoreGone):
        house.app.extensions["touchline.trying"](directory.application, "70000", by="anna")
    assert simulator.request_count() == before
    simulator.close()


def test_trying_for_a_number_that_nobody_has(house: RegistryHouse) -> None:
    assert "O2G knows no user" in refused(house, "try", "directory", "--number", "99999")


def test_trying_is_as_the_model_would_show_it(house: RegistryHouse) -> None:
    done = house.apps("try", "directory", "--number", "70000", "--model", "NOE_B_IP")
    assert done.exit_code == 0
    assert done.output.count("┌" + "─" * 23 + "┐") == 1


def test_an_export_is_imported_again_and_nothing_differs(house: RegistryHouse, tmp_path: Path) -> None:
    house.apps("register", "rooms", "--url", URL, "--name", "en=Rooms")
    file = tmp_path / "registry.toml"
    house.apps("export", str(file))
    assert house.apps("export").output == file.read_text(encoding="utf-8")
    assert house.apps("drift", str(file)).output == "no difference\n"
    house.apps("change", "rooms", "--order", "7")
    house.apps("disable", "calls")
    done = house.apps("drift", str(file))
    assert done.exit_code == 1
    assert "~ rooms: changed\n    order: nothing -> 7" in done.output
    before = house.registry.revision()
    assert "dry run" in house.apps("import", str(file), "--dry-run").output
    assert house.registry.revision() == before
    assert house.apps("import", str(file), "--as", "anna").output.endswith("done\n")
    assert house.apps("drift", str(file)).exit_code == 0
    assert house.audit("application:rooms")[0].by == "anna"


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_parameter_that_is_far_too_long_is_refused(house: RegistryHouse, value: str) -> None:
    done = refused(house, "register", "rooms", "--url", URL, "--name", "en=Rooms", "--parameter", f"x={value}")
    assert "2000 characters" in done


def test_a_package_whose_folder_is_gone_keeps_nobody_from_comparing_and_importing(
    house: RegistryHouse, tmp_path: Path
) -> None:
    house.register(id="lunch", kind="package", package="lunch")  # as it is after a start without its folder
    house.apps("register", "rooms", "--url", URL, "--name", "en=Rooms")
    file = tmp_path / "registry.toml"
    house.apps("export", str(file))
    assert house.apps("drift", str(file)).output == "no difference\n"
    assert house.apps("import", str(file)).output == "no difference\n"
    house.apps("change", "rooms", "--order", "7")
    assert house.apps("import", str(file)).output.endswith("done\n")
    other = file.read_text(encoding="utf-8").replace('id = "lunch"', 'id = "lunch"\norder = 8')
    file.write_text(other, encoding="utf-8")
    assert "lunch: package: there is no package 'lunch'" in refused(house, "import", str(file))


def test_a_file_without_the_built_in_applications_removes_none_of_them(house: RegistryHouse, tmp_path: Path) -> None:
    house.apps("register", "rooms", "--url", URL, "--name", "en=Rooms")
    file = tmp_path / "registry.toml"
    file.write_text('format = "touchline-registry"\nversion = 1\n', encoding="utf-8")
    assert house.apps("import", str(file), "--keep").output == "no difference\n"
    assert "- rooms: removed" in house.apps("import", str(file)).output
    assert [application.id for application in house.registry.everything().applications].count("directory") == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('format = "touchline-registry"\nversion = 2\n', "version 2: this Touchline reads version 1"),
        ('format = "somebody-elses"\nversion = 1\n', "this is no registry of Touchline"),
        ('format = "touchline-registry"\nversion = 1\n[[applications]]\nid = "a b"\nkind = "built_in"\n', "line 4: id"),
        (
            'format = "touchline-registry"\nversion = 1\n[[applications]]\nid = "x"\nkind = "package"\npackage = "x"\n',
            "line 6: x: package: there is no package 'x'",
        ),
        ("format = 1 2", "line 1"),
    ],
)
def test_an_import_that_cannot_be_changes_nothing_and_tells_the_line(
    house: RegistryHouse, tmp_path: Path, text: str, told: str
) -> None:
    file, before = tmp_path / "registry.toml", house.registry.revision()
    file.write_text(text, encoding="utf-8")
    assert told in refused(house, "import", str(file))
    assert house.registry.revision() == before


def test_a_store_that_is_gone_is_told(house: RegistryHouse) -> None:
    house.database.unlink()
    assert "Error: the database" in refused(house, "list")


@pytest.mark.parametrize("name", ["Lunch", "1", "a-b", "../a", ""])
def test_a_new_application_needs_a_name_that_can_be_one(house: RegistryHouse, name: str) -> None:
    assert "letters" in refused(house, "new", name)


@pytest.mark.parametrize("name", ["menu", "directory", "this_set"])
def test_a_new_application_takes_no_name_of_a_built_in_one(house: RegistryHouse, name: str) -> None:
    assert "is built in" in refused(house, "new", name)
    assert not (house.folder / name).exists()


def test_a_new_application_overwrites_nothing(house: RegistryHouse) -> None:
    house.apps("new", "lunch")
    assert "is there already" in refused(house, "new", "lunch")


@pytest.mark.parametrize("words", [(), ("--import-mode=importlib",)])
def test_a_new_application_passes_its_own_test_and_the_houses_checks(
    house: RegistryHouse, words: tuple[str, ...]
) -> None:
    names = ("lunch_time", "none", "list", "text", "screen", "item", "path", "application")
    for name in names:
        assert house.apps("new", name).exit_code == 0
    root, environment = Path.cwd(), dict(os.environ)
    environment |= {"PYTHONPATH": str(root)}
    for program in (
        ("pytest", "-q", "-p", "no:cacheprovider", *words, *names),
        ("ruff", "check", "--isolated", "--ignore=I001", "--line-length=120", *names),
        ("ruff", "format", "--isolated", "--line-length=120", "--check", *names),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *program], cwd=house.folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_phones_follow_a_command_in_another_process_without_a_restart(tmp_path: Path) -> None:
    settings = {"TOUCHLINE_APPLICATIONS_FOLDER": str(tmp_path)}
    with demo_house(users=60, settings=settings) as house, prs_client(house) as prs:
        phone = Phone(prs, "70003")
        assert "Lunch" not in phone.open().labels
        assert flask(house, "apps", "new", "lunch", folder=tmp_path).code == 0
        assert flask(house, "apps", "register", "lunch", "--as", "anna", folder=tmp_path).err == ""
        exported = flask(house, "apps", "export", folder=tmp_path)
        assert exported.out.startswith('format = "touchline-registry"')
        end = time.monotonic() + 10
        while "Lunch" not in phone.open().labels:
            assert time.monotonic() < end
        phone.choose("Lunch")
        phone.choose("Pasta")
        phone.press("Take")
        assert {item.label: item.detail for item in phone.screen.items}["Pasta"] == "1"
