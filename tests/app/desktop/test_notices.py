"""What the desktop is told while nobody looks at the window."""

from __future__ import annotations

import select
import socket
from contextlib import closing

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from alprviewer.app.desktop.bus import Bus
from alprviewer.app.desktop.notices import Notices, gone_notice, listed_notice
from alprviewer.capture.standing import Standing, State
from alprviewer.core.listed import Listed
from alprviewer.settings import Settings
from alprviewer.sources.live.counters import Counters
from tests.app.test_following import rows
from tests.helpers.desktop import needs_bus
from tests.helpers.live import free_port, message
from tests.helpers.opening import SAMPLE, frame, write
from tests.helpers.reading import read_value
from tests.helpers.receivers import post

pytestmark = needs_bus


@pytest.fixture
def listening(joined, meanwhile):
    """A window that waits for plates at a port, and that nobody looks at."""
    joined.apply_settings(Settings(theme="light", listed_plates=("=ABC123", "~XYZ789")))
    joined.loader.follows = True
    joined.url = f"http-listen://127.0.0.1:{free_port()}"
    joined.open([joined.url])
    meanwhile(lambda: joined.loader.live.standings() and joined.loader.live.standings()[0].counters.place)
    look_away(joined)
    return joined


def look_away(window) -> None:
    """The window goes; without a window manager another program's cannot come to the front."""
    window.hide()
    assert QApplication.activeWindow() is None


def look_again(window, meanwhile) -> None:
    """The window comes back. Qt knows it as the active one once another one was."""
    other = QWidget()
    for each in (other, window):
        each.show()
        each.activateWindow()
        meanwhile(each.isActiveWindow)
    other.close()


def plate(number: int, text: str) -> bytes:
    """A frame with one read."""
    return message(number, results=[read_value(text)])


def send(window, *found: bytes) -> None:
    assert post(window.url, *found) == [200] * len(found)


def test_a_listed_plate_is_told_and_nothing_else(listening, desktop, meanwhile):
    send(listening, plate(1, "QQQ111"), plate(2, "ABC123"), plate(3, "QQQ222"))
    meanwhile(desktop.texts)
    ((summary, body),) = desktop.texts()
    assert summary == "Listed plate, read as ABC123"
    assert "since you looked" not in body
    ((signature, arguments),) = desktop.notices.values()
    assert signature == "susssasa{sv}i"
    assert arguments[0] == "alprviewer"
    send(listening, plate(4, "ABC-123"))
    meanwhile(lambda: desktop.texts()[0][0] == "Listed plate, read as ABC-123")
    assert desktop.texts()[0][1].endswith(" · 2 reads of listed plates since you looked")
    send(listening, plate(5, "XYZ788"))
    meanwhile(
        lambda: desktop.texts()[0][1].endswith(
            " · 2 reads of listed plates since you looked · 1 read near one since you looked"
        )
    )
    assert desktop.texts()[0][0] == "Listed plate, read as ABC-123", (
        "what is listed comes before what is near"
    )
    assert len(desktop.notices) == 1, "it has taken the place of the one before"


def test_what_is_near_a_plate_of_the_file_is_told_as_that(listening, desktop, meanwhile, tmp_path):
    names = tmp_path / "plates.txt"
    names.write_text("# stolen\nQQ1Z3\n")
    listening.apply_settings(Settings(theme="light", listed_file=str(names)))
    send(listening, plate(1, "ABC123"), plate(2, "QQ123"))
    meanwhile(desktop.texts)
    ((summary, body),) = desktop.texts()
    assert summary == "Near a listed plate, read as QQ123"
    assert body.startswith("near listed QQ1Z3, one character: 2 for Z · ")
    send(listening, plate(3, "QQ1Z3"))
    meanwhile(lambda: desktop.texts()[0][0] == "Listed plate, read as QQ1Z3")
    assert desktop.texts()[0][1].startswith("QQ1Z3 is listed · ")
    assert desktop.texts()[0][1].endswith(
        " · 1 read of listed plates since you looked · 1 read near one since you looked"
    )


def test_a_click_leads_to_the_read_and_takes_back_what_was_told(listening, desktop, meanwhile):
    send(listening, *(plate(number, f"QQQ11{number}") for number in range(4)), plate(5, "ABC123"))
    meanwhile(desktop.texts)
    look_again(listening, meanwhile)
    desktop.click(1)
    meanwhile(lambda: desktop.closed == [1])
    assert listening.browser.tab == "reads"
    assert listening.browser.table("reads").current_id == 4
    look_away(listening)
    send(listening, plate(6, "ABC123"))
    meanwhile(desktop.texts)
    assert "since you looked" not in desktop.texts()[0][1]


def test_what_was_refused_keeps_nothing_from_being_told_later(listening, desktop, meanwhile):
    desktop.refuses = True
    send(listening, plate(1, "ABC123"))
    meanwhile(lambda: desktop.refused == 1)
    desktop.refuses = False
    send(listening, plate(2, "XYZ789"))
    meanwhile(desktop.texts)
    assert desktop.texts()[0][0] == "Listed plate, read as XYZ789"
    desktop.refuses = True
    send(listening, plate(3, "ABC123"))
    meanwhile(lambda: desktop.refused == 2)
    look_again(listening, meanwhile)
    meanwhile(lambda: desktop.closed == [1])


