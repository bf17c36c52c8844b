"""The details pane: every field, absent and invalid told apart, copied as received."""

import json
import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QTreeView

from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.detailrows import ABSENT, Kind, number_text, rows_of, utc_text
from alprviewer.views.details import LABEL, VALUE, DetailsPane
from alprviewer.views.theme import DARK, LIGHT, palette_of
from tests.helpers.showing import frame_with, shown_of

WHOLE = frame_with(
    ("AYX8803", 89.1, 0),
    ("AYX880", 87.6, 1),
    read={
        "plate_index": 3,
        "region": "us-az",
        "region_confidence": 40,
        "processing_time_ms": 17.322235,
        "requested_topn": 10,
        "coordinates": [
            {"x": 216, "y": 119},
            {"x": 328, "y": -7},
            {"x": 326, "y": 177},
            {"x": 213, "y": 169},
        ],
        "vehicle_region": {"x": 90, "y": 0, "width": 360, "height": 361},
        "vehicle_detected": True,
        "plate_crop_jpeg": "... base 64 image data ...",
        "odd": {"a": [1]},
    },
    camera_id=1323877978,
    uuid="site-7-cam1-1782889214972",
    agent_uid="A" * 40,
    regions_of_interest=[
        {"x": 0, "y": 20, "width": 640, "height": 340},
        {"x": 1, "y": 2, "width": 3, "height": 4},
    ],
    error=False,
    version=2,
    processing_time_ms=115.0,
)
GARBAGE = shown_of(
    b'{"data_type":"alpr_results","epoch_time":8890634747532400640,"img_width":-1797572864,"camera_id":"x\\u202e",'
    b'"regions_of_interest":[{"x":1,"y":2,"width":3,"height":4},{"x":"no"}],"results":['
    b'"junk",{"plate":["a"],"confidence":200,"matches_template":5,"coordinates":[{"x":1,"y":2}],'
    b'"candidates":[{"plate":"A","confidence":1e9},{"plate":"B","confidence":50}]}]}',
    position=1,
)


def table(shown: Shown) -> dict[str, str]:
    return {row.name or row.label: row.value for row in rows_of(shown) if row.kind is not Kind.HEADING}


def rows(shown: Shown, kind: Kind) -> dict[str, str]:
    return {row.name or row.label: row.value for row in rows_of(shown) if row.kind is kind}


# --- the rows -------------------------------------------------------------------------------------


def test_every_field_with_its_unit():
    found = table(WHOLE)
    expected = {
        "Observed plate": "AYX8803",
        "Confidence": "89.1 %",
        "Margin": "1.5 %",
        "Matches template": "no",
        "Candidates": "2",
        "Candidates asked for": "10",
        "Region code": "us-az",
        "Region confidence": "40 %",
        "Coordinates 1": "1: 216, 119 px",
        "Coordinates 2": "2: 328, −7 px · outside the frame",
        "Coordinates 4": "4: 213, 169 px",
        "Plate width": "141 px",
        "Vehicle region": "x 90, y 0, 360 × 361 px",
        "Vehicle detected": "yes",
        "Place in frame": "1 of 1",
        "Plate index": "3",
        "odd": '{"a": [1]}',
        "Time": "2026-07-01 07:00:14.972 UTC",
        "Epoch time": "1782889214972 ms",
        "Camera id": "1323877978",
        "Width": "640 px",
        "Height": "360 px",
        "Reads 1": "1: AYX8803  89.1 %",
        "Regions of interest 2": "2: x 1, y 2, 3 × 4 px",
        "Uuid": "site-7-cam1-1782889214972",
        "Agent version": ABSENT,
        "Site id": ABSENT,
        "Error": "no",
        "Version": "2",
        "File or address": "capture.jsonl",
        "First byte": "10",
    }
    assert {name: found[name] for name in expected} == expected
    assert [row.value for row in rows_of(WHOLE) if row.label == "Processing time"] == ["17.322 ms", "115 ms"]


