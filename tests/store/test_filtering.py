"""Filtered rows, compared with looking at one read after the other."""

import json
from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alprviewer.core.errors import Cancelled
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.core.query.tree import fields_of
from alprviewer.core.texts import Texts
from alprviewer.store.columns import Columns
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Handed, Surroundings
from alprviewer.store.tables import Dictionary
from tests.helpers.queries import NOW, TREES, NaiveRead, satisfies
from tests.helpers.reading import batch_of, items_of

PLATES = st.sampled_from(
    ["ABC123", "abc123", "AB-C1 23", "OQD", "0DQ", "", "ß", "SS", "Ж1", "가1", "B\n1", "ABC123DEFGHI", "12"]
)
QUADS = st.sampled_from([(0, 30), (-9, 91), (50, 52)])


def quad(left, right):
    return [{"x": x, "y": y} for x, y in ((left, 0), (right, 0), (right, 9), (left, 9))]


SLANTED = [{"x": x, "y": y} for x, y in ((1, 2), (31, 6), (30, 16), (0, 11))]
READ = st.fixed_dictionaries(
    {},
    optional={
        "plate": PLATES | st.just([]),
        "confidence": st.sampled_from([0, 50, 50.5, 90.1, 90.25, 100, -5, "x"]),
        "matches_template": st.sampled_from([0, 1, True, "?"]),
        "region": st.sampled_from(["us-mo", "US-MO", "", 5]),
        "region_confidence": st.sampled_from([0, 85, "x"]),
        "candidates": st.lists(
            st.fixed_dictionaries({"plate": PLATES, "confidence": st.sampled_from([10.5, 60, 99])}),
            max_size=3,
        ),
        "coordinates": QUADS.map(lambda ends: quad(*ends)) | st.just(SLANTED) | st.just("?"),
    },
)
REGIONS = [[{"x": 0, "y": 0, "width": 40, "height": 9}], [], "?"]
FRAME = st.fixed_dictionaries(
    {"results": st.lists(READ, max_size=3), "data_type": st.just("alpr_results")},
    optional={
        "uuid": st.sampled_from(["A-7-5", "A-7-10", "a-7-5", "B", "", "A-8-1", "ABC-0", "us-mo", 7]),
        "epoch_time": st.sampled_from([1_700_000_000_001, 1_700_000_000_002, 0, 1_700_000_001_000, NOW + 5]),
        "camera_id": st.sampled_from([7, 70, 12, 2**40, "x"]),
        "agent_uid": st.sampled_from(["ABC", "b1", "ä"]),
        "regions_of_interest": st.sampled_from(REGIONS),
        "img_width": st.sampled_from([640, "640", -5]),
    },
)
SOURCES = ("folder/12", "us-mo")
CLOCKS = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), ZoneInfo("America/New_York")]).map(
    lambda zone: Clock(NOW, zone)
)
_SHARED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def read_in(frames, folder):
    """Columns, and the same reads one by one."""
    columns = Columns()
    reads: list[list[NaiveRead]] = []
    half = len(frames) // 2
    for source, part in enumerate((frames[:half], frames[half:])):
        found = items_of("\n".join(map(json.dumps, part)).encode(), folder)
        columns.append(batch_of(found), source, columns.code_maps())
        for item in found:
            if item.decoded is None:
                continue
            kinds = tuple(problem.kind.value for problem in item.decoded.problems)
            reads += [
                [NaiveRead(decoded.frame, read, SOURCES[source], kinds) for read in decoded.frame.reads]
                for decoded in item.decoded.frames
            ]
    return columns, reads


@_SHARED
@given(st.lists(FRAME, max_size=10), TREES, CLOCKS, st.data())
def test_reads_and_frames(tmp_path, frames, tree, clock, data):
    columns, by_frame = read_in(frames, tmp_path)
    chosen = Filter(tree, columns, clock, Surroundings(SOURCES))
    reads = [read for frame in by_frame for read in frame]
    expected = [at for at in range(len(reads)) if satisfies(tree, at, reads, clock)]
    assert chosen.select("reads").tolist() == expected
    frames_of = columns.reads.column("frame")
    assert chosen.select("frames").tolist() == sorted({int(frames_of[at]) for at in expected})
    # As they arrive: the same, a few frames after the others.
    cut = data.draw(st.integers(0, len(by_frame)))
    first = int(columns.frames.column("first_read")[cut]) if cut < len(by_frame) else len(reads)
    growing = Filter(tree, columns, clock, Surroundings(SOURCES))
    parts = [growing.select("reads", rows) for rows in (range(first), range(first, len(reads)))]
    assert np.concatenate(parts).tolist() == expected
    parts = [growing.select("frames", rows) for rows in (range(cut), range(cut, len(by_frame)))]
    assert np.concatenate(parts).tolist() == sorted({int(frames_of[at]) for at in expected})


