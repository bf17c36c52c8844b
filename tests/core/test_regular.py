"""Regular lines in bulk give exactly what decoding them one by one gives."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core.batch import CODED, Batch
from alprviewer.core.builder import BatchBuilder, coders
from alprviewer.core.decode import decode
from alprviewer.core.regular import RegularReader, Rows
from alprviewer.core.states import INVALID
from alprviewer.core.texts import Texts

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "sample.jsonl"
LINES = [line for line in SAMPLE.read_bytes().splitlines() if line.startswith(b'{"data_type":"alpr_results"')]


def read(data: bytes) -> tuple[Rows, dict[str, list[Any]]]:
    made = coders()
    rows = RegularReader(made).read(data, len(data))
    return rows, texts_of({name: coder.take_new() for name, coder in made._asdict().items()})


def texts_of(new: dict[str, Any]) -> dict[str, list[Any]]:
    """All texts by code, the two states before them."""
    plates = Texts()
    codes = plates.extend(new["plate"]).tolist()
    found = {name: [None, INVALID, *values] for name, values in new.items() if name != "plate"}
    return found | {"plate": [None, INVALID, *(plates.value(code) for code in codes)]}


def one_by_one(lines: list[bytes], regular: list[bool]) -> Batch:
    builder = BatchBuilder()
    offset = 0
    for line, chosen in zip(lines, regular, strict=True):
        if chosen:
            value = line.rstrip(b"\r").rstrip(b",")
            decoded = decode(value)
            assert len(decoded.frames) == 1
            assert not decoded.problems, "a line with a problem was taken for regular"
            builder.add_frame(offset, len(value), decoded.frames[0])
        offset += len(line) + 1
    return builder.build()


def assert_same(lines: list[bytes]) -> int:
    """Compare both ways; returns how many lines were regular."""
    rows, texts = read(b"".join(line + b"\n" for line in lines))
    batch = one_by_one(lines, rows.regular.tolist())
    other = texts_of(batch.texts)
    tables = (
        (rows.frames, batch.frames),
        (rows.reads, batch.reads),
        (rows.candidates, batch.candidates),
    )
    for ours, theirs in tables:
        assert len(ours) == len(theirs)
        for name in ours.dtype.names:
            if name in CODED:
                ours_texts = [texts[CODED[name]][code] for code in ours[name].tolist()]
                assert ours_texts == [other[CODED[name]][code] for code in theirs[name].tolist()], name
            else:
                np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)
    return int(np.count_nonzero(rows.regular))


def test_the_whole_sample() -> None:
    regular = assert_same(LINES)
    assert regular >= len(LINES) - 4  # one is cut short, one has a member twice


@pytest.mark.parametrize("ending", [b"\r", b",", b",\r"])
def test_other_line_ends(ending: bytes) -> None:
    assert assert_same([line + ending for line in LINES[:60]]) == 60


def test_first_chunk_learns_for_the_next() -> None:
    made = coders()
    reader = RegularReader(made)
    for part in (LINES[:5], LINES[5:200]):
        data = b"".join(line + b"\n" for line in part)
        rows = reader.read(data, len(data))
        assert rows.regular.all()


CHANGES = [
    (b'"confidence":8', b'"confidence":108'),
    (b'"confidence":8', b'"confidence":-8'),
    (b'"confidence":8', b'"confidence":08'),
    (b'"confidence":', b'"confidence": '),
    (b'"confidence":', b'"confidence":1e'),
    (b'"matches_template":0', b'"matches_template":2'),
    (b'"matches_template":0', b'"matches_template":false'),
    (b'"plate":"', b'"plate":"\\u0041'),
    (b'"plate":"', b'"plate":"\xc3\x84'),
    (b'"plate":"', b'"plate":"\x01'),
    (b'"plate":"', b'"plate":"ABCDEFGHIJKLMNOP'),
    (b'"plate":"', b'"plate":null,"x":"'),
    (b'"region":"', b'"region":"a-very-long-region-code-'),
    (b'"camera_id":1', b'"camera_id":9'),
    (b'"camera_id":1', b'"camera_id":"1'),
    (b'"epoch_time":1', b'"epoch_time":'),
    (b'"epoch_time":1', b'"epoch_time":99'),
    (b'"img_width":1280', b'"img_width":0'),
    (b'"img_width":1280', b'"img_width":1280,"img_width":1280'),
    (b'"error":false', b'"error":true'),
    (b'"error":false', b'"error":"no"'),
    (b'"x":', b'"x":-'),
    (b'"x":', b'"x":99999'),
    (b'"y":', b'"y":1.5,"z":'),
    (b'"plate_crop_jpeg":"/9j/', b'"plate_crop_jpeg":"/9j-'),
    (b'"plate_crop_jpeg":"/9j/', b'"plate_crop_jpeg":"...'),
    (b'"candidates":[{', b'"candidates":[],"other":[{'),
    (b'},{"plate":', b'}{"plate":'),
    (b"}]}", b"}]}}"),
    (b'{"data_type"', b'{"user_data":"' + b"x" * 1100 + b'","data_type"'),
    (b'"uuid":"', b'"uuid":"other-'),
    (b'"uuid":"', b'"uuid":""' + b',"site_id":"'),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change[1].decode("latin-1")[:30])
def test_changed_lines(change: tuple[bytes, bytes]) -> None:
    """Each change in one line among regular ones: taken exactly, or left to the decoder."""
    before, after = change
    changed = LINES[20].replace(before, after, 1)
    assert changed != LINES[20]
    everywhere = LINES[21].replace(before, after)
    assert assert_same([*LINES[:20], changed, everywhere, *LINES[22:40]]) >= 38


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
    assert assert_same(lines) >= len(lines) - 1


@settings(max_examples=60)
@given(st.lists(st.integers(0, len(LINES) - 1), min_size=1, max_size=30))
def test_any_selection_of_lines(numbers: list[int]) -> None:
    assert_same([LINES[number] for number in numbers])


def test_other_order_of_members() -> None:
    """An agent of another make: other order, other members, no crop."""
    lines: list[bytes] = []
    for line in LINES[:40]:
        frame = json.loads(line)
        for each in frame["results"]:
            each.pop("plate_crop_jpeg")
            each["vehicle_detected"] = True
            each["candidates"] = [dict(sorted(candidate.items())) for candidate in each["candidates"]]
            each["candidates"] = [
                {
                    "plate": c["plate"],
                    "matches_template": c["matches_template"],
                    "confidence": c["confidence"],
                }
                for c in each["candidates"]
            ]
        lines.append(json.dumps(dict(reversed(frame.items())), separators=(",", ":")).encode())
    assert assert_same(lines) == 40


def test_other_spaces() -> None:
    """What Python's own ``json.dumps`` writes if it is not told otherwise."""
    lines = [json.dumps(json.loads(line)).encode() for line in LINES[:80]]
    assert assert_same(lines) == 80