def test_every_typed_field_has_a_row():
    empty = frame_with(read={"plate": None, "confidence": None, "matches_template": None, "candidates": None})
    absent = rows(empty, Kind.ABSENT)
    for label in ("Observed plate", "Confidence", "Margin", "Matches template", "Candidates", "Region code"):
        assert absent[label] == ABSENT
    for label in ("Coordinates", "Plate width", "Vehicle region", "Vehicle detected", "Crop", "Plate index"):
        assert absent[label] == ABSENT
    for label in (
        "Camera id",
        "Uuid",
        "Agent uid",
        "Company id",
        "User data",
        "Error",
        "Vehicles",
        "Version",
    ):
        assert absent[label] == ABSENT


def test_empty_is_not_absent():
    found = rows(frame_with(("A1", 90.0, 0), read={"region": "", "candidates": []}, vehicles=[]), Kind.ABSENT)
    assert found["Region code"] == "empty text"
    assert table(frame_with(read={"candidates": []}))["Candidates"] == "0"
    assert (
        rows(frame_with(("A1", 90.0, 0), regions_of_interest=[]), Kind.ABSENT)["Regions of interest"]
        == "empty list"
    )


def test_invalid_values_are_shown_as_received():
    assert rows(GARBAGE, Kind.INVALID) == {
        "Time": "invalid: 8890634747532400640",
        "Width": "invalid: -1797572864",
        "Camera id": 'invalid: "x<U+202E>"',
        "Reads [0]": 'invalid: "junk"',
        "Regions of interest [1].x": 'invalid: "no"',
        "Observed plate": 'invalid: ["a"]',
        "Confidence": "invalid: 200",
        "Matches template": "invalid: 5",
        "Candidates [0].confidence": "invalid: 1000000000.0",
        "Coordinates": 'invalid: [{"x": 1, "y": 2}]',
    }


def test_an_unusable_crop_says_why():
    row = next(row for row in rows_of(WHOLE) if row.label == "Crop")
    assert (row.kind, row.value) == (Kind.INVALID, 'invalid: "... base 64 image data ..."')
    assert row.note == "The crop is not base64: a placeholder, or damaged."


def test_inside_wrappers_the_right_object_is_found():
    value = {"note": 1, "plates": [{"plate": json.loads(WHOLE.raw)}]}
    value["plates"][0]["plate"]["epoch_time"] = "bad"
    assert rows(shown_of(json.dumps(value).encode()), Kind.INVALID)["Time"] == 'invalid: "bad"'


def test_of_several_frames_in_a_value_the_shown_one_is_told():
    frames = [{**json.loads(WHOLE.raw), "epoch_time": "bad", "camera_id": number} for number in ("a", "b")]
    shown = shown_of(json.dumps({"plates": frames}).encode())
    assert rows(shown, Kind.INVALID)["Camera id"] == 'invalid: "a"'
    assert rows(replace(shown, inner=1), Kind.INVALID)["Camera id"] == 'invalid: "b"'


def test_a_read_behind_one_that_is_no_object_shows_its_own_values():
    value = json.loads(WHOLE.raw)
    value["results"] = [1, {"plate": "AB1", "confidence": "one"}, {"plate": "AB2", "confidence": "two"}]
    shown = [shown_of(json.dumps(value).encode(), position) for position in range(3)]
    assert rows(shown[0], Kind.INVALID)["Observed plate"] == "invalid"
    assert rows(shown[1], Kind.INVALID)["Confidence"] == 'invalid: "one"'
    assert rows(shown[2], Kind.INVALID)["Confidence"] == 'invalid: "two"'


def test_facts_of_a_sibling():
    shown = Shown("Heartbeat", "x.jsonl", 5, 20, facts=(("Kind", "heartbeat"), ("Camera", "")))
    assert table(shown) == {
        "Kind": "heartbeat",
        "Camera": ABSENT,
        "File or address": "x.jsonl",
        "First byte": "5",
        "Length": "20 bytes · to byte 25",
    }
    assert [row.label for row in rows_of(shown) if row.kind is Kind.HEADING] == ["Heartbeat", "Source"]
    assert rows_of(NOTHING) == []


