"""Which characters are taken for which."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from alprviewer.core.confusion import Cell, by_character, cells, confusions, measured
from alprviewer.core.metrics import Kind, Sample

texts = st.text("AB1", max_size=6)


@given(texts, texts)
def test_side_by_side_both_texts_are_there_with_the_fewest_edits(truth, observed):
    found = list(cells(truth, observed))
    assert "".join(cell.true for cell in found) == truth
    assert "".join(cell.read for cell in found) == observed
    assert sum(cell.true != cell.read for cell in found) == Levenshtein.distance(truth, observed)
    for cell in found:
        assert 0 <= cell.position <= len(truth)
        assert not cell.true or truth[cell.position] == cell.true


def test_examples():
    assert list(cells("AB1", "A81")) == [Cell("A", "A", 0), Cell("B", "8", 1), Cell("1", "1", 2)]
    assert list(cells("AB1", "A1")) == [Cell("A", "A", 0), Cell("B", "", 1), Cell("1", "1", 2)]
    assert list(cells("A1", "IA1")) == [Cell("", "I", 0), Cell("A", "A", 0), Cell("1", "1", 1)]


def test_cells_open_their_reads():
    samples = [
        Sample(7, Kind.PLATE, "B1", "81", frozenset()),
        Sample(8, Kind.PLATE, "1B", "18", frozenset()),
        Sample(9, Kind.FALSE_DETECTION, "", "88", frozenset()),
    ]
    found = confusions(samples)
    assert found[Cell("B", "8", 0)] == [7]
    assert found[Cell("B", "8", 1)] == [8]
    joined = by_character(found)
    assert joined == {("1", "1"): [7, 8], ("B", "8"): [7, 8]}
    assert sum(map(len, joined.values())) == sum(map(len, found.values())) == 4


@given(st.lists(st.tuples(texts, texts, st.sampled_from([0.25, 0.5, 1.0])), max_size=6))
def test_measured_pairs_are_the_cells_that_have_both_characters(readings):
    expected: dict[tuple[str, str], float] = {}
    for truth, read, much in readings:
        for cell in cells(truth, read):
            if cell.true and cell.read:
                expected[cell.true, cell.read] = expected.get((cell.true, cell.read), 0.0) + much
    assert measured(readings, 3) == (expected, 3)
