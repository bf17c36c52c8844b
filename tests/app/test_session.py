"""What is remembered from one run to the next."""

from __future__ import annotations

import json
import os
import signal

import pytest
from PySide6.QtCore import QByteArray, QTimer

from alprviewer.app import main as app_main
from alprviewer.app import session as module
from alprviewer.app.session import load_session, save_session, session_file, with_recent
from alprviewer.app.window import Window
from alprviewer.settings import Settings, config_file, load
from alprviewer.sources.paths import SourceFile
from tests.helpers.opening import SAMPLE, frame, write


@pytest.fixture(autouse=True)
def fresh(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "state_folder", lambda: tmp_path / "state")


def test_nothing_is_remembered_at_first():
    assert load_session() == {}


def test_what_is_saved_comes_back():
    assert save_session({"last": ["/a.jsonl"], "recent": ["/a.jsonl"], "browser": {"tab": "frames"}})
    assert load_session()["last"] == ["/a.jsonl"]
    assert load_session()["browser"] == {"tab": "frames"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "null",
        "{}",
        '{"version": 99, "last": ["/a"]}',
        '{"version": 1',
        "[" * 100_000,
        (
            '{"version": 1, "last": "/a", "recent": [1, 2], "browser": [], "workspace": 5, "geometry": {}, '
            '"row": "5"}'
        ),
        '{"version": 1, "row": -1}',
        '{"version": 1, "row": true}',
    ],
)
def test_a_broken_file_is_as_none(text):
    session_file().parent.mkdir()
    session_file().write_text(text)
    session = load_session()
    assert not set(session) - {"version"}


def test_a_file_that_is_no_text_is_as_none():
    session_file().parent.mkdir()
    session_file().write_bytes(b"\xff\xfe\x00\x80")
    assert load_session() == {}
    session_file().unlink()
    session_file().mkdir()
    assert load_session() == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_no_failure(tmp_path):
    (tmp_path / "state").mkdir(mode=0o500)
    assert not save_session({})


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path):
    (tmp_path / "state").write_text("a file stands here")
    assert not save_session({})


