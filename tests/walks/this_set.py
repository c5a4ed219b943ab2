"""This set: each room of it once. An associate set is there from the beginning; everything else is put back."""

from prs.language import languages
from prs.models import phone_models
from tests.walks.walker import Walker

ASSOCIATE = "70015"
GROUP, OTHER_GROUP = "10003", "10001"
MEMBER = "large_colour"  # its user is in the group as the world begins
LABEL = "Front desk"
PIN = "2468"


def walk(user: Walker) -> None:
    user.open("this_set")
    user.choose("Associate set")
    user.type_text("Number", ASSOCIATE)
    user.send()
    user.see("home")
    switches(user)
    associate(user)
    hunting(user)
    keys(user)
    pin(user)
    language(user)


def switches(user: Walker) -> None:
    user.press("Lock")
    user.see("locked")
    user.press("Unlock")
    user.choose("Callers may wait")
    user.see("camp_on")
    user.choose("Callers may wait")


def associate(user: Walker) -> None:
    user.choose("Associate set")
    user.see("associate")
    user.type_text("Number", "none")
    user.send()
    user.see("no_number")
    user.back()
    user.choose("Associate set")
    user.choose("No associate set")
    user.choose("Associate set")
    user.see("no_associate")
    user.type_text("Number", ASSOCIATE)
    user.send()


def hunting(user: Walker) -> None:
    user.choose("Group calls")
    user.see("hunting")
    if user.family != MEMBER:
        user.choose(GROUP)
        user.see("joined")
    user.press("Log off")
    user.see("logged_off")
    user.press("Log on")
    user.choose(OTHER_GROUP)
    user.see("ask_join")
    user.press("Stay")
    user.press("Leave")
    user.see("ask_leave")
    user.press("Leave")
    user.see("left")
    if user.family == MEMBER:
        user.choose(GROUP)
        user.see("joined")
    user.back()


def keys(user: Walker) -> None:
    letters = next(model for model in phone_models().families if model.name == user.family).letters
    user.choose("Soft keys")
    user.see("soft_keys")
    user.back()
    user.choose("Programmed keys")
    user.see("keys")
    user.press("Add")
    user.see("free_keys")
    user.choose(0)
    user.see("new_key")
    user.type_text("Number", ASSOCIATE)
    if letters:
        user.type_text("Label", LABEL)
    user.send()
    user.see("key_set")
    user.choose(LABEL if letters else ASSOCIATE)
    user.see("key")
    user.press("Erase")
    user.see("ask_erase")
    user.press("Erase")
    user.see("erased")
    user.back()


def pin(user: Walker) -> None:
    user.choose("PIN")
    user.see("pin")
    user.choose("New PIN")
    user.see("new_pin")
    user.type_text("New PIN", PIN)
    user.type_text("Once more", PIN[::-1])
    user.send()
    user.see("pins_differ")
    user.type_text("New PIN", PIN)
    user.type_text("Once more", PIN)
    user.send()
    user.see("pin_changed")
    user.choose("In a group of sets")
    user.see("pin_of_a_group")
    user.back()
    user.back()


def language(user: Walker) -> None:
    user.choose("Language")
    user.see("languages")
    own = languages().of(user.o2g.language(user.number))
    family = next(model for model in phone_models().families if model.name == user.family)
    if not family.draws(own.script):
        return
    user.choose(own.name_of(own))
    user.see("regions")
    user.choose(str(own.locale.get_territory_name(own.locale) or "") or own.name_of(own))
    user.see("language_chosen")
