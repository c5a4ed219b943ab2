"""Memory as the system gives it."""

import subprocess
import sys

import pytest

import memory

# Many threads that hold memory at the same time, and how many heaps the C library then has.
THREADS = """
import ctypes, sys, threading
if sys.argv[1] == "few":
    import memory
    assert memory.take_few_heaps()
libc, barrier = ctypes.CDLL(None), threading.Barrier(17)
libc.malloc.restype = ctypes.c_void_p

def hold():
    libc.malloc(5000)
    barrier.wait()
    barrier.wait()

for _ in range(16):
    threading.Thread(target=hold).start()
barrier.wait()
libc.fopen.restype = ctypes.c_void_p
told = libc.fopen(b"/dev/stdout", b"w")
libc.malloc_info(0, ctypes.c_void_p(told))
libc.fflush(ctypes.c_void_p(told))
barrier.wait()
"""


def heaps(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", THREADS, how], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.count("<heap ")


@pytest.mark.skipif(not memory.take_few_heaps(), reason="the C library is not glibc")
def test_many_threads_share_two_heaps() -> None:
    assert heaps("few") <= memory.HEAPS < heaps("many")
