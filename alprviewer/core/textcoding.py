"""Codes of many texts that stand in one buffer."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.builder import Coder
from alprviewer.core.digits import FIRST_BYTES, Buffer, Positions, Words
from alprviewer.core.texts import WORD_LENGTH, Texts


def codes_of(buffer: Buffer, starts: Positions, ends: Positions, coder: Texts | Coder) -> Array:
    """Codes of texts."""
    lengths = ends - starts
    others = np.flatnonzero(lengths > WORD_LENGTH)
    if not len(others):
        return _codes_of_words(buffer.words[starts] & FIRST_BYTES[lengths], coder)
    codes = np.zeros(len(lengths), np.uint32)
    short = np.delete(np.arange(len(lengths)), others)
    codes[short] = _codes_of_words(buffer.words[starts[short]] & FIRST_BYTES[lengths[short]], coder)
    for row in others.tolist():
        text = buffer.data[int(starts[row]) : int(ends[row])]
        codes[row] = coder.code(text.decode("ascii"))
    return codes


def _codes_of_words(words: Words, coder: Texts | Coder) -> Array:
    if isinstance(coder, Texts):
        return coder.code_words(words)
    distinct, inverse = np.unique(words, return_inverse=True)
    texts = distinct.astype("<u8").view("S8").astype("U8").tolist()
    return np.array([coder.code(text) for text in texts], np.uint32)[inverse]
