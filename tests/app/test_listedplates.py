"""Listed plates in the real window: marks in the tables, words behind them, and queries for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from alprviewer.settings import Settings
from alprviewer.store.select import LISTED, SortKey
from alprviewer.views.theme import DARK, LIGHT
from tests.helpers.modelrows import cell, ids
from tests.helpers.opening import frame, write
from tests.helpers.reading import read_value
from tests.helpers.windowkeys import table


def value(number, plate, *candidates):
    """A frame of a vehicle of its own."""
    others = [{"plate": each, "confidence": 50.5, "matches_template": 0} for each in candidates]
    return frame(plate, 1782889214972 + 100_000 * number) | {
        "results": [read_value(plate, candidates=others)]
    }


@pytest.fixture
def listed(make_window, open_in, settle, tmp_path):
    """A window with five vehicles: listed, listed by the file, near, listed by a candidate, and neither."""
    file = tmp_path / "plates.txt"
    file.write_text("# stolen\nQQ9*\n")
    plates = [("ABC123",), ("QQ999",), ("A8C123",), ("ZZ1", "ZZ7", "KL55"), ("MN456", "ABC12")]
    path = write(tmp_path / "a.jsonl", [value(number, *each) for number, each in enumerate(plates)])
    window = make_window({}, listed_plates=("=ABC123", "=KL55"), listed_file=str(file))
    open_in(window, path)
    settle(window)
    return window


def place_of(window, name):
    return [spec.name for spec in window.models[name].specs].index(LISTED)


def marks(window, name):
    return [cell(window.models[name], row, LISTED) for row in range(window.models[name].rowCount())]


def test_what_is_listed_is_marked_and_says_why(listed):
    for name in ("passes", "reads"):
        assert marks(listed, name) == ["= ABC123", "= QQ9*", "≈ ABC123", "≈ KL55", "—"]
        view, model = table(listed, name), listed.models[name]
        place = place_of(listed, name)
        assert not view.isColumnHidden(place)
        words = [model.data(model.index(row, place), Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
        assert words == [
            "ABC123 is listed",
            "listed by QQ9*",
            "near listed ABC123, one character: 8 for B",
            "candidate KL55: KL55 is listed",
            None,
        ]
        assert "near listed ABC123" in view.tip_of(model.index(2, place))
        assert view.tip_of(model.index(4, place)) == ""


@pytest.mark.parametrize(
    ("query", "rows"), [("listed:exact", [0, 1]), ("listed:near", [2, 3]), ("NOT listed:*", [4])]
)
def test_queries_ask_for_it(listed, settle, query, rows):
    listed.filtering.box.set_text(query)
    settle(listed)
    for name in ("passes", "reads"):
        assert ids(listed.models[name]) == rows


def test_rows_are_sorted_by_it(listed, settle):
    for name in ("passes", "reads"):
        model = listed.models[name]
        model.sort_by((SortKey(LISTED),))
        settle(listed)
        assert ids(model) == [0, 1, 2, 3, 4]
        model.sort_by((SortKey(LISTED, descending=True),))
        settle(listed)
        assert ids(model) == [2, 3, 0, 1, 4]


def test_marks_follow_the_list_and_go_with_it(listed, settle, tmp_path):
    listed.filtering.box.set_text("listed:exact")
    settle(listed)
    listed.apply_settings(Settings(listed_plates=("MN456",)))
    settle(listed)
    assert ids(listed.models["reads"]) == [4]
    assert marks(listed, "reads") == ["= MN456"]
    listed.apply_settings(Settings())
    settle(listed)
    assert ids(listed.models["reads"]) == []
    for name in ("passes", "reads"):
        assert table(listed, name).isColumnHidden(place_of(listed, name))


def test_a_list_that_cannot_be_used_is_said_and_the_one_before_stays(listed, settle, tmp_path):
    wanted = Settings(listed_file=str(tmp_path / "none.txt"))
    listed.apply_settings(wanted)
    settle(listed)
    assert "none.txt cannot be read" in listed.strip.text
    assert marks(listed, "reads")[0] == "= ABC123"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_exact_and_near_differ_by_their_ground(listed, settle, theme):
    listed.commands.apply_theme(theme.name)
    listed.resize(1500, 900)
    view = table(listed, "reads")
    listed.browser.show_tab("reads")
    settle(listed)
    picture = view.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    place = place_of(listed, "reads")
    right = view.columnViewportPosition(place) + view.columnWidth(place) - 7

    def ground(row):
        middle = view.rowViewportPosition(row) + view.rowHeight(row) // 2
        return picture.pixelColor(round(right * ratio), round(middle * ratio)).name()

    assert [ground(row) for row in (1, 2, 4)] == [theme.accent, theme.surface, theme.surface]
