"""What was decided of reads, as columns: filled by who knows the decisions, read by tables and queries."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.calibration import Recalibration
from alprviewer.core.states import CODE_ABSENT
from alprviewer.store.tables import Dictionary

NAMES = ("decision", "resolved")
"""What was decided in a word, and the resolved plate."""


class DecidedColumns:
    """Codes of texts, one for each of the first reads; reads behind them have none.

    Attributes:
        texts: the dictionaries of the codes, by column.
        learned: what a confidence is worth by what was decided, as far as somebody has counted it.
    """

    def __init__(self) -> None:
        self.texts = {name: Dictionary() for name in NAMES}
        self.learned = Recalibration()
        self._codes = np.full((len(NAMES), 0), CODE_ABSENT, np.uint32)

    def set(self, row: int, decision: str, resolved: str) -> None:
        """What holds of a read; empty texts are absent."""
        if row >= self._codes.shape[1]:
            room = max(row + 1 - self._codes.shape[1], self._codes.shape[1], 1024)
            more = np.full((len(NAMES), room), CODE_ABSENT, np.uint32)
            self._codes = np.concatenate((self._codes, more), axis=1)
        for place, (name, text) in enumerate(zip(NAMES, (decision, resolved), strict=True)):
            self._codes[place, row] = self.texts[name].code(text) if text else CODE_ABSENT

    def codes(self, name: str, rows: Array | slice) -> Array:
        """Codes of ``texts[name]`` of reads by row; of a slice from 0 the rows before its end."""
        values = self._codes[NAMES.index(name)]
        wanted = np.arange(rows.stop) if isinstance(rows, slice) else np.asarray(rows)
        found = np.full(len(wanted), CODE_ABSENT, np.uint32)
        known = wanted < len(values)
        found[known] = values[wanted[known]]
        return found

    def known(self, name: str, most: int) -> Array:
        """Codes of ``texts[name]`` of at most so many first reads, behind which none has one; a copy."""
        codes: Array = self._codes[NAMES.index(name), :most].copy()
        return codes

    def clear(self) -> None:
        """Nothing is known of any read."""
        self._codes = self._codes[:, :0]
        self.learned = Recalibration()
