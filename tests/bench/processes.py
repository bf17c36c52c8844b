"""Processes that are measured: their time, and the memory of a process and all that it started."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.bench.timing import MeasureError

ROOT = Path(__file__).parents[2]
_FIELDS = {"Rss": "rss", "Pss": "pss", "Private_Clean": "private", "Private_Dirty": "private"}


class ProcessError(MeasureError):
    """A process that was to be measured failed; its last words are the text."""


@dataclass(frozen=True)
class Memory:
    """Bytes of one process: resident, its share of what is shared, and what it has alone."""

    name: str
    rss: int
    pss: int
    private: int


@dataclass
class Peak:
    """The largest memory seen, of all processes together, and what each had then."""

    pss: int = 0
    processes: list[Memory] = field(default_factory=list)


def group_members(group: int) -> list[int]:
    """The processes of a process group."""
    members: list[int] = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
            except OSError:
                continue
            state, _, number = status.rpartition(")")[2].split()[:3]
            if int(number) == group and state != "Z":
                members.append(int(folder.name))
    return members


def memory_of(process: int) -> Memory | None:
    """A process's memory; None where it is gone."""
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        return None
    found = {"rss": 0, "pss": 0, "private": 0}
    for line in lines:
        name, value = line.split()[:2]
        kind = _FIELDS.get(name.rstrip(":"))
        if kind:
            found[kind] += int(value) << 10
    words = [word.decode(errors="replace") for word in command if word]
    module = words[words.index("-m") + 1] if "-m" in words[:-1] else Path(words[0]).name if words else "?"
    return Memory(module, **found)


def memory_of_group(group: int) -> list[Memory]:
    """The memory of each process of a group, largest first."""
    found = [memory for memory in map(memory_of, group_members(group)) if memory]
    return sorted(found, key=lambda memory: -memory.pss)


class Watch:
    """Looks at the memory of a process group every so often until it is stopped."""

    def __init__(self, group: int, interval: float = 0.5) -> None:
        self.peak = Peak()
        self._group = group
        self._interval = interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._interval):
            now = memory_of_group(self._group)
            total = sum(memory.pss for memory in now)
            if total > self.peak.pss:
                self.peak.pss, self.peak.processes = total, now

    def stop(self) -> Peak:
        """The peak since the beginning."""
        self._stop.set()
        self._thread.join()
        return self.peak


@dataclass(frozen=True)
class Run:
    """A process that has ended well."""

    seconds: float
    output: str
    peak: Peak


def run(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    *,
    watch: bool = False,
    timeout: float = 3600,
) -> Run:
    """Run a process to its end, and see to it that nothing of it stays.

    Raises:
        ProcessError: it failed or took too long.
    """
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    watching = Watch(process.pid) if watch else None
    try:
        output, complaints = process.communicate(timeout=timeout)
        seconds = time.perf_counter() - begun
    except subprocess.TimeoutExpired as error:
        raise ProcessError(f"took more than {timeout:.0f} s") from error
    finally:
        peak = watching.stop() if watching else Peak()
        end_group(process)
    if process.returncode != 0:
        raise ProcessError((complaints.strip().splitlines() or [f"exit code {process.returncode}"])[-1])
    return Run(seconds, output, peak)


def end_group(process: subprocess.Popen[str]) -> list[int]:
    """End what is left of a process and its children. Returns the children that were still there."""
    members = group_members(process.pid)
    if members:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return [member for member in members if member != process.pid]


class Talker:
    """A process that answers lines of JSON with lines of JSON; after ``timeout`` seconds it is ended."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str] | None = None, *, timeout: float = 3600
    ) -> None:
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.left_behind: list[int] = []
        """Children that outlived it."""
        self._alarm = threading.Timer(timeout, self._process.kill)
        self._alarm.daemon = True
        self._alarm.start()

    @property
    def group(self) -> int:
        """The process group: the process and all that it started."""
        return self._process.pid

    def tell(self, message: Any) -> None:
        """Send a line."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ProcessError("ended unexpectedly") from error

    def hear(self) -> Any:
        """The next line.

        Raises:
            ProcessError: the process has ended.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ProcessError(f"ended with exit code {self._process.wait()}")
        return json.loads(line)

    def ask(self, message: Any) -> Any:
        """Send a line and wait for the answer."""
        self.tell(message)
        return self.hear()

    def close(self, timeout: float = 30) -> int:
        """Close its input, wait until it has ended, end whatever is left then. Returns its exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout)
        self._alarm.cancel()
        self.left_behind = end_group(self._process)
        self._process.stdout.close()
        return self._process.returncode

    def __enter__(self) -> Talker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(timeout=30 if kind is None else 0.1)
