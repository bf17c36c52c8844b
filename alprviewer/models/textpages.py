"""The texts of cells, made a page of rows at a time and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

PAGE = 32
"""Rows whose texts are made at a time."""
_PAGES = 1024
"""Pages of texts that are kept, one for each column."""


class TextPages:
    """Pages of texts by column.

    Args:
        make: gives the texts of a column for the shown rows from one to before another; it may give fewer,
            where there are no more rows.
    """

    def __init__(self, make: Callable[[int, int, int], list[str]]) -> None:
        self._make = make
        self._pages: OrderedDict[tuple[int, int], list[str]] = OrderedDict()

    def text(self, row: int, column: int) -> str:
        """The text of a cell."""
        return self._page(row // PAGE, column)[row % PAGE]

    def texts(self, first: int, end: int, column: int) -> list[str]:
        """The texts of a column from one row to before another."""
        found: list[str] = []
        while first < end:
            start = first % PAGE
            page = self._page(first // PAGE, column)[start : start + end - first]
            found += page
            first += len(page)
        return found

    def forget_last(self, count: int) -> None:
        """Rows came behind so many others: the page that they begin on is not whole."""
        for key in [key for key in self._pages if key[0] == count // PAGE]:
            del self._pages[key]

    def clear(self) -> None:
        """Texts may be others now."""
        self._pages.clear()

    def _page(self, number: int, column: int) -> list[str]:
        page = self._pages.get((number, column))
        if page is None:
            page = self._pages[number, column] = self._make(number * PAGE, (number + 1) * PAGE, column)
            if len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end((number, column))
        return page
