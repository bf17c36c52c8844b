"""Small pictures of crops for tables, decoded off the UI thread, newest wishes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.core.errors import SourceError
from alprviewer.language import tr
from alprviewer.models.images import crop_of, sibling_crop, thumbnail
from alprviewer.models.shown import Picture
from alprviewer.models.worker import Worker

Subject = tuple[str, int]
"""A table of the store, ``reads`` or ``siblings``, and a row."""
_KEPT = 600
_AT_ONCE = 6
"""Few: while they are decoded, the window's thread waits for its turns of the interpreter."""
_BREATH_MS = 20
"""Before rows that have come into sight are read: the selected one is read and shown first."""
_TELL_MS = 30
"""Crops that come within this time are shown in one painting."""
_MOST_WANTED = 120
"""More wishes than a tall window has rows; older ones have been scrolled away."""


class Thumbnails(QObject):
    """Crops of reads and of Scout's groups at a small height.

    Signals:
        ready(): some of the wanted ones are there now.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._capture = Capture()
        self._reader = SpanReader(self._capture)
        self._images: OrderedDict[Subject, Picture] = OrderedDict()
        self._wanted: list[Subject] = []
        self._in_work: frozenset[Subject] = frozenset()
        self._height = 24
        self._worker = Worker("thumbnails", self)
        self._worker.answered.connect(self._take)
        # What is asked for while a table is painted goes to the worker at once, not one by one; and what the
        # window has to do besides, a key above all, comes before the next ones.
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._next)
        self._worker.failed.connect(self._give_up)
        self._told = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._told.timeout.connect(self.ready)

    def set_capture(self, capture: Capture) -> None:
        """Another capture: nothing is kept."""
        self._soon.stop()
        self._told.stop()
        self._worker.forget()
        self._reader.close()
        self._capture, self._reader = capture, SpanReader(capture)
        self._images.clear()
        self._wanted = []
        self._in_work = frozenset()

    def get(self, subject: Subject, height: int) -> tuple[bool, QImage | None]:
        """Whether a row's crop is known already, and the crop (None: there is none). Asks for it if not."""
        if height != self._height:
            self._height = height
            self._images.clear()
            self._in_work = frozenset()
        if subject in self._images:
            self._images.move_to_end(subject)
            return True, self._images[subject].image
        if subject not in self._wanted and subject not in self._in_work:
            self._wanted.append(subject)
            del self._wanted[:-_MOST_WANTED]
            if not self._soon.isActive():
                self._soon.start(_BREATH_MS)
        return False, None

    def knows(self, subject: Subject) -> bool:
        """True if a row's crop is there, or is known not to be. Asks for nothing."""
        return subject in self._images

    def reason(self, subject: Subject) -> str:
        """Why there is no crop, or what is odd about it; empty where nothing is, or nothing is known yet."""
        picture = self._images.get(subject)
        return picture.reason if picture is not None else ""

    @property
    def busy(self) -> bool:
        """True while crops are wanted that are not there, or nobody was told yet that they are."""
        return bool(self._in_work or self._wanted or self._told.isActive())

    def _next(self) -> None:
        if self._worker.busy or not self._wanted:
            return
        chosen = self._wanted[-_AT_ONCE:]
        del self._wanted[-_AT_ONCE:]
        self._in_work = frozenset(chosen)
        capture, reader, height = self._capture, self._reader, self._height
        self._worker.submit(lambda: (capture, height, _decode(capture, reader, chosen, height)))

    def _take(self, answer: tuple[Capture, int, dict[Subject, Picture]]) -> None:
        capture, height, images = answer
        self._in_work = frozenset()
        if capture is self._capture and height == self._height:
            self._images.update(images)
            while len(self._images) > _KEPT:
                self._images.popitem(last=False)
            self._tell()
        self._soon.start(0)

    def _give_up(self) -> None:
        """A bug in decoding, which is in the log: these crops are shown as missing, the others go on."""
        failed = Picture(None, tr("This crop could not be decoded."))
        self._images.update(dict.fromkeys(self._in_work, failed))
        self._in_work = frozenset()
        self._tell()
        self._soon.start(0)

    def _tell(self) -> None:
        if not self._told.isActive():
            self._told.start()

    def close(self) -> None:
        """End the thread and close the files."""
        self._soon.stop()
        self._told.stop()
        self._worker.close()
        self._reader.close()


def _decode(
    capture: Capture, reader: SpanReader, subjects: Sequence[Subject], height: int
) -> dict[Subject, Picture]:
    return {subject: _small_crop(capture, reader, *subject, height) for subject in subjects}


def _small_crop(capture: Capture, reader: SpanReader, table: str, row: int, height: int) -> Picture:
    reads = capture.columns.reads
    try:
        if table == "siblings":
            picture = sibling_crop(reader.sibling(row)[1])
        elif reads.column("crop_text")[row]:
            _, decoded = reader.frame(int(reads.column("frame")[row]))
            picture = crop_of(decoded.frame.reads[int(reads.column("position")[row])])
        else:
            return Picture(None, tr("This read came without a crop."))
    except SourceError as error:
        return Picture(None, str(error))
    image = None if picture.image is None else thumbnail(picture.image, height)
    return Picture(image, picture.reason)
