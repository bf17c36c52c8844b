"""Texts of cells: states, zones, dates, hostile texts."""

from __future__ import annotations

import os
import time
from datetime import UTC, date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.capture.capture import Capture
from alprviewer.core.states import absent
from alprviewer.models import cells
from alprviewer.models.cells import ABSENT_TEXT, INVALID_TEXT, Context
from alprviewer.models.tables import TABLES
from tests.helpers.opening import captured, frame, write

HOUR = 3_600_000
SPRING = 1774746000000
"""2026-03-29 01:00 UTC: clocks in Berlin go from 2 to 3."""


@pytest.fixture
def berlin(monkeypatch):
    """The computer stands in Berlin."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    os.environ["TZ"] = "UTC"
    time.tzset()


def time_text(value: int, zone=UTC, *, with_date: bool = True) -> str:
    return cells.times(Context(Capture(), zone, with_date), np.array([value], "i8"))[0]


@pytest.mark.parametrize("kind", ["i1", "i2", "i4", "i8"])
def test_whole_numbers_and_their_states(kind):
    lowest = absent(kind)
    values = np.array([lowest, lowest + 1, 0, 7, -3], kind)
    assert cells.whole(values) == [ABSENT_TEXT, INVALID_TEXT, "0", "7", "-3"]


def test_whole_numbers_without_states():
    assert cells.whole(np.array([0, 1234567], "u4")) == ["0", "1,234,567"]


def test_reals_and_their_states():
    values = np.array([np.nan, -np.inf, np.inf, 0.0, -3.25, 99.95], "f4")
    texts = cells.real(values)
    assert texts[:5] == [ABSENT_TEXT, INVALID_TEXT, INVALID_TEXT, "0.0", "−3.2"]


def test_flags():
    lowest = absent("i1")
    assert cells.flags(np.array([0, 1, lowest, lowest + 1], "i1")) == ["no", "yes", ABSENT_TEXT, INVALID_TEXT]


def test_times_in_utc_and_with_their_states():
    assert time_text(1782889214972) == "2026-07-01 07:00:14.972"
    assert time_text(1782889214972, with_date=False) == "07:00:14.972"
    assert time_text(0) == "1970-01-01 00:00:00.000"
    assert time_text(absent("i8")) == ABSENT_TEXT
    assert time_text(absent("i8") + 1) == INVALID_TEXT


def test_the_local_zone_knows_summer_time(berlin):
    assert time_text(SPRING - 1, None) == "2026-03-29 01:59:59.999"
    assert time_text(SPRING, None) == "2026-03-29 03:00:00.000"
    autumn = 1792890000000
    assert time_text(autumn - 1, None) == "2026-10-25 02:59:59.999"
    assert time_text(autumn, None) == "2026-10-25 02:00:00.000"


def test_a_day_is_a_day_of_the_shown_zone(berlin):
    evening, night = 1782856800000 - HOUR, 1782856800000 + HOUR  # 22:00 UTC is midnight in Berlin
    assert cells.same_day(evening, night, UTC)
    assert not cells.same_day(evening, night, None)
    assert not cells.same_day(evening, night, ZoneInfo("Europe/Berlin"))


def test_the_span_of_times_knows_valid_ones_only():
    lowest = absent("i8")
    assert cells.span_of(np.array([lowest, 5, lowest + 1, 3], "i8")) == (3, 5)
    assert cells.span_of(np.array([lowest, lowest + 1], "i8")) is None
    assert cells.span_of(np.array([], "i8")) is None


@given(st.integers(0, 253402300799999))
def test_every_time_that_the_store_takes_can_be_written(value):
    assert len(time_text(value)) == len("2026-07-01 07:00:14.972")


HOSTILE = [
    "<img src='/etc/passwd'>",
    "<b>x</b>",
    "A\u202eB",
    "A\x00B",
    "A\x1b[31mB",
    "A\nB",
    "x" * 1_000_000,
    "=1+1",
]


def test_hostile_texts_are_one_visible_line(tmp_path):
    values = [frame(text, region=text, agent_uid=text, uuid=text, agent_version=text) for text in HOSTILE]
    capture = captured(write(tmp_path / "a.jsonl", values))
    context = Context(capture, UTC, True)
    for table in ("reads", "frames"):
        for spec in TABLES[table][1]:
            for text in spec.format(context, np.arange(len(HOSTILE))):
                assert text.isprintable(), spec.name
                assert len(text) < 2000, spec.name
    plates = next(spec for spec in TABLES["reads"][1] if spec.name == "plate").format(context, np.arange(8))
    assert plates[:2] == HOSTILE[:2]
    assert plates[2] == "A<U+202E>B"
    assert plates[3] == "A<U+0000>B"


def test_names_of_sources_are_shown_safely_and_without_their_folders(tmp_path):
    path = tmp_path / "a\u202eb\n.jsonl"
    capture = captured(write(path, [frame()]))
    assert cells.sources(Context(capture, UTC, False), np.array([0])) == ["a<U+202E>b↵.jsonl"]


def test_cameras_by_the_name_that_a_heartbeat_told(tmp_path):
    heartbeat = {
        "data_type": "heartbeat",
        "timestamp": 1782889214972,
        "agent_uid": "AGENT",
        "video_streams": [{"camera_id": 7, "camera_name": "North\u202e"}],
    }
    group = {"data_type": "alpr_group", "camera_id": 7, "best_plate_number": "AB123"}
    values = [frame(), frame(camera_id=8), frame(camera_id=...), heartbeat, group]
    capture = captured(write(tmp_path / "a.jsonl", values))
    context = Context(capture, UTC, False)
    assert cells.cameras(context, np.arange(3)) == ["North<U+202E>", "8", ABSENT_TEXT]
    of_siblings = next(spec for spec in TABLES["siblings"][1] if spec.name == "camera_name")
    kinds = next(spec for spec in TABLES["siblings"][1] if spec.name == "kind").format(context, np.arange(2))
    assert of_siblings.format(context, np.array([kinds.index("Group")])) == ["North<U+202E>"]


def test_what_was_decided_has_words_and_a_resolved_plate_stays_as_it_is(tmp_path):
    words = {"correct": "correct", "not_a_plate": "not a plate", "skip": "skip", "disputed": "disputed"}
    plates = ["wrong_region", "A_B", "skip", ""]
    capture = captured(write(tmp_path / "a.jsonl", [frame() for _ in range(5)]))
    for row, (word, plate) in enumerate(zip(words, plates, strict=True)):
        capture.columns.decided.set(row, word, plate)
    context, rows = Context(capture, UTC, False), np.arange(5)
    assert cells.decided("decision")(context, rows) == [*words.values(), ABSENT_TEXT]
    assert cells.decided("resolved")(context, rows) == [*plates[:3], ABSENT_TEXT, ABSENT_TEXT]


def test_a_day_in_words():
    assert cells.day_text(date(2026, 7, 1)) == "Wednesday, 1 July 2026"


def test_sizes_of_crops():
    assert cells.crop_sizes(np.array([0, 2000], "u4")) == [ABSENT_TEXT, "1.5 kB"]
