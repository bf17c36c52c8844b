"""A search for a plate in the table of reads: ordered by how well reads fit, with reasons, while it lasts."""

from __future__ import annotations

import pytest

from alprviewer.capture.capture import Capture
from alprviewer.models import rowsmodel
from alprviewer.models.filtering import RowsFilter
from alprviewer.models.tables import REASON, TABLES
from alprviewer.sources.paths import SourceFile
from alprviewer.store.select import SortKey
from tests.helpers.modelrows import ids, plates
from tests.helpers.opening import captured, frame, messages, write

AT = 1_782_889_200_000


@pytest.fixture
def values():
    """Plates that fit AYX8803 worse and worse, the best one last."""
    return [
        frame(plate, AT + n, candidates=[])
        for n, plate in enumerate(("AYX8C03", "QQQ", "AYXB803", "AYX880", "AYX8803", None))
    ]


@pytest.fixture
def searching(make, qtbot, tmp_path, values):
    capture = captured(write(tmp_path / "a.jsonl", values))
    models = {name: make(name, capture) for name in TABLES}
    rows = RowsFilter(models)
    rows.set_capture(capture)
    yield rows, models["reads"]
    rows.close()


def ask(qtbot, rows, query):
    with qtbot.waitSignal(rows.counted):
        rows.set_text(query)
    qtbot.waitUntil(lambda: not rows.busy)


def reasons(model):
    place = [spec.name for spec in model.specs].index(REASON)
    return model.texts(0, model.rowCount(), place)


@pytest.mark.parametrize("synchronous", [0, 20_000])
def test_hits_stand_in_the_order_in_which_they_fit(searching, qtbot, monkeypatch, synchronous):
    monkeypatch.setattr(rowsmodel, "_SYNCHRONOUS_ROWS", synchronous)
    rows, model = searching
    with qtbot.waitSignal(model.offered) as caught:
        ask(qtbot, rows, "~AYX8803")
    qtbot.waitUntil(lambda: not model.is_sorting)
    assert caught.args == [REASON, True]
    assert plates(model) == ["AYX8803", "AYX880", "AYXB803", "AYX8C03"]
    assert model.sort_keys == (SortKey(REASON, descending=True),)
    assert reasons(model) == [
        "= observed plate, 90.5",
        "≈ one character: 3 left out · observed plate, 90.5",
        "≈ one character: B for 8 · observed plate, 90.5",
        "≈ one character: C for 8 · observed plate, 90.5",
    ]
    with qtbot.waitSignal(model.offered) as caught:
        ask(qtbot, rows, "conf>1")
    qtbot.waitUntil(lambda: not model.is_sorting)
    assert caught.args == [REASON, False]
    assert model.sort_keys == ()
    assert ids(model) == [0, 1, 2, 3, 4, 5]
    assert set(reasons(model)) == {"—"}


def test_a_sort_of_the_users_own_stays_behind_the_rank_and_after_it(searching, qtbot):
    rows, model = searching
    model.sort_by((SortKey("plate", descending=True),))
    ask(qtbot, rows, "~AYX8803")
    assert plates(model)[0] == "AYX8803"
    model.sort_by((SortKey("plate"),))
    assert plates(model) == sorted(plates(model))
    ask(qtbot, rows, "~2:AYX8803")
    assert model.sort_keys == (SortKey("plate"),)
    assert plates(model) == sorted(plates(model))
    with qtbot.waitSignal(rows.counted):
        rows.set_text("")
    assert model.sort_keys == (SortKey("plate"),)
    assert model.rowCount() == 6


def test_another_plate_is_another_order(searching, qtbot):
    rows, model = searching
    ask(qtbot, rows, "~AYX8803")
    ask(qtbot, rows, "~AYX880")
    assert plates(model)[0] == "AYX880"
    assert reasons(model)[0] == "= observed plate, 90.5"


def arrive(rows, models, capture, path):
    """A file is read into a capture that is shown and searched."""
    source = capture.add(SourceFile(str(path), path))
    for message in messages(path, source):
        change = capture.apply(message)
        for name, model in models.items():
            if name != "passes":  # they are found, not read
                model.add_rows(getattr(change, name))
        rows.add_rows()


@pytest.fixture
def empty(make, qtbot):
    capture = Capture()
    models = {name: make(name, capture) for name in TABLES}
    rows = RowsFilter(models)
    rows.set_capture(capture)
    yield rows, models, capture
    rows.close()


def test_hits_that_come_take_their_places(empty, qtbot, tmp_path, values):
    rows, models, capture = empty
    rows.set_text("~AYX8803")
    for name in ("a", "b"):
        arrive(rows, models, capture, write(tmp_path / name, values))
        qtbot.waitUntil(lambda: not rows.busy)
    expected = [p for p in ("AYX8803", "AYX880", "AYXB803", "AYX8C03") for _ in range(2)]
    assert plates(models["reads"]) == expected
    assert ids(models["reads"])[:2] == [4, 10]
    models["reads"].narrow([2], "one")
    assert reasons(models["reads"]) == ["≈ one character: B for 8 · observed plate, 90.5"]


def test_another_capture_is_searched_too(empty, qtbot, tmp_path, values):
    rows, models, capture = empty
    arrive(rows, models, capture, write(tmp_path / "a", values))
    ask(qtbot, rows, "~AYX8803")
    other = Capture()
    for model in models.values():
        model.set_capture(other)
    rows.set_capture(other)
    assert models["reads"].rowCount() == 0
    arrive(rows, models, other, write(tmp_path / "b", [frame("AYX8B03"), frame("AYX8803")]))
    qtbot.waitUntil(lambda: not rows.busy)
    assert plates(models["reads"]) == ["AYX8803", "AYX8B03"]
