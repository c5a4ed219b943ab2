"""The call centre, as a supervisor uses it: who may do all that an agent does, but for calling for help."""

from tests.walks.walker import Walker

USERS = {"one_line": "70001", "small": "70015", "large": "70003", "large_colour": "70010"}
AGENT = "70004"


def act(user: Walker, key: str, line: str) -> None:
    """Press the soft key, or choose the line on the family that has no keys."""
    if user.family == "one_line":
        user.choose(line)
    else:
        user.press(key)


def walk(user: Walker) -> None:
    user.o2g.set_agent(user.number, mainState="LOG_OFF")
    user.o2g.set_agent(AGENT, subState="READY")
    user.open("agent")
    user.see("home")
    log_on(user)
    rest(user)
    skills(user)
    groups(user)
    team(user)
    in_a_call(user)
    if user.family == "small":
        user.choose("Log off")  # its six keys are taken by what is likelier
    else:
        act(user, "Log off", "Log off")
    user.see("ask_log_off")
    user.press("Log off")
    user.o2g.set_agent(AGENT, mainState="LOG_OFF")


def log_on(user: Walker) -> None:
    act(user, "Log on", "Log on")
    user.see("log_on")
    user.press("Change")
    user.see("place")
    user.type_text("Set number", "none")
    user.send()
    user.see("no_set")
    user.type_text("Set number", user.number)
    user.send()
    user.press("Log on")
    user.see("ready")


def rest(user: Walker) -> None:
    act(user, "Pause", "Take a pause")
    user.see("pause")
    act(user, "Withdr.", "Withdraw")
    user.see("reasons")
    user.choose("Coffee break")
    user.see("withdrawn")
    act(user, "Ready", "Ready for calls")
    act(user, "Wrap-up", "Go into wrap-up")
    user.see("wrap_up")
    act(user, "Ready", "Ready for calls")


def skills(user: Walker) -> None:
    act(user, "Skills", "Your skills")
    user.see("skills")
    user.choose(0)
    user.see("skill_off")
    user.choose(0)
    user.back()


def groups(user: Walker) -> None:
    act(user, "Leave", "Leave the group")
    user.see("no_group")
    act(user, "Enter", "Enter a group")
    user.see("groups")
    user.choose(0)


def team(user: Walker) -> None:
    act(user, "Agents", "Help and listen")
    user.see("team")
    act(user, "Other", "Another agent")
    user.see("choose")
    user.type_text("Number", "none")
    user.send()
    user.see("no_number")
    user.type_text("Number", AGENT)
    user.send()
    user.see("agent")
    act(user, "Listen", "Listen to this call")
    user.see("no_call")
    act(user, "Always", "Listen to all calls")
    user.see("listening")


def in_a_call(user: Walker) -> None:
    user.o2g.set_agent(AGENT, subState="BUSY")
    act(user, "Listen", "Listen to this call")
    user.see("joined")
    act(user, "Whisper", "Whisper to the agent")
    user.see("whispering")
    user.back()
    user.see("team_in_a_call")
    act(user, "Leave", "Leave the call")
    user.see("left")
    act(user, "Stop", "Stop listening")
    user.see("stopped")
    user.back()
