"""Files that change while the real window shows them."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton

from alprviewer.models.current import Selected
from tests.helpers.leaks import children
from tests.helpers.opening import frame, write
from tests.helpers.windowkeys import NO_KEY, key, table

COUNT = 60


def values(first: int, end: int) -> list[dict]:
    return [frame(f"P{number}", 1782889214972 + 1000 * number) for number in range(first, end)]


def append(path, *new: dict) -> None:
    other = write(path.with_suffix(".new"), new)
    with path.open("ab") as file:
        file.write(other.read_bytes())
    other.unlink()


@pytest.fixture
def path(tmp_path):
    return write(tmp_path / "cam.jsonl", values(0, COUNT))


@pytest.fixture
def watching(window, open_in, qtbot, path):
    """A window on a file that it follows, so that nothing that happens to the file is missed."""
    window.loader.follows = True
    open_in(window, path)
    qtbot.waitUntil(lambda: window.loader.capture.sources[0].identity is not None, timeout=20_000)
    return window


@pytest.fixture
def until(qtbot):
    def wait(window, condition):
        def holds():
            if window.loader.following is not None:
                window.loader.following.look_now()
            return condition()

        qtbot.waitUntil(holds, timeout=20_000)

    return wait


def rows(window, name="reads") -> int:
    return window.models[name].rowCount()


def is_at_end(view) -> bool:
    return view.verticalScrollBar().value() == view.verticalScrollBar().maximum() > 0


def test_new_rows_appear_and_nothing_jumps(watching, until, settle, path):
    view = table(watching)
    view.show_row(7)
    settle(watching)
    place, shown = view.verticalScrollBar().value(), watching.current.shown
    append(path, *values(COUNT, COUNT + 5))
    until(watching, lambda: rows(watching) == COUNT + 5)
    assert watching.current.selection == Selected("reads", 7)
    assert watching.current.shown is shown
    assert view.verticalScrollBar().value() == place
    assert view.current_id == 7
    assert watching.status.texts()[:2] == ("1 file", "65 frames · 65 reads · 1 pass")
    assert not watching.follow.on


def test_f_keeps_the_newest_row_in_sight(watching, until, settle, qtbot, path):
    key(qtbot, watching, "F")
    action = watching.menus.actions["follow"]
    assert action.isChecked()
    assert watching.status._follow.text() == "Following"
    for first in (COUNT, COUNT + 3):
        append(path, *values(first, first + 3))
        until(watching, lambda first=first: rows(watching) == first + 3)
        settle(watching)
        assert is_at_end(table(watching))
        assert watching.current.selection == Selected("reads", first + 2)
        assert watching.current.shown.read.plate == f"P{first + 2}"
    key(qtbot, watching, "F")
    assert not action.isChecked()
    assert watching.status._follow.text() == "Follow"


class Requests(QObject):
    """Counts how often a widget is asked to be laid out anew."""

    def __init__(self, watched):
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_rows_that_keep_coming_are_all_in_sight_and_some_of_them_are_shown(
    watching, until, settle, qtbot, path
):
    key(qtbot, watching, "F")
    settle(watching)
    places, chosen = [], []
    watching.loader.rows_added.connect(lambda _: places.append(is_at_end(table(watching))))
    watching.current.selected.connect(lambda selected: chosen.append(selected.row))
    requests = Requests(watching.centralWidget())
    for first in range(COUNT, COUNT + 20):
        append(path, *values(first, first + 1))
        until(watching, lambda first=first: rows(watching) == first + 1)
    settle(watching)
    assert all(places)
    assert len(places) == 20
    assert chosen[-1] == COUNT + 19
    assert watching.current.shown.read.plate == f"P{COUNT + 19}"
    assert watching.follow.on
    assert requests.count < 20, "texts that run do not lay out the window"


def go_up(window, qtbot):
    key(qtbot, window, Qt.Key.Key_Up)


def go_k(window, qtbot):
    key(qtbot, window, "K")


def page_up(window, qtbot):
    key(qtbot, window, Qt.Key.Key_PageUp)


def click(window, qtbot):
    view = table(window)
    place = view.visualRect(view.model().index(view.rowAt(5), 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NO_KEY, place)


def wheel(window, qtbot):
    view = table(window).viewport()
    at = QPointF(view.rect().center())
    event = QWheelEvent(
        at, at, QPoint(0, 240), QPoint(0, 240), Qt.MouseButton.NoButton, NO_KEY,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


@pytest.mark.parametrize("move", [go_up, go_k, page_up, click, wheel])
def test_it_lets_go_when_the_user_moves(watching, until, settle, qtbot, path, move):
    key(qtbot, watching, "F")
    settle(watching)
    move(watching, qtbot)
    assert not watching.follow.on
    assert watching.status._follow.text() == "Follow"
    settle(watching)
    chosen, place = watching.current.selection, table(watching).verticalScrollBar().value()
    append(path, *values(COUNT, COUNT + 5))
    until(watching, lambda: rows(watching) == COUNT + 5)
    assert watching.current.selection == chosen
    assert table(watching).verticalScrollBar().value() == place


def test_it_is_switched_in_the_status_bar_and_shows_the_table_in_front(watching, until, settle, qtbot, path):
    qtbot.mouseClick(watching.status._follow, Qt.MouseButton.LeftButton)
    assert watching.menus.actions["follow"].isChecked()
    watching.commands.show_frames()
    append(path, *values(COUNT, COUNT + 2))
    until(watching, lambda: rows(watching, "frames") == COUNT + 2)
    assert is_at_end(table(watching, "frames"))
    assert watching.follow.on
    key(qtbot, watching, Qt.Key.Key_End)
    assert watching.follow.on, "the end is where it stands anyway"


def test_a_narrowed_table_shows_all_again(watching, settle, qtbot):
    watching.commands.show_frames()
    key(qtbot, watching, "J")
    settle(watching)
    assert rows(watching) == 1
    watching.commands.show_reads()
    key(qtbot, watching, "F")
    assert rows(watching) == COUNT
    assert watching.current.selection == Selected("reads", COUNT - 1)


def test_a_cut_value_is_waited_for(watching, until, settle, path):
    data = write(path.with_suffix(".new"), values(COUNT, COUNT + 1)).read_bytes()
    with path.open("ab") as file:
        file.write(data[:100])
    until(watching, lambda: "a value is being written, 100 B so far" in watching.status.texts()[0])
    assert rows(watching, "problems") == 0
    with path.open("ab") as file:
        file.write(data[100:])
    until(watching, lambda: rows(watching) == COUNT + 1)
    until(watching, lambda: watching.status.texts()[0] == "1 file")


def test_the_problem_of_a_cut_value_goes(window, until, settle, path):
    data = write(path.with_suffix(".new"), values(COUNT, COUNT + 1)).read_bytes()
    path.write_bytes(b"{bad\n" + path.read_bytes() + data[:100])
    window.loader.follows = True
    window.open([str(path)])
    settle(window)
    window.commands.show_problems()
    problems = window.models["problems"]
    assert problems.rowCount() == 2
    table(window, "problems").show_row(1)
    settle(window)
    assert window.current.selection == Selected("problems", 1)
    with path.open("ab") as file:
        file.write(data[100:])
    until(window, lambda: rows(window) == COUNT + 1)
    settle(window)
    assert problems.rowCount() == 1
    assert window.current.selection in (None, Selected("problems", 0))
    assert window.current.shown.raw == "" or "{bad" in window.current.shown.raw
    assert window.browser._tabs.tabText(4) == "Problems  1"
    assert window.status._problems.text() == "1 problem"


def test_a_truncated_file_never_shows_another_picture(watching, until, settle, path):
    os.truncate(path, 0)
    append(path, *values(500, 560))
    until(watching, lambda: rows(watching) == COUNT + 60)
    assert "pictures and JSON are gone" in watching.strip.text
    settle(watching)
    for row in (0, 30, 59):
        table(watching).show_row(row)
        settle(watching)
        assert watching.current.shown.frame is None
        image = watching.workspace.pane("image")
        assert "picture and its JSON are gone" in image._message.words()[1]
    table(watching).show_row(COUNT)
    settle(watching)
    assert watching.current.shown.read.plate == "P500"
    button = next(each for each in watching.strip.findChildren(QPushButton) if each.isVisible())
    assert button.text() == "Read again"
    button.click()
    settle(watching)
    assert rows(watching) == 60


def test_a_rotated_file_goes_on(watching, until, settle, path):
    path.rename(path.with_suffix(".1"))
    write(path, values(70, 75))
    until(watching, lambda: rows(watching) == COUNT + 5)
    assert "was replaced by another file of that name" in watching.strip.text
    for row, plate in ((3, "P3"), (COUNT + 1, "P71")):
        table(watching).show_row(row)
        settle(watching)
        assert watching.current.shown.read.plate == plate
    assert watching.status.texts()[0] == "1 file"


def test_a_deleted_file_is_told(watching, until, settle, path):
    path.unlink()
    until(watching, lambda: "was deleted while it was open" in watching.strip.text)
    assert watching.status.texts()[0] == "1 file, deleted"
    table(watching).show_row(50)
    settle(watching)
    write(path, values(0, COUNT + 1))
    until(watching, lambda: rows(watching) == COUNT + 1)
    until(watching, lambda: watching.status.texts()[0] == "1 file")


def test_sorted_rows_stay_where_they_are(watching, until, settle, path):
    from alprviewer.store.select import SortKey

    watching.models["reads"].sort_by((SortKey("epoch_time", True),))
    settle(watching)
    first = watching.models["reads"].id_at(0)
    append(path, *values(COUNT, COUNT + 5))
    until(watching, lambda: rows(watching) == COUNT + 5)
    assert watching.models["reads"].id_at(0) == first


def test_closing_and_opening_end_what_follows(watching, open_in, tmp_path):
    (before,) = children()
    other = write(tmp_path / "other.jsonl", values(0, 3))
    open_in(watching, other)
    assert before not in children()
    assert len(children()) == 1
    watching.commands.close_capture()
    assert children() == {}


def test_a_child_that_is_gone_is_told(watching, until):
    (child,) = children()
    os.kill(child, 9)
    until(watching, lambda: "follows the files ended unexpectedly" in watching.strip.text)
    assert children() == {}
    assert rows(watching) == COUNT


def test_the_newest_of_many_requests_is_opened(window, settle, tmp_path):
    paths = [write(tmp_path / f"{number}.jsonl", values(number, number + 1)) for number in range(5)]
    for path in paths:
        window.open([str(path)])
    assert window.status.texts()[0] == "Opening 4.jsonl …"
    settle(window)
    assert window.loader.names == [str(paths[4])]
    assert window.recent[0] == str(paths[4])


def test_a_disk_that_does_not_answer_stops_nobody(window, settle, qtbot, tmp_path, monkeypatch):
    """Looking for files goes on in a thread; the window lives, and the request can be taken back."""
    import threading

    from alprviewer.models import bridge

    asked, answered = threading.Event(), threading.Event()
    expand = bridge.expand

    def slow(names):
        asked.set()
        answered.wait(30)
        return expand(names)

    monkeypatch.setattr(bridge, "expand", slow)
    window.open([str(write(tmp_path / "a.jsonl", values(0, 1)))])
    assert asked.wait(20)
    assert window.loader.loading
    with qtbot.waitSignal(window.loader.finished):
        key(qtbot, window, Qt.Key.Key_Escape)
    assert not window.loader.loading
    answered.set()
    monkeypatch.setattr(bridge, "expand", expand)
    window.open([str(write(tmp_path / "b.jsonl", values(0, 2)))])
    settle(window)
    assert rows(window) == 2
