"""The candidate chart, with real keys and a real mouse."""

import itertools

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QGuiApplication, QHelpEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QScrollBar, QToolTip

from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.candidatechart import CandidateChart
from alprviewer.views.candidatepaint import ROW_HEIGHT
from alprviewer.views.candidaterows import axis_start, chart_of, key_of, percent_text
from alprviewer.views.theme import DARK, LIGHT, palette_of
from tests.helpers.showing import frame_with, shown_of

TEN = [(f"AYX880{digit}", 89.0 - digit, 0) for digit in range(10)]
OVERRULED = frame_with(
    ("WA56660", 83.9, 0),
    ("WAS6660", 79.7, 1),
    ("VAS6660", 77.0, 1),
    read={"plate": "WAS6660", "confidence": 79.7, "matches_template": 1},
)
HOSTILE = frame_with(
    ("<b>\u202eAB\n1", 91.0, 0),
    ("<img src=x>\x1b[31m\0", 88.0, 1),
    ("A" * 900, 86.0, 0),
    ("دبي ۱۲۳", 85.0, 0),
    ("京A·12345😀", 84.0, 0),
    ("e" + "\u0301" * 50, 83.0, 0),
    ("", 82.0, 0),
    (None, None, 0),
)
THOUSAND = frame_with(*[(f"AB{number:04d}", 94 - number * 0.03, number % 2) for number in range(1000)])


@pytest.fixture
def chart(qtbot):
    widget = CandidateChart()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(340, 340)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def words(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def picture(widget) -> QImage:
    QApplication.processEvents()
    return widget.grab().toImage()


def colours(image: QImage) -> set[str]:
    ratio = 1
    return {
        image.pixelColor(x, y).name() for x in range(0, image.width(), ratio) for y in range(image.height())
    }


def point_of_row(widget, row: int) -> QPoint:
    top = widget._view.mapTo(widget, QPoint(0, 0)).y()
    return QPoint(widget.width() // 2, round(top + row * ROW_HEIGHT - widget._rows.top + ROW_HEIGHT / 2))


# --- what it says ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("confidences", "start"),
    [
        ([89.1, 82.7], 70),
        ([88.7, 77.9], 70),
        ([63.3, 83.07, 52.8], 40),
        ([94.0], 80),
        ([100.0], 90),
        ([4.0], 0),
        ([0.0], 0),
        ([], 90),
    ],
)
def test_axis_starts_at_a_round_number_well_below(confidences, start):
    assert axis_start(confidences) == start


def test_heading_names_axis_and_margin(chart):
    chart.show_item(frame_with(("AYX8803", 89.1, 0), ("AYX880", 87.6, 0), ("1YX8803", 86.1, 0)))
    assert words(chart) == ["Candidates of this read · axis from 80 · margin 1.5"]
    assert chart.accessibleName() == words(chart)[0]


def test_an_overruled_candidate_is_named(chart):
    chart.show_item(OVERRULED)
    assert words(chart) == [
        "Candidates of this read · axis from 70 · margin −4.2",
        "The template overruled WA56660 (83.9): WAS6660 matches it.",
    ]
    assert chart.accessibleDescription() == words(chart)[1]


@pytest.mark.parametrize(
    ("shown", "note"),
    [
        (
            frame_with(("A1", 80.0, 0), ("B1", 90.0, 0)),
            "B1 (90.0) is more confident than the observed plate.",
        ),
        (
            frame_with(("A1", 80.0, 0), ("B1", 80.0, 0), read={"plate": "B1", "confidence": 80}),
            "The observed plate is candidate 2, not the first.",
        ),
        (
            frame_with(("A1", 80.0, 0), read={"plate": "C9"}),
            "The observed plate C9 is not among the candidates.",
        ),
        (frame_with(("A1", 80.0, 0), read={"plate": None}), "The read has no plate."),
        (frame_with(("A1", 80.0, 0), ("B1", 70.0, 0)), ""),
        (frame_with(("A1", None, 0), ("B1", 70.0, 0)), ""),
    ],
)
def test_note(shown, note):
    assert chart_of(shown).note == note


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (NOTHING, "Select a read to see its candidates."),
        (Shown(failure="The file is\x00 gone."), "The file is<U+0000> gone."),
        (
            frame_with(),
            "The recognizer sent an empty list of candidates for this read. It observed AB123 with 90.5 %.",
        ),
        (
            frame_with(read={"candidates": None, "plate": None}),
            "The recognizer sent no list of candidates for this read.",
        ),
        (shown_of(b'{"data_type":"alpr_results","results":[]}'), "This frame holds no plate reads."),
    ],
)
def test_a_sentence_where_there_is_nothing_to_draw(chart, qtbot, shown, sentence):
    chart.show_item(shown)
    assert sentence in words(chart)
    assert chart.accessibleDescription() == sentence
    with qtbot.assertNotEmitted(chart.candidate_activated):
        for key in (Qt.Key.Key_Down, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_End):
            qtbot.keyClick(chart, key)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert chart.current is None


