"""The one selected row, read again from its source off the UI thread. All panes observe it."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from alprviewer.capture.capture import Capture
from alprviewer.capture.pictures import PictureFinder
from alprviewer.capture.spans import SpanReader
from alprviewer.core.decode import group_frame
from alprviewer.core.errors import SourceError
from alprviewer.core.frame import SIBLING_KINDS, Frame, Sibling
from alprviewer.core.repair import parse
from alprviewer.language import tr, trn
from alprviewer.models.facts import KIND_NAMES, problem_facts, sibling_facts
from alprviewer.models.images import backdrop_of, crop_of, picture_of_text, sibling_crop
from alprviewer.models.keptitems import KeptItems, Selected
from alprviewer.models.shown import NOTHING, PROBLEM_TITLE, Picture, Shown
from alprviewer.models.worker import Worker

_log = logging.getLogger(__name__)

_CONTEXT_BYTES = 2000
"""Bytes shown on each side of a problem's place."""
_BUG = tr("This row could not be read again, by a fault of alprviewer; the log has it.")


class Current(QObject):
    """Reads the selected row and tells the panes. Rows that may be next are read before they are asked for.

    Signals:
        changed(Shown): another row is shown, or the same one anew.
        selected(object): a ``Selected`` or None, at once; ``changed`` follows when the row was read.
    """

    changed = Signal(object)
    selected = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.selection: Selected | None = None
        self.shown = NOTHING
        self._capture = Capture()
        self._reader = SpanReader(self._capture)
        self._folders: list[str] = []
        self._finder = PictureFinder()
        self._worker = Worker("current row", self)
        self._worker.told.connect(self._take)
        self._kept = KeptItems()
        self._is_awaited = False

    def set_capture(self, capture: Capture) -> None:
        """Another capture: nothing is selected in it."""
        self._worker.forget()
        self._is_awaited = False
        self._kept.clear()
        self._reader.close()
        self._capture = capture
        self._reader = SpanReader(capture)
        self.selection = None
        self.selected.emit(None)
        self._show(NOTHING)

    def set_image_folders(self, folders: list[str]) -> None:
        """Folders that are searched for pictures of whole frames, besides those beside the files."""
        if folders == self._folders:
            return
        self._folders = folders
        self._finder = PictureFinder(folders)
        self.read_again()

    def select(self, table: str, row: int, ahead: Sequence[int] = ()) -> None:
        """Show a row. What was shown stays until the new one has been read.

        Args:
            table: of the store.
            row: of that table.
            ahead: rows that will be next if the user goes on: they are read meanwhile.
        """
        selection = Selected(table, row)
        if selection == self.selection:
            return
        self.selection = selection
        self.selected.emit(selection)
        self._read(selection, [Selected(table, each) for each in ahead])

    def take_back(self, problems: range) -> None:
        """Problems were removed from the store; those behind them have moved up."""
        self._kept.clear()
        selection = self.selection
        if selection is None or selection.table != "problems":
            return
        if selection.row in problems:
            self._worker.forget()
            self._is_awaited = False
            self.selection = None
            self.selected.emit(None)
            self._show(NOTHING)
        else:
            behind = selection.row >= problems.stop
            self.selection = Selected("problems", selection.row - (len(problems) if behind else 0))
            self._read(self.selection)

    def read_again(self) -> None:
        """Something has become of the files: what is selected may not be there any more."""
        self._worker.forget()
        self._kept.clear()
        if self.selection is not None:
            self._read(self.selection)

    def _read(self, selection: Selected, ahead: Sequence[Selected] = ()) -> None:
        kept = self._kept.get(selection)
        wanted = [each for each in (selection, *ahead) if each not in self._kept]
        capture, reader, finder, worker = self._capture, self._reader, self._finder, self._worker

        def read() -> None:
            for each in wanted:
                if not worker.is_wanted():
                    return
                worker.tell((each, read_row(capture, reader, finder, each)))

        if wanted:
            worker.submit(read)
        else:
            worker.forget()
        self._is_awaited = kept is None
        if kept is not None:
            self._show(kept)

    def _take(self, item: tuple[Selected, Shown]) -> None:
        selection, shown = item
        self._kept.keep(selection, shown)
        if self._is_awaited and selection == self.selection:
            self._is_awaited = False
            self._show(shown)

    def select_position(self, position: int) -> None:
        """Show another read of the frame that is shown; not while another row is being read."""
        if self.selection is None or self.shown.frame is None or self.busy:
            return
        frame = self.frame_row()
        if frame is None or not 0 <= position < len(self.shown.frame.reads):
            return
        first = int(self._capture.columns.frames.column("first_read")[frame])
        self.selection = Selected("reads", first + position)
        self.selected.emit(self.selection)
        self._show(replace(self.shown, position=position))

    def frame_row(self) -> int | None:
        """The row of the selected frame, or of the selected read's frame."""
        if self.selection is None:
            return None
        if self.selection.table == "frames":
            return self.selection.row
        if self.selection.table == "reads":
            return int(self._capture.columns.reads.column("frame")[self.selection.row])
        return None

    @property
    def busy(self) -> bool:
        """True while the selected row is being read. Rows ahead are not waited for."""
        return self._is_awaited

    def _show(self, shown: Shown) -> None:
        self.shown = shown
        self.changed.emit(shown)

    def close(self) -> None:
        """End the thread and close the files."""
        self._worker.close()
        self._reader.close()


