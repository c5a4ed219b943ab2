"""What the walks pass by: screens that need another user, another setting or a moment that no walk meets.

Only what they ask O2G is recorded; how they look, the tests of `tests/e2e` say.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from prs.links import Argument, Holder, Link, LinkBuilder
from prs_apps.directory.trail import Trail
from tests.golden.calls import Visited
from tests.golden.house import GoldenHouse, golden_house
from tests.house import Simulator
from tests.phone import Phone

ANNA, AGENT, SUPERVISOR, WITH_A_MOBILE, WITHOUT_A_SET = "70000", "70004", "70010", "70014", "70012"
SHARED_SET, OTHER = "61901", "70015"
LATER = "2026-03-05T00:00:00+00:00"


@dataclass(frozen=True)
class Asker:
    """Asks for any screen, as a link to it would."""

    client: httpx.Client
    links: LinkBuilder
    o2g: Simulator

    def ask(self, view: str, user: str = ANNA, on: str = "", /, **arguments: Argument) -> None:
        """Ask for a screen or an action, as a user on their set."""
        application, _, screen = view.partition(".")
        link = Link(application, screen, tuple(arguments.items()), once=True)
        address = self.links.address(link, Holder(user, on or user))
        answer = self.client.get(str(httpx.URL(address).copy_merge_params({"number": user})))
        assert answer.status_code in (200, 409), (view, answer.text)

    def phone(self, number: str) -> Phone:
        """Give a user's phone."""
        return Phone(self.client, number)


def agent(asker: Asker) -> None:
    asker.o2g.set_agent(AGENT, subState="READY")
    for view in ("agent.agent", "agent.picked"):
        asker.ask(view, SUPERVISOR, number=AGENT)
    asker.ask("agent.call", SUPERVISOR, number=AGENT, name="")
    asker.o2g.end_calls()
    asker.ask("agent.refuse", SUPERVISOR, number=AGENT)
    asker.ask("agent.cancel_help", AGENT, supervisor="", why="")


def call_log(asker: Asker) -> None:
    asker.ask("call_log.delete_all", which="all", before=LATER)


def calls(asker: Asker) -> None:
    asker.ask("calls.to", what="ask", call="", device=ANNA, number=OTHER)
    asker.ask("calls.delete_all")


def directory(asker: Asker) -> None:
    trail = Trail(last_name="smith").packed()
    for view in ("directory.results", "directory.stop"):
        asker.ask(view, trail=trail)


def forwarding(asker: Asker) -> None:
    asker.ask("forwarding.send_to", diversion="forward", condition="BUSY", number=OTHER)


def menu(asker: Asker) -> None:
    asker.ask("menu.arrange")
    asker.ask("menu.place", id="call_log")
    asker.ask("menu.move", id="call_log", by=1)
    asker.ask("menu.hide", id="call_log", hidden=True)
    asker.ask("menu.reset")


def messages(asker: Asker) -> None:
    asker.ask("messages.interrupted", reading=1, began="")
    asker.ask("messages.forget_interrupted", reading=1)


def this_set(asker: Asker) -> None:
    asker.ask("this_set.spoken")
    asker.ask("this_set.locked_key", kind="keys", position=1, page=0, mnemonic="", number=OTHER)
    asker.ask("this_set.associate_with", number=OTHER)
    paula = asker.phone(WITH_A_MOBILE)
    paula.open("this_set")
    paula.get(next(item.href for item in paula.screen.items if "/switch_mobile" in item.href))
    greta = asker.phone(WITHOUT_A_SET)
    greta.open("this_set")
    greta.type_text("Set number", SHARED_SET)
    greta.send()
    for view in ("shared_set", "ask_log_off", "log_off"):
        asker.ask(f"this_set.{view}", WITHOUT_A_SET, SHARED_SET)


def voicemail(asker: Asker) -> None:
    asker.o2g.leave_voice_message(ANNA, OTHER, 5)
    anna = asker.phone(ANNA)
    anna.open("voicemail")
    anna.settle()  # through the door: the user's own password opens it
    message = anna.choose(anna.screen.choices[0].label)
    sound = next(element.get("uri", "") for element in message.tree.iter("{*}AudioBox"))
    asker.client.get(str(httpx.URL(sound).copy_merge_params({"number": ANNA}))).raise_for_status()
    anna.back()
    anna.press("Delete")
    anna.press("Delete")


ASIDES: dict[str, Callable[[Asker], None]] = {
    aside.__name__: aside
    for aside in (agent, call_log, calls, directory, forwarding, menu, messages, this_set, voicemail)
}


@contextmanager
def asides_house() -> Iterator[GoldenHouse]:
    """Run a house for asides, where mailboxes open without a form."""
    with golden_house(voicemail_password="user") as house:
        yield house


def passed_by(house: GoldenHouse, application: str) -> list[Visited]:
    """Ask for the screens that an application's walk passes by."""
    for user in (ANNA, AGENT, SUPERVISOR, WITH_A_MOBILE, WITHOUT_A_SET):
        house.client.get("/phone/", params={"number": user})  # O2G has named the user and their language, as in a walk
    house.recorder.visits.clear()
    ASIDES[application](Asker(house.client, house.links, house.simulator))
    return list(house.recorder.visits)
