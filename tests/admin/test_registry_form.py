"""The form of an application, without a server: what is typed, what comes back, secrets that are never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from admin.registry_form import NotAsTyped, RuleTyped, Typed, Wrong, application_of, empty_form, form_of, typed
from store.registered import Parameter, RegisteredApplication, Rule


def application(**values: object) -> RegisteredApplication:
    given = {"id": "news", "kind": "package", "package": "news", "names": {"en": "News"}}
    return RegisteredApplication.model_validate(given | values)


def with_parameters(form: Typed, text: str) -> Typed:
    return Typed({**form.values, "parameters": text}, form.names, form.enabled, form.rules)


def test_a_secret_is_not_in_the_form_and_stays_what_it_is() -> None:
    before = application(parameters={"feed_token": "s3cret", "items": 5, "title": 'A "good" one'})
    form = form_of(before)
    assert "s3cret" not in form.values["parameters"]
    assert application_of(form, before) == before
    changed = application_of(with_parameters(form, 'feed_token = "other"'), before)
    assert dict(changed.parameters) == {"feed_token": "other"}


def test_an_audience_of_everyone_and_somebody_stays_everyone() -> None:
    before = application(audience=[{}, {"users": ["oxe70000"]}])
    form = form_of(before)
    assert form.values["audience"] == "everyone"
    assert application_of(form, before).audience == (Rule(),)


@pytest.mark.parametrize("number", ["9" * 5000, "0x" + "f" * 5000])
def test_a_number_of_thousands_of_digits_is_refused(number: str) -> None:
    with pytest.raises(NotAsTyped, match=r"parameters: .*(digits|64 bits)"):
        application_of(with_parameters(form_of(application()), f"size = {number}"))


def test_dots_that_stand_for_no_secret_are_refused() -> None:
    form = with_parameters(form_of(application()), 'feed_token = "•••"')
    with pytest.raises(NotAsTyped, match="only dots"):
        application_of(form, application())


def test_dots_of_what_is_no_secret_are_dots() -> None:
    form = with_parameters(form_of(application()), 'title = "•••"')
    assert dict(application_of(form, application()).parameters) == {"title": "•••"}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
parameters = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True),
    st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    max_size=5,
)


@given(parameters)
def test_any_parameters_come_back_as_they_were(values: dict[str, Parameter]) -> None:
    before = application(parameters=values)
    assert application_of(form_of(before), before) == before


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "id",
                "kind",
                "url",
                "order",
                "rules",
                "rule_0_numbers",
                "audience",
                "parameters",
                "name_en",
                "rule_0_families",
                "rule_0_agent",
                "entry_index",
                "seconds",
                "most_bytes",
            ]
        ),
        st.text(max_size=40),
    )
)
def test_whatever_a_browser_sends_is_an_application_or_a_fault_in_a_field(sent: dict[str, str]) -> None:
    form = typed(MultiDict(sent), ["en", "fr"])
    faults: tuple[Wrong, ...] = ()
    try:
        application_of(form)
    except NotAsTyped as error:
        faults = error.wrong
    assert all(one.name and one.text for one in faults)


def test_a_rule_is_added_up_to_a_bound() -> None:
    form = empty_form()
    for _ in range(60):
        form = form.with_another_rule()
    assert len(form.rules) == 50
    assert form.values["audience"] == "rules"


def test_an_empty_rule_admits_nobody_more() -> None:
    form = form_of(application())
    values = {**form.values, "audience": "rules"}
    made = application_of(Typed(values, form.names, True, (RuleTyped(), RuleTyped(numbers="70000"))))
    assert [rule.numbers for rule in made.audience] == [("70000",)]
    assert application_of(Typed(values, form.names, True, (RuleTyped(),))).audience == ()
