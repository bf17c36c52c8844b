"""Small text beside a crop: what it is, and whether it is what was received."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from alprviewer.core import geometry
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc
from alprviewer.models.shown import Picture, Shown
from alprviewer.views.chips import chip_font
from alprviewer.views.looks import MUTED, plain_tip
from alprviewer.views.theme import SPACE, plate_font, theme_of

_ABSENT = "—"
_NAMES = {
    "value": tr("value"),
    "crop": tr("crop"),
    "read": trc("noun", "read"),
    "observed": tr("observed"),
    "plate": tr("plate"),
    "uuid": tr("uuid"),
}
"""What facts are called for people; a name that is not here stands as it comes."""


class Mark(QWidget):
    """Says whether the picture is what was received; never to be overlooked where it is not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(chip_font(self.font()))
        self._words = ""
        self.say("")

    @property
    def text(self) -> str:
        """What is said."""
        return tr("derived: {changes}", changes=self._words) if self._words else tr("as received")

    def say(self, words: str) -> None:
        """Say how the picture was derived; nothing: that it was not."""
        self._words = words
        self.setAccessibleName(self.text)
        self.setToolTip(self.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line with a little ground around it."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text) + 4 * SPACE, metrics.height() + SPACE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Quiet words for the received picture, a filled ground for a derived one."""
        theme, painter, room = theme_of(self.palette()), QPainter(self), self.rect()
        if self._words:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.differs))
            painter.drawRoundedRect(room, 3, 3)
            room = room.adjusted(2 * SPACE, 0, -SPACE, 0)
        painter.setPen(QColor(theme.on_accent if self._words else theme.muted))
        text = self.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()


class Facts(QWidget):
    """Names at the left, values at the right, in small text; always plain."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(3 * SPACE)
        self._grid.setVerticalSpacing(SPACE // 2)
        self._grid.setColumnStretch(1, 1)
        self._labels: list[tuple[QLabel, Elided]] = []
        self._rows: list[tuple[str, str]] = []

    def show_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show (name, value) rows as ``facts_of`` gives them; the value of "observed" in the plate font."""
        while len(self._labels) < len(rows):
            name, value = QLabel(self), Elided(self)
            name.setTextFormat(Qt.TextFormat.PlainText)
            name.setFont(chip_font(self.font()))
            name.setForegroundRole(MUTED)
            at = len(self._labels)
            self._grid.addWidget(name, at, 0)
            self._grid.addWidget(value, at, 1)
            self._labels.append((name, value))
        self._rows = rows
        for (label, line), (key, text) in zip(self._labels, rows, strict=False):
            label.setText(_NAMES.get(key, key))
            line.set_value(text, key)

    def height_of(self, count: int) -> int:
        """Pixels that the first ``count`` rows take."""
        rows = self._labels[:count]
        highest = (max(name.sizeHint().height(), value.sizeHint().height()) for name, value in rows)
        return sum(highest) + max(0, len(rows) - 1) * self._grid.verticalSpacing()

    def fit(self, height: int) -> int:
        """Show as many rows as ``height`` has room for, from the top; returns the pixels that they take."""
        count = len(self._rows)
        while count and self.height_of(count) > height:
            count -= 1
        for index, labels in enumerate(self._labels):
            for label in labels:
                label.setVisible(index < count)
        return self.height_of(count)

    def rows(self) -> list[tuple[str, str]]:
        """All there is to say, unshortened."""
        return list(self._rows)


class Elided(QWidget):
    """One line of plain text that ends in an ellipsis where it does not fit; the tip holds all of it.

    Its fonts are made where they are used: one that is set does not survive a change of the style sheet.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.value = ""
        self._name = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_value(self, value: str, name: str) -> None:
        """Set the text and its name: a uuid is shortened at its beginning, a plate has its own font."""
        self.value, self._name = value, name
        self.setAccessibleName(value)
        self.setToolTip(plain_tip(value))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(60, QFontMetrics(self._own_font()).height())

    def _own_font(self) -> QFont:
        return plate_font(self.font(), 1.0) if self._name == "observed" else chip_font(self.font())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The text."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.palette().ColorRole.WindowText))
        painter.setFont(self._own_font())
        side = Qt.TextElideMode.ElideLeft if self._name == "uuid" else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(self.value, side, self.width())
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
        painter.end()


def picture_of(shown: Shown) -> Picture:
    """The crop that belongs to what is selected: the read's; of a sibling (a group has one) its own."""
    if shown.frame is None and shown.crops:
        return shown.crops[0]
    return shown.crop


def facts_of(shown: Shown) -> list[tuple[str, str]]:
    """What is worth knowing beside the crop: (name, value), the names being those of ``_NAMES``."""
    read, frame = shown.read, shown.frame
    if frame is None and shown.crops:
        return [
            ("value", display_text(shown.title, 80) or _ABSENT),
            (shown.crops[0].name or "crop", crop_words(shown.crops[0])),
        ]
    if read is None or frame is None or shown.position is None:
        return []
    plate = display_text(read.plate, 40) if read.plate else _ABSENT
    confidence = _ABSENT if read.confidence is None else f"{read.confidence:.1f} %"
    template = {None: _ABSENT, 0: tr("no"), 1: tr("yes")}.get(read.matches_template, _ABSENT)
    width = _ABSENT
    if read.coordinates is not None:
        width = f"{geometry.quad_size([(p.x, p.y) for p in read.coordinates]).width:.0f} px"
    return [
        ("read", tr("{number} of {count}", number=shown.position + 1, count=len(frame.reads))),
        ("observed", f"{plate} {confidence}"),
        ("plate", tr("{width} wide, template {yes_or_no}", width=width, yes_or_no=template)),
        ("uuid", display_text(frame.uuid) if frame.uuid else _ABSENT),
        ("crop", crop_words(shown.crop)),
    ]


def crop_words(picture: Picture) -> str:
    """Size in pixels and bytes of a crop, as received."""
    if picture.image is None or picture.image.isNull():
        size = size_words(len(picture.data or b""))
        return tr("{size}, no picture", size=size) if picture.data else _ABSENT
    pixels = f"{picture.image.width()} × {picture.image.height()} px"
    data = f", {size_words(len(picture.data))}" if picture.data else ""
    note = f" · {display_text(picture.reason)}" if picture.reason else ""
    return f"{pixels}{data}{note}"


def size_words(count: int) -> str:
    """Bytes in words: ``2.9 kB``."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1_000_000:.1f} MB"
