"""Reads of one vehicle at one camera, whatever order they come in."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import passes
from alprviewer.core.likeness import alike_letters, common_share
from alprviewer.core.passes import FoundPasses, PassReads, PassRules, find_passes
from alprviewer.core.passgrowth import extended
from alprviewer.core.states import absent
from alprviewer.core.stretches import stretch_starts
from alprviewer.core.texts import word_of

RULES = PassRules()


def reads(rows):
    """Reads from (camera, time, frame, x, plate), 100 pixels wide; further values: y, position."""
    rows = [(*row, *(200, 0)[len(row) - 5 :]) for row in rows]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 7
    x, y = np.array(columns[3], float), np.array(columns[5], float)
    quad = np.stack([x, y, x + 100, y, x + 100, y + 30, x, y + 30], axis=1) if rows else np.empty((0, 8))
    return PassReads(
        np.array(columns[0], np.int64),
        np.array(columns[1], np.int64),
        np.array(columns[2], np.int64),
        np.array(columns[1], np.int64),
        np.array(columns[6], np.int64),
        quad.astype(np.int16),
        np.array([word_of(plate) for plate in columns[4]], np.uint64),
    )


def shuffled(given_reads, order):
    return PassReads(*(column[order] for column in given_reads))


def groups(found):
    """Passes as sets of rows, copies among them."""
    sets = defaultdict(set)
    for row, first in enumerate(found.first.tolist()):
        if first >= 0:
            sets[first].add(row)
    return sorted(map(sorted, sets.values()))


def drive(camera, start, x, speed, plate, count=8, step=100, y=200):
    """A vehicle's reads: (camera, time, x, plate, y)."""
    return [(camera, start + n * step, x + speed * n * step / 1000, plate, y) for n in range(count)]


def filmed(*drives):
    """Frames of cameras, one for each time; and which vehicle each read is of."""
    shown = sorted((read[0], read[1], number, read) for number, each in enumerate(drives) for read in each)
    frames, rows, vehicles = {}, [], []
    for camera, time, number, read in shown:
        frame = frames.setdefault((camera, time), len(frames))
        position = sum(row[2] == frame for row in rows)
        rows.append((camera, time, frame, read[2], read[3], read[4], position))
        vehicles.append(number)
    return reads(rows), vehicles


def by_vehicle(vehicles):
    sets = defaultdict(list)
    for row, vehicle in enumerate(vehicles):
        sets[vehicle].append(row)
    return sorted(sets.values())


@pytest.mark.parametrize(
    "drives",
    [
        [drive(1, 10_000, 100, 300, "ABC123"), drive(1, 20_000, 100, 300, "ABC123")],
        [drive(1, 10_000, 100, 300, "ABC123"), drive(2, 10_000, 100, 300, "ABC123")],
        [drive(1, 10_000, 100, 300, "ABC123"), drive(1, 10_000, 500, 300, "ABC124")],
        [drive(1, 10_000, 0, 1000, "ABC123"), drive(1, 10_000, 700, -1000, "XYW987")],
        [drive(1, 10_000, 0, 900, "ABC123"), drive(1, 10_000, 150, 300, "XYW987")],
        [drive(1, 10_000, 300, 0, "ABC123", 100, 2000), drive(1, 60_000, 0, 1000, "XYW987")],
    ],
    ids=["again later", "two cameras", "side by side", "crossing", "overtaking", "passing a parked one"],
)
def test_vehicles_are_told_apart(drives):
    filmed_reads, vehicles = filmed(*drives)
    assert groups(find_passes(filmed_reads, RULES)) == by_vehicle(vehicles)


@pytest.mark.parametrize(("silence", "passes"), [(50_000, 1), (60_000, 1), (60_100, 2), (240_000, 2)])
def test_a_parked_vehicle_is_one_pass_as_long_as_it_is_read(silence, passes):
    parked = drive(1, 10_000, 300, 0, "ABC123", 5, 2000)
    later = drive(1, 18_000 + silence, 300, 0, "ABC123", 5, 2000)
    found, _ = filmed(parked + later)
    assert len(groups(find_passes(found, RULES))) == passes


def test_a_vehicle_that_moves_ends_with_the_gap():
    moving = drive(1, 10_000, 0, 60, "ABC123", 10) + drive(1, 14_500, 120, 60, "ABC123", 10)
    found, _ = filmed(moving)
    assert len(groups(find_passes(found, RULES))) == 2
    assert len(groups(find_passes(found, PassRules(gap_ms=4000)))) == 1


def test_a_vehicle_that_is_too_fast_for_the_frames_is_known_by_its_text():
    leaping = drive(1, 10_000, 0, 4000, "ABC123", 3, 300)
    misread = [*leaping[:2], (*leaping[2][:3], "A8C123", leaping[2][4])]
    for each in (leaping, misread):
        found, _ = filmed(each)
        assert len(groups(find_passes(found, RULES))) == 1
        assert len(groups(find_passes(found, PassRules(speed=1.0)))) == 3


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("ABC123", (1, 10_300, 1200, "XYW987", 200)),
        ("AB", (1, 10_300, 1200, "AB", 200)),
        ("ABC123", (1, 10_030, 1200, "ABC123", 200)),
        ("ABC123", (1, 13_100, 1200, "ABC123", 200)),
    ],
    ids=["another text", "too short a text", "faster than anything", "too late"],
)
def test_what_does_not_leap(text, later):
    found, _ = filmed([(1, 10_000, 0, text, 200)], [later])
    assert len(groups(find_passes(found, RULES))) == 2


