"""From names to files."""

import io
import os
import socket
from pathlib import Path

import pytest

from alprviewer.core.errors import SourceError
from alprviewer.sources.paths import RESULT_SUFFIXES, SourceFile, expand, keep_input


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """b.jsonl, a.json.gz, sub/c.LOG, sub/deeper/d.txt.zst, and what is no result file."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "f/b.jsonl",
        "f/a.json.gz",
        "f/sub/c.LOG",
        "f/sub/deeper/d.txt.zst",
        "f/x.jpg",
        "f/sub/y.csv",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path / "f"


def names(*sources):
    return [file.name for file in expand(sources)]


def test_a_file_is_named_as_given(folder):
    assert names("f/b.jsonl", "./f/x.jpg", str(folder / "a.json.gz")) == [
        "f/b.jsonl",
        "./f/x.jpg",
        str(folder / "a.json.gz"),
    ]


def test_a_folder_is_its_result_files(folder):
    expected = ["f/a.json.gz", "f/b.jsonl", "f/sub/c.LOG", "f/sub/deeper/d.txt.zst"]
    assert names("f") == names("f/") == expected
    assert [file.path.name for file in expand(["f"])] == ["a.json.gz", "b.jsonl", "c.LOG", "d.txt.zst"]


def test_the_suffixes():
    assert ".jsonl" in RESULT_SUFFIXES
    assert ".ndjson.xz" in RESULT_SUFFIXES


def test_a_glob(folder):
    assert names("f/*.json*") == ["f/a.json.gz", "f/b.jsonl"]
    assert names("f/**/c.*") == ["f/sub/c.LOG"]
    assert names("f/s?b") == ["f/sub/c.LOG", "f/sub/deeper/d.txt.zst"]


def test_an_existing_name_is_no_glob(folder):
    (folder / "[x].json").write_text("{}")
    assert names("f/[x].json") == ["f/[x].json"]


def test_each_file_once(folder):
    (folder / "link.jsonl").symlink_to(folder / "b.jsonl")
    assert names("f/b.jsonl", "f/b.jsonl", "f/link.jsonl", "f/./b.jsonl") == ["f/b.jsonl"]


def test_files_already_found_stay_as_they_are(folder):
    file = SourceFile("-", folder / "b.jsonl")
    assert expand([file, "f/a.json.gz"])[0] is file


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.json", "There is no file or folder missing.json."),
        ("f/*.nothing", "There is no file or folder f/*.nothing."),
        ("f/b.jsonl/x", "Not a directory"),
        ("a\0b", "null"),
        ("x" * 5000, "too long"),
        ("", "empty name"),
        ("~nobody-of-that-name/x.json", "There is no file or folder"),
    ],
)
def test_what_stands_for_nothing(folder, name, sentence):
    with pytest.raises(SourceError, match="(?i)" + sentence.replace("*", r"\*").replace(".", r"\.")):
        expand([name])


def test_a_folder_without_result_files(folder):
    (folder / "empty").mkdir()
    with pytest.raises(SourceError, match="There is no result file in f/empty"):
        expand(["f/empty"])


def test_links_that_go_in_circles(folder):
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "self.json").symlink_to(folder / "self.json")
    (folder / "gone.json").symlink_to(folder / "nowhere")
    assert names("f") == ["f/a.json.gz", "f/b.jsonl", "f/sub/c.LOG", "f/sub/deeper/d.txt.zst"]
    with pytest.raises(SourceError, match="symbolic links"):
        expand(["f/self.json"])
    with pytest.raises(SourceError, match="no file or folder"):
        expand(["f/gone.json"])


def test_pipes_and_sockets_are_never_opened(folder):
    os.mkfifo(folder / "pipe.json")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("f/socket.json")
        assert len(expand(["f"])) == 4
        assert names("f/*.json*") == ["f/a.json.gz", "f/b.jsonl"]
        for name in ("f/pipe.json", "f/socket.json", "/dev/zero"):
            with pytest.raises(SourceError, match="no file or folder"):
                expand([name])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(folder):
    (folder / "sub").chmod(0)
    try:
        with pytest.raises(SourceError, match="cannot be read"):
            expand(["f/sub"])
    finally:
        (folder / "sub").chmod(0o700)


def test_the_home_folder(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder))
    assert [file.path for file in expand(["~/b.jsonl"])] == [folder / "b.jsonl"]
    assert len(expand(["~/*.json*"])) == 2


def test_names_that_are_no_text(folder):
    name = os.fsdecode(b"f/\xff\xfe.json")
    Path(name).write_bytes(b"{}")
    assert names(name) == [name]


def test_what_comes_once_is_kept(tmp_path):
    path = keep_input(io.BytesIO(b"x" * 3_000_000), tmp_path / "new" / "folder")
    assert path.parent == tmp_path / "new" / "folder"
    assert path.stat().st_size == 3_000_000
    assert path.stat().st_mode & 0o077 == 0


def test_a_live_source_is_no_file_and_the_way_out_is_named():
    with pytest.raises(SourceError, match="alprviewer record tcp://camera:9000 --out DIR"):
        expand(["tcp://camera:9000"])
