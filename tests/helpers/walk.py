"""A stranger's way through the program, as the first chapter of the manual tells it, by keys and mouse alone.

The test of the walk does it step by step, and the pictures of the chapter are drawn from it.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from alprviewer.app.window import Window
from alprviewer.models.cells import ABSENT_TEXT
from alprviewer.views.live.connectdialog import ConnectDialog
from alprviewer.views.startpage import Choice

QUESTION, DECIDED = "prob<82 passreads>10 region:us*", "decision:wrong"
CONSENSUS, PLATE = "2788GY", "2738GY"
"""The first vehicle that the question finds in the sample: what its reads say, and what its crops show."""

Wait = Callable[[Callable[[], Any]], None]
"""Waits until something holds, while the program goes on."""


class Walk:
    """The steps. Each ends once the window shows what came of it."""

    def __init__(self, window: Window, wait: Wait) -> None:
        self.window = window
        self._wait = wait
        self._sender: subprocess.Popen[bytes] | None = None

    # --- hands ------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Press keys where the keyboard is: ``Ctrl+F``, ``Return``."""
        for each in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(each))

    def type(self, text: str) -> None:
        """Type a text where the keyboard is."""
        QTest.keyClicks(QApplication.focusWidget() or self.window, text)

    def click(self, widget: QWidget) -> None:
        """Click on something, at its left end, where a box has its tick."""
        place = QPoint(12, widget.height() // 2)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def settle(self) -> None:
        """Wait until all that was asked for is on the screen."""

        def settled() -> bool:
            return self.window.is_settled() and not self.window.grab().isNull() and self.window.is_settled()

        self._wait(settled)
        in_front = QApplication.activeWindow()
        if in_front is None or not in_front.isVisible():
            # Offscreen, suggestions that are gone stay the active window, and after a dialog there is none.
            self.window.activateWindow()
            self._wait(self.window.isActiveWindow)

    def name_file(self, keys: str, path: Path) -> None:
        """Press keys that ask for a file, and name it."""
        watch = QTimer(interval=50)

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
                return
            edit = dialog.findChild(QLineEdit, "fileNameEdit")
            assert edit is not None
            if edit.text() != str(path):
                edit.selectAll()
                QTest.keyClicks(edit, str(path))
            # The first Enter may be for a suggestion that the dialog has made.
            QTest.keyClick(QApplication.activePopupWidget() or edit, Qt.Key.Key_Return)

        watch.timeout.connect(answer)
        watch.start()
        self.press(keys)  # comes back once the dialog is closed
        watch.stop()

    # --- steps ------------------------------------------------------------------------------------

    def open_sample(self) -> None:
        """From the start page, with the mouse."""
        choices = self.window.start_page.findChildren(Choice)
        self.click(next(each for each in choices if each.text() == "Open the sample capture"))
        self._wait(lambda: self.window.loader.is_open)
        self.settle()

    def open_file(self, path: Path) -> None:
        """A file by its name."""
        self.name_file("Ctrl+O", path)
        self._wait(lambda: self.window.loader.names == [str(path)])
        self.settle()

    def find_doubtful(self) -> None:
        """Vehicles that were read often, and yet nobody is sure of their plate."""
        self.press("Ctrl+F")
        self.type(QUESTION)
        self.press("Return")
        self._wait(lambda: self.window.filtering.rows.text == QUESTION)
        self.settle()

    def review(self) -> None:
        """Look at the selected vehicle in review mode."""
        self.press("Ctrl+R")
        self.settle()

    def correct(self) -> None:
        """Into the characters of the plate, and type the one that the crop shows."""
        self.press("E", "3")

    def decide(self) -> None:
        """That is the plate: wait until the decision is on the disk."""
        with _told(self.window.reviewing.journaling.saved) as saved:
            self.press("Return")
            self._wait(lambda: saved)
        self.settle()

    def go_back(self) -> None:
        """From review mode to the tables."""
        self.press("Escape")
        self.settle()

    def show_decided(self) -> None:
        """Only what was decided."""
        self.press("Ctrl+F")
        self.type(DECIDED)
        self.press("Return")
        self._wait(lambda: self.window.filtering.rows.text == DECIDED)
        self.settle()
        self.press("Ctrl+1")
        bar = self.window.browser.table("passes").horizontalScrollBar()
        while bar.value() < bar.maximum():
            self.press("Right")
        self.settle()

    def show_all(self) -> None:
        """Without the filter."""
        self.press("Ctrl+Backspace")
        self.settle()

    def export(self, path: Path) -> None:
        """What the table shows."""
        self.name_file("Ctrl+E", path)
        self._wait(lambda: "were written to" in self.window.strip.text)
        self.settle()

    def fill_in(self, port: int) -> ConnectDialog:
        """The dialog that connects, tried and ready."""
        self.press("Ctrl+Shift+L")
        self._wait(lambda: self.window.findChildren(ConnectDialog))
        (dialog,) = self.window.findChildren(ConnectDialog)
        edit = dialog.findChild(QSpinBox)
        assert edit is not None
        edit.setFocus()
        edit.selectAll()
        self.type(str(port))
        beside = next(each for each in dialog.findChildren(QCheckBox) if each.text().startswith("Beside"))
        if beside.isChecked():
            self.click(beside)
        self.click(_button(dialog, "Test"))
        self._wait(lambda: any("free to listen" in each.text() for each in dialog.findChildren(QLabel)))
        return dialog

    def connect(self, dialog: ConnectDialog) -> str:
        """Listen; the URL that senders are given."""
        self.click(_button(dialog, "Connect"))
        live = self.window.loader.live
        self._wait(lambda: live.standings() and live.standings()[0].counters.place)
        return live.standings()[0].url.replace("http-listen", "http") + "/"

    def send(self, sample: Path, url: str, reads: int) -> None:
        """Have a capture sent there from another terminal, and wait until so many reads are shown."""
        words = ["replay", str(sample), "--to", url, "--rate", "40/s", "--now"]
        self._sender = subprocess.Popen(
            [sys.executable, "-m", "alprviewer", *words], stderr=subprocess.DEVNULL
        )
        before = len(self.window.loader.capture.columns.reads)
        self._wait(lambda: len(self.window.loader.capture.columns.reads) >= before + reads)
        passes = self.window.models["passes"]
        self._wait(lambda: passes.rowCount() and passes.text_of(0, "agreement") != ABSENT_TEXT)

    def end(self) -> None:
        """Nothing is sent any more."""
        if self._sender is not None:
            self._sender.kill()
            self._sender.wait()
            self._sender = None


@contextmanager
def _told(signal: Any) -> Iterator[list[Any]]:
    """What a signal has told meanwhile."""
    found: list[Any] = []
    connection = signal.connect(lambda *values: found.append(values))
    yield found
    signal.disconnect(connection)


def _button(dialog: QWidget, text: str) -> QPushButton:
    return next(each for each in dialog.findChildren(QPushButton) if each.text() == text)