def test_absent_confidence_is_no_zero():
    assert percent_text(None) == "—"
    assert percent_text(0.0) == "0.0"
    chart = chart_of(frame_with(("A1", None, 0), ("B1", 80.0, 0)))
    assert chart.start == 70
    assert chart.margin is None


def test_keys_of_the_first_ten():
    assert [key_of(row) for row in range(12)] == [*"1234567890", "", ""]


# --- what it draws --------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_chosen_bar_other_bars_differences_and_template_mark_are_drawn(chart, theme):
    chart.setPalette(palette_of(theme))
    chart.show_item(OVERRULED)
    seen = colours(picture(chart))
    assert {theme.accent, theme.bar, theme.track, theme.differs, theme.roi, theme.surface} <= seen


def test_without_template_or_difference_there_are_no_marks_for_them(chart):
    chart.show_item(frame_with(("A1", 80.0, 0)))
    seen = colours(picture(chart))
    assert LIGHT.differs not in seen
    assert LIGHT.roi not in seen


def test_bars_are_as_long_as_the_axis_says(chart):
    chart.show_item(frame_with(("A1", 95.0, 0), ("B1", 85.0, 0)))
    image = picture(chart)

    def length(row: int, colour: str) -> int:
        y = point_of_row(chart, row).y()
        return sum(image.pixelColor(x, y).name() == colour for x in range(image.width()))

    lost_in_break = length(0, LIGHT.surface)
    assert lost_in_break > 0
    whole = chart._box.width()
    assert chart._rows.chart.start == 80
    assert length(0, LIGHT.accent) == pytest.approx(whole * 15 / 20, abs=12)
    assert length(1, LIGHT.bar) == pytest.approx(whole * 5 / 20, abs=12)


def test_a_candidate_without_confidence_has_no_bar(chart):
    chart.show_item(frame_with(("A1", 95.0, 0), ("B1", None, 0)))
    image, y = picture(chart), point_of_row(chart, 1).y()
    assert LIGHT.bar not in {image.pixelColor(x, y).name() for x in range(image.width())}


@pytest.mark.parametrize("size", [(340, 340), (160, 90), (60, 40), (1400, 900)])
def test_hostile_texts_are_drawn_at_any_size(chart, size):
    chart.resize(*size)
    chart.show_item(HOSTILE)
    for row in range(len(HOSTILE.read.candidates)):
        chart.set_current(row)
        assert not picture(chart).isNull()
        assert "\u202e" not in chart.accessibleDescription()


def test_every_scale_of_the_font_is_drawn(chart):
    font = chart.font()
    font.setPointSizeF(22)
    chart.setFont(font)
    chart.show_item(OVERRULED)
    assert not picture(chart).isNull()


# --- what it does ---------------------------------------------------------------------------------


def test_arrow_keys_move_and_enter_picks(chart, qtbot):
    chart.show_item(frame_with(*TEN))
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.current == 0
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.current == 1
    assert chart.accessibleDescription() == "Candidate 2 of 10, AYX8801, 88.0 percent"
    qtbot.keyClick(chart, Qt.Key.Key_Up)
    qtbot.keyClick(chart, Qt.Key.Key_Up)
    assert chart.current == 0
    assert chart.accessibleDescription().endswith("the observed plate")
    qtbot.keyClick(chart, Qt.Key.Key_End)
    with qtbot.waitSignal(chart.candidate_activated) as picked:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert picked.args == [9]


@pytest.mark.parametrize(("key", "row"), [(Qt.Key.Key_1, 0), (Qt.Key.Key_9, 8), (Qt.Key.Key_0, 9)])
def test_digits_pick(chart, qtbot, key, row):
    chart.show_item(frame_with(*TEN))
    with qtbot.waitSignal(chart.candidate_activated) as picked:
        qtbot.keyClick(chart, key)
    assert picked.args == [row]
    assert chart.current == row


