"""Frames taken in bulk are exactly those that framing and decoding find, wherever they stand."""

from __future__ import annotations

import ctypes
import json
import random
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core import frame, regular
from alprviewer.core.batch import CANDIDATE_DTYPE, CANDIDATE_STEPS, FRAME_DTYPE, READ_DTYPE
from alprviewer.core.builder import coders
from alprviewer.core.crops import MAX_CROP_TEXT
from alprviewer.core.decode import MAX_READS, decode_strict
from alprviewer.core.native import FOLDER, KEY_ROOM, Job, library
from alprviewer.core.regular import RegularReader
from alprviewer.core.scan import MAX_VALUE_BYTES
from tests.helpers.reading import frame_value, read_both_ways, read_value
from tests.helpers.realdata import SAMPLE, real_files

pytestmark = pytest.mark.skipif(
    library() is None, reason="regular.c was not compiled: there is no C compiler"
)

LINES = [line for line in SAMPLE.read_bytes().splitlines() if line.startswith(b'{"data_type":"alpr_results"')]


def both_ways(lines: list[bytes]) -> int:
    return read_both_ways(b"".join(line + b"\n" for line in lines))


def is_taken(value: dict[str, Any] | bytes) -> bool:
    """Whether a frame is taken in bulk; it is read in both ways."""
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return read_both_ways(data) == 1


def test_both_sides_lay_out_alike() -> None:
    compiled = library()
    assert compiled is not None
    structs = FRAME_DTYPE, READ_DTYPE, CANDIDATE_DTYPE, regular._OPEN_DTYPE
    for number, dtype in enumerate(structs):
        assert compiled.alpr_size(number) == dtype.itemsize
    assert compiled.alpr_size(len(structs)) == ctypes.sizeof(Job)


def test_both_sides_have_the_same_limits() -> None:
    limits = {name: getattr(frame, name) for name in dir(frame) if name.startswith(("MAX_", "MIN_"))}
    limits |= {"MAX_CROP_TEXT": MAX_CROP_TEXT, "MAX_READS": MAX_READS, "MAX_VALUE_BYTES": MAX_VALUE_BYTES}
    limits |= {"CANDIDATE_STEPS": CANDIDATE_STEPS, "KEY_ROOM": KEY_ROOM}
    found = re.findall(r"\b([A-Z_]+) = ([0-9]+(?: << [0-9]+)?)\b", (FOLDER / "rows.h").read_text())
    shared = {name: int(eval(value)) for name, value in found if name in limits}
    assert shared == {name: limits[name] for name in shared}
    assert shared.keys() >= {
        "MAX_COORDINATE",
        "MAX_EPOCH_MS",
        "MAX_USER_DATA",
        "MAX_READS",
        "CANDIDATE_STEPS",
    }


def test_the_whole_sample() -> None:
    assert both_ways(LINES) >= len(LINES) - 4  # one is cut short, one has a member twice


@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_real_files(path) -> None:
    read_both_ways(path.read_bytes())


@pytest.mark.parametrize("joint", [b"\n", b"\r\n", b",\n", b",", b"", b" \t\n,, "])
def test_frames_one_behind_the_other(joint: bytes) -> None:
    assert read_both_ways(joint.join(LINES[:60])) == 60


@pytest.mark.parametrize("indent", [None, 1, "\t"])
def test_arrays_and_spaces(indent: int | str | None) -> None:
    frames = [json.loads(line) for line in LINES[:40]]
    assert read_both_ways(json.dumps(frames, indent=indent).encode()) == 40
    assert read_both_ways("\r\n".join(json.dumps(frame, indent=indent) for frame in frames).encode()) == 40


def test_picture_lines() -> None:
    """``alpr -j DIR`` writes the picture's path before each frame; the rows say where it stands."""
    lines = [b"/pictures/%d.jpg\n%s" % (number, line) for number, line in enumerate(LINES[:20])]
    assert both_ways(lines) == 20


@settings(max_examples=150)
@given(st.lists(st.integers(0, 40_000), max_size=8))
def test_any_chunks(cuts: list[int]) -> None:
    assert read_both_ways(b"\n".join(LINES[:12]), cuts) == 12


