"""People's names, as a list sorts them and as a card greets them."""

import re

from prs_apps.application import Visit
from services.parties import Party
from services.users import User

VOICEMAIL = "voicemail"  # the sub-type of a party (ParticipantType)
# Chinese, Japanese and Korean names are written last name first, without a space.
EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")


def full_name(first_name: str, last_name: str) -> str:
    """Write a name as it is spoken: first name, last name; either may be empty."""
    first_name, last_name = first_name.strip(), last_name.strip()
    if EAST_ASIAN.fullmatch(first_name) and EAST_ASIAN.fullmatch(last_name):
        return last_name + first_name
    return " ".join(part for part in (first_name, last_name) if part)


def listed_name(first_name: str, last_name: str) -> str:
    """Write a name as it is looked up: last name, first name; either may be empty."""
    return " ".join(part for part in (last_name.strip(), first_name.strip()) if part)


def is_voicemail(user: User, party: Party) -> bool:
    """Tell whether a party is the voicemail: O2G says so, or it has the number of the user's."""
    own = user.voicemail.number if user.voicemail else ""
    return party.detail.lower() == VOICEMAIL or (bool(own) and party.number == own)


def spoken_name(visit: Visit, party: Party) -> str:
    """Name a party as on a card: the voicemail by what it is; whoever has no name by the number, which may be empty."""
    if is_voicemail(visit.user, party):
        return visit._("Voicemail")
    return full_name(party.first_name, party.last_name) or party.number


def name_in_list(visit: Visit, party: Party) -> str:
    """Name a party as in a list; empty without a name."""
    return visit._("Voicemail") if is_voicemail(visit.user, party) else listed_name(party.first_name, party.last_name)
