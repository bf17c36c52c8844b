"""The base64 text of a crop: is it one, what had to be repaired, and the JPEG bytes it stands for."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

from alprviewer.core import reasons

MAX_CROP_TEXT = 16 * 1024 * 1024
"""Longest base64 text in characters that is decoded."""
MAX_CROP_PIXELS = 4096 * 4096
"""Most pixels of a crop that are decoded: a small file may claim an enormous picture."""

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_data_uri = re.compile(r"\s*data:[\w/+.;=-]{0,100},", re.IGNORECASE)
_white_space = re.compile(r"[ \t\r\n]+")
_from_url_safe = str.maketrans("-_", "+/")


class Crop(NamedTuple):
    """A decoded crop text.

    Attributes:
        jpeg: the picture's bytes, None where there are none.
        repairs: what had to be mended, of ``core.reasons``.
        reason: why there is no picture, of ``core.reasons``; empty where there is one.
    """

    jpeg: bytes | None
    repairs: tuple[str, ...] = ()
    reason: str = ""


def is_plain_base64(text: str | bytes) -> bool:
    """True for canonical base64 of a JPEG: decoding it needs no repair. Fast for any size."""
    if len(text) % 4 or len(text) > MAX_CROP_TEXT or not text.isascii():
        return False
    data = text.encode("ascii") if isinstance(text, str) else text
    if not data.startswith(b"/9j/"):
        return False
    rest = data.translate(None, _ALPHABET)
    return not rest or (rest in (b"=", b"==") and data.endswith(rest))


def is_base64_alphabet(data: bytes, padding: int) -> bool:
    """True if the bytes are of the base64 alphabet but for ``padding`` equals signs."""
    return data.translate(None, _ALPHABET) == b"=" * padding


def decode_crop(text: str) -> Crop:
    """Decode a crop's text, mending what agents and tools are known or feared to write.

    Mended: a ``data:`` prefix, line breaks, the url-safe alphabet, missing padding. A placeholder such as
    ``... base64 image data ...`` and anything that is no JPEG (magic FF D8 FF) gives no picture.
    """
    if not text.strip():
        return Crop(None, reason=reasons.EMPTY_CROP)
    if len(text) > MAX_CROP_TEXT:
        return Crop(None, reason=reasons.LONG_CROP.format(megabytes=MAX_CROP_TEXT // 2**20))
    repairs: list[str] = []
    prefix = _data_uri.match(text)
    if prefix:
        text = text[prefix.end() :]
        repairs.append(reasons.PREFIX)
    joined = _white_space.sub("", text)
    if joined != text and (len(joined) >= 64 or "\n" in text):
        repairs.append(reasons.LINE_BREAKS)
        text = joined
    if "-" in text or "_" in text:
        text = text.translate(_from_url_safe)
        repairs.append(reasons.ALPHABET)
    bare = text.rstrip("=")
    padded = bare + "=" * (-len(bare) % 4)
    if padded != text and len(bare) % 4 != 1:
        repairs.append(reasons.PADDING_ADDED if len(padded) > len(text) else reasons.PADDING_REMOVED)
        text = padded
    try:
        jpeg = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return Crop(None, reason=reasons.NO_BASE64)
    if not jpeg.startswith(b"\xff\xd8\xff"):
        return Crop(None, reason=reasons.NO_JPEG)
    return Crop(jpeg, tuple(repairs))
