"""The child process of a live source, as the window has it."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from alprviewer.capture.receiving import Durable, Order, Receiving, Remark

PATIENCE_S = 30.0
NOTHING_BEFORE = "9"
"""A stamp behind all others."""


def post(url: str, *messages: bytes) -> list[int]:
    """Post messages one after the other; gives the statuses."""
    target = url.replace("http-listen", "http")
    found = []
    for data in messages:
        with urllib.request.urlopen(urllib.request.Request(target, data)) as answer:
            found.append(answer.status)
    return found


class Received:
    """A live source, and what its child has said."""

    def __init__(self, folder: Path, url: str = "http-listen://127.0.0.1:0", **more: Any) -> None:
        more.setdefault("since", "")
        self.receiving = Receiving(Order(url, str(folder), **more), chance=lambda: 0.0)
        self.durable: list[Durable] = []
        self.remarks: list[Remark] = []

    def until(self, condition: Callable[[], Any], what: str = "what was waited for") -> None:
        """Take what the child says until something holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, (what, self.remarks)
            self.look()

    def look(self) -> None:
        """Take what the child has said."""
        durable, remarks = self.receiving.poll()
        self.durable += durable
        self.remarks += remarks

    @property
    def place(self) -> str:
        """Where it listens."""
        self.until(lambda: self.receiving.counters.place, "a listener")
        return self.receiving.counters.place

    @property
    def sizes(self) -> dict[str, int]:
        """How far each file is durable."""
        return dict(self.durable)

    def lines(self) -> list[bytes]:
        """What is durable, line by line."""
        return [
            line for path, size in self.sizes.items() for line in Path(path).read_bytes()[:size].splitlines()
        ]

    def child(self) -> int:
        """The number of the process."""
        assert self.receiving._child is not None
        return self.receiving._child._process.pid


def taken_port() -> tuple[socket.socket, int]:
    """A port that somebody listens at."""
    found = socket.socket()
    found.bind(("127.0.0.1", 0))
    found.listen()
    return found, int(found.getsockname()[1])


def texts(remarks: Iterable[Remark]) -> list[str]:
    """The sentences alone."""
    return [remark.text for remark in remarks]
