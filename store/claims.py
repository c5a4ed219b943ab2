"""Names that are taken, each for its time: one for each key that was pressed in the last hour or so."""

import math
from hashlib import blake2b

SLICE_SECONDS = 240
DIGEST_BYTES = 12  # two names in a million taken ones meet once in 10^17 hours


class Claims:
    """Taken names, some 90 bytes each, however long they are. Not for several threads at once.

    Names whose time ends in the same few minutes lie together and go together; moments are whole seconds, rounded up.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._ending: dict[int, dict[bytes, int]] = {}

    def __len__(self) -> int:
        """Tell how many are held, some of them over."""
        return sum(map(len, self._ending.values()))

    def take(self, name: str, seconds: float, now: float) -> bool:
        """Take a name for `seconds` from `now` on; False if it is taken already."""
        for number in [number for number in self._ending if (number + 1) * SLICE_SECONDS <= now]:
            del self._ending[number]
        key = blake2b(name.encode(), digest_size=DIGEST_BYTES).digest()
        for number, names in self._ending.items():
            if number * SLICE_SECONDS + names.get(key, -math.inf) > now:
                return False
        number, second = divmod(math.ceil(now + seconds), SLICE_SECONDS)
        self._ending.setdefault(number, {})[key] = second
        return True
