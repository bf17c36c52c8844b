"""Values to frames and siblings: the quick way and the tolerant one, wrappers, limits."""

import base64
import json
import time
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from alprviewer.core import decode as module
from alprviewer.core.decode import decode, decode_strict, raw_frames
from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import ProblemKind
from alprviewer.core.frame import SiblingKind
from alprviewer.core.repair import parse
from tests.helpers.decoding import tolerant
from tests.helpers.reading import JPEG, frame_value, read_value
from tests.helpers.realdata import SAMPLE

CROP = base64.b64encode(JPEG).decode()


def dump(value) -> bytes:
    return json.dumps(value).encode()


def noted(decoded):
    return [(problem.field, problem.kind, problem.repaired) for problem in decoded.problems]


def one(value, encoding=Encoding.UTF8):
    """The only frame of a value, decoded both ways."""
    data = value if isinstance(value, bytes) else dump(value)
    found = decode(data, encoding)
    assert found == tolerant(data, encoding)
    assert len(found.frames) == 1
    return found


def test_a_regular_frame_takes_the_quick_way():
    for value in (frame_value(1, ("ABC123", "XYZ987")), frame_value(2, ()), frame_value(3, ("가나1234",))):
        value["results"] = [read | {"plate_crop_jpeg": CROP} for read in value["results"]]
        for data in (dump(value), json.dumps(value, ensure_ascii=False, indent=1).encode()):
            assert decode_strict(data) is not None
            assert one(data).problems == ()


def test_the_sample_takes_the_quick_way():
    lines = SAMPLE.read_bytes().splitlines()
    frames = [line for line in lines if b'"alpr_results"' in line[:40]]
    assert sum(decode_strict(line) is not None for line in frames) >= len(frames) - 2
    for line in frames[::10]:
        strict = decode_strict(line)
        if strict is not None:
            assert [each.frame for each in tolerant(line).frames] == [strict]


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": 1},
        {"uuid": None},
        {"camera_id": "7"},
        {"camera_id": -1},
        {"epoch_time": 1408627909},
        {"epoch_time": 0},
        {"epoch_time": 1583506775198.0},
        {"img_width": 0},
        {"img_width": 70000},
        {"processing_time_ms": -1},
        {"version": "2"},
        {"data_type": None},
        {"uuid": "x\ud800"},
        {"uuid": "x" * 2000},
        {"vehicles": [{"x": 1, "y": 2, "width": 3, "height": 4}]},
        {"regions_of_interest": [{"x": 0, "y": 0, "width": 1}]},
        {"results": [read_value(plate_crop_jpeg="data:image/jpeg;base64," + CROP)]},
        {"results": [read_value(plate_crop_jpeg="... base 64 image data ...")]},
        {"results": [read_value(confidence=101)]},
        {"results": [read_value(matches_template=True)]},
        {"results": [read_value(coordinates=[])]},
        {"results": [read_value() | {"plate": 5}]},
        {"results": [None]},
    ],
)
def test_anything_unusual_does_not(change):
    data = dump(frame_value(1) | change)
    assert decode_strict(data) is None
    assert len(decode(data).frames) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[]",
        b"1",
        b'"results"',
        b'{"results":',
        b'{"results":[]}x',
        b"\xff",
        b'{"results":null}',
        b"null",
    ],
)
def test_what_is_no_frame_is_refused(data):
    assert decode_strict(data) is None


@pytest.mark.parametrize(
    "text",
    [
        '{"results":[],"img_width":1,"img_width":2}',
        '{"results":[],"img_width"  :1,"img_width":2}',
        '{"results":[],"img_width"\\t:1,"img_width" :2}',
        '{"uuid":"a:b","results":[],"uuid":"c"}',
        '{"uuid":"c","results":[],"uuid":"a:b"}',
        '{"uuid":"a:","uuid":"b\\u003a","results":[]}',
        '{"results":[{"plate":"A","candidates":[{"plate":"A","confidence":1,"matches_template":0,"plate":"B"}]}]}',
        '{"results":[{"coordinates":[{"x":1,"x":2,"y":1},{"x":1,"y":1},{"x":1,"y":1},{"x":1,"y":1}]}]}',
    ],
)
def test_the_quick_way_never_misses_a_repeated_member(text):
    data = text.replace("\\t", "\t").encode()
    assert decode_strict(data) is None
    assert [problem.kind for problem in one(data).problems] == [ProblemKind.DUPLICATE_KEY]


