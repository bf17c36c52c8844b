"""``alprviewer record`` as a process of its own: started, looked at, ended, killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alprviewer.sources.beanstalkd import Beanstalkd
from alprviewer.sources.live.endpoint import TARGET_SCHEMES, parse
from alprviewer.sources.replay.jobs import Jobs
from alprviewer.sources.replay.messages import Message
from alprviewer.sources.replay.posts import Posts
from alprviewer.sources.replay.replayer import Pacing, Schedule, replay
from tests.helpers.live import Server, message

COMMAND = [sys.executable, "-m", "alprviewer", "record"]
_RATE = 500.0
"""Frames a second that a recorder has to take while it is killed again and again."""
_READY = ("Listening at ", "Connected to ")


class RecordProcess:
    """A recorder; its standard error is read along."""

    def __init__(
        self,
        *words: str,
        prefix: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.said: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [*prefix, *COMMAND, *words],
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env=dict(environment or os.environ),
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.said.append(line.rstrip("\n"))
            if any(word in line for word in _READY):
                self._ready.set()
        self._ready.set()

    @property
    def process(self) -> int:
        """Its number."""
        return self._process.pid

    def ready(self) -> None:
        """Wait until it listens, or has ended."""
        assert self._ready.wait(60), "the recorder did not begin"

    @property
    def port(self) -> int:
        """The port at which it listens."""
        (place,) = [line for line in self.said if "Listening at " in line]
        return int(place.split(" for ")[0].rsplit(":", 1)[1])

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it with a signal. Returns its exit code."""
        self._process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end. Returns its exit code."""
        code = self._process.wait(60)
        self._reader.join()
        if self._process.stderr is not None:
            self._process.stderr.close()
        return code


def _unsaid(_text: str) -> None:
    """Receivers are killed on purpose here."""


@contextmanager
def load(to: str) -> Iterator[list[bytes]]:
    """Send frames as long as the context lasts, and wait then until all of them are acknowledged.

    Gives the list of what was sent.
    """
    enough = threading.Event()
    sent: list[bytes] = []
    failures: list[BaseException] = []

    def frames() -> Iterator[Message]:
        while not enough.is_set():
            sent.append(message(len(sent)))
            yield Message(sent[-1], None)

    async def send() -> None:
        endpoint = parse(to, TARGET_SCHEMES)
        posts = Posts(endpoint, _unsaid, longest_pause=0.1)
        async with Jobs(endpoint, _unsaid) if endpoint.scheme == "beanstalkd" else posts as target:
            await replay(frames(), target, Schedule(Pacing.RATE, _RATE))
        assert target.sent.acknowledged == len(sent)

    def sending() -> None:
        try:
            asyncio.run(send())
        except BaseException as error:  # noqa: BLE001 - it is raised again where it is seen
            failures.append(error)

    sender = threading.Thread(target=sending)
    sender.start()
    try:
        yield sent
    finally:
        enough.set()
        sender.join()
    if failures:
        raise failures[0]


def kill_and_start(url: str, folder: Path, to: str, kills: int, seed: int) -> list[bytes]:
    """Send frames to a recorder that is killed at random moments, and started again each time.

    Returns:
        What was sent. All of it was acknowledged in the end, by one recorder or another.
    """
    chance, pause = random.Random(seed), threading.Event()

    def start() -> RecordProcess:
        return RecordProcess(url, "--out", str(folder), environment=without_coverage())

    recorder = start()
    try:
        with load(to) as sent:
            for _ in range(kills):
                recorder.ready()
                pause.wait(chance.uniform(0.0, 0.5))
                assert recorder.end(signal.SIGKILL) == -signal.SIGKILL, recorder.said
                recorder = start()
    finally:
        recorder.ready()
        assert recorder.end() == 0, recorder.said
    return sent


def without_coverage() -> dict[str, str]:
    """The environment of what is going to be killed: coverage would leave damaged files behind."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def empty_queue(server: Server, folder: Path) -> None:
    """Have a recorder take what is left in a queue."""

    async def left() -> int:
        client = await Beanstalkd.connect("127.0.0.1", server.port)
        found = await client.numbers("stats")
        client.close()
        return int(found["current-jobs-ready"]) + int(found["current-jobs-reserved"])

    recorder = RecordProcess(server.url(), "--out", str(folder))
    recorder.ready()
    while asyncio.run(left()):
        pass
    assert recorder.end() == 0, recorder.said
