"""Rows by their number or their time, in the order shown."""

from __future__ import annotations

import numpy as np
import pytest

from alprviewer.core.errors import UserError
from alprviewer.models.goto import place_of
from alprviewer.store.select import SortKey
from tests.helpers.opening import captured, frame, write

NOON = 1782907200000  # 2026-07-01 12:00 UTC
TIMES = [0, 1000, 5000, 3000, None, 5000, 9000]


@pytest.fixture
def model(make, tmp_path):
    values = [
        frame(f"P{n}", at=... if at is None else NOON + at, confidence=90.0 - n) for n, at in enumerate(TIMES)
    ]
    return make("reads", captured(write(tmp_path / "a.jsonl", values)))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1", 0),
        ("7", 6),
        ("12:00", 0),
        ("12:00:01", 1),
        ("12:00:02", 3),
        ("12:00:04", 2),
        ("12:00:09", 6),
        ("23:59", 6),
        ("2020-01-01", 0),
        ("2026-07-01T14:00:02.5+02:00", 3),
    ],
)
def test_the_earliest_row_that_is_not_before(model, text, place):
    assert place_of(model, text, 0) == place


def test_in_another_order_and_among_some(model):
    model.sort_by((SortKey("confidence"),))
    assert place_of(model, "12:00:02", None) == 3
    assert place_of(model, "12:00:05", None) == 1
    model.narrow(np.array([0, 4, 6]), "some")
    assert place_of(model, "12:00:01", None) == 0
    assert place_of(model, "3", None) == 2
    with pytest.raises(UserError, match="no row 4; the rows go from 1 to 3"):
        place_of(model, "4", None)


@pytest.mark.parametrize("text", ["0", "8", "99999999999999999999999"])
def test_a_row_that_is_not_there(model, text):
    with pytest.raises(UserError, match="There is no row"):
        place_of(model, text, 0)


def test_rows_without_times(make, tmp_path, model):
    none = make("reads", captured(write(tmp_path / "b.jsonl", [frame(at=...)])))
    with pytest.raises(UserError, match="type the date too"):
        place_of(none, "12:00", 0)
    with pytest.raises(UserError, match="no time"):
        place_of(none, "2026-07-01", 0)
    with pytest.raises(UserError, match="no rows"):
        place_of(make("problems", model.capture), "1", None)


def test_siblings_and_frames_have_times_too(make, tmp_path):
    group = {"data_type": "alpr_group", "best_plate_number": "A"}
    values = [{**group, "epoch_start": NOON + 5000}, {**group, "epoch_start": NOON}, frame(at=NOON)]
    capture = captured(write(tmp_path / "c.jsonl", values))
    assert place_of(make("siblings", capture), "12:00:01", 0) == 0
    assert place_of(make("siblings", capture), "12:00", 0) == 1
    assert place_of(make("frames", capture), "12:00", None) == 0


def test_the_day_is_that_of_the_current_row(make, tmp_path):
    day = 86_400_000
    values = [frame(at=NOON + n * day) for n in range(3)]
    model = make("reads", captured(write(tmp_path / "d.jsonl", values)))
    assert [place_of(model, "11:00", now) for now in (None, 0, 1, 2)] == [0, 0, 1, 2]
