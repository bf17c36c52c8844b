"""The Python and the libraries that this runs on, where they have let us down before."""

import os
import shutil
import subprocess
import sys

import pytest
from PySide6 import QtCore

from tests.helpers.display import display

CALLS = 1_000

WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
label = QLabel("AB0O 123")
label.show()
application.processEvents()
print(application.platformName(), label.grab().size().isEmpty())
"""


def drift(value: object, call) -> int:
    """How many references to the value appear (or vanish) in CALLS calls."""
    call()
    before = sys.getrefcount(value)
    for _ in range(CALLS):
        call()
    return sys.getrefcount(value) - before


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None, True and False are immortal there")
@pytest.mark.parametrize("value", [None, True, False])
def test_qt_calls_keep_the_references_of_python_constants(value):
    """PySide6 6.12.0 drops one of None a call, and the interpreter aborts after some thousand."""
    thing = QtCore.QObject()

    def call():
        thing.setObjectName("a")  # gives None
        thing.blockSignals(value is True)  # gives the state before: False or True
        thing.parent()  # gives None

    assert abs(drift(value, call)) < CALLS // 10


def test_qt_is_the_release_line_we_support():
    assert QtCore.__version_info__[:2] == (6, 11)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb, which make test installs on Debian")
def test_a_window_opens_on_x11():
    """All other tests draw offscreen; this one needs every X11 library that a desktop needs."""
    with display() as screen:
        assert screen.is_x11
        done = subprocess.run(
            [sys.executable, "-c", WINDOW],
            env=os.environ | screen.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.stdout.strip(), done.stderr) == ("xcb False", "")
