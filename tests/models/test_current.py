"""The selected row: read again off the UI thread, the newest wins, never another read's picture."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import threading
from dataclasses import replace

import pytest

from alprviewer.models import current as module
from alprviewer.models.current import Current
from alprviewer.models.keptitems import KeptItems, Selected
from alprviewer.models.shown import NOTHING, PROBLEM_TITLE
from tests.helpers.opening import REAL, SAMPLE, captured, frame, needs_real, write
from tests.views.shownvalues import BLUE, GREEN, RED, jpeg


def crop(colour: str) -> str:
    return base64.b64encode(jpeg(60, 30, colour)).decode()


def coloured(plate: str, colour: str, at: int) -> dict:
    return frame(plate, at, plate_crop_jpeg=crop(colour))


@pytest.fixture
def current(qtbot):
    made = Current()
    yield made
    made.close()


@pytest.fixture
def files(tmp_path):
    values = [coloured("RED", RED, 1), coloured("BLUE", BLUE, 2), coloured("GREEN", GREEN, 3)]
    return write(tmp_path / "a.jsonl", values)


def show(qtbot, current, table, row):
    with qtbot.waitSignal(current.changed, timeout=10_000) as changed:
        current.select(table, row)
    return changed.args[0]


def test_a_read_with_everything(current, files, qtbot):
    current.set_capture(captured(files))
    shown = show(qtbot, current, "reads", 1)
    assert current.shown is shown
    assert current.selection == Selected("reads", 1)
    assert shown.read.plate == "BLUE"
    assert shown.crop.image.pixelColor(5, 5).blue() > 150
    assert shown.source == str(files)
    data = files.read_bytes()
    assert data[shown.offset : shown.offset + shown.length].decode() == shown.raw
    assert shown.value["results"][0]["plate"] == "BLUE"
    assert shown.failure == ""


def test_a_frame_shows_its_first_read_and_one_without_reads_none(current, qtbot, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame("A"), frame(results=[])])
    current.set_capture(captured(path))
    assert show(qtbot, current, "frames", 0).position == 0
    shown = show(qtbot, current, "frames", 1)
    assert shown.position is None
    assert shown.read is None
    assert shown.frame is not None


def test_selecting_is_told_at_once_and_shown_later(current, files, qtbot):
    current.set_capture(captured(files))
    told = []
    current.selected.connect(told.append)
    with qtbot.waitSignal(current.changed):
        current.select("reads", 2)
        assert told == [Selected("reads", 2)]
        assert current.shown is NOTHING
        assert current.busy
    assert not current.busy
    current.select("reads", 2)
    assert len(told) == 1
    assert not current.busy


def test_the_newest_selection_wins(current, files, qtbot, monkeypatch):
    """Answers that are overtaken are never shown."""
    capture = captured(files)
    current.set_capture(capture)
    started, gate, shown = threading.Event(), threading.Event(), []

    def slow(*args, real=module.read_row):
        started.set()
        gate.wait(10)
        return real(*args)

    monkeypatch.setattr(module, "read_row", slow)
    current.changed.connect(lambda item: shown.append(item.read.plate))
    current.select("reads", 0)
    qtbot.waitUntil(started.is_set)
    for row in (1, 0, 1, 2):
        current.select("reads", row)
    gate.set()
    qtbot.waitUntil(lambda: not current.busy)
    assert shown == ["GREEN"]


def test_another_capture_drops_what_is_being_read(current, files, qtbot, monkeypatch):
    started, gate, done = threading.Event(), threading.Event(), threading.Event()

    def slow(*args, real=module.read_row):
        started.set()
        gate.wait(10)
        done.set()
        return real(*args)

    monkeypatch.setattr(module, "read_row", slow)
    current.set_capture(captured(files))
    shown = []
    current.changed.connect(shown.append)
    current.select("reads", 0)
    qtbot.waitUntil(started.is_set)
    current.set_capture(captured(SAMPLE))
    gate.set()
    qtbot.waitUntil(done.is_set)
    assert shown == [NOTHING]
    assert current.selection is None
    monkeypatch.undo()
    assert show(qtbot, current, "reads", 0).source == str(SAMPLE)
    assert shown[1:] == [current.shown]


# --- files that change


def test_a_file_that_is_truncated_gives_a_reason(current, files, qtbot):
    current.set_capture(captured(files))
    show(qtbot, current, "reads", 0)
    files.write_bytes(files.read_bytes()[:-200])
    shown = show(qtbot, current, "reads", 2)
    assert "has changed" in shown.failure
    assert shown.frame is None
    assert shown.crop.image is None
    assert shown.raw == ""


def test_a_file_that_is_gone_gives_a_reason(current, files, qtbot):
    current.set_capture(captured(files))
    files.unlink()
    shown = show(qtbot, current, "reads", 0)
    assert str(files) in shown.failure
    assert shown.crop.image is None


@pytest.mark.parametrize("how", ["in place", "by another file"])
@pytest.mark.parametrize("opened_before", [True, False])
def test_a_file_that_is_replaced_never_gives_another_read_s_picture(
    current, files, qtbot, tmp_path, how, opened_before
):
    current.set_capture(captured(files))
    if opened_before:
        show(qtbot, current, "reads", 0)
    other = write(
        tmp_path / "b.jsonl",
        [coloured(*args) for args in (("XXX", BLUE, 7), ("XXXX", RED, 8), ("XXXXX", RED, 9))],
    )
    if how == "in place":
        shutil.copyfile(other, files)
    else:
        other.replace(files)
    shown = show(qtbot, current, "reads", 1)
    if shown.failure:
        assert shown.frame is None
        assert shown.crop.image is None
    else:
        # The old file is still open, or what was read of it is kept: it is the truth that was indexed.
        assert opened_before
        assert shown.read.plate == "BLUE"
        assert shown.crop.image.pixelColor(5, 5).blue() > 150


def test_a_bug_is_said_in_place_of_the_row_before(current, files, qtbot, monkeypatch, expected_logs):
    expected_logs("Row 1 of reads could not be read again")
    current.set_capture(captured(files))
    show(qtbot, current, "reads", 0)
    monkeypatch.setattr(module, "_frame", lambda *_: 1 / 0)
    shown = show(qtbot, current, "reads", 1)
    assert "fault of alprviewer" in shown.failure
    assert shown.frame is None


# --- reads of one frame


@pytest.fixture
def two_reads(tmp_path):
    value = frame()
    one = value["results"][0]
    value["results"] = [
        {**one, "plate": "RED", "plate_crop_jpeg": crop(RED)},
        {**one, "plate": "BLUE", "plate_crop_jpeg": crop(BLUE)},
    ]
    return write(tmp_path / "a.jsonl", [frame("FIRST", 1), value, coloured("LAST", GREEN, 3)])


def test_another_read_of_the_frame_is_shown_without_reading(current, two_reads, qtbot):
    current.set_capture(captured(two_reads))
    show(qtbot, current, "reads", 1)
    told = []
    current.selected.connect(told.append)
    with qtbot.waitSignal(current.changed, timeout=0) as changed:
        current.select_position(1)
    assert told == [Selected("reads", 2)]
    assert changed.args[0].read.plate == "BLUE"
    assert changed.args[0].crop.image.pixelColor(5, 5).blue() > 150
    for position in (-1, 2, 99):
        current.select_position(position)
    assert current.selection == Selected("reads", 2)
    assert len(told) == 1


def test_a_frame_s_read_is_chosen_by_its_position(current, two_reads, qtbot):
    current.set_capture(captured(two_reads))
    show(qtbot, current, "frames", 1)
    current.select_position(1)
    assert current.selection == Selected("reads", 2)
    assert current.frame_row() == 1


def test_no_position_is_taken_while_another_row_is_being_read(current, two_reads, qtbot, monkeypatch):
    """It would be the frame before, under the name of the new one."""
    current.set_capture(captured(two_reads))
    show(qtbot, current, "frames", 1)
    with qtbot.waitSignal(current.changed) as changed:
        current.select("frames", 2)
        current.select_position(1)
        assert current.selection == Selected("frames", 2)
    assert changed.args[0].read.plate == "LAST"


def test_nothing_is_selected(current):
    current.select_position(0)
    assert current.frame_row() is None
    assert current.selection is None


# --- siblings and problems


def test_every_sibling_of_the_sample(current, qtbot):
    capture = captured(SAMPLE)
    current.set_capture(capture)
    titles = []
    for row in range(len(capture.columns.siblings)):
        shown = show(qtbot, current, "siblings", row)
        assert shown.failure == ""
        assert shown.facts[0] == ("Kind", shown.title)
        assert json.loads(shown.raw)
        titles.append(shown.title)
        current.select_position(0)
        assert current.selection == Selected("siblings", row)
    assert titles.count("Group") == 7
    assert titles.count("Heartbeat") == 5


def test_every_problem_of_the_sample_shows_its_place(current, qtbot):
    capture = captured(SAMPLE)
    current.set_capture(capture)
    data = SAMPLE.read_bytes()
    assert len(capture.columns.problems) >= 2
    for row in range(len(capture.columns.problems)):
        shown = show(qtbot, current, "problems", row)
        assert shown.title == PROBLEM_TITLE
        begin, end = shown.marked
        place = data[shown.offset : shown.offset + shown.length].decode(errors="replace")
        assert shown.raw[begin:end][:16] == place[:16]
        assert dict(shown.facts)["Reason"]


def test_a_long_problem_shows_its_beginning_and_what_stands_behind_it(current, qtbot, tmp_path):
    path = tmp_path / "a.jsonl"
    broken = b'{"data_type": "alpr_results", "x": ' + b"[1,] " * 4000 + b"\n"
    path.write_bytes(
        json.dumps(frame("GOOD")).encode() + b"\n" + broken + json.dumps(frame("NEXT")).encode() + b"\n"
    )
    capture = captured(path)
    current.set_capture(capture)
    columns = capture.columns.problems
    row = max(range(len(columns)), key=lambda each: columns.column("length")[each])
    shown = show(qtbot, current, "problems", row)
    begin, end = shown.marked
    assert "more bytes" in shown.raw[begin:end]
    assert len(shown.raw) < 10_000
    offset = shown.offset + shown.length
    assert shown.raw[end:].strip() in path.read_bytes()[offset:].decode().strip()


def test_a_problem_of_a_field_shows_the_read_it_is_about(current, qtbot, tmp_path):
    value = frame()
    one = value["results"][0]
    value["results"] = [one, {**one, "plate": "BAD", "confidence": "high"}]
    capture = captured(write(tmp_path / "a.jsonl", [value]))
    current.set_capture(capture)
    shown = show(qtbot, current, "problems", 0)
    assert shown.position == 1
    assert shown.read.plate == "BAD"
    assert "confidence" in dict(shown.facts)["Field"]


def test_problems_in_utf_16_and_gzip(current, qtbot, tmp_path):
    text = json.dumps(frame("GOOD")) + "\n" + '{"results": [}\n' + json.dumps(frame("NEXT")) + "\n"
    for name, data in {"a.jsonl": text.encode("utf-16"), "b.jsonl.gz": gzip.compress(text.encode())}.items():
        path = tmp_path / name
        path.write_bytes(data)
        capture = captured(path)
        current.set_capture(capture)
        shown = show(qtbot, current, "problems", 0)
        assert '"results"' in shown.raw[slice(*shown.marked)] or "[}" in shown.raw
        show(qtbot, current, "reads", 1)
        assert current.shown.read.plate == "NEXT"
        show(qtbot, current, "reads", 0)
        assert current.shown.read.plate == "GOOD"


# --- pictures of whole frames


def test_a_picture_beside_the_file_or_in_a_named_folder(current, files, qtbot, tmp_path):
    current.set_capture(captured(files))
    assert "No picture" in show(qtbot, current, "reads", 0).backdrop.reason
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "AGENT-7-1.jpg").write_bytes(jpeg(64, 36, GREEN))
    with qtbot.waitSignal(current.changed) as changed:
        current.set_image_folders([str(folder)])
    assert changed.args[0].backdrop.image.width() == 64
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames" / "AGENT-7-2.jpg").write_bytes(jpeg(32, 18))
    assert show(qtbot, current, "reads", 1).backdrop.image.width() == 32


@pytest.mark.parametrize("data", [b"", b"text", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_what_is_no_picture_gives_a_reason(current, files, qtbot, tmp_path, data):
    (tmp_path / "AGENT-7-1.jpg").write_bytes(data)
    current.set_capture(captured(files))
    shown = show(qtbot, current, "reads", 0)
    assert shown.backdrop.image is None
    assert "AGENT-7-1.jpg" in shown.backdrop.reason
    assert shown.crop.image is not None


def test_a_path_line_counts_only_inside_the_folders(current, qtbot, tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(jpeg(64, 36))
    (inside / "cam.jpg").write_bytes(jpeg(48, 27))
    (inside / "link.jpg").symlink_to(outside / "secret.jpg")
    lines = [
        "cam.jpg",
        "../out/secret.jpg",
        str(outside / "secret.jpg"),
        "link.jpg",
        "/etc/passwd",
        "gone.jpg",
    ]
    path = inside / "a.txt"
    values = [json.dumps(frame(f"P{n}", n, uuid=...)) for n in range(len(lines))]
    path.write_text("".join(f"{line}\n{value}\n" for line, value in zip(lines, values, strict=True)))
    current.set_capture(captured(path))
    found = [show(qtbot, current, "frames", row).backdrop.image for row in range(len(lines))]
    assert found[0].width() == 48
    assert found[1:] == [None] * 5


@needs_real
def test_real_path_lines_and_real_frames(current, qtbot):
    current.set_capture(captured(REAL / "us-passes.jsonl"))
    assert show(qtbot, current, "reads", 0).backdrop.image.width() == 640
    path = REAL / "field" / "generated__alpr-2.3.0__dir_mode_us_with_path_lines.jsonl"
    current.set_capture(captured(path))
    assert show(qtbot, current, "frames", 0).failure == ""


@needs_real
@pytest.mark.parametrize("name", ["us-passes.jsonl", "published-example.json", "field"])
def test_every_row_of_real_files_can_be_shown(current, qtbot, name):
    capture = captured(REAL / name)
    current.set_capture(capture)
    for table in ("frames", "reads", "siblings", "problems"):
        count = len(getattr(capture.columns, table))
        for row in range(0, count, max(1, count // 40)):
            shown = show(qtbot, current, table, row)
            assert shown.failure == "", (table, row)
            assert shown.title


# --- files that changed


def sibling(kind: str, **more) -> dict:
    return {"data_type": kind, "best_plate_number": "GROUPED", "epoch_start": 1782889214972, **more}


def test_a_vehicle_shows_its_own_crop_and_a_group_the_overview(current, tmp_path, qtbot):
    pictures = {"vehicle_crop_jpeg": crop(RED), "overview_jpeg": crop(BLUE)}
    group = sibling("alpr_group", **pictures, best_plate={"plate": "A1", "confidence": 90})
    broken = sibling("vehicle", vehicle_crop_jpeg="no picture", overview_jpeg="... base64 ...")
    path = write(tmp_path / "a.jsonl", [sibling("vehicle", **pictures), group, broken])
    current.set_capture(captured(path))
    vehicle, group, broken = (show(qtbot, current, "siblings", row) for row in range(3))
    assert vehicle.crops[0].image.pixelColor(5, 5).red() > 150
    assert vehicle.crops[0].name == "vehicle crop"
    assert group.crops[0].image is None
    assert group.backdrop.image.pixelColor(5, 5).blue() > 150
    assert "Overview picture that came with the value" in group.backdrop.reason
    assert broken.crops[0].image is None
    assert broken.crops[0].reason
    assert broken.backdrop.reason == "No picture of this frame was found."


@pytest.mark.parametrize(
    "other",
    [
        sibling("alpr_group", best_plate_number="ANOTHER"),
        sibling("alpr_group", epoch_start=1782889214973),
        sibling("alpr_group", best_uuid="a-7-1"),
        sibling("vehicle_", best_plate_number="GROUPED"),
    ],
)
def test_another_group_in_the_place_of_one_is_not_shown(current, tmp_path, qtbot, other):
    path = write(tmp_path / "a.jsonl", [sibling("alpr_group", note="x" * 40)])
    current.set_capture(captured(path))
    length = path.stat().st_size
    assert show(qtbot, current, "siblings", 0).failure == ""
    data = json.dumps(other).encode()
    path.write_bytes(data[:-1] + b" " * (length - len(data) - 1) + b"}\n")
    with qtbot.waitSignal(current.changed, timeout=10_000) as changed:
        current.read_again()
    assert "has changed since it was opened" in changed.args[0].failure


def test_a_problem_shows_no_other_frame(current, tmp_path, qtbot):
    before, after = (json.dumps(frame(plate, confidence="x")) + "\n" for plate in ("BEFORE", "AFTERW"))
    path = tmp_path / "a.jsonl"
    path.write_text(before)
    current.set_capture(captured(path))
    shown = show(qtbot, current, "problems", 0)
    assert shown.frame.reads[0].plate == "BEFORE"
    path.write_text(after)
    with qtbot.waitSignal(current.changed, timeout=10_000) as changed:
        current.read_again()
    assert "has changed since it was opened" in changed.args[0].failure
    path.write_text("")
    with qtbot.waitSignal(current.changed, timeout=10_000) as changed:
        current.read_again()
    assert "has changed since it was opened" in changed.args[0].failure


def test_a_problem_of_gigabytes_is_shown_by_its_beginning(current, tmp_path, qtbot):
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(b'{"a":1')
        file.seek(3 << 30)
        file.write(b"\n" + json.dumps(frame()).encode() + b"\n")
    current.set_capture(captured(path))
    shown = show(qtbot, current, "problems", 0)
    assert shown.length == 3 << 30
    assert shown.raw.startswith('{"a":1')
    assert len(shown.raw) < 20_000


def test_problems_that_are_taken_back(current, tmp_path, qtbot):
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(frame(number, confidence="x")) + "\n" for number in "ABC"))
    capture = captured(path)
    current.set_capture(capture)
    places = capture.columns.problems.column("offset").tolist()
    show(qtbot, current, "problems", 2)
    capture.columns.take_back(range(1, 2))
    with qtbot.waitSignal(current.changed, timeout=10_000) as changed:
        current.take_back(range(1, 2))
    assert current.selection == Selected("problems", 1)
    assert changed.args[0].offset == places[2]
    capture.columns.take_back(range(1, 2))
    current.take_back(range(1, 2))
    assert current.selection is None
    assert current.shown == NOTHING


# --- rows that were read before they were asked for


def settled_ahead(current):
    return not current.busy and not current._worker.busy


def test_rows_ahead_are_shown_at_once(current, files, qtbot):
    current.set_capture(captured(files))
    shown = []
    current.changed.connect(shown.append)
    current.select("reads", 0, ahead=[1, 2])
    qtbot.waitUntil(lambda: settled_ahead(current) and len(shown) == 1)
    for row, plate in ((1, "BLUE"), (2, "GREEN"), (0, "RED")):
        current.select("reads", row)
        assert not current.busy
        assert current.selection == Selected("reads", row)
        assert current.shown.read.plate == plate


def test_rows_ahead_are_no_longer_read_once_another_row_is_selected(current, files, qtbot, monkeypatch):
    started, gate, read = threading.Event(), threading.Event(), []

    def slow(capture, reader, finder, selection, real=module.read_row):
        read.append(selection.row)
        if selection.row == 1:
            started.set()
            gate.wait(10)
        return real(capture, reader, finder, selection)

    monkeypatch.setattr(module, "read_row", slow)
    current.set_capture(captured(files))
    current.select("reads", 0, ahead=[1, 2])
    qtbot.waitUntil(started.is_set)
    with qtbot.waitSignal(current.changed):
        current.select("frames", 0)
        gate.set()
    qtbot.waitUntil(lambda: settled_ahead(current))
    assert 2 not in read


def test_another_capture_or_folder_forgets_what_was_read(current, files, qtbot, tmp_path):
    current.set_capture(captured(files))
    current.select("reads", 0, ahead=[1])
    qtbot.waitUntil(lambda: settled_ahead(current))
    with qtbot.waitSignal(current.changed):
        current.set_image_folders([str(tmp_path)])
        assert current.busy
    with qtbot.waitSignal(current.changed):
        current.select("reads", 1)
        assert current.busy
    other = write(tmp_path / "other.jsonl", [coloured("OTHER", RED, 1)])
    current.set_capture(captured(other))
    assert show(qtbot, current, "reads", 0).read.plate == "OTHER"


def test_what_could_not_be_read_is_read_again(current, files, qtbot):
    current.set_capture(captured(files))
    away = files.rename(files.with_suffix(".away"))
    assert show(qtbot, current, "reads", 0).failure
    away.rename(files)
    assert show(qtbot, current, "reads", 1).failure == ""
    assert show(qtbot, current, "reads", 0).failure == ""


def test_items_are_kept_within_a_number_and_a_size():
    kept = KeptItems(most_bytes=10_000)
    small, large = replace(NOTHING, raw="x" * 10), replace(NOTHING, raw="x" * 100_000)
    for row in range(100):
        kept.keep(Selected("reads", row), small)
        assert kept.get(Selected("reads", 0)) is small
    assert Selected("reads", 99) in kept
    assert Selected("reads", 1) not in kept
    kept.keep(Selected("reads", 200), large)
    assert all(Selected("reads", row) not in kept for row in (*range(100), 200))
