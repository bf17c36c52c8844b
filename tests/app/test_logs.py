"""The log file."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest
from PySide6.QtCore import qInstallMessageHandler

from alprviewer.app import logs

BUG = """
import sys, threading
from alprviewer.app import logs
logs.set_up()
from PySide6.QtCore import QCoreApplication, QTimer, qWarning
app = QCoreApplication([])
qWarning("from Qt")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start(); thread.join()
def bug():
    QTimer.singleShot(0, app.quit)
    raise ValueError("plate \\x1b[31m\\u202e\\nforged line")
QTimer.singleShot(0, bug)
app.exec()
"""


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Set up in a folder of its own, and taken back."""
    monkeypatch.setattr(logs, "state_folder", lambda: tmp_path)
    # The one of this run belongs to the test runner.
    monkeypatch.setattr(logs.faulthandler, "enable", lambda file: file.close())
    root = logging.getLogger()
    before, level, hooks = list(root.handlers), root.level, (sys.excepthook, logs.threading.excepthook)
    yield tmp_path / "log" / "alprviewer.log"
    for handler in [each for each in root.handlers if each not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    sys.excepthook, logs.threading.excepthook = hooks
    qInstallMessageHandler(None)


def test_control_characters_are_escaped(log):
    logs.set_up()
    logging.getLogger("alprviewer.test").info("plate %s", "A\x1b[31m\x00\u202eB\r\nforged: line\x7f")
    text = log.read_text()
    assert "plate A\\x1b[31m\\x00\\u202eB\\r\\nforged: line\\x7f" in text
    assert text.count("\n") == 1
    assert "\x1b" not in text


def test_a_traceback_keeps_its_lines(log):
    logs.set_up()
    try:
        raise ValueError("x\x1by")
    except ValueError:
        logging.getLogger("alprviewer.test").info("seen", exc_info=True)
    text = log.read_text()
    assert "Traceback" in text
    assert "ValueError: x\\x1by" in text
    assert text.count("\n") > 3


def test_a_log_that_cannot_be_written_is_no_failure(log, tmp_path, capsys):
    (tmp_path / "log").write_text("a file stands here")
    logs.set_up()
    logging.getLogger("alprviewer.test").info("said")
    assert "said" in capsys.readouterr().err


def test_uncaught_exceptions_threads_and_qt_are_logged(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    done = subprocess.run([sys.executable, "-c", BUG], capture_output=True, text=True, check=False)
    text = (tmp_path / "alprviewer" / "log" / "alprviewer.log").read_text()
    assert "Uncaught exception" in text
    assert "Uncaught exception in a thread" in text
    assert "ZeroDivisionError" in text
    assert "from Qt" in text
    assert "\x1b" not in text
    assert "ValueError" in text
    assert "Traceback" in done.stderr
