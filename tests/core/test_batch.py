"""Frames, reads and siblings as rows: states that are no value, codes, places."""

import json
import math

import pytest

from alprviewer.core.batch import CANDIDATE_ABSENT, CANDIDATE_STEPS, Envelope
from alprviewer.core.builder import BatchBuilder, Coder
from alprviewer.core.decode import DecodedFrame, decode
from alprviewer.core.errors import PROBLEM_KINDS, Problem, ProblemKind
from alprviewer.core.frame import Candidate, Frame, Point, Read
from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, INVALID, absent
from tests.helpers.reading import frame_value, read_value, stored


def built(value, **place):
    """The store with the frames of a value."""
    builder = BatchBuilder()
    for frame in decode(json.dumps(value).encode()).frames:
        more = {name: number for name, number in place.items() if name in {"inner", "picture_back"}}
        builder.add_frame(place.get("offset", 100), place.get("length", 50), frame, **more)
    return stored(builder.build())


def row(table, index=0):
    return {name: table.column(name)[index] for name in table.names}


def plates(columns, codes):
    return [columns.text("plate", code) for code in codes.tolist()]


def test_a_regular_frame():
    columns = built(frame_value(5, ("ABC123", "XYZ987")), offset=7, length=9, inner=3, picture_back=12)
    frame, reads = row(columns.frames), columns.reads
    assert (frame["offset"], frame["length"], frame["inner"], frame["picture_back"]) == (7, 9, 3, 12)
    assert (frame["reads"], frame["first_read"], frame["epoch_time"]) == (2, 0, 1_700_000_000_005)
    assert (columns.text("uuid_head", frame["uuid_head"]), frame["uuid_tail"]) == (
        "AGENT-7",
        1_700_000_000_005,
    )
    assert columns.envelopes()[frame["envelope"]] == Envelope(
        "alpr_results", 2, 7, "AGENT", None, None, None, None, 1280, 720, ((0, 0, 1280, 720),)
    )
    assert plates(columns, reads.column("plate")) == ["ABC123", "XYZ987"]
    assert reads.column("position").tolist() == [0, 1]
    assert reads.column("frame").tolist() == [0, 0]
    assert reads.column("confidence").tolist() == [91.25, 91.25]
    assert reads.column("margin").tolist() == [11.25, 11.25]
    assert reads.column("quad")[0].tolist() == [10, 20, 110, 21, 109, 61, 9, 60]
    assert reads.column("candidates").tolist() == [2, 2]
    candidates = columns.candidates
    assert plates(columns, candidates.column("plate")) == ["ABC123", "ABC128", "XYZ987", "XYZ988"]
    assert (candidates.column("confidence") / CANDIDATE_STEPS).tolist() == [91.25, 80, 91.25, 80]


def test_absent():
    columns = built({"data_type": "alpr_results", "results": [{}]})
    frame, read = row(columns.frames), row(columns.reads)
    assert frame["epoch_time"] == absent("i8")
    assert math.isnan(frame["processing_time_ms"])
    assert (frame["uuid_head"], frame["uuid_tail"]) == (CODE_ABSENT, -1)
    assert read["plate_index"] == absent("i4")
    assert (read["plate"], read["region"]) == (CODE_ABSENT, CODE_ABSENT)
    assert math.isnan(read["confidence"])
    assert math.isnan(read["margin"])
    assert read["matches_template"] == absent("i1")
    assert set(read["quad"]) == set(read["vehicle"]) == {absent("i2")}
    assert (read["candidates"], read["crop_text"]) == (0, 0)


def test_invalid():
    read = dict.fromkeys(
        ("confidence", "matches_template", "plate_index", "coordinates", "vehicle_region"), "?"
    )
    read |= {"plate": [], "region": 5, "region_confidence": 200}
    frame = {"epoch_time": 5, "uuid": 5, "processing_time_ms": -1, "img_width": 0, "regions_of_interest": 5}
    columns = built({"data_type": "alpr_results", "results": [read_value(), read], **frame})
    found, bad = row(columns.frames), row(columns.reads, 1)
    assert found["epoch_time"] == absent("i8") + 1
    assert found["processing_time_ms"] == -math.inf
    assert found["uuid_head"] == CODE_INVALID
    envelope = columns.envelopes()[found["envelope"]]
    assert (envelope.img_width, envelope.regions_of_interest, envelope.img_height) == (INVALID, INVALID, None)
    assert bad["plate_index"] == absent("i4") + 1
    assert (bad["plate"], bad["region"]) == (CODE_INVALID, CODE_INVALID)
    assert bad["confidence"] == bad["region_confidence"] == -math.inf
    assert math.isnan(bad["margin"])
    assert bad["matches_template"] == absent("i1") + 1
    assert set(bad["quad"]) == set(bad["vehicle"]) == {absent("i2") + 1}


