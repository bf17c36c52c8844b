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
_OF_FRAMES = ("plate_tagger", "benchmark", "coco")


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
    kind.add_argument("--json", action="store_true", help="what became of it as one JSON object")
    add_journal_option(kind)

    kind = kinds.add_parser("export", help="write decisions, or ground truth made of them")
    kind.add_argument("file", metavar="FILE", help="- for standard output; ground truth goes to a new folder")
    kind.add_argument("sources", nargs="*", metavar="SOURCE", help="only decisions about their reads")
    kind.add_argument("--format", choices=(*_ROWS, *_FOLDERS), default="csv")
    kind.add_argument("--where", metavar="QUERY", default="", help="only reads that match")
    kind.add_argument("--only", metavar="FILE", help=argparse.SUPPRESS)
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
    from alprviewer.capture.writers import write_out

    write_out([text.encode(), b"\n"])


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
        _must_exist(path, "look at its name" if url else "nothing was decided yet; or name one by --journal")
        journal = SqliteJournal(path, reading_only=True)
    else:
        journal = open_journal(url, data_folder())
    with closing(journal):
        if journal.trouble:
            say(journal.trouble)
        yield journal


def _must_exist(path: Path, way_out: str) -> None:
    try:
        path.stat()
    except FileNotFoundError as error:
        raise JournalError(f"There is no journal {path}: {way_out}.") from error
    except OSError:
        pass  # what else may be wrong is said where it is opened


def journal(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``journal``. Returns the exit code."""
    if options.what == "verify":
        return _verify(options)
    if options.what == "import":
        from alprviewer.review.importing import take_in

        return take_in(options, files)
    return _export(options, files)


def _verify(options: argparse.Namespace) -> int:
    from alprviewer.core.chain import parse_head
    from alprviewer.review.heads import KeptHeads
    from alprviewer.review.verify import verify
    from alprviewer.settings import state_folder

    if options.file and options.journal:
        raise UsageError("Name the journal by its file or by --journal, not by both.")
    expected = [parse_head(text) for text in options.expect]
    url = f"sqlite:///{quoted(options.file)}" if options.file else options.journal
    with journal_of(url, reading_only=True) as found:
        kept = KeptHeads(state_folder() / "journals", found.id)
        verified = verify(found, [*expected, *kept.read()])
        for chain in verified.chains:
            out(f"{chain.head.writer}: {entries_words(chain.entries)}, head {chain.head}")
        for fault in dict.fromkeys(verified.faults):
            out(f"{fault.writer}: {fault.reason}")
        for sentence in verified.damage:
            out(f"storage: {sentence}")
        if not verified.is_good:
            raise JournalError(f"The journal {found.name} is not as it was written.")
        kept.keep(chain.head for chain in verified.chains)
        say(f"{found.name} is in order.")
    return 0


def entries_words(count: int) -> str:
    """``1 entry``, ``2,000 entries``."""
    return f"{count:,} entr{'y' if count == 1 else 'ies'}"


def quoted(name: str) -> str:
    """A file name as it stands in a URL."""
    from urllib.parse import quote

    return quote(name)


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


def capture_of(files: Sequence[SourceFile], *, with_passes: bool = False) -> Capture:
    """What the files hold; those that cannot be used are told."""
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
    from alprviewer.capture.exportfilter import row_numbers
    from alprviewer.capture.passfilter import asks_passes
    from alprviewer.capture.pictures import PictureFinder
    from alprviewer.capture.writers import WRITERS, write_out
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
        capture = capture_of(files, with_passes=tree is not None and asks_passes(tree))
        clock = Clock(time.time_ns() // 1_000_000)
        chosen = exporting.choose(capture, Judged(capture, decisions), tree, clock, row_numbers(options.only))
    more: dict[str, Any] = {"journal": found.name, "where": options.where}
    if options.only:
        more["only"] = "the reads that a table showed"
    output = Path(options.file)
    if is_folder:
        assert chosen is not None
        known = exporting.known_reads(chosen, PictureFinder(options.images))
        counts = exporting.write_folder(output, options.format, known)
        data = exporting.manifest(options.format, heads, counts, **more)
        exporting.write_rows(output / "manifest.json", [data])
        say(f"{counts['reads']:,} reads written to {output}{_lacking(options.format, counts)}.")
        return 0
    rows = list(decision_rows(links, decisions, chosen.digests if chosen is not None else None))
    lines = WRITERS[options.format](DECISION_COLUMNS, rows)
    if options.file == "-":
        write_out(lines)
        for head in heads:
            say(f"head {head}")
        return 0
    digest = exporting.write_rows(output, lines)
    counts = {"entries": len(rows), "not_understood": decisions.not_understood}
    data = exporting.manifest(options.format, heads, counts, sha256=digest, **more)
    exporting.write_rows(output.with_name(f"{output.name}.manifest.json"), [data])
    say(f"{entries_words(len(rows))} written to {output}.")
    return 0


def _lacking(name: str, counts: dict[str, int]) -> str:
    """What a folder of ground truth lacks, and what helps."""
    left = counts["without_corners_or_crop"]
    pictures = counts["frames_without_picture"] if name in _OF_FRAMES else 0
    words = f", {left:,} left out: they have no corners or crop" if left else ""
    if pictures:
        words += f", {pictures:,} of {counts['frames']:,} frames without a picture (--images names a folder)"
    return words


def stats(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``stats``. Returns the exit code."""
    import orjson

    from alprviewer.review.exchange import decisions_of
    from alprviewer.review.matching import Judged
    from alprviewer.review.statistics import Pair, statistics, text

    with journal_of(options.journal, reading_only=True) as found:
        decisions = decisions_of(found)
    capture = capture_of(files, with_passes=True)
    by = [name for name in options.by.split(",") if name]
    pair = Pair(*options.compare) if options.compare else None
    figures = statistics(capture, Judged(capture, decisions), by, pair)
    out(orjson.dumps(figures).decode() if options.json else text(figures))
    return 0
