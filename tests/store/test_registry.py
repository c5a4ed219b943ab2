"""The registry: registered, changed by two at once, imported, and every change in the trail."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.audit import AuditTrail, note
from store.database import Database
from store.errors import AlreadyThere, ChangedMeanwhile, StoreGone
from store.registered import RegisteredApplication
from store.registry import MenuOrder, MenuOrders, Registry
from store.registry_file import ChangeKind, FieldChange, difference

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def registry(database: Database) -> Registry:
    return Registry(database)


@pytest.fixture
def trail(database: Database) -> AuditTrail:
    return AuditTrail(database)


def news(**changes: object) -> RegisteredApplication:
    values: dict[str, object] = {
        "id": "news",
        "kind": "external",
        "names": {"en": "News", "fr": "Actualités"},
        "external": {"url": "https://apps.example/news"},
    }
    return RegisteredApplication.model_validate(values | changes)


def rooms(**changes: object) -> RegisteredApplication:
    return RegisteredApplication.model_validate({"id": "rooms", "kind": "package", "package": "rooms"} | changes)


def test_what_is_registered_is_given_back(registry: Registry) -> None:
    application = news(
        order=40,
        audience=[{"numbers": ["70000-70099"], "families": ["large"]}, {"agent": True}],
        parameters={"feed": "https://example.com/rss", "items": 5, "pictures": False, "zoom": 1.5},
        entry={"identifier": "NEWS", "index": 7, "parameter": "action=News"},
    )
    registry.add(application, by="anna", now=NOW)
    found = registry.get("news")
    assert found is not None
    assert (found.application, found.version, found.changed, found.changed_by) == (application, 1, NOW, "anna")
    assert registry.everything().applications == (application,)
    assert registry.get("rooms") is None


def test_looking_whether_it_could_be_changed_changes_nothing(registry: Registry, trail: AuditTrail) -> None:
    registry.add(news(), by="anna", now=NOW)
    before = registry.revision()
    assert (registry.revision_to_change(), registry.revision(), len(trail.page(9))) == (before, before, 1)


def test_one_id_is_registered_once(registry: Registry) -> None:
    registry.add(news(), by="anna", now=NOW)
    with pytest.raises(AlreadyThere):
        registry.add(news(order=3), by="ben", now=NOW)
    found = registry.get("news")
    assert found is not None
    assert found.application == news()


def test_an_entry_of_the_presentation_server_leads_to_one_application(registry: Registry) -> None:
    entry = {"identifier": "MY_C"}
    registry.add(news(entry=entry), by="anna", now=NOW)
    with pytest.raises(AlreadyThere):
        registry.add(rooms(entry=entry), by="anna", now=NOW)
    added = registry.add(rooms(), by="anna", now=NOW)
    with pytest.raises(AlreadyThere):
        registry.change(rooms(entry=entry), added.version, by="anna", now=NOW)


def test_the_second_of_two_administrators_is_told(registry: Registry, trail: AuditTrail) -> None:
    entry = registry.add(news(), by="anna", now=NOW)
    assert registry.change(news(order=1), entry.version, by="anna", now=NOW).version == 2
    with pytest.raises(ChangedMeanwhile):
        registry.change(news(order=2), entry.version, by="ben", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        registry.remove("news", entry.version, by="ben", now=NOW)
    found = registry.get("news")
    assert found is not None
    assert found.application.order == 1
    assert [noted.by for noted in trail.page(9)] == ["anna", "anna"]


def test_what_was_removed_meanwhile_is_not_changed(registry: Registry) -> None:
    entry = registry.add(news(), by="anna", now=NOW)
    registry.remove("news", entry.version, by="anna", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        registry.change(news(order=2), entry.version, by="ben", now=NOW)


def test_of_many_who_change_the_same_version_one_succeeds(registry: Registry) -> None:
    entry = registry.add(news(), by="anna", now=NOW)
    outcomes: list[str] = []

    def change(order: int) -> None:
        try:
            registry.change(news(order=order), entry.version, by=f"admin{order}", now=NOW)
        except ChangedMeanwhile:
            outcomes.append("told")
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=change, args=(order,)) for order in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", *["told"] * 5]


def test_each_change_makes_another_revision(registry: Registry) -> None:
    seen = [registry.revision()]
    entry = registry.add(news(), by="anna", now=NOW)
    seen.append(registry.revision())
    entry = registry.change(news(enabled=False), entry.version, by="anna", now=NOW)
    seen.append(registry.revision())
    registry.remove("news", entry.version, by="anna", now=NOW)
    seen.append(registry.revision())
    assert len(set(seen)) == 4
    assert registry.everything().revision == seen[-1]


def test_the_trail_tells_old_and_new_values(registry: Registry, trail: AuditTrail) -> None:
    entry = registry.add(news(), by="anna", now=NOW)
    registry.change(news(names={"en": "Company news"}), entry.version, by="ben", now=NOW + timedelta(hours=1))
    changed, added = trail.page(9)
    assert (changed.by, changed.at, changed.action, changed.subject) == (
        "ben",
        NOW + timedelta(hours=1),
        "changed",
        "application:news",
    )
    assert [(f.name, f.old, f.new) for f in changed.changes] == [
        ("names.en", '"News"', '"Company news"'),
        ("names.fr", '"Actualités"', None),
    ]
    assert all(field.old is None for field in added.changes)
    assert ("external.url", '"https://apps.example/news"') in [(f.name, f.new) for f in added.changes]


@pytest.mark.parametrize("name", ["api_key", "apikey", "key", "token", "secret", "password", "feed_password"])
def test_the_trail_hides_secrets_among_parameters(registry: Registry, trail: AuditTrail, name: str) -> None:
    entry = registry.add(news(parameters={name: "Hidden-1"}), by="anna", now=NOW)
    registry.change(news(parameters={name: "Hidden-2"}), entry.version, by="anna", now=NOW)
    told = repr(trail.page(9))
    assert f"parameters.{name}" in told
    assert "Hidden" not in told


def test_the_trail_hides_a_secret_that_an_earlier_version_noted(database: Database, trail: AuditTrail) -> None:
    with database.writing() as session:
        note(session, NOW, "anna", "changed", "application:news", [FieldChange("parameters.password", None, '"Old-1"')])
    assert "Old-1" not in repr(trail.page(9))


def test_what_is_no_secret_parameter_is_shown(registry: Registry, trail: AuditTrail) -> None:
    registry.add(news(names={"en": "Key"}, parameters={"keys": "Shown-1", "token_count": 7}), by="anna", now=NOW)
    told = {change.name: change.new for change in trail.page(1)[0].changes}
    assert (told["parameters.keys"], told["parameters.token_count"]) == ('"Shown-1"', "7")


def test_the_trail_is_leafed_through_and_narrowed(registry: Registry, trail: AuditTrail) -> None:
    for number in range(5):
        registry.add(news(id=f"news{number}"), by="anna", now=NOW)
    first = trail.page(2)
    second = trail.page(2, before=first[-1].id)
    assert [noted.subject for noted in (*first, *second)] == [f"application:news{n}" for n in (4, 3, 2, 1)]
    assert [noted.subject for noted in trail.page(9, subject="application:news2")] == ["application:news2"]


@pytest.mark.parametrize("statement", ["UPDATE audit SET by = 'nobody'", "DELETE FROM audit"])
def test_nobody_changes_the_trail(registry: Registry, database: Database, trail: AuditTrail, statement: str) -> None:
    registry.add(news(), by="anna", now=NOW)
    with pytest.raises((IntegrityError, StoreGone)), database.writing() as session:
        session.execute(text(statement))
    assert [noted.by for noted in trail.page(9)] == ["anna"]


def test_a_change_that_changes_nothing_is_not_noted(registry: Registry, trail: AuditTrail) -> None:
    entry = registry.add(news(), by="anna", now=NOW)
    assert registry.change(news(), entry.version, by="ben", now=NOW) == entry
    assert len(trail.page(9)) == 1


def test_an_import_does_what_its_dry_run_told(registry: Registry, trail: AuditTrail) -> None:
    registry.add(news(), by="anna", now=NOW)
    registry.add(news(id="old"), by="anna", now=NOW)
    wanted = (news(order=5), rooms())
    before = registry.everything()
    told = difference(wanted, now=before.applications)
    assert registry.apply(wanted, before.revision, removing=True, by="ben", now=NOW) == told
    assert [(change.kind, change.id) for change in told] == [
        (ChangeKind.CHANGED, "news"),
        (ChangeKind.REMOVED, "old"),
        (ChangeKind.ADDED, "rooms"),
    ]
    after = registry.everything()
    assert after.applications == wanted
    assert difference(wanted, now=after.applications) == ()
    assert {noted.action for noted in trail.page(3)} == {"changed by import", "removed by import", "added by import"}


def test_an_import_may_leave_what_the_file_does_not_have(registry: Registry) -> None:
    registry.add(news(), by="anna", now=NOW)
    registry.apply((rooms(),), registry.revision(), removing=False, by="ben", now=NOW)
    assert [one.id for one in registry.everything().applications] == ["news", "rooms"]


def test_an_import_after_somebody_else_changed_something_does_nothing(registry: Registry) -> None:
    seen = registry.revision()
    registry.add(news(), by="anna", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        registry.apply((rooms(),), seen, removing=True, by="ben", now=NOW)
    assert registry.everything().applications == (news(),)


def test_an_import_may_exchange_entries(registry: Registry) -> None:
    one, other = {"identifier": "ONE"}, {"identifier": "OTHER"}
    registry.add(news(entry=one), by="anna", now=NOW)
    registry.add(rooms(entry=other), by="anna", now=NOW)
    wanted = (news(entry=other), rooms(entry=one))
    registry.apply(wanted, registry.revision(), removing=True, by="ben", now=NOW)
    assert registry.everything().applications == wanted


def test_an_import_that_would_give_an_entry_twice_does_nothing(registry: Registry) -> None:
    entry = {"identifier": "MY_C"}
    registry.add(news(entry=entry), by="anna", now=NOW)
    with pytest.raises(AlreadyThere):
        registry.apply((rooms(entry=entry),), registry.revision(), removing=False, by="ben", now=NOW)
    assert registry.everything().applications == (news(entry=entry),)


def test_a_users_order_is_kept_and_forgotten(database: Database) -> None:
    orders = MenuOrders(database)
    assert orders.of("oxe70000") == MenuOrder()
    orders.choose("oxe70000", MenuOrder(("messages", "directory")), now=NOW)
    chosen = MenuOrder(("directory", "news", "messages"), frozenset({"news"}))
    orders.choose("oxe70000", chosen, now=NOW)
    assert orders.of("oxe70000") == chosen
    assert orders.of("oxe70001") == MenuOrder()
    for wrong in (MenuOrder(("news", "news")), MenuOrder(("news",), frozenset({"rooms"}))):
        with pytest.raises(ValueError, match="once"):
            orders.choose("oxe70000", wrong, now=NOW)
    orders.forget("oxe70000")
    assert orders.of("oxe70000") == MenuOrder()