def test_a_read_that_is_no_object_is_invalid_at_its_place():
    columns = built(frame_value(1, results=[None, read_value("ABC123")]))
    assert columns.reads.column("position").tolist() == [0, 1]
    assert columns.reads.column("plate")[0] == CODE_INVALID
    assert plates(columns, columns.reads.column("plate")) == [None, "ABC123"]


def test_candidates_that_lack_something():
    builder = BatchBuilder()
    candidates = [Candidate(None, None, None), Candidate("A", 100.0, 1), Candidate("B", 0.0, 0)]
    builder.add_frame(0, 1, DecodedFrame(Frame(results=[Read(candidates=candidates)])))
    columns = stored(builder.build())
    assert plates(columns, columns.candidates.column("plate")) == [None, "A", "B"]
    assert columns.candidates.column("confidence").tolist() == [CANDIDATE_ABSENT, 64000, 0]
    assert columns.candidates.column("matches_template").tolist() == [absent("i1"), 1, 0]


@pytest.mark.uncounted
def test_extreme_corners_and_counts():
    builder = BatchBuilder()
    points = [Point(32766, -32766)] * 4
    reads = [Read(coordinates=points)] * 70_000
    builder.add_frame(2**40, 2**26, DecodedFrame(Frame(results=reads, camera_id=2**63 - 1)), inner=100_000)
    batch = builder.build()
    assert batch.reads["position"][-1] == 69_999
    assert batch.frames["reads"][0] == 70_000
    assert batch.frames["inner"][0] == 100_000
    assert set(batch.reads["quad"][0]) == {32766, -32766}


def test_codes_go_on_from_batch_to_batch():
    builder = BatchBuilder()
    batches = []
    for number in range(3):
        builder.add_frame(0, 1, DecodedFrame(Frame(results=[Read(plate="A"), Read(plate=f"B{number}")])))
        batches.append(builder.build())
        assert batches[-1].reads["frame"].tolist() == [0, 0]
    columns = stored(*batches)
    assert plates(columns, columns.reads.column("plate")) == ["A", "B0", "A", "B1", "A", "B2"]
    assert columns.reads.column("frame").tolist() == [0, 0, 1, 1, 2, 2]


def test_a_coder_knows_absent_and_invalid():
    coder = Coder()
    assert [coder.code(value) for value in (None, INVALID, "x", "", "x")] == [0, 1, 2, 3, 2]
    assert coder.take_new() == ["x", ""]
    assert coder.take_new() == []


@pytest.mark.parametrize(
    ("problem", "offset", "length"),
    [
        (Problem(ProblemKind.TYPE, "x"), 100, 50),
        (Problem(ProblemKind.COMMENT, "x", "", True, 10, 5), 110, 5),
        (Problem(ProblemKind.SYNTAX, "x", "", False, 10, 0), 110, 40),
        (Problem(ProblemKind.TRUNCATED, "x", "", False, 50, 0), 150, 0),
    ],
)
def test_places_of_problems(problem, offset, length):
    builder = BatchBuilder()
    builder.add_problems(100, 50, [problem])
    (found,) = builder.build().problems
    assert (found["offset"], found["length"], found["value_offset"], found["value_length"]) == (
        offset,
        length,
        100,
        50,
    )
    assert PROBLEM_KINDS[found["kind"]] is problem.kind
    assert bool(found["repaired"]) == problem.repaired


def test_bytes_by_owner_are_counted_from_batch_to_batch():
    builder = BatchBuilder()
    builder.own("frame", 5)
    builder.own("frame", 7)
    builder.own("noise", 1)
    assert builder.build().owned == {"frame": 12, "sibling": 0, "problem": 0, "noise": 1, "separator": 0}
    assert sum(builder.build().owned.values()) == 0
