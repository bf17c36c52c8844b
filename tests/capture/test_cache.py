"""A second opening gives what the first one gave: from the cache, or from the file where that has changed."""

import bz2
import gzip
import json
import logging
import os
import subprocess
import sys
import threading
import time

import pytest

from alprviewer.capture.cache import Cache, Keeper, cache_for, find_passes, index_folder, user_cache
from alprviewer.capture.capture import Capture
from alprviewer.capture.counts import index
from alprviewer.capture.intake import load
from alprviewer.core.passes import PassRules
from alprviewer.settings import Settings, config_file
from tests.helpers.caching import cache_in, cached, content, kept, read
from tests.helpers.reading import frame_value
from tests.helpers.realdata import SAMPLE, needs_real_data, real_files

FILES = [
    pytest.param(path, id=path.name, marks=() if path == SAMPLE else needs_real_data)
    for path in (SAMPLE, *real_files())
]
HEARTBEAT = {"data_type": "heartbeat", "video_streams": [{"camera_id": 7, "camera_name": "Gate \ud83d"}]}
ODD = {"img_width": "wide", "company_id": None, "uuid": "no number \ud800", "epoch_time": "x"}


def lines(first: int, count: int) -> bytes:
    """Frames with every kind of text, now and then something else; all lines are whole."""
    found = []
    for number in range(first, first + count):
        frame = frame_value(number, (f"AB{number % 7}C", "ÄÖÜ ÖÖÖ 12", "A PLATE OF MANY LETTERS"))
        found.append(json.dumps(frame | (ODD if number % 11 == 5 else {})))
        found += [json.dumps(HEARTBEAT)] if number % 9 == 4 else []
        found += ['{"x": 1}', "noise", "[", "]"] if number % 10 == 3 else []
    return ("\n".join(found) + "\n").encode()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(0, 150))
    assert path.stat().st_size > 65536
    return path


@pytest.fixture
def cache(tmp_path):
    return cache_in(tmp_path)


def indexes(tmp_path):
    return sorted((tmp_path / "index").glob("*"))


@pytest.mark.parametrize("path", FILES)
def test_unchanged_files_are_not_read(path, cache):
    first = kept(cache, path)
    again = read(cache, path)
    assert (cached(first), cached(again)) == ([0], [path.stat().st_size])
    assert content(again) == content(first) == content(read(None, path))


def test_all_texts_come_back(path, cache):
    first = kept(cache, path)
    assert content(read(cache, path)) == content(first)
    assert first.camera_names.keys() == {7}


def test_a_file_that_was_moved_or_touched_is_the_same(path, cache, tmp_path):
    first = kept(cache, path)
    moved = path.rename(tmp_path / "moved.jsonl")
    os.utime(moved, (1, 1))
    again = read(cache, moved)
    assert cached(again) == [moved.stat().st_size]
    assert content(again)["reads"] == content(first)["reads"]


@pytest.mark.parametrize(
    "tail",
    [b"", b'{"data_type": "alpr_results", "results": [', b'{"x" 1}\n{"cut', b'{"x": [1,\n', b"half a line"],
)
def test_of_a_grown_file_the_tail_is_read(path, cache, tail):
    whole = path.read_bytes()
    path.write_bytes(whole + tail)
    first = kept(cache, path)
    assert content(read(cache, path)) == content(first)
    with path.open("ab") as file:
        file.write(b" 12]}\n" + lines(1000, 40))
    grown = read(cache, path)
    assert content(grown) == content(read(None, path))
    assert cached(grown) == [len(whole + tail)]
    assert grown.columns.frames._columns["offset"].base.size or grown.columns.frames.part("offset", 0, 1) == 0


def test_a_grown_file_takes_the_place_of_the_smaller_one(path, cache, tmp_path):
    kept(cache, path)
    for number in range(3):
        with path.open("ab") as file:
            file.write(lines(1000 * number, 20))
        kept(cache, path)
        assert len(indexes(tmp_path)) == 1
        again = read(cache, path)
        assert cached(again) == [path.stat().st_size]
        assert content(again) == content(read(None, path))


@pytest.mark.parametrize(
    "tail", [b"[\n" + json.dumps(frame_value(1)).encode() + b",\n", b"/x/a.jpg\n", b'{"x": 1}']
)
def test_where_reading_cannot_begin_anew_all_is_read(path, cache, tail):
    path.write_bytes(path.read_bytes() + tail)
    kept(cache, path)
    with path.open("ab") as file:
        file.write(lines(1000, 3))
    assert content(read(cache, path)) == content(read(None, path))


