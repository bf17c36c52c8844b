"""What made an index: whoever changes how files are read need not remember to say so."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from alprviewer import __version__

_FOLDERS = ("core", "core/c", "sources", "store")
"""Of the package: what may change the rows that a file gives."""
_ENDINGS = (".py", ".c", ".h")


@cache
def code_version() -> str:
    """The program's version, and a digest of the code that makes rows."""
    return f"{__version__} {sources_digest(files('alprviewer'))}"


def sources_digest(package: Traversable) -> str:
    """A digest of the modules that make rows; a frozen program has none, but a version of its own."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in _FOLDERS:
        place = package / folder
        modules = [each for each in place.iterdir() if each.name.endswith(_ENDINGS)] if place.is_dir() else []
        for module in sorted(modules, key=lambda each: each.name):
            text = module.read_bytes()
            digest.update(f"{folder}/{module.name} {len(text)}\n".encode())
            digest.update(text)
    return digest.hexdigest()
