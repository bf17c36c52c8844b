"""Listed plates in a capture: the list read, and reads and passes compared with it, off the UI thread."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.errors import Cancelled, UserError
from alprviewer.core.listed import NOTHING_LISTED, PlateList
from alprviewer.models.worker import Worker
from alprviewer.review.listing import compared, listed_column, listed_plates
from alprviewer.store.listed import NOTHING_KNOWN, Judge, ListedRows
from alprviewer.store.select import LISTED

_Wanted = tuple[tuple[str, ...], str, tuple[int, int] | None]
"""What was typed, the file, and the state of that file when it was read."""


class _Answer(NamedTuple):
    """What a worker has found; ``trouble`` where the list cannot be used."""

    wanted: _Wanted
    plates: PlateList
    rows: ListedRows
    trouble: str = ""


class Listing(QObject):
    """Knows which reads and passes are listed, also of rows that arrive.

    Signals:
        changed(object): reads and passes were compared; the columns that queries may ask for.
        marked(): some of them are marked otherwise than before.
        listed(object): there is another list; a copy of it, for another thread.
        refused(str): the list cannot be used, and why; the one before stays in force.

    Attributes:
        plates: the list in force. Its thread is the one that compares.
    """

    changed = Signal(object)
    marked = Signal()
    listed = Signal(object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plates = NOTHING_LISTED
        self._typed: tuple[str, ...] = ()
        self._file = ""
        self._known: _Wanted = ((), "", None)
        self._capture = Capture()
        self._judge: Judge | None = None
        self._done: tuple[object, ...] = ()
        """The list, the capture, its reads and its passes that were compared last."""
        self._worker = Worker("listed plates", self)
        self._worker.answered.connect(self._take)

    @property
    def busy(self) -> bool:
        """True while something is compared."""
        return self._worker.busy

    @property
    def known(self) -> ListedRows:
        """What was found of the capture so far."""
        return self._capture.columns.listed

    def set_list(self, typed: tuple[str, ...], file: str) -> None:
        """Take another list: what was typed, and a file's name (empty for none)."""
        self._typed, self._file = typed, file
        self.look_again()

    def look_again(self) -> None:
        """The file may be another one by now."""
        if self._wanted() != self._known:
            self._submit()

    def set_capture(self, capture: Capture) -> None:
        """Another capture, of which no row was compared."""
        self._worker.forget()
        self._capture, self._judge, self._done = capture, None, ()
        self.look_again()
        self.add_rows()

    def add_rows(self) -> None:
        """Rows were appended to the capture, or other passes were found."""
        if len(self.plates) and not self._worker.busy and self._state() != self._done:
            self._submit()

    def _state(self) -> tuple[object, ...]:
        columns = self._capture.columns
        return self.plates, self._capture, len(columns.reads), columns.passes

    def _wanted(self) -> _Wanted:
        stamp = None
        if self._file:
            with suppress(OSError, ValueError):
                found = Path(self._file).stat()
                stamp = found.st_mtime_ns, found.st_size
        return self._typed, self._file, stamp

    def _submit(self) -> None:
        known, wanted, worker = self._known, self._wanted(), self._worker
        capture, before, judge = self._capture, self._capture.columns.listed, self._judge
        plates, columns = self.plates, capture.columns.snapshot()

        def work() -> _Answer | None:
            nonlocal plates, before, judge
            if wanted != known:
                try:
                    plates = listed_plates(wanted[0], wanted[1])
                except UserError as error:
                    return _Answer(wanted, plates, before, str(error))
                judge = None
            if judge is None:
                judge, before = Judge(plates, columns.dictionaries["plate"].value), NOTHING_KNOWN
            judge.still_wanted = worker.is_wanted
            try:
                return _Answer(wanted, plates, compared(columns, judge, before))
            except Cancelled:
                return None

        worker.submit(work)

    def _take(self, answer: _Answer | None) -> None:
        if answer is None:
            return
        self._known = answer.wanted
        if answer.trouble:
            self.refused.emit(answer.trouble)
            self.add_rows()
            return
        had, self.plates, self._judge = self.plates, answer.plates, answer.rows.judge
        columns = self._capture.columns
        before, columns.listed = columns.listed, answer.rows
        self._done = (self.plates, self._capture, len(answer.rows.reads), answer.rows.table)
        if had is not self.plates:
            self.listed.emit(PlateList(self.plates.lines))
        self.changed.emit({LISTED: listed_column(answer.rows.passes.reads)})
        if not before.marks_as(answer.rows):
            self.marked.emit()
        self.look_again()
        self.add_rows()

    def close(self) -> None:
        """End the thread."""
        self._worker.close()
