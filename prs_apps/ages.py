"""What is shown while O2G cannot be asked: what it said last, and when that was."""

from typing import Any

from prs.dates import when
from prs.links import Link
from prs.screens import SoftKey, Text
from prs_apps.application import Visit
from services.live.known import Known


def told(visit: Visit, known: Known[Any] | None) -> tuple[Text, ...]:
    """Say how old a value is, first on the screen; nothing of one that is true now."""
    if known is None or known.live:
        return ()
    moment = when(known.as_of, visit.house.now(), visit.zone, visit.language)
    return (Text(visit._("No answer from the telephone system. As of {moment}:", moment=moment)),)


def retry(visit: Visit, known: Known[Any] | None, again: Link) -> tuple[SoftKey, ...]:
    """Offer to ask once more, where a screen shows what was."""
    return () if known is None or known.live else (SoftKey(visit._("Retry"), again),)
