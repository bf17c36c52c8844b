"""``make soak``: the recorder is killed at random moments under load, over and over; nothing may be missing.

    python -m tests.soak [--kills N] [--fuzz SECONDS] [--seed N]

Half of the kills come while messages are posted, half while jobs are taken out of a queue. Afterwards every
message that was acknowledged must be in the files, and in the tables, exactly once. Then a build of the
compiled reader with sanitizers gets broken input for a while.
"""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.helpers import nativefuzz
from tests.helpers.live import BEANSTALKD, beanstalkd, free_port, kept
from tests.helpers.reading import capture_of
from tests.helpers.recorders import empty_queue, kill_and_start

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
    parser.add_argument("--kills", type=int, default=200, help="in all (default %(default)s)")
    parser.add_argument(
        "--fuzz", type=float, default=120, metavar="SECONDS", help="of broken input (default %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the moments (default %(default)s)")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    half = options.kills // 2
    results = [posts(options.kills - half if BEANSTALKD else options.kills, options.seed)]
    if BEANSTALKD:
        results.append(jobs(half, options.seed))
    for result in results:
        sys.stdout.write(f"{result}\n")
    sys.stdout.write(f"{options.kills} times SIGKILL in {time.monotonic() - begun:.0f} s\n")
    is_good = fuzz(options.fuzz, options.seed)
    return 0 if is_good and all(result.is_good for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
