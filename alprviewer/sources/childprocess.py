"""How the child processes run: quietly, with one pipe to the window."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import IO

from alprviewer.sources.messages import Crashed, send


def run_child(work: Callable[[IO[bytes]], None], *, niceness: int = 5) -> int:
    """Do a child's work, whose messages go to its standard output.

    Args:
        work: gets the pipe to send to. A pipe that was closed ends it.
        niceness: how much it lets others go first: the window, where all processors read for it.

    Returns:
        The exit code.
    """
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 16)
    # Whatever prints by mistake must not get into the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        work(pipe)
    except (BrokenPipeError, KeyboardInterrupt):
        os.close(pipe.fileno())
        return 0
    except Exception:  # noqa: BLE001 - whatever it is, the parent reports it as a bug
        with suppress(BrokenPipeError):
            send(pipe, Crashed(traceback.format_exc()))
        return 1
    pipe.close()
    return 0
