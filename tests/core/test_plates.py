"""Comparison, alignment and safe display of plate texts."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alprviewer.core.plates import (
    ELLIPSIS,
    SHOWN_CHARACTERS,
    Emphasis,
    display_text,
    emphasise,
    is_ignored,
    normal_form,
    visible_lines,
)

PLATES = st.text(alphabet="AB01 -\n", max_size=10)
ANY_TEXT = st.text(alphabet=st.characters(), max_size=40)  # surrogates too


def distance(one: str, two: str) -> int:
    """Edit distance, the slow way."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(two, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def marks(emphasis: Emphasis) -> str:
    """``^`` below what differs, ``<`` before which something is missing."""
    line = "".join(("<" if piece.gap else "") + ("^" if piece.differs else ".") for piece in emphasis.pieces)
    return line + ("<" if emphasis.gap_at_end else "")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("ab-12 cd", "AB12CD"),
        ("AB\n12", "AB12"),
        ("AB\r\n12", "AB12"),
        ("A\u2013B\u00a0C", "ABC"),
        ("straße", "STRASSE"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_normal_form(text, normal):
    assert normal_form(text) == normal


@given(ANY_TEXT)
def test_normal_form_is_stable_and_ignores_what_it_says(text):
    once = normal_form(text)
    assert not any(is_ignored(character) for character in once)
    assert normal_form("-".join(text)) == once
    assert normal_form(text.upper()) == normal_form(normal_form(text).upper()) or text.upper() != text


@pytest.mark.parametrize(
    ("chosen", "text", "expected"),
    [
        ("AYX8803", "AYX8803", "......."),
        ("AYX8803", "1YX8803", "^......"),
        ("AYX8803", "AYX880", "......<"),
        ("AYX8803", "YX8803", "<......"),
        ("AYX8803", "AYX880B", "......^"),
        ("AYX8803", "1AYX8803", "^......."),
        ("AYX8803", "AX8803", ".<....."),
        ("AB-123", "ab 123", "......"),
        ("AB123", "AB\n123", "......"),
        ("ABC", "", "<"),
        ("", "ABC", "^^^"),
        ("", "", ""),
    ],
)
def test_differences(chosen, text, expected):
    assert marks(emphasise(chosen, text)) == expected


@given(PLATES, PLATES)
@example("AAB", "AB")
def test_differences_are_as_few_as_possible(chosen, text):
    emphasis = emphasise(chosen, text)
    mine, other = normal_form(chosen), normal_form(text)
    differing = sum(piece.differs for piece in emphasis.pieces)
    places = sum(piece.gap for piece in emphasis.pieces) + emphasis.gap_at_end
    # Every differing character is one edit; a gap stands for at least one.
    assert differing <= distance(mine, other)
    assert differing + places <= distance(mine, other)
    assert (differing + places == 0) == (mine == other)
    # What does not differ stands in the other text too, in the same order.
    kept = "".join(
        source
        for source, piece in zip(text, emphasis.pieces, strict=True)
        if not piece.differs and not is_ignored(source)
    )
    rest = iter(mine)
    assert all(character in rest for character in normal_form(kept))
    assert emphasise(chosen, text) == emphasis


@given(PLATES, PLATES)
def test_what_is_ignored_never_differs(chosen, text):
    for source, piece in zip(text, emphasise(chosen, text).pieces, strict=True):
        assert not (piece.differs and is_ignored(source))


@given(ANY_TEXT, ANY_TEXT, st.integers(1, 12))
def test_emphasis_of_anything_is_short_and_safe(chosen, text, limit):
    emphasis = emphasise(chosen, text, limit)
    assert len(emphasis.pieces) == min(len(text), limit)
    assert emphasis.text == display_text(text, limit)
    assert_safe(emphasis.text)


def assert_safe(shown: str, kept: str = "") -> None:
    for character in shown:
        assert character in kept or character == " " or unicodedata.category(character)[0] not in "CZ"
    shown.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("AYX8803", "AYX8803"),
        ("AB\n123", "AB↵123"),
        ("AB\r\n123", "AB↵123"),
        ("A\rB", "A↵B"),
        ("A\x1b[31mB\0", "A<U+001B>[31mB<U+0000>"),
        ("A\u202eB\u2066C", "A<U+202E>B<U+2066>C"),
        ("A\u00a0B", "A<U+00A0>B"),
        ("\ud800", "<U+D800>"),
        ("京A·12345", "京A·12345"),
        ("é", "é"),
        ("e\u0301\u0301\u0301\u0301", "e\u0301\u0301<U+0301><U+0301>"),
        ("<b>bold</b> &amp;", "<b>bold</b> &amp;"),
        ("", ""),
    ],
)
def test_display_text(text, shown):
    assert display_text(text) == shown


@given(st.text(alphabet=st.characters(), max_size=300))
def test_display_text_of_anything_is_safe(text):
    shown = display_text(text)
    assert_safe(shown)
    assert (shown == text) or not text.isascii() or not text.isprintable() or len(text) > SHOWN_CHARACTERS


def test_too_long_a_text_is_elided():
    shown = display_text("A" * 1000)
    assert len(shown) == SHOWN_CHARACTERS
    assert shown.endswith(ELLIPSIS)
    assert marks(emphasise("A" * 1000, "A" * 999, 5)) == "....."


def test_lines_and_tabs_stay_in_a_text_of_many_lines():
    assert visible_lines("a\r\n\tb\x00\u202e\n") == "a\n\tb<U+0000><U+202E>\n"
