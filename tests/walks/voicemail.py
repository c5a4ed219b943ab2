"""Voicemail: into the mailbox, two messages that somebody leaves, and out again."""

from tests.walks.walker import Walker

CALLER, URGENT_CALLER = "70017", "70018"


def walk(user: Walker) -> None:
    user.o2g.leave_voice_message(user.number, CALLER, 8)
    user.o2g.leave_voice_message(user.number, URGENT_CALLER, 45, urgent=True)
    password = user.o2g.mailbox_password(user.number)
    user.open("voicemail")
    user.see("home")
    user.send()
    user.see("no_password")
    user.type_text("Password", "0" * 9)
    user.send()
    user.see("wrong_password")
    user.type_text("Password", password)
    user.send()
    user.see("messages")
    user.press("Delete")
    user.see("ask_delete_heard")
    user.press("Keep")
    user.choose(0)
    user.see("message")
    user.press("Listen")
    user.see("listen")
    user.o2g.end_calls()
    user.back()
    user.press("Call")
    user.see("call")
    user.o2g.end_calls()
    user.back()
    user.press("Delete")
    user.see("ask_delete")
    user.press("Delete")
    user.see("deleted")
    user.choose(0)
    user.press("Delete")
    user.press("Delete")
    user.press("Close")
