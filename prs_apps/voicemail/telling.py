"""What screens say of a mailbox and of a message."""

from datetime import timedelta

from prs.dates import exactly_when, how_long, when
from prs.errors import N_
from prs_apps.application import Visit
from prs_apps.people import full_name, listed_name
from services.voicemail import MailboxInfo, VoiceMessage

NEARLY_FULL = 90  # percent of the storage in use from which a user had better tidy up
FULL = 100
WIDE = 40  # columns of a set that has room for a message's length beside its time
URGENT_MARK = "! "  # before the name: sets that draw no icons show it, too
NEW, URGENT = N_("new"), N_("urgent")


def listed(visit: Visit, message: VoiceMessage) -> tuple[str, str, str]:
    """Give a message's line: its label, its detail, its icon."""
    sender = message.sender
    name = listed_name(sender.first_name, sender.last_name) if sender else ""
    label = name or number_of(message) or visit._("Unknown caller")
    moment = when(message.left, visit.house.now(), visit.zone, visit.language) if message.left else ""
    long = length_of(message) if visit.model.columns >= WIDE else ""
    return (
        (URGENT_MARK if message.urgent else "") + label,
        " ".join(filter(None, (moment, long))),
        "message" if message.new else "",
    )


def name_of(visit: Visit, message: VoiceMessage) -> str:
    """Name who left a message."""
    sender = message.sender
    name = full_name(sender.first_name, sender.last_name) if sender else ""
    return name or number_of(message) or visit._("Unknown caller")


def number_of(message: VoiceMessage) -> str:
    """Give the number to call back; empty where it was hidden."""
    return message.sender.number if message.sender else ""


def length_of(message: VoiceMessage) -> str:
    """Tell how long a message is; empty where O2G does not say."""
    return "" if message.seconds is None else how_long(timedelta(seconds=message.seconds))


def left_at(visit: Visit, message: VoiceMessage) -> str:
    """Tell when a message was left; empty where O2G does not say."""
    return exactly_when(message.left, visit.zone, visit.language) if message.left else ""


def kind_of(visit: Visit, message: VoiceMessage) -> str:
    """Tell a message's length, and whether it is new or urgent: "0:08, new"."""
    new, urgent = visit._(NEW) if message.new else "", visit._(URGENT) if message.urgent else ""
    return ", ".join(filter(None, (length_of(message), new, urgent)))


def warning_of(visit: Visit, info: MailboxInfo) -> str:
    """Warn of a mailbox that is nearly full, or full; empty where there is no need to."""
    if info.storage is None or info.storage < NEARLY_FULL:
        return ""
    if info.storage >= FULL:
        return visit._("The mailbox is full: nobody can leave a message.")
    return visit._("The mailbox is nearly full: {percent} % used.", percent=info.storage)


def storage_of(visit: Visit, info: MailboxInfo) -> str:
    """Tell how much of the storage is used; empty where O2G does not say, or a warning tells it."""
    if info.storage is None or info.storage >= NEARLY_FULL:
        return ""
    return visit._("{percent} % storage used", percent=info.storage)
