"""JSON text for people: indentation, elision, masks."""

import base64
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alprviewer.core.jsontext import LINE_CHARACTERS, as_received, bytes_text, describe_jpeg, indented
from alprviewer.core.masking import MASK

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text('ab"\\{}[],: é', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text('xyz"', max_size=4), inner, max_size=4)
    ),
    max_leaves=25,
)


def jpeg(width: int = 150, height: int = 75) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (width, height)).save(buffer, "JPEG")
    return buffer.getvalue()


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_indenting_changes_white_space_only(value, indent, is_ascii):
    raw = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    shown = indented(raw)
    assert shown.is_whole
    assert json.loads(shown.text) == value
    assert indented(shown.text) == shown


def test_the_form():
    raw = '{"a":1.000000e-08,"a":1.50,"c":[{"x":1,"y":-2},{}],"d":[],"e":[1,2]}'
    assert indented(raw).text == (
        '{\n  "a": 1.000000e-08,\n  "a": 1.50,\n  "c": [\n    { "x": 1, "y": -2 },\n    {}\n  ],\n'
        '  "d": [],\n  "e": [1, 2]\n}'
    )


def test_long_lists_get_lines():
    text = indented(json.dumps(list(range(60)))).text
    assert text.count("\n") == 61
    assert max(map(len, text.splitlines())) <= LINE_CHARACTERS


@given(st.text(max_size=60))
def test_anything_can_be_shown(raw):
    for shown in (indented(raw), as_received(raw)):
        assert shown.is_whole
        shown.text.encode("utf-8")


@given(st.text('{}[]",:\\ab1 \n#', max_size=80))
def test_what_is_no_json_loses_no_character(raw):
    def bare(text: str) -> str:
        return "".join(text.split())

    assert bare(indented(raw).text) == bare(raw)
    assert as_received(raw).text == raw


def test_pictures_become_words():
    data = jpeg()
    raw = json.dumps({"plate_crop_jpeg": base64.b64encode(data).decode()})
    words = f"<jpeg {bytes_text(len(data))}, 150 × 75>"
    assert indented(raw).text == '{ "plate_crop_jpeg": ' + words + " }"
    assert words in as_received(raw + "]").text
    assert describe_jpeg(data[:20]) == "jpeg 20 bytes"


def test_a_very_long_picture_is_measured_by_its_header():
    data = jpeg() + bytes(3_000_000)
    raw = json.dumps([base64.b64encode(data).decode()])
    assert indented(raw).text == "[<jpeg 3.0 MB, 150 × 75>]"


def test_long_texts_are_cut_with_a_note():
    text = indented(json.dumps(["x" * 10_000])).text
    assert len(text) < 300
    assert "more characters>" in text
    assert "9,8" in text


@pytest.mark.parametrize(
    "token",
    [
        r'"rtsp://root:geheim@camera/1"',
        r'"rtsp:\/\/root:geheim@camera\/1"',
        r'"rtsp:\u002f\u002froot\u003ageheim\u0040camera/1"',
        r'"rtsp://root:\u0067eheim@camera/1"',
        r'"rtsp://root:ge\"heim@camera/1"',
    ],
)
def test_passwords_are_hidden(token):
    for shown in (indented('{"url":' + token + "}"), as_received('{"url":' + token)):
        assert MASK in shown.text
        assert "heim" not in shown.text


def test_hostile_characters_are_made_visible():
    text = indented('{"plate":"A\u202eB\x1b"}').text
    assert text == '{ "plate": "A<U+202E>B<U+001B>" }'


def test_only_the_first_part_of_an_endless_value():
    raw = "[" + ",".join(['{"x":1,"y":[2]}'] * 100_000) + "]"
    for make in (indented, as_received):
        shown = make(raw, 5_000)
        assert not shown.is_whole
        assert len(shown.text) == 5_000


def test_depth_does_not_grow_the_text():
    assert len(indented("[" * 1000 + "]" * 1000).text) < 200_000


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (2432, "2.4 kB"),
        (999_949, "999.9 kB"),
        (1_300_000, "1.3 MB"),
    ],
)
def test_bytes_in_words(count, words):
    assert bytes_text(count) == words


@pytest.mark.parametrize("filler", ["x", "\\n", "\\u0041", "\\\\", '\\"', "é"])
@pytest.mark.parametrize("length", [7_960, 7_990, 7_995, 7_999, 50_000])
def test_passwords_are_hidden_in_long_texts_too(filler, length):
    token = '"' + r"rtsp:\/\/root:geheim@camera/" + filler * (length // len(filler)) + '"'
    assert json.loads(token)
    text = indented(f"[{token}]").text
    assert "geheim" not in text
    assert MASK in text
    assert len(text) < 2_000


def test_an_enormous_value_is_looked_at_in_part():
    raw = json.dumps(["x" * 60_000_000])
    for make in (indented, as_received):
        shown = make(raw)
        assert not shown.is_whole
        assert len(shown.text) < 1_000
