"""Company news: read from an RSS file on phones of every family, whatever its author put into it."""

from pathlib import Path

import pytest

from examples.company_news.feed import LARGEST, NoFeed, read_feed
from prs_apps.packages import Packages
from prs_apps.rehearsal import Rehearsal
from simulators.o2g.process import simulated_o2g
from tests.registry_house import registry_house
from tests.walks import FAMILIES

EXAMPLES = Path("examples").resolve()
CHANNEL = '<rss version="2.0"><channel><title>News</title>{}</channel></rss>'
STORY = (
    "<item><title>{title}</title><description>{text}</description><guid>{title}</guid><pubDate>{when}</pubDate></item>"
)
OLD, NEW = "Mon, 02 Mar 2026 09:00:00 +0100", "Wed, 04 Mar 2026 08:00:00 +0100"


def feed(folder: Path, *stories: str) -> None:
    (folder / "news.xml").write_text(CHANNEL.format("".join(stories)), encoding="utf-8")


def story(title: str, text: str = "Text.", when: str = NEW) -> str:
    return STORY.format(title=title, text=text, when=when)


@pytest.fixture(params=sorted(FAMILIES))
def phone(request: pytest.FixtureRequest, tmp_path: Path) -> Rehearsal:
    kind = Packages(EXAMPLES, lambda: []).get("company_news")
    return Rehearsal(kind, parameters={"folder": str(tmp_path)}, family=str(request.param))


def headlines(phone: Rehearsal) -> list[str]:
    return [line.label for line in phone.lines if line.href and line.label not in {"Next page", "Previous page"}]


def test_headlines_are_listed_newest_first_and_a_story_is_read(phone: Rehearsal, tmp_path: Path) -> None:
    feed(tmp_path, story("Old", when=OLD), story("New", "&lt;p&gt;The &lt;b&gt;canteen&lt;/b&gt; is open.&lt;/p&gt;"))
    phone.open()
    assert headlines(phone) == ["New", "Old"]
    phone.choose("New")
    assert "The canteen is open." in phone.text


def test_a_long_story_has_pages(phone: Rehearsal, tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(600)]
    feed(tmp_path, story("Long", " ".join(words)))
    phone.open()
    phone.choose("Long")
    read = phone.text
    while phone.turn():
        read += f" {phone.text}"
    assert [word for word in read.split() if word.startswith("word")] == words


def test_a_feed_without_stories_says_so(phone: Rehearsal, tmp_path: Path) -> None:
    feed(tmp_path)
    phone.open()
    assert "There is no news." in phone.text


def test_a_story_that_went_away_says_so(phone: Rehearsal, tmp_path: Path) -> None:
    feed(tmp_path, story("Here"))
    phone.open()
    feed(tmp_path, story("Other"))
    phone.choose("Here")
    assert "This story is gone." in phone.text


def hostile_feeds() -> dict[str, bytes]:
    entity = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    one = CHANNEL.format(story("&x;")).encode()
    return {
        "no file": b"",
        "no XML": b"\x00\xff not xml",
        "HTML": b"<html><body>Login</body></html>",
        "no channel": b"<rss/>",
        "an entity of a file": entity + one,
        "entities that grow": bomb + CHANNEL.format(story("&b;")).encode(),
        "too large": CHANNEL.format("<!--" + "x" * LARGEST + "-->").encode(),
        "deep": b"<rss><channel>" + b"<a>" * 100_000,
    }


@pytest.mark.parametrize("name", sorted(hostile_feeds()))
def test_a_feed_that_cannot_be_believed_is_not_shown(phone: Rehearsal, tmp_path: Path, name: str) -> None:
    body = hostile_feeds()[name]
    if body:
        (tmp_path / "news.xml").write_bytes(body)
    phone.open()
    assert "The news cannot be read at the moment." in phone.text
    assert "root:" not in phone.text


@pytest.mark.parametrize("name", ["../secret.xml", "/etc/passwd", "link.xml", "folder", "\x00"])
def test_nothing_outside_its_folder_is_read(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    (inside / "folder").mkdir(parents=True)
    (tmp_path / "secret.xml").write_text(CHANNEL.format(story("Secret")), encoding="utf-8")
    (inside / "link.xml").symlink_to(tmp_path / "secret.xml")
    with pytest.raises(NoFeed):
        read_feed(inside, name)


@pytest.mark.parametrize(
    "item",
    [
        story(
            "&lt;script&gt;alert(1)&lt;/script&gt;Title", "&lt;style&gt;x&lt;/style&gt;&lt;img src=x onerror=y&gt;Words"
        ),
        story("Title", "Words", when="yesterday"),
        story("Title", "Words", when="Mon, 99 Foo 99999 99:99:99 +9999"),
        "<item><description>Words</description></item>",
        f"<item><title>Title</title><description><![CDATA[{'<div>' * 5000}Words]]></description></item>",
        "<item/><item><title> </title></item>" + story("Title", "Words"),
    ],
)
def test_what_is_odd_in_a_story_harms_nothing(phone: Rehearsal, tmp_path: Path, item: str) -> None:
    feed(tmp_path, item)
    phone.open()
    (title,) = headlines(phone)
    phone.choose(title)
    assert "alert" not in phone.text


def test_hostile_text_in_a_story_is_shown_harmlessly_by_a_server(tmp_path: Path) -> None:
    feed(tmp_path, story("A ]]&gt; &amp;amp; \u202e title", "B" * 5000), *[story(f"Story {n}") for n in range(70)])
    with (
        simulated_o2g(users=60) as o2g,
        registry_house(tmp_path, o2g, applications_folder=EXAMPLES) as house,
    ):
        house.apps("register", "company_news", "--parameter", f"folder={tmp_path}", "--audience", "everyone")
        assert house.applications.state().problems == ()
        for number in FAMILIES.values():
            phone = house.phone(number)
            phone.open()
            phone.choose("Company news")
            assert phone.status == 200
            phone.choose(next(item.label for item in phone.screen.items if item.href))
            assert phone.status == 200
