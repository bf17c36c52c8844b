"""Writing decisions out: rows to a file, ground truth to a folder, and a manifest beside either."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import alprviewer
from alprviewer.capture.capture import Capture
from alprviewer.capture.export import utc_text
from alprviewer.capture.passfilter import matching_rows
from alprviewer.capture.pictures import PictureFinder
from alprviewer.capture.spans import SpanReader
from alprviewer.core.chain import Head
from alprviewer.core.decision import WITH_PLATE
from alprviewer.core.errors import UserError
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import Tree
from alprviewer.review.groundtruth import FORMATS, Known, is_usable
from alprviewer.review.matching import Judged


class Chosen(NamedTuple):
    """What an export is made of: judged reads of a capture that a query selects, by row."""

    capture: Capture
    judged: Judged
    rows: list[int]

    @property
    def digests(self) -> set[str]:
        """Of the reads."""
        return {self.judged.digests[row] for row in self.rows}


def choose(
    capture: Capture, judged: Judged, tree: Tree | None, clock: Clock, only: Collection[int] | None = None
) -> Chosen:
    """The judged reads that a query selects, or all of them; none but ``only`` where rows are named."""
    rows = sorted(judged.digests)
    if only is not None:
        rows = np.intersect1d(rows, np.fromiter(only, np.int64)).tolist()
    if tree is not None:
        rows = np.intersect1d(rows, matching_rows(capture, "reads", tree, clock)).tolist()
    return Chosen(capture, judged, rows)


def known_reads(chosen: Chosen, pictures: PictureFinder) -> Iterator[Known]:
    """The reads whose plate is decided; each once, however often its frame was delivered.

    Raises:
        SourceError: a file of the capture cannot be read.
    """
    columns = chosen.capture.columns
    reader = SpanReader(chosen.capture)
    seen: set[str] = set()
    try:
        for row in chosen.rows:
            standing = chosen.judged.read(row)
            decision = standing.decision if standing is not None else None
            digest = chosen.judged.digests[row]
            if decision is None or decision.entry.act not in WITH_PLATE or digest in seen:
                continue
            seen.add(digest)
            frame_row = int(columns.reads.column("frame")[row])
            value, decoded = reader.frame(frame_row)
            frame = decoded.frame
            source = chosen.capture.sources[int(columns.frames.column("source")[frame_row])]
            position = row - int(columns.frames.column("first_read")[frame_row])
            name = hashlib.sha256(value.data + b"%d" % int(columns.frames.column("inner")[frame_row]))
            yield Known(
                name.hexdigest()[:20],
                pictures.find(source.path, frame.uuid, value.picture),
                frame,
                frame.reads[position],
                digest,
                decision.entry.plate or "",
                decision.entry.region,
            )
    finally:
        reader.close()


def manifest(what: str, heads: Iterable[Head], counts: dict[str, int], **more: Any) -> bytes:
    """What an export says of itself: when, by what, from which heads, how many."""
    value = {
        "program": f"alprviewer {alprviewer.__version__}",
        "made_utc": utc_text(time.time_ns() // 1_000_000),
        "format": what,
        "heads": [str(head) for head in heads],
        "counts": counts,
        **more,
    }
    return json.dumps(value, indent=1, ensure_ascii=True).encode() + b"\n"


def write_rows(output: Path, lines: Iterable[bytes]) -> str:
    """Write lines into a file, in one step. Returns the SHA-256 of what is in it.

    Raises:
        UserError: it cannot be written; an older file is as it was.
    """
    digest = hashlib.sha256()
    temporary = output.with_name(f".{output.name}.new")
    try:
        with temporary.open("wb") as file:
            for line in lines:
                digest.update(line)
                file.write(line)
        temporary.replace(output)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"{output} cannot be written: {error.strerror}.") from error
    return digest.hexdigest()


def write_folder(folder: Path, what: str, known: Iterable[Known]) -> dict[str, int]:
    """Write ground truth into a folder, which must be new or empty. Returns the counts for the manifest.

    Raises:
        UserError: the folder is not empty, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is there already, and not an empty folder; choose another name.")
    listed = list(known)
    usable = [each for each in listed if is_usable(each, what)]
    files = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in FORMATS[what](usable):
            target = folder / file.name
            target.parent.mkdir(exist_ok=True)
            if isinstance(file.data, Path):
                shutil.copyfile(file.data, target)
            else:
                target.write_bytes(file.data)
            files += 1
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}.") from error
    return {
        "reads": len(usable),
        "frames": len({each.name for each in usable}),
        "without_corners_or_crop": len(listed) - len(usable),
        "frames_without_picture": len({each.name for each in usable if each.picture is None}),
        "files": files,
    }
