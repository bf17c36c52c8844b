"""Finding the picture of a whole frame.

Names from data never become paths: the files of the folders in question are listed, and their names are
compared with the frame's uuid. Only a path line of ``alpr -j DIR`` is looked up as a path, and it counts only
if it resolves inside one of these folders.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp")
_BESIDE = ("", "frames", "images")
"""Folders beside a result file that are searched."""


class PictureFinder:
    """Looks for pictures of frames by name. Listings are kept until a folder changes."""

    def __init__(self, folders: Iterable[str | Path] = ()) -> None:
        self._folders = [Path(folder).expanduser() for folder in folders]
        self._listings: dict[Path, tuple[int, dict[str, Path]]] = {}

    def folders(self, result_file: Path) -> list[Path]:
        """The folders that are searched for a result file's frames, those that the user named first."""
        beside = [result_file.parent / name for name in _BESIDE]
        return [folder for folder in (*self._folders, *beside) if folder.is_dir()]

    def find(self, result_file: Path, uuid: str | None, line: str = "") -> Path | None:
        """The picture of a frame: by its path line where it has one, else by its uuid."""
        folders = self.folders(result_file)
        if line:
            found = _inside(folders, line)
            if found is not None:
                return found
        if not uuid:
            return None
        return next((listing[uuid] for f in folders if uuid in (listing := self._listing(f))), None)

    def _listing(self, folder: Path) -> dict[str, Path]:
        """The pictures of a folder by their names without the ending."""
        try:
            changed = folder.stat().st_mtime_ns
            known = self._listings.get(folder)
            if known is not None and known[0] == changed:
                return known[1]
            with os.scandir(folder) as entries:
                names = [entry.name for entry in entries if entry.name.lower().endswith(PICTURE_SUFFIXES)]
        except OSError:
            return {}
        listing = {Path(name).stem: folder / name for name in sorted(names, reverse=True)}
        self._listings[folder] = (changed, listing)
        return listing


def _inside(folders: Sequence[Path], line: str) -> Path | None:
    if "\0" in line or not line.lower().endswith(PICTURE_SUFFIXES):
        return None
    for folder in folders:
        try:
            root = folder.resolve()
            target = (root / line).resolve()
            if target.is_relative_to(root) and target.is_file():
                return target
        except (OSError, RuntimeError):
            continue
    return None