def test_a_rewritten_or_shorter_file_is_read(path, cache):
    kept(cache, path)
    whole = path.read_bytes()
    for data in (lines(1, 150), whole[: len(whole) // 2], whole[:-1] + b" ", b"", b"x" + whole[1:]):
        path.write_bytes(data)
        again = read(cache, path)
        assert cached(again) == [0]
        assert content(again) == content(read(None, path))


def test_a_file_that_changes_while_it_is_read_is_not_kept(path, cache, tmp_path):
    capture = read(cache, path)
    path.write_bytes(b"x" + path.read_bytes())
    cache.keep(capture)
    assert indexes(tmp_path) == []


def test_a_file_that_grows_while_it_is_read_is_kept_as_far_as_it_was_read(path, cache):
    size = path.stat().st_size
    capture = read(cache, path)
    whole = path.read_bytes()
    path.write_bytes(whole + whole)
    cache.keep(capture)
    again = read(cache, path)
    assert cached(again) == [size]
    assert content(again) == content(read(None, path))
    path.write_bytes(whole)
    assert content(read(cache, path)) == content(read(None, path))


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
def test_compressed_files(path, cache, compress, tmp_path):
    packed = tmp_path / "a.jsonl.z"
    packed.write_bytes(compress(path.read_bytes()))
    first = kept(cache, packed)
    again = read(cache, packed)
    assert content(again) == content(first)
    assert cached(again) == [packed.stat().st_size]
    packed.write_bytes(packed.read_bytes() + compress(lines(500, 5)))
    assert content(read(cache, packed)) == content(read(None, packed))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0), (2, 1, 0)])
@pytest.mark.parametrize("known", [(0,), (1, 2), (0, 1, 2)])
def test_several_files_in_any_order(tmp_path, cache, order, known):
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(lines(number * 37, 30 + number))
    kept(cache, *(paths[number] for number in known))
    chosen = [paths[number] for number in order]
    again = read(cache, *chosen)
    assert [bool(size) for size in cached(again)] == [number in known for number in order]
    assert content(again) == content(read(None, *chosen))
    cache.keep(again)
    assert content(read(cache, *chosen)) == content(read(None, *chosen))
    assert content(read(cache, paths[1])) == content(read(None, paths[1]))


def test_large_blocks_come_in_batches(path, cache):
    kept(cache, path)
    found = cache.look_up(path)
    assert found.block is not None
    for rows in (1, 7, 64):
        assert sum(len(batch.reads) for batch in found.block.batches(rows)) == 450


def test_what_fails_is_not_kept(path, cache, tmp_path):
    capture = read(cache, path)
    capture.sources[0].failure = "The disk is gone."
    cache.keep(capture)
    cache.keep(read(None, path))
    assert indexes(tmp_path) == []


def test_small_files_are_not_worth_it_and_the_limit_may_be_zero(path, tmp_path):
    kept(Cache(tmp_path / "index", 1 << 30), path)
    kept(Cache(tmp_path / "index", 0, worth=0), path)
    kept(Cache(tmp_path / "index", 1000, worth=0), path)
    assert indexes(tmp_path) == []


