"""Reviewing by keys: what a careful person would strike, given the true plates."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from alprviewer.core.decision import Entry, read_body
from alprviewer.core.plates import normal_form
from alprviewer.review.sqlite import SqliteJournal

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
