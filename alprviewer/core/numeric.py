"""Functions that numpy does not have: the logarithm of the gamma function, and its derivative."""

from __future__ import annotations

import numpy as np

from alprviewer.core.batch import Array

_ENOUGH = 8
"""From here on the asymptotic series are exact to some eleven digits."""


def log_gamma(x: Array) -> Array:
    """Logarithm of the gamma function for positive reals (Stirling's series, after raising the argument)."""
    y = np.asarray(x, np.float64)
    low = y < _ENOUGH
    raised = np.where(low, y + _ENOUGH, y)
    product = np.ones_like(y)
    for step in range(_ENOUGH):
        product *= np.where(low, y + step, 1.0)
    inverse = 1 / raised
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    found: Array = (raised - 0.5) * np.log(raised) - raised + series - np.log(product)
    found += 0.5 * np.log(2 * np.pi)
    return found


def log_sum(x: Array, axis: int = -1) -> Array:
    """Logarithm of the sum of exponentials along an axis."""
    top = np.max(x, axis=axis, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    found: Array = np.squeeze(top, axis) + np.log(np.sum(np.exp(x - top), axis=axis))
    return found
