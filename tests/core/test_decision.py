"""What a reviewer said, and which read it was said of."""

import hashlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.decision import (
    Act,
    Entry,
    Gold,
    ReadSubject,
    Scope,
    Target,
    body,
    frame_digests,
    in_subject_order,
    read_body,
    read_subject,
)
from alprviewer.core.encoding import Encoding
from tests.helpers.decisions import entries, entry, subject
from tests.helpers.reading import frame_value


def digests(value):
    return frame_digests(json.dumps(value).encode(), Encoding.UTF8)


@given(entries())
def test_a_body_gives_its_entry_back_and_is_the_only_one(found):
    text = body(found)
    assert read_body(text) == found
    assert body(read_body(text)) == text
    assert text.isascii()
    assert "\n" not in text


@given(entries(), entries())
def test_different_entries_have_different_bodies(one, other):
    assert (body(one) == body(other)) == (one == other)


def test_absent_members_are_left_out():
    assert json.loads(body(entry())) == {
        "time": 1_700_000_000_000,
        "reviewer": "ann",
        "scope": "read",
        "reads": [{"digest": subject().digest, "position": 0, "uuid": "U-1"}],
        "act": "correct",
        "plate": "ABC123",
        "version": "1.0",
    }


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"plate": None}, "plate"),
        ({"plate": ""}, "plate"),
        ({"plate": "x" * 1025}, "plate"),
        ({"act": Act.WRONG, "plate": None}, "plate"),
        ({"act": Act.WRONG_REGION}, "region"),
        ({"act": Act.WRONG_REGION, "region": "us-mo", "plate": None}, "plate"),
        ({"act": Act.UNDO}, "target"),
        ({"act": Act.REDO}, "target"),
        ({"act": Act.NOTE}, "note"),
        ({"act": Act.MARK, "marked": True, "gold": Gold.MARKED}, "gold"),
        ({"act": Act.MARK}, "marked"),
        ({"reads": ()}, "reads"),
        ({"reads": (subject(1), subject(2))}, "one read"),
        ({"scope": Scope.PASS, "reads": in_subject_order([subject(1), subject(2)])[::-1]}, "order"),
        ({"scope": Scope.PASS, "reads": (subject(1), subject(1))}, "order"),
        ({"reads": (ReadSubject("x", 0),)}, "reads"),
        ({"reviewer": ""}, "reviewer"),
        ({"reviewer": "two\nlines"}, "reviewer"),
        ({"time": -1}, "time"),
        ({"seconds": -0.5}, "seconds"),
        ({"tags": ("",)}, "tags"),
        ({"reason": "x" * 10_001}, "reason"),
    ],
)
def test_what_cannot_be_said(change, word):
    wrong = msgspec.structs.replace(entry(), **change)
    with pytest.raises(ValueError, match=word):
        body(wrong)


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "{", "\ud800", "[" * 5000, body(entry()).replace("correct", "praised")],
)
def test_a_body_that_is_not_understood(text):
    assert read_body(text) is None


def test_members_of_newer_versions_are_passed_over():
    text = body(entry()).replace("{", '{"mood":"good",', 1)
    assert read_body(text) == entry()


def test_the_subject_of_a_read_covers_frame_and_position():
    value = frame_value(1, ("AAA111", "AAA111"))
    (frame,) = digests(value)
    first, second = (read_subject(frame, position, value["uuid"]) for position in (0, 1))
    assert first.digest != second.digest
    assert first.digest == hashlib.sha256(f"{frame}:0".encode()).hexdigest()
    assert (first.position, first.uuid) == (0, value["uuid"])
    assert read_subject(frame, 0, "").uuid is None


def test_everything_of_a_frame_counts_also_what_is_not_known():
    plain = frame_value(1)
    crop = json.loads(json.dumps(plain))
    crop["results"][0]["plate_crop_jpeg"] = "/9j/AAAA"
    other = json.loads(json.dumps(crop))
    other["results"][0]["plate_crop_jpeg"] = "/9j/AAAB"
    unknown = plain | {"weather": "rain"}
    found = [digests(value)[0] for value in (plain, crop, other, unknown)]
    assert len(set(found)) == len(found)


def test_what_wraps_a_frame_does_not_count():
    value = frame_value(1)
    assert digests({"plate": value, "credit": 7}) == digests(value)
    assert digests({"frames": [value, frame_value(2)]}) == digests(value) + digests(frame_value(2))


def test_a_repaired_frame_is_what_the_repair_made_of_it():
    good = b'{"data_type":"alpr_results","results":[{"plate":"AB1","confidence":90.5}]}'
    slips = b'{"results":[{"confidence":90,5,"plate":"AB1",},],"data_type":"alpr_results"} '
    assert frame_digests(slips, Encoding.UTF8) == frame_digests(good, Encoding.UTF8)
    assert len(frame_digests(good, Encoding.UTF8)) == 1


@given(st.permutations([subject(number) for number in range(5)]), st.integers(0, 4))
def test_the_order_and_the_number_of_reads_do_not_matter(reads, again):
    assert in_subject_order([*reads, reads[again]]) == in_subject_order(sorted(reads))


def test_a_target_is_a_place_in_the_journal():
    found = read_body(body(entry(act=Act.UNDO, plate=None, target=Target("w", 3))))
    assert found is not None
    assert found.target == Target("w", 3)
    assert isinstance(found, Entry)
