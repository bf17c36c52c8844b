"""The files beside the code are found in a source tree and when installed."""

import pytest

from alprviewer import resourcefiles
from alprviewer.resourcefiles import resource


def test_found_in_the_source_tree():
    assert resource("icons/open.svg").read_text(encoding="utf-8").startswith("<svg")
    assert resource("icons").is_dir()


def test_found_where_it_is_installed(tmp_path, monkeypatch):
    inside, beside = tmp_path / "package" / "resources", tmp_path / "resources"
    monkeypatch.setattr(resourcefiles, "FOLDERS", (inside, beside))
    beside.mkdir()
    (beside / "a.txt").write_text("tree")
    assert resource("a.txt").read_text() == "tree"
    inside.mkdir(parents=True)
    (inside / "a.txt").write_text("installed")
    assert resource("a.txt").read_text() == "installed"


def test_what_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match=r"The resource 'icons/none\.svg' is in neither .* nor "):
        resource("icons/none.svg")
