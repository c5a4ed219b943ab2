"""Sound for voice messages: a melody of its own for each, as a WAV file of telephone quality."""

import io
import math
import wave
from array import array
from functools import lru_cache

from simulators.o2g.world.chance import chance_of

RATE = 8000  # samples a second; one channel, 16 bits
NOTES_A_SECOND = 4
PERIODS = (40, 36, 32, 30, 27, 24, 20, 18, 16)  # samples of one wave: 200 to 500 Hz, each a tone of a scale, about
LOUDNESS = 9000  # of 32767
PAUSE = 160  # samples of silence that end each note


@lru_cache(maxsize=16)
def wav(name: str, seconds: int) -> bytes:
    """Give the sound of a message: the same for the same name, exactly so many seconds long."""
    chance = chance_of(0, "melody", name)
    notes = (_note(chance.choice(PERIODS)) for _ in range(seconds * NOTES_A_SECOND))
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(b"".join(notes))
    return sound.getvalue()


@lru_cache(maxsize=len(PERIODS))
def _note(period: int) -> bytes:
    length = RATE // NOTES_A_SECOND
    one = array("h", (round(LOUDNESS * math.sin(2 * math.pi * sample / period)) for sample in range(period)))
    tone = (one * (length // period + 1))[: length - PAUSE]
    return (tone + array("h", [0]) * PAUSE).tobytes()
