"""Reading one message from O2G into the store: what O2G has given away exists nowhere else until it is kept."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from services.mini_messages import MiniMessage
from store.errors import StoreGone
from store.messages import MessageStore, ReceivedMessage

PATIENCE_SECONDS = 60.0  # how long a store that went away meanwhile is tried
PAUSE_SECONDS = 0.5
INTERRUPTED_AFTER = timedelta(minutes=2)  # by then a reading has ended, or its process has

log = structlog.get_logger(__name__)


class Reading:
    """One reading, noted in the store before O2G is asked.

    `keep` and `nothing` are for `services.mini_messages`, which calls one of them in a thread of its own. `kept` is the
    id of the message, once it is kept; `gave_none` tells that O2G surely gave none.
    """

    def __init__(
        self,
        store: MessageStore,
        login: str,
        now: Callable[[], datetime],
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        """Note the reading.

        Raises:
            StoreGone: nothing can be kept: O2G must not be asked.
        """
        self.kept: int | None = None
        self.gave_none = False
        self._store = store
        self._login = login
        self._now = now
        self._patience = patience
        self._reading = store.begin(login, now())

    def keep(self, message: MiniMessage) -> None:
        """Keep what O2G gave; a store that went away meanwhile is tried for a minute.

        Raises:
            StoreGone: it did not come back; the message is lost.
        """
        received = ReceivedMessage(message.sender, message.date, message.text)
        end = time.monotonic() + self._patience
        while True:
            try:
                self.kept = self._store.keep(self._reading, self._login, received, self._now())
            except StoreGone:
                if time.monotonic() >= end:
                    raise
                log.warning("message_waits_for_the_store")
                time.sleep(PAUSE_SECONDS)
            else:
                return

    def nothing(self) -> None:
        """Note that O2G gave none.

        Raises:
            StoreGone: the user may be told of a lost message, although there was none.
        """
        self.gave_none = True
        self._store.end(self._reading)
