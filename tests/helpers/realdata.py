"""Where the real recognizer output lies, if it is there, and the sample capture that is always there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "resources" / "sample" / "sample.jsonl"
REAL = Path(os.environ.get("ALPRVIEWER_REAL_DATA") or ROOT.parent / "shared" / "real")

needs_real_data = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"the real data is not here: {REAL} (ALPRVIEWER_REAL_DATA names another place)"
)


def real_files() -> list[Path]:
    """The result files of the real data; none where it is absent."""
    return sorted(path for path in REAL.rglob("*.json*") if path.suffix in {".json", ".jsonl"})
