"""What the journal says of the capture's reads, in memory, for the screen. No threads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from alprviewer.capture.capture import Capture
from alprviewer.core.chain import Link
from alprviewer.core.decision import VERDICTS, Act, Entry, Gold
from alprviewer.core.standing import UNTOUCHED, Placed, Standing, answer, says_something
from alprviewer.language import tr
from alprviewer.models.answers import DISPUTED, WORDS, Compared
from alprviewer.review.checking import Agreement, Checked, agreements, checked
from alprviewer.review.decisions import Decisions
from alprviewer.store.matchers import Handed


class Outcome(NamedTuple):
    """What holds of a read or a pass in the word of queries and exports, and the resolved plate; or empty."""

    word: str = ""
    plate: str = ""


def outcome(standing: Standing) -> Outcome:
    """What holds, for tables and queries."""
    if standing.disputed:
        return Outcome(DISPUTED)
    if standing.decision is not None:
        return Outcome(standing.decision.entry.act.value, standing.decision.entry.plate or "")
    return Outcome(Act.SKIP.value) if standing.skipped else Outcome()


def said_differently(verdicts: Iterable[Placed]) -> str:
    """Who says what: ``ann: AB123 · bob: not a plate``."""
    return " · ".join(f"{each.entry.reviewer}: {spoken(each.entry)}" for each in verdicts)


def spoken(entry: Entry) -> str:
    """What a verdict says, in few words."""
    if entry.act is Act.WRONG_REGION:
        return tr("{plate}, region {region}", plate=entry.plate, region=entry.region)
    return entry.plate or WORDS[entry.act]


class Decided:
    """The journal's entries and where their reads stand in the capture."""

    def __init__(self) -> None:
        self._decisions = Decisions()
        self._rows: dict[str, tuple[int, ...]] = {}
        self._digests: dict[int, str] = {}
        self._last: dict[str, int] = {}
        self._capture = Capture()

    def __len__(self) -> int:
        return len(self._decisions)

    @property
    def rows(self) -> Iterable[int]:
        """Rows of the reads that anything was ever said of."""
        return self._digests.keys()

    def set_capture(self, capture: Capture) -> None:
        """Another capture, in which nothing was found yet."""
        self._capture = capture
        self._rows, self._digests = {}, {}
        capture.columns.decided.clear()

    def add(self, links: Iterable[Link]) -> set[int]:
        """Take in entries; the rows of the reads that something new was said of are returned."""
        links = list(links)
        self._last.update((link.writer, link.sequence) for link in links)
        touched = {row for digest in self._decisions.add(links) for row in self._rows.get(digest, ())}
        self._fill(touched)
        return touched

    def locate(self, rows: Mapping[str, tuple[int, ...]]) -> set[int]:
        """Take in where reads stand; the rows that were not known are returned."""
        new: set[int] = set()
        for digest, places in rows.items():
            new.update(places)
            self._rows[digest] = tuple(sorted({*self._rows.get(digest, ()), *places}))
        new -= self._digests.keys()
        self._digests.update((row, digest) for digest, places in rows.items() for row in places)
        self._fill(new)
        return new

    def knows(self, placed: Placed) -> bool:
        """True if an entry was taken in."""
        return self._last.get(placed.writer, 0) >= placed.sequence

    def read(self, row: int) -> Standing:
        """What holds of a read."""
        digest = self._digests.get(row)
        return UNTOUCHED if digest is None else self._decisions.read(digest)

    def of_pass(self, rows: Sequence[int]) -> Standing:
        """What holds of a pass, by the rows of its reads."""
        return self._decisions.of_pass([self._digests[row] for row in rows if row in self._digests])

    def judged(self, capture: Capture) -> tuple[Decisions, dict[int, str]]:
        """What is said, and the digests of the reads that it is said of, by row; for another thread.

        Args:
            capture: whose rows are asked for. Of one that was not set (yet) none are known.
        """
        return self._decisions.snapshot(), dict(self._digests) if capture is self._capture else {}

    def history(self, reviewer: str, most: int) -> list[tuple[Placed, tuple[int, ...]]]:
        """A reviewer's last verdicts that hold, with the rows of their reads here; the last one first."""
        found: list[tuple[Placed, tuple[int, ...]]] = []
        for placed in reversed(self._decisions.history()):
            if placed.entry.reviewer != reviewer or placed.entry.act not in VERDICTS:
                continue
            digests = [read.digest for read in placed.entry.reads]
            rows = tuple(sorted({row for digest in digests for row in self._rows.get(digest, ())}))
            if rows and any(placed in self._decisions.read(digest).verdicts for digest in digests):
                found.append((placed, rows))
                if len(found) == most:
                    break
        return found

    @property
    def answered(self) -> set[int]:
        """Rows of the reads that somebody named a known answer of."""
        return {row for digest in self._decisions.answered for row in self._rows.get(digest, ())}

    def compared(self, entry: Entry, rows: Sequence[int]) -> Compared | None:
        """How an answer compares with the known one; None for an ordinary decision."""
        known = self.of_pass(rows).known
        if entry.gold is not Gold.CHECK or not says_something(entry) or known is None:
            return None
        said = spoken(known.entry)
        if answer(entry) == answer(known.entry):
            return Compared(True, tr("The answer was known: {answer}, as you said.", answer=said))
        text = tr("The answer was known: {answer}. You said {yours}.", answer=said, yours=spoken(entry))
        return Compared(False, text)

    def checked(self) -> list[Checked]:
        """How each reviewer did on items of the capture whose answer was known."""
        return checked(self._decisions, self._rows.keys())

    def agreements(self) -> list[Agreement]:
        """How far each two reviewers agree about the capture."""
        return agreements(self._decisions, self._rows.keys())

    def _fill(self, rows: Iterable[int]) -> None:
        columns = self._capture.columns.decided
        for row in rows:
            columns.set(row, *outcome(self.read(row)))

    def columns(self) -> dict[str, Handed]:
        """The column that queries may ask for: the word of each read."""
        columns = self._capture.columns
        codes = columns.decided.known("decision", len(columns.reads))
        return {"decision": Handed(codes, columns.decided.texts["decision"])}
