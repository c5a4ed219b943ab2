"""What somebody typed into a form that could not be sent on: kept a while, sealed, so that Retry sends it again."""

import json
import secrets

from prs.errors import LinkExpired
from prs.request import Fields
from store.sealed import Sealed

SECONDS = 300  # it may be a password
MOST_CHARACTERS = 4_000  # longer than what any form of ours takes; whoever types more types it again


class TypedFields:
    """Keeps them for all workers, each for one user."""

    def __init__(self, sealed: Sealed) -> None:
        """Keep them there."""
        self._sealed = sealed

    def keep(self, number: str, fields: Fields) -> str | None:
        """Keep what the user of a directory number typed; gives the name for it, None where it is too long.

        Raises:
            redis.RedisError: the workers' memory is gone.
        """
        text = json.dumps(fields.values)
        if len(text) > MOST_CHARACTERS:
            return None
        name = secrets.token_urlsafe(9)
        self._sealed.put(_under(number, name), text, SECONDS)
        return name

    def of(self, number: str, name: str) -> Fields:
        """Give what that user typed.

        Raises:
            LinkExpired: it is not kept any more, or was another user's.
            redis.RedisError: the workers' memory is gone.
        """
        text = self._sealed.get(_under(number, name))
        if text is None:
            raise LinkExpired
        return Fields(tuple((str(key), str(value)) for key, value in json.loads(text)))


def _under(number: str, name: str) -> str:
    return f"typed:{number}:{name}"
