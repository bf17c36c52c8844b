"""An index is of use only to the code that made it."""

import shutil
from pathlib import Path

import pytest

import alprviewer
from alprviewer import __version__
from alprviewer.store.codeversion import code_version, sources_digest

PACKAGE = Path(alprviewer.__file__).parent


@pytest.mark.parametrize(
    ("module", "same"),
    [("core/decode.py", False), ("sources/framing.py", False), ("store/columns.py", False), ("cli.py", True)],
)
def test_changed_code_is_another_version(tmp_path, module, same):
    package = tmp_path / "package"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    assert code_version() == f"{__version__} {sources_digest(package)}"
    with (package / module).open("a") as file:
        file.write("# changed\n")
    assert (sources_digest(package) == sources_digest(PACKAGE)) is same


def test_a_program_without_sources_has_its_version(tmp_path):
    (tmp_path / "core").mkdir()
    assert sources_digest(tmp_path) == sources_digest(tmp_path / "nothing")
