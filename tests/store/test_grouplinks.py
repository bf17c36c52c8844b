"""Groups and our passes, linked by all uuids that a group names."""

from __future__ import annotations

import tracemalloc
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from alprviewer.core.passes import PassRules
from alprviewer.core.states import absent
from alprviewer.store.grouplinks import group_links
from alprviewer.store.passes import NO_PASS, find
from alprviewer.store.passrows import NO_ROW
from tests.helpers.reading import capture_of
from tests.store.test_passtable import START, capture, capture_without_passes, frame, group, read


def uuid(time, camera=7):
    return f"agent-{camera}-{START + time}"


def indexed(found, index):
    return found | {"plate_index": index}


# Two vehicles side by side, read three times; a third one alone.
FRAMES = [
    *(
        frame(time, indexed(read("ABC123", 100 + time // 5), 0), indexed(read("XY987", 600 + time // 5), 1))
        for time in (0, 100, 200)
    ),
    frame(9000, indexed(read("ABC123", 100), 0)),
]


def links(made):
    table = made.columns.passes.links
    return [tuple(each) for each in table.tolist()]


def test_a_group_is_linked_with_the_pass_of_the_plates_that_it_names(tmp_path):
    named = group("OTHER", 0, None, uuids=[uuid(0), uuid(100), uuid(200)], plate_indexes=[1, 1, 1])
    made = capture(tmp_path, [*FRAMES, named])
    assert links(made) == [(0, 1, 3)]
    passes = made.columns.passes
    assert passes.of_sibling(0) == 1
    assert passes.siblings_of(1).tolist() == [0]
    assert passes.rows.column("sibling").tolist() == [NO_ROW, 0, NO_ROW]
    assert passes.frames_present(0) == 3


def test_a_group_that_is_split_over_passes_names_all_of_them(tmp_path):
    named = group("ABC123", 0, uuid(9000), uuids=[uuid(0), uuid(9000), uuid(100), uuid(1)])
    made = capture(tmp_path, [*FRAMES, named])
    assert links(made) == [(0, 0, 2), (0, 2, 1)], "the one with most frames first"
    passes = made.columns.passes
    assert passes.links_of(0)["row"].tolist() == [0, 2]
    assert passes.of_sibling(0) == 0
    assert [passes.siblings_of(row).tolist() for row in range(3)] == [[0], [], [0]]
    assert passes.rows.column("sibling").tolist() == [0, NO_ROW, 0]
    assert passes.frames_present(0) == 3, "one of four is not here"


def test_without_indexes_the_plate_decides_or_the_only_read(tmp_path):
    values = [
        group("XY987", 0, uuids=[uuid(0), uuid(9000)]),
        group("NOBODY", 0, uuids=[uuid(0), uuid(9000)]),
        group("XY987", 0, uuids=[uuid(0), uuid(100)], plate_indexes=[0]),
        group("NOBODY", 0, uuids=[uuid(0)], plate_indexes=[7]),
    ]
    made = capture(tmp_path, [*FRAMES, *values])
    assert links(made) == [(0, 1, 1), (0, 2, 1), (1, 2, 1), (2, 1, 2)]
    assert [made.columns.passes.frames_present(row) for row in range(4)] == [2, 2, 2, 1]


def test_a_best_frame_that_is_not_on_the_list_links_too(tmp_path):
    made = capture(tmp_path, [*FRAMES, group("ABC123", 0, uuid(9000), uuids=[uuid(0)])])
    assert links(made) == [(0, 0, 1), (0, 2, 0)]
    alone = capture(tmp_path, [*FRAMES, group("ABC123", 0, uuid(9000), uuids=[])])
    assert links(alone) == [(0, 2, 0)]
    assert alone.columns.passes.frames_present(0) == 0


def test_of_equal_passes_the_one_with_the_best_frame_is_first(tmp_path):
    made = capture(tmp_path, [*FRAMES, group("ABC123", 0, uuid(9000), uuids=[uuid(0), uuid(9000)])])
    assert links(made) == [(0, 2, 1), (0, 0, 1)]


def test_groups_of_another_file_are_linked_and_are_no_passes_of_their_own(tmp_path):
    values = [group("ABC123", 0, uuid(0), uuids=[uuid(0)]), group("ABC123", 0, "agent-7-1")]
    made = capture(tmp_path, FRAMES, values)
    assert links(made) == [(0, 0, 1)]
    passes = made.columns.passes
    assert len(passes) == 4
    assert (passes.of_sibling(0), passes.rows.column("sibling")[passes.of_sibling(1)]) == (0, 1)


def test_a_frame_that_came_twice_is_one(tmp_path):
    made = capture(tmp_path, [*FRAMES, *FRAMES, group("ABC123", 0, uuids=[uuid(0), uuid(100)])])
    assert links(made) == [(0, 0, 2)]


def plainly(made, passes):
    """Uuid by uuid, for frames with one read each: of each group its passes with their frames."""
    columns = made.columns
    frames, siblings, named = columns.frames, columns.siblings, columns.named

    def name(table, row):
        return columns.text("uuid_head", int(table.column("uuid_head")[row])), int(
            table.column("uuid_tail")[row]
        )

    frame_of = {}
    for row in range(len(frames)):
        frame_of.setdefault(name(frames, row), row)
    found = {}
    for row in range(len(siblings)):
        first, count = int(siblings.column("first_named")[row]), int(siblings.column("uuids")[row])
        counted = Counter()
        for each in range(first, first + count):
            if name(named, each) in frame_of:
                read = int(frames.column("first_read")[frame_of[name(named, each)]])
                if passes.of_read[read] != NO_PASS:
                    counted[int(passes.of_read[read])] += 1
        if counted:
            found[row] = dict(counted)
    return found


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 14), max_size=6), min_size=1, max_size=5), st.integers(0, 10))
def test_links_are_those_of_looking_for_each_uuid(tmp_path_factory, groups, first):
    times = [250 * number * number for number in range(first, 10)]
    values = [frame(time, read(f"ABC{number}", 100 + 30 * number)) for number, time in enumerate(times)]
    values += [group("ABC1", 0, uuids=[uuid(250 * each * each) for each in named]) for named in groups]
    folder = tmp_path_factory.mktemp("groups")
    made = capture_without_passes(folder, values)
    passes = find(made.columns, PassRules(), with_consensus=False)
    rows = np.arange(len(groups))
    found = group_links(made.columns, passes, rows, len(rows))
    as_dict = {}
    for sibling, number, frames in found.links.tolist():
        as_dict.setdefault(sibling, {})[number] = frames
    assert as_dict == plainly(made, passes)
    assert found.present.tolist() == [sum(each in range(first, 10) for each in named) for named in groups]


