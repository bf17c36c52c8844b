"""What is stored of a problem is English; what is shown of it is found again and translated."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import reasons
from alprviewer.core.decode import decode
from alprviewer.core.reasons import shown_reason
from alprviewer.language import tr

MESSAGES = tuple(reasons._ALL)


@pytest.fixture(autouse=True)
def _loud(monkeypatch):
    """As a language would be spoken: every message in capitals, what is filled in as it is."""

    def loud(message, **values):
        parts = re.split(r"(\{\w+\})", message)
        text = "".join(part if part[:1] == "{" else part.upper() for part in parts)
        return text.format(**values) if values else text

    monkeypatch.setattr(reasons, "spoken", lambda: "loud")
    monkeypatch.setattr(reasons, "tr", loud)
    reasons._translated.cache_clear()
    yield
    reasons._translated.cache_clear()


def names(message):
    return re.findall(r"\{(\w+)\}", message)


@pytest.mark.parametrize("message", MESSAGES)
@given(data=st.data())
def test_every_reason_is_found_again_with_its_values(message, data):
    values = {name: str(data.draw(st.integers(0, 10**9), label=name)) for name in names(message)}
    reason = message.format(**values)
    assert shown_reason(reason) == reasons.tr(message, **values)
    assert shown_reason(reason) != reason


def test_no_message_has_a_format_that_a_text_cannot_have():
    for message in MESSAGES:
        assert tr(message, **dict.fromkeys(names(message), "x")) == re.sub(r"\{\w+\}", "x", message)


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("Expected a list, found the text 'a, b'.", "EXPECTED A LIST, FOUND THE TEXT 'a, b'."),
        (
            "Not JSON: expected ',' or '}' (byte 1,234 of this value).",
            "NOT JSON: EXPECTED ',' OR '}' (BYTE 1,234 OF THIS VALUE).",
        ),
        (
            "The crop's text was mended: data: prefix removed, padding added.",
            "THE CROP'S TEXT WAS MENDED: DATA: PREFIX REMOVED, PADDING ADDED.",
        ),
        (
            "The gzip data is damaged or cut short here: CRC check failed.",
            "THE gzip DATA IS DAMAGED OR CUT SHORT HERE: CRC check failed.",
        ),
        ("Found null, outside 0 to 100 %.", "FOUND null, OUTSIDE 0 TO 100 %."),
        ("What a later version says.", "What a later version says."),
        ("", ""),
    ],
)
def test_parts_are_translated_and_data_is_not(reason, shown):
    assert shown_reason(reason) == shown


HOSTILE = (
    b'{"data_type": "alpr_results", "results": [{"plate": 3, "confidence": "%s"}, 7], "epoch_time": 1}',
    b'{"data_type": "alpr_results", "epoch_time": "1", "results": [{"confidence": 1e3, "plate": "\\ud800"}]}',
    b'{"data_type": "alpr_results", "results": {}, "img_width": 0, "img_width": 1.5, "uuid": []}',
    b'{"data_type": "alpr_results" "results": [{"coordinates": [1], "plate_crop_jpeg": "data:,/9j/", }]}',
    b'{"data_type": "alpr_heartbeat", "timestamp": "never"}',
    b'{"data_type": "alpr_group", "best_plate": 4, "epoch_start": nan, "country": "u\xff"}',
    b'{"data_type": "{found}"}',
    b'{"a": }',
    b'["a',
)


@pytest.mark.parametrize("data", HOSTILE)
def test_whatever_the_decoder_says_is_known(data):
    problems = decode(data).problems
    assert problems
    for problem in problems:
        assert reasons._said(problem.reason), problem.reason
