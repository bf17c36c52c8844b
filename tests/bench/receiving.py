"""Frames with crops received for a while over every transport: none lost, memory flat; and what is the most.

The recorder runs as people run it, the sender in a process of its own on the same machine: both share its
processors, so a figure says what sender and receiver reach together.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from alprviewer.sources.spool.files import spool_files
from tests.bench import livewindow
from tests.bench.options import Options
from tests.bench.places import BUILD, PROGRAM
from tests.bench.processes import ProcessError, memory_of, run
from tests.bench.report import Row
from tests.helpers.live import BEANSTALKD, beanstalkd, free_port
from tests.helpers.recorders import RecordProcess

_CONNECTIONS = 64
_MOST_SECONDS = 10.0
_SAMPLE_SECONDS = 0.5


@dataclass(frozen=True)
class Transport:
    """A way to send.

    Attributes:
        goal: frames a second.
        source, target: URLs of both sides, with the place of a port or a file in braces.
        acknowledges: True if the receiver says what it has.
    """

    name: str
    goal: int
    source: str
    target: str
    acknowledges: bool = False


_TRANSPORTS = (
    Transport("TCP", 3000, "tcp-listen://127.0.0.1:{port}", "tcp://127.0.0.1:{port}"),
    Transport("Unix socket", 3000, "unix-listen://{file}", "unix://{file}"),
    Transport("WebSocket", 3000, "ws://127.0.0.1:{port}", "ws-listen://127.0.0.1:{port}"),
    Transport("HTTP", 1500, "http-listen://127.0.0.1:{port}", "http://127.0.0.1:{port}/", acknowledges=True),
    Transport(
        "beanstalkd",
        1000,
        "beanstalkd://127.0.0.1:{port}/alprd?mode=consume",
        "beanstalkd://127.0.0.1:{port}/alprd",
        acknowledges=True,
    ),
)


@dataclass(frozen=True)
class Received:
    """What became of a run: frames sent, acknowledged, in the files and in the tables; memory in bytes.

    ``processor`` is the time that the recorder had, in seconds, from its start to the last frame.
    """

    sent: int
    acknowledged: int
    retries: int
    seconds: float
    spooled: int
    indexed: int
    middle: int
    late: int
    peak: int
    processor: float

    @property
    def each(self) -> str:
        """What a frame cost the recorder."""
        return f"{self.processor / self.sent * 1000:.2f} ms of the recorder's processor time each"

    @property
    def rate(self) -> float:
        """Frames a second."""
        return self.sent / self.seconds


class _Memory:
    """A process's memory, looked at every so often."""

    def __init__(self, process: int) -> None:
        self.samples: list[int] = []
        self._process = process
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(_SAMPLE_SECONDS):
            found = memory_of(self._process)
            if found:
                self.samples.append(found.private)

    def stop(self) -> list[int]:
        """The samples."""
        self._stop.set()
        self._thread.join()
        return self.samples


@contextmanager
def _places(transport: Transport) -> Iterator[tuple[str, str, Path]]:
    """URLs of source and target, and the folder for the files; a beanstalkd server where one is needed."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="live-", dir=BUILD)))
        port = free_port()
        if transport.name == "beanstalkd":
            port = stack.enter_context(beanstalkd(folder / "jobs")).port
        values = {"port": port, "file": str(folder / "s")}
        yield transport.source.format(**values), transport.target.format(**values), folder / "out"


def _receive(transport: Transport, rate: float, seconds: float) -> Received:
    with _places(transport) as (source, target, folder):
        recorder = RecordProcess(source, "--out", str(folder))
        ended = False
        try:
            if not source.startswith("ws"):
                recorder.ready()
            memory = _Memory(recorder.process)
            command = [sys.executable, "-m", "tests.bench.inside.sending", target]
            words = [str(rate), str(seconds), str(_CONNECTIONS)]
            done = subprocess.run([*command, *words], stdout=subprocess.PIPE, check=True, text=True)
            if transport.name == "beanstalkd":
                _wait_for_frames(folder, json.loads(done.stdout)["acknowledged"])
            processor = _processor_seconds(recorder.process)
            recorder.end()
            ended = True
        except subprocess.CalledProcessError as error:
            raise ProcessError(f"the sender failed with exit code {error.returncode}") from error
        finally:
            samples = memory.stop()
            if not ended:
                recorder.end(9)
        report = json.loads(done.stdout)
        counts = json.loads(run([*PROGRAM, "index", str(folder), "--json", "--no-cache"]).output)
        third = max(len(samples) // 3, 1)
        return Received(
            **report,
            spooled=_lines(folder),
            indexed=counts["frames"],
            middle=max(samples[third : 2 * third], default=0),
            late=max(samples[-third:], default=0),
            peak=max(samples, default=0),
            processor=processor,
        )


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _lines(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in spool_files(folder))


def _wait_for_frames(folder: Path, count: int) -> None:
    """The sender is done when the queue has everything; the recorder takes what is left of it."""
    pause = threading.Event()
    for _ in range(600):
        if _lines(folder) >= count:
            return
        pause.wait(0.5)
    raise ProcessError("the queue was not emptied")


def _row(transport: Transport, found: Received, seconds: float) -> Row:
    lost = found.sent - min(found.spooled, found.indexed)
    acknowledged = found.acknowledged if transport.acknowledges else found.sent
    held = found.rate >= 0.97 * transport.goal
    whole = found.sent == acknowledged == found.spooled == found.indexed
    return Row(
        f"live: {transport.name}",
        found.rate,
        "/s",
        goal=f"{transport.goal:,}/s for 60 s, none lost",
        met=held and whole if seconds >= 60 else None,
        note=(
            f"{found.sent:,} sent in {found.seconds:.1f} s, {acknowledged:,} acknowledged or read, "
            f"{found.spooled:,} in the files, {found.indexed:,} in the tables, {lost:,} lost; memory "
            f"{found.middle / 1e6:.0f} MB in the second third, {found.late / 1e6:.0f} MB in the last; "
            f"{found.each}"
        ),
        details=vars(found),
    )


def rows(options: Options) -> list[Row]:
    """The window while frames arrive; then every transport at its rate, and as fast as it goes."""
    found = livewindow.rows(options)
    for transport in _TRANSPORTS:
        if transport.name == "beanstalkd" and BEANSTALKD is None:
            options.note("beanstalkd is left out: it is not installed.")
            continue
        options.say(f"{transport.name}: {transport.goal:,} frames a second for {options.seconds:.0f} s")
        found.append(_row(transport, _receive(transport, transport.goal, options.seconds), options.seconds))
        options.say(f"{transport.name}: as fast as it goes for {_MOST_SECONDS:.0f} s")
        most = _receive(transport, 0, _MOST_SECONDS)
        found.append(
            Row(
                f"live: {transport.name}, the most",
                most.rate,
                "/s",
                note=(
                    f"{most.sent:,} sent, {most.spooled:,} in the files, {most.retries:,} tried again; "
                    f"{most.each}"
                ),
                details=vars(most),
            )
        )
    return found