def meant(reads, plate, index):
    """Which of a frame's reads, each a plate and an index, a group means."""
    scores = [2 * (index is not None and own == index) + (text == plate) for text, own in reads]
    if max(scores) > 0:
        return scores.index(max(scores))
    return 0 if len(reads) == 1 else None


PLATES = st.sampled_from(["AAA111", "BBB222", "CCC333"])
SEVERAL = st.lists(st.tuples(PLATES, st.sampled_from([0, 1, 2, None])), min_size=1, max_size=4)


@settings(max_examples=40)
@given(
    st.lists(SEVERAL, min_size=1, max_size=3),
    st.lists(
        st.tuples(PLATES, st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=5)), min_size=1
    ),
)
def test_of_several_reads_of_a_frame_the_one_that_is_meant_counts(tmp_path_factory, frames, groups):
    values = [
        frame(
            250 * at * at,
            *(indexed(read(text, 100 + 150 * place), index) for place, (text, index) in enumerate(reads)),
        )
        for at, reads in enumerate(frames)
    ]
    for plate, named in groups:
        uuids, indexes = [uuid(250 * at * at) for at, _ in named], [index for _, index in named]
        values.append(group(plate, 0, uuids=uuids, plate_indexes=indexes))
    made = capture_without_passes(tmp_path_factory.mktemp("several"), values)
    passes = find(made.columns, PassRules(), with_consensus=False)
    first = made.columns.frames.column("first_read").tolist()
    wanted = {}
    for sibling, (plate, named) in enumerate(groups):
        for at, index in named:
            place = meant(frames[at], plate, index) if at < len(frames) else None
            if place is not None and passes.of_read[first[at] + place] != NO_PASS:
                key = sibling, int(passes.of_read[first[at] + place])
                wanted[key] = wanted.get(key, 0) + 1
    found = group_links(made.columns, passes, np.arange(len(groups)), len(groups)).links
    assert {(sibling, number): frames for sibling, number, frames in found.tolist()} == wanted


def test_a_huge_frame_that_is_named_again_and_again_takes_no_more_memory_than_both(tmp_path):
    """Some hundred thousand bytes of a stranger must not become gigabytes here."""
    count = 1500
    reads = (indexed(read(f"A{number}", 2 * number), number) for number in range(count))
    named = [
        group("A7", 0, uuids=[uuid(0)] * count, plate_indexes=list(range(count))),
        group("A8", 0, uuids=[uuid(0)] * count),
    ]
    made = capture_without_passes(tmp_path, [frame(0, *reads), *named])
    passes = find(made.columns, PassRules(), with_consensus=False)
    tracemalloc.start()
    found = group_links(made.columns, passes, np.arange(2), 2)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.present.tolist() == [count, count]
    assert found.links["frames"].sum() == 2 * count
    assert most < 1000 * 2 * count


def test_what_groups_name_is_kept_as_listed(tmp_path):
    path = tmp_path / "a.jsonl"
    import json

    value = group("A", 0, uuids=["a-1-5", "no number", "a-1-4"], plate_indexes=[0, 2, 1])
    path.write_text(json.dumps(value))
    columns = capture_of(path).columns
    heads = [columns.text("uuid_head", code) for code in columns.named.column("uuid_head").tolist()]
    assert heads == ["a-1", "no number", "a-1"]
    assert columns.named.column("uuid_tail").tolist() == [5, -1, 4]
    assert columns.named.column("plate_index").tolist() == [0, 2, 1]
    path.write_text(json.dumps(value | {"plate_indexes": [0]}))
    assert capture_of(path).columns.named.column("plate_index").tolist() == [absent("i4")] * 3
