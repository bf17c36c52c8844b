"""``make soak``: the program is killed at random moments under load, over and over; nothing may be missing.

    python -m tests.soak [--kills N] [--window] [--fuzz SECONDS] [--seed N]

Without ``--window``, half of the kills come while messages are posted, half while jobs are taken out of a
queue. Afterwards every message that was acknowledged must be in the files, and in the tables, exactly once.
    python -m tests.soak [--kills N] [--decision-kills N] [--fuzz SECONDS] [--seed N]

The recorder: half of the kills come while messages are posted, half while jobs are taken out of a queue. With
``--window`` the window and its children are killed in turn instead, while messages are posted.
Afterwards every message that was acknowledged must be in the files, and in the tables, exactly once.

The journal: half of the kills come while decisions pour into a file, half while they pour into PostgreSQL.
Afterwards every decision that was said to be saved must be there, and every chain must hold.

Then a build of the compiled reader with sanitizers gets broken input for a while.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from alprviewer.review.opening import open_journal
from tests.helpers import nativefuzz
from tests.helpers.deciding import Found, Killed, kill, look
from tests.helpers.live import BEANSTALKD, beanstalkd, free_port, kept
from tests.helpers.postgres import PROGRAMS, postgres
from tests.helpers.reading import capture_of
from tests.helpers.recorders import empty_queue, kill_and_start
from tests.helpers.windows import kill_in_turn

FIRST_TIME = 1_700_000_000_000
"""The time of message 0, which is the number behind its uuid too."""
_KILLS_A_ROUND = 20


class Result:
    """What came of all rounds of one transport."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent = self.missing = self.twice = self.foreign = self.frames = self.problems = 0

    def add(self, sent: list[bytes], folder: Path) -> None:
        """Look at what a round left."""
        counts = collections.Counter(kept(folder))
        capture = capture_of(folder)
        self.sent += len(sent)
        self.missing += sum(data not in counts for data in sent)
        self.twice += sum(count > 1 for count in counts.values())
        self.foreign += len(set(counts) - set(sent))
        self.frames += len(capture.columns.frames)
        self.problems += len(capture.columns.problems)

    def add_shown(self, sent: list[bytes], shown: dict[str, Any]) -> None:
        """Look at what a window shows of what was sent."""
        counts = collections.Counter(shown["frames"])
        wanted = {FIRST_TIME + number for number in range(len(sent))}
        self.missing += len(wanted - set(counts))
        self.twice += sum(count > 1 for count in counts.values())
        self.foreign += len(set(counts) - wanted)
        self.problems += shown["problems"] + abs(shown["rows"] - len(shown["frames"]))

    @property
    def is_good(self) -> bool:
        """True if every message is there once."""
        return not (self.missing or self.twice or self.foreign or self.problems) and self.frames == self.sent

    def __str__(self) -> str:
        return (
            f"{self.name}: {self.sent:,} acknowledged, {self.missing} missing, {self.twice} twice, "
            f"{self.foreign} that nobody sent; {self.frames:,} frames in the tables, {self.problems} problems"
        )


def _rounds(kills: int) -> list[int]:
    return [min(_KILLS_A_ROUND, kills - done) for done in range(0, kills, _KILLS_A_ROUND)]


def posts(kills: int, seed: int) -> Result:
    """Kill while messages are posted."""
    result = Result("HTTP")
    for number, some in enumerate(_rounds(kills)):
        with tempfile.TemporaryDirectory(prefix="soak-") as name:
            folder, place = Path(name), f"127.0.0.1:{free_port()}"
            source, target = f"http-listen://{place}", f"http://{place}/"
            result.add(kill_and_start(source, folder, target, some, seed + number), folder)
    return result


def jobs(kills: int, seed: int) -> Result:
    """Kill while jobs are taken out of a queue."""
    result = Result("beanstalkd")
    for number, some in enumerate(_rounds(kills)):
        with tempfile.TemporaryDirectory(prefix="soak-") as name, beanstalkd(Path(name, "jobs")) as server:
            folder = Path(name, "out")
            target = server.url().partition("?")[0]
            sent = kill_and_start(server.url(), folder, target, some, seed + number)
            empty_queue(server, folder)
            result.add(sent, folder)
    return result


