"""Servers as processes of their own: waiting for the line that says `ready`, and stopping them."""

import subprocess
import threading
from typing import IO

STOP_SECONDS = 5.0


class DidNotStart(Exception):
    """A server did not say `ready`; the message is what it said instead."""


def wait_until_ready(process: "subprocess.Popen[str]", said: IO[str], seconds: float) -> str:
    """Wait for `ready ADDRESS` on a process's standard output and give the address.

    Args:
        process: with its standard output as a pipe.
        said: where its standard error goes.
        seconds: how long to wait.

    Raises:
        DidNotStart: it ended, said something else, or nothing in time; it has been ended then.
    """
    # A process that hangs before its line would hang its reader, too: end it, and the reader sees the end.
    watch = threading.Timer(seconds, process.kill)
    watch.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        watch.cancel()
    word, _, address = line.strip().partition(" ")
    if word == "ready":
        return address
    process.kill()
    process.wait()
    said.seek(0)
    raise DidNotStart(said.read())


def stop(process: "subprocess.Popen[str]") -> None:
    """Ask a process to end, and end it if it does not."""
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
