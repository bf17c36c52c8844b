"""How much two short texts have in common, for millions of pairs at once."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array

_LOOK_ALIKE = ("0ODQ", "1IL", "2Z", "5S", "6G", "8B")


def alike_letters(words: Array) -> Array:
    """Eight bytes a text, look-alike characters made the same; 0 where there is none."""
    table = np.arange(256, dtype=np.uint8)
    for group in _LOOK_ALIKE:
        table[[ord(each) for each in group]] = ord(group[0])
    found: Array = table[np.ascontiguousarray(words, np.uint64).view(np.uint8).reshape(-1, 8)]
    return found


def common_share(first: Array, second: Array) -> Array:
    """Longest common subsequence of texts, as a share of the longer one.

    Args:
        first: ``(n, 8)`` bytes, 0 behind the end.
        second: the same.

    Returns:
        ``(n,)`` from 0 to 1; 0.5 where either text is unknown (empty, or too long for eight bytes).
    """
    row = [np.zeros(len(first), np.uint8) for _ in range(9)]
    for i in range(8):
        letter = first[:, i]
        shown = letter != 0
        corner = row[0]
        for j in range(8):
            above = row[j + 1]
            same = (letter == second[:, j]) & shown
            row[j + 1] = np.maximum(np.maximum(above, row[j]), corner + same)
            corner = above
    longest = np.maximum(np.count_nonzero(first, axis=1), np.count_nonzero(second, axis=1))
    unknown = (first[:, 0] == 0) | (second[:, 0] == 0) | (first[:, 7] == 0xFF) | (second[:, 7] == 0xFF)
    return np.where(unknown, 0.5, row[8] / np.maximum(longest, 1)).astype(np.float32)
