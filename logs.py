"""How Touchline logs: one JSON object a line, nothing personal in it; on standard output, where a server writes nothing
else, and on standard error in commands, whose output is theirs."""

import json
import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO, cast

import structlog

# What these say is about the code. Others quote what they could not use, which may be a name, a number, a password.
ABOUT_CODE = (TypeError, AttributeError, NameError, ImportError, NotImplementedError, RecursionError)

# One list for ever: a logger keeps the one that it was first used with, and another server of this process makes anew.
_PROCESSORS: list[structlog.typing.Processor] = []


class _Unfailing:
    """Writes lines, and goes without those that cannot be written: a full disk must not take screens away.

    The first one that can be written again is followed by how many could not; the oldest of them may come late.
    """

    def __init__(self, stream: TextIO) -> None:
        """Write there."""
        self._stream = stream
        self._unwritten = 0

    def write(self, text: str) -> int:
        """Write a line; structlog calls this with its lock held, then `flush`."""
        try:
            self._stream.write(text)
            self._stream.flush()
            if self._unwritten:
                count, self._unwritten = self._unwritten, 0
                self._stream.write(json.dumps({"event": "log.unwritten", "level": "error", "lines": count}) + "\n")
                self._stream.flush()
        except OSError:
            self._unwritten += 1
        return len(text)

    def flush(self) -> None:
        """Do nothing: `write` has flushed."""


def set_up(level: str, *, command: bool = False) -> None:
    """Send every log line, ours and our libraries', to standard output as JSON.

    Args:
        level: least level that is logged: DEBUG, INFO, WARNING, ERROR.
        command: for a command, whose log goes to standard error and leaves out what a server tells of itself.
    """
    out = sys.stderr if command else sys.stdout
    level = "WARNING" if command and level == "INFO" else level
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_where),
    ]
    _PROCESSORS[:] = [*shared, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _Unfailing(out))),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpx", "httpcore"):  # they log whole addresses, with names and numbers in them
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _where(exc_info: tuple[type[BaseException], BaseException, TracebackType | None]) -> str:
    """Tell where an exception and its causes were raised; in their own words only where these are about the code."""
    told: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None and len(told) < 20:
        words = f": {error}" if isinstance(error, ABOUT_CODE) else ""
        told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__ + words)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by\n".join(told)
