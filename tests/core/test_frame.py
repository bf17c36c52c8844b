"""uuids in two parts, and the margin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.frame import Candidate, Read, Uuid, margin, split_uuid


@given(st.text(max_size=20) | st.from_regex(r"[a-z-]{0,8}-[0-9]{1,20}", fullmatch=True))
def test_a_split_uuid_is_the_text_again(text):
    assert str(split_uuid(text)) == text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "site-with-dashes-cam1414799424-1448326208789",
            Uuid("site-with-dashes-cam1414799424", 1448326208789),
        ),
        ("f11e0acc-6aaf-4817-9299-9e6773043b8e", Uuid("f11e0acc-6aaf-4817-9299-9e6773043b8e", -1)),
        ("a-007", Uuid("a-007", -1)),
        ("a-0", Uuid("a", 0)),
        ("-5", Uuid("", 5)),
        ("", Uuid("", -1)),
        ("a-\u0665", Uuid("a-\u0665", -1)),
        ("a-9" + "9" * 30, Uuid("a-9" + "9" * 30, -1)),
        ("a\n-7", Uuid("a\n", 7)),
        ("a-7\n", Uuid("a-7\n", -1)),
    ],
)
def test_split_uuid(text, parts):
    assert split_uuid(text) == parts


def read(plate, confidence, *others):
    return Read(plate=plate, confidence=confidence, candidates=[Candidate(*other, None) for other in others])


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (read("A", 90.0, ("A", 90.0), ("B", 80.0), ("C", 85.0)), 5.0),
        (read("A", 79.75, ("B", 84.0), ("A", 79.75)), -4.25),
        (read("A", 90.0, ("A", 90.0)), None),
        (read("A", 90.0), None),
        (read("A", None, ("B", 80.0)), None),
        (read("A", 90.0, ("B", None)), None),
        (read(None, 90.0, ("B", 80.0)), 10.0),
        (Read(plate="A", confidence=90.0), None),
        (read("A", 0.0, ("B", 0.0)), 0.0),
    ],
)
def test_margin(read, expected):
    assert margin(read) == expected
