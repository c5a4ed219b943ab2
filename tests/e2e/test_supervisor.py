"""The call centre, as its supervisors use it: groups, who asks for help, listening to agents, being in their calls."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from services.o2g import O2G
from simulators.demo.house import DemoHouse, demo_house
from tests.e2e.any_set import act, says
from tests.e2e.call_centre import in_this_process
from tests.house import PhoneOf, Simulator
from tests.phone import Phone
from tests.polling import until

ONE_LINE, SMALL, DAVID, LARGE_COLOUR = "70001", "70015", "70003", "70010"
SUPERVISORS = [ONE_LINE, SMALL, DAVID, LARGE_COLOUR]
ELLA, NOBODY, OTHER_NODES_AGENT = "70004", "70000", "70070"
SALES, SUPPORT = "61001", "61002"
ACD = "/acd/agent"


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house without events: who asks for help is not known in it."""
    with demo_house(users=100, settings={"TOUCHLINE_LIVE_STATE": "off"}) as running:
        yield running


@pytest.fixture(autouse=True)
def at_work(o2g: Simulator) -> None:
    """Ella is in a call; supervisors are logged off."""
    for number in SUPERVISORS:
        o2g.set_agent(number, mainState="LOG_OFF")
    o2g.set_agent(ELLA, subState="BUSY", pgNumber=SALES)


def look_at(user: Phone, number: str) -> None:
    """Open the screen about an agent."""
    user.open("agent")
    act(user, "Agents", "Help and listen")
    act(user, "Other", "Another agent")
    user.type_text("Number", number)
    user.send()


@pytest.fixture(params=SUPERVISORS)
def supervisor(request: pytest.FixtureRequest, phone: PhoneOf, o2g: Simulator) -> Phone:
    """A supervisor of each family of sets, who looks at Ella."""
    o2g.set_agent(request.param, subState="READY", pgNumber=SALES)
    supervisor = phone(request.param)
    look_at(supervisor, ELLA)
    return supervisor


@pytest.fixture
def david(phone: PhoneOf, o2g: Simulator) -> Phone:
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    david = phone(DAVID)
    look_at(david, ELLA)
    return david


def test_a_supervisor_logs_on_outside_of_groups_and_enters_and_leaves_one(phone: PhoneOf, o2g: Simulator) -> None:
    david = phone(DAVID)
    david.open("agent")
    david.press("Log on")
    david.choose("No group")
    assert "You are in no group." in says(david)
    david.press("Enter")
    david.choose(f"Group {SUPPORT}")
    assert f"Group {SUPPORT}." in says(david)
    assert o2g.agent(DAVID)["state"]["pgNumber"] == SUPPORT
    david.press("Leave")
    assert "You are in no group." in says(david)
    assert o2g.agent(DAVID)["state"]["mainState"] == "LOG_ON"


