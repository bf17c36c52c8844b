"""Codes of many texts that stand in one buffer."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.builder import Coder
from alprviewer.core.digits import FIRST_BYTES, Buffer, Positions
from alprviewer.core.states import CODE_ABSENT
from alprviewer.core.texts import WORD_LENGTH, Texts


def codes_of(buffer: Buffer, starts: Positions, ends: Positions, coder: Texts | Coder) -> Array:
    """Codes of texts; ends before starts mean absent."""
    lengths = ends - starts
    codes = np.full(len(lengths), CODE_ABSENT, np.int64)
    short = np.flatnonzero((lengths >= 0) & (lengths <= WORD_LENGTH))
    words = buffer.words[starts[short]] & FIRST_BYTES[lengths[short]]
    if isinstance(coder, Texts):
        codes[short] = coder.code_words(words)
    else:
        distinct, inverse = np.unique(words, return_inverse=True)
        texts = distinct.astype("<u8").view("S8").astype("U8").tolist()
        codes[short] = np.array([coder.code(text) for text in texts], np.int64)[inverse]
    for row in np.flatnonzero(lengths > WORD_LENGTH).tolist():
        text = buffer.data[int(starts[row]) : int(ends[row])]
        codes[row] = coder.code(text.decode("ascii"))
    return codes
