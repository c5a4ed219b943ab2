"""What the workers of one server tell each other about O2G; without it each goes by what it knows itself."""

from typing import Protocol


class Board(Protocol):
    """What is kept for all workers (`store.shared`), each thing for some seconds.

    Everything here may raise redis.RedisError.
    """

    def put(self, name: str, value: bytes, seconds: int) -> None:
        """Keep a value; one of the same name is replaced."""

    def get(self, name: str) -> bytes | None:
        """Give a kept value; None if there is none any more."""

    def claim(self, name: str, seconds: int) -> bool:
        """Take a name for `seconds`; False if it is taken already, by any worker."""

    def count(self, name: str, seconds: int, by: int = 1) -> int:
        """Add to a counter that is forgotten `seconds` after it was last added to; give the sum."""