def test_the_least_recently_used_goes_first(tmp_path):
    cache = cache_in(tmp_path)
    paths = [tmp_path / f"{number}.jsonl" for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(lines(number * 1000, 30))
        kept(cache, path)
    for age, index_file in enumerate(indexes(tmp_path)):
        os.utime(index_file, (1000 + age, 1000 + age))
    assert cached(read(cache, paths[2])) != [0]
    size = max(each.stat().st_size for each in indexes(tmp_path))
    left = tmp_path / "index" / "x.new"
    left.touch()
    os.utime(left, (1, 1))
    paths.append(tmp_path / "new.jsonl")
    paths[-1].write_bytes(lines(9000, 30))
    kept(Cache(tmp_path / "index", int(size * 2.5), worth=0), paths[-1])
    assert [bool(cached(read(cache, path))[0]) for path in paths].count(True) == 2
    assert cached(read(cache, paths[2])) != [0] != cached(read(cache, paths[-1]))
    assert not left.exists()
    assert cache.clear() > 0
    assert (indexes(tmp_path), cache.clear()) == ([], 0)


def test_damaged_and_foreign_files_are_a_word_in_the_log(path, cache, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    kept(cache, path)
    (name,) = indexes(tmp_path)
    for data in (b"", b"hello", name.read_bytes()[:-1], b"\0" + name.read_bytes()[1:]):
        name.write_bytes(data)
        again = read(cache, path)
        assert cached(again) == [0]
        assert "ignored" in caplog.text
        caplog.clear()
    cache.keep(again)
    assert cached(read(cache, path)) == [path.stat().st_size]


def test_a_folder_that_cannot_be_used(path, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    (tmp_path / "index").write_text("no folder")
    cache = cache_in(tmp_path)
    capture = kept(cache, path)
    assert content(capture) == content(read(None, path))
    assert "could not be kept" in caplog.text
    assert (cache.clear(), cache.look_up(tmp_path / "gone")) == (0, None)


def test_two_processes_keep_the_same_file(path, tmp_path):
    code = (
        "import sys; from pathlib import Path; from tests.helpers.caching import cache_in, kept;"
        "[kept(cache_in(Path(sys.argv[1])), Path(sys.argv[2])) for _ in range(5)]"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(path)]
    processes = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(50) for process in processes] == [0, 0]
    assert len(indexes(tmp_path)) == 1
    assert content(read(cache_in(tmp_path), path)) == content(read(None, path))


def test_the_keeper_works_beside_and_can_be_stopped(path, cache, tmp_path):
    keeper = Keeper()
    told = []
    capture = read(cache, path)
    keeper.keep(cache, capture, lambda *kept: told.append(kept))
    until = time.monotonic() + 20
    while keeper.busy and time.monotonic() < until:
        time.sleep(0.01)
    assert len(indexes(tmp_path)) == 1
    keeper.close()
    assert [(whose, block.count("reads")) for whose, block in told] == [(capture, len(capture.columns.reads))]
    cache.clear()
    keeper.keep(cache, read(cache, path), lambda *kept: told.append(kept))
    keeper.close()
    assert len(told) == 1
    assert not any(thread.name == "keeper" for thread in threading.enumerate())
    assert indexes(tmp_path) == []


def test_children_read_what_is_missing(tmp_path, cache):
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for number, path in enumerate(paths):
        path.write_bytes(lines(number * 37, 120))
    counted, failures = index([str(paths[1])], cache)
    assert (counted["reads"], failures) == (360, [])
    with paths[1].open("ab") as file:
        file.write(lines(900, 20))
    mixed = load(list(map(str, paths)), cache)
    assert [bool(size) for size in cached(mixed)] == [False, True, False]
    assert content(mixed) == content(read(None, *paths))
    cache.keep(mixed)
    again = load(list(map(str, paths)), cache)
    assert cached(again) == [path.stat().st_size for path in paths]
    assert content(again) == content(mixed)


@pytest.mark.parametrize("with_consensus", [False, True])
def test_passes_that_were_kept_are_not_found_again(path, cache, monkeypatch, with_consensus):
    _, failures = index([str(path)], cache, PassRules())
    assert not failures
    found = load([str(path)], cache)
    find_passes(found, PassRules(), cache, with_consensus=with_consensus)
    assert found.passes.table["weighed"].all() == with_consensus, "those of index were not weighed"
    other = load([str(path)], None)
    find_passes(other, PassRules(), None, with_consensus=with_consensus)
    monkeypatch.setattr(Capture, "find_passes", lambda *_, **__: 1 / 0)
    again = load([str(path)], cache)
    find_passes(again, PassRules(), cache, with_consensus=with_consensus)
    for one in (found, again):
        assert one.passes.table.tobytes() == other.passes.table.tobytes()
        assert (one.passes.ids, one.passes.consensus) == (other.passes.ids, other.passes.consensus)
    with pytest.raises(ZeroDivisionError):
        find_passes(load([str(path)], cache), PassRules(gap_ms=1), cache)


def test_the_settings_say_how_much(tmp_path):
    assert cache_for(Settings(cache_limit_mb=3))._limit == 3 << 20
    assert user_cache()._folder == index_folder()
    config_file().parent.mkdir(parents=True, exist_ok=True)
    config_file().write_text("no toml")
    try:
        assert user_cache()._limit == 4096 << 20
    finally:
        config_file().unlink()
