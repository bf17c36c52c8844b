"""The wheel, installed where nothing else is, opens the sample that it brings."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(240)

ROOT = Path(__file__).parents[1]

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-cache-dir", "--quiet"]
OFFLINE = ["--no-index", "--no-deps", "--no-build-isolation"]


def run(*command: object, **options) -> str:
    """What the command wrote to stdout; its stderr belongs to the failure."""
    done = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        **options,
    )
    assert done.returncode == 0, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def requirements(package: Distribution) -> set[str]:
    """The names of what the package needs here; the markers of ours are all of platforms or extras."""
    from packaging.requirements import Requirement

    wanted = [Requirement(line) for line in package.requires or []]
    return {item.name for item in wanted if item.marker is None or item.marker.evaluate({"extra": ""})}


def closure(names: set[str]) -> list[Distribution]:
    """The named packages and all that they need, in turn."""
    found: dict[str, Distribution] = {}
    waiting = set(names)
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name not in found:
            found[name] = distribution(name)
            waiting |= requirements(found[name])
    return list(found.values())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, made from the source distribution, which must therefore be complete."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", out, cwd=ROOT)
    (sdist,) = out.glob("alprviewer-*.tar.gz")
    run(*PIP, "wheel", *OFFLINE, "-w", out, sdist, cwd=out)
    (made,) = out.glob("alprviewer-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """An environment with the wheel, and of other packages only those that the wheel asks for."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False, symlinks=True)
    run(*PIP, "--python", home / "bin" / "python", "install", "--no-index", "--no-deps", wheel, cwd=home)
    site = Path(sysconfig.get_path("purelib", "venv", vars={"base": str(home), "platbase": str(home)}))
    (information,) = site.glob("alprviewer-*.dist-info")
    for package in closure(requirements(Distribution.at(information))):
        for top in {Path(file).parts[0] for file in package.files or []} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(package.locate_file(top))))
    return home


@pytest.fixture
def outside(installed, tmp_path) -> dict:
    """Options to run a command as if the source tree were not there."""
    kept = {
        name: value for name, value in os.environ.items() if name.startswith(("HOME", "LC_", "TZ", "XDG_"))
    }
    return {"cwd": tmp_path, "env": kept | {"PATH": f"{installed}/bin:/usr/bin:/bin"}}


def test_the_installed_program_says_its_version(installed, outside):
    import alprviewer

    assert alprviewer.__version__ in run(installed / "bin" / "alprviewer", "--version", **outside)
    assert (installed / "bin" / "alprviewer-gui").exists()


def test_the_installed_program_opens_its_sample(installed, outside, tmp_path):
    code = "from alprviewer.resourcefiles import resource; print(resource('sample/sample.jsonl'))"
    sample = Path(run(installed / "bin" / "python", "-c", code, **outside).strip())
    assert sample.is_relative_to(installed)

    counts = json.loads(run(installed / "bin" / "alprviewer", "index", "--json", sample, **outside))
    assert counts["reads"] > 0

    picture = tmp_path / "sample.png"
    run(installed / "bin" / "alprviewer", "screenshot", sample, "-o", picture, **outside)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_wheel_brings_the_compiled_part_where_there_is_a_compiler(wheel, installed, outside):
    code = "from alprviewer.core.native import library; print(library() is not None)"
    is_there = run(installed / "bin" / "python", "-c", code, **outside).strip() == "True"
    can_be = any(map(shutil.which, ("cc", "gcc", "clang")))
    assert is_there == can_be
    platform = sysconfig.get_platform().replace("-", "_")
    assert wheel.name.endswith(f"-py3-none-{platform}.whl" if can_be else "-py3-none-any.whl")


def test_the_wheel_brings_the_resources_but_not_the_scripts_that_draw_them(installed):
    def files(folder: Path) -> set[str]:
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    (inside,) = installed.glob("lib/python*/site-packages/alprviewer/resources")
    wanted = {name for name in files(ROOT / "resources") if not name.endswith((".py", ".pyc"))}
    assert files(inside) == wanted | {"CHANGELOG.md"}
