"""The directory: by name or, without letters, by keypad."""

from tests.walks.walker import Walker

LINDQVIST = "54637"  # its first letters' keys


def walk(user: Walker) -> None:
    user.open("directory")
    user.see("home")
    if user.family == "one_line":
        user.key(LINDQVIST)
        user.settle()
        user.see("keypad")
        user.choose(0)
    else:
        user.press("Keypad")
        user.see("keypad_help")
        user.key(LINDQVIST)
        user.settle()
        user.see("keypad")
        user.press("Letters")
        user.type_text("Name", "xqzwv")
        user.press("Search")
        user.settle()
        user.see("nobody")
        user.press("Change")
        user.send()
        user.settle()
        user.back()
        user.type_text("Name", "lindqvist")
        user.send()
        user.settle()
    user.see("card")
    user.press("Call")
    user.see("call")
    user.o2g.end_calls()
