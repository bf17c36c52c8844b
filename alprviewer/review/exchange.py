"""What comes into a journal from elsewhere: another reviewer's journal, or a list of true plates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from alprviewer.capture.capture import Capture
from alprviewer.capture.spans import SpanReader
from alprviewer.capture.writers import unguarded
from alprviewer.core.chain import Link
from alprviewer.core.decision import Act, Entry, Gold, ReadSubject, Scope
from alprviewer.core.errors import JournalError, UserError
from alprviewer.core.frame import MAX_TEXT
from alprviewer.core.plates import normal_form
from alprviewer.core.standing import Standing, answer
from alprviewer.review.decisions import Decisions
from alprviewer.review.journal import Clash, Journal
from alprviewer.review.matching import frames_by_uuid
from alprviewer.review.pen import Pen
from alprviewer.review.subjects import Subjects

MAX_TRUTH_BYTES = 1 << 30
"""Largest list of true plates that is read."""
_TRUTH = ("uuid", "plate_index", "plate_truth")


class Conflict(NamedTuple):
    """A read that reviewers disagree about since an import."""

    subject: ReadSubject
    standing: Standing


class Merged(NamedTuple):
    """What became of another journal.

    Attributes:
        added: entries that are new here.
        known: entries that were here already.
        clashes: entries that could not be taken in, the first of each writer.
        conflicts: reads that reviewers disagree about now and did not before.
    """

    added: int
    known: int
    clashes: list[Clash]
    conflicts: list[Conflict]


def decisions_of(journal: Journal) -> Decisions:
    """All that a journal says."""
    decisions = Decisions()
    decisions.add(journal.since().links)
    return decisions


def merge(journal: Journal, other: Journal) -> Merged:
    """Take another reviewer's journal into this one: the union of their entries, by writer and sequence.

    Raises:
        JournalError: one of them cannot be read, or this one cannot be written.
    """
    decisions = decisions_of(journal)
    found = journal.add(_links(other))
    return Merged(len(found.added), found.known, found.clashes, _conflicts(decisions, found.added))


def _conflicts(decisions: Decisions, links: Sequence[Link]) -> list[Conflict]:
    """The reads that are disputed with these entries and were not without; ``decisions`` has them then."""
    before = {each.digest for each in decisions.subjects() if decisions.read(each.digest).disputed}
    touched = decisions.add(links)
    subjects = {subject.digest: subject for subject in decisions.subjects()}
    now = [
        Conflict(subjects[digest], decisions.read(digest))
        for digest in sorted((touched - before) & subjects.keys())
    ]
    return [conflict for conflict in now if conflict.standing.disputed]


def _links(journal: Journal) -> Iterator[Link]:
    for head in journal.heads():
        yield from journal.chain(head.writer)


class Truth(NamedTuple):
    """A line of a list of true plates."""

    uuid: str
    plate_index: int
    plate: str


def read_truth(path: Path) -> list[Truth]:
    """The lines of a CSV with the columns ``uuid``, ``plate_index`` and ``plate_truth``, and any others.

    Lines without a true plate are left out.

    Raises:
        UserError: the file cannot be read, or is something else.
    """
    try:
        if path.stat().st_size > MAX_TRUTH_BYTES:
            raise UserError(f"{path} is larger than {MAX_TRUTH_BYTES >> 20} MiB; divide it.")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 text; expected CSV with {', '.join(_TRUTH)}.") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Truth] = []
    try:
        names = next(reader, [])
        missing = [name for name in _TRUTH if name not in names]
        if missing:
            raise UserError(f"{path} has no column {missing[0]}; expected CSV with {', '.join(_TRUTH)}.")
        places = [names.index(name) for name in _TRUTH]
        for cells in reader:
            if cells and max(places) < len(cells):
                uuid, index, plate = (unguarded(cells[place].strip()) for place in places)
                if plate:
                    found.append(_truth(uuid, index, plate))
            elif cells:
                raise ValueError(f"it has {len(cells)} columns instead of {len(names)}")
    except (csv.Error, ValueError) as error:
        raise UserError(f"Line {reader.line_num} of {path} cannot be used: {error}.") from error
    return found


def _truth(uuid: str, index: str, plate: str) -> Truth:
    if not index.isdecimal() or len(index) > 9:
        raise ValueError(f"plate_index is {index[:20]!r}, no number")
    if len(plate) > MAX_TEXT:
        raise ValueError("the plate is too long")
    return Truth(uuid, int(index), plate)


class Replaced(NamedTuple):
    """A verdict that a later one of the same reviewer takes the place of."""

    subject: ReadSubject
    before: Entry
    now: Entry


class Told(NamedTuple):
    """What became of a list of true plates.

    Attributes:
        decided: decisions that were written.
        known: lines that said what this reviewer had said before.
        unmatched: lines for which the capture has no read, or that name no frame.
        ambiguous: lines that fit several different reads, since their frames have one uuid; of which one they
            speak nobody knows.
        conflicts: reads that reviewers disagree about now and did not before.
        replaced: what the same reviewer had said otherwise.
    """

    decided: int
    known: int
    unmatched: int
    ambiguous: int
    conflicts: list[Conflict]
    replaced: list[Replaced]


def import_truth(journal: Journal, pen: Pen, capture: Capture, truths: Iterable[Truth], name: str) -> Told:
    """Write true plates into the journal as decisions about single reads: correct, or wrong with the plate.

    Args:
        journal: the journal.
        pen: of the reviewer in whose name they are written, for this journal.
        capture: whose reads are meant; every copy of a frame that was delivered twice is one read.
        truths: the plates.
        name: where they come from, for the reason.

    Raises:
        SourceError: a file of the capture cannot be read.
        JournalError: nothing was saved.
    """
    decisions = decisions_of(journal)
    reader = SpanReader(capture)
    entries: dict[str, Entry] = {}
    known = unmatched = ambiguous = 0
    listed = list(truths)
    try:
        places = frames_by_uuid(capture, (truth.uuid for truth in listed if truth.uuid))
        subjects = Subjects(capture, reader)
        for truth in listed:
            found = list(_reads(capture, places.get(truth.uuid, ()), truth.plate_index))
            unmatched += not found
            if _are_several(capture, found):
                ambiguous += 1
                continue
            for frame, row in found:
                subject = subjects.of(frame, row)
                entry = _entry(pen, capture, subject, row, truth.plate, name)
                if _said(decisions.read(subject.digest), entry):
                    known += 1
                elif subject.digest in entries:
                    if answer(entries[subject.digest]) != answer(entry):
                        which = f"read {truth.plate_index} of {truth.uuid}"
                        raise UserError(f"{name} names two plates for {which}.")
                else:
                    entries[subject.digest] = entry
    finally:
        reader.close()
    replaced = [each for entry in entries.values() for each in _replaced(decisions, entry)]
    conflicts = _conflicts(decisions, pen.write(*entries.values()))
    return Told(len(entries), known, unmatched, ambiguous, conflicts, replaced)


def _replaced(decisions: Decisions, entry: Entry) -> Iterator[Replaced]:
    (subject,) = entry.reads
    for each in decisions.read(subject.digest).verdicts:
        if each.entry.reviewer == entry.reviewer and answer(each.entry) != answer(entry):
            yield Replaced(subject, each.entry, entry)


def _reads(capture: Capture, frames: Iterable[int], plate_index: int) -> Iterator[tuple[int, int]]:
    """The frames and rows of the reads that the wire gave this index."""
    table, indexes = capture.columns.frames, capture.columns.reads.column("plate_index")
    for frame in frames:
        first, count = int(table.column("first_read")[frame]), int(table.column("reads")[frame])
        for row in range(first, first + count):
            if int(indexes[row]) == plate_index:
                yield frame, row


def _are_several(capture: Capture, found: Iterable[tuple[int, int]]) -> bool:
    """True unless these are one read, however often it was delivered: one time, one observed plate."""
    times, plates = capture.columns.frames.column("epoch_time"), capture.columns.reads.column("plate")
    return len({(int(times[frame]), int(plates[row])) for frame, row in found}) > 1


def _entry(pen: Pen, capture: Capture, subject: ReadSubject, row: int, plate: str, name: str) -> Entry:
    columns = capture.columns
    observed = columns.text("plate", int(columns.reads.column("plate")[row]))
    same = observed is not None and normal_form(observed) == normal_form(plate)
    act = Act.CORRECT if same else Act.WRONG
    return pen.entry(act, Scope.READ, [subject], plate=plate, reason=f"from {name}", gold=Gold.IMPORTED)


def _said(standing: Standing, entry: Entry) -> bool:
    """True if the reviewer's last verdict says the same.

    Not one that came with the same list before such entries said so: nobody can be checked with it.
    """
    return any(
        each.entry.reviewer == entry.reviewer
        and answer(each.entry) == answer(entry)
        and (each.entry.gold is not None or each.entry.reason != entry.reason)
        for each in standing.verdicts
    )


def is_journal(path: Path) -> bool:
    """True for a SQLite file.

    Raises:
        UserError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(16) == b"SQLite format 3\0"
    except OSError as error:
        raise JournalError(f"{path} cannot be read: {error.strerror}.") from error