def test_colons_in_texts_do_not_make_a_frame_irregular():
    data = dump(frame_value(1, ("A:B",), user_data="x:y:z", company_id="c:"))
    assert decode_strict(data) is not None
    assert one(data).problems == ()


READS = st.fixed_dictionaries(
    {},
    optional={
        "plate": st.text(max_size=8) | st.integers(),
        "confidence": st.floats(-1, 101) | st.integers(0, 100),
        "matches_template": st.integers(-1, 2) | st.booleans(),
        "plate_index": st.integers(-1, 100_001),
        "region": st.text(max_size=5),
        "region_confidence": st.floats(0, 100),
        "coordinates": st.lists(
            st.fixed_dictionaries({"x": st.integers(-40000, 40000), "y": st.integers(-9, 9)}),
            min_size=3,
            max_size=5,
        ),
        "vehicle_region": st.fixed_dictionaries(
            {
                "x": st.integers(-9, 9),
                "y": st.integers(0, 9),
                "width": st.integers(-1, 9),
                "height": st.integers(0, 9),
            }
        ),
        "candidates": st.lists(
            st.fixed_dictionaries(
                {
                    "plate": st.text(max_size=8),
                    "confidence": st.floats(0, 100),
                    "matches_template": st.integers(0, 1),
                }
            ),
            max_size=3,
        ),
        "plate_crop_jpeg": st.sampled_from([CROP, CROP + "=", "", "x"]),
        "unknown": st.none(),
    },
)
FRAMES = st.fixed_dictionaries(
    {"results": st.lists(READS, max_size=3)},
    optional={
        "data_type": st.sampled_from(["alpr_results", "alpr_results", "other"]) | st.none(),
        "uuid": st.text(max_size=12),
        "epoch_time": st.integers(0, 10**14),
        "camera_id": st.integers(-1, 2**63),
        "img_width": st.integers(0, 65536),
        "error": st.booleans() | st.text(max_size=5) | st.integers(0, 1),
        "version": st.integers(0, 3) | st.floats(0, 3),
        "regions_of_interest": st.lists(st.just({"x": 0, "y": 0, "width": 1, "height": 1}), max_size=2),
    },
)


@settings(max_examples=300)
@given(FRAMES, st.sampled_from([None, 0, 2]), st.booleans())
def test_both_ways_agree_where_both_apply(value, indent, is_ascii):
    data = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    strict = decode_strict(data)
    found = tolerant(data)
    assert decode(data) == found
    if strict is not None:
        assert [each.frame for each in found.frames] == [strict]
        assert found.problems == ()
        assert found.frames[0].invalid == frozenset()


# --- wrappers ---


@pytest.mark.parametrize(
    "wrap",
    [
        lambda frame: {"plate": frame, "credit_cost": 1, "image_bytes": CROP},
        lambda frame: {"file": "x.jpg", "plates": frame},
        lambda frame: {"a": {"b": {"c": frame}}},
        lambda frame: {"results": {"inner": frame}},
        lambda frame: {"data_type": None, "payload": frame},
        lambda frame: {"when": 1, "items": [1, None, frame]},
        lambda frame: {"hits": {"hits": [{"_source": {"event": {"payload": {"plate": frame}}}}]}},
        lambda frame: reduce(lambda inner, _: {"a": inner}, range(50), frame),
    ],
)
def test_wrappers(wrap):
    found = one(wrap(frame_value(1)))
    assert found.frames[0].frame == decode_strict(dump(frame_value(1)))
    assert found.problems == ()


def test_a_member_that_comes_twice_in_a_wrapper_is_noted():
    found = decode(b'{"a": [{"plate": %b, "plate": %b}]}' % (dump(frame_value(1)), dump(frame_value(2))))
    assert [each.frame.epoch_time % 10 for each in found.frames] == [2]
    assert noted(found) == [("a[0].plate", ProblemKind.DUPLICATE_KEY, True)]


