"""How Touchline logs: one JSON object a line, nothing personal in it; on standard output, where a server writes nothing
else, and on standard error in commands, whose output is theirs."""

import logging
import sys
import traceback
from types import TracebackType

import structlog

# What these say is about the code. Others quote what they could not use, which may be a name, a number, a password.
ABOUT_CODE = (TypeError, AttributeError, NameError, ImportError, NotImplementedError, RecursionError)


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
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(out),
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