def test_other_cameras() -> None:
    """Many cameras, frame by frame in turns."""
    lines = [
        line.replace(b"1323877978", str(1323877978 + number % 20).encode())
        for number, line in enumerate(LINES[:120])
    ]
    assert assert_same(lines) == 120


def test_forms_of_one_line_are_given_up() -> None:
    """Lines that differ each where frames of one camera are alike: each would be a form of its own."""
    lines = [
        line.replace(b'"agent_type":"alprd"', b'"agent_type":"alprd %d"' % number)
        for number, line in enumerate(LINES[:150])
    ]
    assert 40 < assert_same(lines) < 100


def test_uuids_that_end_in_something_else() -> None:
    """Learned first, such a line must not teach what the others' uuids begin with."""
    stamp = re.compile(rb'-(\d{13})"')
    for tail in (b"-0123456789012", b"-178936200802", b"1789362008023", b"", b"-1789362008023-"):
        lines = [stamp.sub(tail + b'"', LINES[0]), *LINES[1:20]]
        assert lines[0] != LINES[0]
        assert assert_same(lines) == 19


def test_crop_at_another_place() -> None:
    """What looks like a crop and is none stays a text; a line with one where none belongs is not regular."""
    lines = list(LINES[:40])
    lines[20] = lines[20].replace(b'"region":"', b'"region":"/9j/AAAA","region":"', 1)
    lines[21] = lines[21].replace(b'"plate":"', b'"plate":"/9j/AAAA', 1)
    lines[22] = lines[22].replace(b'"agent_type":"alprd"', b'"agent_type":"/9j/AAAA"', 1)
    assert assert_same(lines) >= 37


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 200])
def test_long_lists(count: int) -> None:
    """Lists that are empty, or longer than are walked through in step."""
    frames = [json.loads(line) for line in LINES[:30]]
    read = frames[20]["results"][0]
    read["candidates"] = [read["candidates"][0]] * count
    frames[21]["results"] = [frames[21]["results"][0]] * count
    frames[22]["results"] = []
    lines = [json.dumps(frame, separators=(",", ":")).encode() for frame in frames]
    assert assert_same(lines) == 30 - 2 * (count > 64)


def test_nothing_regular() -> None:
    rows, _ = read(b'noise\n\n[]\n{}\n{"a":1}\n')
    assert not rows.regular.any()
    assert len(rows.frames) == len(rows.reads) == len(rows.candidates) == 0
