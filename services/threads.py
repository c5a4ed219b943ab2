"""Threads for what is done beside requests; the system may have none left to give."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)


def started(work: Callable[[], None], name: str) -> threading.Thread | None:
    """Begin something in a thread of its own, which ends with the process.

    Returns:
        The thread; None: the system gives none now, and nothing was begun. Whoever wants it asks again.
    """
    thread = threading.Thread(target=work, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        log.warning("no_thread", wanted_for=name)
        return None
    return thread
