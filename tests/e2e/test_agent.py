"""The call centre, as its agents use it: after each step the screen tells the state that O2G reports."""

from collections.abc import Iterator

import httpx
import pytest

from simulators.demo.house import DemoHouse, demo_house
from tests.e2e.any_set import act, says
from tests.house import PhoneOf, Simulator
from tests.phone import Phone

NOBODY, SMALL, DAVID, ELLA, FIXED, UNCONCERNED = "70000", "70002", "70003", "70004", "70005", "70006"
OPERATORS = ["70001", SMALL, DAVID, ELLA]  # each family; the first and third are supervisors
SALES, SUPPORT, RECEPTION, SEAT = "61001", "61002", "61003", "51001"
ACD = "/acd/agent"


@pytest.fixture(scope="module")
def house() -> Iterator[DemoHouse]:
    """A house without events, where no supervisor is at work unless a test says so."""
    with demo_house(users=100, settings={"TOUCHLINE_LIVE_STATE": "off"}) as running:
        yield running


@pytest.fixture(autouse=True)
def logged_off(o2g: Simulator) -> None:
    for number in (*OPERATORS, FIXED):
        o2g.set_agent(number, mainState="LOG_OFF")


@pytest.fixture(params=OPERATORS)
def operator(request: pytest.FixtureRequest, phone: PhoneOf) -> Phone:
    operator = phone(request.param)
    operator.open("agent")
    return operator


@pytest.fixture
def ella(phone: PhoneOf, o2g: Simulator) -> Phone:
    """An agent who is ready, in the sales."""
    o2g.set_agent(ELLA, subState="READY", pgNumber=SALES)
    ella = phone(ELLA)
    ella.open("agent")
    return ella


def state(o2g: Simulator, number: str) -> str:
    found = o2g.agent(number)["state"]
    return str(found.get("subState") or found["mainState"])


def keys(user: Phone) -> list[str]:
    return user.screen.soft_key_labels


def test_only_operators_find_it_in_the_menu(phone: PhoneOf) -> None:
    assert "Call centre" not in phone(NOBODY).open().labels
    assert "Call centre" in phone(ELLA).open().labels


def test_who_is_no_operator_is_told_so_in_words(phone: PhoneOf) -> None:
    anna = phone(NOBODY)
    anna.open("agent")
    assert anna.status == 403
    assert says(anna).startswith("You are no call-centre agent")
    assert "Code" not in says(anna)


def test_a_day_at_the_call_centre(operator: Phone, o2g: Simulator) -> None:
    number = operator.number
    assert "You are logged off." in says(operator)
    act(operator, "Log on")
    operator.choose(f"Group {SALES}")
    assert "You are ready." in says(operator)
    assert f"Group {SALES}." in says(operator)
    act(operator, "Pause", "Take a pause")
    assert "You are in a pause." in says(operator)
    assert state(o2g, number) == "PAUSE"
    act(operator, "Withdr.", "Withdraw")
    assert operator.screen.choices[1].label == "Meeting"
    operator.choose("Meeting")
    assert "You are withdrawn: Meeting." in says(operator)
    assert o2g.agent(number)["state"]["withdrawReason"] == 2
    act(operator, "Ready", "Ready for calls")
    act(operator, "Wrap-up", "Go into wrap-up")
    assert "You are in wrap-up." in says(operator)
    act(operator, "Ready", "Ready for calls")
    assert state(o2g, number) == "READY"
    act(operator, "Log off")
    operator.press("Log off")
    assert "You are logged off." in says(operator)
    assert state(o2g, number) == "LOG_OFF"


def test_why_an_agent_is_withdrawn_is_told_after_a_while_too(ella: Phone, o2g: Simulator) -> None:
    o2g.set_agent(ELLA, subState="WITHDRAW", pgNumber=SALES, withdrawReason=3)
    ella.open("agent")
    assert "You are withdrawn: Coffee break." in says(ella)
    assert keys(ella)[0] == "Ready"


