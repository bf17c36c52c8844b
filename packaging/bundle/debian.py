"""What Debian knows of the libraries on this machine; nothing where this is no Debian system."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

HAS_DPKG = shutil.which("dpkg-query") is not None


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@cache
def package_of(path: Path) -> str | None:
    """The installed package that a file belongs to; None for files of nobody."""
    if not HAS_DPKG:
        return None
    # With merged /usr, packages know /lib/… by either name.
    names = {str(path), str(path.resolve())}
    names |= {name.removeprefix("/usr") for name in names if name.startswith("/usr/lib")}
    for name in sorted(names):
        owner = _said("dpkg-query", "--search", name).partition(":")[0]
        if owner and "," not in owner and "diversion" not in owner:
            return owner
    return None


def brought_along(names: list[str]) -> set[str]:
    """The packages that are installed wherever these are: what they depend on, in turn."""
    lines = _said(
        "dpkg-query", "--show", "--showformat=${Package}\t${Provides}\t${Pre-Depends}, ${Depends}\n"
    )
    needs: dict[str, set[str]] = {}
    provider: dict[str, str] = {}
    for line in lines.splitlines():
        package, provides, depends = line.split("\t")
        provider[package] = package
        for word in re.findall(r"[a-z0-9][a-z0-9.+-]+", re.sub(r"\([^)]*\)", "", provides)):
            provider.setdefault(word, package)
        alternatives = re.sub(r"\([^)]*\)|:\w+", "", depends).split(",")
        # Of alternatives nobody knows which one another machine has.
        needs[package] = {words.strip() for words in alternatives if words.strip() and "|" not in words}
    found: set[str] = set()
    waiting = [provider[name] for name in names if name in provider]
    while waiting:
        package = waiting.pop()
        if package not in found:
            found.add(package)
            waiting.extend(provider[name] for name in needs[package] if name in provider)
    return found


def copyright_file(package: str) -> Path:
    """What Debian says of a package's licence."""
    return Path("/usr/share/doc", package, "copyright")


def version_of(package: str) -> str:
    """The installed version of a package."""
    return _said("dpkg-query", "--show", "--showformat=${Version}", package)
