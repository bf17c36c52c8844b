"""The page of an empty window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from alprviewer.views.startpage import MOST_RECENT, Choice, DropArea, StartPage
from alprviewer.views.theme import DARK, LIGHT, palette_of


@pytest.fixture
def page(qtbot):
    widget = StartPage()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(1000, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def choices(page) -> dict[str, Choice]:
    QApplication.processEvents()
    return {choice.text(): choice for choice in page.findChildren(Choice) if choice.isVisible()}


@pytest.mark.parametrize(
    ("title", "signal"),
    [
        ("Open files…", "open_files"),
        ("Open folder…", "open_folder"),
        ("Open the sample capture", "open_sample"),
        ("Connect to a live source…", "connect_source"),
        ("Try live", "try_live"),
    ],
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, None])
def test_each_choice_by_mouse_and_keyboard(page, qtbot, title, signal, key):
    choice = choices(page)[title]
    with qtbot.waitSignal(getattr(page, signal)):
        if key is None:
            qtbot.mouseClick(choice, Qt.MouseButton.LeftButton)
        else:
            qtbot.keyClick(choice, key)


def test_tab_walks_through_the_choices(page, qtbot):
    page.set_recent(["/data/a.jsonl"])
    page.setFocus()
    seen = []
    for _ in range(6):
        seen.append(QApplication.focusWidget().text())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == [
        *("Open files…", "Open folder…", "Connect to a live source…"),
        *("Open the sample capture", "Try live", "a.jsonl"),
    ]


def test_recent(page, qtbot):
    page.set_recent([])
    assert len(choices(page)) == 5
    page.set_recent(["/data/north/a.jsonl", "/data/b.jsonl.zst"])
    shown = choices(page)
    assert list(shown)[-2:] == ["a.jsonl", "b.jsonl.zst"]
    assert shown["a.jsonl"].accessibleName() == "a.jsonl, /data/north"
    with qtbot.waitSignal(page.open_recent) as wanted:
        qtbot.mouseClick(shown["b.jsonl.zst"], Qt.MouseButton.LeftButton)
    assert wanted.args == ["/data/b.jsonl.zst"]
    page.set_recent([f"/data/{number}.jsonl" for number in range(50)])
    assert len(choices(page)) == 5 + MOST_RECENT
    page.set_recent([])
    assert len(choices(page)) == 5


def test_a_hostile_name_is_shown_safely_and_given_back_as_it_was(page, qtbot):
    path = "/data/<b>\u202e\n" + "x" * 500 + ".jsonl"
    page.set_recent([path, "tcp://camera:9000", "/"])
    choice = page.findChildren(Choice)[6]
    assert "\u202e" not in choice.text()
    assert "\n" not in choice.accessibleName()
    assert not page.grab().isNull()
    with qtbot.waitSignal(page.open_recent) as wanted:
        qtbot.keyClick(choice, Qt.Key.Key_Return)
    assert wanted.args == [path]


def test_it_says_what_can_be_opened(page):
    words = " ".join(label.text() for label in page.findChildren(QLabel))
    for word in ("Rekor Scout", "OpenALPR", "JSON Lines", "gzip", "zstd", "groups"):
        assert word in words
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in page.findChildren(QLabel) if label.text()
    )


def test_drop_area_lights_up(page):
    area = page.findChild(DropArea)

    def ground() -> QColor:
        return area.grab().toImage().pixelColor(20, 12)

    assert ground() == QColor(LIGHT.surface)
    page.set_drop_active(True)
    assert ground() == QColor(LIGHT.selection)
    page.set_drop_active(False)
    assert ground() == QColor(LIGHT.surface)


@pytest.mark.parametrize("size", [(300, 200), (640, 480), (2400, 1400)])
def test_any_size(page, size):
    page.set_recent(["/data/a.jsonl"])
    page.resize(*size)
    assert not page.grab().isNull()


def test_theme(page):
    assert page.grab().toImage().pixelColor(2, 2) == QColor(LIGHT.surface)
    page.setPalette(palette_of(DARK))
    QApplication.processEvents()
    assert page.grab().toImage().pixelColor(2, 2) == QColor(DARK.surface)