def test_nobody_leaps_back():
    entering, leaving = drive(1, 10_000, 600, 500, "ABC123", 5), drive(1, 10_900, 0, 500, "ABC124", 5)
    found, vehicles = filmed(entering, leaving)
    assert groups(find_passes(found, RULES)) == by_vehicle(vehicles)


def test_a_read_without_a_time_is_of_no_pass_and_one_without_a_quad_stands_alone():
    found = reads([(1, absent("i8"), 0, 10, "A"), (1, 1000, 1, 10, "A"), (1, 1100, 2, 10, "A")])
    found.quad[2] = absent("i2")
    assert find_passes(found, RULES).first.tolist() == [-1, 1, 2]


def test_nothing():
    found = find_passes(reads([]), RULES)
    assert (len(found.first), len(found.copy)) == (0, 0)


TRAFFIC = st.lists(
    st.tuples(
        st.integers(1, 2),
        st.integers(0, 400).map(lambda tenth: 1_700_000_000_000 + tenth * 100),
        st.integers(0, 900),
        st.sampled_from([-600, -50, 0, 0, 200, 800]),
        st.sampled_from(["ABC123", "ABC12", "8BC1Z3", "XYW987", "", "HH11"]),
        st.integers(1, 8),
        st.sampled_from([100, 300, 2500]),
        st.sampled_from([200, 400]),
    ),
    max_size=8,
).map(lambda drives: filmed(*(drive(*each) for each in drives))[0])


@given(TRAFFIC)
def test_no_pass_holds_two_reads_of_a_frame(traffic):
    found = find_passes(traffic, RULES)
    for rows in groups(found):
        frames = [traffic.frame[row] for row in rows if not found.copy[row]]
        assert len(set(frames)) == len(frames)
        assert len({traffic.camera[row] for row in rows}) == 1
        times = np.sort(traffic.time[rows])
        assert np.diff(times).max(initial=0) <= RULES.reach_ms


@given(TRAFFIC, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(traffic, random):
    order = list(range(len(traffic.time)))
    random.shuffle(order)
    mixed = find_passes(shuffled(traffic, order), RULES)
    back = sorted(sorted(order[row] for row in rows) for rows in groups(mixed))
    assert back == groups(find_passes(traffic, RULES))


@given(TRAFFIC, st.data())
def test_a_frame_that_came_twice_is_one_frame(traffic, data):
    count = len(traffic.time)
    frames = data.draw(st.sets(st.sampled_from(sorted(set(traffic.frame.tolist()))))) if count else set()
    again = np.flatnonzero(np.isin(traffic.frame, list(frames)))
    doubled = PassReads(*(np.concatenate([column, column[again]]) for column in traffic))
    doubled.frame[count:] += 1000
    found = find_passes(doubled, RULES)
    assert int(found.copy.sum()) == len(again)
    originals = [
        sorted({row if row < count else int(again[row - count]) for row in rows}) for rows in groups(found)
    ]
    assert sorted(originals) == groups(find_passes(traffic, RULES))


@given(TRAFFIC, st.data())
def test_batch_after_batch_gives_the_same_as_all_at_once(traffic, data):
    count = len(traffic.time)
    random = data.draw(st.randoms(use_true_random=False))
    order = list(range(count))
    random.shuffle(order)
    arrived = shuffled(traffic, order)
    found = FoundPasses(np.empty(0, np.int64), np.empty(0, bool))
    for end in [*sorted(data.draw(st.lists(st.integers(0, count), max_size=3))), count]:
        found = extended(found, PassReads(*(column[:end] for column in arrived)), RULES)
    whole = find_passes(arrived, RULES)
    assert groups(found) == groups(whole)
    assert found.copy.tolist() == whole.copy.tolist()


@given(TRAFFIC)
def test_stretches_alone_give_the_same_as_all_together(traffic):
    together = find_passes(traffic, RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passes, "_PART", 1)
        apart = find_passes(traffic, RULES)
    assert apart.first.tolist() == together.first.tolist()
    assert apart.copy.tolist() == together.copy.tolist()


def test_stretches_end_where_no_link_can_reach():
    camera = np.array([1, 1, 1, 2, 2])
    time = np.array([0, 10, 21, 22, 30])
    assert stretch_starts(camera, time, 10).tolist() == [0, 2, 3]


def naive_share(first, second):
    if not first or not second:
        return 0.5
    same = "".maketrans("ODQILZSGB", "000112568")
    a, b = first.translate(same), second.translate(same)
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1] / max(len(a), len(b))


@given(*[st.lists(st.text("0OABC12ZL", max_size=8), min_size=5, max_size=5)] * 2)
def test_common_share(first, second):
    words = [
        alike_letters(np.array([word_of(text) for text in texts], np.uint64)) for texts in (first, second)
    ]
    expected = [naive_share(a, b) for a, b in zip(first, second, strict=True)]
    assert common_share(*words).tolist() == pytest.approx(expected)
