"""Small pictures of crops for tables, decoded off the UI thread, newest wishes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.errors import SourceError
from alprviewer.models.images import crop_of, thumbnail
from alprviewer.models.worker import Worker

_KEPT = 600
_AT_ONCE = 12
_MOST_WANTED = 120
"""More wishes than a tall window has rows; older ones have been scrolled away."""


class Thumbnails(QObject):
    """Crops of reads at a small height.

    Signals:
        ready(): some of the wanted ones are there now.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = Capture()
        self._reader = SpanReader(self._capture)
        self._images: OrderedDict[int, QImage | None] = OrderedDict()
        self._wanted: list[int] = []
        self._in_work: frozenset[int] = frozenset()
        self._height = 24
        self._worker = Worker("thumbnails", self)
        self._worker.answered.connect(self._take)
        self._worker.failed.connect(self._give_up)

    def set_capture(self, capture: Capture) -> None:
        """Another capture: nothing is kept."""
        self._worker.forget()
        self._reader.close()
        self._capture, self._reader = capture, SpanReader(capture)
        self._images.clear()
        self._wanted = []
        self._in_work = frozenset()

    def get(self, read: int, height: int) -> tuple[bool, QImage | None]:
        """Whether a read's crop is known already, and the crop (None: there is none). Asks for it if not."""
        if height != self._height:
            self._height = height
            self._images.clear()
            self._in_work = frozenset()
        if read in self._images:
            self._images.move_to_end(read)
            return True, self._images[read]
        if read not in self._wanted and read not in self._in_work:
            self._wanted.append(read)
            del self._wanted[:-_MOST_WANTED]
        self._next()
        return False, None

    @property
    def busy(self) -> bool:
        """True while crops are wanted that are not there."""
        return bool(self._in_work or self._wanted)

    def _next(self) -> None:
        if self._worker.busy or not self._wanted:
            return
        chosen = self._wanted[-_AT_ONCE:]
        del self._wanted[-_AT_ONCE:]
        self._in_work = frozenset(chosen)
        capture, reader, height = self._capture, self._reader, self._height
        self._worker.submit(lambda: (capture, height, _decode(capture, reader, chosen, height)))

    def _take(self, answer: tuple[Capture, int, dict[int, QImage | None]]) -> None:
        capture, height, images = answer
        self._in_work = frozenset()
        if capture is self._capture and height == self._height:
            self._images.update(images)
            while len(self._images) > _KEPT:
                self._images.popitem(last=False)
            self.ready.emit()
        self._next()

    def _give_up(self) -> None:
        """A bug in decoding, which is in the log: these crops are shown as missing, the others go on."""
        self._images.update(dict.fromkeys(self._in_work))
        self._in_work = frozenset()
        self.ready.emit()
        self._next()

    def close(self) -> None:
        """End the thread and close the files."""
        self._worker.close()
        self._reader.close()


def _decode(
    capture: Capture, reader: SpanReader, reads: Sequence[int], height: int
) -> dict[int, QImage | None]:
    images: dict[int, QImage | None] = {}
    columns = capture.columns
    for row in reads:
        images[row] = None
        if not columns.reads.column("crop_text")[row]:
            continue
        try:
            _, decoded = reader.frame(int(columns.reads.column("frame")[row]))
        except SourceError:
            continue
        read = decoded.frame.reads[int(columns.reads.column("position")[row])]
        image = crop_of(read).image
        images[row] = None if image is None else thumbnail(image, height)
    return images
