"""Listed plates: what is one of them, what is near one, against a comparison of every pair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.errors import UserError
from alprviewer.core.listed import MOST_LINES, NOTHING_LISTED, read_list
from alprviewer.core.plates import normal_form
from alprviewer.core.query.confusables import confused_with
from alprviewer.core.query.parse import parse
from alprviewer.core.query.tree import Near
from alprviewer.store.textmatch import automaton_of


def listed(*lines):
    return read_list(lines, "the list")


def edits(one, other):
    table = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, table[0] = table[0], i
        for j, b in enumerate(other, 1):
            before, table[j] = table[j], min(table[j] + 1, table[j - 1] + 1, before + (a != b))
    return table[-1]


@pytest.mark.parametrize(
    ("line", "read", "words"),
    [
        ("AB123", "ab-123", "AB123 is listed"),
        ("AB123", "XAB123Y", "listed by AB123"),
        ("AB123", "A8123", "near listed AB123, one character: 8 for B"),
        ("=AB123", "AB12", "near listed AB123, one character: 3 left out"),
        ("=AB123", "ABC123", "near listed AB123, one character: C put in"),
        ("=ABO123", "A80I23", "near listed ABO123, three characters: 8 for B, 0 for O, I for 1"),
        ("~2:AB123", "AC124", "near listed AB123, two characters: C for B, 4 for 3"),
        ("%AB123", "A8I23", "near listed AB123, two characters: 8 for B, I for 1"),
        ("AB*", "AB999", "listed by AB*"),
        ("/^A.9/", "AB999", "listed by /^A.9/"),
        ("plate:AB123", "AB123", "AB123 is listed"),
        ("AB123", "AC124", None),
        ("=AB123", "", None),
        ("=XY", "", None),
    ],
)
def test_what_is_near_and_how(line, read, words):
    (hit,) = listed(line).hits([read])
    assert (hit and hit.words) == words


def test_the_nearest_line_counts_and_what_is_listed_comes_first():
    found = listed("=AB124", "~3:AB128", "AB12?", "# nobody", "", "=AB123")
    assert found.hits(["AB123"])[0].line.text == "AB12?"
    assert found.hits(["AB124"])[0].line.text == "=AB124"
    assert len(found) == 4
    assert found.hit(["QQQ999", "AC123", "AB124"]).words == "AB124 is listed"
    assert found.hit(["QQQ999"]) is None
    assert NOTHING_LISTED.hits(["AB123", ""]) == [None, None]


letters = st.text("AB8I1O0", max_size=6)
lines = st.builds(
    lambda prefix, text: prefix + text,
    st.sampled_from(["", "=", "~", "~2:", "%"]),
    st.text("AB8I1O0", min_size=1, max_size=6),
) | st.builds("{}*".format, letters)


@given(st.lists(lines, max_size=6), st.lists(letters | st.just("a-b 1"), max_size=8))
def test_against_every_line_with_every_spelling(written, texts):
    for text, hit in zip(texts, listed(*written).hits(texts), strict=True):
        read, found = normal_form(text), []
        for line in written:
            match = parse(line).match
            is_match = automaton_of(match, is_plate=True).found(text)
            plate = "" if line.endswith("*") else normal_form(match.text)
            far = edits(plate, read) if plate else 0
            reach = match.distance if isinstance(match, Near) else 1
            alike = len(plate) == len(read) and all(
                b in confused_with(a) for a, b in zip(plate, read, strict=True)
            )
            if read and (is_match or (plate and (far <= reach or alike))):
                is_exact = (is_match and line[0] not in "~%") or read == plate
                found.append(((not is_exact, not is_match, far), line))
        if not found:
            assert hit is None
        else:
            rank = min(rank for rank, _ in found)
            first = next(line for each, line in found if each == rank)
            assert (hit.rank, hit.line.text, hit.read) == (rank, first, read)
            assert hit.is_exact == (not rank[0])
    exact = listed(*written).hits(texts, near=False)
    whole = listed(*written).hits(texts)
    assert exact == [hit if hit is not None and hit.is_exact else None for hit in whole]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("conf>", "Line 2 of the list, conf>, cannot be understood"),
        ("~9:AB1", "Line 2 of the list, ~9:AB1, cannot be understood: Expected a distance"),
        ('"AB1', "cannot be understood"),
        ("/(/", "cannot be understood"),
    ],
)
def test_lines_that_cannot_be_used(line, word):
    with pytest.raises(UserError, match=word):
        listed("AB123", line)


@pytest.mark.parametrize("line", ["conf>90", "=AB123 region:us-mo", "AB 123", "-ZZ99", "all(~QQ11)"])
def test_a_line_that_asks_for_more_than_a_plate_is_refused(line):
    with pytest.raises(UserError, match="Line 2 of the list asks for more than a plate") as caught:
        listed("AB123", line)
    assert line in str(caught.value)


def test_a_line_may_name_several_plates():
    found = listed("AB1* OR consensus:XY77", '"QQ 11"')
    assert [line.plate for line in found.lines] == ["", "XY77", "QQ11"]
    assert found.hit(["XY78"]).words == "near listed XY77, one character: 8 for 7"
    assert found.hit(["qq-11"]).words == "QQ11 is listed"
    assert found.hit(["ZZ99"]) is None


@pytest.mark.uncounted
def test_too_long_a_list():
    with pytest.raises(UserError, match="shorten it"):
        read_list((f"={number:06}" for number in range(MOST_LINES + 1)), "the list")


@pytest.mark.uncounted
def test_a_list_of_many_plates_is_asked_for_many_spellings_at_once():
    found = listed(*(f"=A{number:05}" for number in range(0, 5000, 5)))
    hits = found.hits([f"A{number:05}" for number in range(5000)])
    assert [hit.distance for hit in hits] == [0 if number % 5 == 0 else 1 for number in range(5000)]
