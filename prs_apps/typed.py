"""What somebody typed into a form that could not be sent on: kept a while, sealed, so that Retry sends it again."""

import json

from prs.errors import LinkExpired
from prs.request import Fields
from store.sealed import Sealed

SECONDS = 300  # it may be a password
MOST_CHARACTERS = 4_000  # longer than what any form of ours takes; whoever types more types it again


class TypedFields:
    """Keeps them for all workers: one form for each user, the last one, so that nobody fills the memory."""

    def __init__(self, sealed: Sealed) -> None:
        """Keep them there."""
        self._sealed = sealed

    def keep(self, number: str, name: str, fields: Fields) -> bool:
        """Keep what the user of a directory number typed, under a name, instead of what was kept; False: too long.

        Raises:
            redis.RedisError: the workers' memory is gone.
        """
        text = json.dumps([name, fields.values])
        if len(text) > MOST_CHARACTERS:
            return False
        self._sealed.put(_under(number), text, SECONDS)
        return True

    def extend(self, number: str) -> None:
        """Keep what that user typed for as long again.

        Raises:
            redis.RedisError: the workers' memory is gone.
        """
        self._sealed.extend(_under(number), SECONDS)

    def of(self, number: str, name: str) -> Fields:
        """Give what that user typed.

        Raises:
            LinkExpired: it is not kept any more, or was another user's.
            redis.RedisError: the workers' memory is gone.
        """
        text = self._sealed.get(_under(number))
        kept, values = json.loads(text) if text else ("", ())
        if kept != name:
            raise LinkExpired
        return Fields(tuple((str(key), str(value)) for key, value in values))

    def forget(self, number: str, name: str) -> None:
        """Forget what that user typed: it was done.

        Raises:
            LinkExpired: it is not kept any more.
            redis.RedisError: the workers' memory is gone.
        """
        self.of(number, name)  # what was typed since then, on another screen, stays
        self._sealed.forget(_under(number))


def _under(number: str) -> str:
    return f"typed:{number}"
