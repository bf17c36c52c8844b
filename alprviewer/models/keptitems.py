"""Rows that were read and decoded, kept for a moment: those looked at last, and those that may be next."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from alprviewer.models.shown import Shown

_MOST_ITEMS = 24
_MOST_BYTES = 48 << 20
_BYTES_PER_CHARACTER = 20
"""A value's text, the objects parsed from it, and the frame."""


class Selected(NamedTuple):
    """A row of one of the store's tables: ``frames``, ``reads``, ``siblings`` or ``problems``."""

    table: str
    row: int


class KeptItems:
    """The latest items within a number and a size. What could not be read is not kept: it may come back."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._items: OrderedDict[Selected, Shown] = OrderedDict()

    def __contains__(self, selection: Selected) -> bool:
        return selection in self._items

    def get(self, selection: Selected) -> Shown | None:
        """An item that is kept."""
        if selection in self._items:
            self._items.move_to_end(selection)
        return self._items.get(selection)

    def keep(self, selection: Selected, shown: Shown) -> None:
        """Remember an item; the ones that were not asked for longest go."""
        if shown.failure:
            return
        self._items[selection] = shown
        self._items.move_to_end(selection)
        while self._items and (len(self._items) > _MOST_ITEMS or self._weight() > self._most_bytes):
            self._items.popitem(last=False)

    def _weight(self) -> int:
        return sum(weight_of(item) for item in self._items.values())

    def clear(self) -> None:
        """Another capture, or other pictures."""
        self._items.clear()


def weight_of(shown: Shown) -> int:
    """Bytes that an item takes in memory, roughly."""
    images = [picture.image for picture in (*shown.crops, shown.backdrop) if picture.image is not None]
    return sum(image.sizeInBytes() for image in images) + _BYTES_PER_CHARACTER * len(shown.raw)
