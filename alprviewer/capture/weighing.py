"""Passes of large captures, found and weighed by a child process; of small ones by the caller's thread."""

from __future__ import annotations

import logging
import os
import pickle
import queue
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from alprviewer.capture.cache import index_folder, throw_away_left_behind
from alprviewer.capture.child import Child
from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import FoundPasses, PassRules
from alprviewer.sources.messages import Crashed
from alprviewer.store import passes as here
from alprviewer.store import passinput
from alprviewer.store.arrayfile import TEMPORARY
from alprviewer.store.columns import Columns
from alprviewer.store.passconsensus import Taught, Weighed
from alprviewer.store.passes import Known, Passes

_log = logging.getLogger("alprviewer.passes")

WORTH = 20_000
"""Reads from which the start of a process pays: about half a second of work."""
_LOOK_S = 0.05
FIRST, COPY, NUMBER, ROWS = "first", "copy", "number", "rows"
"""Arrays that go with the columns: what was found before; or the rows of reads and the passes they are of."""


class Order(NamedTuple):
    """What to do.

    Attributes:
        path, values: of what ``store.passinput`` has written.
        rules: of passes.
        passes: how many are to be weighed; None: they are to be found.
    """

    path: Path
    values: dict[str, list[Any]]
    rules: PassRules
    passes: int | None


class Found(NamedTuple):
    """The passes, as ``core.passes.FoundPasses`` has them."""

    first: Array
    copy: Array


class Part(NamedTuple):
    """Passes that were weighed, as ``store.passconsensus.Weighed``; the first brings what was taught."""

    numbers: Array
    probability: Array
    texts: list[str]
    taught: Taught | None


class Done(NamedTuple):
    """Nothing more will come."""


class Ended(RuntimeError):
    """The child has ended before it had said everything."""


def find(
    columns: Columns, rules: PassRules, before: Passes | Known | None, stopped: Callable[[], bool]
) -> Passes:
    """As ``store.passes.find`` without consensus: the same passes.

    Raises:
        Cancelled: ``stopped`` said so.
        Ended: two children have ended too early.
    """
    columns = columns.snapshot()
    same = before is not None and before.rules == rules
    known = before.found if before is not None and same else _NOTHING
    if len(columns.reads) - len(known.first) >= WORTH:
        more = {FIRST: known.first, COPY: known.copy}
        try:
            for message in _answers(columns, rules, more, None, stopped):
                known = FoundPasses(message.first, message.copy)
        except OSError as error:
            _log.info("Passes are found by the window's process: %s", error)
    return here.find(columns, rules, Known(known, rules), stopped, with_consensus=False)


_NOTHING = FoundPasses(np.empty(0, np.int64), np.empty(0, bool))


def weighed(
    columns: Columns, passes: Passes, stopped: Callable[[], bool], tell: Callable[[Passes], None]
) -> Passes:
    """As ``store.passes.weighed``: the same consensus.

    Raises:
        Cancelled: ``stopped`` said so.
        Ended: two children have ended too early.
    """
    if len(passes.of_read) < WORTH:
        return here.weighed(columns, passes, stopped, tell)
    try:
        return _weighed_apart(columns, passes, stopped, tell)
    except OSError as error:
        _log.info("Passes are weighed by the window's process: %s", error)
        return here.weighed(columns, passes, stopped, tell)


def _weighed_apart(
    columns: Columns, passes: Passes, stopped: Callable[[], bool], tell: Callable[[Passes], None]
) -> Passes:
    rows, number = here.counted_reads(passes)
    more = {ROWS: rows, NUMBER: number}
    taught: Taught | None = None
    known = here.unweighed(passes)
    for part in _answers(columns, passes.rules, more, len(passes), stopped):
        if taught is not None:
            tell(known)
        taught = part.taught or taught
        assert taught is not None
        known = here.with_part(known, Weighed(part.numbers, part.probability, part.texts, taught))
    return here.settled(known)


def _answers(
    columns: Columns,
    rules: PassRules,
    more: dict[str, Array],
    passes: int | None,
    stopped: Callable[[], bool],
) -> Iterator[Any]:
    """What a child has to say, to its end. Where it ends too early, another one says all of it again.

    Raises:
        Cancelled: ``stopped`` said so.
        OSError: there is no place for the file that the child is given.
        Ended: the other one came to an end too early, too.
    """

    def order(path: Path) -> Order:
        values = passinput.save(path, columns, more, stopped)
        columns.release()
        return Order(path, values, rules, passes)

    try:
        yield from _answers_of_one(order, stopped)
    except Ended as error:
        # Not here: memory that was not there for the child would be taken from the window.
        _log.warning("%s", error)
        yield from _answers_of_one(order, stopped)


def _answers_of_one(order: Callable[[Path], Order], stopped: Callable[[], bool]) -> Iterator[Any]:
    """What one child has to say. ``order`` writes what it is given, for each anew: children delete it."""
    folder = index_folder()
    folder.mkdir(parents=True, exist_ok=True)
    throw_away_left_behind(folder)
    handle, name = tempfile.mkstemp(TEMPORARY, "passes-", folder)
    os.close(handle)
    path = Path(name)
    try:
        child = Child("weigher", pickle.dumps(order(path)))
        try:
            yield from _heard(child, stopped)
        finally:
            child.stop()
            child.join()
    finally:
        path.unlink(missing_ok=True)


def _heard(child: Child, stopped: Callable[[], bool]) -> Iterator[Found | Part]:
    while True:
        if stopped():
            raise Cancelled
        try:
            message = child.messages.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if isinstance(message, Done):
            return
        if message is None or isinstance(message, Crashed):
            raise Ended(
                "The process that finds and weighs passes has ended: "
                + (message.trace if message else "it was killed")
            )
        yield message
