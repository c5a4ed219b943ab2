"""Several questions to O2G side by side, so that a screen waits for the slowest of them and not for all in turn."""

import contextvars
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar, overload

THREADS = 32  # as many as the connections that are kept to O2G by default

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="o2g-together")  # threads start when there is work


_threads = _pool()


def _in_child() -> None:
    """Threads do not survive a fork: a child gets a pool of its own."""
    global _threads
    _threads = _pool()


os.register_at_fork(after_in_child=_in_child)


@overload
def together(first: Callable[[], A], /) -> tuple[A]: ...
@overload
def together(first: Callable[[], A], second: Callable[[], B], /) -> tuple[A, B]: ...
@overload
def together(first: Callable[[], A], second: Callable[[], B], third: Callable[[], C], /) -> tuple[A, B, C]: ...
@overload
def together(
    first: Callable[[], A], second: Callable[[], B], third: Callable[[], C], fourth: Callable[[], D], /
) -> tuple[A, B, C, D]: ...
@overload
def together(*calls: Callable[[], A]) -> tuple[A, ...]: ...


def together(*calls: Callable[[], Any]) -> tuple[Any, ...]:
    """Run calls that need nothing of each other at the same time, and give their results in order.

    For reads, or writes whose order does not matter. Each call keeps its own deadline, which is the same for all of a
    screen; nothing is broken off. The first runs in the caller's thread; one that finds no free thread in the pool (32
    for the process) runs in the caller's as well, so that calls never wait for each other's threads, also when nested.
    What the calling thread knows by context variables, such as the ids of log lines, its calls know, too.

    Raises:
        BaseException: what a call raised, after all have ended; of several failures the first in order.
    """
    if not calls:
        return ()
    first, *others = calls
    begun = [_begin(call) for call in others]
    outcomes = [_tried(first)]
    for call, future in zip(others, begun, strict=True):
        outcomes.append(_tried(call) if future.cancel() else future.result())
    return tuple(outcome.result() for outcome in outcomes)


def _begin(call: Callable[[], Any]) -> Future[Future[Any]]:
    """Line a call up for a thread, which takes it unless it is cancelled before."""
    begun: Future[Future[Any]] = Future()

    def run() -> None:
        if begun.set_running_or_notify_cancel():
            begun.set_result(_tried(call))

    # Where the system gives no further thread, the pool has lined it up all the same, for those that are there.
    with suppress(RuntimeError):
        _threads.submit(contextvars.copy_context().run, run)
    return begun


def _tried(call: Callable[[], Any]) -> Future[Any]:
    """Run a call and keep how it ended."""
    outcome: Future[Any] = Future()
    try:
        outcome.set_result(call())
    except BaseException as error:  # noqa: BLE001  # raised again by `together`, in the thread that wants the result
        outcome.set_exception(error)
    return outcome