def test_many_items_are_cut():
    boxes = [{"x": 1, "y": 2, "width": 3, "height": 4}] * 5000
    assert len(rows_of(frame_with(("A1", 90.0, 0), regions_of_interest=boxes))) < 200


@pytest.mark.parametrize(
    ("value", "text"), [(17.322235, "17.322"), (0.0, "0"), (-4.25, "−4.25"), (100.0, "100")]
)
def test_numbers(value, text):
    assert number_text(value) == text


def test_times_keep_their_milliseconds():
    assert utc_text(1782889214007) == "2026-07-01 07:00:14.007 UTC"
    assert utc_text(10**13 - 1) == "2286-11-20 17:46:39.999 UTC"


# --- the pane -------------------------------------------------------------------------------------


@pytest.fixture
def pane(qtbot):
    widget = DetailsPane()
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    widget.resize(420, 500)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def go_to(pane, name: str):
    view = pane.findChild(QTreeView)
    model = view.model()
    for row in range(model.rowCount()):
        index = model.index(row, LABEL)
        if index.data(Qt.ItemDataRole.AccessibleTextRole) == name:
            view.setCurrentIndex(index)
            return index
    raise AssertionError(name)


def press(pane, qtbot, *modifiers):
    view = pane.findChild(QTreeView)
    view.setFocus()
    held = Qt.KeyboardModifier.ControlModifier
    for each in modifiers:
        held |= each
    qtbot.keyClick(view, Qt.Key.Key_C, held)
    return QGuiApplication.clipboard().text()


def test_model_is_sound(pane):
    pane.show_item(WHOLE)
    model = pane.findChild(QTreeView).model()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    pane.show_item(GARBAGE)
    pane.show_item(NOTHING)
    assert [model.headerData(column, Qt.Orientation.Horizontal) for column in (0, 1)] == ["Field", "Value"]


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        (NOTHING, "Select a row to see its fields."),
        (Shown(source="x", failure="<b>x</b> has changed\x07."), "<b>x</b> has changed<U+0007>."),
    ],
)
def test_a_sentence_instead_of_rows(pane, shown, sentence):
    pane.show_item(WHOLE)
    pane.show_item(shown)
    label = next(label for label in pane.findChildren(QLabel) if label.isVisible())
    assert label.text() == sentence
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert not pane.findChild(QTreeView).isVisible()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Observed plate", "AYX8803"),
        ("Confidence", "89.1"),
        ("Coordinates 2", "328, -7"),
        ("Epoch time", "1782889214972"),
        ("Uuid", "site-7-cam1-1782889214972"),
        ("Crop", '"... base 64 image data ..."'),
        ("odd", '{"a": [1]}'),
    ],
)
def test_copy_value(pane, qtbot, name, value):
    pane.show_item(WHOLE)
    go_to(pane, name)
    assert press(pane, qtbot) == value
    assert press(pane, qtbot, Qt.KeyboardModifier.AltModifier) == f"{name}\t{value}"


def test_copying_a_hostile_plate_gives_it_as_received(pane, qtbot):
    plate = "<b>\u202eA\n" + "x" * 900
    pane.show_item(frame_with((plate, 90.0, 0)))
    index = go_to(pane, "Observed plate")
    shown = index.siblingAtColumn(VALUE).data()
    assert shown.startswith("<b><U+202E>A↵xxx")
    assert shown.endswith("…")
    assert press(pane, qtbot) == plate
    assert not pane.grab().isNull()


def test_the_keyboard_passes_over_headings(pane, qtbot):
    pane.show_item(WHOLE)
    view = pane.findChild(QTreeView)
    view.setFocus()
    seen = []
    for _ in range(60):
        qtbot.keyClick(view, Qt.Key.Key_Down)
        seen.append(view.currentIndex().siblingAtColumn(LABEL).data(Qt.ItemDataRole.AccessibleTextRole))
    assert {"Confidence", "Camera id", "First byte"} <= set(seen)
    assert not {"Read", "Frame", "Source"} & set(seen)


