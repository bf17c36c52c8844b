"""Painting of tables: whole columns of the rows in sight at once, from pages of texts.

One call of Python a painting, and some a cell that was never drawn before: delegates and style sheets take a
hundred times as many, and a page of rows would miss its frame.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QTableView

from alprviewer.models.cells import (
    ABSENT_TEXT,
    INVALID_TEXT,
    NO_CONSENSUS_TEXT,
    PENDING_TEXT,
)
from alprviewer.models.listedcells import IS_LISTED
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.views.theme import Theme, plate_font, theme_of

INSET = 8
"""Pixels between the edges of a cell and what is in it."""
_BAR_HEIGHT = 5
_MARGIN = 3
"""Pixels between the edges of a cell and the ground of a mark in it."""
_LOWEST_BARS = {"percent": 50.0, "share": 0.0}
"""Percent at which bars begin. Agents hardly write confidences below, and the number stands beside."""
_QUIET = frozenset({ABSENT_TEXT, NO_CONSENSUS_TEXT, PENDING_TEXT})
"""Words in place of a value."""
PLATES = frozenset({"plate", "listed"})
"""Kinds of columns whose texts are plates."""
_MOST_FITTED = 4000
"""Texts of a column whose widths are remembered."""


class _Place(NamedTuple):
    """A column in sight: its place in the model, its left edge and its width on the viewport."""

    column: int
    left: int
    width: int


class _Fitted(NamedTuple):
    """A text that fits into its column, and where it begins."""

    text: str
    offset: float


class _Fonts(NamedTuple):
    """The fonts of a table, made from its own."""

    plain: QFont
    plate: QFont
    invalid: QFont

    @classmethod
    def made_from(cls, font: QFont) -> _Fonts:
        invalid = QFont(font)
        invalid.setItalic(True)
        return cls(font, plate_font(font), invalid)


class Cells:
    """Paints the cells of a table."""

    def __init__(self, table: QTableView, rows: RowsModel, thumbnails: Thumbnails) -> None:
        self._table, self._rows, self._thumbnails = table, rows, thumbnails
        self._fonts = _Fonts.made_from(table.font())
        self._fitted: dict[tuple[int, int], dict[str, _Fitted]] = {}

    def set_font(self, font: QFont) -> None:
        """Another font, or another size of it."""
        self._fonts = _Fonts.made_from(font)
        self._fitted.clear()

    def font_of(self, column: int, text: str) -> QFont:
        """Plates stand in a font whose zero cannot be taken for an O; what is invalid is slanted."""
        if text == INVALID_TEXT:
            return self._fonts.invalid
        is_plate = self._rows.specs[column].kind in PLATES and text not in _QUIET
        return self._fonts.plate if is_plate else self._fonts.plain

    def text_width(self, column: int, text: str) -> int:
        """Pixels that a text needs in a column."""
        return QFontMetrics(self.font_of(column, text)).horizontalAdvance(text)

    # --- painting ---------------------------------------------------------------------------------

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Paint what is in an area of the viewport."""
        table = self._table
        theme = theme_of(table.palette())
        painter.fillRect(area, QColor(theme.surface))
        # A window that is laid out from the right must not turn −4.6 into 4.6−.
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        first = table.rowAt(area.top())
        if first < 0:
            return
        height, top = table.rowHeight(first), table.rowViewportPosition(first)
        end = min(first + (area.bottom() - top) // height + 1, self._rows.rowCount())
        is_selected = table.selectionModel().isRowSelected
        selected = [is_selected(row) for row in range(first, end)]
        lines = QRect(area.left(), top, area.width(), height)
        for chosen in selected:
            if chosen:
                painter.fillRect(lines, QColor(theme.selection))
            painter.fillRect(lines.left(), lines.bottom(), lines.width(), 1, QColor(theme.hair))
            lines.translate(0, height)
        rows = _Rows(first, end, top, height, selected)
        for place in self._places(area):
            self._paint_column(painter, place, rows, theme)

    def _places(self, area: QRect) -> list[_Place]:
        header = self._table.horizontalHeader()
        places = [
            _Place(column, header.sectionViewportPosition(column), header.sectionSize(column))
            for column in range(header.count())
            if not header.isSectionHidden(column)
        ]
        return [each for each in places if each.left <= area.right() and each.left + each.width > area.left()]

    def _paint_column(self, painter: QPainter, place: _Place, rows: _Rows, theme: Theme) -> None:
        kind = self._rows.specs[place.column].kind
        if kind == "crop":
            self._paint_crops(painter, place, rows, theme)
            return
        texts = self._rows.texts(rows.first, rows.end, place.column)
        colours = {True: QColor(theme.on_selection), False: QColor(theme.text)}
        states = {**dict.fromkeys(_QUIET, QColor(theme.muted)), INVALID_TEXT: QColor(theme.bad)}
        if kind == "listed":
            _paint_marks(painter, place, rows, texts, theme)
            grounds = {True: QColor(theme.on_accent), False: QColor(theme.text)}
            states = {text: grounds[text.startswith(IS_LISTED)] for text in texts} | states
        fitted = self._fitted.setdefault((place.column, place.width), {})
        if len(fitted) > _MOST_FITTED:
            fitted.clear()
        base = self._fonts.plate if kind in PLATES else self._fonts.plain
        metrics = QFontMetrics(base)
        baseline = rows.top + (rows.height - 1 - metrics.height()) // 2 + metrics.ascent()
        painter.setFont(base)
        pen = None
        for text, selected in zip(texts, rows.selected, strict=True):
            fit = fitted.get(text)
            if fit is None:
                fit = fitted[text] = self._fit(place, text)
            state = states.get(text)
            wanted = colours[selected] if state is None else state
            if wanted is not pen:
                painter.setPen(wanted)
                pen = wanted
            if state is not None:
                painter.setFont(self.font_of(place.column, text))
            painter.drawText(QPointF(place.left + fit.offset, baseline), fit.text)
            if state is not None:
                painter.setFont(base)
            baseline += rows.height
        if kind in _LOWEST_BARS:
            digits = metrics.horizontalAdvance("100.0")
            _paint_bars(painter, place, rows, texts, (digits, _LOWEST_BARS[kind]), theme)

    def _fit(self, place: _Place, text: str) -> _Fitted:
        metrics = QFontMetricsF(self.font_of(place.column, text))
        room = place.width - 2 * INSET
        width = metrics.horizontalAdvance(text)
        if width > room:
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            width = metrics.horizontalAdvance(text)
        numeric = self._rows.specs[place.column].numeric
        return _Fitted(text, INSET + (max(room - width, 0) if numeric else 0))

    def _paint_crops(self, painter: QPainter, place: _Place, rows: _Rows, theme: Theme) -> None:
        """The crops of reads as small pictures; while one is decoded its cell is quiet."""
        ratio = painter.device().devicePixelRatioF()
        area = QRect(place.left, rows.top, place.width, rows.height).adjusted(INSET, 2, -2, -3)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for row in range(rows.first, rows.end):
            known, image = self._thumbnails.get(self._rows.subject(row), round(area.height() * ratio))
            if image is not None:
                size = QSizeF(image.size()) / ratio
                if size.width() > area.width():
                    size.scale(area.width(), size.height(), Qt.AspectRatioMode.KeepAspectRatio)
                top = area.top() + (area.height() - size.height()) / 2
                painter.drawImage(QRectF(QPointF(area.left(), top), size), image)
            elif known:
                painter.setPen(QColor(theme.muted))
                painter.setFont(self._fonts.plain)
                painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, ABSENT_TEXT)
            area.translate(0, rows.height)


