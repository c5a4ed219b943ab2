"""The last callers as numbers to choose from: what every screen that asks for a number offers beside the field."""

from collections.abc import Iterable

from prs.screens import Item
from prs_apps.application import Visit
from prs_apps.people import is_voicemail, listed_name
from prs_apps.picking import Pick
from services.communication_log import CallLogFilter
from services.errors import O2GError

RECENT = 4  # callers offered


def recent_callers(visit: Visit, pick: Pick) -> Iterable[Item]:
    """Offer the numbers of the last calls, each once, and not the voicemail's.

    None where O2G does not give them, as the rest still works.
    """
    log = visit.house.o2g.communication_log
    try:
        records = log.page(visit.user.login, CallLogFilter.ALL, 0, RECENT, visit.deadline).records
    except O2GError:
        return
    offered: set[str] = set()
    for record in records:
        party = record.others[0].party if record.others else None
        if party is None or is_voicemail(visit.user, party):
            continue  # listening to messages leaves a record of a call, too
        if party.number and party.number not in offered:
            offered.add(party.number)
            name = listed_name(party.first_name, party.last_name)
            yield Item(name or party.number, detail=party.number if name else "", link=pick.link(party.number))