def test_a_group_that_was_left_meanwhile_is_left_only_once(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    david = phone(DAVID)
    david.open("agent")
    o2g.set_agent(DAVID, subState="OUT_OF_PG")
    david.press("Leave")
    assert david.status == 409
    assert says(david) == "This is not possible right now. You are in no group."


def test_a_supervisor_listens_to_all_calls_and_stops(supervisor: Phone, o2g: Simulator) -> None:
    act(supervisor, "Always", "Listen to all calls")
    assert "You listen to all calls." in says(supervisor)
    assert o2g.agent(supervisor.number)["listensTo"] == ELLA
    supervisor.back()
    assert "You listen to all calls of Ella Novak since" in says(supervisor)
    act(supervisor, "Stop", "Stop listening")
    assert "You listen" not in says(supervisor)
    assert o2g.agent(supervisor.number)["listensTo"] is None


def test_L72_a_supervisor_is_in_a_call_in_each_way_and_leaves_it(supervisor: Phone, o2g: Simulator) -> None:
    def mode() -> str | None:
        intrusion = o2g.agent(supervisor.number)["intrusion"]
        return str(intrusion["mode"]) if intrusion else None

    act(supervisor, "Listen", "Listen to this call")
    assert "In the call: you only listen." in says(supervisor)
    assert mode() == "DISCRETE"
    act(supervisor, "Whisper", "Whisper to the agent")
    assert "only the agent hears you." in says(supervisor)
    assert mode() == "RESTRICTED"
    act(supervisor, "Speak", "Speak to both")
    assert "both hear you." in says(supervisor)
    assert mode() == "NORMAL"
    supervisor.back()
    assert "You are in the call of Ella Novak: both hear you." in says(supervisor)
    act(supervisor, "Leave", "Leave the call")
    assert "You are in the call" not in says(supervisor)
    assert mode() is None


def test_L72_the_present_way_is_not_offered_and_pressing_twice_changes_once(david: Phone, o2g: Simulator) -> None:
    david.press("Listen")
    assert "Listen" not in david.screen.soft_key_labels
    whisper = next(key.href for key in david.screen.soft_keys if key.label == "Whisper")
    before = o2g.request_count("PUT", f"{ACD}/intrusion")
    david.get(whisper)
    david.get(whisper)
    assert david.status == 409
    assert "Nothing was done twice." in says(david)
    assert o2g.request_count("PUT", f"{ACD}/intrusion") == before + 1
    assert o2g.agent(DAVID)["intrusion"]["mode"] == "RESTRICTED"


def test_L72_a_screen_of_before_does_not_ask_for_the_present_way(david: Phone, o2g: Simulator) -> None:
    david.press("Listen")
    of_before = next(key.href for key in david.screen.soft_keys if key.label == "Whisper")
    look_at(david, ELLA)
    david.press("Whisper")
    before = o2g.request_count("PUT", f"{ACD}/intrusion")
    david.get(of_before)  # asking O2G again would drop David out of the call
    assert "only the agent hears you." in says(david)
    assert o2g.request_count("PUT", f"{ACD}/intrusion") == before
    assert o2g.agent(DAVID)["intrusion"]["mode"] == "RESTRICTED"


def test_a_call_that_ended_meanwhile(david: Phone, o2g: Simulator) -> None:
    david.press("Listen")
    o2g.set_agent(ELLA, subState="READY")
    david.press("Whisper")
    assert david.status == 409
    assert "You are not in the agent's call any more." in says(david)
    assert "In the call" not in says(david)
    david.press("Listen")
    assert david.status == 409
    assert "The agent is in no call, or you are in one." in says(david)


def test_a_call_that_ended_meanwhile_is_left_without_harm(david: Phone, o2g: Simulator) -> None:
    david.press("Listen")
    o2g.set_agent(ELLA, subState="READY")
    david.press("Leave")
    assert david.status == 409
    assert "You are not in the agent's call any more." in says(david)


def test_A100_an_older_O2G_cannot_leave_a_call(david: Phone, o2g: Simulator) -> None:
    david.press("Listen")
    with o2g.failing(error={"path": f"{ACD}/intrusion", "method": "PUT", "status": 400, "type": "BAD_PARAMETER"}):
        david.press("Leave")
    assert "Hang up on your set to leave the call." in says(david)
    assert "In the call: you only listen." in says(david)


def test_what_is_not_known_can_be_ended_all_the_same(david: Phone) -> None:
    david.back()
    david.press("Stop")
    assert david.status == 409
    assert "You listen to nobody." in says(david)
    david.press("Leave")
    assert david.status == 409
    assert "You are not in the agent's call any more." in says(david)


def test_a_log_off_ends_listening(david: Phone, o2g: Simulator) -> None:
    david.press("Always")
    o2g.set_agent(DAVID, mainState="LOG_OFF")
    david.back()
    assert "You listen to" not in says(david)


@pytest.mark.parametrize("typed", ["", "Ella", "7" * 60, "<script>", "12;34"])
def test_what_is_no_number_leads_nowhere(david: Phone, o2g: Simulator, typed: str) -> None:
    david.back()
    david.press("Other")
    david.type_text("Number", typed)
    david.send()
    assert david.status == 400
    assert "Enter a number that can be called." in says(david)


@pytest.mark.parametrize("number", [NOBODY, "12345"])
@pytest.mark.parametrize("key", ["Listen", "Always"])
def test_a_number_of_no_agent(david: Phone, number: str, key: str) -> None:
    look_at(david, number)
    david.press(key)
    assert david.status == 400
    assert "This is no agent's number." in says(david)


def test_an_agent_of_other_groups(david: Phone) -> None:
    look_at(david, OTHER_NODES_AGENT)
    david.press("Listen")
    assert david.status == 403
    assert "This is no agent of your groups." in says(david)


def test_an_agent_is_picked_in_the_directory_and_called(david: Phone, o2g: Simulator) -> None:
    david.back()
    david.press("Other")
    david.choose("From the directory")
    david.type_text("Name", "novak")
    david.type_text("First name", "ella")
    david.send()
    david.settle()
    david.press("Choose")
    assert david.screen.title == "Ella Novak"
    david.press("Call")
    assert david.screen.title == "Calling"
    assert o2g.called_from(DAVID)[-1] == ELLA
    o2g.end_calls()


def test_a_hostile_name_is_only_a_name(david: Phone) -> None:
    look_at(david, "70009")
    assert "&" in david.screen.title


def test_help_that_nobody_asks_for_is_not_refused(david: Phone) -> None:
    david.press("Refuse")
    assert david.status == 409
    assert "Help is not asked for any more." in says(david)


def test_an_agent_has_none_of_this(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(ELLA, subState="READY")
    ella = phone(ELLA)
    ella.open("agent")
    assert not {"Agents", "Enter", "Leave"} & {*ella.screen.soft_key_labels}


def test_who_supervises_no_longer_is_told_so(david: Phone, o2g: Simulator) -> None:
    with o2g.failing(error={"path": f"{ACD}/", "status": 403, "type": "NOT_ALLOWED"}):
        david.back()
        assert david.status == 403
        assert says(david).startswith("You are no call-centre agent")


def test_how_many_calls_each_screen_costs(david: Phone, o2g: Simulator) -> None:
    def cost(press: str) -> list[str]:
        before = len(o2g.requests())
        david.back() if press == "back" else david.press(press)
        return sorted(f"{r['method']} {r['path'].rpartition('/')[2]}" for r in o2g.requests()[before:])

    assert cost("Always") == ["GET state", "POST permanentListening"]
    assert cost("Listen") == ["GET state", "POST intrusion"]
    assert cost("Speak") == ["GET state", "PUT intrusion"]
    assert cost("back") == ["GET state"]
    assert cost("Leave") == ["GET state", "PUT intrusion"]
    assert cost("Stop") == ["DELETE permanentListening", "GET state"]
    assert cost("Other") == []


@pytest.fixture
def told(house: DemoHouse, tmp_path: Path) -> Iterator[tuple[PhoneOf, O2G]]:
    """A house whose board of requests for help a test writes on as events do."""
    with in_this_process(house, tmp_path, "off") as running:
        yield running


def test_who_asks_for_help_is_unknown_nobody_or_somebody(told: tuple[PhoneOf, O2G], o2g: Simulator) -> None:
    phone, known = told
    board = known.supervisors.help_board
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    david = phone(DAVID)
    david.open("agent")
    david.press("Agents")
    assert "Who asks for help is not known right now." in says(david)
    board.opened()
    david.open("agent")
    david.press("Agents")
    assert "Nobody asks for help." in says(david)
    board.requested(f"oxe{DAVID}", ELLA)
    david.open("agent")
    assert "1 agent asks for help." in says(david)
    assert david.screen.soft_key_labels[0] == "Agents"
    david.press("Agents")
    david.choose("Ella Novak")
    assert "Refuse" in david.screen.soft_key_labels
    board.cancelled(f"oxe{DAVID}", ELLA)
    look_at(david, ELLA)
    assert "Refuse" not in david.screen.soft_key_labels


def test_help_is_refused(told: tuple[PhoneOf, O2G], o2g: Simulator) -> None:
    phone, known = told
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    ella, david = phone(ELLA), phone(DAVID)
    ella.open("agent")
    ella.press("Help")
    assert o2g.agent(ELLA)["helpAskedOf"] == DAVID
    known.supervisors.help_board.opened()
    known.supervisors.help_board.requested(f"oxe{DAVID}", ELLA)
    look_at(david, ELLA)
    david.press("Refuse")
    assert david.status == 200
    assert o2g.agent(ELLA)["helpAskedOf"] is None


def test_an_agent_sees_that_help_is_asked_for(told: tuple[PhoneOf, O2G], o2g: Simulator) -> None:
    phone, known = told
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    o2g.set_agent(ELLA, subState="READY", pgNumber=SALES)
    known.supervisors.help_board.opened()
    ella = phone(ELLA)
    ella.open("agent")
    assert "No help" not in ella.screen.soft_key_labels
    ella.press("Help")
    known.supervisors.help_board.requested(f"oxe{ELLA}", DAVID)
    ella.open("agent")
    assert "You have called for help." in says(ella)
    assert "Help" not in ella.screen.soft_key_labels
    ella.press("No help")
    (cancelled,) = o2g.requests("DELETE", f"{ACD}/supervisorHelp")[-1:]
    assert dict(httpx.QueryParams(cancelled["query"]))["other"] == DAVID
    assert o2g.agent(ELLA)["helpAskedOf"] is None


def test_events_bring_a_request_to_the_supervisor(house: DemoHouse, tmp_path: Path, o2g: Simulator) -> None:
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    with in_this_process(house, tmp_path, "channel") as (phone, known):
        david = phone(DAVID)
        david.open("agent")
        until(lambda: known.supervisors.help_requests(f"oxe{DAVID}") == ())
        ella = phone(ELLA)
        ella.open("agent")
        ella.press("Help")
        until(lambda: bool(known.supervisors.help_requests(f"oxe{DAVID}")))
        david.open("agent")
        assert "1 agent asks for help." in says(david)
        ella.open("agent")
        assert "You have called for help." in says(ella)
        ella.press("No help")
        until(lambda: known.supervisors.help_requests(f"oxe{DAVID}") == ())
        david.open("agent")
        assert "asks for help" not in says(david)
