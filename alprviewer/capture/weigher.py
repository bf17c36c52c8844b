"""The child process that finds the passes of a large capture, or weighs them.

Both take long, a minute for a million reads, in many short steps that the window's thread would have to wait
for, since threads of one process take turns. It is started as ``python -m alprviewer.capture.weigher`` and
gets its order on its standard input.
"""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from typing import IO

from alprviewer.capture.weighing import COPY, FIRST, NUMBER, ROWS, Done, Found, Order, Part
from alprviewer.core.passes import FoundPasses
from alprviewer.sources.childprocess import run_child
from alprviewer.sources.heap import give_back_free_blocks, give_back_large_blocks
from alprviewer.sources.messages import send
from alprviewer.store import passinput
from alprviewer.store.passconsensus import weigh_in_parts
from alprviewer.store.passes import Known, find


def work(pipe: IO[bytes]) -> None:
    """Do what the order says."""
    give_back_large_blocks()
    try:
        order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    except EOFError:
        return  # which is gone
    columns, more, release = passinput.load(order.path, order.values)
    with suppress(OSError):  # Windows keeps what is mapped
        order.path.unlink()  # so that nothing is left should the window be killed
    if order.passes is None:
        known = Known(FoundPasses(more[FIRST], more[COPY]), order.rules)
        found = find(columns, order.rules, known, with_consensus=False).found
        send(pipe, Found(found.first, found.copy))
    else:

        def stopped() -> bool:
            """Never; asked between steps, when what the last one needed can go back to the system."""
            release()
            give_back_free_blocks()
            return False

        parts = weigh_in_parts(columns, more[ROWS], more[NUMBER], order.passes, stopped)
        for number, part in enumerate(parts):
            send(pipe, Part(*part[:3], None if number else part.taught))
    send(pipe, Done())


if __name__ == "__main__":
    # Nobody waits for it with their hands in their lap: whoever looks at reads goes first.
    sys.exit(run_child(work, niceness=19))