class _Rows(NamedTuple):
    """The rows that are painted: their numbers, the first one's top, their height, which are selected."""

    first: int
    end: int
    top: int
    height: int
    selected: list[bool]


def _paint_marks(painter: QPainter, place: _Place, rows: _Rows, texts: list[str], theme: Theme) -> None:
    """The ground of listed plates: full where the row says the plate, a frame where it says one near it."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.accent), 1))
    mark = QRectF(place.left + _MARGIN, rows.top + 4, place.width - 2 * _MARGIN, rows.height - 9)
    mark.adjust(0.5, 0.5, -0.5, -0.5)
    full, empty = QBrush(QColor(theme.accent)), QBrush(QColor(theme.surface))
    for text in texts:
        if text != ABSENT_TEXT:
            painter.setBrush(full if text.startswith(IS_LISTED) else empty)
            painter.drawRoundedRect(mark, 3.5, 3.5)
        mark.translate(0, rows.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_bars(
    painter: QPainter, place: _Place, rows: _Rows, texts: list[str], axis: tuple[int, float], theme: Theme
) -> None:
    """Percentages as short bars at the left of their numbers; ``axis``: these' width, where bars begin."""
    digits, lowest = axis
    width = place.width - digits - 3 * INSET
    if width < 16:
        return
    top = rows.top + (rows.height - 1) // 2 - _BAR_HEIGHT // 2
    bar = QRectF(place.left + INSET, top, width, _BAR_HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    track, accent = QColor(theme.track), QColor(theme.accent)
    for text in texts:
        if text not in (ABSENT_TEXT, INVALID_TEXT):
            value = float(text.replace("−", "-"))
            share = min(max((value - lowest) / (100 - lowest), 0.0), 1.0)
            painter.setBrush(track)
            painter.drawRoundedRect(bar, 2.5, 2.5)
            painter.setBrush(accent)
            painter.drawRoundedRect(
                QRectF(bar.left(), bar.top(), max(width * share, 2), _BAR_HEIGHT), 2.5, 2.5
            )
        bar.translate(0, rows.height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
