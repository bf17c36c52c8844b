"""``alprviewer record`` as a process of its own: started, looked at, ended, killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from alprviewer.sources.live.endpoint import TARGET_SCHEMES, parse
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.replay.protocol import Sent
from alprviewer.sources.replay.replayer import make_target

COMMAND = [sys.executable, "-m", "alprviewer", "record"]
_READY = ("Listening at ", "connected", "observing")


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


def kill_and_start(url: str, folder: Path, to: str, messages: list[bytes], kills: int, seed: int) -> Sent:
    """Send messages to a recorder that is killed at random moments and started again each time.

    Returns:
        What became of the messages. All were acknowledged in the end, each by one recorder or another.
    """
    chance = random.Random(seed)
    done = threading.Event()
    found: list[Sent] = []

    async def send() -> Sent:
        async with make_target(parse(to, TARGET_SCHEMES), "", Tls(), lambda _text: None) as target:
            for message in messages:
                await target.send(message)
            await target.finish()
        return target.sent

    def sending() -> None:
        try:
            found.append(asyncio.run(send()))
        finally:
            done.set()

    sender = threading.Thread(target=sending)
    sender.start()
    recorder = RecordProcess(url, "--out", str(folder))
    for _ in range(kills):
        recorder.ready()
        if done.wait(chance.uniform(0.0, 0.5)):
            break
        recorder.end(signal.SIGKILL)
        recorder = RecordProcess(url, "--out", str(folder))
    sender.join()
    recorder.ready()
    assert recorder.end() == 0, recorder.said
    return found[0]