def windows(kills: int, seed: int) -> Result:
    """Kill the window, the child that receives and the child that reads, in turn."""
    result = Result("the window")
    for number, some in enumerate(_rounds(kills)):
        with tempfile.TemporaryDirectory(prefix="soak-") as name:
            place = f"127.0.0.1:{free_port()}"
            url, target = f"http-listen://{place}", f"http://{place}/"
            sent, shown = kill_in_turn(url, Path(name), target, some, seed + number)
            result.add(sent, Path(name, "alprviewer", "live"))
            result.add_shown(sent, shown)
    return result


class Decided:
    """What came of killing one kind of journal."""

    def __init__(self, name: str, killed: Killed, found: Found) -> None:
        self._name, self._killed, self._found = name, killed, found

    @property
    def is_good(self) -> bool:
        """True if every decision is there and nothing is wrong with the chains."""
        return not (self._found.missing or self._found.faults or self._found.damage)

    def __str__(self) -> str:
        found, confirmed = self._found, len(self._killed.confirmed)
        return (
            f"{self._name}: {confirmed:,} decisions said to be saved, {found.missing} missing, "
            f"{found.entries - confirmed:,} saved and not said; {len(found.faults)} faults of chains, "
            f"{len(found.damage)} of storage ({self._killed.kills} kills)"
        )


def decisions(name: str, url: str, kills: int, seed: int) -> Decided:
    """Kill while decisions pour in."""
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        folder = Path(place)
        killed = kill(url, folder, kills, seed)
        with closing(open_journal(url, folder / "data")) as journal:
            return Decided(name, killed, look(journal, folder, killed.confirmed))


def all_decisions(kills: int, seed: int) -> list[Decided]:
    """Kill while they pour into each kind of journal that there is."""
    if PROGRAMS is None:
        return [decisions("SQLite", "", kills, seed)]
    half = kills // 2
    with postgres() as server:
        return [
            decisions("SQLite", "", kills - half, seed),
            decisions("PostgreSQL", server.database(), half, seed + 1),
        ]


def fuzz(seconds: float, seed: int) -> bool:
    """Throw broken input at the compiled reader. True if all went well, or nothing can be built here."""
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        library = Path(name, "sanitized.so")
        reason = nativefuzz.sanitized(library)
        if reason:
            sys.stdout.write(f"The compiled reader was not fuzzed: {reason}\n")
            return True
        command, environment = nativefuzz.command(library, seconds, seed)
        return subprocess.run(command, env=environment, check=False).returncode == 0


def main(arguments: list[str]) -> int:
    """Run the rounds. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="of the recorder (default %(default)s)")
    parser.add_argument(
        "--decision-kills", type=int, default=500, help="while decisions pour in (default %(default)s)"
    )
    parser.add_argument("--window", action="store_true", help="kill the window and its children instead")
    parser.add_argument(
        "--fuzz", type=float, default=120, metavar="SECONDS", help="of broken input (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default %(default)s)")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    half = options.kills // 2
    results: list[Result | Decided] = []
    if options.window:
        results.append(windows(options.kills, options.seed))
    elif options.kills:
        results += _recorders(options, half)
    if options.decision_kills:
        results += all_decisions(options.decision_kills, options.seed)
    for result in results:
        sys.stdout.write(f"{result}\n")
    sys.stdout.write(
        f"{options.kills + options.decision_kills} times SIGKILL in {time.monotonic() - begun:.0f} s\n"
    )
    is_good = not options.fuzz or fuzz(options.fuzz, options.seed)
    return 0 if is_good and all(result.is_good for result in results) else 1


def _recorders(options: argparse.Namespace, half: int) -> list[Result]:
    results = [posts(options.kills - half if BEANSTALKD else options.kills, options.seed)]
    if BEANSTALKD:
        results.append(jobs(half, options.seed))
    return results


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
