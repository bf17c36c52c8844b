"""Field by field from JSON to typed values, with the path of what is wrong."""

import time

import pytest

from alprviewer.core import fields
from alprviewer.core.errors import ProblemKind
from alprviewer.core.fields import MAX_PROBLEMS, Members, Notes
from alprviewer.core.frame import Box, Point

NOTHING, REPAIRED, UNUSABLE = "nothing", "repaired", "unusable"
HUGE = 10**400


def convert(converter, value):
    """The value, and what was noted: nothing, or the kind and whether it was repaired."""
    notes = Notes()
    result = converter(notes, "x", value)
    if not notes.problems:
        return result, NOTHING
    (problem,) = notes.problems
    assert problem.field == "x"
    assert problem.reason.endswith(".")
    assert problem.repaired == ("x" not in notes.invalid)
    return result, (REPAIRED if problem.repaired else UNUSABLE, problem.kind)


RANGE, TYPE = (UNUSABLE, ProblemKind.RANGE), (UNUSABLE, ProblemKind.TYPE)
AS_TEXT = (REPAIRED, ProblemKind.TYPE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (0, NOTHING)),
        (100, (100, NOTHING)),
        (7.0, (7, NOTHING)),
        ("7", (7, AS_TEXT)),
        (" 7 ", (7, AS_TEXT)),
        ("7.0", (7, AS_TEXT)),
        (-1, (None, RANGE)),
        (101, (None, RANGE)),
        (HUGE, (None, RANGE)),
        (-HUGE, (None, RANGE)),
        (float("inf"), (None, RANGE)),
        (float("-inf"), (None, RANGE)),
        ("9" * 31, (None, TYPE)),
        (7.5, (None, TYPE)),
        (True, (None, TYPE)),
        (False, (None, TYPE)),
        ("seven", (None, TYPE)),
        ("", (None, TYPE)),
        ([], (None, TYPE)),
        ({}, (None, TYPE)),
    ],
)
def test_integer(value, expected):
    result, noted = convert(fields.integer(0, 100), value)
    assert (result, noted) == expected
    assert result is None or type(result) is int


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, (1.0, NOTHING)),
        (92.9419174194336, (92.9419174194336, NOTHING)),
        (1.6e-07, (1.6e-07, NOTHING)),
        ("66,430672", (66.430672, AS_TEXT)),
        (".5", (0.5, AS_TEXT)),
        ("5.", (5.0, AS_TEXT)),
        ("1.6e-07", (1.6e-07, AS_TEXT)),
        (100.0001, (None, RANGE)),
        (-0.1, (None, RANGE)),
        (HUGE, (None, RANGE)),
        (float("inf"), (None, RANGE)),
        ("nan", (None, TYPE)),
        (True, (None, TYPE)),
    ],
)
def test_real(value, expected):
    result, noted = convert(fields.real(0, 100, " %"), value)
    assert (result, noted) == expected
    assert result is None or type(result) is float


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1583506775198, (1583506775198, NOTHING)),
        (1583506775198.0, (1583506775198, NOTHING)),
        (1583506775198.9, (1583506775198, NOTHING)),
        ("1583506775198", (1583506775198, AS_TEXT)),
        (1408627909, (1408627909000, (REPAIRED, ProblemKind.RANGE))),
        (1408627909.125, (1408627909125, (REPAIRED, ProblemKind.RANGE))),
        (10**11, (10**11, NOTHING)),
        (10**13 - 1, (10**13 - 1, NOTHING)),
        (10**13, (None, RANGE)),
        (8890634747532400640, (None, RANGE)),
        (4702111234474983424, (None, RANGE)),
        (0, (None, RANGE)),
        (-5, (None, RANGE)),
        (5 * 10**10, (None, RANGE)),
        (HUGE, (None, RANGE)),
        (float("inf"), (None, RANGE)),
        (True, (None, TYPE)),
        ("2020-01-01T00:00:00Z", (None, TYPE)),
    ],
)
def test_epoch(value, expected):
    assert convert(fields.epoch_ms, value) == expected


def test_a_text_without_a_finite_number_is_out_of_range():
    notes = Notes()
    assert fields.integer(0, 100)(notes, "x", "1e999") is None
    assert [problem.kind for problem in notes.problems] == [ProblemKind.TYPE, ProblemKind.RANGE]


def test_seconds_as_text_are_two_repairs():
    notes = Notes()
    assert fields.epoch_ms(notes, "epoch_time", "1408627909") == 1408627909000
    assert [(p.kind, p.repaired) for p in notes.problems] == [
        (ProblemKind.TYPE, True),
        (ProblemKind.RANGE, True),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, (0, NOTHING)),
        (1, (1, NOTHING)),
        (True, (1, NOTHING)),
        (False, (0, NOTHING)),
        ("1", (1, AS_TEXT)),
        (2, (None, RANGE)),
        ("yes", (None, TYPE)),
    ],
)
def test_flag(value, expected):
    assert convert(fields.flag, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ABC", ("ABC", NOTHING)),
        ("", ("", NOTHING)),
        ("a\0b\u202e", ("a\0b\u202e", NOTHING)),
        ("x\ud800y\udc00", ("x\ufffdy\ufffd", (REPAIRED, ProblemKind.ENCODING))),
        ("x" * 1024, ("x" * 1024, NOTHING)),
        ("x" * 1025, (None, (UNUSABLE, ProblemKind.SIZE))),
        (7, (None, TYPE)),
        (["x"], (None, TYPE)),
    ],
)
def test_text(value, expected):
    assert convert(fields.text, value) == expected


