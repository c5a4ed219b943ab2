"""How the simulator fails when it is told to, by its options or its control interface; what is told is the same."""

import math
import random
from enum import StrEnum
from http import HTTPStatus

from pydantic import BaseModel, ConfigDict, Field, field_validator

from simulators.o2g.wire.answers import ErrorType

PREFIX = "/api/rest/1.0"
STATUSES = frozenset(status.value for status in HTTPStatus)


class Distribution(StrEnum):
    """How latency is spread: none, evenly by `jitter_ms` on both sides, or with a long tail whose median is given."""

    CONSTANT = "constant"
    UNIFORM = "uniform"
    LOGNORMAL = "lognormal"


class ChannelFault(StrEnum):
    """What can happen to an event channel."""

    CUT = "cut"  # the connection is reset
    TRUNCATED = "truncated"  # the next event breaks off, and the connection with it
    SPLIT = "split"  # the next event arrives in two parts, parted inside a character
    MALFORMED = "malformed"  # a line is no JSON; the channel goes on


def begins(path: str, wanted: str) -> bool:
    """Tell whether a request's path begins so; `wanted` is given with or without /api/rest/1.0."""
    return path.startswith(wanted) or path.removeprefix(PREFIX).startswith(wanted)


class ErrorAt(BaseModel):
    """An error instead of an answer, for requests whose path begins so: from the n-th on, so many times.

    `path` may be given with or without /api/rest/1.0; `status` is one that HTTP names (O2G's error body carries the
    name); `type` is one of O2G's (INVALID_SESSION, …), by default the one that fits the status; `says` is O2G's reason.
    """

    model_config = ConfigDict(extra="forbid")

    path: str = "/"
    method: str = ""
    status: int = Field(default=500, ge=400, le=599)
    type: str | None = None
    says: str = ""
    nth: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)

    @field_validator("status")
    @classmethod
    def _has_a_name(cls, status: int) -> int:
        if status not in STATUSES:
            raise ValueError("no status that HTTP names")
        return status

    @field_validator("type")
    @classmethod
    def _is_one_of_o2gs(cls, name: str | None) -> str | None:
        if name is not None and name not in ErrorType.__members__:
            raise ValueError(f"one of {', '.join(ErrorType.__members__)}")
        return name

    def meets(self, method: str, path: str) -> bool:
        """Tell whether a request is one of those."""
        return begins(path, self.path) and self.method.upper() in ("", method)


class Faults(BaseModel):
    """Everything that may go wrong; as it is made, nothing does.

    Attributes:
        latency_ms, jitter_ms, distribution: time before each answer.
        not_ready: everything answers NOT_READY; not_ready_seconds: so do the seconds after each start.
        reset: so many connections are cut instead of an answer; reset_path: only for paths that begin so (as `errors`).
        slow_bytes_per_second: pace of bodies, 0 for full; truncated: so many bodies break off in the middle.
        search_stuck: searches find nothing, for ever; search_timeout: they end with TIMEOUT.
        channel_every, channel_fault: that fault after every so many events of a channel; 0 for never.
        errors: to come, by the beginning of the path.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    latency_ms: float = Field(default=0.0, ge=0)
    jitter_ms: float = Field(default=0.0, ge=0)
    distribution: Distribution = Distribution.UNIFORM
    not_ready: bool = False
    not_ready_seconds: float = Field(default=0.0, ge=0)
    reset: int = Field(default=0, ge=0)
    reset_path: str = "/"
    slow_bytes_per_second: int = Field(default=0, ge=0)
    truncated: int = Field(default=0, ge=0)
    search_stuck: bool = False
    search_timeout: bool = False
    channel_every: int = Field(default=0, ge=0)
    channel_fault: ChannelFault = ChannelFault.CUT
    errors: list[ErrorAt] = Field(default_factory=list)

    def seconds(self) -> float:
        """Draw how long an answer takes."""
        if not self.latency_ms and not self.jitter_ms:
            return 0.0
        match self.distribution:
            case Distribution.CONSTANT:
                drawn = self.latency_ms
            case Distribution.UNIFORM:
                drawn = self.latency_ms + random.uniform(-self.jitter_ms, self.jitter_ms)
            case Distribution.LOGNORMAL:
                spread = math.log1p(self.jitter_ms / self.latency_ms) if self.latency_ms else 0.0
                drawn = self.latency_ms * random.lognormvariate(0.0, spread)
        return max(0.0, drawn) / 1000

    def resets(self, path: str) -> bool:
        """Tell whether this connection is to be cut, once for each wanted."""
        if self.reset <= 0 or not begins(path, self.reset_path):
            return False
        self.reset -= 1
        return True

    def truncates(self) -> bool:
        """Tell whether this body is to break off, once for each wanted."""
        if self.truncated <= 0:
            return False
        self.truncated -= 1
        return True

    def error_for(self, method: str, path: str) -> ErrorAt | None:
        """Give the error with which this request fails, if it is its turn."""
        for error in self.errors:
            if not error.meets(method, path):
                continue
            if error.nth > 1:
                error.nth -= 1
                continue
            error.times -= 1
            if error.times <= 0:
                self.errors.remove(error)
            return error
        return None
