"""Compiles ``alprviewer/core/c`` and the translations; hatchling runs this with every build.

The compiled library comes to stand beside its sources, and in a wheel, which is then one for this platform.
Where there is no C compiler, or it fails, the program is made without: it reads everything, only slower.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))
from catalogues import compile_catalogues

from alprviewer.core.native import FOLDER, library_path

FLAGS = (
    *("-std=c11", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra"),
    "-ffp-contract=off",  # confidences are rounded as numpy and Python round them
)


def compiler() -> list[str]:
    """The command of the C compiler: ``CC``, or the first of the usual names; empty where there is none."""
    named = shlex.split(os.environ.get("CC", ""))
    return named or next(([name] for name in ("cc", "gcc", "clang") if shutil.which(name)), [])


def compile_library(library: Path, *more: str) -> str:
    """Compile the sources, unless that has been done. Returns why that cannot be; empty if it could."""
    if library.exists():
        return ""
    command = compiler()
    if not command:
        return "There is no C compiler"
    unfinished = library.with_suffix(f".{os.getpid()}")
    try:
        subprocess.run([*command, *FLAGS, *more, "-o", unfinished, *sorted(FOLDER.glob("*.c"))], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return str(error).rstrip(".")
    unfinished.rename(library)
    return ""


class CompileHook(BuildHookInterface):
    """Called by hatchling before it makes a wheel or an editable installation."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, and put what was made into the wheel."""
        compile_catalogues()
        library = library_path()
        for old in set(FOLDER.glob("*.so")) - {library}:
            old.unlink()
        reason = compile_library(library)
        if reason:
            self.app.display_warning(f"{reason}: alprviewer is made without its compiled part.")
        elif version == "standard":
            build_data["force_include"][str(library)] = str(library.relative_to(self.root))
            build_data["pure_python"] = False
            platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
            build_data["tag"] = f"py3-none-{platform}"


if __name__ == "__main__":
    # python packaging/compile.py [LIBRARY [FLAG ...]]
    compile_catalogues()
    sys.exit(compile_library(Path(*sys.argv[1:2]) if sys.argv[1:] else library_path(), *sys.argv[2:]) or None)
