"""Chance that belongs to somebody: the same for the same seed and name, whoever is asked about first."""

import random
from hashlib import blake2b


def chance_of(seed: int, subject: str, name: str) -> random.Random:
    """Give the chance that decides `subject` (such as `voicemail`) of somebody; never depends on earlier draws."""
    digest = blake2b(f"{seed}/{subject}/{name}".encode(), digest_size=8).digest()
    return random.Random(int.from_bytes(digest))