@pytest.mark.parametrize(
    ("sub_state", "sentence", "first"),
    [
        ("BUSY", "You are in a call.", "Help"),
        ("TRANSACTION_CODE_INPUT", "Your set waits for a transaction code.", "Ready"),
        ("WRAPUP_EMAIL", "You are in wrap-up.", "Ready"),
        ("PAUSE", "You are in a pause.", "Ready"),
        ("WITHDRAW", "You are withdrawn.", "Ready"),
        ("READY", "You are ready.", "Pause"),
    ],
)
def test_a_state_is_a_sentence_and_its_likely_step_the_first_key(
    ella: Phone, o2g: Simulator, sub_state: str, sentence: str, first: str
) -> None:
    o2g.set_agent(ELLA, subState=sub_state)
    ella.open("agent")
    assert sentence in says(ella)
    assert keys(ella)[0] == first


@pytest.mark.parametrize(
    ("main_state", "sentence"),
    [("ERROR", "The call centre reports an error."), ("UNKNOWN", "Your state is not known.")],
)
def test_a_state_that_O2G_does_not_know(ella: Phone, o2g: Simulator, main_state: str, sentence: str) -> None:
    o2g.set_agent(ELLA, mainState=main_state)
    ella.open("agent")
    assert says(ella) == sentence
    assert "Log off" in keys(ella)


def test_an_agent_logs_on_at_another_set_without_the_headset(phone: PhoneOf, o2g: Simulator) -> None:
    ella = phone(ELLA)
    ella.open("agent")
    ella.press("Log on")
    ella.press("Change")
    ella.post(ella.screen.form, {"pro_acd": SEAT, "headset": "false"})
    assert f"At set {SEAT}. Without headset." in says(ella)
    ella.press("Log on")
    assert f"Group {SALES}. At set {SEAT}." in says(ella)
    assert o2g.agent(ELLA)["config"]["headset"] is False
    ella.press("Log off")
    ella.press("Log off")
    ella.press("Log on")
    ella.press("Change")
    ella.post(ella.screen.form, {"pro_acd": ELLA, "headset": "true"})
    ella.press("Log on")
    assert o2g.agent(ELLA)["config"]["headset"] is True


def test_an_agent_of_one_set_and_one_group_is_asked_for_neither_and_begins_withdrawn(
    house: DemoHouse, phone: PhoneOf, o2g: Simulator
) -> None:
    httpx.put(f"{house.o2g.control}/users/{FIXED}", json={"language": "en"}).raise_for_status()
    frank = phone(FIXED)
    frank.open("agent")
    frank.press("Log on")
    assert [choice.label for choice in frank.screen.choices] == ["Log on"]
    assert "Change" not in keys(frank)
    frank.press("Log on")
    assert "You are withdrawn." in says(frank)
    assert o2g.agent(FIXED)["state"]["proAcdDeviceNumber"] == FIXED


@pytest.mark.parametrize("typed", ["", "Anna", "7" * 60, "<script>", "12;34"])
def test_what_is_no_set_is_not_asked_for(phone: PhoneOf, o2g: Simulator, typed: str) -> None:
    ella = phone(ELLA)
    ella.open("agent")
    ella.press("Log on")
    ella.press("Change")
    ella.type_text("Set number", typed)
    ella.send()
    assert ella.status == 400
    assert "Enter a number that can be called." in says(ella)


def test_a_set_where_nobody_can_log_on(phone: PhoneOf) -> None:
    ella = phone(ELLA)
    ella.open("agent")
    ella.press("Log on")
    ella.press("Change")
    ella.type_text("Set number", "99999")
    ella.send()
    ella.press("Log on")
    assert ella.status == 400
    assert "Nobody can log on at this set." in says(ella)
    assert "Change" in keys(ella)


def test_a_set_where_somebody_else_is_logged_on(phone: PhoneOf, o2g: Simulator) -> None:
    ella = phone(ELLA)
    ella.open("agent")
    ella.press("Log on")
    o2g.set_agent(SMALL, subState="READY", proAcdDeviceNumber=ELLA)
    ella.press("Log on")
    assert ella.status == 409
    assert "Somebody else may be logged on at this set." in says(ella)
    assert "You are logged off." in says(ella)


