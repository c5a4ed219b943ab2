"""What may be registered, and who gets it."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from store.registered import RegisteredApplication, Rule, Who

ANNA = Who(login="oxe70000", number="70000", node="1", family="large_colour", agent=False, guest=None)


def built_in(**values: object) -> RegisteredApplication:
    return RegisteredApplication.model_validate({"id": "news", "kind": "built_in"} | values)


@pytest.mark.parametrize(
    ("rule", "admitted"),
    [
        ({}, True),
        ({"users": ["oxe70001", "oxe70000"]}, True),
        ({"users": ["oxe70001"]}, False),
        ({"numbers": ["70000"]}, True),
        ({"numbers": ["69990-70010"]}, True),
        ({"numbers": ["7000-7999"]}, False),
        ({"numbers": ["70001-70099", "6"]}, False),
        ({"nodes": ["1"]}, True),
        ({"nodes": ["2"]}, False),
        ({"families": ["large", "large_colour"]}, True),
        ({"families": ["one_line"]}, False),
        ({"agent": False}, True),
        ({"agent": True}, False),
        ({"guest": False}, False),
        ({"guest": True}, False),
        ({"numbers": ["70000"], "families": ["small"]}, False),
    ],
)
def test_a_rule_admits_for_whom_all_that_it_names_holds(rule: dict[str, object], admitted: bool) -> None:
    assert Rule.model_validate(rule).admits(ANNA) is admitted


def test_what_is_not_known_lets_nobody_in() -> None:
    nobody_knows = replace(ANNA, node=None, agent=None)
    assert not Rule(nodes=("1",)).admits(nobody_knows)
    assert not Rule(agent=True).admits(nobody_knows)
    assert not Rule(agent=False).admits(nobody_knows)


def test_one_rule_is_enough_none_admits_nobody_and_off_is_off() -> None:
    assert built_in().admits(ANNA)
    assert built_in(audience=[{"agent": True}, {"nodes": ["1"]}]).admits(ANNA)
    assert not built_in(audience=[]).admits(ANNA)
    assert not built_in(enabled=False).admits(ANNA)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"id": "News"}, "id"),
        ({"id": "menu"}, "id"),
        ({"id": "a" * 41}, "id"),
        ({"kind": "plugin"}, "kind"),
        ({"names": {"english": "News"}}, "names"),
        ({"names": {"en": ""}}, "names"),
        ({"names": {"en": "a\nb"}}, "names"),
        ({"names": {"en": "x" * 61}}, "names"),
        ({"icon": "<svg>"}, "icon"),
        ({"order": -1}, "order"),
        ({"audience": [{"numbers": ["70099-70000"]}]}, "ends before it begins"),
        ({"audience": [{"numbers": ["7-70000"]}]}, "different lengths"),
        ({"audience": [{"numbers": ["all"]}]}, "neither a number nor a range"),
        ({"audience": [{"families": ["huge"]}]}, "families"),
        ({"audience": [{"everyone": True}]}, "everyone"),
        ({"parameters": {"Feed": "x"}}, "parameters"),
        ({"parameters": {"feed": float("nan")}}, "parameters"),
        ({"parameters": {"feed": ["x"]}}, "parameters"),
        ({"entry": {"identifier": "MY C"}}, "identifier"),
        ({"entry": {"identifier": "MY_C", "index": 100}}, "index"),
        ({"entry": {"identifier": "MY_C", "parameter": "a\r\nb"}}, "parameter"),
        ({"package": "news"}, "package: belongs to the kind package"),
        ({"kind": "package"}, "package: belongs to the kind package"),
        ({"external": {"url": "https://a.example/"}}, "external: belongs to the kind external"),
        ({"kind": "external", "names": {"en": "News"}}, "external: belongs to the kind external"),
        ({"kind": "external", "external": {"url": "https://a.example/"}}, "no name of its own"),
        ({"version": 3}, "version"),
    ],
)
def test_what_cannot_be_registered_is_named(values: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        built_in(**values)


@pytest.mark.parametrize(
    "url",
    [
        "http://apps.example/",
        "https://",
        "https://user:secret@apps.example/",
        "https://apps.example:port/",
        "https://äpps.example/",
        "file:///etc/passwd",
        "https://apps.example/" + "x" * 2000,
    ],
)
def test_an_external_application_has_a_proper_address(url: str) -> None:
    with pytest.raises(ValidationError):
        built_in(kind="external", names={"en": "News"}, external={"url": url})


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": 11}, {"most_bytes": 100}, {"most_bytes": 2**21}])
def test_an_external_application_has_its_limits(limits: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        built_in(kind="external", names={"en": "News"}, external={"url": "https://apps.example/"} | limits)
