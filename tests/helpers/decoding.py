"""The tolerant way of decoding, also for what the strict way takes."""

from __future__ import annotations

from unittest import mock

from alprviewer.core import decode as module
from alprviewer.core.decode import Decoded, decode
from alprviewer.core.encoding import Encoding


def tolerant(data: bytes, encoding: Encoding = Encoding.UTF8) -> Decoded:
    """Decode without the quick way."""
    with mock.patch.object(module, "decode_strict", return_value=None):
        return decode(data, encoding)
