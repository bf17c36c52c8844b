"""How the C library keeps memory that is free again."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
"""Of ``mallopt`` (glibc, malloc.h)."""
_LARGE = 1 << 20
"""Bytes from which a block goes back to the system when it is freed."""


def give_back_large_blocks() -> bool:
    """Let large blocks go back to the system as soon as they are freed, for as long as the process runs.

    By itself glibc raises the size from which blocks do so to that of the largest one that was freed. Columns
    that grew leave their former arrays behind then: a hundred megabytes after a million reads.

    Returns:
        True where the C library can be told.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return False
    return all(mallopt(option, _LARGE) == 1 for option in (_M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD))


def give_back_free_blocks() -> bool:
    """Let all that is free now go back to the system, also small blocks between others that are in use.

    Returns:
        True where the C library can be told.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is None:
        return False
    trim(0)
    return True
