"""Encodings: told apart by the first bytes, read through one byte a code unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.encoding import Encoding, Invalid, byte_view, sniff

TEXT = '{"data_type":"alpr_results","plate":"ABC가1"}\n' * 30


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("utf-8", Encoding.UTF8),
        ("utf-8-sig", Encoding.UTF8),
        ("utf-16-le", Encoding.UTF16_LE),
        ("utf-16-be", Encoding.UTF16_BE),
        ("utf-16", Encoding.UTF16_LE),
    ],
)
@pytest.mark.parametrize("length", [4, 10, 4096, 10**6])
def test_sniff(codec, expected, length):
    assert sniff(TEXT.encode(codec)[:length]) is expected


def test_the_byte_order_mark_of_utf16_be():
    assert sniff("\ufeff{".encode("utf-16-be")) is Encoding.UTF16_BE
    assert Encoding.UTF16_BE.bom == b"\xfe\xff"


@pytest.mark.parametrize(
    "head", [b"", b"{", b"\0", b"\0\0", b"\0" * 100, b"{\0", b"\x89PNG\r\n\x1a\n\0\0\0\r", b"\xff"]
)
def test_what_is_no_utf16_is_read_as_utf8(head):
    assert sniff(head) is Encoding.UTF8


def test_only_the_first_bytes_decide():
    assert sniff(b"x" * 4096 + TEXT.encode("utf-16-le")) is Encoding.UTF8


@given(st.text(max_size=40), st.sampled_from(list(Encoding)))
def test_the_view_has_one_byte_a_code_unit(text, encoding):
    data = encoding.encode(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    view = byte_view(data, encoding)
    assert len(view) * encoding.unit == len(data)
    if encoding is Encoding.UTF8:
        assert view == data
    else:
        units = [data[n : n + 2].decode(encoding.codec, "replace") for n in range(0, len(data), 2)]
        assert view == bytes(ord(unit) if unit.isascii() else 0xFF for unit in units)


@pytest.mark.parametrize(
    ("data", "encoding", "text", "invalid"),
    [
        (b"abc", Encoding.UTF8, "abc", None),
        ("\ufffd".encode(), Encoding.UTF8, "\ufffd", None),
        (b"a\xffb\xfe", Encoding.UTF8, "a\ufffdb\ufffd", Invalid(2, 1, 1)),
        (b"\xef\xbf\xbd\xff", Encoding.UTF8, "\ufffd\ufffd", Invalid(1, 3, 1)),
        (b"\xed\xa0\x80x", Encoding.UTF8, "\ufffd\ufffd\ufffdx", Invalid(3, 0, 1)),
        (b"ab\xe2\x82", Encoding.UTF8, "ab\ufffd", Invalid(1, 2, 2)),
        (b"a\0\x00\xd8b\0", Encoding.UTF16_LE, "a\ufffdb", Invalid(1, 2, 2)),
        (b"\0a\xd8", Encoding.UTF16_BE, "a\ufffd", Invalid(1, 2, 1)),
    ],
)
def test_invalid_bytes_become_replacement_characters(data, encoding, text, invalid):
    assert encoding.decode(data) == (text, invalid.sequences if invalid else 0)
    assert encoding.find_invalid(data) == invalid
