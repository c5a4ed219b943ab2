"""Who is an operator of the call centre, as known in memory: for rules that a request must not wait for."""

from typing import Protocol

import structlog

from services.deadline import Deadline
from services.errors import O2GError

SECONDS = 5.0
NOBODY = ""

log = structlog.get_logger(__name__)


class Operators(Protocol):
    """Knows the operators: `services.agent.Agents`."""

    def is_operator(self, login: str, deadline: Deadline) -> bool:
        """Tell whether a user is one, asking O2G where that is not remembered."""

    def known_operators(self) -> frozenset[str] | None:
        """Give all of them as O2G told last; None: it has told nothing yet."""


class KnownOperators:
    """What O2G told last."""

    def __init__(self, operators: Operators) -> None:
        """Take who asks O2G."""
        self._operators = operators
        self._reported = False

    def has(self, login: str) -> bool | None:
        """Tell whether a user is an operator; None: nobody knows. Asks nobody."""
        known = self._operators.known_operators()
        return None if known is None else login in known

    def refresh(self, *, wanted: bool) -> None:
        """Have O2G asked again where what it told is too old, if anybody wants to know."""
        if not wanted:
            return
        try:
            self._operators.is_operator(NOBODY, Deadline.after(SECONDS))
        except O2GError as error:
            if not self._reported:
                log.warning("operators_unknown", reason=error.type)
            self._reported = True
        else:
            self._reported = False
