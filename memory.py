"""How the server's process takes memory from its system."""

import ctypes
import threading
import time

M_ARENA_MAX = -8  # of glibc's malloc.h
HEAPS = 2
GIVING_SECONDS = 60.0  # between two times that memory is given back; it takes some milliseconds


def take_few_heaps() -> bool:
    """Let all threads take memory from two heaps; False where the C library is not glibc, which needs no telling.

    By itself glibc gives threads heaps of their own, up to eight a core, and what one thread frees does not serve
    another: with some sixty threads an hour's soak took a third more memory at its end, most of it free. To be called
    before threads start.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(M_ARENA_MAX, HEAPS) == 1


def give_back() -> bool:
    """Give the system those pages of the heaps on which nothing lies; False where there were none, or no glibc.

    By itself glibc gives back only what is free at a heap's end. What is kept for minutes (a search that somebody leafs
    through) lies between what is gone in an instant, so that an hour's soak ended with a third of both heaps free, and
    held.
    """
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return malloc_trim is not None and malloc_trim(0) == 1


def keep_giving_back() -> None:
    """Give back again and again, in a thread that ends with the process."""
    threading.Thread(target=_give_back_for_ever, name="memory", daemon=True).start()


def _give_back_for_ever() -> None:
    while True:
        time.sleep(GIVING_SECONDS)
        give_back()
