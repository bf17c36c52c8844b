"""A process that decides without end and says what was saved, to be killed: python -m tests.helpers.deciding.

    python -m tests.helpers.deciding URL DATA_FOLDER STATE_FOLDER FIRST

Prints a line ``WRITER SEQUENCE HASH`` for every decision, after it was said to be saved.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

from alprviewer.core.chain import Fault, check_chain, check_heads
from alprviewer.review.heads import KeptHeads
from alprviewer.review.journal import Journal

ROOT = Path(__file__).parents[2]


def decide(url: str, data_folder: Path, state_folder: Path, first: int) -> None:
    """Decide until the process ends."""
    from alprviewer.core.decision import Act, Scope
    from alprviewer.core.errors import JournalError
    from alprviewer.review.opening import open_journal
    from alprviewer.review.pen import Pen
    from tests.helpers.decisions import subject

    pen = Pen(open_journal(url, data_folder), "ann", state_folder)
    for number in range(first, sys.maxsize):
        try:
            (link,) = pen.write(pen.entry(Act.CORRECT, Scope.READ, [subject(number)], plate=f"P{number}"))
        except JournalError as error:
            # Another one that decides without end may have the file for as long as anybody waits for it. What
            # was refused was not said to be saved, and a person would say it again.
            sys.stderr.write(f"{error}\n")
            continue
        sys.stdout.write(f"{link.writer} {link.sequence} {link.hash}\n")
        sys.stdout.flush()


class Killed(NamedTuple):
    """What came of killing: the decisions that were said to be saved, and how often there was one to kill."""

    confirmed: set[tuple[str, int, str]]
    kills: int


def kill(url: str, folder: Path, kills: int, seed: int) -> Killed:
    """Start a process that decides, kill it at a random moment, and again.

    Two of them decide at the same time, as two windows of one person do.
    """
    chance = random.Random(seed)
    # Coverage would leave damaged files behind where it is killed.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    command = [
        sys.executable,
        "-m",
        "tests.helpers.deciding",
        url,
        str(folder / "data"),
        str(folder / "state"),
    ]
    confirmed: set[tuple[str, int, str]] = set()
    done = 0
    while done < kills:
        windows = [
            subprocess.Popen(
                [*command, str(2_000_000 * done + 1_000_000 * number)],
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
                env=environment,
            )
            for number in range(min(2, kills - done))
        ]
        readers = [threading.Thread(target=_read, args=(window, confirmed)) for window in windows]
        begun = [_first_line(window, confirmed) for window in windows]
        assert all(begun), "a process ended before it had decided anything"
        for reader in readers:
            reader.start()
        for window in windows:
            _wait_a_little(chance)
            window.send_signal(signal.SIGKILL)
        for window, reader in zip(windows, readers, strict=True):
            reader.join()
            assert window.wait() == -signal.SIGKILL
            assert window.stdout is not None
            window.stdout.close()
        done += len(windows)
    return Killed(confirmed, done)


def _wait_a_little(chance: random.Random) -> None:
    """For a moment that nobody knows: the processes go on meanwhile."""
    threading.Event().wait(chance.uniform(0.0, 0.15))


def _first_line(window: subprocess.Popen[str], confirmed: set[tuple[str, int, str]]) -> bool:
    assert window.stdout is not None
    return _note(window.stdout.readline(), confirmed)


def _read(window: subprocess.Popen[str], confirmed: set[tuple[str, int, str]]) -> None:
    assert window.stdout is not None
    for line in window.stdout:
        _note(line, confirmed)


def _note(line: str, confirmed: set[tuple[str, int, str]]) -> bool:
    # What was cut off within a line was not said.
    if not line.endswith("\n"):
        return False
    writer, sequence, digest = line.split()
    confirmed.add((writer, int(sequence), digest))
    return True


class Found(NamedTuple):
    """What the journal holds afterwards."""

    entries: int
    missing: int
    faults: tuple[Fault, ...]
    damage: tuple[str, ...]


def look(journal: Journal, folder: Path, confirmed: set[tuple[str, int, str]]) -> Found:
    """Compare a journal with what was said to be saved, and its chains with the heads that were kept."""
    chains = [check_chain(journal.chain(head.writer)) for head in journal.heads()]
    faults = [fault for chain in chains for fault in chain.faults]
    faults += check_heads(journal.hash_of, KeptHeads(folder / "state" / "journals", journal.id).read())
    stored = {(link.writer, link.sequence, link.hash) for link in journal.since().links}
    return Found(
        sum(chain.entries for chain in chains),
        len(confirmed - stored),
        tuple(faults),
        tuple(journal.damage()),
    )


if __name__ == "__main__":
    decide(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