def test_what_is_told_of_another_capture_leads_nowhere(listening, desktop, meanwhile):
    send(listening, *(plate(number, f"QQQ11{number}") for number in range(4)), plate(5, "ABC123"))
    meanwhile(desktop.texts)
    listening.open([str(SAMPLE)])
    meanwhile(lambda: desktop.closed == [1])
    meanwhile(lambda: not listening.loader.loading and listening.is_settled())
    selected = listening.browser.table("reads").current_id
    desktop.click(1)
    meanwhile(listening.is_settled)
    assert listening.browser.table("reads").current_id == selected
    assert not listening.isVisible()


def test_nothing_is_left_behind_that_could_be_clicked(listening, desktop, meanwhile, qtbot):
    send(listening, plate(1, "ABC123"))
    meanwhile(desktop.texts)
    (notices,) = listening.findChildren(Notices)
    (bus,) = listening.findChildren(Bus)
    meanwhile(lambda: not bus._answers)
    notices.close()
    bus.close()
    meanwhile(lambda: desktop.closed == [1])


def test_who_looks_is_told_nothing(listening, desktop, meanwhile):
    look_again(listening, meanwhile)
    send(listening, plate(1, "ABC123"))
    meanwhile(lambda: rows(listening) == 1)
    look_away(listening)
    send(listening, plate(2, "XYZ789"))
    meanwhile(desktop.texts)
    assert desktop.texts()[0][0] == "Listed plate, read as XYZ789"
    assert "since you looked" not in desktop.texts()[0][1]


def test_what_was_there_before_is_no_news(listening, desktop, meanwhile, tmp_path):
    def open_again(name: str, count: int) -> None:
        before = listening.loader.capture
        listening.open([name])
        meanwhile(lambda: listening.loader.capture is not before and rows(listening) == count)
        meanwhile(
            lambda: (
                not listening.loader.loading
                and all(each.counters.place for each in listening.loader.live.standings())
            )
        )

    open_again(str(write(tmp_path / "a.jsonl", [frame("ABC123")])), 1)
    open_again(listening.url, 0)
    send(listening, plate(1, "ABC123"))
    meanwhile(desktop.texts)
    open_again(listening.url, 1)
    meanwhile(lambda: not desktop.texts())
    send(listening, plate(2, "XYZ789"))
    meanwhile(desktop.texts)
    assert "XYZ789" in desktop.texts()[0][0]
    assert "since you looked" not in desktop.texts()[0][1], "that of before was told once"


def test_a_file_that_grows_brings_news(joined, desktop, meanwhile, tmp_path):
    joined.apply_settings(Settings(theme="light", listed_plates=("=ABC123",)))
    joined.loader.follows = True
    path = write(tmp_path / "a.jsonl", [frame("ABC123")])
    joined.open([str(path)])
    meanwhile(lambda: rows(joined) == 1 and not joined.loader.loading)
    look_away(joined)
    with path.open("ab") as file:
        file.write(plate(7, "ABC123") + b"\n")
    meanwhile(desktop.texts)
    assert rows(joined) == 2


def test_a_source_that_dies_is_told_once_each_time(joined, desktop, meanwhile, qtbot):
    joined.loader.follows = True
    live, port = joined.loader.live, free_port()
    look_away(joined)

    def is_in(*states: State) -> bool:
        return bool(live.standings()) and live.standings()[0].state in states

    for death in (1, 2):
        with closing(socket.create_server(("127.0.0.1", port))) as server:
            server.setblocking(False)
            if death == 1:
                joined.open([f"tcp://127.0.0.1:{port}"])
            meanwhile(lambda server=server: select.select([server], [], [], 0)[0])
            sender, _ = server.accept()
            meanwhile(lambda: is_in(State.QUIET))
            with qtbot.waitSignal(live.changed):
                pass  # so that everybody has seen it well
            sender.close()
        meanwhile(lambda: is_in(State.RETRYING))
        meanwhile(lambda death=death: len(desktop.shown) == death)
        ((summary, body),) = desktop.texts()
        assert summary == f"tcp://127.0.0.1:{port} cannot be received"
        assert body.endswith("It is tried again.")


def test_a_term_that_is_no_query_is_said(listening, meanwhile):
    listening.apply_settings(Settings(theme="light", listed_plates=("conf>",)))
    meanwhile(lambda: "Line 1 of the listed plates, conf>, cannot be understood" in listening.strip.text)


def test_the_sample_is_no_news(listening, desktop, meanwhile):
    listening.apply_settings(Settings(theme="light", listed_plates=("*",)))
    listening.open([str(SAMPLE)])
    meanwhile(lambda: rows(listening) > 100 and not listening.loader.loading)
    meanwhile(listening.is_settled)
    assert desktop.notices == {}


def test_words_of_strangers_are_shown_safely():
    notice = listed_notice("<b>\u202eA\nB", "A\nB is listed", "gate \x1b[31m · 07:00", {Listed.EXACT: 2})
    assert notice.summary.isprintable()
    assert notice.body.isprintable()
    said = Standing("tcp://h:1", State.RETRYING, Counters(), last_error="connection refused")
    assert gone_notice(said).body == "Connection refused. It is tried again."
    assert gone_notice(Standing("tcp://h:1", State.STOPPED, Counters())).body == ""
