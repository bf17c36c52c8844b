"""The status bar's words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton

from alprviewer.views.statusline import StatusLine, byte_text, duration_text, progress_text


@pytest.fixture
def line(qtbot):
    made = StatusLine()
    qtbot.addWidget(made)
    made.resize(900, 30)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (99_960, "100 kB"),
        (1000, "1.0 kB"),
        (1234, "1.2 kB"),
        (123456, "123 kB"),
        (2_100_000_000, "2.1 GB"),
        (5e12, "5000 GB"),
        (999_960, "1.0 MB"),
    ],
)
def test_bytes(count, text):
    assert byte_text(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.01, "1 s"),
        (59.4, "59 s"),
        (59.9, "1 min 00 s"),
        (61, "1 min 01 s"),
        (3599.9, "1 h 00 min"),
        (7320, "2 h 02 min"),
    ],
)
def test_durations(seconds, text):
    assert duration_text(seconds) == text


def test_progress_says_rate_and_time_left():
    assert progress_text(50_000_000, 200_000_000, 1.0) == "50.0 MB of 200 MB · 50.0 MB/s · 3 s left"
    assert progress_text(10, 200, 0.1) == "10 B of 200 B"
    assert progress_text(0, 200, 5) == "0 B of 200 B"
    assert progress_text(200, 200, 5) == "200 B of 200 B · 40 B/s"
    assert progress_text(5000, 0, 1) == "5.0 kB · 5.0 kB/s"


def test_reading_shows_a_bar_and_a_way_to_stop(line, qtbot):
    bar = line.findChild(QProgressBar)
    assert not bar.isVisible()
    line.show_progress("a.jsonl", 50, 200, 1.0)
    assert bar.isVisible()
    assert bar.value() == 250
    assert line.texts()[0] == "Reading a.jsonl"
    stop = next(each for each in line.findChildren(QPushButton) if each.text() == "Stop")
    with qtbot.waitSignal(line.cancel_clicked):
        qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    line.show_idle("1 file")
    assert not bar.isVisible()
    assert line.texts()[0] == "1 file"


def test_a_file_of_five_gigabytes_does_not_overflow(line):
    line.show_progress("a.jsonl", 4_900_000_000, 5_000_000_000, 60.0)
    assert line.findChild(QProgressBar).value() == 980


def test_problems_are_counted_and_opened_by_a_click(line, qtbot):
    button = next(each for each in line.findChildren(QPushButton) if each.isFlat())
    assert not button.isVisible()
    line.show_counts("5 frames", 1)
    assert button.text() == "1 problem"
    line.show_counts("5 frames", 1200)
    assert button.text() == "1,200 problems"
    with qtbot.waitSignal(line.problems_clicked):
        qtbot.keyClick(button, Qt.Key.Key_Space)


def test_long_names_do_not_push_the_rest_out(line):
    line.show_counts("710 frames · 763 reads", 12)
    line.show_right("Wednesday, 1 July 2026")
    line.show_progress("x" * 300 + ".jsonl", 50_000_000, 200_000_000, 1.0)
    assert line.minimumSizeHint().width() <= 720
    assert line.texts()[0].startswith("Reading x")


def test_its_height_stays_when_parts_come_and_go(line):
    heights = {line.minimumSizeHint().height()}
    line.show_progress("a.jsonl", 1, 2, 1.0)
    heights.add(line.minimumSizeHint().height())
    line.show_idle("1 file")
    line.show_counts("1 frame · 1 read", 2)
    heights.add(line.minimumSizeHint().height())
    assert len(heights) == 1
    buttons = line.findChildren(QPushButton)
    assert len(buttons) == 3
    assert all(button.sizeHint().height() < min(heights) for button in buttons)
