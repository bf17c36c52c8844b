"""What belongs to a row in the other tables: groups and our passes, both ways."""

from __future__ import annotations

import pytest

from alprviewer.models.links import companions, linked_rows
from alprviewer.models.rowsmodel import RowsModel
from alprviewer.models.tables import TABLES
from tests.helpers.opening import captured, frame, with_passes, write

START = 1_782_889_200_000


def uuid(time):
    return f"AGENT-7-{START + time}"


def seen(plate, time):
    return frame(plate, START + time, uuid=uuid(time), candidates=[])


def group(plate, *times, **fields):
    return {
        "data_type": "alpr_group",
        "epoch_start": START,
        "epoch_end": START + 1000,
        "camera_id": 7,
        "best_plate_number": plate,
        "best_confidence": 91.5,
        "uuids": [uuid(time) for time in times],
        **fields,
    }


VALUES = [
    seen("AB123", 0),
    seen("AB123", 100),
    seen("AB123", 200_000),
    seen("AB123", 200_100),
    seen("ZZ9", 400_000),
    group("AB123", 0, 100, 200_000, 7),
    group("AB12", 0),
    group("GONE", 8, 9),
    {"data_type": "heartbeat", "timestamp": START, "agent_uid": "AGENT"},
]


@pytest.fixture
def capture(tmp_path):
    return with_passes(captured(write(tmp_path / "a.jsonl", VALUES)))


@pytest.fixture
def models(qtbot, capture):
    made = {name: RowsModel(name, columns, capture) for name, (_, columns) in TABLES.items()}
    for model in made.values():
        model.set_capture(capture)
        model.add_rows(range(model.total))
    yield made
    for model in made.values():
        model.close()


def texts(models, table, name):
    return [models[table].text_of(row, name) for row in range(models[table].total)]


def test_the_tables_tell_each_other(models):
    assert texts(models, "siblings", "linked_pass") == ["AB123 +1", "AB123", "—", "—"]
    assert texts(models, "siblings", "linked") == ["3/4 split over 2 passes", "1/1 in 1 pass", "0/2", "—"]
    assert texts(models, "passes", "sibling") == ["AB123 +1", "AB123", "—"]


def test_while_passes_are_not_known_nothing_is_claimed(models, tmp_path, capture):
    capture.columns.passes = type(capture.columns.passes)()
    models["siblings"].refresh()
    assert texts(models, "siblings", "linked_pass") == ["—"] * 4
    assert texts(models, "siblings", "linked") == ["…", "…", "…", "—"]


def test_a_group_leads_to_its_passes_and_a_pass_to_its_groups(models, capture):
    found = linked_rows(capture, models, "siblings", 0)
    assert {table: rows.tolist() for table, (rows, _) in found.items()} == {
        "passes": [0, 1],
        "reads": [0, 1, 2, 3],
        "frames": [0, 1, 2, 3],
    }
    assert found["passes"][1].startswith("2 passes of the group AB123, ")
    assert found["passes"][1].endswith("(3/4 split over 2 passes)")
    found = linked_rows(capture, models, "passes", 0)
    assert found["siblings"][0].tolist() == [0, 1]
    assert found["siblings"][1].startswith("2 groups of the pass ")
    assert linked_rows(capture, models, "passes", 1)["siblings"][0].tolist() == [0]


def test_what_has_no_link_narrows_nothing(models, capture):
    assert linked_rows(capture, models, "siblings", 2) == {}
    assert linked_rows(capture, models, "siblings", 3) == {}
    assert "siblings" not in linked_rows(capture, models, "passes", 2)


def test_tables_stand_on_rows_that_belong_together(capture):
    assert companions(capture.columns, "siblings", 0) == {"siblings": 0, "passes": 0}
    assert companions(capture.columns, "reads", 2) == {"reads": 2, "frames": 2, "passes": 1, "siblings": 0}
    assert companions(capture.columns, "reads", 0)["siblings"] in (0, 1)
