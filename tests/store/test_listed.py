"""What is listed of reads and passes, compared with looking at one after the other."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.listed import Listed, read_list
from alprviewer.core.query.parse import parse
from alprviewer.core.texts import Texts
from alprviewer.review.listing import listed_column, nearest
from alprviewer.store.columns import Columns
from alprviewer.store.filtering import Filter
from alprviewer.store.listed import Judge, ListedRows, grouped
from alprviewer.store.matchers import Surroundings
from alprviewer.store.passrows import NO_ROW
from tests.helpers.reading import batch_of, frame_value, items_of, read_value

PLATES = st.sampled_from(["ABC12", "abc-12", "A8C12", "ABC1", "QQ7", "Q07", "XY", "", "ABCDEFGHIJ12", "Ж12"])
LINES = st.sampled_from(["=ABC12", "ABC", "~2:QQ7", "%QQ7", "AB*", "/^X/", "=ABCDEFGHIJ1", "=Ж1"])
READS = st.lists(st.tuples(PLATES, st.lists(PLATES, max_size=3)), max_size=12)


def columns_of(reads, folder):
    columns = Columns()
    for number, (plate, candidates) in enumerate(reads):
        others = [{"plate": each, "confidence": 50.5, "matches_template": 0} for each in candidates]
        value = frame_value(number, results=[read_value(plate, candidates=others)])
        batch = batch_of(items_of(json.dumps(value).encode(), folder))
        columns.append(batch, 0, columns.code_maps())
    return columns


def naive(plates, plate, candidates, consensus=None):
    """How far a read is listed: every spelling against the whole list."""
    hits = [hit for hit in plates.hits([plate or "", consensus or ""]) if hit is not None]
    if any(hit.is_exact for hit in hits):
        return Listed.EXACT
    of_candidates = [hit for hit in plates.hits(candidates) if hit is not None and hit.is_exact]
    return Listed.NEAR if hits or of_candidates else Listed.NOT


def state_of(why):
    return Listed.NOT if why is None else why.listed


@given(READS, st.lists(LINES, max_size=4), st.data())
def test_against_looking_at_one_after_the_other(tmp_path_factory, reads, lines, data):
    columns = columns_of(reads, tmp_path_factory.mktemp("x"))
    plates = read_list(lines, "the list")
    judge = Judge(plates, columns.dictionaries["plate"].value)
    cut = data.draw(st.integers(0, len(reads)))
    parts = [judge.reads(columns.reads, columns.candidates, *ends) for ends in ((0, cut), (cut, len(reads)))]
    states = np.concatenate(parts)
    assert states.tolist() == [naive(plates, *read) for read in reads]

    count = data.draw(st.integers(0, 3))
    passes = st.sampled_from([*range(count), NO_ROW])
    group_of = np.array(data.draw(st.lists(passes, min_size=len(reads), max_size=len(reads))), np.uint32)
    consensus = data.draw(st.lists(st.none() | PLATES, min_size=count, max_size=count))
    groups = grouped(states, group_of, judge.consensus(consensus))
    said = [consensus[group] if group != NO_ROW else None for group in group_of.tolist()]
    whole = [naive(plates, *read, text) for read, text in zip(reads, said, strict=True)]
    assert groups.reads.tolist() == whole
    for number, text in enumerate(consensus):
        mine = np.flatnonzero(group_of == number)
        best = max([*states[mine].tolist(), naive(plates, None, [], text)])
        assert groups.states[number] == best
        assert state_of(nearest(columns, judge, int(groups.best[number]), text)) == best
    for row, (state, text) in enumerate(zip(whole, said, strict=True)):
        assert state_of(nearest(columns, judge, row, text)) == state

    around = Surroundings(handed={"listed": listed_column(groups.reads)})
    for query, wanted in (
        ("listed:exact", {Listed.EXACT}),
        ("listed:near", {Listed.NEAR}),
        ("listed:*", {Listed.EXACT, Listed.NEAR}),
        ("-listed:exact", {Listed.NEAR, Listed.NOT}),
    ):
        found = Filter(parse(query), columns, around=around).select("reads").tolist()
        assert found == [row for row, state in enumerate(whole) if state in wanted], query


def test_words_name_whose_spelling_it_is(tmp_path):
    columns = columns_of([("ABC12", []), ("A8C12", []), ("ZZ99", ["QQ8", "QQ7"])], tmp_path)
    judge = Judge(read_list(["=ABC12", "=QQ7"], "the list"), columns.dictionaries["plate"].value)
    judge.reads(columns.reads, columns.candidates, 0, 3)
    judge.consensus(["ABC12"])
    assert [nearest(columns, judge, row, None).words for row in range(3)] == [
        "ABC12 is listed",
        "near listed ABC12, one character: 8 for B",
        "candidate QQ7: QQ7 is listed",
    ]
    assert nearest(columns, judge, 1, "ABC12").words == "consensus ABC12: ABC12 is listed"
    assert nearest(columns, judge, NO_ROW, None) is None


def test_marks_are_the_same_where_nothing_new_is_listed():
    judge = Judge(read_list(["=AB1"], "the list"), Texts().value)
    none, some, nobody = np.zeros(3, np.uint8), np.array([0, 0, 0, 1], np.uint8), np.empty(0, np.uint32)
    one, more, other = (
        ListedRows(judge, each, None, grouped(each, nobody, each[:0])) for each in (none, none, some)
    )
    assert one.marks_as(more)
    assert not one.marks_as(other)
    assert not one.marks_as(ListedRows())
    assert other.among(range(1, 4)) == [(3, Listed.NEAR)]
    assert one.states("reads", np.array([0, 2, 7])).tolist() == [0, 0, 0]
    assert other.states("reads", slice(0, 4)).tolist() == [0, 0, 0, 1]
