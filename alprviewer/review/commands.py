"""The verbs ``journal`` and ``stats``: their arguments, and what they print. Light to import."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alprviewer.core.errors import JournalError, UsageError

if TYPE_CHECKING:
    from alprviewer.capture.capture import Capture
    from alprviewer.review.journal import Journal
    from alprviewer.sources.paths import SourceFile
    from alprviewer.sources.spool.retention import Keep
    from alprviewer.store.matchers import Handed

_ROWS = ("csv", "jsonl")
_FOLDERS = ("plate_tagger", "benchmark", "coco", "paddleocr", "ocr-csv")
_SHOWN_CONFLICTS = 1000


def add_journal_option(verb: argparse.ArgumentParser) -> None:
    """``--journal URL``."""
    verb.add_argument(
        "--journal",
        metavar="URL",
        help="sqlite:///FILE or postgresql://USER@HOST/DATABASE (default: as in the settings)",
    )


def add_journal(verbs: Any) -> None:
    """The arguments of ``journal``."""
    verb = verbs.add_parser("journal", help="check, merge, export what reviewers decided")
    kinds = verb.add_subparsers(dest="what", metavar="WHAT", required=True)

    kind = kinds.add_parser(
        "verify",
        help="check every writer's chain",
        description="Prints each writer's entries and head, and whatever is wrong.",
        epilog=_PROVES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    kind.add_argument("file", nargs="?", metavar="FILE", help="a journal's file instead of --journal")
    kind.add_argument(
        "--expect", action="append", default=[], metavar="WRITER:SEQ:HASH", help="an entry that must be there"
    )
    add_journal_option(kind)

    kind = kinds.add_parser("import", help="take in another journal, or a CSV of true plates")
    kind.add_argument("file", metavar="FILE", help="a journal, or CSV with uuid, plate_index, plate_truth")
    kind.add_argument("sources", nargs="*", metavar="SOURCE", help="the reads that true plates are about")
    kind.add_argument("--reviewer", metavar="NAME", help="in whose name true plates are decided")
    add_journal_option(kind)

    kind = kinds.add_parser("export", help="write decisions, or ground truth made of them")
    kind.add_argument("file", metavar="FILE", help="- for standard output; ground truth goes to a new folder")
    kind.add_argument("sources", nargs="*", metavar="SOURCE", help="only decisions about their reads")
    kind.add_argument("--format", choices=(*_ROWS, *_FOLDERS), default="csv")
    kind.add_argument("--where", metavar="QUERY", default="", help="only reads that match")
    kind.add_argument(
        "--images", action="append", default=[], metavar="DIR", help="a folder with pictures of whole frames"
    )
    add_journal_option(kind)


def add_stats(verbs: Any) -> None:
    """The arguments of ``stats``."""
    verb = verbs.add_parser("stats", help="accuracy against what reviewers decided")
    verb.add_argument("sources", nargs="+", metavar="SOURCE")
    verb.add_argument(
        "--by", metavar="FIELD,...", default="", help="also by camera, hour, region, version, conf"
    )
    verb.add_argument(
        "--compare",
        nargs=3,
        metavar=("FIELD", "BEFORE", "AFTER"),
        help="two values of a field, such as two versions, with the difference",
    )
    verb.add_argument("--json", action="store_true", help="as one JSON object")
    add_journal_option(verb)


_PROVES = """\
What a chain proves, and what not: each entry's hash covers the entry and the hash
before it. A changed, inserted, removed or reordered entry is found, as long as the
hashes behind it were not all made anew. Whoever can write the journal can make them
anew, and can cut entries off the end; that is found only by a head that was written
down elsewhere: those kept in this computer's state folder, those in the manifests of
exports, those given with --expect. There is no key and no signature: the chain does
not tell who wrote an entry, nor that a clock was right."""


def say(text: str) -> None:
    """One sentence on standard error."""
    print(f"alprviewer: {text}", file=sys.stderr, flush=True)  # noqa: T201


def out(text: str) -> None:
    """A line of data."""
    sys.stdout.write(f"{text}\n")


@contextmanager
def journal_of(url: str | None, *, reading_only: bool = False) -> Iterator[Journal]:
    """The journal at a URL, or the one in the settings.

    Args:
        url: the URL; None for the settings.
        reading_only: a file that is not there is not made.
    """
    from alprviewer.review.opening import journal_file, open_journal
    from alprviewer.review.sqlite import SqliteJournal
    from alprviewer.settings import data_folder, load

    url = load().journal if url is None else url
    journal: Journal
    if reading_only and not url.startswith("postgres"):
        path = journal_file(url) if url else data_folder() / "journal.sqlite"
        journal = SqliteJournal(path, reading_only=True)
    else:
        journal = open_journal(url, data_folder())
    with closing(journal):
        if journal.trouble:
            say(journal.trouble)
        yield journal


def journal(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``journal``. Returns the exit code."""
    if options.what == "verify":
        return _verify(options)
    return _import(options, files) if options.what == "import" else _export(options, files)


