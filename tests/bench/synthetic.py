"""Columns of any size without any JSON: the same values for everybody who is asked to sort them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

VALUES = ("confidence", "plate", "epoch_time")
_LETTERS = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8)
_LENGTH = 7
_OBSERVED = 5
"""Reads for each distinct observed plate, as in the sample."""
_SPELLINGS = 2
"""Spellings for each read that occur among candidates only, as in the sample. They share the dictionary."""
_ABSENT = 0.01
"""Share of reads without a confidence."""


def write(folder: Path, rows: int, seed: int = 1) -> None:
    """Write reads as numpy files: confidence (NaN is absent), plate (a code into plates), epoch_time."""
    random = np.random.default_rng(seed)
    confidence = random.normal(85, 6, rows).clip(30, 99.99).astype(np.float32)
    confidence[random.random(rows) < _ABSENT] = np.nan
    observed = max(rows // _OBSERVED, 1)
    texts = _LETTERS[random.integers(0, len(_LETTERS), (observed + rows * _SPELLINGS, _LENGTH))]
    plates = np.unique(np.ascontiguousarray(texts).view(f"S{_LENGTH}").ravel())
    random.shuffle(plates)
    # Ten cameras, each of whose clocks is off by up to a second.
    times = 1_780_000_000_000 + np.arange(rows) * 120 + random.integers(0, 1000, rows)
    np.save(folder / "confidence.npy", confidence)
    np.save(folder / "plate.npy", random.integers(0, min(observed, len(plates)), rows).astype(np.uint32))
    np.save(folder / "plates.npy", plates)
    np.save(folder / "epoch_time.npy", times.astype(np.int64))


def read(folder: Path) -> dict[str, np.ndarray]:
    """What ``write`` wrote."""
    return {name: np.load(folder / f"{name}.npy") for name in (*VALUES, "plates")}
