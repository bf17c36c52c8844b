"""Copying and printing what has the keyboard: a pane as a picture, a table as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageLayout, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog, QTableView, QWidget

from alprviewer.language import tr
from alprviewer.views.croppane import CropPane
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window

MOST_ROWS = 2_000
"""Rows of a table that are printed; more belong into an export."""
_MARGIN_MM = 12
_BLACK, _GREY = QColor("#000000"), QColor("#888888")


def subject_of(window: Window) -> QWidget:
    """The pane or the table that has the keyboard; the table in front where neither has it."""
    pane = window.workspace.pane_around(QApplication.focusWidget())
    return pane or window.browser.table(window.browser.tab)


def picture_of(subject: QWidget) -> QImage:
    """A pane as it stands on the screen; of a crop the picture itself, in its own pixels."""
    if isinstance(subject, CropPane) and subject.view.image is not None:
        return subject.view.image.copy()
    return subject.grab().toImage()


def ask_and_print(window: Window) -> None:
    """Ask for a printer (or a file, with most systems) and print."""
    subject = subject_of(window)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(window.windowTitle())
    printer.setPageMargins(QMarginsF(*(_MARGIN_MM,) * 4), QPageLayout.Unit.Millimeter)
    if isinstance(subject, QTableView):
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    dialog = QPrintDialog(printer, window)
    wanted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    if wanted:
        left_out = print_on(printer, subject)
        if left_out:
            text = tr(
                "The first {printed:,} rows were printed, {left_out:,} not: filter or export them.",
                printed=MOST_ROWS,
                left_out=left_out,
            )
            window.say(StripKind.INFO, text)


def print_on(printer: QPrinter, subject: QWidget) -> int:
    """Print a pane or a table. Gives the number of rows that were left out."""
    painter = QPainter(printer)
    try:
        if isinstance(subject, QTableView):
            return _TablePrint(printer, painter, subject).run()
        _print_picture(printer, painter, subject)
        return 0
    finally:
        painter.end()


def _print_picture(printer: QPrinter, painter: QPainter, subject: QWidget) -> None:
    """As large as the page lets it be, in lines and letters where it is made of them."""
    page = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
    scale = min(page.width() / subject.width(), page.height() / subject.height())
    painter.scale(scale, scale)
    subject.render(painter, QPoint())


class _TablePrint:
    """A table on pages, its columns as wide as their texts ask for, made smaller where they are too many."""

    def __init__(self, printer: QPrinter, painter: QPainter, table: QTableView) -> None:
        self._printer, self._painter = printer, painter
        self._model = table.model()
        header = table.horizontalHeader()
        order = sorted(range(header.count()), key=header.visualIndex)
        self._columns = [each for each in order if not table.isColumnHidden(each)]
        wide = [table.columnWidth(each) for each in self._columns]
        self._page = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
        self._page.moveTo(0, 0)
        painter.setFont(QFont(table.font().family(), 8))
        self._line = QFontMetricsF(painter.font(), printer).height() * 1.25
        self._widths = [self._page.width() * each / sum(wide) for each in wide]
        self._title = table.accessibleName()

    def run(self) -> int:
        """Print. Gives the number of rows that were left out."""
        rows = self._model.rowCount()
        shown = min(rows, MOST_ROWS)
        a_page = max(int((self._page.height() - 3 * self._line) / self._line), 1)
        pages = max(-(-shown // a_page), 1)
        for page in range(pages):
            if page:
                self._printer.newPage()
            self._head(page + 1, pages)
            for place, row in enumerate(range(page * a_page, min((page + 1) * a_page, shown))):
                texts = [self._model.index(row, each).data() for each in self._columns]
                self._row((place + 2) * self._line, texts, _BLACK)
        return rows - shown

    def _head(self, page: int, pages: int) -> None:
        horizontal = Qt.Orientation.Horizontal
        self._painter.setPen(_BLACK)
        top = QRectF(0, 0, self._page.width(), self._line)
        self._painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self._title)
        place = tr("{page} of {pages}", page=page, pages=pages)
        self._painter.drawText(top, Qt.AlignmentFlag.AlignRight, place)
        self._row(self._line, [self._model.headerData(each, horizontal) for each in self._columns], _GREY)

    def _row(self, top: float, texts: list[object], colour: QColor) -> None:
        left = 0.0
        self._painter.setPen(colour)
        metrics = QFontMetricsF(self._painter.font(), self._printer)
        for text, width in zip(texts, self._widths, strict=True):
            room = width - self._line / 3
            words = metrics.elidedText(str(text or ""), Qt.TextElideMode.ElideRight, room)
            self._painter.drawText(QRectF(left, top, room, self._line), Qt.AlignmentFlag.AlignLeft, words)
            left += width
