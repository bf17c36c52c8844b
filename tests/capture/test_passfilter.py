"""Queries that ask for passes, against the exported passes and reads."""

from collections import defaultdict
from datetime import datetime

import pytest

from alprviewer.capture.export import rows
from alprviewer.capture.exportfilter import Where
from alprviewer.capture.intake import load
from alprviewer.capture.passfilter import asks_consensus, asks_passes
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from tests.helpers.realdata import SAMPLE


@pytest.fixture(scope="module")
def capture():
    found = load([str(SAMPLE)])
    found.find_passes(PassRules())
    return found


def exported(capture, what, query=None):
    where = Where(parse(query), Clock()) if query else None
    return list(rows(what, [str(SAMPLE)], where=where, capture=capture))


def seconds(row):
    begin, end = (datetime.fromisoformat(row[name]) for name in ("start_utc", "end_utc"))
    return (end - begin).total_seconds()


def agreement(capture):
    """Percent of each pass's reads that say its consensus, from the exported rows."""
    plates = defaultdict(list)
    for row in exported(capture, "reads"):
        plates[row["pass"]].append(row["plate"])
    return {
        row["pass"]: 100 * plates[row["pass"]].count(row["consensus"]) / len(plates[row["pass"]])
        for row in exported(capture, "passes")
        if row["consensus"] is not None
    }


def test_passes_by_their_own_values(capture):
    passes = exported(capture, "passes")
    shares = agreement(capture)
    one = passes[3]
    expected = {
        "prob>90": [row for row in passes if (row["consensus_probability"] or 0) > 0.9],
        "duration>=1": [row for row in passes if seconds(row) >= 1],
        f"pass:{one['pass']}": [one],
        f"consensus:={one['consensus']}": [row for row in passes if row["consensus"] == one["consensus"]],
        f"consensus:{one['consensus'][1:4]}": [
            row for row in passes if one["consensus"][1:4] in (row["consensus"] or "")
        ],
        "agree<50": [row for row in passes if shares.get(row["pass"], 100) < 50],
        "NOT prob>90": [row for row in passes if not (row["consensus_probability"] or 0) > 0.9],
    }
    for query, wanted in expected.items():
        assert [row["pass"] for row in exported(capture, "passes", query)] == [row["pass"] for row in wanted]
        assert 0 < len(wanted) < len(passes), query


def test_reads_and_frames_by_their_passes(capture):
    one = exported(capture, "passes")[5]
    reads = [row for row in exported(capture, "reads") if row["pass"] == one["pass"]]
    found = exported(capture, "reads", f"pass:{one['pass']}")
    assert found == reads
    frames = exported(capture, "frames", f"pass:{one['pass']}")
    assert [row["frame"] for row in reads] == [row_number(capture, frame) for frame in frames]


def row_number(capture, wanted):
    return [row["offset"] for row in exported(capture, "frames")].index(wanted["offset"])


def test_bare_text_finds_misread_plates_by_the_consensus(capture):
    consensus = {row["pass"]: row["consensus"] for row in exported(capture, "passes")}
    misread = next(
        row
        for row in exported(capture, "reads")
        if (text := consensus.get(row["pass"]))
        and text not in row["plate"]
        and text not in str(row["candidates"])
    )
    text = consensus[misread["pass"]]
    assert misread in exported(capture, "reads", text)
    assert misread not in exported(capture, "reads", f"plate:{text} OR candidate:{text}")


@pytest.mark.parametrize(
    ("query", "needs"),
    [
        ("conf>3", (False, False)),
        ("plate:A", (False, False)),
        ("duration>3", (True, False)),
        ("A", (True, True)),
        ("-(conf>3 OR all(agree<50))", (True, True)),
    ],
)
def test_what_a_query_needs(query, needs):
    tree = parse(query)
    assert (asks_passes(tree), asks_consensus(tree)) == needs
