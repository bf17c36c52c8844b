"""Killed at any moment, the program has kept every decision that it had said to be saved."""

from contextlib import closing

import pytest

from alprviewer.review.opening import open_journal
from tests.helpers.deciding import kill, look
from tests.helpers.postgres import needs_postgres


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def test_kills_while_decisions_pour_in(kind, tmp_path, server):
    url = "" if kind == "sqlite" else server.database()
    killed = kill(url, tmp_path, 6, seed=1)
    with closing(open_journal(url, tmp_path / "data")) as journal:
        found = look(journal, tmp_path, killed.confirmed)
    assert (killed.kills, found.missing, found.faults, found.damage) == (6, 0, (), ())
    assert found.entries >= len(killed.confirmed) >= 6
