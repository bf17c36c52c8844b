"""What a pane asks for stays with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QSizePolicy, QVBoxLayout, QWidget

from alprviewer.views.enclosure import Enclosure


class Counter(QObject):
    """Counts the requests to lay something out anew."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def pane_with(label):
    pane = QWidget()
    QVBoxLayout(pane).addWidget(label)
    return pane


@pytest.fixture
def window(qtbot):
    made = QWidget()
    QVBoxLayout(made).setContentsMargins(0, 0, 0, 0)
    qtbot.addWidget(made)
    made.resize(300, 200)
    return made


@pytest.mark.parametrize("enclosed", [True, False])
def test_another_text_is_laid_out_in_the_pane_alone(qtbot, window, enclosed):
    label = QLabel("a")
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    pane = pane_with(label)
    window.layout().addWidget(Enclosure(pane) if enclosed else pane)
    with qtbot.waitExposed(window):
        window.show()
    QApplication.processEvents()
    outside, inside = Counter(window), Counter(pane)
    label.setText("a longer text")
    qtbot.waitUntil(lambda: inside.count > 0)
    QApplication.processEvents()
    assert (outside.count == 0) is enclosed
    assert label.width() >= label.sizeHint().width(), "and is seen whole"


def test_the_pane_has_all_the_room_and_as_much_as_it_needs(qtbot, window):
    label = QLabel("a text of some length")
    pane = pane_with(label)
    enclosure = Enclosure(pane)
    window.layout().addWidget(enclosure)
    with qtbot.waitExposed(window):
        window.show()
    assert pane.size() == enclosure.size() == window.size()
    assert enclosure.minimumSizeHint() == pane.minimumSizeHint()
    assert enclosure.sizeHint() == pane.sizeHint()
    pane.setMinimumSize(250, 0)
    assert enclosure.minimumSizeHint().width() == 250
    assert enclosure.minimumSizeHint().height() == pane.minimumSizeHint().height()


def test_a_pane_that_needs_more_room_gets_it(qtbot, window):
    label = QLabel("a")
    window.layout().addWidget(Enclosure(pane_with(label)))
    with qtbot.waitExposed(window):
        window.show()
    label.setMinimumSize(400, 50)
    qtbot.waitUntil(lambda: window.width() >= 400 and label.width() >= 400)