def test_the_chosen_field_stays_chosen(pane):
    pane.show_item(WHOLE)
    go_to(pane, "Camera id")
    pane.show_item(GARBAGE)
    view = pane.findChild(QTreeView)
    assert view.currentIndex().siblingAtColumn(LABEL).data() == "Camera id"
    pane.show_item(NOTHING)


def test_context_menu_copies(pane, qtbot):
    pane.show_item(WHOLE)
    view = pane.findChild(QTreeView)
    place = view.visualRect(go_to(pane, "Confidence")).center()
    view.customContextMenuRequested.emit(place)
    menu = pane.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Copy &Value", "Copy &Name and Value"]
    menu.actions()[0].trigger()
    assert QGuiApplication.clipboard().text() == "89.1"
    menu.close()
    heading = view.visualRect(view.model().index(0, 0)).center()
    view.customContextMenuRequested.emit(heading)
    view.customContextMenuRequested.emit(view.rect().bottomRight() * 3)
    assert not any(other.isVisible() for other in pane.findChildren(QMenu))


def test_invalid_is_marked_by_more_than_colour(pane):
    pane.show_item(GARBAGE)
    index = go_to(pane, "Time").siblingAtColumn(VALUE)
    assert index.data(Qt.ItemDataRole.ForegroundRole).color().name() == LIGHT.bad
    assert not index.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert index.data().startswith("invalid: ")
    pane.setPalette(palette_of(DARK))
    QApplication.processEvents()
    index = go_to(pane, "Time").siblingAtColumn(VALUE)
    assert index.data(Qt.ItemDataRole.ForegroundRole).color().name() == DARK.bad


def test_tooltips_are_plain(pane):
    pane.show_item(frame_with(("A1", 90.0, 0), read={"plate_crop_jpeg": "<img src=x>"}))
    view = pane.findChild(QTreeView)
    tips = [
        view.model().index(row, VALUE).data(Qt.ItemDataRole.ToolTipRole) or ""
        for row in range(view.model().rowCount())
    ]
    assert any(tips)
    assert not any("<" in tip for tip in tips)


def test_a_value_that_is_shortened_stands_whole_in_its_tooltip(pane):
    uuid = "a41e0c7d5b9f4c2e8d6137f0b2c4e9d85f70a316-1323877978-1782889214972"
    pane.show_item(frame_with(("A1", 90.0, 0), uuid=uuid))
    assert go_to(pane, "Uuid").siblingAtColumn(VALUE).data(Qt.ItemDataRole.ToolTipRole) == uuid
    tip = go_to(pane, "Epoch time").siblingAtColumn(VALUE).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.endswith(" ms · Wall clock of the recognizer's host; not monotonic.")


def test_rows_are_as_high_as_a_table_s(pane):
    pane.show_item(WHOLE)
    view = pane.findChild(QTreeView)
    assert view.visualRect(view.model().index(1, 0)).height() >= 24


def test_every_control_has_a_name(pane):
    assert pane.accessibleName() == "Details"
    assert pane.findChild(QTreeView).accessibleName()
    assert pane.focusProxy() is None
    pane.show_item(WHOLE)
    assert pane.focusProxy() is pane.findChild(QTreeView)


@pytest.mark.uncounted
def test_a_hundred_thousand_invalid_values_do_not_block():
    boxes = [{"x": "no"}] * 100_000
    spellings = [("A1", 1e9, 7)] * 20_000
    shown = frame_with(*spellings, regions_of_interest=boxes, odd=[[1, {"a": "b"}]] * 100_000)
    begun = time.process_time()
    made = rows_of(shown)
    assert time.process_time() - begun < 20, "the time grows with the square of the values"
    assert len(made) < 500


def test_passwords_are_hidden_but_copied():
    address = "rtsp://root:geheim@camera/1"
    shown = frame_with(("A1", 90.0, 0), odd={"url": address}, user_data=address, camera_id=[address])
    for row in rows_of(shown):
        assert "geheim" not in row.value
    assert {row.label: row.copied for row in rows_of(shown)}["User data"] == address
    facts = rows_of(Shown(source=address, facts=(("Address", address),)))
    assert [row.value for row in facts if row.copied == address] == ["rtsp://root:••••@camera/1"] * 2
