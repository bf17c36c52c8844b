"""A second start hands its files to the first."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtNetwork import QLocalServer

from alprviewer.app import single
from alprviewer.app.single import Doorkeeper, Request, absolute, address, hand_over, understood
from tests.helpers.opening import SAMPLE

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.skipif(sys.platform == "win32", reason="sockets in folders are of Unix"),
]

SECOND = "import sys; from alprviewer.cli import run; sys.exit(run(['open', *sys.argv[1:]]))"


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    folder = tmp_path / "r"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))


@pytest.fixture
def keeper():
    made = Doorkeeper()
    assert made.listen()
    yield made
    made.close()


def second_start(*words: str, cwd: Path, stdin: int | None = None) -> subprocess.Popen:
    root = Path(single.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen([sys.executable, "-c", SECOND, *words], cwd=cwd, env=environment, stdin=stdin)


def test_a_second_start_gives_its_files_and_ends(keeper, qtbot, tmp_path):
    with qtbot.waitSignal(keeper.asked, timeout=30_000) as asked:
        process = second_start("a.jsonl", "--where", "conf>90", cwd=tmp_path)
    assert process.wait(timeout=30) == 0
    assert asked.args == [Request([str(tmp_path / "a.jsonl")], "conf>90")]


def test_a_second_start_goes_on_bringing_what_is_piped_into_it(keeper, qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with qtbot.waitSignal(keeper.asked, timeout=30_000) as asked:
        process = second_start("-", cwd=tmp_path, stdin=subprocess.PIPE)
    ((name,), _) = asked.args[0]
    assert process.stdin is not None
    process.stdin.write(b"{}\n")
    process.stdin.flush()
    qtbot.waitUntil(lambda: Path(name).read_bytes() == b"{}\n")
    assert process.poll() is None
    process.stdin.close()
    assert process.wait(timeout=30) == 0


def test_without_a_first_nobody_takes_them(tmp_path):
    assert not hand_over(["a.jsonl"])


def test_live_sources_stay_with_who_has_their_tokens(keeper):
    assert not hand_over(["a.jsonl", "http-listen://127.0.0.1:8080"])


def test_the_socket_belongs_to_the_user_alone(keeper):
    place = Path(address())
    assert place.is_socket()
    assert place.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", ["open to others", "a link", "a file"])
def test_a_place_that_others_may_enter_is_not_used(spoil, tmp_path):
    folder = Path(os.environ["XDG_RUNTIME_DIR"]) / "alprviewer"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    if spoil == "open to others":
        folder.mkdir()
        folder.chmod(0o755)
    elif spoil == "a link":
        folder.symlink_to(elsewhere)
    else:
        folder.write_text("")
    assert address() is None
    assert not Doorkeeper().listen()
    assert not hand_over(["a.jsonl"])


def test_the_folder_of_another_user_is_not_used(monkeypatch):
    assert address() is not None
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    assert address() is None


def test_a_socket_left_behind_is_no_obstacle():
    place = address()
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(place)
    stale.close()
    assert not hand_over(["a.jsonl"])
    keeper = Doorkeeper()
    assert keeper.listen()
    keeper.close()


def test_a_window_that_is_alive_keeps_its_place(keeper, tmp_path, qtbot):
    # A probe connects and goes; the keeper must not mind.
    assert not Doorkeeper().listen()
    with qtbot.waitSignal(keeper.asked, timeout=30_000):
        process = second_start("b.jsonl", cwd=tmp_path)
    assert process.wait(timeout=30) == 0


def test_a_window_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(single, "_PATIENCE_MS", 50)
    deaf = QLocalServer()
    assert deaf.listen(address())
    assert not hand_over(["a.jsonl"])
    deaf.close()


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"nonsense",
        b"[]",
        b"null",
        b'{"names": "a", "where": ""}',
        b'{"names": [1], "where": ""}',
        b'{"names": [""], "where": ""}',
        b'{"names": [], "where": 5}',
        b'{"names": [], "where": "conf>>"}',
        b'{"names": []}',
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_request_is_not_understood(words):
    assert understood(words) is None


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(words):
    request = understood(words)
    assert request is None or all(isinstance(name, str) for name in request.names)


def test_nonsense_and_floods_are_hung_up_on(keeper, qtbot, monkeypatch):
    monkeypatch.setattr(single, "_MOST_BYTES", 1000)
    for words in (b"nonsense\n", b"x" * 5000):
        client = socket.socket(socket.AF_UNIX)
        client.connect(address())
        client.sendall(words)
        client.setblocking(False)

        def is_over(client=client) -> bool:
            try:
                return client.recv(10) == b""
            except BlockingIOError:
                return False
            except ConnectionError:
                return True

        with qtbot.assertNotEmitted(keeper.asked):
            qtbot.waitUntil(is_over)
        client.close()


def test_names_mean_the_same_in_another_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wanted = [str(tmp_path / "a.jsonl"), "/b", str(tmp_path / "*.gz")]
    assert absolute(["a.jsonl", "/b", "*.gz"]) == wanted


def test_the_window_opens_what_a_second_start_brings(make_window, settle, qtbot, tmp_path):
    from alprviewer.app.main import _listen

    window = make_window()
    _listen(window)
    (keeper,) = window.findChildren(Doorkeeper)
    with qtbot.waitSignal(keeper.asked, timeout=30_000):
        process = second_start(str(SAMPLE), "--where", "plate:8", cwd=tmp_path)
    assert process.wait(timeout=30) == 0
    settle(window)
    assert window.loader.names == [str(SAMPLE)]
    assert window.filtering.box.edit.text() == "plate:8"
    keeper.close()
