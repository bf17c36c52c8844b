"""Collects the licence of everything in the bundle, and says what it consists of.

``python licences.py COLLECTED.json BUNDLE OUT``: from the list that the recipe wrote, one text a part in OUT
and a table of them in OUT/README.md. Fails where something is shipped whose licence was not found.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path

import debian

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(sys.prefix)
_COMMON = Path("/usr/share/common-licenses")
_QT = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3. Their libraries lie in\n"
    "this program's folder as files of their own and may be replaced by others of the same interface. Their\n"
    "sources: https://download.qt.io/official_releases/qt/, https://download.qt.io/official_releases/QtForPython/\n"
    "in the version that stands in README.md beside this file. What they contain of others:\n"
    "https://doc.qt.io/qt-6/licenses-used-in-qt.html\n"
)


@dataclass
class Part:
    """One thing that is shipped: who made it, under which licence, its bytes in the bundle."""

    name: str
    version: str
    licence: str
    home: str
    texts: list[tuple[str, str]] = field(default_factory=list)
    size: int = 0


def _licence_name(package: Distribution) -> str:
    said = package.metadata
    short = said.get("License-Expression") or said.get("License") or ""
    if not short or "\n" in short or len(short) > 80:
        classes = [line for line in said.get_all("Classifier") or [] if line.startswith("License ::")]
        short = ", ".join(line.rpartition(" :: ")[2] for line in classes)
    return short


def _home(package: Distribution) -> str:
    urls = [line.partition(", ")[2] for line in package.metadata.get_all("Project-URL") or []]
    return package.metadata.get("Home-page") or (urls[0] if urls else "")


def _of_distribution(package: Distribution) -> Part:
    part = Part(package.name, package.version, _licence_name(package), _home(package))
    for file in package.files or []:
        words = file.name.upper()
        is_text = words.startswith(("LICEN", "COPYING", "NOTICE", "AUTHORS")) and not words.endswith(".PY")
        if is_text and ".dist-info" in str(file):
            part.texts.append((str(file), Path(str(file.locate())).read_text("utf-8", "replace")))
    if package.name.lower() in ("pyside6-essentials", "pyside6_essentials", "shiboken6"):
        part.texts.append(("how Qt is used", _QT))
        part.texts += [(name, (_COMMON / name).read_text("utf-8")) for name in ("LGPL-3", "GPL-3")]
    return part


def _of_python() -> Part:
    version = sys.version.split()[0]
    library = Path(sys.base_prefix, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}")
    candidates = [library / "LICENSE.txt", debian.copyright_file(f"libpython{version.rpartition('.')[0]}")]
    text = next(path for path in candidates if path.exists())
    part = Part("Python", version, "PSF-2.0", "https://www.python.org/")
    part.texts.append((text.name, text.read_text("utf-8")))
    return part


def _of_debian(package: str) -> Part:
    text = debian.copyright_file(package).read_text("utf-8", "replace")
    return Part(
        package,
        debian.version_of(package),
        "see its text",
        "https://packages.debian.org/",
        [("copyright", text)],
    )


def parts(collected: list[tuple[str, str]], bundle: Path) -> list[Part]:
    """What the bundle consists of, largest first."""
    owners: dict[Path, Distribution] = {}
    for package in distributions():
        for file in package.files or []:
            owners[Path(str(file.locate())).resolve()] = package
    found: dict[str, Part] = {}
    unknown: list[str] = []
    sizes: dict[str, int] = defaultdict(int)
    for name, source in collected:
        path = Path(source).resolve()
        inside = bundle / "_internal" / name
        size = inside.stat().st_size if inside.is_file() else 0
        package = owners.get(path)
        if package is not None:
            key = package.name
            found.setdefault(key, _of_distribution(package))
        elif path.is_relative_to(ROOT) and not path.is_relative_to(SITE):
            key = "alprviewer"
            own = [("LICENSE", (ROOT / "LICENSE").read_text("utf-8"))]
            found.setdefault(key, Part(key, "", "MIT", "", own))
        elif path.is_relative_to(Path(sys.base_prefix).resolve()) and not debian.package_of(path):
            key = "Python"
            found.setdefault(key, _of_python())
        elif owner := debian.package_of(path):
            key = "Python" if owner.startswith(("libpython3", "python3")) else owner
            found.setdefault(key, _of_python() if key == "Python" else _of_debian(owner))
        else:
            unknown.append(f"{name}  ({source})")
            continue
        sizes[key] += size
    # Its start-up code is the program's executable file.
    starter = next(each for each in distributions() if each.name.lower() == "pyinstaller")
    found["pyinstaller"] = _of_distribution(starter)
    sizes["pyinstaller"] += (bundle / "alprviewer").stat().st_size
    for key, part in found.items():
        part.size = sizes[key]
    unlicensed = [part.name for part in found.values() if not part.texts]
    if unknown or unlicensed:
        sys.exit("Nobody knows the licence of:\n  " + "\n  ".join([*unlicensed, *unknown]))
    return sorted(found.values(), key=lambda part: -part.size)


def main() -> None:
    """Write the texts and the table."""
    collected, bundle, out = (
        json.loads(Path(sys.argv[1]).read_text("utf-8")),
        Path(sys.argv[2]),
        Path(sys.argv[3]),
    )
    out.mkdir(parents=True)
    lines = [
        "What this program is shipped with, and under which licence. The texts stand beside this file.",
        "",
    ]
    lines += ["| part | version | licence | MB | home |", "|---|---|---|---|---|"]
    for part in parts(collected, bundle):
        text = "".join(f"==== {name} ====\n\n{words.strip()}\n\n" for name, words in part.texts)
        (out / f"{part.name}.txt").write_text(text, "utf-8")
        lines.append(
            f"| {part.name} | {part.version} | {part.licence} | {part.size / 1e6:.1f} | {part.home} |"
        )
    (out / "README.md").write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
