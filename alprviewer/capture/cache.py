"""The index cache of the user: which sources are in it, what goes into it, what must go.

Files are named by the first bytes of their source, so a source that grew or was moved is found again. Which
of them fits, if any, the digests say (``store.fingerprint``): of an unchanged source everything is used, of
one that grew what stands before the last place where reading could begin anew (an incomplete value at the
end does not), of a rewritten one nothing. A file that changed while it was read is not kept at all.

The cache is a convenience: whatever fails here is a word in the log.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from alprviewer.capture.capture import Capture, Source
from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.errors import Cancelled, UserError
from alprviewer.core.passes import PassRules
from alprviewer.settings import Settings, cache_folder
from alprviewer.settings import load as load_settings
from alprviewer.store.arrayfile import TEMPORARY, Unusable
from alprviewer.store.block import TABLES, Block, Facts
from alprviewer.store.fingerprint import Fingerprint, fingerprint, prefix_digest
from alprviewer.store.indexcache import load, rows_of, save
from alprviewer.store.passcache import load as load_passes
from alprviewer.store.passcache import save as save_passes
from alprviewer.store.passes import Passes

WORTH_BYTES = 8 << 20
"""Bytes of a file, or of what was read anew of it, from which its rows are kept."""
_SUFFIX = ".index"
_PASSES = ".passes"
_LEFT_BEHIND_S = 24 * 3600.0
"""Seconds after which a file that was being written counts as left behind by a crash."""

_log = logging.getLogger("alprviewer.cache")


@dataclass(frozen=True)
class Found:
    """What the cache knows of a file.

    Attributes:
        fingerprint: the file now.
        block: rows of it; None where there are none.
        read_from: where the file must be read from; None where nothing is missing.
    """

    fingerprint: Fingerprint
    block: Block | None = None
    read_from: Checkpoint | None = START


class Cache:
    """A folder of indexes.

    Args:
        folder: where they are; need not exist.
        limit: bytes that they may take together; the least recently used go first. 0: it is off.
        worth: bytes of a file from which it is kept.
    """

    def __init__(self, folder: Path, limit: int, worth: int = WORTH_BYTES) -> None:
        self._folder = folder
        self._limit = limit
        self._worth = worth

    def look_up(self, path: Path) -> Found | None:
        """What is known of a file; None where the file or the cache cannot be used at all."""
        if not self._limit or not path.is_file():
            return None
        try:
            now = fingerprint(path)
            for name, size in self._named(now.head):
                found = self._compare(name, size, path, now)
                if found is not None:
                    os.utime(name)
                    return found
        except OSError as error:
            _log.info("The index cache cannot be used for %s: %s", path, error)
            return None
        return Found(now)

    def _named(self, head: str) -> list[tuple[Path, int]]:
        """The cache's files for sources that begin alike and how large these were, the largest first."""
        found: list[tuple[Path, int]] = []
        for name in self._folder.glob(f"{head}-*{_SUFFIX}"):
            size = name.stem.partition("-")[2]
            if size.isdecimal():
                found.append((name, int(size)))
        return sorted(found, key=lambda each: -each[1])

    def _compare(self, name: Path, size: int, path: Path, now: Fingerprint) -> Found | None:
        if size > now.size:
            return None
        try:
            block = load(name)
        except Unusable as error:
            _log.info("An index is ignored: %s", error)
            return None
        facts = block.facts
        if facts.size == now.size and facts.digest == now.digest:
            return Found(now, block, None)
        restart = facts.restart
        grown = facts.size < now.size and restart is not None
        if not grown or restart is None or prefix_digest(path, restart.checkpoint.position) != restart.digest:
            return None
        return Found(now, block.before_restart(), restart.checkpoint)

    def keep(self, capture: Capture, stopped: Callable[[], bool] = lambda: False) -> Block | None:
        """Write what is worth it of a capture that has been read. May run in a thread of its own.

        Returns the rows as they stand in the file now, where all of the capture went into one.
        """
        for number, source in enumerate(capture.sources):
            try:
                name = self._keep(capture, number, source, stopped)
                if name is not None and len(capture.sources) == 1:
                    return load(name)
            except (OSError, Unusable) as error:
                _log.info("The index of %s could not be kept: %s", source.name, error)
            except Cancelled:
                break
        return None

    def _keep(
        self, capture: Capture, number: int, source: Source, stopped: Callable[[], bool]
    ) -> Path | None:
        before = source.fingerprint
        is_whole = source.finished and not source.failure
        if (
            not self._limit
            or before is None
            or not is_whole
            or before.size - source.cached < max(self._worth, 1)
        ):
            return None
        rows = rows_of(capture.columns, number)
        facts = _facts(source, before, rows) if rows is not None else None
        if rows is None or facts is None:
            _log.info("%s changed while it was read; its index is not kept.", source.name)
            return None
        name = self._folder / f"{before.head}-{before.size}{_SUFFIX}"
        size = sum(len(each) * TABLES[table].itemsize for table, each in rows.items())
        if size > self._limit:
            return None
        begun = time.monotonic()
        save(name, capture.columns, rows, facts, source.streams.items(), stopped)
        _log.info("The index of %s was kept in %.1f s.", source.name, time.monotonic() - begun)
        if source.cached:
            # It was made from a smaller one, which is of no use any more.
            for suffix in (_SUFFIX, _PASSES):
                (self._folder / f"{before.head}-{source.cached}{suffix}").unlink(missing_ok=True)
        self._evict()
        return name

    def passes(self, capture: Capture, rules: PassRules) -> Passes | None:
        """The passes of a capture as they were kept; None where they were not, or it is another one now."""
        place = self._place_of_passes(capture)
        if place is None:
            return None
        name, digest = place
        try:
            found = load_passes(name, digest, capture.columns, rules)
            os.utime(name)
        except (Unusable, OSError) as error:
            _log.info("Passes are found anew: %s", error)
            return None
        return found

    def keep_passes(
        self, capture: Capture, passes: Passes, stopped: Callable[[], bool] = lambda: False
    ) -> None:
        """Keep the passes of a capture of one source whose rows are worth keeping, too."""
        place = self._place_of_passes(capture)
        if place is None or len(passes.of_read) != len(capture.columns.reads):
            return
        try:
            save_passes(*place, passes, stopped)
            self._evict()
        except OSError as error:
            _log.info("The passes could not be kept: %s", error)
        except Cancelled:
            return

    def _place_of_passes(self, capture: Capture) -> tuple[Path, str] | None:
        """Where the passes of a capture of one source are kept, and its digest."""
        if not self._limit or len(capture.sources) != 1:
            return None
        source = capture.sources[0]
        now = source.fingerprint
        if now is None or source.failure or now.size < max(self._worth, 1) or source.size != now.size:
            return None
        return self._folder / f"{now.head}-{now.size}{_PASSES}", now.digest

    def _evict(self) -> None:
        """Delete what was not used for longest until the rest is within the limit."""
        files = [(status.st_mtime_ns, status.st_size, name) for name, status in self._files()]
        total = sum(size for _, size, _ in files)
        for _, size, name in sorted(files):
            if total <= self._limit:
                return
            _delete(name)
            total -= size

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """The indexes; deletes what a crash has left behind."""
        throw_away_left_behind(self._folder)
        for name in self._folder.iterdir():
            try:
                status = name.stat()
            except OSError:
                continue  # another process was quicker
            if name.suffix in (_SUFFIX, _PASSES):
                yield name, status

    def clear(self) -> int:
        """Delete all indexes. Returns how many bytes they took."""
        try:
            files = list(self._files())
        except OSError:
            return 0
        return sum(status.st_size for name, status in files if _delete(name))