CHANGES = [
    (b'"confidence":8', b'"confidence":108'),
    (b'"confidence":8', b'"confidence":-8'),
    (b'"confidence":8', b'"confidence":08'),
    (b'"confidence":', b'"confidence":1e'),
    (b'"confidence":', b'"confidence":.'),
    (b'"confidence":', b'"confidence":null,"x":'),
    (b'"matches_template":0', b'"matches_template":2'),
    (b'"matches_template":0', b'"matches_template":false'),
    (b'"matches_template":0', b'"matches_template":00'),
    (b'"plate":"', b'"plate":"\\u0041'),
    (b'"plate":"', b'"plate":"\x01'),
    (b'"plate":"', b'"plate":"\x80'),
    (b'"plate":"', b'"plate":null,"x":"'),
    (b'"plate":"', b'"plate":"A","plate":"'),
    (b'"region":"', b'"region":"\xed\xa0\x80'),
    (b'"camera_id":1', b'"camera_id":"1'),
    (b'"epoch_time":1', b'"epoch_time":0'),
    (b'"epoch_time":1', b'"epoch_time":99'),
    (b'"img_width":1280', b'"img_width":0'),
    (b'"img_width":1280', b'"img_width":1280,"img_width":1280'),
    (b'"error":false', b'"error":fals'),
    (b'"x":', b'"x":99999'),
    (b'"x":', b'"z":'),
    (b'"y":', b'"y":1.5,"z":'),
    (b'"plate_crop_jpeg":"/9j/', b'"plate_crop_jpeg":"/9j-'),
    (b'"plate_crop_jpeg":"/9j/', b'"plate_crop_jpeg":"A/9j/'),
    (b'"plate_crop_jpeg":"/9j/', b'"plate_crop_jpeg":"...'),
    (b'"candidates":[{', b'"candidates":[],"other":[{'),
    (b'},{"plate":', b'}{"plate":'),
    (b"}]}", b"},]}"),
    (b'{"data_type"', b'{"user_data":"' + b"x" * 65537 + b'","data_type"'),
    (b'"uuid":"', b'"uuid":7,"site_id":"'),
    (b'"data_type":"alpr_results"', b'"data_type":"alpr_group"'),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[1].decode("latin-1")[:30])
def test_irregular_frames_are_left_alone(change: tuple[bytes, bytes]) -> None:
    before, after = change
    changed = LINES[20].replace(before, after, 1)
    assert changed != LINES[20]
    assert not is_taken(changed)
    # The second line may be split by the change into a frame and something else.
    assert 38 <= both_ways([*LINES[:20], changed, LINES[21].replace(before, after), *LINES[22:40]]) <= 39


VARIANTS = [
    {"uuid": "no-tail"},
    {"uuid": "a-0123"},
    {"uuid": "-5"},
    {"uuid": "a-1234567890123456789"},
    {"uuid": "ü-12"},
    {"user_data": "Tor 7: ünten", "site_id": "über", "error": True, "company_id": "c"},
    {"error": "no picture", "vehicles": []},
    {"processing_time_ms": 0, "regions_of_interest": []},
    {"camera_id": 2**63 - 1},
    {"results": []},
    {"results": [read_value("ABCDEFGH"), read_value("ABCDEFGHI"), read_value("가123"), read_value("")]},
    {"results": [read_value(plate="B:2", candidates=[], vehicle_detected=True)]},
    {"results": [read_value(coordinates=[{"y": -9, "x": 32766}] * 4, confidence=100)]},
    {"results": [read_value(vehicle_region={"x": -1, "y": 2, "width": 3, "height": 0}, region="x" * 1024)]},
    {"results": [{"plate": "A"}]},
    {"results": [read_value()] * 300},
]


@pytest.mark.parametrize("more", VARIANTS, ids=str)
def test_regular_frames_of_any_make(more: dict[str, Any]) -> None:
    value = frame_value(1, **more)
    backwards = dict(reversed(value.items()))
    for each in (value, backwards, {**value, "uuid": "again-1"}):
        assert decode_strict(json.dumps(each, ensure_ascii=False).encode()) is not None
        assert is_taken(each)


def test_a_frame_without_most_members() -> None:
    assert is_taken({"results": []})
    assert is_taken({"epoch_time": 10**12, "results": [{"plate": "A", "candidates": []}]})
    assert not is_taken({"data_type": "alpr_results"})
    assert not is_taken({"results": [{"confidence": 5}]})


