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


# Every second of many blocks is freed: nothing is free at the heap's end, and every second page in its middle is.
HOLES = """
import ctypes, memory
libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [libc.malloc(20_000) for _ in range(2_000)]
for block in blocks:
    ctypes.memset(block, 1, 20_000)

def held():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096

for block in blocks[::2]:
    libc.free(block)
before = held()
assert memory.give_back()
print(before - held())
"""


@pytest.mark.skipif(not memory.take_few_heaps(), reason="the C library is not glibc")
def test_free_pages_in_the_middle_of_a_heap_are_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", HOLES], capture_output=True, text=True, check=True, timeout=60)
    assert int(done.stdout) > 10_000_000
