"""Long arrays by several threads: numpy lets other threads run while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

LEAST = 1 << 18
"""Values that are worth a thread: it takes as long to start as some ten thousand take."""
_MOST = 4
"""Beyond it memory is what is waited for."""


def processors() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


def worth(count: int) -> int:
    """How many threads are worth starting for an array of so many values."""
    return max(1, min(processors(), _MOST, count // LEAST))


def together(calls: Sequence[Callable[[], object]]) -> None:
    """Make all calls at the same time, the last one in the calling thread.

    Raises:
        Exception: what the first call that failed raised, after all have ended.
    """
    *others, here = calls
    if not others:
        here()
        return
    with ThreadPoolExecutor(len(others)) as pool:
        running = [pool.submit(call) for call in others]
        here()
    for each in running:
        each.result()


def in_stretches(work: Callable[[int, int], object], count: int, step: int = 1) -> None:
    """Call ``work(begin, end)`` for stretches that are all of ``count`` values together, at the same time.

    Args:
        work: writes what it finds of its stretch into arrays; numpy must be what takes long in it.
        count: values.
        step: stretches begin at multiples of it.
    """
    threads = worth(count)
    ends = [count * number // threads // step * step for number in range(1, threads)]
    stretches = zip([0, *ends], [*ends, count], strict=True)
    together([partial(work, begin, end) for begin, end in stretches])
