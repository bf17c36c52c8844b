"""A capture whose every text is an attack, in the real window."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from alprviewer.store.columns import Columns
from tests.helpers.opening import frame

pytestmark = pytest.mark.uncounted

ATTACKS = [
    "<img src='file:///etc/passwd' width=900>",
    "<b>bold</b><script>x</script>",
    "A\u202eB\u2066C",
    "A\x00B",
    "A\x1b[31mB\x07",
    "A\r\nB\tC",
    '=HYPERLINK("x")',
    "&amp;&lt;",
    "x" * 1_000_000,
    "́" * 500,
    "🚗" * 40,
    "../../etc/passwd",
    "%s%n{0}{zone}",
]


def attacked(text: str) -> dict:
    value = frame(text, region=text, plate_crop_jpeg=text[:5000])
    for name in ("uuid", "agent_uid", "agent_version", "agent_type", "company_id", "error", "user_data"):
        value[name] = text
    value[text[:200] or "x"] = text[:200]
    value["results"][0]["candidates"].append({"plate": text, "confidence": 80.0, "matches_template": 1})
    return value


def group(text: str) -> dict:
    return {
        "data_type": "alpr_group",
        "epoch_start": 1782889214972,
        "best_plate_number": text,
        "best_region": text,
        "best_uuid": text,
        "camera_name": text,
        "agent_uid": text,
        "best_plate": {"plate": text, "plate_crop_jpeg": text[:100]},
    }


def heartbeat(text: str) -> dict:
    streams = [{"camera_id": 7, "camera_name": text, "url": f"rtsp://root:secret@{text[:50]}/"}]
    return {"data_type": "heartbeat", "timestamp": 1782889214972, "agent_uid": text, "video_streams": streams}


@pytest.fixture
def window(make_window, open_in, tmp_path):
    lines = [json.dumps(make(text)) for text in ATTACKS for make in (attacked, group, heartbeat)]
    lines += [json.dumps(frame(confidence=text, region=5)) for text in ATTACKS]
    lines += [f'{{"{text[:50].encode("unicode_escape").decode()}": [}}' for text in ATTACKS]
    lines += [text[:300] for text in ATTACKS if "\n" not in text]
    path = tmp_path / "a<b>\u202e.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    return open_in(make_window(), path)


def complaints(window) -> list[str]:
    """Labels that would take a text for rich text, tooltips and names with raw attacks in them."""
    found = []
    for widget in [window, *window.findChildren(QWidget)]:
        name = type(widget).__name__
        is_filled = isinstance(widget, QLabel) and widget.text()
        if is_filled and widget.textFormat() is not Qt.TextFormat.PlainText:
            found.append(f"rich text: {widget.text()[:80]!r}")
        tips = [each for each in (widget.toolTip(), widget.statusTip()) if "<" in each]
        found += [f"{name}: tip {tip[:80]!r}" for tip in tips]
        spoken = [widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        spoken.append(widget.toolTip())
        spoken += [widget.text()] if isinstance(widget, (QLabel, QAbstractButton)) else []
        raw = [each for each in spoken if not each.replace("\n", "").isprintable() or len(each) > 5000]
        found += [f"{name} says {text[:80]!r}" for text in raw]
    return found


def test_every_row_of_every_table_in_every_pane(window, settle):
    columns: Columns = window.loader.capture.columns
    assert len(columns.reads) >= 2 * len(ATTACKS)
    assert len(columns.siblings) >= 2 * len(ATTACKS)
    assert len(columns.problems) >= len(ATTACKS)
    for pane in ("crop", "details", "json"):
        window.workspace.focus_pane(pane)
        for name in ("reads", "frames", "siblings", "problems"):
            window.browser.show_tab(name)
            table = window.browser.table(name)
            for row in range(0, table.rows.rowCount(), 2 if pane == "details" else 9):
                table.show_row(table.rows.id_at(row), by_user=False)
                settle(window)
                assert window.current.shown.title or window.current.shown.failure
            assert complaints(window) == [], (pane, name)


def test_narrowing_and_titles(window, settle):
    assert window.windowTitle().startswith("a<b><U+202E>.jsonl")
    for row in range(1, window.models["reads"].rowCount(), 3):
        window.browser.show_tab("reads")
        window.browser.table("reads").show_row(row, by_user=True)
        window.browser.show_tab("frames")
        settle(window)
        assert "The frame of read" in window.models["frames"].narrowed_to
        assert complaints(window) == []


def test_copying_gives_the_plate_as_it_was(window, settle, qapp):
    window.browser.table("reads").show_row(0)
    settle(window)
    window.commands.copy_plate()
    assert qapp.clipboard().text() == ATTACKS[0]


def test_the_strip_and_the_recent_menu(window, settle, tmp_path):
    window.open([str(tmp_path / "<img src=x>\u202e\n.jsonl")])
    settle(window)
    assert "<U+202E>" in window.strip.text
    window.menus._recent.aboutToShow.emit()
    for action in window.menus._recent.actions():
        assert action.text().isprintable()
        assert "<" not in action.toolTip().replace("<U+", "") or not action.menu()
