"""Two reviewers on two computers, one journal on a PostgreSQL server."""

from __future__ import annotations

import pytest

from alprviewer.core.passes import PassRules
from alprviewer.models.journaling import Journaling
from alprviewer.models.review import Review
from alprviewer.models.verdicts import Verdicts
from tests.helpers.opening import captured, frame, write
from tests.helpers.postgres import needs_postgres, postgres

pytestmark = needs_postgres


@pytest.fixture(scope="module")
def server():
    """A server, begun before a test looks at what runs."""
    with postgres() as started:
        yield started


@pytest.fixture
def reviewer(qtbot, tmp_path, server):
    """Makes reviewers of the same three vehicles, each on a computer of their own."""
    frames = [frame(f"AB{number}23", 1782889214972 + 100_000 * number) for number in range(3)]
    path = write(tmp_path / "three.jsonl", frames)
    usual = server.database()
    made: list[Review] = []

    def factory(name: str, url: str = usual) -> Review:
        journaling = Journaling(tmp_path / name / "data", tmp_path / name / "state")
        journaling.reviewer, journaling.url = name, url
        review = Review(journaling)
        made.append(review)
        review.set_capture(captured(path))
        review.enter(None, None, PassRules())
        qtbot.waitUntil(lambda: not review.busy, timeout=20_000)
        return review

    yield factory
    for review in made:
        review.close()


def test_each_sees_what_the_other_decided_within_two_seconds(qtbot, reviewer):
    ann, bob = reviewer("ann"), reviewer("bob")
    with qtbot.waitSignal(ann.journaling.saved, timeout=10_000):
        Verdicts(ann).accept()
    qtbot.waitUntil(lambda: bob.queue.remaining == 2, timeout=2_000)
    with qtbot.waitSignal(bob.journaling.saved, timeout=10_000):
        Verdicts(bob).not_a_plate()
    qtbot.waitUntil(lambda: ann.decided.read(0).disputed, timeout=2_000)
    with qtbot.waitSignal(bob.journaling.saved, timeout=10_000):
        Verdicts(bob).undo()
    qtbot.waitUntil(lambda: not ann.decided.read(0).disputed, timeout=2_000)
    assert ann.decided.read(0).decision is not None


@pytest.fixture
def restless():
    """A server that may be stopped and started: what runs at the end is not what ran at the beginning."""
    with postgres() as started:
        yield started


def test_what_is_decided_while_the_server_is_away_is_kept_and_handed_over(qtbot, restless, reviewer):
    url = restless.database()
    ann = reviewer("ann", url)
    troubles: list[str] = []
    ann.journaling.troubled.connect(troubles.append)
    with qtbot.waitSignal(ann.journaling.saved, timeout=10_000):
        Verdicts(ann).accept()
    restless.stop()
    try:
        qtbot.waitUntil(lambda: not ann.busy)
        with qtbot.waitSignal(ann.journaling.saved, timeout=10_000):
            Verdicts(ann).unreadable()
        qtbot.waitUntil(lambda: any("kept on this computer" in each for each in troubles), timeout=10_000)
        assert all("?" not in each and "\n" not in each for each in troubles)
    finally:
        restless.start()
    bob = reviewer("bob", url)
    qtbot.waitUntil(lambda: bob.queue.remaining == 1, timeout=20_000)
    qtbot.waitUntil(lambda: troubles[-1] == "", timeout=20_000)
