"""The command line: parses arguments, imports what a verb needs, hands over.

Exit codes: 0 done, 1 the input could not be used at all, 2 wrong usage. Data goes to standard output,
everything said about it to standard error.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alprviewer import versions
from alprviewer.arguments import Parser
from alprviewer.core.errors import UsageError, UserError
from alprviewer.review import commands as review
from alprviewer.sources import commands

if TYPE_CHECKING:
    from alprviewer.capture.capture import Capture
    from alprviewer.sources.paths import SourceFile

VERBS = ("open", "index", "export", "screenshot", "record", "replay", "journal", "stats")
_FRAMES, _READS, _PASSES, _PROBLEMS = "frames", "reads", "passes", "problems"


class _Version(argparse.Action):
    """Prints the versions without importing Qt: its version is in the package's metadata."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(versions())
        parser.exit(0)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (
        width.isdigit() and height.isdigit() and 200 <= int(width) <= 8000 and 200 <= int(height) <= 8000
    ):
        raise argparse.ArgumentTypeError(f"expected WIDTHxHEIGHT in pixels from 200 to 8000, not {text!r}")
    return int(width), int(height)


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"expected a number from 0 up, not {text!r}")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = Parser(prog="alprviewer", description="Look at, verify and correct licence-plate reads.")
    top.add_argument("--version", action=_Version, nargs=0, help="print the versions and leave")
    verbs = top.add_subparsers(dest="verb", metavar="VERB")

    verb = verbs.add_parser("open", help="open the window (the default)")
    verb.add_argument(
        "sources",
        nargs="*",
        metavar="SOURCE",
        help="result files, folders, globs, URLs of live sources, or - for standard input",
    )
    verb.add_argument("--new", action="store_true", help="a window of its own, whatever is open already")
    _add_where(verb)
    _add_images(verb)
    review.add_journal_option(verb)
    commands.add_secrets(verb)

    verb = verbs.add_parser("index", help="read everything once and print the counts")
    verb.add_argument("sources", nargs="+", metavar="SOURCE")
    verb.add_argument("--json", action="store_true", help="as one JSON object")
    verb.add_argument("--passes", action="store_true", help="find the passes of vehicles and count them")
    verb.add_argument("--no-cache", action="store_true", help="read everything, whatever the index cache has")

    verb = verbs.add_parser("export", help="write what the tables show, in full precision")
    verb.add_argument("what", choices=(_FRAMES, _READS, _PASSES, _PROBLEMS))
    verb.add_argument("sources", nargs="+", metavar="SOURCE")
    _add_where(verb)
    verb.add_argument("--only", metavar="FILE", help=argparse.SUPPRESS)
    verb.add_argument("--sort", metavar="KEY[,-KEY]", default="", help="columns to sort by, - for descending")
    verb.add_argument("--limit", type=_count, metavar="N", help="at most N rows")
    review.add_journal_option(verb)
    verb.add_argument("--format", choices=("csv", "jsonl"), default="csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="a file instead of standard output")

    verb = verbs.add_parser("screenshot", help="draw the window without a display and save it")
    verb.add_argument("sources", nargs="*", metavar="SOURCE")
    verb.add_argument("-o", "--output", metavar="FILE.png", required=True)
    verb.add_argument("--size", type=_size, default=(1600, 1000), metavar="WxH")
    verb.add_argument("--scale", type=int, choices=(1, 2, 3), default=1)
    verb.add_argument("--view", choices=("browse", "review"), default="browse", help="which view to draw")
    verb.add_argument("--tab", choices=("passes", "reads", "frames", "groups", "problems"))
    verb.add_argument("--select", type=_count, metavar="N", help="the row to select, from 0")
    verb.add_argument("--theme", choices=("light", "dark"), default="light")
    _add_where(verb)
    _add_images(verb)
    review.add_journal_option(verb)

    review.add_journal_option(commands.add_record(verbs))
    commands.add_replay(verbs)
    review.add_journal(verbs)
    review.add_stats(verbs)
    return top


def _add_where(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--where",
        metavar="QUERY",
        default="",
        help="only rows that match, as in the filter box: plate:ABC* conf>90",
    )


def _add_images(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--images", action="append", default=[], metavar="DIR", help="a folder with pictures of whole frames"
    )


def run(arguments: Sequence[str]) -> int:
    """Run a command line. Returns the exit code."""
    words = list(arguments)
    if len(words) == 1 and getattr(sys, "frozen", False):
        # A frozen program is its own Python: this is how it starts the processes that work for it.
        from alprviewer.capture.child import CHILDREN
        from alprviewer.sources.childprocess import run_child

        if words[0] in CHILDREN:
            return run_child(import_module(CHILDREN[words[0]]).work)
    if not words or (words[0] not in (*VERBS, "-h", "--help", "--version")):
        words.insert(0, "open")
    try:
        options = parser().parse_args(words)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        return _RUN[options.verb](options)
    except UserError as error:
        print(f"alprviewer: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        from alprviewer.capture.writers import give_up_output

        give_up_output()  # its reader is gone (`| head`), which is no failure
        return 0
    except KeyboardInterrupt:
        return 130


def _sources(names: Sequence[str]) -> list[str]:
    """Names with ``-`` and pipes replaced by files that hold what came through them."""
    from alprviewer.settings import cache_folder
    from alprviewer.sources.paths import kept_pipe

    folder = cache_folder() / "input"
    return [str(kept_pipe(name, folder) or name) for name in names]


@contextmanager
def _files(names: Sequence[str]) -> Iterator[list[SourceFile]]:
    """The files that names stand for; what came through pipes is kept as long as the command runs."""
    from alprviewer.sources.paths import SourceFile, expand, kept_pipe

    with tempfile.TemporaryDirectory(prefix="alprviewer-") as folder:
        kept = [(name, kept_pipe(name, Path(folder))) for name in names]
        yield expand([SourceFile(name, path) if path else name for name, path in kept])


def _open(options: argparse.Namespace) -> int:
    from alprviewer.app.main import open_window
    from alprviewer.capture.connections import Connection
    from alprviewer.settings import cache_folder
    from alprviewer.sources.inflow import begun
    from alprviewer.sources.live.endpoint import parse

    def access(name: str) -> tuple[Connection, str]:
        url = parse(name).url
        return Connection(url, options.tls_cert, options.tls_key, options.tls_ca), token

    token = commands.token_of(options)
    where, journal = _checked(options.where), options.journal or ""
    sources, wait = begun(options.sources, cache_folder() / "input")
    return open_window(sources, options.images, where, journal, access, wait, alone=options.new)


def _index(options: argparse.Namespace) -> int:
    from alprviewer.capture.cache import user_cache
    from alprviewer.capture.counts import index, text
    from alprviewer.capture.writers import write_out
    from alprviewer.settings import load as load_settings

    with _files(options.sources) as files:
        rules = load_settings().pass_rules if options.passes else None
        counts, failures = index(files, None if options.no_cache else user_cache(), rules)
    for failure in failures:
        print(f"alprviewer: {failure}", file=sys.stderr)
    if options.json:
        import orjson

        write_out([orjson.dumps(counts), b"\n"])
    else:
        write_out([text(counts).encode(), b"\n"])
    return 0


def _sort_keys(text: str) -> list[Any]:
    from alprviewer.store.select import SortKey

    words = [word.strip() for word in text.split(",")] if text else []
    if not all(word.lstrip("-") for word in words):
        raise UsageError(f"--sort {text!r}: a key is empty.")
    return [SortKey(word.lstrip("-"), word.startswith("-")) for word in words]


def _where(query: str) -> Any:
    """The query of an export; times without a zone are UTC, as the exported ones are."""
    import time

    from alprviewer.capture.exportfilter import Where
    from alprviewer.core.query.parse import parse
    from alprviewer.core.query.times import Clock

    tree = parse(query)
    return Where(tree, Clock(time.time_ns() // 1_000_000)) if tree is not None else None


def _checked(query: str) -> str:
    """A query that parses.

    Raises:
        QueryError: it does not.
    """
    from alprviewer.core.query.parse import parse

    parse(query)
    return query


def _with_passes(options: argparse.Namespace, files: list[SourceFile], where: Any) -> Capture | None:
    """A capture of the files in which the passes were found, where an export needs them; with decisions."""
    from alprviewer.capture.passfilter import asks_consensus, asks_passes

    asked = where is not None and asks_passes(where.tree)
    if options.what not in (_PASSES, _READS) and not asked:
        return None
    from alprviewer.capture.cache import find_passes, user_cache
    from alprviewer.capture.intake import load
    from alprviewer.settings import load as load_settings

    cache = user_cache()
    capture = load(files, cache)
    with_consensus = options.what == _PASSES or (asked and asks_consensus(where.tree))
    find_passes(capture, load_settings().pass_rules, cache, with_consensus=with_consensus)
    review.hand_in_decisions(capture, options.journal)
    review.hand_in_listed(capture)
    return capture


def _export(options: argparse.Namespace) -> int:
    from alprviewer.capture.export import COLUMNS, rows
    from alprviewer.capture.exportfilter import row_numbers
    from alprviewer.capture.writers import WRITERS, write_out

    keys = _sort_keys(options.sort)
    where = _where(options.where)
    with _files(options.sources) as files:
        found = rows(
            options.what,
            files,
            keys,
            lambda failure: print(f"alprviewer: {failure}", file=sys.stderr),
            where,
            row_numbers(options.only),
            _with_passes(options, files, where),
            as_received=options.format == "jsonl",
        )
        lines = iter(WRITERS[options.format](COLUMNS[options.what], islice(found, options.limit)))
        if options.output in (None, "-"):
            write_out(lines)
            return 0
        output = Path(options.output)
        if any(output.exists() and output.samefile(file.path) for file in files):
            raise UsageError(f"{output} is one of the sources; choose another file.")
        # What is wrong with the sources is found before an older file is written over.
        first = next(lines, b"")
        try:
            with output.open("wb") as file:
                file.writelines(chain([first], lines))
        except OSError as error:
            raise UserError(f"{output} cannot be written: {error.strerror}.") from error
    return 0


def _screenshot(options: argparse.Namespace) -> int:
    from alprviewer.app.screenshot import take

    return take(
        _sources(options.sources),
        output=options.output,
        size=options.size,
        scale=options.scale,
        theme=options.theme,
        tab=options.tab,
        select=options.select,
        where=_checked(options.where),
        image_folders=options.images,
        view=options.view,
        journal=options.journal or "",
    )


def _record(options: argparse.Namespace) -> int:
    return commands.record(options, lambda: review.kept_files(options.journal))


def _replay(options: argparse.Namespace) -> int:
    with _files(options.sources) as files:
        return commands.replay(options, files)


def _journal(options: argparse.Namespace) -> int:
    with _files(getattr(options, "sources", ())) as files:
        return review.journal(options, files)


def _stats(options: argparse.Namespace) -> int:
    with _files(options.sources) as files:
        return review.stats(options, files)


_RUN: dict[str, Callable[[argparse.Namespace], int]] = {
    "open": _open,
    "index": _index,
    "export": _export,
    "screenshot": _screenshot,
    "record": _record,
    "replay": _replay,
    "journal": _journal,
    "stats": _stats,
}
