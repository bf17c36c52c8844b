"""The pass of the selected read, looked up and explained off the UI thread. Panes observe it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.core.states import FIRST_CODE, absent
from alprviewer.models.current import Current
from alprviewer.models.keptitems import Selected
from alprviewer.models.passshown import NO_PASS_SHOWN, PassRead, PassShown, Quad
from alprviewer.models.worker import Worker
from alprviewer.store.columns import Columns
from alprviewer.store.passes import Passes, explain
from alprviewer.store.passrows import NO_ROW


class CurrentPass(QObject):
    """Follows the selection.

    What is known of the pass before the selected row has been read waits for it: panes that show both would
    be painted twice.

    Args:
        item: the selected row; None where nobody reads it.

    Signals:
        changed(PassShown): another pass is shown, or the same one anew, or another read of it is selected.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None, item: Current | None = None) -> None:
        super().__init__(parent)
        self.shown = NO_PASS_SHOWN
        self._item = item
        self._waiting: PassShown | None = None
        if item is not None:
            item.changed.connect(self._stop_waiting)
        self._capture = Capture()
        self._read: int | None = None
        self._worker = Worker("current pass", self)
        self._worker.answered.connect(self._take)

    def set_capture(self, capture: Capture) -> None:
        """Another capture: nothing is selected in it."""
        self._worker.forget()
        self._capture = capture
        self._read = None
        self._show(NO_PASS_SHOWN)

    def select(self, selected: Selected | None) -> None:
        """A row was selected; the pass is that of the read, or of a frame's first one."""
        read: int | None = None
        if selected is not None and selected.table == "reads":
            read = selected.row
        elif selected is not None and selected.table == "frames":
            frames = self._capture.columns.frames
            read = int(frames.column("first_read")[selected.row])
            read = read if frames.column("reads")[selected.row] else None
        self._read = read
        if read is not None and not self._worker.busy and self._is_of_shown(read):
            self._show(replace(self.shown, selected=read))
        else:
            self.look_again()

    def _is_of_shown(self, read: int) -> bool:
        return any(each.row == read for each in self.shown.reads)

    def look_again(self) -> None:
        """There are other passes, or more is known of them."""
        read, passes, columns = self._read, self._capture.passes, self._capture.columns
        if read is None or passes is None:
            self._worker.forget()
            self._show(NO_PASS_SHOWN)
        else:
            self._worker.submit(lambda: pass_shown(columns, passes, read))

    @property
    def busy(self) -> bool:
        """True while a pass is looked up."""
        return self._worker.busy

    def _take(self, shown: PassShown) -> None:
        self._show(shown)

    def _show(self, shown: PassShown) -> None:
        if self._item is not None and self._item.busy:
            self._waiting = shown
            return
        self._waiting = None
        if shown != self.shown:
            self.shown = shown
            self.changed.emit(shown)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._show(self._waiting)

    def close(self) -> None:
        """End the thread."""
        self._worker.close()


def pass_shown(columns: Columns, passes: Passes, read: int) -> PassShown:
    """Everything that is shown of a read's pass; nothing where it has none."""
    number = int(passes.of_read[read]) if read < len(passes.of_read) else NO_ROW
    if number == NO_ROW:
        return NO_PASS_SHOWN
    rows = passes.reads_of(number)
    times = columns.frames.column("epoch_time")[columns.reads.column("frame")[rows]]
    order = np.argsort(times, kind="stable")
    rows, times = rows[order], times[order]
    plates = columns.reads.column("plate")[rows].tolist()
    confidences = columns.reads.column("confidence")[rows].tolist()
    quads = columns.reads.column("quad")[rows].tolist()
    value = columns.dictionaries["plate"].value
    reads = tuple(
        PassRead(
            row,
            time,
            (value(plate) or "") if plate >= FIRST_CODE else "",
            confidence if np.isfinite(confidence) else None,
            _quad(quad),
        )
        for row, time, plate, confidence, quad in zip(
            rows.tolist(), times.tolist(), plates, confidences, quads, strict=True
        )
    )
    why = explain(columns, passes, number)
    probability = float(passes.table["probability"][number])
    return PassShown(
        passes.ids[number],
        reads,
        passes.consensus[number],
        bool(passes.table["weighed"][number]),
        None if np.isnan(probability) else probability,
        why[0] if why is not None else None,
        tuple(why[1].tolist()) if why is not None else (),
        read,
    )


def _quad(corners: list[int]) -> Quad | None:
    if corners[0] <= absent("i2") + 1:
        return None
    return tuple((float(x), float(y)) for x, y in zip(corners[::2], corners[1::2], strict=True))