def throw_away_left_behind(folder: Path) -> None:
    """Delete what stays of a process that was killed: files being written, or of use for a while only."""
    for name in folder.glob(f"*{TEMPORARY}"):
        with suppress(OSError):  # another process was quicker
            if time.time() - name.stat().st_mtime > _LEFT_BEHIND_S:
                _delete(name)


def _delete(name: Path) -> bool:
    try:
        name.unlink()
    except OSError as error:
        _log.info("%s could not be deleted: %s", name, error)
        return False
    return True


def _facts(source: Source, before: Fingerprint, rows: dict[str, range]) -> Facts | None:
    """What is to be kept of a source that was read; None where the file is not the one that was read.

    Raises:
        OSError: the file cannot be read.
    """
    after = fingerprint(source.path)
    restart = source.restart
    digest = before.digest
    if after != before:
        # It is being written: what was read of it holds where its beginning is what it was.
        if after.size <= before.size or prefix_digest(source.path, before.size) != digest:
            return None
        digest = ""
    elif not source.compression and source.bytes != before.size:
        return None
    if source.compression and source.tail:
        return None  # what is told of its end holds only as long as it does not grow
    if restart is not None:
        place = restart.checkpoint.position
        if source.compression or not 0 < place == sum(restart.owned.values()):
            restart = None
        else:
            restart = msgspec.structs.replace(
                restart,
                rows={
                    name: max(min(restart.rows[name], each.stop) - each.start, 0)
                    for name, each in rows.items()
                },
                digest=prefix_digest(source.path, place),
            )
    if restart is None and not digest:
        return None
    return Facts(before.size, before.mtime_ns, digest, source.compression, source.owned, restart)


def find_passes(
    capture: Capture, rules: PassRules, cache: Cache | None, *, with_consensus: bool = True
) -> None:
    """Give a capture that was read its passes: those that were kept, else found now, and kept.

    Args:
        capture: read to its end.
        rules: when two reads may be of one vehicle.
        cache: where passes are kept; None for nowhere.
        with_consensus: whether they have to be weighed. Kept ones that are not are weighed now.
    """
    known = None if cache is None else cache.passes(capture, rules)
    capture.passes = known
    if known is None or (with_consensus and not known.table["weighed"].all()):
        found = capture.find_passes(rules, with_consensus=with_consensus)
        if cache is not None:
            cache.keep_passes(capture, found)


class Keeper:
    """Keeps captures in threads of their own, so that nobody waits for the disk."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    def keep(self, cache: Cache, capture: Capture, kept: Callable[[Capture, Block], None]) -> None:
        """Begin to write what is worth it of a capture that has been read; it may grow meanwhile.

        Args:
            cache: where to.
            capture: what was read.
            kept: told, in the thread that wrote, what can take the place of the rows in memory.
        """
        snapshot = capture.snapshot()

        def work() -> None:
            block = cache.keep(snapshot, self._stopped.is_set)
            if block is not None:
                kept(capture, block)

        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=work, name="keeper")
        thread.start()
        self._threads.append(thread)

    @property
    def busy(self) -> bool:
        """True while something is written."""
        return any(thread.is_alive() for thread in self._threads)

    def close(self) -> None:
        """Stop writing; what is not whole is thrown away."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()


def index_folder() -> Path:
    """Where the user's indexes are."""
    return cache_folder() / "index"


def cache_for(settings: Settings) -> Cache:
    """The index cache as the user wants it."""
    return Cache(index_folder(), settings.cache_limit_mb << 20)


def user_cache() -> Cache:
    """The index cache of the user; settings that cannot be read are those by default."""
    try:
        return cache_for(load_settings())
    except UserError:
        return cache_for(Settings())
