"""The verb ``journal import``: another journal, or a list of true plates. What became of it is printed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from alprviewer.core.decision import ReadSubject
from alprviewer.core.errors import JournalError, UsageError
from alprviewer.review.commands import capture_of, entries_words, journal_of, out, quoted, say
from alprviewer.review.exchange import Conflict, import_truth, is_journal, merge, read_truth
from alprviewer.review.pen import Pen, account
from alprviewer.settings import load, state_folder
from alprviewer.sources.paths import SourceFile

_SHOWN_CONFLICTS = 1000


def take_in(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``journal import``. Returns the exit code."""
    if options.file.startswith("postgres") or is_journal(Path(options.file)):
        if options.sources:
            raise UsageError("A journal is taken in as it is; SOURCEs belong to a list of true plates.")
        return _merge(options)
    if not files:
        raise UsageError("True plates need the SOURCEs whose reads they are about.")
    return _import_truth(options, files)


def _merge(options: argparse.Namespace) -> int:
    is_server = options.file.startswith("postgres")
    url = options.file if is_server else f"sqlite:///{quoted(options.file)}"
    with journal_of(options.journal) as own, journal_of(url, reading_only=True) as other:
        if own.name == other.name:
            raise UsageError("A journal cannot be imported into itself.")
        merged = merge(own, other)
    if options.json:
        _tell(
            added=merged.added,
            known=merged.known,
            refused=len(merged.clashes),
            disputed=len(merged.conflicts),
        )
    else:
        for clash in merged.clashes:
            out(f"refused: {clash.reason}")
        _tell_conflicts(merged.conflicts)
    say(
        f"{entries_words(merged.added)} added, {merged.known:,} known already, "
        f"{len(merged.clashes):,} writers refused, {len(merged.conflicts):,} reads disputed."
    )
    return 1 if merged.clashes and not merged.added and not merged.known else 0


def _tell(**counts: Any) -> None:
    out(orjson.dumps(counts).decode())


def _tell_conflicts(conflicts: Sequence[Conflict]) -> None:
    for conflict in conflicts[:_SHOWN_CONFLICTS]:
        answers = ", ".join(
            f"{each.entry.reviewer}: {each.entry.plate or each.entry.act.value}"
            for each in conflict.standing.verdicts
        )
        out(f"disputed: {_named(conflict.subject)}: {answers}")


def _named(subject: ReadSubject) -> str:
    return f"{subject.uuid or subject.digest} {subject.position}"


def _import_truth(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    path = Path(options.file)
    truths = read_truth(path)
    capture = capture_of(files)
    reviewer = options.reviewer or load().reviewer or account()
    with journal_of(options.journal) as own:
        pen = Pen(own, reviewer, state_folder())
        told = import_truth(own, pen, capture, truths, path.name)
    if options.json:
        _tell(
            decided=told.decided,
            known=told.known,
            unmatched=told.unmatched,
            ambiguous=told.ambiguous,
            replaced=len(told.replaced),
            disputed=len(told.conflicts),
        )
    else:
        for each in told.replaced[:_SHOWN_CONFLICTS]:
            before = each.before.plate or each.before.act.value
            out(f"replaced: {_named(each.subject)}: {reviewer}: {before}, now {each.now.plate}")
        _tell_conflicts(told.conflicts)
    say(
        f"{told.decided:,} decisions written as {reviewer}, {told.known:,} known already, "
        f"{told.unmatched:,} lines match no read"
        f"{f', {told.ambiguous:,} fit several different reads and were left out' if told.ambiguous else ''}"
        f"{f', {len(told.conflicts):,} reads disputed' if told.conflicts else ''}."
    )
    if truths and told.unmatched == len(truths):
        raise JournalError(f"None of the lines of {path} is about a read of these sources.")
    return 0