def test_numbers_where_names_belong_are_taken_by_their_spelling():
    assert convert(fields.text_or_number, 1234) == ("1234", AS_TEXT)
    assert convert(fields.text_or_number, True) == (None, TYPE)
    assert convert(fields.text_or_number, 1.5) == (None, TYPE)


@pytest.mark.parametrize("value", ["x" * 60_000, {"any": "thing"}, ["x"], 7, True])
def test_user_data_may_be_anything(value):
    result, noted = convert(fields.user_data, value)
    assert noted == NOTHING
    assert result == (value if isinstance(value, str) else None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, (True, NOTHING)),
        (0, (False, NOTHING)),
        ("image_missing", ("image_missing", NOTHING)),
        (5, (None, RANGE)),
        ({}, (None, TYPE)),
    ],
)
def test_error_mark(value, expected):
    assert convert(fields.error_mark, value) == expected


def members(pairs):
    return Members(list(pairs))


def corner(x, y):
    return members([("x", x), ("y", y)])


def noted(notes):
    return [(p.field, p.kind, p.repaired) for p in notes.problems]


def test_corners_outside_the_picture_are_kept():
    notes = Notes()
    quad = [corner(812, -16), corner(985, -8), corner(32766, 40), corner(-32766, 41)]
    assert fields.quad(notes, "c", quad) == [
        Point(812, -16),
        Point(985, -8),
        Point(32766, 40),
        Point(-32766, 41),
    ]
    assert not notes.problems


@pytest.mark.parametrize(
    ("quad", "expected"),
    [
        ([], [("c", ProblemKind.TYPE, False)]),
        ([corner(1, 2)] * 3, [("c", ProblemKind.TYPE, False)]),
        ([corner(1, 2)] * 5, [("c", ProblemKind.TYPE, False)]),
        ("x", [("c", ProblemKind.TYPE, False)]),
        ([corner(1, 2)] * 3 + [7], [("c[3]", ProblemKind.TYPE, False)]),
        ([corner(1, 2)] * 3 + [members([("x", 1)])], [("c[3]", ProblemKind.TYPE, False)]),
        ([corner(1, 2)] * 3 + [corner(1, 40000)], [("c[3].y", ProblemKind.RANGE, False)]),
    ],
)
def test_a_quad_is_usable_as_a_whole_or_not_at_all(quad, expected):
    notes = Notes()
    assert fields.quad(notes, "c", quad) is None
    assert noted(notes) == expected
    assert "c" in notes.invalid


def test_fractions_of_pixels_are_rounded():
    notes = Notes()
    box = members([("x", 1.5), ("y", 2.0), ("width", 9.6), ("height", "4")])
    assert fields.box(notes, "b", box) == Box(2, 2, 10, 4)
    assert noted(notes) == [(f"b.{name}", ProblemKind.TYPE, True) for name in ("x", "width", "height")]


def test_a_box_of_no_size_is_a_box():
    notes = Notes()
    assert fields.box(notes, "b", members([("x", 0), ("y", 0), ("width", 0), ("height", 0)])) == Box(
        0, 0, 0, 0
    )
    assert fields.box(notes, "b", members([("x", 0), ("y", 0), ("width", -1), ("height", 0)])) is None


def test_repeated_members_are_found_quickly():
    pairs = [(f"k{n}", n) for n in range(200_000)] + [("k7", "last"), ("k7", "very last"), ("k9", 0)]
    begun = time.process_time()
    value = Members(pairs)
    assert time.process_time() - begun < 5
    assert value.repeated == ("k7", "k9")
    assert value["k7"] == "very last"
    notes = Notes()
    fields.members(notes, "a", value)
    assert noted(notes) == [
        ("a.k7", ProblemKind.DUPLICATE_KEY, True),
        ("a.k9", ProblemKind.DUPLICATE_KEY, True),
    ]


def test_there_is_a_limit_to_what_is_listed_of_one_value():
    notes = Notes()
    fields.list_of(fields.text)(notes, "x", list(range(5000)))
    assert len(notes.problems) == MAX_PROBLEMS + 1
    assert "more problems" in notes.problems[-1].reason
    assert len(notes.invalid) == 5000


def test_what_is_no_truth_says_what_was_expected():
    notes = Notes()
    assert fields.truth(notes, "x", {}) is None
    assert notes.problems[0].reason == "Expected true or false, found an object."


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "true"),
        (1.25, "the number 1.25"),
        (100.0001, "the number 100.0001"),
        (10**30, "a number of more than 25 digits"),
        ("x" * 30, f"the text {'x' * 24!r}…"),
        ([1], "a list"),
        ({}, "an object"),
    ],
)
def test_describe(value, words):
    assert fields.describe(value) == words
