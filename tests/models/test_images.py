"""Pictures from hostile bytes: limits before decoding, one format, reasons in words."""

from __future__ import annotations

import base64
import os
import struct

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

from alprviewer.core.frame import Read
from alprviewer.models import images
from alprviewer.models.images import backdrop_of, crop_of, decode_jpeg, thumbnail
from tests.views.shownvalues import jpeg

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>"


def encoded(image: QImage, form: str) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)
    return bytes(data.data())


def plain(width: int = 30, height: int = 20) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    return image


def claiming(width: int, height: int) -> bytes:
    """A JPEG whose header claims a size that its data does not have."""
    data = bytearray(jpeg(16, 16))
    place = data.index(b"\xff\xc0")
    data[place + 5 : place + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def test_a_crop():
    data = jpeg(150, 75)
    picture = decode_jpeg(data)
    assert (picture.image.width(), picture.image.height()) == (150, 75)
    assert (picture.reason, picture.data, picture.name) == ("", data, "crop")


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"\xff\xd8\xff", b"placeholder", bytes(range(200)), jpeg()[:30]]
)
def test_what_is_no_jpeg_has_a_reason(data):
    picture = decode_jpeg(data)
    assert picture.image is None
    assert "damaged" in picture.reason


@pytest.mark.parametrize(
    "data", [encoded(plain(), "PNG"), encoded(plain(), "BMP"), SVG, b"GIF89a\1\0\1\0\0\0\0;"]
)
def test_other_formats_in_place_of_jpeg_are_refused(data):
    assert decode_jpeg(data).image is None


@pytest.mark.parametrize("size", [(65500, 65500), (65500, 3), (3, 65500), (9000, 9000)])
def test_a_bomb_is_not_decoded(size):
    picture = decode_jpeg(claiming(*size))
    assert picture.image is None or picture.image.width() * picture.image.height() <= images.MAX_CROP_PIXELS
    if size[0] * size[1] > images.MAX_CROP_PIXELS:
        assert picture.image is None
        assert "65500" in picture.reason or "9000" in picture.reason


def test_a_cut_off_crop_is_shown_as_far_as_it_goes():
    whole = jpeg(300, 150)
    picture = decode_jpeg(whole[: len(whole) * 2 // 3])
    assert picture.image is not None
    assert "cut off" in picture.reason


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_never_raise(seed):
    data = bytearray(jpeg(60, 30))
    for step in range(1 + seed % 5):
        data[2 + (seed * 7919 + step * 104729) % (len(data) - 4)] ^= 1 << (seed % 8)
    picture = decode_jpeg(bytes(data))
    assert picture.image is not None or picture.reason


@pytest.mark.parametrize(
    ("text", "word"),
    [(None, "without a crop"), ("", ""), ("no base64 at all!", ""), ("<img src=x>", ""), ("QUJD", "JPEG")],
)
def test_a_read_without_a_usable_crop_says_why(text, word):
    picture = crop_of(Read(plate_crop_jpeg=text))
    assert picture.image is None
    assert picture.reason
    assert word in picture.reason


def test_a_read_s_crop():
    picture = crop_of(Read(plate_crop_jpeg=base64.b64encode(jpeg()).decode()))
    assert picture.image is not None
    assert picture.data == jpeg()


# --- backdrops


@pytest.mark.parametrize("form", ["JPG", "PNG", "BMP"])
def test_a_backdrop_whatever_its_ending_says(tmp_path, form):
    path = tmp_path / "frame.jpg"
    path.write_bytes(encoded(plain(64, 48), form))
    picture = backdrop_of(path)
    assert (picture.image.width(), picture.image.height()) == (64, 48)
    assert picture.name == "frame.jpg"


@pytest.mark.parametrize(
    "data", [b"", b"text", SVG, b"%PDF-1.4", b"/* XPM */ static char *a[]={};", b"GIF89a"]
)
def test_what_is_no_picture_is_refused_as_a_backdrop(tmp_path, data):
    path = tmp_path / "frame\u202e.jpg"
    path.write_bytes(data)
    picture = backdrop_of(path)
    assert picture.image is None
    assert "frame<U+202E>.jpg" in picture.reason


def test_a_damaged_backdrop_says_so(tmp_path):
    path = tmp_path / "frame.png"
    path.write_bytes(encoded(plain(), "PNG")[:40])
    picture = backdrop_of(path)
    assert picture.image is None
    assert "cannot be decoded" in picture.reason


def test_a_huge_backdrop_is_refused_and_a_large_one_scaled(tmp_path):
    path = tmp_path / "huge.jpg"
    path.write_bytes(claiming(65500, 65500))
    assert "too large" in backdrop_of(path).reason
    path = tmp_path / "large.jpg"
    path.write_bytes(encoded(plain(6000, 600), "JPG"))
    picture = backdrop_of(path)
    assert (picture.image.width(), picture.image.height()) == (4096, 409)


def test_no_backdrop(tmp_path):
    assert "No picture" in backdrop_of(None).reason
    assert backdrop_of(tmp_path / "gone.jpg").image is None
    assert backdrop_of(tmp_path).image is None
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    assert "no file" in backdrop_of(pipe).reason


def test_thumbnail():
    assert thumbnail(plain(300, 150), 24).height() == 24
    assert thumbnail(QImage(), 24).isNull()
