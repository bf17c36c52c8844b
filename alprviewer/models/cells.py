"""How values of the store are written in tables: plain text, the same everywhere.

An absent value is an em dash, an invalid one says so. Formatters take a page of rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, tzinfo
from math import isfinite, isnan
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QDate, QLocale

from alprviewer.capture.capture import Capture
from alprviewer.core.batch import Array
from alprviewer.core.plates import display_text
from alprviewer.core.states import CODE_INVALID, INVALID, absent
from alprviewer.language import spoken, tr
from alprviewer.models.answers import OUTCOMES
from alprviewer.store.select import table_of

ABSENT_TEXT = "—"
INVALID_TEXT = tr("invalid")
NO_CONSENSUS_TEXT = tr("no consensus")
YES_TEXT, NO_TEXT = tr("yes"), tr("no")
PENDING_TEXT = "…"
"""Stands where something is being computed."""
TIME = "00:00:00.000"
UUID = "0a1b2c3d4e5f6a7b8c9d0a1b2c3d4e5f6a7b8c9d-1234567890-1234567890123"
"""As wide as times and uuids are."""


class Context(NamedTuple):
    """What a formatter may look at."""

    capture: Capture
    zone: tzinfo | None
    """Times are shown in this zone; None is the local one."""
    with_date: bool
    """False where all times of the capture lie on one day."""
    reasons: Callable[[Array], list[str]] | None = None
    """Why reads were found; None where no plate is looked for."""


Format = Callable[[Context, Array], list[str]]


class ColumnSpec(NamedTuple):
    """A column of a table, as data.

    Attributes:
        name: the store's name, by which it is sorted and remembered.
        title: for the header.
        format: texts for row numbers of the store.
        sample: as wide a text as is usual: the column is made to fit it and its title.
        numeric: aligned right.
        kind: how it is painted: ``text``, ``time``, ``plate``, ``percent`` (bar and number),
            ``share`` (the same from 0 up), ``listed`` or ``crop``.
        shown: visible unless the user says otherwise.
        tip: what it means, for the header's tooltip and for accessibility.
        explain: what texts mean, for tooltips and screen readers; an empty text says nothing.
    """

    name: str
    title: str
    format: Format
    sample: str
    numeric: bool = False
    kind: str = "text"
    shown: bool = True
    tip: str = ""
    explain: Format | None = None


def whole(values: Array, pattern: str = "{:,}") -> list[str]:
    """Integers with their states."""
    lowest = absent(values.dtype) if values.dtype.kind == "i" else None
    texts: list[str] = []
    for value in values.tolist():
        if lowest is not None and value <= lowest + 1:
            texts.append(ABSENT_TEXT if value == lowest else INVALID_TEXT)
        else:
            texts.append(pattern.format(value))
    return texts


def real(values: Array, pattern: str = "{:.1f}") -> list[str]:
    """Reals with their states."""
    return [
        pattern.format(value).replace("-", "−")
        if isfinite(value)
        else ABSENT_TEXT
        if isnan(value)
        else INVALID_TEXT
        for value in values.tolist()
    ]


def coded(capture: Capture, dictionary: str, codes: Array) -> list[str]:
    """Texts behind codes, made safe to show. An empty text is shown as absent."""
    value = capture.columns.dictionaries[dictionary].value
    return [
        INVALID_TEXT if code == CODE_INVALID else display_text(text) if (text := value(code)) else ABSENT_TEXT
        for code in codes.tolist()
    ]


def times(context: Context, epochs: Array) -> list[str]:
    """Times in the shown zone, with the date only where the capture spans several days."""
    return [_time(context, value) for value in epochs.tolist()]


def _time(context: Context, value: int) -> str:
    lowest = absent("i8")
    if value <= lowest + 1:
        return ABSENT_TEXT if value == lowest else INVALID_TEXT
    moment = datetime.fromtimestamp(value // 1000, UTC)
    if context.zone is not UTC:
        moment = moment.astimezone(context.zone)
    # strftime imports a module with every call: this takes a tenth of its time.
    text = f"{moment.hour:02}:{moment.minute:02}:{moment.second:02}.{value % 1000:03}"
    return f"{moment.year:04}-{moment.month:02}-{moment.day:02} {text}" if context.with_date else text


def envelope_field(context: Context, frames: Array, name: str) -> list[Any]:
    """A field that one camera's frames share, for frames by row."""
    codes = context.capture.columns.frames.column("envelope")[frames]
    value = context.capture.columns.dictionaries["envelope"].value
    return [
        getattr(envelope, name) if (envelope := value(code)) is not None else None for code in codes.tolist()
    ]


def plain(value: Any) -> str:
    """A shared field as text."""
    if value is None or value == "":
        return ABSENT_TEXT
    if value is INVALID:
        return INVALID_TEXT
    if isinstance(value, bool):
        return YES_TEXT if value else NO_TEXT
    return display_text(str(value))