def test_a_group_without_reasons_asks_before_an_agent_withdraws(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(SMALL, subState="READY", pgNumber=RECEPTION)
    clara = phone(SMALL)
    clara.open("agent")
    clara.press("Withdr.")
    assert clara.screen.question == "Take no more calls?"
    clara.press("Withdraw")
    assert "You are withdrawn." in says(clara)
    assert state(o2g, SMALL) == "WITHDRAW"


def test_reasons_in_any_script_or_without_a_label(ella: Phone, o2g: Simulator) -> None:
    o2g.set_agent(ELLA, subState="READY", pgNumber=SUPPORT)
    ella.open("agent")
    ella.press("Withdr.")
    labels = [choice.label for choice in ella.screen.choices]
    assert labels[4:6] == ["<Training>", "Reason 6"]
    ella.choose("<Training>")
    assert "You are withdrawn: <Training>." in says(ella)
    ella.press("Withdr.")
    ella.choose("Reason 6")
    assert "You are withdrawn: Reason 6." in says(ella)


def test_skills_are_switched_off_and_on(ella: Phone, o2g: Simulator) -> None:
    def active() -> set[int]:
        return {skill["number"] for skill in o2g.agent(ELLA)["config"]["skills"]["skills"] if skill["active"]}

    ella.press("Skills")
    assert [(item.label, item.detail) for item in ella.screen.items] == [
        ("Skill 7, level 5", "on"),
        ("Skill 44, level 3", "off"),
        ("Skill 100, level 9", "on"),
    ]
    ella.choose("Skill 44, level 3")
    assert ella.screen.items[1].detail == "on"
    assert active() == {7, 44, 100}
    ella.choose("Skill 44, level 3")
    assert active() == {7, 100}
    assert ella.back().id == "agent.home"


def test_a_skill_that_is_taken_away_meanwhile(ella: Phone, o2g: Simulator) -> None:
    ella.press("Skills")
    with o2g.failing(error={"path": f"{ACD}/config/skills", "status": 400, "type": "BAD_PARAMETER"}):
        ella.choose("Skill 44, level 3")
    assert ella.status == 409
    assert "This skill is not yours any more." in says(ella)
    assert ella.screen.items[1].detail == "off"


def test_help_is_called_for_and_cancelled(ella: Phone, o2g: Simulator) -> None:
    ella.press("Help")
    assert ella.status == 409
    assert "No supervisor is there, or one was asked already." in says(ella)
    o2g.set_agent(DAVID, subState="READY", pgNumber=SALES)
    ella.press("Help")
    assert ella.status == 200
    assert o2g.agent(ELLA)["helpAskedOf"] == DAVID
    ella.press("No help")
    assert ella.status == 200
    assert o2g.agent(ELLA)["helpAskedOf"] is None
    ella.press("No help")
    assert ella.status == 409
    assert "Help is not asked for any more." in says(ella)


def test_a_supervisor_does_not_call_for_help(phone: PhoneOf, o2g: Simulator) -> None:
    o2g.set_agent(DAVID, subState="READY")
    david = phone(DAVID)
    david.open("agent")
    assert not {"Help", "No help"} & {*keys(david)}


STEPS = {
    "Pause": ("POST", "pause"),
    "Wrap-up": ("POST", "wrapUp"),
    "Help": ("POST", "supervisorHelp"),
    "No help": ("DELETE", "supervisorHelp"),
}
REFUSALS = {
    "NOT_EXPECTED": (403, 409),
    "NOT_ALLOWED": (403, 403),
    "BAD_PARAMETER": (400, 400),
    "NOT_FOUND": (403, 400),
}


@pytest.mark.parametrize("refusal", list(REFUSALS))
@pytest.mark.parametrize("step", list(STEPS))
def test_a_step_that_O2G_refuses_is_explained_beside_the_true_state(
    ella: Phone, o2g: Simulator, step: str, refusal: str
) -> None:
    method, operation = STEPS[step]
    status, shown = REFUSALS[refusal]
    with o2g.failing(error={"path": f"{ACD}/{operation}", "method": method, "status": status, "type": refusal}):
        ella.press(step)
    assert ella.status == shown
    assert ella.screen.id == "agent.home"
    assert len(ella.screen.lines) >= 3  # a word of explanation, the state, the group
    assert "You are ready." in says(ella)


def test_O2G_out_of_order_is_an_error_and_no_refusal(ella: Phone, o2g: Simulator) -> None:
    with o2g.failing(error={"path": f"{ACD}/pause", "status": 500, "type": "SERVER_PROBLEM"}):
        ella.press("Pause")
    assert ella.status == 502
    assert ella.screen.title == "Not possible"


def test_without_a_licence_it_says_so(ella: Phone, o2g: Simulator) -> None:
    with o2g.failing(error={"path": f"{ACD}/", "status": 403, "type": "NOT_ALLOWED"}):
        ella.open("agent")
        assert ella.status == 403
        assert "no licence left for you." in says(ella)
        assert keys(ella) == []


def test_an_agent_who_was_logged_off_meanwhile(ella: Phone, o2g: Simulator) -> None:
    o2g.set_agent(ELLA, mainState="LOG_OFF")
    ella.press("Pause")
    assert ella.status == 409
    assert says(ella) == "This is not possible right now. You are logged off."
    assert keys(ella)[0] == "Log on"


def test_a_group_that_the_agent_left_meanwhile_gives_no_reasons(ella: Phone, o2g: Simulator) -> None:
    with o2g.failing(error={"path": f"{ACD}/withdrawReasons", "status": 403, "type": "NOT_ALLOWED"}):
        ella.press("Withdr.")
    assert ella.status == 403
    assert "You are ready." in says(ella)


def test_a_reason_that_is_gone_meanwhile(ella: Phone, o2g: Simulator) -> None:
    ella.press("Withdr.")
    with o2g.failing(error={"path": f"{ACD}/withdraw", "method": "POST", "status": 400, "type": "BAD_PARAMETER"}):
        ella.choose("Lunch")
    assert ella.status == 409
    assert "This reason is not there any more." in says(ella)
    assert "You are ready." in says(ella)


def test_reasons_that_cannot_be_read_do_not_hide_the_state(ella: Phone, o2g: Simulator) -> None:
    o2g.set_agent(ELLA, subState="WITHDRAW", withdrawReason=1)
    with o2g.failing(error={"path": f"{ACD}/withdrawReasons", "status": 500, "type": "SERVER_PROBLEM"}):
        ella.open("agent")
    assert ella.status == 200
    assert "You are withdrawn." in says(ella)


def test_logging_off_twice_logs_off_once(ella: Phone, o2g: Simulator) -> None:
    ella.press("Log off")
    assert ella.screen.question == "Log off from the call centre?"
    answer = next(entry.href for entry in ella.screen.answers if entry.label == "Log off")
    before = o2g.request_count("POST", f"{ACD}/logoff")
    ella.get(answer)
    ella.get(answer)
    assert ella.status == 409
    assert "Nothing was done twice." in says(ella)
    assert o2g.request_count("POST", f"{ACD}/logoff") == before + 1


def test_an_agent_may_stay(ella: Phone, o2g: Simulator) -> None:
    ella.press("Log off")
    ella.press("Stay")
    assert "You are ready." in says(ella)
    assert state(o2g, ELLA) == "READY"


def test_how_many_calls_each_screen_costs(ella: Phone, o2g: Simulator) -> None:
    def cost(press: str) -> list[str]:
        before = len(o2g.requests())
        ella.open("agent") if press == "open" else ella.press(press)
        return sorted(f"{r['method']} {r['path'].rpartition('/')[2]}" for r in o2g.requests()[before:])

    assert cost("open") == ["GET state"]
    assert cost("Pause") == ["GET state", "POST pause"]
    assert cost("Ready") == ["GET state", "POST ready"]
    assert cost("Withdr.") == ["GET withdrawReasons"]
    assert cost_of_choice(ella, o2g, "Lunch") == ["GET state", "POST withdraw"]
    assert cost("open") == ["GET state", "GET withdrawReasons"]
    assert cost("Skills") == ["GET config"]
    assert cost_of_choice(ella, o2g, "Skill 44, level 3") == ["GET config", "POST activate"]
    assert cost_of_choice(ella, o2g, "Skill 44, level 3") == ["GET config", "POST deactivate"]


def cost_of_choice(user: Phone, o2g: Simulator, line: str) -> list[str]:
    before = len(o2g.requests())
    user.choose(line)
    return sorted(f"{r['method']} {r['path'].rpartition('/')[2]}" for r in o2g.requests()[before:])


def test_the_menu_asks_for_operators_once_for_everybody(phone: PhoneOf, o2g: Simulator) -> None:
    for number in (UNCONCERNED, ELLA, SMALL):
        phone(number).open()
    assert o2g.request_count("GET", "/logins") == 1
    asked_about = {r["query"] for r in o2g.requests("GET", ACD)}
    assert f"loginName=oxe{UNCONCERNED}" not in asked_about  # it would take an agent licence
