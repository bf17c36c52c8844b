"""One dialog for a bug, with its report for the clipboard."""

from __future__ import annotations

import traceback
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from alprviewer import versions
from alprviewer.language import tr

_shown: list[str] = []
"""Reports of this run; only the first one is shown."""


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> str:
    """Versions and traceback as text."""
    return versions() + "\n\n" + "".join(traceback.format_exception(kind, error, trace))


def show_once(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Say that something went wrong. Only the first bug of a run is shown; all are in the log."""
    _shown.append(report(kind, error, trace))
    if len(_shown) > 1 or QApplication.instance() is None:
        return
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Critical)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle("alprviewer")
    box.setText(tr("Something went wrong in alprviewer itself. Your files are untouched."))
    box.setInformativeText(tr("You can go on. A report helps to mend it."))
    copy = box.addButton(tr("Copy report"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Close)
    box.exec()
    if box.clickedButton() is copy:
        QApplication.clipboard().setText(_shown[0])