def test_raw_frames_are_those_that_were_decoded():
    value = {"results": [frame_value(1), {"group": {"data_type": "alpr_group"}}], "more": [frame_value(3)]}
    parsed, _ = parse(dump(value), Encoding.UTF8)
    assert raw_frames(parsed) == [frame_value(1), frame_value(3)]
    assert raw_frames(None) == []


def test_a_record_of_several_frames():
    found = decode(dump({"results": [frame_value(1), frame_value(2, ())], "more": [frame_value(3)]}))
    assert [each.frame.epoch_time % 10 for each in found.frames] == [1, 2, 3]


def test_places_of_problems_inside_wrappers():
    frame = frame_value(1, epoch_time="x", results=[read_value(confidence=500)])
    found = one({"a": [{"plate": frame}]})
    assert [p.field for p in found.problems] == ["a[0].plate.epoch_time", "a[0].plate.results[0].confidence"]
    assert found.frames[0].invalid == {"epoch_time", "results[0].confidence"}


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"error": "image_missing"},
        {"error": True, "msg": "x"},
        {"data_type": "something_else", "results": []},
        {"data_type": 7, "results": [{}]},
        {"results": 5},
        {"results": [1, 2, 3]},
        {"message": "no plates here"},
    ],
)
def test_what_holds_nothing_known_is_one_problem(value):
    found = decode(dump(value))
    assert not found.is_known
    assert noted(found) == [("", ProblemKind.TYPE, False)]


@pytest.mark.parametrize("data", [b"[1,2,3]", b"12", b"null", b'"x"', b"[]", b"[[1]]"])
def test_json_that_is_no_object(data):
    assert noted(decode(data)) == [("", ProblemKind.TYPE, False)]


def test_an_unknown_type_is_named():
    assert "'alpr_something'" in decode(dump({"data_type": "alpr_something"})).problems[0].reason


def test_a_search_answer_is_no_frame():
    answer = {"count": 1, "results": [{"pk": 1, "model": "rekor.group", "fields": {"best_plate": "ABC"}}]}
    found = decode(dump(answer))
    assert found.frames == ()
    assert [sibling.kind for sibling in found.siblings] == [SiblingKind.GROUP]


def test_a_frame_without_results_is_one_with_a_problem():
    found = one({"data_type": "alpr_results", "uuid": "x"})
    assert found.frames[0].frame.results is None
    assert noted(found) == [("results", ProblemKind.TYPE, False)]


# --- reads ---


def test_reads_keep_their_places():
    found = one(frame_value(1, results=[None, read_value("AB1"), 5, [], read_value("CD2")]))
    frame, invalid = found.frames[0]
    assert [read.plate for read in frame.reads] == [None, "AB1", None, None, "CD2"]
    assert {name for name in invalid if name.endswith(".plate")} == {f"results[{n}].plate" for n in (0, 2, 3)}
    assert noted(found) == [(f"results[{n}]", ProblemKind.TYPE, False) for n in (0, 2, 3)]


@pytest.mark.parametrize("element", [{}, 1])
def test_more_reads_than_any_frame_has_are_one_problem(element, monkeypatch):
    monkeypatch.setattr(module, "MAX_READS", 20)
    assert len(one(frame_value(1, results=[element] * 20)).frames[0].frame.reads) == 20
    found = one(frame_value(1, results=[element] * 21))
    assert found.frames[0] == (replace(found.frames[0].frame, results=None), {"results"})
    assert noted(found) == [("results", ProblemKind.SIZE, False)]


def test_absent_null_and_unusable_are_told_apart():
    found = one(frame_value(1, results=[read_value(confidence="?", region=None)]))
    assert found.frames[0].frame.reads[0].confidence is None
    assert found.frames[0].frame.reads[0].region is None
    assert found.frames[0].invalid == {"results[0].confidence"}


@pytest.mark.parametrize(
    "field", ["confidence", "region", "plate_index", "coordinates", "candidates", "plate"]
)
def test_any_member_may_be_absent(field):
    read = read_value()
    del read[field]
    found = one(frame_value(1, results=[read]))
    assert getattr(found.frames[0].frame.reads[0], field) is None
    assert found.problems == ()


