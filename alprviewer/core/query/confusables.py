"""Characters that recognizers take for each other."""

from __future__ import annotations

from functools import cache

GROUPS = ("0ODQ", "1ILJ", "2Z", "5S", "6G", "8B", "4A", "7T", "UV", "VY", "MN", "CG", "EF", "PR", "KX")
"""Shapes that differ in a stroke. A character of several groups is confused with all of them."""


@cache
def confused_with(character: str) -> str:
    """The character and those that it is taken for, in order."""
    others = {other for group in GROUPS if character in group for other in group}
    return "".join(sorted(others | {character}))
