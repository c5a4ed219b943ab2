"""Every screen of the menu and the directory, with hostile text, on every model, in every language."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prs.language import languages
from prs.models import phone_models
from prs.text import width
from services.directory import Person
from tests.pages import Shown
from tests.prs.hostile import TEXT
from tests.prs_apps.paper import PaperO2G, PaperPhone

persons = st.builds(Person, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT)
papers = st.builds(
    PaperO2G,
    first_name=TEXT,
    last_name=TEXT,
    station_type=st.sampled_from([model.station_type for model in phone_models().known] + ["NOE_X", ""]),
    guiLanguage=st.sampled_from(languages().codes),
    people=st.lists(persons, max_size=30).map(tuple),
    finished=st.booleans(),
    timed_out=st.booleans(),
)


def fits(shown: Shown, columns: int) -> None:
    labels = [shown.title, *shown.lines, *shown.labels]
    assert all(width(label) <= columns for label in labels)


@given(papers, TEXT, TEXT)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_screen_is_a_valid_page_whatever_the_names_are(paper: PaperO2G, last_name: str, first_name: str) -> None:
    phone = PaperPhone(paper)
    columns = phone_models().of(paper.station_type).columns
    fits(phone.get("/phone/"), columns)
    assert phone.status == 200
    home = phone.get("/phone/directory")
    if home.form:
        results = phone.post(home.form, last_name=last_name[:40], first_name=first_name[:40])
        assert phone.status in (200, 400)
    else:
        results = phone.get(home.keypad, digits="685")
        assert phone.status == 200
    fits(results, columns)
    for address in (results.refresh, results.keypad, *results.keys.values(), *(key.href for key in results.soft_keys)):
        if address:
            fits(phone.get(address), columns)
            assert phone.status == 200
    for item in (*results.items, *results.actions):
        if item.href:
            card = phone.get(item.href)
            assert phone.status == 200
            fits(card, columns)
    keypad = phone.get("/phone/directory/keypad") if not home.keypad else home
    assert keypad.id
