"""The log file, and what happens when a bug shows."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from alprviewer.settings import state_folder

_log = logging.getLogger("alprviewer")
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_file() -> Path:
    """Where the log is written."""
    return state_folder() / "log" / "alprviewer.log"


class _PlainFormatter(logging.Formatter):
    """Control characters from data are written as escapes: a terminal must not obey a log."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return "".join(map(_visible, text))

    def formatMessage(self, record: logging.LogRecord) -> str:
        # A line break in a message could forge a line of the log; those of a traceback are our own.
        return super().formatMessage(record).replace("\n", "\\n")


def _visible(character: str) -> str:
    if character.isprintable() or character in "\n\t":
        return character
    return character.encode("unicode_escape").decode()


def set_up() -> None:
    """Write the log to a rotating file; uncaught exceptions, Qt's messages and crashes go there too."""
    path = log_file()
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8")
        faulthandler.enable(path.with_suffix(".crash").open("w", encoding="utf-8"))
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_PlainFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    qInstallMessageHandler(_qt_message)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("Uncaught exception", exc_info=(kind, error, trace))
    sys.__excepthook__(kind, error, trace)
    from alprviewer.app.bugreport import show_once

    show_once(kind, error, trace)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    error = args.exc_value or args.exc_type()
    _log.critical("Uncaught exception in a thread", exc_info=(args.exc_type, error, args.exc_traceback))


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    del context
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", message)
