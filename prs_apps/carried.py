"""What a link carries beside words and numbers: a small record, written as one argument and read from it again."""

from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from prs.errors import LinkAltered

T = TypeVar("T")


class Carried(Generic[T]):
    """How records of one kind travel in links: as JSON, without what is as usual, since links are short."""

    def __init__(self, kind: type[T]) -> None:
        """Take the kind of record, a dataclass."""
        self._adapter = TypeAdapter(kind)

    def packed(self, record: T) -> str:
        """Write a record as a link's argument."""
        return self._adapter.dump_json(record, exclude_defaults=True).decode()

    def unpacked(self, packed: str) -> T:
        """Read a record from a link's argument; the link's signature has proven that some Touchline wrote it.

        Raises:
            LinkAltered: another version of Touchline wrote it.
        """
        try:
            return self._adapter.validate_json(packed)
        except ValidationError as error:
            raise LinkAltered from error
