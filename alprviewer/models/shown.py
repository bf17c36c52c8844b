"""What is shown of one selected row: plain values, complete, made off the UI thread.

Panes receive a ``Shown`` and draw it; none of them reads a file or decodes a picture.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtGui import QImage

from alprviewer.core.frame import Frame, Read
from alprviewer.language import tr


@dataclass(frozen=True)
class Picture:
    """A decoded picture, or the reason why there is none.

    Attributes:
        image: the decoded picture; None where there is none.
        reason: one sentence for the user where ``image`` is None, or what is odd about the one shown.
        data: the JPEG bytes as received; None where there are none.
        name: where it came from, for a caption: a file name, or "crop".
    """

    image: QImage | None = None
    reason: str = ""
    data: bytes | None = None
    name: str = ""


@dataclass(frozen=True)
class Shown:
    """The selected frame, sibling or problem and, of a frame, the selected read.

    Attributes:
        title: what it is, in a few words, for a heading and for accessibility.
        source: the path or address of the source, as given.
        offset, length: the span in bytes.
        frame: the decoded frame; None where a sibling or a problem is selected or nothing could be read.
        invalid: paths of the frame's fields that are present but unusable.
        position: place of the selected read in ``frame.results``; None where none is selected.
        crops: one for each read of the frame, in the same order.
        backdrop: the whole picture that the frame was made from.
        raw: the bytes of the span as they are, as text (bad bytes replaced).
        marked: the characters of ``raw`` that a problem is about; then ``raw`` holds what stands around them.
        value: the parsed JSON (dicts, lists, text, numbers) for the raw view; None where it cannot be parsed.
        inner: which frame of the value ``frame`` is.
        facts: rows of the details pane, made from the sibling or problem: (label, value).
        failure: one sentence where the row could not be read again at all; everything else is then empty.
    """

    title: str = ""
    source: str = ""
    offset: int = 0
    length: int = 0
    frame: Frame | None = None
    invalid: frozenset[str] = frozenset()
    position: int | None = None
    crops: tuple[Picture, ...] = ()
    backdrop: Picture = field(default_factory=Picture)
    raw: str = ""
    marked: tuple[int, int] | None = None
    value: Any = None
    inner: int = 0
    facts: tuple[tuple[str, str], ...] = ()
    failure: str = ""

    @property
    def read(self) -> Read | None:
        """The selected read."""
        if self.frame is None or self.position is None or self.position >= len(self.frame.reads):
            return None
        return self.frame.reads[self.position]

    @property
    def crop(self) -> Picture:
        """The selected read's crop."""
        if self.position is None or self.position >= len(self.crops):
            return Picture()
        return self.crops[self.position]


PROBLEM_TITLE = tr("Problem")
"""``Shown.title`` of a problem."""

NOTHING = Shown()
"""Nothing is selected."""
