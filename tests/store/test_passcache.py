"""Passes that were kept: the same as those that are found and weighed anew, or none."""

from __future__ import annotations

import numpy as np
import pytest

from alprviewer.core.passes import PassRules
from alprviewer.store import passcache as module
from alprviewer.store.arrayfile import Unusable
from alprviewer.store.passcache import load, save
from alprviewer.store.passes import explain, find
from tests.helpers.opening import SAMPLE, captured, frame, write

RULES = PassRules()


@pytest.fixture(scope="module")
def columns():
    return captured(SAMPLE).columns


@pytest.fixture(scope="module")
def passes(columns):
    return find(columns, RULES)


def test_everything_comes_back(tmp_path, columns, passes):
    save(tmp_path / "a.passes", "digest", passes)
    back = load(tmp_path / "a.passes", "digest", columns, RULES)
    assert back.table.tobytes() == passes.table.tobytes()
    assert (back.ids, back.consensus, back.cameras) == (passes.ids, passes.consensus, passes.cameras)
    assert np.array_equal(back.of_read, passes.of_read)
    for number in range(0, len(passes), 7):
        now, then = explain(columns, back, number), explain(columns, passes, number)
        assert (now is None) == (then is None)
        if now is not None:
            assert now[0] == then[0]
            assert now[1].tolist() == then[1].tolist()
    more = find(columns, RULES, back)
    assert more.consensus == passes.consensus, "and can be gone on from"


def test_passes_that_teach_nothing(tmp_path):
    columns = captured(write(tmp_path / "a.jsonl", [frame(plate=..., candidates=[])])).columns
    passes = find(columns, RULES)
    save(tmp_path / "a.passes", "digest", passes)
    back = load(tmp_path / "a.passes", "digest", columns, RULES)
    assert (back.consensus, back.taught, len(back)) == ([None], None, 1)


def test_what_is_of_something_else_is_not_used(tmp_path, columns, passes, monkeypatch):
    path = tmp_path / "a.passes"
    save(path, "digest", passes)
    other = captured(write(tmp_path / "a.jsonl", [frame()])).columns
    for arguments in (
        (path, "other", columns, RULES),
        (path, "digest", other, RULES),
        (path, "digest", columns, PassRules(gap_ms=1)),
        (tmp_path / "none.passes", "digest", columns, RULES),
    ):
        with pytest.raises(Unusable):
            load(*arguments)
    monkeypatch.setattr(module, "code_version", lambda: "another")
    with pytest.raises(Unusable):
        load(path, "digest", columns, RULES)


def test_damage_is_noticed(tmp_path, columns, passes):
    path = tmp_path / "a.passes"
    save(path, "digest", passes)
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :])
        try:
            back = load(path, "digest", columns, RULES)
        except Unusable:
            continue
        assert back.consensus == passes.consensus, "what stands between the arrays has no meaning"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unusable):
        load(path, "digest", columns, RULES)