def test_numbers_as_text_and_booleans():
    frame = frame_value(
        1, camera_id="7", epoch_time="1700000000001", results=[read_value(matches_template=True)]
    )
    found = one(frame)
    assert noted(found) == [("epoch_time", ProblemKind.TYPE, True), ("camera_id", ProblemKind.TYPE, True)]
    assert found.frames[0].frame.camera_id == 7
    assert found.frames[0].frame.reads[0].matches_template == 1


@pytest.mark.parametrize(
    ("crop", "expected"),
    [
        (CROP, []),
        ("data:image/jpeg;base64," + CROP, [True]),
        (CROP[:8] + "\r\n" + CROP[8:], [True]),
        (CROP.rstrip("="), [True] if CROP.endswith("=") else []),
        ("... base 64 image data ...", [False]),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(), [False]),
        (5, [False]),
    ],
)
def test_crops(crop, expected):
    found = one(frame_value(1, results=[read_value(plate_crop_jpeg=crop)]))
    assert [problem.repaired for problem in found.problems] == expected
    assert all(problem.field == "results[0].plate_crop_jpeg" for problem in found.problems)


def test_garbage_numbers():
    text = (
        b'{"data_type":"alpr_results","epoch_time":8890634747532400640,"img_width":-1797572864,"img_height":1e400,'
        b'"camera_id":%b,"processing_time_ms":nan,"results":[{"plate":"A\\u0000","confidence":-inf}]}'
        % (b"9" * 5000)
    )
    found = one(text)
    assert noted(found) == [
        ("", ProblemKind.NUMBER_TOKEN, True),
        ("", ProblemKind.NUMBER_TOKEN, True),
        ("epoch_time", ProblemKind.RANGE, False),
        ("camera_id", ProblemKind.RANGE, False),
        ("img_width", ProblemKind.RANGE, False),
        ("img_height", ProblemKind.RANGE, False),
    ]
    assert found.frames[0].frame.reads[0].plate == "A\0"


@pytest.mark.parametrize("encoding", [Encoding.UTF16_LE, Encoding.UTF16_BE])
def test_utf16(encoding):
    text = json.dumps(frame_value(1, ("가1",)), ensure_ascii=False)
    found = one(encoding.encode(text), encoding)
    assert found.frames[0].frame == decode_strict(text.encode())


def test_repeated_members_at_several_levels():
    text = (
        b'{"img_width":1,"img_width":1280,"results":[{"plate":"A","plate":"B","coordinates":'
        b'[{"x":1,"x":5,"y":1},{"x":1,"y":1},{"x":1,"y":1},{"x":1,"y":1}]}],'
        b'"unknown":{"a":1,"a":2}}'
    )
    found = one(text)
    assert noted(found) == [
        ("img_width", ProblemKind.DUPLICATE_KEY, True),
        ("results[0].plate", ProblemKind.DUPLICATE_KEY, True),
        ("results[0].coordinates[0].x", ProblemKind.DUPLICATE_KEY, True),
    ]
    frame = found.frames[0].frame
    assert (frame.img_width, frame.reads[0].plate, frame.reads[0].coordinates[0].x) == (1280, "B", 5)


# --- hostile sizes ---


def test_many_reads_and_candidates():
    candidates = [{"plate": f"P{n}", "confidence": 50.0, "matches_template": 0} for n in range(100_000)]
    frame = frame_value(1, results=[read_value(candidates=candidates)] + [read_value()] * 30_000)
    found = decode(dump(frame))
    assert len(found.frames[0].frame.reads) == 30_001
    assert len(found.frames[0].frame.reads[0].candidates) == 100_000


def test_more_members_than_memory_is_a_problem(monkeypatch):
    monkeypatch.setattr(module, "MAX_COMMAS", 1000)
    found = decode(b'{"results":[' + b"1," * 1001 + b"1]}")
    assert noted(found) == [("", ProblemKind.SIZE, False)]


def test_a_value_full_of_problems_lists_some():
    begun = time.process_time()
    found = decode(b'{"results":[' + b"1," * 90_000 + b"{}]}")
    assert time.process_time() - begun < 20
    assert len(found.problems) == 1001
