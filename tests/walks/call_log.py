"""The call log: each of its views, a call, and the questions before something is deleted."""

from prs.models import phone_models
from tests.walks.walker import Walker

CALLER = "70017"
LONGEST_PAGE = max(model.list_items for model in phone_models().families)


def walk(user: Walker) -> None:
    user.o2g.end_calls()
    user.o2g.missed_call(user.number, CALLER)  # a call that the user placed
    for _ in range(3):
        user.o2g.missed_call(CALLER, user.number)
    user.open("call_log")
    user.see("home")
    for view in ("Missed", "In", "Out", "All"):
        user.press(view)
        user.see(view.lower())
    user.choose(0)
    user.see("record")
    user.press("Delete")
    user.see("ask_delete")
    user.press("Keep")
    user.press("Seen")
    user.see("acknowledged")
    user.choose(0)
    user.press("Delete")
    user.press("Delete")
    user.see("deleted")
    for _ in range(LONGEST_PAGE):
        user.o2g.missed_call(user.number, CALLER)
    user.press("Out")
    user.press("All")
    user.press("Seen")
    user.see("ask_acknowledge_all")
    user.press("Not yet")
    user.press("Missed")
    user.press("Seen")
    user.see("all_acknowledged")
    user.press("Delete")
    user.see("ask_delete_all")
    user.press("Keep")
    user.choose(0)
    user.press("Call")
    user.see("call")
    user.o2g.end_calls()
