"""States that are no value, in columns: absent, and invalid (present in the input but unusable).

Integers have both at the low end of their type, reals have NaN (absent) and -inf (invalid), codes of texts
have 0 and 1.
"""

from __future__ import annotations

from enum import Enum

import numpy as np
import numpy.typing as npt

CODE_ABSENT, CODE_INVALID, FIRST_CODE = 0, 1, 2
REAL_ABSENT, REAL_INVALID = float("nan"), float("-inf")


class Mark(Enum):
    """Stands among values for one that was present but unusable."""

    INVALID = "invalid"


INVALID = Mark.INVALID


def absent(dtype: npt.DTypeLike) -> int:
    """The integer that stands for an absent value in an array of ``dtype``; one above it means invalid."""
    return int(np.iinfo(dtype).min)
