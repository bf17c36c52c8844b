"""How the recognizer's characters compare with what people decided of this capture."""

from __future__ import annotations

import numpy as np

from alprviewer.core.confusion import Measured, measured
from alprviewer.core.plates import normal_form
from alprviewer.core.recognizer import REPEATS
from alprviewer.core.states import FIRST_CODE
from alprviewer.store.columns import Columns
from alprviewer.store.passrows import NO_ROW

FEWEST_PLATES = 50
"""Decided vehicles from which their characters count: with fewer, one odd plate would be seen."""


def measured_of(columns: Columns) -> Measured | None:
    """What decided reads show for each character; None where too few were decided.

    The reads of one pass err alike: together they count as ``REPEATS`` reads.
    """
    count = len(columns.reads)
    resolved = columns.decided.codes("resolved", slice(0, count))
    rows = np.flatnonzero(resolved >= FIRST_CODE)
    of_pass = columns.passes.row_of_read[: rows[-1] + 1 if len(rows) else 0].astype(np.int64)
    vehicle = np.full(len(rows), NO_ROW, np.int64)
    vehicle[rows < len(of_pass)] = of_pass[rows[rows < len(of_pass)]]
    # A read of no pass, or too new for one, stands for itself.
    vehicle = np.where(vehicle == NO_ROW, -1 - rows, vehicle)
    vehicles, place, reads = np.unique(vehicle, return_inverse=True, return_counts=True)
    if len(vehicles) < FEWEST_PLATES:
        return None
    weight = np.minimum(1.0, REPEATS / reads)[place]
    key = resolved[rows].astype(np.int64) << 32 | columns.reads.column("plate")[rows]
    keys, pair = np.unique(key, return_inverse=True)
    weights = np.bincount(pair, weight, minlength=len(keys)).tolist()
    truth, plate = columns.decided.texts["resolved"].value, columns.dictionaries["plate"].value
    texts = [(truth(each >> 32), plate(each & 0xFFFFFFFF)) for each in keys.tolist()]
    return measured(
        (
            (normal_form(true or ""), normal_form(read), much)
            for (true, read), much in zip(texts, weights, strict=True)
            if read
        ),
        len(vehicles),
    )
