"""Forwarding: each toggle, each destination, and back to where it was."""

from tests.walks.walker import Walker


def walk(user: Walker) -> None:
    user.open("forwarding")
    user.see("home")
    user.choose("Do not disturb")
    user.see("do_not_disturb")
    user.choose("Do not disturb")
    user.choose("Forward")
    user.see("forward")
    user.choose("When busy")
    user.see("destination")
    user.choose("Voicemail")
    user.see("forwarded_to_voicemail")
    user.choose("Forward")
    user.see("forward_that_is_on")
    user.choose("At once")
    user.type_text("Number", "none")
    user.send()
    user.see("no_number")
    user.type_text("Number", "70015")
    user.send()
    user.see("forwarded_to_a_number")
    user.choose("Forward")
    user.choose("Switch off")
    user.choose("Overflow")
    user.see("overflow")
    user.choose("Busy or no answer")
    user.choose("From the directory")
    user.see("from_the_directory")
    user.open("forwarding")