@_SHARED
@given(st.lists(FRAME, max_size=8), TREES)
def test_problems_are_those_of_the_frames_that_match(tmp_path, frames, tree):
    columns, by_frame = read_in([*frames, {"x": 1}], tmp_path)
    clock = Clock(NOW, UTC)
    chosen = Filter(tree, columns, clock, Surroundings(SOURCES))
    selected = set(chosen.select("frames").tolist())
    places = {
        (int(source), int(offset)): row
        for row, (source, offset) in enumerate(
            zip(columns.frames.column("source"), columns.frames.column("offset"), strict=True)
        )
    }
    found = set(chosen.select("problems").tolist())
    for row in range(len(columns.problems)):
        place = tuple(int(columns.problems.column(name)[row]) for name in ("source", "value_offset"))
        frame = places.get(place)
        if frame is not None and by_frame[frame]:
            assert (row in found) == (frame in selected)


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("problem:type", [0, 2]),
        ("-problem:t*", [1]),
        ("source:12", [0, 1]),
        ("conf>5 OR -source:b", [0, 1, 2]),
    ],
)
def test_problems_without_reads_are_judged_by_themselves(tmp_path, query, problems):
    columns = Columns()
    for source, data in enumerate((b'{"x": 1}\n{"cut": "off\n', b'{"y": 1}')):
        columns.append(batch_of(items_of(data, tmp_path)), source, columns.code_maps())
    kinds = ("folder/12", "c")
    found = Filter(parse(query), columns, around=Surroundings(kinds)).select("problems")
    assert found.tolist() == problems


GROUPS = [
    {
        "data_type": "alpr_group",
        "best_plate_number": "ABC123",
        "best_confidence": 90.5,
        "best_region": "us-mo",
        "best_uuid": "A-7-5",
        "camera_id": 7,
        "agent_uid": "agent",
        "epoch_start": 1_700_000_000_000,
        "matches_template": 1,
    },
    {"data_type": "heartbeat", "timestamp": 1_700_000_100_000},
]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("abc", [0]),
        ("plate:%A8C123", [0]),
        ("candidate:ABC", []),
        ("region:us-mo conf>90 agent:AGENT camera:7 uuid:A-7-* template:yes all(conf>5)", [0]),
        ('camera:"north gate"', [0]),
        ("time>2023-11-14T22:13:25Z", [1]),
        ("-conf>90", [1]),
        ("source:x roi:in", []),
    ],
)
def test_groups_are_judged_by_their_best_plate(tmp_path, query, rows):
    columns = Columns()
    data = "\n".join(map(json.dumps, GROUPS)).encode()
    columns.append(batch_of(items_of(data, tmp_path)), 0, columns.code_maps())
    around = Surroundings(("x",), {7: "North Gate"})
    assert Filter(parse(query), columns, around=around).select("siblings").tolist() == rows


def test_columns_that_are_handed_in(tmp_path):
    columns, _ = read_in([{"results": [{"plate": each} for each in "ABCDE"]}], tmp_path)
    plates = columns.dictionaries["plate"]
    assert isinstance(plates, Texts)
    words = Dictionary()
    handed = {
        "prob": Handed(np.array([99.0, np.nan, 10.0, 50.0], np.float32)),
        "consensus": Handed(np.array([plates.code("ZZ9"), 0, plates.code("A"), 0]), plates),
        "decision": Handed(np.array([words.code("accepted"), 0, 0, words.code("rejected"), 0]), words),
    }

    def select(query):
        found = Filter(parse(query), columns, around=Surroundings(handed=handed)).select("reads")
        return found.tolist()

    assert select("prob>20") == [0, 3]
    assert select("-prob>20") == [1, 2, 4]
    assert select("consensus:zz") == select("ZZ") == [0]
    assert select("decision:accepted OR decision:re*") == [0, 3]
    assert select("duration>0") == select("pass:x") == select("agree:0..100") == []


def test_groups_of_reads(tmp_path):
    frames = [
        {"results": [{"plate": plate, "confidence": confidence}]}
        for plate, confidence in (("A", 90), ("B", 50), ("A", 90), ("B", 95), ("C", 10))
    ]
    columns, _ = read_in(frames, tmp_path)
    group_of = np.array([0, 0, 1, 2, -1])

    def select(query):
        return Filter(parse(query), columns).groups(group_of, 4).tolist()

    assert select("plate:A") == [True, True, False, False]
    assert select("all(conf>80)") == [False, True, True, False]
    assert select("-plate:A all(-plate:C)") == [True, False, True, False]


def test_cameras_are_found_by_id_and_name(tmp_path):
    columns, _ = read_in([{"results": [{}], "camera_id": camera} for camera in (7, 70)], tmp_path)
    for query, rows in (("camera:7", [0]), ("camera:GATE", [1]), ("camera:7*", [0, 1]), ("camera:g*", [1])):
        found = Filter(parse(query), columns, around=Surroundings(cameras={70: "Gate"})).select("reads")
        assert found.tolist() == rows


def test_times_of_day_follow_the_zone_through_its_changes(tmp_path):
    zone = ZoneInfo("America/New_York")
    times = [1_678_602_600_000, 1_678_606_200_000]  # 01:30 EST, then 03:30 EDT: one hour later
    columns, _ = read_in([{"results": [{}], "epoch_time": time} for time in times], tmp_path)
    for query, rows in (
        ("time:01:30", [0]),
        ("time:03:30", [1]),
        ("time:02:00..03:00", []),
        ("time:2023-03-12", [0, 1]),
    ):
        found = Filter(parse(query), columns, Clock(0, zone)).select("reads")
        assert found.tolist() == rows


def test_the_fields_that_are_asked_for_are_known():
    assert fields_of(parse("a conf>5")) == {"any", "conf"}


def test_what_is_not_wanted_any_more_ends_before_the_next_term(tmp_path):
    columns, _ = read_in([{"results": [{"plate": "A"}]}], tmp_path)
    chosen = Filter(parse("A B C"), columns)
    asked = iter([True, False])
    chosen.still_wanted = lambda: next(asked)
    with pytest.raises(Cancelled):
        chosen.select("reads")
    assert next(asked, None) is None
