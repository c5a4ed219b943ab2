"""Calls: what rings is answered, held, recorded, transferred, made a conference; requests to call back."""

from tests.walks.walker import Walker

CALLER, NAME = "70015", "Smith John"
COLLEAGUE = "70013"
OTHERS = ("70016", "70018", "70019", CALLER)


def act(user: Walker, key: str, line: str) -> None:
    """Press the soft key, or choose the line on the family that has no keys."""
    if user.family == "one_line":
        user.choose(line)
    else:
        user.press(key)


def walk(user: Walker) -> None:
    user.o2g.end_calls()
    for other in OTHERS:
        user.o2g.missed_call(other, user.number)  # who was last in touch is offered where a number is asked for
    user.open("calls")
    user.see("home")
    without_a_call(user)
    callbacks(user)
    a_call(user)
    several_calls(user)
    user.o2g.end_calls()


def without_a_call(user: Walker) -> None:
    user.choose("Pick up a call")
    user.see("pick_up")
    user.type_text("Number", COLLEAGUE)
    user.send()
    user.see("nothing_rings")
    user.back()
    user.choose("Take a parked call")
    user.see("unpark")
    user.choose("Parked at this set")
    user.see("nothing_parked")
    user.back()


def callbacks(user: Walker) -> None:
    user.o2g.ask_callback(user.number, CALLER)
    user.choose("Callbacks")
    user.see("callbacks")
    user.press("Ask")
    user.see("ask")
    user.type_text("Number", "none")
    user.send()
    user.see("no_number")
    user.back()
    user.choose(NAME)
    user.see("callback")
    user.press("Call")
    user.see("call_back")
    user.o2g.end_calls()
    user.back()
    user.press("Delete")
    user.see("ask_delete")
    user.press("Delete")
    user.see("deleted")
    user.o2g.ask_callback(user.number, CALLER)
    user.open("calls")
    user.see("home_with_callbacks")
    user.choose("Callbacks")
    user.press("Delete")
    user.see("ask_delete_all")
    user.press("Keep")
    user.choose(NAME)
    user.press("Delete")
    user.press("Delete")


def a_call(user: Walker) -> None:
    user.o2g.call(CALLER, user.number)
    user.open("calls")
    user.see("rings")
    act(user, "Send on", "Send to a number")
    user.see("redirect")
    user.back()
    act(user, "Answer", "Answer")
    user.see("talking")
    act(user, "Send on", "Transfer to a number")
    user.see("blind_transfer")
    user.back()
    act(user, "Code", "Account code")
    user.see("code")
    user.type_text("Code", "0042")
    user.send()
    user.see("with_code")
    act(user, "Record", "Record the call")
    user.see("recorded")
    act(user, "Pause", "Pause recording")
    user.see("recording_paused")
    act(user, "Stop", "Stop recording")
    act(user, "Hold", "Put on hold")
    user.see("on_hold")
    act(user, "More", "More")
    user.see("more")
    user.back()
    user.o2g.end_calls()
    act(user, "Unhold", "Take off hold")
    user.see("ended")


def several_calls(user: Walker) -> None:
    user.o2g.call(CALLER, user.number, answered=True)
    user.o2g.call(user.number, COLLEAGUE)
    user.open("calls")
    user.see("several")
    user.choose(0)
    user.see("calling")
    user.back()
    user.choose(1)
    user.see("held_beside")
    user.o2g.end_calls()
    user.o2g.call("0155501234", user.number, answered=True)
    user.open("calls")
    user.see("from_outside")
    act(user, "Park", "Park the call")
    user.see("park")
    user.back()
    user.o2g.call(user.number, COLLEAGUE, answered=True)
    user.open("calls")
    user.choose(0)
    user.see("with_one_held")
    act(user, "Confer.", "Conference")
    user.see("conference")
    act(user, "Remove", "Remove somebody")
    user.see("remove")
    user.choose(0)
    user.see("ask_remove")
    user.press("Keep")
    act(user, "End all", "End for all")
    user.see("ask_end_for_all")
    user.press("End all")
    user.see("ended_for_all")
