"""From bytes in any pieces to values and what could not be framed."""

import hashlib
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.sources.spool.values import Feed, Hopeless, whole
from tests.helpers.reading import frame_value

FRAMES = [json.dumps(frame_value(number)).encode() for number in range(3)]
PRETTY = [json.dumps(frame_value(number), indent=2).encode() for number in range(3)]
FORMS = {
    "lines": b"\n".join(FRAMES) + b"\n",
    "no last line feed": b"\n".join(FRAMES),
    "one after the other": b"".join(FRAMES),
    "pretty": b"\n".join(PRETTY),
    "pretty, CRLF": b"\r\n".join(PRETTY).replace(b"\n", b"\r\n"),
    "an array": b"[" + b",\n".join(FRAMES) + b"]",
    "noise between": b"\nhello\n".join(FRAMES) + b"\n",
    "UTF-16": ("\ufeff" + "\n".join(text.decode() for text in FRAMES)).encode("utf-16-le"),
}


def fed(data, cuts, limit=1 << 20):
    """What a feed makes of data that comes in these pieces."""
    feed = Feed(limit)
    edges = [0, *sorted(cuts), len(data)]
    parcel = feed.take(b"")
    for begin, end in pairwise(edges):
        parcel.add(feed.take(data[begin:end]))
    parcel.add(feed.take(b"", final=True))
    assert feed.is_idle
    return parcel


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
def test_pieces_do_not_matter(form, data):
    text = FORMS[form]
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    parcel = fed(text, cuts)
    assert [json.loads(value.line) for value in parcel.values] == [json.loads(each) for each in FRAMES]
    assert all(b"\n" not in value.line for value in parcel.values)
    assert all(value.is_named and value.frames == 1 and value.is_known for value in parcel.values)
    assert parcel.rejected == ([b"hello"] * 2 if form == "noise between" else [])
    assert parcel.size == len(text)


def test_the_digest_is_that_of_what_was_received():
    for text in (FRAMES[0], PRETTY[0], PRETTY[0].replace(b"\n", b"\r\n")):
        (value,) = whole(text).values
        assert value.digest == hashlib.sha256(text).digest()
        assert value.is_changed == (b"\n" in text)
        assert (value.line == text) == (b"\n" not in text)


def test_a_cut_value_does_not_swallow_its_neighbour():
    parcel = whole(FRAMES[0][:200] + b"\n" + FRAMES[1] + b"\n")
    assert [value.line for value in parcel.values] == [FRAMES[1]]
    assert parcel.rejected == [FRAMES[0][:200]]


@pytest.mark.parametrize(
    ("text", "named", "frames", "known"),
    [
        (b'{"any": 1}', False, 0, False),
        (b'{"data_type": "heartbeat", "timestamp": 1, "video_streams": []}', False, 0, True),
        (b'{"data_type": "alpr_group", "best_uuid": "A-1", "epoch_start": 1}', True, 0, True),
        (b'{"data_type": "alpr_results", "results": []}', False, 1, True),
    ],
)
def test_what_is_known_of_a_value(text, named, frames, known):
    (value,) = whole(text).values
    assert (value.is_named, value.frames, value.is_known) == (named, frames, known)


def test_what_has_no_end_is_sent_away():
    feed = Feed(1000)
    assert not feed.take(b'{"a": "' + b"x" * 900)
    with pytest.raises(Hopeless) as refused:
        feed.take(b"x" * 100)
    assert refused.value.parcel.rejected[0].startswith(b'{"a": "xxx')
    assert feed.is_idle
    assert not feed.take(b"more", final=True)


def test_who_brings_no_values_is_sent_away():
    feed = Feed()
    feed.take(b"hello\n" * 1500 + FRAMES[0] + b"\n" + b"hello\n" * 1500)
    with pytest.raises(Hopeless, match="no values") as refused:
        feed.take(b"hello\n" * 1500)
    assert b"".join(refused.value.parcel.rejected).count(b"hello") == 1500


def test_a_message_without_values_is_kept_as_it_is():
    text = b"x\n" * 10_000
    assert whole(text).rejected == [text.strip()]


def test_what_lies_between_values_stays_together():
    parcel = whole(FRAMES[0] + b"\n\n one\r\n two, [three]\n" + FRAMES[1])
    assert parcel.rejected == [b"one\r\n two, [three]"]


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=5))
def test_any_bytes_are_values_or_rejected_or_nothing(data, cuts):
    parcel = fed(data, [cut for cut in cuts if cut <= len(data)], limit=1000)
    assert sum(map(len, parcel.rejected)) <= len(data)