def _verify(options: argparse.Namespace) -> int:
    from alprviewer.core.chain import parse_head
    from alprviewer.review.heads import KeptHeads
    from alprviewer.review.verify import verify
    from alprviewer.settings import state_folder

    if options.file and options.journal:
        raise UsageError("Name the journal by its file or by --journal, not by both.")
    expected = [parse_head(text) for text in options.expect]
    url = f"sqlite:///{_quoted(options.file)}" if options.file else options.journal
    with journal_of(url, reading_only=True) as found:
        kept = KeptHeads(state_folder() / "journals", found.id)
        verified = verify(found, [*expected, *kept.read()])
        for chain in verified.chains:
            out(f"{chain.head.writer}: {_entries(chain.entries)}, head {chain.head}")
        for fault in dict.fromkeys(verified.faults):
            out(f"{fault.writer}: {fault.reason}")
        for sentence in verified.damage:
            out(f"storage: {sentence}")
        if not verified.is_good:
            raise JournalError(f"The journal {found.name} is not as it was written.")
        kept.keep(chain.head for chain in verified.chains)
        say(f"{found.name} is in order.")
    return 0


def _entries(count: int) -> str:
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


def _quoted(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def _import(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    from alprviewer.review.exchange import is_journal

    if options.file.startswith("postgres") or is_journal(Path(options.file)):
        if options.sources:
            raise UsageError("A journal is taken in as it is; SOURCEs belong to a list of true plates.")
        return _merge(options)
    if not files:
        raise UsageError("True plates need the SOURCEs whose reads they are about.")
    return _import_truth(options, files)


def _merge(options: argparse.Namespace) -> int:
    from alprviewer.review.exchange import merge

    is_server = options.file.startswith("postgres")
    url = options.file if is_server else f"sqlite:///{_quoted(options.file)}"
    with journal_of(options.journal) as own, journal_of(url, reading_only=True) as other:
        if own.name == other.name:
            raise UsageError("A journal cannot be imported into itself.")
        merged = merge(own, other)
    for clash in merged.clashes:
        out(f"refused: {clash.reason}")
    for conflict in merged.conflicts[:_SHOWN_CONFLICTS]:
        answers = ", ".join(
            f"{each.entry.reviewer}: {each.entry.plate or each.entry.act.value}"
            for each in conflict.standing.verdicts
        )
        subject = conflict.subject
        out(f"disputed: {subject.uuid or subject.digest} {subject.position}: {answers}")
    say(
        f"{_entries(merged.added)} added, {merged.known:,} known already, {len(merged.clashes):,} writers "
        f"refused, {len(merged.conflicts):,} reads disputed."
    )
    return 1 if merged.clashes and not merged.added and not merged.known else 0


def _import_truth(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    from alprviewer.review.exchange import import_truth, read_truth
    from alprviewer.review.pen import Pen, account
    from alprviewer.settings import load, state_folder

    path = Path(options.file)
    truths = read_truth(path)
    capture = _capture(files)
    reviewer = options.reviewer or load().reviewer or account()
    with journal_of(options.journal) as own:
        pen = Pen(own, reviewer, state_folder())
        told = import_truth(own, pen, capture, truths, path.name)
    say(
        f"{told.decided:,} decisions written as {reviewer}, {told.known:,} known already, "
        f"{told.unmatched:,} lines match no read"
        f"{f', {told.ambiguous:,} fit several different reads and were left out' if told.ambiguous else ''}."
    )
    if truths and told.unmatched == len(truths):
        raise JournalError(f"None of the lines of {path} is about a read of these sources.")
    return 0


def kept_files(url: str | None) -> Keep:
    """Tells which received files hold reads that were judged, so that they are not deleted.

    Args:
        url: of the journal; None for the one in the settings.

    Raises:
        UserError: the journal cannot be read.
    """
    from alprviewer.review.retaining import kept_for_review
    from alprviewer.settings import data_folder, load

    return kept_for_review(load().journal if url is None else url, data_folder())


def hand_in_decisions(capture: Capture, url: str | None) -> None:
    """Let exports of a capture have what reviewers decided.

    Args:
        capture: its passes were found.
        url: of the journal; None for the one in the settings, if it is there.
    """
    from alprviewer.review.exchange import decisions_of
    from alprviewer.review.matching import Judged
    from alprviewer.review.rows import decided_cells
    from alprviewer.settings import data_folder, load

    if url is None and not load().journal and not (data_folder() / "journal.sqlite").exists():
        return
    with journal_of(url, reading_only=True) as found:
        decisions = decisions_of(found)
    capture.decided = decided_cells(Judged(capture, decisions))


def hand_in_listed(capture: Capture) -> None:
    """Let queries ask for what is listed by the settings; the list is read when one does."""
    from alprviewer.review.listing import listed_column, listed_of, listed_plates
    from alprviewer.settings import load

    def column() -> Handed:
        settings = load()
        plates = listed_plates(settings.listed_plates, settings.listed_file)
        return listed_column(listed_of(capture, plates)[1].reads)

    capture.listed = column


def _capture(files: Sequence[SourceFile], *, with_passes: bool = False) -> Capture:
    from alprviewer.capture.cache import find_passes, user_cache
    from alprviewer.capture.intake import load
    from alprviewer.settings import load as load_settings

    cache = user_cache()
    capture = load(list(files), cache)
    for source in capture.sources:
        if source.failure:
            say(source.failure)
    if with_passes:
        find_passes(capture, load_settings().pass_rules, cache)
        hand_in_listed(capture)
    return capture


def _export(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    from alprviewer.capture.passfilter import asks_passes
    from alprviewer.capture.pictures import PictureFinder
    from alprviewer.capture.writers import WRITERS
    from alprviewer.core.query.parse import parse
    from alprviewer.core.query.times import Clock
    from alprviewer.review import exporting
    from alprviewer.review.decisions import Decisions
    from alprviewer.review.matching import Judged
    from alprviewer.review.rows import DECISION_COLUMNS, decision_rows

    tree = parse(options.where)
    is_folder = options.format in _FOLDERS
    if not files and (is_folder or tree is not None):
        raise UsageError("Ground truth and --where need the SOURCEs that the decisions are about.")
    if is_folder and options.file == "-":
        raise UsageError(f"The format {options.format} is a folder; name one.")
    with journal_of(options.journal, reading_only=True) as found:
        links = found.since().links
        heads = found.heads()
    decisions = Decisions()
    decisions.add(links)
    chosen = None
    if files:
        capture = _capture(files, with_passes=tree is not None and asks_passes(tree))
        clock = Clock(time.time_ns() // 1_000_000)
        chosen = exporting.choose(capture, Judged(capture, decisions), tree, clock)
    more = {"journal": found.name, "where": options.where}
    output = Path(options.file)
    if is_folder:
        assert chosen is not None
        known = exporting.known_reads(chosen, PictureFinder(options.images))
        counts = exporting.write_folder(output, options.format, known)
        data = exporting.manifest(options.format, heads, counts, **more)
        exporting.write_rows(output / "manifest.json", [data])
        say(f"{counts['reads']:,} reads written to {output}.")
        return 0
    rows = list(decision_rows(links, decisions, chosen.digests if chosen is not None else None))
    lines = WRITERS[options.format](DECISION_COLUMNS, rows)
    if options.file == "-":
        for line in lines:
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        for head in heads:
            say(f"head {head}")
        return 0
    digest = exporting.write_rows(output, lines)
    counts = {"entries": len(rows), "not_understood": decisions.not_understood}
    data = exporting.manifest(options.format, heads, counts, sha256=digest, **more)
    exporting.write_rows(output.with_name(f"{output.name}.manifest.json"), [data])
    say(f"{_entries(len(rows))} written to {output}.")
    return 0


def stats(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``stats``. Returns the exit code."""
    import orjson

    from alprviewer.review.exchange import decisions_of
    from alprviewer.review.matching import Judged
    from alprviewer.review.statistics import Pair, statistics, text

    with journal_of(options.journal, reading_only=True) as found:
        decisions = decisions_of(found)
    capture = _capture(files, with_passes=True)
    by = [name for name in options.by.split(",") if name]
    pair = Pair(*options.compare) if options.compare else None
    figures = statistics(capture, Judged(capture, decisions), by, pair)
    out(orjson.dumps(figures).decode() if options.json else text(figures))
    return 0
