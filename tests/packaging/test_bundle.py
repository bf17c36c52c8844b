"""What the bundle leaves to the system, and whose licences it carries."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alprviewer.language import LANGUAGES

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "packaging" / "bundle"
BUILT = ROOT / "build" / "package"

needs_dpkg = pytest.mark.skipif(shutil.which("dpkg-query") is None, reason="this is no Debian system")
needs_bundle = pytest.mark.skipif(
    not (BUILT / "licences" / "README.md").exists(), reason="needs the bundle, which make package builds"
)


def load(name: str):
    """A script of the packaging folder as a module."""
    specification = importlib.util.spec_from_file_location(f"bundle_{name}", BUNDLE / f"{name}.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@needs_dpkg
def test_a_package_brings_what_it_depends_on_in_turn():
    debian = load("debian")
    found = debian.brought_along(["libxcb-cursor0"])
    assert {"libxcb-cursor0", "libxcb1", "libc6"} <= found
    assert debian.brought_along(["libxcb1"]) <= found
    assert debian.brought_along(["no-such-package"]) == set()


@needs_dpkg
def test_a_library_belongs_to_its_package():
    debian = load("debian")
    library = next(Path("/usr/lib").rglob("libxcb.so.1"))
    assert debian.package_of(library) == "libxcb1"
    assert debian.package_of(ROOT / "README.md") is None
    assert debian.copyright_file("libxcb1").exists()
    assert debian.version_of("libxcb1")


def test_programs_that_are_started_do_not_load_our_libraries():
    hook = (BUNDLE / "environment_hook.py").read_text()
    said = "import os; print(os.environ.get('LD_LIBRARY_PATH'))"
    for before, after in (("/theirs", "/theirs"), ("", "None"), (None, "None")):
        environment = {"LD_LIBRARY_PATH": "/ours"}
        if before is not None:
            environment["LD_LIBRARY_PATH_ORIG"] = before
        done = subprocess.run(
            [sys.executable, "-c", f"{hook}\n{said}"],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == after


@needs_bundle
def test_everything_that_is_shipped_has_a_licence():
    table = (BUILT / "licences" / "README.md").read_text()
    parts = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]
    assert {"Python", "numpy", "alprviewer"} <= set(parts)
    for part in parts[1:]:
        assert (BUILT / "licences" / f"{part}.txt").stat().st_size > 500, part


@needs_bundle
def test_the_bundle_holds_the_resources_and_no_part_of_qt_that_is_not_used():
    collected = [name for name, _ in json.loads((BUILT / "collected.json").read_text())]
    inside = {
        name.removeprefix("alprviewer/") for name in collected if name.startswith("alprviewer/resources")
    }
    wanted = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "resources").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    newest = max((ROOT / name).stat().st_mtime for name in wanted)
    if newest > (BUILT / "collected.json").stat().st_mtime:
        pytest.skip("the bundle is older than the resources")
    assert inside == wanted | {"resources/CHANGELOG.md"}
    unused = ("Qml", "Quick", "WebEngine", "Designer", "Pdf")
    assert [name for name in collected if "PySide6" in name and any(part in name for part in unused)] == []


@needs_bundle
def test_the_bundle_holds_the_words_of_qt_in_our_languages():
    collected = [name for name, _ in json.loads((BUILT / "collected.json").read_text())]
    words = {Path(name).name for name in collected if "PySide6" in name and "/translations/" in name}
    assert words == {f"qtbase_{code}.qm" for code in LANGUAGES}
