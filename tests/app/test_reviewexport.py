"""What was decided in the window is in exports, and can be asked for on the command line."""

from __future__ import annotations

import csv
import io

import pytest

from alprviewer.cli import run
from alprviewer.core.passes import PassRules
from alprviewer.models.journaling import Journaling
from alprviewer.models.review import Review
from alprviewer.models.verdicts import Verdicts
from tests.helpers.opening import captured, frame, write


@pytest.fixture
def decided(qtbot, tmp_path):
    """Three vehicles: one right, one unreadable, one not looked at; and the journal's URL."""
    frames = [frame(f"AB{number}23", 1782889214972 + 100_000 * number) for number in range(3)]
    path = write(tmp_path / "three.jsonl", frames)
    journaling = Journaling(tmp_path / "data", tmp_path / "state")
    journaling.reviewer, journaling.url = "ann", f"sqlite:///{tmp_path}/journal.sqlite"
    review = Review(journaling)
    review.set_capture(captured(path))
    review.enter(None, None, PassRules())
    for verdict in (Verdicts(review).accept, Verdicts(review).unreadable):
        qtbot.waitUntil(lambda: not review.busy, timeout=20_000)
        with qtbot.waitSignal(journaling.saved):
            verdict()
    review.close()
    return path, journaling.url


def exported(capsysbinary, *words) -> list[dict[str, str]]:
    assert run(["export", *map(str, words)]) == 0
    return list(csv.DictReader(io.StringIO(capsysbinary.readouterr().out.decode())))


def test_exports_have_what_the_window_decided(decided, capsysbinary):
    path, url = decided
    rows = exported(capsysbinary, "reads", path, "--journal", url)
    assert [(row["plate"], row["decision"], row["resolved_plate"], row["reviewer"]) for row in rows] == [
        ("AB023", "correct", "AB023", "ann"),
        ("AB123", "unreadable", "", "ann"),
        ("AB223", "", "", ""),
    ]
    rows = exported(capsysbinary, "passes", path, "--journal", url)
    assert [row["decision"] for row in rows] == ["correct", "unreadable", ""]


def test_decisions_can_be_asked_for(decided, capsysbinary):
    path, url = decided
    for what, query, count in (
        ("reads", "decision:unreadable", 1),
        ("frames", "decision:*", 2),
        ("passes", "NOT decision:correct", 2),
    ):
        rows = exported(capsysbinary, what, path, "--journal", url, "--where", query)
        assert len(rows) == count, query
