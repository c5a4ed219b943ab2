"""Calling a number from the user's own set: what several applications offer, done and shown in one way."""

from prs.links import Link
from prs.screens import Screen, Text
from prs_apps.application import Visit


def call_and_tell(visit: Visit, number: str, name: str, back: Link) -> Screen:
    """Call, and say whom; the set's own telephony takes over from there.

    Raises:
        O2GError: O2G did not make the call.
    """
    visit.house.o2g.telephony.make_call(visit.user.login, visit.device.id, number, visit.deadline)
    return Screen(title=visit._("Calling"), body=(Text(name), Text(number)), back=back)
