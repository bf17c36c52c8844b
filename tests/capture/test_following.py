"""Files that grow, are cut, replaced, written anew and deleted while they are followed, by a real child."""

import bz2
import gzip
import json
import os
import signal
from pathlib import Path

import pytest
import zstandard

from alprviewer.capture.spans import SpanReader
from alprviewer.core.errors import SourceChanged, SourceError
from alprviewer.sources.messages import Condition
from tests.helpers import leaks
from tests.helpers.caching import content
from tests.helpers.following import Followed
from tests.helpers.opening import captured
from tests.helpers.reading import frame_value


def line(number: int) -> bytes:
    return json.dumps(frame_value(number, (f"P{number}",))).encode() + b"\n"


def lines(first: int, end: int) -> bytes:
    return b"".join(map(line, range(first, end)))


def append(path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "cam.jsonl"
    path.write_bytes(lines(0, 5))
    return path


@pytest.fixture
def follow():
    made = []

    def start(*names):
        made.append(Followed(*names))
        return made[-1]

    yield start
    for each in made:
        each.following.close()


def same_as_read_at_once(followed, path) -> None:
    """What was followed is what somebody finds who opens the file now."""
    expected = content(captured(path))
    found = content(followed.capture)
    for name in (
        *("frames", "reads", "candidates", "siblings", "named", "problems"),
        "owned",
        "cameras",
        "distinct",
    ):
        assert found[name] == expected[name], name


def test_new_lines_are_new_rows(follow, path):
    followed = follow(path)
    for first in (5, 8, 30):
        append(path, lines(first, first + 3))
        followed.until_read(0, path.stat().st_size)
    assert followed.plates() == [f"P{n}" for n in (*range(5), 5, 6, 7, 8, 9, 10, 30, 31, 32)]
    same_as_read_at_once(followed, path)


@pytest.mark.parametrize("cut", [1, 40, len(line(5)) - 2, len(line(5)) - 1])
def test_the_problem_of_a_cut_value_goes_when_the_rest_comes(follow, path, cut):
    append(path, line(5)[:cut])
    followed = follow(path)
    capture = followed.capture
    cut_short = cut < len(line(5)) - 1
    assert capture.problem_counts() == ({"truncated": 1} if cut_short else {})
    assert sum(capture.owned.values()) == path.stat().st_size
    append(path, line(5)[cut:-20])
    if cut < len(line(5)) - 20:
        followed.until(lambda: capture.sources[0].waiting == len(line(5)) - 20)
        assert capture.problem_counts() == {}
        assert sum(capture.owned.values()) == path.stat().st_size - capture.sources[0].waiting
    append(path, line(5)[max(len(line(5)) - 20, cut) :] + line(6))
    followed.until_read(0, path.stat().st_size)
    assert followed.plates() == [f"P{n}" for n in range(7)]
    same_as_read_at_once(followed, path)


def test_a_value_comes_byte_by_byte(follow, path):
    followed = follow(path)
    new = line(5)[:60]
    for place in range(len(new)):
        append(path, new[place : place + 1])
        followed.until_read(0, path.stat().st_size)
    assert followed.capture.sources[0].waiting == 60
    append(path, line(5)[60:])
    followed.until_read(0, path.stat().st_size)
    same_as_read_at_once(followed, path)


FORMS = {
    "array": (b"[\n" + b",\n".join(line(n)[:-1] for n in range(9)) + b"\n]\n"),
    "array on one line": b"[" + b",".join(line(n)[:-1] for n in range(9)) + b"]",
    "pretty": b"\n".join(json.dumps(frame_value(n, (f"P{n}",)), indent=2).encode() for n in range(9)),
    "pictures": b"".join(b"frames/%d.jpg\n" % n + line(n) for n in range(9)),
    "noise": b"# log\n" + b"".join(b"nothing here\n{bad\n" + line(n) for n in range(9)),
    "utf-16": lines(0, 9).decode().encode("utf-16"),
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("share", [0.3, 0.505])
def test_every_form_goes_on(follow, tmp_path, name, share):
    data = FORMS[name]
    path = tmp_path / "a.json"
    first, second = round(len(data) * share), round(len(data) * (share + 1) / 2)
    path.write_bytes(data[:first])
    followed = follow(path)
    append(path, data[first:second])
    followed.until_read(0, second)
    append(path, data[second:])
    followed.until_read(0, len(data))
    same_as_read_at_once(followed, path)
    assert len(followed.capture.columns.reads) == 9


PACKS = {"gzip": gzip.compress, "bzip2": bz2.compress, "zstd": zstandard.ZstdCompressor().compress}


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_compressed_files_go_on_by_members(follow, tmp_path, pack):
    path = tmp_path / "a.jsonl.packed"
    path.write_bytes(pack(lines(0, 40)))
    followed = follow(path)
    for first in (40, 50):
        append(path, pack(lines(first, first + 10)))
        followed.until(lambda first=first: len(followed.plates()) == first + 10)
    same_as_read_at_once(followed, path)


def test_a_compressed_file_that_is_cut_inside_a_member(follow, tmp_path):
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(lines(0, 400))
    path.write_bytes(packed[: len(packed) // 2])
    followed = follow(path)
    assert followed.capture.problem_counts()["truncated"] >= 1
    append(path, packed[len(packed) // 2 :])
    followed.until(lambda: len(followed.plates()) == 400)
    assert followed.capture.problem_counts() == {}
    same_as_read_at_once(followed, path)


def test_a_file_that_begins_empty(follow, tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")
    followed = follow(path)
    append(path, b"{")
    append(path, lines(0, 3)[1:] + gzip.compress(b"noise"))
    followed.until(lambda: len(followed.plates()) == 3)


def test_several_files_grow_in_turns(follow, tmp_path):
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(lines(10 * number, 10 * number + 2) + line(10 * number + 2)[:50])
    followed = follow(*paths)
    assert followed.capture.problem_counts() == {"truncated": 3}
    for left, number in ((2, 1), (1, 0), (0, 2)):
        append(paths[number], line(10 * number + 2)[50:])
        followed.until_read(number, paths[number].stat().st_size)
        problems = followed.capture.columns.problems
        assert followed.capture.problem_counts().get("truncated", 0) == left
        still = [n for n in range(3) if followed.capture.sources[n].tail]
        assert problems.column("source").tolist() == still
    assert sorted(followed.plates()) == sorted(f"P{10 * n + m}" for n in range(3) for m in range(3))
    assert followed.capture.owned == captured(*paths).owned


# --- the file is not what it was


def read_again(followed, row: int) -> str:
    reader = SpanReader(followed.capture)
    try:
        return reader.frame(row)[1].frame.reads[0].plate
    finally:
        reader.close()


def test_a_renamed_file_is_read_to_its_end_and_the_new_one_behind_it(follow, path, tmp_path):
    followed = follow(path)
    append(path, line(5))
    followed.until_read(0, path.stat().st_size)
    append(path, line(6) + line(7)[:30])
    path.rename(tmp_path / "cam.jsonl.1")
    path.write_bytes(lines(20, 22))
    followed.until(lambda: len(followed.plates()) == 9)
    old, new = followed.capture.sources
    assert (old.condition, new.condition) == (Condition.REPLACED, Condition.FINE)
    assert (old.name, old.path) == (new.name, new.path)
    assert followed.plates() == [*(f"P{n}" for n in range(7)), "P20", "P21"]
    assert followed.capture.problem_counts() == {"truncated": 1}
    assert [read_again(followed, row) for row in (0, 6, 7)] == ["P0", "P6", "P20"]
    append(path, line(22))
    followed.until(lambda: followed.plates()[-1] == "P22")
    (tmp_path / "cam.jsonl.1").unlink()
    with pytest.raises(SourceChanged, match="was replaced after this row was read"):
        read_again(followed, 0)


def test_a_file_that_was_emptied_goes_on_from_its_beginning(follow, path):
    """As logrotate's copytruncate does it."""
    followed = follow(path)
    append(path, line(5)[:30])
    followed.until_read(0, path.stat().st_size)
    os.truncate(path, 0)
    followed.until(lambda: followed.capture.sources[0].condition is Condition.TRUNCATED)
    append(path, line(9))
    followed.until(lambda: followed.plates()[-1] == "P9")
    with pytest.raises(SourceChanged, match="was truncated after this row was read"):
        read_again(followed, 0)
    assert read_again(followed, 5) == "P9"


@pytest.mark.parametrize("first", [50, 5])
def test_a_file_that_is_written_anew(follow, path, first):
    """Longer than before, so that its size does not tell; and just as long."""
    followed = follow(path)
    path.write_bytes(lines(first, first + 5) if first == 5 else lines(first, first + 9))
    followed.until(lambda: followed.plates()[-1] == ("P9" if first == 5 else "P58"))
    assert followed.capture.sources[0].condition is Condition.REWRITTEN
    with pytest.raises(SourceChanged, match="was written anew"):
        read_again(followed, 0)


def test_a_copy_in_its_place_with_more_behind_is_the_same_file(follow, path, tmp_path):
    followed = follow(path)
    other = tmp_path / "other"
    other.write_bytes(path.read_bytes() + line(5))
    other.replace(path)
    followed.until_read(0, path.stat().st_size)
    append(path, line(6))
    followed.until_read(0, path.stat().st_size)
    assert len(followed.capture.sources) == 1
    same_as_read_at_once(followed, path)
    assert read_again(followed, 6) == "P6"


def test_a_file_that_only_has_another_time_is_the_same(follow, path):
    followed = follow(path)
    os.utime(path, ns=(1, 1))
    append(path, line(5))
    followed.until_read(0, path.stat().st_size)
    assert len(followed.capture.sources) == 1


def test_a_deleted_file_may_come_back(follow, path, tmp_path):
    followed = follow(path)
    append(path, line(5))
    path.unlink()
    source = followed.capture.sources[0]
    followed.until(lambda: source.condition is Condition.DELETED)
    assert len(followed.plates()) == 6, "it is read to its end first"
    with pytest.raises(SourceError, match="There is no file"):
        read_again(followed, 0)
    path.write_bytes(lines(0, 7))
    followed.until(lambda: len(followed.plates()) == 7)
    followed.until(lambda: source.condition is Condition.FINE)
    path.unlink()
    followed.until(lambda: source.condition is Condition.DELETED)
    path.write_bytes(lines(70, 71))
    followed.until(lambda: followed.plates()[-1] == "P70")
    assert source.condition is Condition.REPLACED


def test_a_file_that_cannot_be_reached_for_a_while(follow, tmp_path):
    folder = tmp_path / "mount"
    folder.mkdir()
    path = folder / "a.jsonl"
    path.write_bytes(lines(0, 2))
    followed = follow(path)
    append(path, line(2))
    followed.until_read(0, path.stat().st_size)
    folder.rename(tmp_path / "away")
    folder.write_text("no folder")
    source = followed.capture.sources[0]
    followed.until(lambda: source.condition is Condition.UNREACHABLE)
    folder.unlink()
    (tmp_path / "away").rename(folder)
    append(path, line(3))
    followed.until_read(0, path.stat().st_size)
    followed.until(lambda: source.condition is Condition.FINE)
    same_as_read_at_once(followed, path)


def test_damage_ends_following(follow, tmp_path):
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines(0, 3)))
    followed = follow(path)
    append(path, b"this is no member of a gzip file")
    followed.until(lambda: followed.capture.sources[0].condition is Condition.DAMAGED)
    assert followed.capture.problem_counts() == {"truncated": 1}


def test_more_files_than_are_held_open(follow, tmp_path):
    paths = [tmp_path / f"{number:03}.jsonl" for number in range(260)]
    for number, path in enumerate(paths):
        path.write_bytes(line(number))
    followed = follow(*paths)
    for number in (259, 3, 230):
        append(paths[number], line(1000 + number) + line(2000 + number)[:9])
        followed.until_read(number, paths[number].stat().st_size)
    append(paths[230], line(2230)[9:])
    followed.until_read(230, paths[230].stat().st_size)
    assert followed.plates()[260:] == ["P1259", "P1003", "P1230", "P2230"]


# --- the child


def test_nothing_that_could_be_followed(follow, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(line(0))
    followed = follow(tmp_path / "a.jsonl")
    followed.following.close()
    assert not leaks.children()


def test_the_child_stands_by_without_what_decodes(follow, path):
    followed = follow(path)
    followed.until(lambda: bool(followed.messages))
    (child,) = leaks.children()
    maps = Path(f"/proc/{child}/maps")
    assert "numpy" not in maps.read_text()
    append(path, line(5))
    followed.until_read(0, path.stat().st_size)
    assert "numpy" in maps.read_text()


def test_a_child_that_is_killed_says_no_more(follow, path):
    followed = follow(path)
    (child,) = leaks.children()
    os.kill(child, signal.SIGKILL)
    assert followed.following._child.messages.get(timeout=20) is None
