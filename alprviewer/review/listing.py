"""The plates that a user looks out for, from the settings and from a file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alprviewer.core.errors import UserError
from alprviewer.core.listed import PlateList, read_list
from alprviewer.language import tr

MAX_LIST_BYTES = 4 << 20
"""Largest list that is read."""


def listed_plates(typed: Iterable[str], file: str) -> PlateList:
    """The plates that were typed, and those of a text file (UTF-8, one a line).

    Args:
        typed: queries.
        file: its name; empty for none.

    Raises:
        UserError: the file cannot be read, or a line is no query.
    """
    # For translators: stands for the name of a file in "Line 1 of FILE cannot be understood".
    lines = list(read_list(typed, tr("the listed plates")).lines)
    if file:
        lines += read_list(_text(Path(file)).splitlines(), file).lines
    return PlateList(lines)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as opened:
            data = opened.read(MAX_LIST_BYTES + 1)
        if len(data) > MAX_LIST_BYTES:
            raise UserError(
                tr(
                    "The list of plates {file} is larger than {size} MiB; shorten it.",
                    file=path,
                    size=MAX_LIST_BYTES >> 20,
                )
            )
        return data.decode("utf-8-sig")
    except OSError as error:
        raise UserError(
            tr("The list of plates {file} cannot be read: {reason}.", file=path, reason=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            tr("The list of plates {file} is not UTF-8 text; save it as such.", file=path)
        ) from error
