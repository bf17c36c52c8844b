"""Opening, dropping, stopping and closing, in the real window."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from alprviewer.models.keptitems import Selected
from alprviewer.views.frameview import FrameView
from tests.helpers.leaks import children, threads
from tests.helpers.opening import SAMPLE, frame, write
from tests.helpers.windowkeys import NO_BUTTON, NO_KEY, key, table

# --- dropping


def mime(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


@pytest.fixture
def drag(window):
    """Drags something over a widget of the window. True if it may be dropped."""

    def over(target: QWidget, data: QMimeData) -> bool:
        event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, NO_BUTTON, NO_KEY)
        QApplication.sendEvent(target, event)
        return event.isAccepted()

    yield over
    # Qt keeps the widget that a drag is over and sends the next drop to it, deleted or not.
    QApplication.sendEvent(window, QDragLeaveEvent())


def drop(window, data: QMimeData) -> None:
    event = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, NO_BUTTON, NO_KEY)
    QApplication.sendEvent(window, event)


def test_files_and_folders_are_dropped(window, drag, settle, tmp_path):
    for number in range(3):
        write(tmp_path / f"{number}.jsonl", [frame()])
    one = write(tmp_path.parent / f"{tmp_path.name}-one.jsonl", [frame()])
    data = mime(QUrl.fromLocalFile(str(tmp_path)).toString(), QUrl.fromLocalFile(str(one)).toString())
    assert drag(window, data)
    drop(window, data)
    settle(window)
    assert len(window.loader.capture.sources) == 4
    assert len(window.loader.capture.columns.reads) == 4


def test_what_is_no_file_is_not_taken(window, drag):
    assert not drag(window, mime("https://example.com/a.jsonl"))
    text = QMimeData()
    text.setText("/etc/passwd")
    assert not drag(window, text)
    drop(window, mime("https://example.com/a.jsonl"))
    assert not window.loader.capture.sources


def test_the_start_page_shows_where_to_drop(window, drag, tmp_path):
    data = mime(QUrl.fromLocalFile(str(tmp_path)).toString())
    assert drag(window, data)
    lit = window.start_page.grab().toImage()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert window.start_page.grab().toImage() != lit


def test_files_may_be_dropped_on_any_pane(loaded, drag, monkeypatch):
    """No widget inside takes the drag for itself."""
    data = mime(QUrl.fromLocalFile(str(SAMPLE)).toString())
    reached = []
    monkeypatch.setattr(loaded.start_page, "set_drop_active", reached.append)
    targets = [table(loaded).viewport(), *(view.viewport() for view in loaded.findChildren(FrameView))]
    targets += [each.viewport() for each in loaded.findChildren(QPlainTextEdit)]
    targets += [loaded.workspace.pane(name) for name in ("candidates", "crop", "details")]
    for target in targets:
        reached.clear()
        assert drag(target, data)
        assert reached == [True], target


# --- opening


def test_a_missing_file_is_said_and_the_capture_stays(loaded, settle, tmp_path):
    before = loaded.loader.capture
    loaded.open([str(tmp_path / "gone.jsonl")])
    settle(loaded)
    assert "There is no file or folder" in loaded.strip.text
    assert loaded.strip.isVisible()
    assert loaded.loader.capture is before
    assert loaded.recent == [str(SAMPLE)]
    loaded.open([str(SAMPLE)])
    settle(loaded)
    assert not loaded.strip.isVisible()


def test_recent_captures(window, open_in, tmp_path, settle):
    names = [write(tmp_path / f"{letter}&\u202e.jsonl", [frame(letter)]) for letter in "AB"]
    for name in names:
        open_in(window, name)
    assert window.recent == [str(name) for name in reversed(names)]
    menu = window.menus._recent
    menu.aboutToShow.emit()
    entries = menu.actions()
    assert entries[0].text().startswith("B&&<U+202E>.jsonl")
    entries[1].trigger()
    settle(window)
    assert window.current.shown.read.plate == "A"
    assert window.recent[0] == str(names[0])


@pytest.mark.parametrize("how", ["menu", "start page"])
def test_files_by_dialog(window, settle, monkeypatch, how, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame()])
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))
    (window.commands.open_files if how == "menu" else window.start_page.open_files.emit)()
    settle(window)
    assert len(window.loader.capture.columns.reads) == 1
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    (window.commands.open_folder if how == "menu" else window.start_page.open_folder.emit)()
    settle(window)
    assert len(window.loader.capture.sources) == 1


def test_reading_again_shows_what_the_file_holds_now(window, open_in, settle, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame("A")])
    open_in(window, path)
    write(path, [frame("B"), frame("C")])
    window.commands.reload()
    settle(window)
    assert window.models["reads"].rowCount() == 2
    assert window.current.shown.read.plate == "B"


def test_escape_stops_reading(window, qtbot, tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(SAMPLE.read_bytes() * 15)
    window.open([str(path)])
    qtbot.waitUntil(lambda: window.models["reads"].rowCount() > 0, timeout=20_000)
    with qtbot.waitSignal(window.loader.finished):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    assert 0 < window.models["reads"].rowCount() < 15 * 1216
    assert "not read to the end" in window.status.texts()[0]
    assert children() == {}


def test_escape_closes_the_strip_next(loaded, qtbot, settle, tmp_path):
    loaded.open([str(tmp_path / "gone")])
    settle(loaded)
    assert loaded.strip.isVisible()
    key(qtbot, loaded, Qt.Key.Key_Escape)
    assert not loaded.strip.isVisible()


def test_groups_alone_are_shown_kindly(window, open_in, tmp_path):
    group = {"data_type": "alpr_group", "best_plate_number": "ABC", "epoch_start": 1782889214972}
    open_in(window, write(tmp_path / "a.jsonl", [group, group]))
    assert window.browser.tab == "siblings"
    assert "no frames" in window.strip.text
    assert window.current.selection == Selected("siblings", 0)


def test_frames_without_reads_are_shown_as_frames(window, open_in, tmp_path):
    heartbeat = {"data_type": "heartbeat", "timestamp": 1782889214972, "video_streams": []}
    open_in(window, write(tmp_path / "a.jsonl", [heartbeat, frame(results=[])]))
    assert window.browser.tab == "frames"
    assert window.strip.text == ""


def test_the_table_that_stood_in_is_left_for_the_next_capture(window, open_in, tmp_path):
    group = {"data_type": "alpr_group", "best_plate_number": "ABC", "epoch_start": 1782889214972}
    groups = write(tmp_path / "groups.jsonl", [group])
    broken, nothing = tmp_path / "broken.json", tmp_path / "page.html.json"
    broken.write_text('{"data_type": "alpr_results", "results": [')
    nothing.write_text("<html>404</html>")
    for path, tab in ((groups, "siblings"), (nothing, "reads"), (broken, "problems"), (SAMPLE, "reads")):
        open_in(window, path)
        assert window.browser.tab == tab
    window.commands.show_frames()
    open_in(window, groups)
    assert window.browser.tab == "frames"  # the user's own choice stays


def test_a_file_of_nothing(window, open_in, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")
    open_in(window, path)
    assert window.current.selection is None
    assert window.browser.isVisible()


def test_closing_a_capture_brings_back_the_start_page(loaded, qtbot):
    loaded.commands.close_capture()
    assert not loaded.browser.isVisible()
    assert loaded.windowTitle() == "alprviewer"
    assert loaded.status.texts()[1] == ""
    assert loaded.start_page.isAncestorOf(QApplication.focusWidget())


def test_closing_while_reading_ends_everything(make_window, qtbot, tmp_path):
    before = set(threads())
    path = tmp_path / "long.jsonl"
    path.write_bytes(SAMPLE.read_bytes() * 15)
    window = make_window()
    window.open([str(path)])
    qtbot.waitUntil(lambda: window.models["reads"].rowCount() > 0, timeout=20_000)
    window.close()
    assert children() == {}
    assert set(threads()) <= before


def test_what_cannot_be_shown_moves_no_pane(window, open_in, settle, tmp_path, qtbot):
    path = tmp_path / ("a" * 200 + ".jsonl")
    path.write_bytes(SAMPLE.read_bytes())
    open_in(window, path)
    before = {name: dock.geometry() for name, dock in window.workspace.docks.items()}
    os.truncate(path, 1000)
    window.browser.table("reads").show_row(700, by_user=True)
    settle(window)
    assert "has changed" in window.current.shown.failure
    with qtbot.waitSignal(window.loader.refused):
        window.open([str(tmp_path / ("b" * 200))])
    QApplication.processEvents()
    assert window.strip.isVisible()
    assert window.strip.width() <= window.width()
    assert all(
        button.geometry().right() < window.width() for button in window.strip.findChildren(QToolButton)
    )
    window.strip.dismiss()
    QApplication.processEvents()
    for name, dock in window.workspace.docks.items():
        now, then = dock.geometry().getRect(), before[name].getRect()
        # The strip came and went: Qt may share a height out otherwise by one pixel.
        assert all(abs(a - b) <= 1 for a, b in zip(now, then, strict=True)), name
