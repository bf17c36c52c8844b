"""The first chapter of the manual, done as it is written: by keys and mouse, in the real window."""

from __future__ import annotations

import csv
import shutil

import pytest

from alprviewer.app.help.pages import page
from alprviewer.cli import run
from tests.helpers.live import free_port
from tests.helpers.opening import SAMPLE
from tests.helpers.walk import CONSENSUS, DECIDED, PLATE, QUESTION, Walk

pytestmark = pytest.mark.uncounted


@pytest.fixture
def walk(make_window, qtbot, tmp_path):
    window = make_window({"recent": []}, journal=f"sqlite:///{tmp_path / 'journal.sqlite'}")
    window.loader.follows = True
    steps = Walk(window, lambda condition: qtbot.waitUntil(lambda: bool(condition()), timeout=30_000))
    yield steps
    steps.end()


def table(walk) -> list[dict[str, str]]:
    """The rows of the passes as they are shown."""
    model = walk.window.models["passes"]
    rows = [model.id_at(row) for row in range(model.rowCount())]
    return [{name: model.text_of(row, name) for name in ("consensus", "resolved")} for row in rows]


@pytest.mark.timeout(240)
def test_a_stranger_opens_finds_corrects_exports_and_connects(walk, tmp_path, capsys):
    window = walk.window
    walk.settle()
    assert window.start_page.isVisible()
    walk.open_sample()
    assert window.browser.tab == "passes"
    path = tmp_path / "mine.jsonl"
    shutil.copy(SAMPLE, path)
    walk.open_file(path)
    assert window.windowTitle().startswith("mine.jsonl")

    walk.find_doubtful()
    assert table(walk)[0]["consensus"] == CONSENSUS
    walk.review()
    review = window.reviewing.page
    assert review.cells.text == CONSENSUS
    assert CONSENSUS[review.cells.weakest] != PLATE[review.cells.weakest], "the wrong one is marked"
    walk.correct()
    assert review.cells.text == PLATE
    walk.decide()
    assert [done.plate for done in window.reviewing.review.history.listed()] == [PLATE]
    walk.go_back()

    walk.show_decided()
    assert [row["resolved"] for row in table(walk)] == [PLATE]
    walk.export(tmp_path / "decided.csv")
    with (tmp_path / "decided.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)  # that one, and no other
    assert (row["consensus"], row["decision"], row["resolved_plate"]) == (CONSENSUS, "wrong", PLATE)
    url = window.reviewing.journaling.url
    assert run(["journal", "export", str(tmp_path / "decisions.csv"), "--journal", url]) == 0
    assert PLATE in (tmp_path / "decisions.csv").read_text()

    walk.show_all()
    dialog = walk.fill_in(free_port())
    assert dialog.focusWidget().text() == "Connect", "Enter goes on"
    address = walk.connect(dialog)
    assert len(window.loader.names) == 1, "the sample has made room"
    walk.send(SAMPLE, address, 50)
    assert window.follow.on


def test_the_chapter_says_what_the_walk_does():
    text = page("first-steps").text
    for words in (
        QUESTION,
        DECIDED,
        CONSENSUS,
        PLATE,
        "Open the sample capture",
        "Try live",
        "Test",
        "Connect",
    ):
        assert words in text, words
    keys = "Ctrl+O Ctrl+F Ctrl+R `E` `3` Enter Esc Ctrl+E Ctrl+Backspace Ctrl+1 → Ctrl+Shift+L"
    for key in keys.split():
        assert key in text, key
