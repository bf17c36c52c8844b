"""One window for each user: a second start hands its files to the first and ends.

The two meet at a socket in a folder that belongs to the user and that nobody else may enter. What comes
through is the words of a command line, bounded and checked; it can open files that the user may read, nothing
else.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from alprviewer.core.errors import QueryError
from alprviewer.core.query.parse import parse
from alprviewer.sources.live.endpoint import is_live

_MOST_BYTES = 1 << 20
"""Of a request: thousands of names."""
_PATIENCE_MS = 3_000
"""How long a second start waits for the first before it opens its own window; and the first for words."""
_TAKEN = b"taken\n"


class Request(NamedTuple):
    """What a second start wants: sources (absolute), and a query for the filter box; both may be empty."""

    names: list[str]
    where: str


def address() -> str | None:
    """Where the two meet; None where there is no folder that is the user's alone.

    On Windows a name: pipes there are guarded by the access rights that the server sets.
    """
    if sys.platform == "win32":
        return f"alprviewer-{os.environ.get('USERDOMAIN', '')}-{os.environ.get('USERNAME', '')}"
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation)
    if not place:
        return None
    folder = Path(place) / "alprviewer"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _is_ours_alone(folder):
            return None
    except OSError:
        return None
    return str(folder / "window")


def _is_ours_alone(folder: Path) -> bool:
    """True for a real folder (no link) of this user that nobody else may read, write or enter."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077


def absolute(names: Sequence[str]) -> list[str]:
    """Names that mean the same in another working folder."""
    return [str(Path(name).absolute()) for name in names]


def hand_over(names: Sequence[str], where: str = "") -> bool:
    """Give the files to the window that is open already.

    Returns:
        True if it has taken them: there is nothing left to do. False if there is none, if it does not answer,
        or if a source is live: that one comes with tokens and certificates, which stay in their process.
    """
    place = address()
    if place is None or any(map(is_live, names)):
        return False
    socket = QLocalSocket()
    socket.connectToServer(place)
    if not socket.waitForConnected(_PATIENCE_MS):
        return False
    words = json.dumps({"names": absolute(names), "where": where}).encode("ascii") + b"\n"
    if len(words) > _MOST_BYTES:
        return False
    socket.write(words)
    answer = b""
    while len(answer) < len(_TAKEN) and socket.waitForReadyRead(_PATIENCE_MS):
        answer += bytes(socket.readAll().data())
    socket.disconnectFromServer()
    return answer == _TAKEN


def understood(words: bytes) -> Request | None:
    """A request, or None for what is none."""
    try:
        value: Any = json.loads(words)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    names, where = value.get("names"), value.get("where")
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        return None
    if not isinstance(where, str):
        return None
    try:
        parse(where)
    except QueryError:
        return None
    return Request(names, where)


class Doorkeeper(QObject):
    """Listens for second starts.

    Signals:
        asked(object): a ``Request`` has come.
    """

    asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._accept)

    def listen(self) -> bool:
        """Begin. False where there is no safe place, or where another window listens there."""
        place = address()
        if place is None:
            return False
        # Asked first: on some systems Qt would take the place of a server that is alive.
        probe = QLocalSocket()
        probe.connectToServer(place)
        if probe.waitForConnected(_PATIENCE_MS):
            probe.disconnectFromServer()
            return False
        # A window that was killed leaves its socket behind, at which nobody answers.
        return QLocalServer.removeServer(place) and self._server.listen(place)

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _accept(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            patience = QTimer(socket, singleShot=True, interval=_PATIENCE_MS)
            patience.timeout.connect(lambda socket=socket: socket.abort())
            patience.start()
            socket.disconnected.connect(patience.stop)
            socket.disconnected.connect(socket.deleteLater)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket.bytesAvailable() > _MOST_BYTES:
            socket.abort()
        elif socket.canReadLine():
            request = understood(bytes(socket.readLine(_MOST_BYTES).data()))
            if request is not None:
                socket.write(_TAKEN)
                socket.flush()
                self.asked.emit(request)
            socket.disconnectFromServer()