@settings(max_examples=300)
@given(
    st.one_of(
        st.floats(0, 100).map(repr),
        st.floats(0, 100, width=32).map(repr),
        st.from_regex(r"(0|[1-9][0-9]?)\.[0-9]{1,17}", fullmatch=True, alphabet=st.characters(codec="ascii")),
    )
)
def test_reals_are_those_of_python(number: str) -> None:
    value = json.dumps(frame_value(results=[read_value(confidence=7777)])).replace("7777", number)
    assert is_taken(value.encode()) == (float(number) <= 100 and "e" not in number and len(number) <= 20)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.text(max_size=10), st.floats(0, 100, width=32)), max_size=6), st.text(max_size=10)
)
def test_any_spellings(candidates: list[tuple[str, float]], plate: str) -> None:
    listed = [
        {"plate": text, "confidence": round(confidence, 5), "matches_template": 0}
        for text, confidence in candidates
    ]
    read = read_value(plate, candidates=listed)
    for one in (read, dict(reversed(read.items()))):
        text = json.dumps(frame_value(results=[one]), ensure_ascii=False)
        read_both_ways(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150)
@given(st.data())
def test_mutations(data: st.DataObject) -> None:
    """Any byte of any line changed, removed or doubled."""
    lines = list(LINES[:12])
    number = data.draw(st.integers(0, len(lines) - 1))
    line = bytearray(lines[number])
    # Crops are two thirds of a line and all alike, so most places are drawn outside of them.
    end = data.draw(st.sampled_from((700, 1500, len(line))))
    place = data.draw(st.integers(0, min(end, len(line)) - 1))
    new = data.draw(
        st.sampled_from((b"", bytes(line[place : place + 1]) * 2, b"0", b"-", b'"', b"}", b",", b" ", b"A"))
    )
    line[place : place + 1] = new
    lines[number] = bytes(line)
    assert both_ways(lines) >= len(lines) - 1


@pytest.mark.parametrize("count", [0, 1, 64, 2000])
def test_long_lists(count: int) -> None:
    """Lists that are empty, or longer than there is room for at a time."""
    frames = [json.loads(line) for line in LINES[:12]]
    frames[5]["results"][0]["candidates"] = frames[5]["results"][0]["candidates"][:1] * count * 20
    frames[6]["results"] = [frames[6]["results"][0] | {"candidates": []}] * (count * 2)
    lines = [json.dumps(frame, separators=(",", ":")).encode() for frame in frames]
    assert both_ways(lines) == 12 - 2 * (count == 2000)


def test_more_frames_than_there_is_room_for() -> None:
    assert both_ways(LINES[:1] * 5000) == 5000


def test_many_cameras_and_uuids(monkeypatch: pytest.MonkeyPatch) -> None:
    """More envelopes and uuids than are remembered."""
    monkeypatch.setattr(regular, "_KNOWN", 1 << 10)
    chance = random.Random(1)
    lines = [
        re.sub(rb'"uuid":"[^"]*"', b'"uuid":"%d-%d"' % (chance.randrange(10**15), number), LINES[0]).replace(
            b"1323877978", str(number // 2).encode()
        )
        for number in range(2_000)
    ]
    assert both_ways(lines) == 2_000


def test_every_prefix_is_cut() -> None:
    """A frame that the text ends inside is one that may go on, at every byte."""
    reader = RegularReader(coders())
    line = json.dumps(frame_value(1, ("ABC123", "ABCDEFGHIJ"), error=True, user_data="x")).encode()
    assert reader.take(line, 0, 0).rows is not None
    for length in range(1, len(line)):
        assert reader.take(line[:length], 0, 0) == (0, 0, None, True), line[:length]


def test_rows_do_not_change_behind_the_readers_back() -> None:
    reader = RegularReader(coders())
    first = reader.take(LINES[0], 0, 100).rows
    assert first is not None
    kept = [table.copy() for table in first]
    reader.take(LINES[1], 0, 0)
    for table, before in zip(first, kept, strict=True):
        np.testing.assert_array_equal(table, before)
    assert first.frames["offset"].tolist() == [100]