def test_recent_names_are_absolute_newest_first_and_few(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recent = with_recent(["/b", "/c"], ["a.jsonl"], 12)
    assert recent == [str(tmp_path / "a.jsonl"), "/b", "/c"]
    assert with_recent(recent, ["/c"], 12) == ["/c", str(tmp_path / "a.jsonl"), "/b"]
    assert with_recent(recent, ["/x"], 2) == ["/x", str(tmp_path / "a.jsonl")]
    assert with_recent(recent, ["/x"], 0) == []


# --- the window


def test_the_window_comes_back_as_it_was(make_window, open_in):
    first = make_window()
    open_in(first, SAMPLE)
    first.resize(755, 611)
    first.browser.show_tab("frames")
    first.browser.table("reads").columns.show_column(3, False)
    first.browser.set_linked(False)
    first.workspace.docks["candidates"].hide()
    first.workspace.docks["details"].raise_()
    first.workspace.pane("image").set_layer("roi", False)
    session = json.loads(json.dumps(first.session()))
    first.close()
    second = make_window(session)
    assert (second.width(), second.height()) == (755, 611)
    assert second.browser.tab == "frames"
    assert second.browser.table("reads").isColumnHidden(3)
    assert not second.menus.actions["link_tables"].isChecked()
    assert not second.menus.actions["layer_roi"].isChecked()
    assert not second.workspace.pane("image").layer("roi")
    assert not second.workspace.docks["candidates"].isVisibleTo(second.workspace)
    assert second.recent == [str(SAMPLE)]
    assert session["last"] == [str(SAMPLE)]


def test_names_are_remembered_absolutely(make_window, open_in, tmp_path, monkeypatch):
    write(tmp_path / "a.jsonl", [frame()])
    monkeypatch.chdir(tmp_path)
    window = make_window()
    open_in(window, "a.jsonl")
    assert window.session()["last"] == [str(tmp_path / "a.jsonl")]


@pytest.mark.parametrize(
    "session",
    [
        {"geometry": "zz", "browser": {"tables": []}, "workspace": {"docks": "00ff", "panes": {"image": 5}}},
        {"geometry": "00" * 500, "workspace": {"docks": 5, "panes": []}},
        {"workspace": {"panes": {"image": {"layers": "x", "fit": 7}, "crop": {"adjustment": []}}}},
    ],
)
def test_a_session_of_nonsense_gives_a_usable_window(make_window, open_in, session):
    window = make_window(session)
    assert window.width() >= 720
    open_in(window, SAMPLE)
    assert window.current.shown.read is not None


def run(monkeypatch, qtbot, names, folders=()):
    """The start of the program without its event loop. Gives the window."""
    made = []

    class Watched(Window):
        def __init__(self, *args):
            super().__init__(*args)
            made.append(self)
            qtbot.addWidget(self)

    class App:
        def __getattr__(self, name):
            from PySide6.QtWidgets import QApplication

            return getattr(QApplication.instance(), name)

        def exec(self):
            return 0

    monkeypatch.setattr(app_main, "Window", Watched)
    monkeypatch.setattr(app_main, "application", App)
    monkeypatch.setattr(app_main.logs, "set_up", lambda: None)
    monkeypatch.setattr(app_main, "_close_on_signals", lambda _: None)
    assert app_main.open_window(names, folders) == 0
    return made[0]


@pytest.mark.parametrize("restore", [True, False])
def test_the_last_capture_is_opened_again_where_that_is_wanted(monkeypatch, qtbot, settle, restore):
    save_session({"last": [str(SAMPLE)], "recent": [str(SAMPLE)]})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light", restore=restore))
    window = run(monkeypatch, qtbot, [])
    settle(window)
    assert bool(window.loader.capture.sources) is restore
    window.close()
    assert load_session()["last"] == ([str(SAMPLE)] if restore else [])


def test_the_last_row_is_found_again(monkeypatch, qtbot, settle):
    save_session({"last": [str(SAMPLE)], "browser": {"tab": "frames"}, "row": 700})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    window = run(monkeypatch, qtbot, [])
    settle(window)
    assert window.browser.tab == "frames"
    assert window.browser.table("frames").current_id == 700
    window.close()
    assert load_session()["row"] == 700


@pytest.mark.parametrize("tab", ["passes", "reads"])
def test_the_last_row_is_found_again_in_a_table_that_is_filtered_and_sorted(monkeypatch, qtbot, settle, tab):
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    first = run(monkeypatch, qtbot, [str(SAMPLE)])
    first.browser.show_tab(tab)
    first.filtering.box.set_text("region:us*")
    settle(first)
    table = first.browser.table(tab)
    table.horizontalHeader().sectionClicked.emit(3)
    settle(first)
    assert first.browser.select_shown(7)
    settle(first)
    row = table.current_id
    assert row != 7
    first.close()
    second = run(monkeypatch, qtbot, [])
    qtbot.waitUntil(lambda: second.browser.table(tab).current_id == row, timeout=20_000)
    second.close()


def test_who_chooses_a_row_first_stays_there(monkeypatch, qtbot, settle):
    save_session({"last": [str(SAMPLE)], "browser": {"tab": "reads"}, "row": 700})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    window = run(monkeypatch, qtbot, [])
    table = window.browser.table("reads")
    qtbot.waitUntil(lambda: table.rows.rowCount() > 3)
    table.show_row(3, by_user=True)
    settle(window)
    looks = [each for each in window.findChildren(QTimer) if each.interval() == module._LOOK_MS]
    qtbot.waitUntil(lambda: not any(each.isActive() for each in looks))
    assert table.current_id == 3
    window.close()


def test_a_row_that_is_gone_is_as_none(monkeypatch, qtbot, settle):
    save_session({"last": [str(SAMPLE)], "row": 10**9})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    window = run(monkeypatch, qtbot, [])
    settle(window)
    assert window.current.selection is not None
    assert window.browser.table(window.browser.tab).currentIndex().row() == 0
    window.close()


def test_a_last_capture_that_is_gone_is_said(monkeypatch, qtbot, settle, tmp_path):
    save_session({"last": [str(tmp_path / "gone.jsonl")]})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    window = run(monkeypatch, qtbot, [])
    settle(window)
    assert "There is no file" in window.strip.text
    assert window.start_page.isVisible()
    window.close()


def test_named_files_go_before_the_last_capture(monkeypatch, qtbot, settle, tmp_path):
    save_session({"last": [str(SAMPLE)]})
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light"))
    path = write(tmp_path / "a.jsonl", [frame()])
    window = run(monkeypatch, qtbot, [SourceFile(str(path), path).name])
    settle(window)
    assert len(window.loader.capture.columns.reads) == 1
    window.close()


def test_folders_of_the_command_line_are_not_written_to_the_settings(monkeypatch, qtbot, settle, tmp_path):
    monkeypatch.setattr(app_main, "load", lambda: Settings(theme="light", image_folders=("/ours",)))
    window = run(monkeypatch, qtbot, [], [str(tmp_path)])
    assert window.current._folders == [str(tmp_path), "/ours"]
    window.commands.toggle_theme(True)
    assert load().image_folders == ("/ours",)
    config_file().unlink()
    window.close()


def test_broken_settings_are_said_and_the_defaults_used(monkeypatch, qtbot):
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text("theme = 5")
    window = run(monkeypatch, qtbot, [])
    assert "The defaults are used" in window.strip.text
    config_file().unlink()
    window.close()


def test_geometry_is_plain_text(make_window):
    assert QByteArray.fromHex(make_window().session()["geometry"].encode()).size() > 10


def test_a_signal_before_the_event_loop_closes_the_window_in_it(make_window, qtbot):
    """Closed at once, the window would be gone before the loop that its closing is to end."""
    window = make_window()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        app_main._close_on_signals(window)
        os.kill(os.getpid(), signal.SIGTERM)
        assert window.isVisible()
        qtbot.waitUntil(lambda: not window.isVisible())
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