def test_a_digit_without_a_row_picks_nothing(chart, qtbot):
    chart.show_item(OVERRULED)
    with qtbot.assertNotEmitted(chart.candidate_activated):
        qtbot.keyClick(chart, Qt.Key.Key_4)
        qtbot.keyClick(chart, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert chart.current is None


def test_click_selects_and_double_click_picks(chart, qtbot):
    chart.show_item(frame_with(*TEN))
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=point_of_row(chart, 2))
    assert chart.current == 2
    assert LIGHT.selection in colours(picture(chart))
    with qtbot.waitSignal(chart.candidate_activated) as picked:
        qtbot.mouseDClick(chart, Qt.MouseButton.LeftButton, pos=point_of_row(chart, 4))
    assert picked.args == [4]


def test_copy_gives_the_text_as_received(chart, qtbot):
    chart.show_item(HOSTILE)
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "<b>\u202eAB\n1"
    chart.set_current(2)
    qtbot.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "A" * 900
    chart.set_current(7)  # has no text: what was copied stays
    qtbot.keyClick(chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "A" * 900


def test_a_thousand_candidates_scroll(chart, qtbot):
    chart.show_item(THOUSAND)
    bar = chart.findChild(QScrollBar)
    assert bar.isVisible()
    assert words(chart)[0].startswith("1,000 candidates of this read")
    qtbot.keyClick(chart, Qt.Key.Key_End)
    assert chart.current == 999
    assert bar.value() == bar.maximum()
    picture(chart)
    assert len(chart._rows.texts) < 20
    qtbot.keyClick(chart, Qt.Key.Key_PageUp)
    assert chart.current < 999
    qtbot.keyClick(chart, Qt.Key.Key_Home)
    assert bar.value() == 0
    where = QPointF(chart.rect().center())
    wheel = QWheelEvent(
        where,
        chart.mapToGlobal(where),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QGuiApplication.sendEvent(chart, wheel)
    assert bar.value() > 0
    chart.show_item(OVERRULED)
    assert not bar.isVisible()
    assert bar.value() == 0


def test_tooltips_are_plain(chart, monkeypatch):
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_: told.append(text))
    chart.show_item(HOSTILE)
    for row in (1, 50):
        place = point_of_row(chart, row)
        event = QHelpEvent(QEvent.Type.ToolTip, place, chart.mapToGlobal(place))
        QApplication.sendEvent(chart, event)
    assert told == ["&lt;img src=x&gt;&lt;U+001B&gt;[31m&lt;U+0000&gt; · 88.0 % · matches the template", ""]


@pytest.mark.parametrize("width", range(60, 220, 18))
@pytest.mark.parametrize("height", [40, 60, 90, 140])
def test_any_size(chart, width, height):
    """An exception while Qt paints ends the whole program: the box may have no width at all."""
    chart.show_item(frame_with(("A", 90.5, 0), ("AB128", 82.5, 0)))
    chart.resize(width, height)
    assert not chart.grab().isNull()


def test_every_label_is_plain_text(chart):
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in chart.findChildren(QLabel))


def test_colours_follow_the_theme(chart):
    chart.show_item(OVERRULED)
    light = picture(chart).pixelColor(3, chart.height() - 3)
    chart.setPalette(palette_of(DARK))
    dark = picture(chart).pixelColor(3, chart.height() - 3)
    assert (light, dark) == (QColor(LIGHT.surface), QColor(DARK.surface))


@pytest.mark.parametrize("width", [200, 240, 303, 420, 900])
@pytest.mark.parametrize("lowest", [10.0, 46.0, 78.0])
def test_numbers_of_the_axis_stand_apart(chart, width, lowest):
    chart.resize(width, 300)
    chart.show_item(frame_with(("ABC123", 95.0, 0), ("ABD123", lowest, 0)))
    QApplication.processEvents()
    (ticks,) = chart._axis._tickLevels
    metrics = QFontMetrics(chart._axis.style["tickFont"])
    start, end = chart._box.viewRange()[0]
    pixels = chart._box.width() / (end - start)
    spans = sorted((at * pixels, metrics.horizontalAdvance(words)) for at, words in ticks)
    assert ticks[0] == (100, "100 %")
    assert all(
        one + wide / 2 < other - wider / 2 for (one, wide), (other, wider) in itertools.pairwise(spans)
    )