def cameras(context: Context, frames: Array) -> list[str]:
    """Camera names where a heartbeat told them, else ids."""
    names = context.capture.camera_names
    return [
        display_text(names[camera]) if camera in names else plain(camera)
        for camera in envelope_field(context, frames, "camera_id")
    ]


def uuids(context: Context, heads: Array, tails: Array) -> list[str]:
    """uuids from their two parts."""
    texts = coded(context.capture, "uuid_head", heads)
    return [
        text if tail < 0 or text in (ABSENT_TEXT, INVALID_TEXT) else f"{text}-{tail}"
        for text, tail in zip(texts, tails.tolist(), strict=True)
    ]


def sources(context: Context, numbers: Array) -> list[str]:
    """Names of sources, without their folders."""
    return [
        display_text(context.capture.sources[number].name.rsplit("/", 1)[-1]) for number in numbers.tolist()
    ]


def flags(values: Array) -> list[str]:
    """yes, no, absent or invalid."""
    words = {0: NO_TEXT, 1: YES_TEXT, absent("i1"): ABSENT_TEXT, absent("i1") + 1: INVALID_TEXT}
    return [words.get(value, str(value)) for value in values.tolist()]


def column(table: str, name: str, write: Callable[[Array], list[str]]) -> Format:
    """A formatter for a column of a table of the store."""

    def format_rows(context: Context, rows: Array) -> list[str]:
        return write(table_of(context.capture.columns, table).column(name)[rows])

    return format_rows


def coded_column(table: str, name: str, dictionary: str, shown: Callable[[str], str] = str) -> Format:
    """A formatter for a column of codes, whose texts are ``shown`` in the language that is spoken."""

    def format_rows(context: Context, rows: Array) -> list[str]:
        codes = table_of(context.capture.columns, table).column(name)[rows]
        return [shown(each) for each in coded(context.capture, dictionary, codes)]

    return format_rows


def of_frame(write: Format) -> Format:
    """A formatter for reads from one for frames."""

    def format_rows(context: Context, rows: Array) -> list[str]:
        return write(context, context.capture.columns.frame_rows(rows))

    return format_rows


def envelope_column(name: str) -> Format:
    """A formatter for frames of a field that one camera's frames share."""

    def format_rows(context: Context, rows: Array) -> list[str]:
        return [plain(value) for value in envelope_field(context, rows, name)]

    return format_rows


def picture_size(context: Context, rows: Array) -> list[str]:
    """Width × height of frames."""
    widths = envelope_field(context, rows, "img_width")
    heights = envelope_field(context, rows, "img_height")
    return [
        f"{w} × {h}"
        if isinstance(w, int) and isinstance(h, int)
        else plain(w if not isinstance(w, int) else h)
        for w, h in zip(widths, heights, strict=True)
    ]


def numbers_from_one(context: Context, rows: Array) -> list[str]:
    """Row numbers for people: from 1, in the order of the sources."""
    del context
    return [f"{row + 1:,}" for row in rows.tolist()]


def by_name(specs: Sequence[ColumnSpec]) -> dict[str, int]:
    """The place of each column."""
    return {spec.name: place for place, spec in enumerate(specs)}


def span_of(epochs: Array) -> tuple[int, int] | None:
    """The first and the last valid time; None where there is none."""
    valid = epochs[epochs > absent("i8") + 1]
    return (int(np.min(valid)), int(np.max(valid))) if len(valid) else None


def day_text(day: date) -> str:
    """A day in words, as ``Wednesday, 1 July 2026``."""
    # For translators: dddd is the day of the week, MMMM the month, letters in '…' stand for themselves.
    pattern = tr("dddd, d MMMM yyyy")
    return QLocale(spoken()).toString(QDate(day.year, day.month, day.day), pattern)


def same_day(first: int, last: int, zone: tzinfo | None) -> bool:
    """True if two times lie on one day of the zone."""
    one, other = (
        datetime.fromtimestamp(value // 1000, UTC).astimezone(zone).date() for value in (first, last)
    )
    return one == other


def crop_sizes(values: Array) -> list[str]:
    """Sizes of crops from the length of their base64 text."""
    return [f"{value * 3 / 4000:.1f} kB" if value else ABSENT_TEXT for value in values.tolist()]


def decided(name: str, read: str = "") -> Format:
    """What was decided of reads: in a word, or the resolved plate.

    Args:
        name: of ``store.decided``.
        read: the column of the passes that names the read; empty where the rows are reads.
    """

    def texts(context: Context, rows: Array) -> list[str]:
        columns = context.capture.columns
        reads = columns.passes.rows.column(read)[rows] if read else rows
        value = columns.decided.texts[name].value
        found = [value(code) for code in columns.decided.codes(name, reads).tolist()]
        words = OUTCOMES if name == "decision" else {}
        return [words.get(text) or display_text(text) if text else ABSENT_TEXT for text in found]

    return texts


def worths(context: Context, rows: Array) -> list[str]:
    """What the confidence of reads is worth, in percent."""
    columns = context.capture.columns
    return real(100 * columns.decided.learned.of_all(columns.reads.column("confidence")[rows]), "{:.0f}")
