"""How the simulator fails when it is told to."""

import random
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ErrorAt:
    """An error instead of an answer, for requests whose path begins so."""

    path: str
    status: int
    times: int


@dataclass(slots=True)
class Faults:
    """Attributes: `latency_ms` before each answer, give or take `jitter_ms`; `errors` to come, by the beginning of
    the path; `not_ready`: everything answers NOT_READY; `reset` connections that are cut instead of an answer;
    `search_stuck`: searches find nothing, for ever; `search_timeout`: they end with TIMEOUT."""

    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    not_ready: bool = False
    reset: int = 0
    search_stuck: bool = False
    search_timeout: bool = False
    errors: list[ErrorAt] = field(default_factory=list)

    def seconds(self) -> float:
        """Draw how long an answer takes."""
        return max(0.0, self.latency_ms + random.uniform(-self.jitter_ms, self.jitter_ms)) / 1000

    def error_for(self, path: str) -> int | None:
        """Give the status with which this request fails, once for each time wanted."""
        for index, error in enumerate(self.errors):
            if path.startswith(error.path):
                left = ErrorAt(error.path, error.status, error.times - 1)
                self.errors[index : index + 1] = [left] if left.times > 0 else []
                return error.status
        return None
