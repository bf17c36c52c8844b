"""What another process is given to find passes and to weigh them: it comes to the same."""

from __future__ import annotations

import numpy as np
import pytest

from alprviewer.core.errors import Cancelled
from alprviewer.core.passes import PassRules
from alprviewer.store.arrayfile import Unusable
from alprviewer.store.passes import find
from alprviewer.store.passinput import load, save
from tests.helpers.opening import SAMPLE, captured, frame, write

RULES = PassRules()


def test_the_same_passes_are_found_in_it(tmp_path):
    columns = captured(SAMPLE).columns
    values = save(tmp_path / "input", columns, {"more": np.arange(5)})
    again, more, _ = load(tmp_path / "input", values)
    assert more["more"].tolist() == list(range(5))
    assert list(more) == ["more"]
    mine, theirs = find(columns, RULES), find(again, RULES)
    assert mine.table.tobytes() == theirs.table.tobytes()
    assert (mine.ids, mine.consensus, mine.cameras) == (theirs.ids, theirs.consensus, theirs.cameras)


def test_memory_that_was_given_back_is_read_again(tmp_path):
    columns = captured(SAMPLE).columns
    again, _, release = load(tmp_path / "input", save(tmp_path / "input", columns, {}))
    first = find(again, RULES)
    release()
    assert find(again, RULES).table.tobytes() == first.table.tobytes()


def test_names_that_are_absent_or_odd(tmp_path):
    frames = [frame("ÄÖ-1234567890", camera_id=...), frame("AB1", camera_id="x"), frame(..., candidates=[])]
    columns = captured(write(tmp_path / "a.jsonl", frames)).columns
    again, _, _ = load(tmp_path / "input", save(tmp_path / "input", columns, {}))
    assert again.envelopes() == columns.envelopes()
    mine, theirs = find(columns, RULES), find(again, RULES)
    assert (mine.ids, mine.consensus, mine.cameras) == (theirs.ids, theirs.consensus, theirs.cameras)


def test_nothing_at_all(tmp_path):
    columns = captured(write(tmp_path / "a.jsonl", [])).columns
    again, _, _ = load(tmp_path / "input", save(tmp_path / "input", columns, {}))
    assert len(find(again, RULES)) == 0


def test_rows_that_come_meanwhile_are_left_out(tmp_path):
    columns = captured(SAMPLE).columns
    before = columns.snapshot()
    columns.dictionaries["plate"].code("A TEXT THAT DOES NOT FIT INTO A WORD")
    again, _, _ = load(tmp_path / "input", save(tmp_path / "input", before, {}))
    assert len(again.reads) == len(before.reads)


def test_it_can_be_stopped_and_damage_is_seen(tmp_path):
    columns = captured(SAMPLE).columns
    with pytest.raises(Cancelled):
        save(tmp_path / "input", columns, {}, lambda: True)
    assert list(tmp_path.iterdir()) == []
    values = save(tmp_path / "input", columns, {})
    (tmp_path / "input").write_bytes((tmp_path / "input").read_bytes()[:-1])
    with pytest.raises(Unusable):
        load(tmp_path / "input", values)
