"""Live sources that run while a test looks on, and the other side of each."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.endpoint import parse
from alprviewer.sources.live.protocol import World
from alprviewer.sources.live.recorder import Order, Recorder
from alprviewer.sources.spool.files import companions, spool_files
from tests.helpers.reading import frame_value

_UNPACKED = Path(__file__).parents[2] / "build" / "servers" / "usr" / "bin" / "beanstalkd"
BEANSTALKD = shutil.which("beanstalkd") or (str(_UNPACKED) if _UNPACKED.exists() else None)
needs_beanstalkd = pytest.mark.skipif(
    BEANSTALKD is None, reason="needs beanstalkd, which packaging/test-servers.sh fetches on Debian"
)
PATIENCE = 30.0


def message(number: int = 0, **more: Any) -> bytes:
    """A frame as an agent sends it; each number another one."""
    return json.dumps(frame_value(number, **more), separators=(",", ":")).encode()


def messages(count: int, first: int = 0) -> list[bytes]:
    """Frames, each another one."""
    return [message(first + number) for number in range(count)]


def free_port() -> int:
    """A port of the loopback that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def kept(folder: Path) -> list[bytes]:
    """The lines of all spool files of a folder."""
    return [line for path in spool_files(folder) for line in path.read_bytes().splitlines()]


def rejected(folder: Path) -> bytes:
    """What could not be framed."""
    found = [companions(path)[1] for path in spool_files(folder)]
    return b"".join(path.read_bytes() for path in found if path.exists())


async def until(condition: Callable[[], Any], what: str = "what was waited for") -> None:
    """Wait until something holds."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await asyncio.sleep(0.002)
    except TimeoutError:
        raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s") from None


class Recording:
    """A recorder that runs in this event loop."""

    def __init__(self, order: Order) -> None:
        self.said: list[str] = []
        self.recorder = Recorder(order, self.said.append, lambda _counters: None)
        self.folder = order.folder
        self.task = asyncio.create_task(self.recorder.run())

    @property
    def counters(self) -> Counters:
        """Those of the first source."""
        return self.recorder.counters[0][1]

    @property
    def port(self) -> int:
        """The port that a listener chose."""
        (place,) = [text for text in self.said if text.startswith("Listening at ") and "://" in text]
        return int(place.split(" for ")[0].rsplit(":", 1)[1].split("/")[0])

    async def ready(self) -> None:
        """Wait until the sources wait for others."""
        await until(lambda: self.task.done() or self._is_ready(), "a source")
        if self.task.done():
            self.task.result()

    def _is_ready(self) -> bool:
        found = self.recorder._intakes
        return bool(found) and all(intake.counters.state != "starting" for intake in found)

    async def end(self) -> None:
        """End it as SIGTERM does."""
        self.recorder.end()
        await self.task

    async def kept(self, count: int) -> list[bytes]:
        """Wait until so many values were kept; gives the lines."""
        await until(lambda: self.counters.values >= count, f"value {count}")
        return kept(self.folder)


@asynccontextmanager
async def recording(folder: Path, *urls: str, **changes: Any) -> AsyncIterator[Recording]:
    """Receive as long as the context lasts. Pauses between attempts last no time."""
    changes.setdefault("world", World(chance=lambda: 0.0, pause=lambda seconds: asyncio.sleep(seconds / 50)))
    running = Recording(Order([parse(url) for url in urls], folder, **changes))
    try:
        await running.ready()
        yield running
    finally:
        if not running.task.done():
            await running.end()
        with suppress(Exception):
            await running.task


class Server:
    """Debian's beanstalkd at a port of the loopback. It can be stopped and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        assert BEANSTALKD is not None
        self.port = free_port()
        self._command = [BEANSTALKD, "-l", "127.0.0.1", "-p", str(self.port), "-z", str(1 << 25)]
        self._command += ["-b", str(folder), "-F", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        while True:
            assert self._process.poll() is None, "beanstalkd did not start"
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return

    def stop(self) -> None:
        """End it, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def url(self, tube: str = "alprd", mode: str = "consume") -> str:
        """The address of a tube."""
        return f"beanstalkd://127.0.0.1:{self.port}/{tube}?mode={mode}"


@contextmanager
def beanstalkd(folder: Path, *options: str) -> Iterator[Server]:
    """A server that keeps its jobs in a folder, so that they outlive it."""
    folder.mkdir(exist_ok=True)
    server = Server(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.stop()
