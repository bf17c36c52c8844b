"""Titles of tabs that run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from alprviewer.views.tabs import Tabs


class Counter(QObject):
    """Counts events of a kind."""

    def __init__(self, watched: QWidget, kind: QEvent.Type) -> None:
        super().__init__(watched)
        self.count, self._kind = 0, kind
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == self._kind
        return False


@pytest.fixture
def shown(qtbot):
    window = QWidget()
    tabs = Tabs(window)
    tabs.addTab(QLabel("a page"), "Reads  1")
    tabs.addTab(QWidget(), "Frames  1")
    QVBoxLayout(window).addWidget(tabs)
    qtbot.addWidget(window)
    window.resize(400, 200)
    with qtbot.waitExposed(window):
        window.show()
    tabs.setTabText(0, "Reads  2")
    qtbot.waitUntil(lambda: tabs._wanted == tabs._asked())
    QApplication.processEvents()
    return window, tabs


def test_another_title_is_seen_whole_and_the_page_stays_as_it_is(shown):
    window, tabs = shown
    around, painted = Counter(window, QEvent.Type.LayoutRequest), Counter(tabs.widget(0), QEvent.Type.Paint)
    seen = Counter(tabs.tabBar(), QEvent.Type.Paint)
    tabs.setTabText(0, "Reads  1,234,567")
    QApplication.processEvents()
    bar = tabs.tabBar()
    assert seen.count > 0
    assert bar.width() == tabs.width()
    assert bar.tabRect(0).width() > bar.fontMetrics().horizontalAdvance(bar.tabText(0))
    assert bar.tabRect(1).left() == bar.tabRect(0).right() + 1
    assert (around.count, painted.count) == (0, 0)


def test_a_page_that_needs_more_room_gets_it(shown, qtbot):
    window, tabs = shown
    tabs.widget(0).setMinimumSize(700, 300)
    qtbot.waitUntil(lambda: window.width() >= 700 and tabs.widget(0).height() >= 300)


def test_a_larger_font_gets_a_higher_bar(shown, qtbot):
    _, tabs = shown
    before = tabs.tabBar().height()
    font = tabs.font()
    font.setPointSize(3 * font.pointSize())
    tabs.tabBar().setFont(font)
    qtbot.waitUntil(lambda: tabs.tabBar().height() > before and tabs.widget(0).y() >= 0)
