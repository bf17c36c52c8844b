"""Cells that are more than text, looked at pixel by pixel."""

from __future__ import annotations

import base64

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QColor, QFontInfo, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QWidget

from alprviewer.models.cells import by_name
from alprviewer.views.style import style_sheet
from alprviewer.views.theme import DARK, LIGHT, PLATE_FAMILIES, apply
from tests.helpers.opening import captured, frame, write
from tests.views.shownvalues import BLUE, RED, jpeg
from tests.views.tablevalues import Shown


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request, qapp):
    before = qapp.palette()
    apply(qapp, request.param, style_sheet(request.param))
    yield request.param
    qapp.setStyleSheet("")
    qapp.setPalette(before)


def crop(colour: str, width: int = 60) -> str:
    return base64.b64encode(jpeg(width, 30, colour)).decode()


@pytest.fixture
def table(qtbot, theme, tmp_path):
    values = [
        frame("AB0O12", confidence=100.0, plate_crop_jpeg=crop(RED)),
        frame("AB0O12", confidence=50.0, plate_crop_jpeg=crop(BLUE, 400)),
        frame(confidence="?", plate=...),
        frame(confidence=...),
        frame("AB", confidence=0.5),
    ]
    made = Shown(captured(write(tmp_path / "a.jsonl", values)))
    qtbot.addWidget(made.browser)
    made.browser.resize(900, 400)
    with qtbot.waitExposed(made.browser):
        made.browser.show()
    found = made.browser.table("reads")

    def settled() -> bool:
        found.viewport().grab()
        return not made.thumbnails.busy

    qtbot.waitUntil(settled)
    yield found
    made.close()


def cell(table, row: int, name: str) -> QImage:
    rect = table.visualRect(table.rows.index(row, by_name(table.rows.specs)[name]))
    return table.viewport().grab(rect).toImage()


def share(image: QImage, colour: str, tolerance: int = 12) -> float:
    wanted = QColor(colour)
    hits = sum(
        all(
            abs(a - b) <= tolerance
            for a, b in zip(image.pixelColor(x, y).getRgb()[:3], wanted.getRgb()[:3], strict=True)
        )
        for x in range(image.width())
        for y in range(image.height())
    )
    return hits / (image.width() * image.height())


def test_the_bar_is_as_long_as_the_confidence_says(table, theme):
    full, half, low = (share(cell(table, row, "confidence"), theme.accent) for row in (0, 1, 4))
    assert full > 0.05
    assert half < full / 8
    assert 0 < low < full / 8
    assert share(cell(table, 1, "confidence"), theme.track) > 0.04


@pytest.mark.parametrize("row", [2, 3])
def test_no_bar_without_a_confidence(table, theme, row):
    image = cell(table, row, "confidence")
    assert share(image, theme.accent) == 0
    assert share(image, theme.track, 4) == 0


def test_an_invalid_value_is_marked_by_more_than_its_colour(table, theme):
    column = by_name(table.rows.specs)["confidence"]
    assert table.rows.text(2, column) == "invalid"
    assert table.cells.font_of(column, "invalid").italic()
    assert share(cell(table, 2, "confidence"), theme.bad, 60) > 0


def test_plates_stand_in_a_fixed_font_whose_zero_is_no_o(table):
    column = by_name(table.rows.specs)["plate"]
    assert QFontInfo(table.cells.font_of(column, table.rows.text(0, column))).family() in PLATE_FAMILIES
    assert table.cells.font_of(column, table.rows.text(2, column)).family() == table.font().family()


def test_crops_are_drawn_in_their_own_rows(table):
    assert share(cell(table, 0, "crop_text"), RED, 40) > 0.3
    assert share(cell(table, 1, "crop_text"), BLUE, 40) > 0.1
    assert share(cell(table, 1, "crop_text"), RED, 40) == 0
    for row in (2, 3):
        assert share(cell(table, row, "crop_text"), RED, 40) == 0


def test_a_wide_crop_keeps_its_shape(table):
    image = cell(table, 1, "crop_text")
    blue = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).blue() > 120 and image.pixelColor(x, y).red() < 90
    ]
    width = max(x for x, _ in blue) - min(x for x, _ in blue) + 1
    height = max(y for _, y in blue) - min(y for _, y in blue) + 1
    assert width / height > 6


def test_absent_values_are_a_dash_on_the_screen(table, theme):
    image = cell(table, 2, "crop_text")
    assert share(image, theme.muted, 40) > 0


def test_the_selected_row_is_seen_with_and_without_the_keyboard(table, theme, qtbot):
    table.show_row(3)
    for focus in (table.setFocus, table.clearFocus):
        focus()
        assert share(cell(table, 3, "region"), theme.selection) > 0.5
    # The soft edge of a letter may have any colour between the text's and the background's.
    assert share(cell(table, 2, "region"), theme.selection) < 0.01


class Painted(QObject):
    """What of a widget was painted anew."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.region = QRegion()
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return False


def test_a_selected_row_reaches_to_the_right_edge_and_no_other_one_does(table, theme, qtbot):
    beside = table.horizontalHeader().length() + 4
    assert beside < table.viewport().width()
    painted = Painted(table.viewport())

    def place_beside(row: int) -> QPoint:
        return QPoint(beside + 1, table.visualRect(table.rows.index(row, 0)).top() + 3)

    for chosen, other in ((1, 3), (3, 1)):
        table.show_row(chosen)
        qtbot.waitUntil(lambda row=chosen: painted.region.contains(place_beside(row)))
        image = table.viewport().grab().toImage()
        assert image.pixelColor(place_beside(chosen)).name() == QColor(theme.selection).name()
        assert image.pixelColor(place_beside(other)).name() == QColor(theme.surface).name()
        painted.region = QRegion()