def read_row(capture: Capture, reader: SpanReader, finder: PictureFinder, selection: Selected) -> Shown:
    """Read everything that is shown of a row. A failure is a ``Shown`` with its reason."""
    try:
        if selection.table in ("frames", "reads"):
            return _frame(capture, reader, finder, selection)
        if selection.table == "siblings":
            return _sibling(capture, reader, finder, selection.row)
        return _problem(capture, reader, selection.row)
    except SourceError as error:
        return Shown(failure=str(error))
    except Exception:  # noqa: BLE001
        # A bug must not leave the row before on the screen, under the name of this one.
        _log.exception("Row %d of %s could not be read again.", selection.row, selection.table)
        return Shown(failure=_BUG)


def _frame(capture: Capture, reader: SpanReader, finder: PictureFinder, selection: Selected) -> Shown:
    columns = capture.columns
    is_read = selection.table == "reads"
    row = int(columns.reads.column("frame")[selection.row]) if is_read else selection.row
    value, (frame, invalid) = reader.frame(row)
    position: int | None = int(columns.reads.column("position")[selection.row]) if is_read else None
    if position is None and frame.reads:
        position = 0
    source = capture.sources[int(columns.frames.column("source")[row])]
    parsed, _ = parse(value.data, value.encoding)
    return Shown(
        title=tr("Frame {uuid}", uuid=frame.uuid or row),
        source=source.name,
        offset=int(columns.frames.column("offset")[row]),
        length=len(value.data),
        frame=frame,
        invalid=invalid,
        position=position,
        crops=tuple(crop_of(read) for read in frame.reads),
        backdrop=backdrop_of(finder.find(source.path, frame.uuid, value.picture)),
        raw=value.encoding.decode(value.data)[0],
        value=parsed,
        inner=int(columns.frames.column("inner")[row]),
    )


def _sibling(capture: Capture, reader: SpanReader, finder: PictureFinder, row: int) -> Shown:
    table = capture.columns.siblings
    number = int(table.column("source")[row])
    offset, length = int(table.column("offset")[row]), int(table.column("length")[row])
    value, sibling = reader.sibling(row)
    parsed, _ = parse(value.data, value.encoding)
    best = group_frame(parsed)
    return Shown(
        title=KIND_NAMES[SIBLING_KINDS.index(sibling.kind)],
        source=capture.sources[number].name,
        offset=offset,
        length=length,
        frame=best.frame if best is not None else None,
        invalid=best.invalid if best is not None else frozenset(),
        position=0 if best is not None and best.frame.reads else None,
        crops=(sibling_crop(sibling),),
        backdrop=_best_picture(capture, finder, number, sibling),
        raw=value.encoding.decode(value.data)[0],
        value=parsed,
        facts=sibling_facts(sibling),
    )


def _best_picture(capture: Capture, finder: PictureFinder, source: int, sibling: Sibling) -> Picture:
    """The best plate's frame from a file; else the small picture of it that the value brought along."""
    path = finder.find(capture.sources[source].path, sibling.best_uuid)
    if path is None and sibling.overview is not None:
        overview = picture_of_text(sibling.overview, tr("overview picture"))
        if overview.image is not None:
            reason = tr(
                "Overview picture that came with the value, {width} × {height} px.",
                width=overview.image.width(),
                height=overview.image.height(),
            )
            return replace(overview, reason=reason)
    return backdrop_of(path)


def _problem(capture: Capture, reader: SpanReader, row: int) -> Shown:
    columns = capture.columns
    table = columns.problems
    number = int(table.column("source")[row])
    offset, length = int(table.column("offset")[row]), int(table.column("length")[row])
    encoding = reader.encoding(number)
    start = max(0, offset - _CONTEXT_BYTES) // encoding.unit * encoding.unit
    before, place, after = (
        _base64_run.sub(_shortened, encoding.decode(reader.bytes_at(number, first, count))[0])
        for first, count in (
            (start, offset - start),
            (offset, min(length, _CONTEXT_BYTES)),
            (offset + length, _CONTEXT_BYTES),
        )
    )
    if length > _CONTEXT_BYTES:
        left = length - _CONTEXT_BYTES
        place += trn(" … {count:,} more byte … ", " … {count:,} more bytes … ", left)
    frame, invalid, position, crops = _frame_of_problem(capture, reader, row)
    return Shown(
        title=PROBLEM_TITLE,
        source=capture.sources[number].name,
        offset=offset,
        length=length,
        frame=frame,
        invalid=invalid,
        position=position,
        crops=crops,
        raw=before + place + after,
        marked=(len(before), len(before) + len(place)),
        facts=problem_facts(capture, row),
    )


_base64_run = re.compile(r"[A-Za-z0-9+/=]{120,}")


def _shortened(run: re.Match[str]) -> str:
    """A crop's text takes all the room around a problem and says nothing."""
    left_out = trn("{count:,} character", "{count:,} characters", len(run[0]) - 32)
    return f"{run[0][:16]}…{left_out}…{run[0][-16:]}"


_result_path = re.compile(r"results\[(\d+)\]")


def _frame_of_problem(
    capture: Capture, reader: SpanReader, row: int
) -> tuple[Frame | None, frozenset[str], int | None, tuple[Picture, ...]]:
    """The frame that a problem is about, where there is one, and the read that its field names."""
    table = capture.columns.problems
    number = int(table.column("source")[row])
    place = int(table.column("value_offset")[row])
    found = reader.frame_at(number, place)
    if found is None:
        # The bytes are shown, whatever they are, but they must be there.
        reader.require(number, place, int(table.column("value_length")[row]))
        return None, frozenset(), None, ()
    _, (frame, invalid) = reader.frame(found)
    named = _result_path.search(capture.columns.text("field", int(table.column("field")[row])) or "")
    position = int(named[1]) if named else 0
    crops = tuple(crop_of(read) for read in frame.reads)
    return frame, invalid, position if position < len(frame.reads) else None, crops
