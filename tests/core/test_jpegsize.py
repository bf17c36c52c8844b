"""The size of a picture from its header."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alprviewer.core.jpegsize import Size, jpeg_size


def picture(width: int, height: int, **options) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (90, 120, 30)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def start_of_frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return segment(marker, struct.pack(">BHHB", 8, height, width, 3) + bytes(9))


START = b"\xff\xd8"


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"quality": 5}, {"exif": b"Exif\0\0" + b"\xff" * 999}]
)
@pytest.mark.parametrize("size", [(150, 75), (1, 1), (2000, 3)])
def test_size_of_real_pictures(size, options):
    data = picture(*size, **options)
    assert jpeg_size(data) == Size(*size)
    assert jpeg_size(data[:-30]) == Size(*size)


def test_fill_bytes_and_bare_markers_are_passed_over():
    assert jpeg_size(START + b"\xff\xff\xff\xd0\xff\x01" + start_of_frame(7, 5)) == Size(7, 5)


@pytest.mark.parametrize("marker", [0xC4, 0xC8, 0xCC])
def test_what_looks_like_a_frame_but_is_none(marker):
    assert jpeg_size(START + start_of_frame(1, 2, marker) + start_of_frame(640, 480, 0xC2)) == Size(640, 480)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        START,
        START + b"\xff\xd9",
        START + b"\xff\xda" + start_of_frame(1, 1),
        START + b"\xff\xe0\x00\x01",
        START + b"\xff\x00\x00\x04",
        START + b"abcd",
        START + start_of_frame(640, 480)[:8],
        START + start_of_frame(640, 0),
        START + start_of_frame(0, 480),
        b"\x89PNG\r\n\x1a\n" + bytes(64),
    ],
)
def test_no_size(data):
    assert jpeg_size(data) is None


@given(st.binary(max_size=200))
def test_anything_gives_a_size_or_none(data):
    for each in (data, START + data, START + b"\xff" + data):
        size = jpeg_size(each)
        assert size is None or (1 <= size.width <= 65535 and 1 <= size.height <= 65535)


@given(st.integers(0, 700), st.integers(0, 255))
def test_a_damaged_header_raises_nothing(place, value):
    data = bytearray(picture(150, 75))
    data[place % len(data)] = value
    jpeg_size(bytes(data))


@given(st.lists(st.tuples(st.sampled_from((0xE0, 0xE1, 0xDB, 0xFE)), st.binary(max_size=40)), max_size=5))
def test_any_segments_may_come_before_the_frame(segments):
    before = b"".join(segment(marker, payload) for marker, payload in segments)
    assert jpeg_size(START + before + start_of_frame(321, 123)) == Size(321, 123)
