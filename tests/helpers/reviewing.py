"""Reviewing by keys: what a careful person would strike, given the true plates."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from alprviewer.capture.capture import Capture
from alprviewer.core.decision import Entry, read_body
from alprviewer.core.plates import normal_form
from alprviewer.models.review import Review
from alprviewer.models.reviewhistory import State
from alprviewer.review.exchange import Truth, import_truth
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.opening import captured, frame, write

DIGITS = [
    Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5,
    Qt.Key.Key_6, Qt.Key.Key_7, Qt.Key.Key_8, Qt.Key.Key_9, Qt.Key.Key_0,
]  # fmt: skip


def truths(path: Path) -> dict[tuple[str, int], str]:
    """The true plate of each read, by uuid and plate index."""
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["uuid"], int(row["plate_index"])): row["plate_truth"] for row in csv.DictReader(file)}


def true_plate(window: Any, rows: tuple[int, ...], known: dict[tuple[str, int], str]) -> str:
    """The plate of most reads of a pass."""
    columns = window.loader.capture.columns
    found: Counter[str] = Counter()
    for row in rows:
        frame = int(columns.reads.column("frame")[row])
        head = columns.text("uuid_head", int(columns.frames.column("uuid_head")[frame]))
        uuid = f"{head}-{int(columns.frames.column('uuid_tail')[frame])}"
        found[known[uuid, int(columns.reads.column("plate_index")[row])]] += 1
    return found.most_common(1)[0][0]


def strike(key: Any, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Strike a key where the keyboard is."""
    QTest.keyClick(_focused(), key, modifiers)


def write_keys(text: str) -> None:
    """Strike the keys of a text."""
    QTest.keyClicks(_focused(), text)


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def decide_by_keys(window: Any, plate: str) -> None:
    """Say what the plate is, with as few keys as it takes: accept, a candidate, or typing."""
    sight = window.reviewing.review.sight
    wanted = normal_form(plate)
    read = sight.shown.read
    candidates = [normal_form(each.plate or "") for each in (read.candidates or [])][: len(DIGITS)]
    if normal_form(sight.plate) == wanted:
        strike(Qt.Key.Key_A)
    elif wanted in candidates:
        strike(DIGITS[candidates.index(wanted)])
    else:
        strike(Qt.Key.Key_E)
        strike(Qt.Key.Key_Home)
        for _ in sight.plate:
            strike(Qt.Key.Key_Delete)
        write_keys(plate)
        strike(Qt.Key.Key_Return)


def entries(path: Path) -> list[Entry]:
    """What a journal holds, in the order in which it came."""
    journal = SqliteJournal(path, reading_only=True)
    try:
        found = [read_body(link.body) for link in journal.since().links]
    finally:
        journal.close()
    return [each for each in found if each is not None]


def few(folder: Path, count: int = 3) -> Capture:
    """Vehicles ten seconds apart, two reads each."""
    frames = [
        frame(f"AB{vehicle}23", 1782889214972 + 100_000 * vehicle + 200 * read)
        for vehicle in range(count)
        for read in range(2)
    ]
    return captured(write(folder / "few.jsonl", frames))


def all_saved(review: Review) -> bool:
    """True once nothing waits to be saved."""
    return all(each.state is not State.SAVING for each in review.history.listed())


def known_plates(folder: Path, capture: Capture, plates: Mapping[int, str], reviewer: str = "truth") -> None:
    """Import true plates of reads, by row, into the journal of a folder."""
    frames = capture.columns.frames
    with closing(SqliteJournal(folder / "journal.sqlite")) as journal:
        pen = Pen(journal, reviewer, folder / f"state-{reviewer}")
        truths = []
        for row, plate in plates.items():
            at = int(capture.columns.reads.column("frame")[row])
            head = capture.columns.text("uuid_head", int(frames.column("uuid_head")[at]))
            truths.append(Truth(f"{head}-{int(frames.column('uuid_tail')[at])}", 0, plate))
        assert import_truth(journal, pen, capture, truths, "truth.csv").decided == len(plates)
