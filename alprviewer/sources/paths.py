"""From what a user names to the files that are meant: files, folders, globs, links, standard input."""

from __future__ import annotations

import glob
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, NamedTuple

from alprviewer.core.errors import SourceError
from alprviewer.language import tr
from alprviewer.sources.live.endpoint import is_live

_SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".txt")
_COMPRESSED = ("", ".gz", ".bz2", ".xz", ".zst")
RESULT_SUFFIXES = tuple(plain + packed for plain in _SUFFIXES for packed in _COMPRESSED)
"""Endings of names that are taken for result files inside a folder; a file named by itself needs none."""


class SourceFile(NamedTuple):
    """A file to read. ``name`` is what the user gave, or the folder's name joined to the file's."""

    name: str
    path: Path


def expand(names: Iterable[str | SourceFile]) -> list[SourceFile]:
    """The files that names stand for, in order, each once; files already found stay as they are.

    A folder stands for the result files in it and below it, by name; links to folders are not followed. A
    name that does not exist is tried as a glob.

    Raises:
        SourceError: a name stands for nothing that can be read again and again.
    """
    found: dict[str, SourceFile] = {}
    for name in names:
        files = [name] if isinstance(name, SourceFile) else _expand(name)
        if not files:
            raise SourceError(tr("There is no result file in {name}.", name=name))
        for file in files:
            found.setdefault(os.path.realpath(file.path), file)
    return list(found.values())


def _expand(name: str) -> list[SourceFile]:
    if not name:
        raise SourceError(tr("A source has an empty name."))
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser raises for unknown users
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(name) else []  # noqa: PTH207
        files = [file for match in matches if _is_readable_kind(match) for file in _expand(match)]
        if not files:
            raise SourceError(_missing(name, error)) from error
        return files
    if stat.S_ISDIR(mode):
        return [SourceFile(str(Path(name) / file.relative_to(path)), file) for file in _folder(path)]
    if not stat.S_ISREG(mode):
        raise SourceError(tr("{name} is no file or folder: a device, a pipe or a socket.", name=name))
    return [SourceFile(name, path)]


def _is_readable_kind(match: str) -> bool:
    """False for what a glob finds but nobody means: pipes, sockets, devices, dangling links."""
    return os.path.isfile(match) or os.path.isdir(match)  # noqa: PTH112, PTH113


def _missing(name: str, error: Exception) -> str:
    if is_live(name):
        return tr(
            "{name} is a live source; watch it with: alprviewer {name}, or receive it into files with: "
            "alprviewer record {name} --out DIR.",
            name=name,
        )
    if isinstance(error, FileNotFoundError):
        return tr("There is no file or folder {name}.", name=name)
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return tr("{name} cannot be opened: {reason}.", name=name, reason=reason)


def _folder(path: Path) -> list[Path]:
    try:
        os.scandir(path).close()
    except OSError as error:
        text = tr("The folder {folder} cannot be read: {reason}.", folder=path, reason=error.strerror)
        raise SourceError(text) from error
    files: list[Path] = []
    for folder, folders, names in os.walk(path):
        folders.sort()
        files += (Path(folder, name) for name in sorted(names) if name.lower().endswith(RESULT_SUFFIXES))
    return [file for file in files if file.is_file()]


def keep_input(stream: IO[bytes], folder: Path) -> Path:
    """Copy a stream that comes once (standard input, a pipe) into a file, so that rows can be read again."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="input-", suffix=".jsonl", delete=False) as file:
        shutil.copyfileobj(stream, file, 1 << 20)
    return Path(file.name)


def is_pipe(name: str) -> bool:
    """True for ``-``, standard input, and for names of pipes: what comes through them comes once."""
    return name == "-" or Path(name).is_fifo()


def kept_pipe(name: str, folder: Path) -> Path | None:
    """A file with all that came through a pipe; None for other names."""
    if name == "-":
        return keep_input(sys.stdin.buffer, folder)
    if is_pipe(name):
        with open(name, "rb") as stream:  # noqa: PTH123
            return keep_input(stream, folder)
    return None
