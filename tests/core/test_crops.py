"""The base64 text of crops and what is mended in it."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.crops import MAX_CROP_TEXT, decode_crop, is_plain_base64
from tests.helpers.reading import JPEG

# Bytes whose base64 has + and /, which the url-safe alphabet writes otherwise.
PICTURE = JPEG + b"\xfb\xff\xbf\xfe" * 30
TEXT = base64.b64encode(PICTURE).decode()


@given(st.binary(max_size=60))
def test_canonical_base64_of_a_jpeg_is_plain(tail):
    text = base64.b64encode(JPEG + tail).decode()
    assert is_plain_base64(text)
    assert decode_crop(text) == (JPEG + tail, (), "")


@given(st.text(alphabet="ABCabc019+/=-_ \n\r\u00e4", max_size=40))
def test_plain_means_that_decoding_needs_no_repair(tail):
    text = "/9j/" + tail
    crop = decode_crop(text)
    assert is_plain_base64(text) == (crop.jpeg is not None and not crop.repairs)


@given(st.text(max_size=60))
def test_any_text_gives_a_picture_or_a_reason(text):
    crop = decode_crop(text)
    assert (crop.jpeg is None) == bool(crop.reason)


MENDED = {
    "data:image/jpeg;base64," + TEXT: ("data: prefix removed",),
    " DATA:image/png;charset=x;base64," + TEXT: ("data: prefix removed",),
    "\r\n".join(TEXT[n : n + 20] for n in range(0, len(TEXT), 20)): ("line breaks removed",),
    TEXT + "\n": ("line breaks removed",),
    TEXT.replace("+", "-").replace("/", "_"): ("url-safe alphabet replaced",),
    TEXT.rstrip("="): ("padding added",) if TEXT.endswith("=") else (),
    "data:," + TEXT.replace("+", "-").replace("/", "_").rstrip("=") + "\n": (
        "data: prefix removed",
        "line breaks removed",
        "url-safe alphabet replaced",
        *(("padding added",) if TEXT.endswith("=") else ()),
    ),
}


@pytest.mark.parametrize(("text", "repairs"), MENDED.items(), ids=range(len(MENDED)))
def test_what_is_mended(text, repairs):
    assert decode_crop(text) == (PICTURE, repairs, "")


@pytest.mark.parametrize("cut", [1, 2])
def test_missing_padding(cut):
    text = base64.b64encode(JPEG + b"x" * (cut + (-len(JPEG)) % 3)).decode()
    assert text.endswith("=")
    crop = decode_crop(text.rstrip("="))
    assert crop.repairs == ("padding added",)
    assert crop.jpeg == base64.b64decode(text)


@pytest.mark.parametrize("much", ["=", "===", "===="])
def test_too_much_padding(much):
    assert decode_crop(TEXT.rstrip("=") + "==" + much).repairs in {("padding removed",), ()}
    assert decode_crop("/9j/" + much).repairs == ("padding removed",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("... base 64 image data ...", "not base64"),
        ("...base64_jpeg_bytes...", "not base64"),
        ("/9j/A===", "not base64"),
        (TEXT[:-3] + "\u00e4\u00e4\u00e4", "not base64"),
        (TEXT[:41], "not base64"),
        (TEXT + "AAA" * 3 + "=", "not base64"),
        (base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(30)).decode(), "not a JPEG"),
        (base64.b64encode(b"<svg/>" * 5).decode(), "not a JPEG"),
        ("A" * (MAX_CROP_TEXT + 4), "longer than 16 MiB"),
    ],
    ids=range(11),
)
def test_what_is_no_picture(text, reason):
    crop = decode_crop(text)
    assert crop.jpeg is None
    assert reason in crop.reason
    assert not is_plain_base64(text)
