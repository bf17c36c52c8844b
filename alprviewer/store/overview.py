"""How the reads of a capture are spread over what can be asked of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.distribution import Bar, Distribution, number_bars
from alprviewer.core.errors import Cancelled
from alprviewer.core.plates import display_text
from alprviewer.core.query.times import DAY, HOUR, parse_moment
from alprviewer.core.query.tree import Between, Literal, TextTerm
from alprviewer.core.states import CODE_ABSENT, CODE_INVALID, FIRST_CODE, absent
from alprviewer.core.zones import readings
from alprviewer.language import tr, trn
from alprviewer.store.columns import Columns
from alprviewer.store.passes import NO_PASS, Passes
from alprviewer.store.select import plate_width
from alprviewer.store.tables import Dictionary
from alprviewer.store.timeline import Lanes, lanes_of

_MOST_BARS = 10
_MOST_CAMERAS = 8
_HOURS = 24


class Asked(NamedTuple):
    """What is to be counted.

    Attributes:
        columns: the store.
        reads, frames: how many of the first ones.
        chosen: rows of the reads that a filter lets through, ascending; None without one.
        zone: of the hours.
        passes: where they are known.
    """

    columns: Columns
    reads: int
    frames: int
    chosen: Array | None
    zone: tzinfo | None
    passes: Passes | None


def overview(
    asked: Asked, lane_name: Callable[[Lanes, int], str], still_wanted: Callable[[], bool]
) -> tuple[Distribution, ...]:
    """All distributions.

    Args:
        asked: what is counted.
        lane_name: what a lane of cameras is called.
        still_wanted: asked before each.

    Raises:
        Cancelled: the answer is not wanted any more.
    """
    made: tuple[Callable[[], Distribution | None], ...] = (
        lambda: _numbers(asked, "conf", tr("Confidence"), "confidence", 100.0),
        lambda: _numbers(asked, "margin", tr("Margin"), "margin"),
        lambda: _widths(asked),
        lambda: _regions(asked),
        lambda: _reads_per_pass(asked),
        lambda: _cameras_by_hour(asked, lane_name),
    )
    found: list[Distribution] = []
    for make in made:
        if not still_wanted():
            raise Cancelled
        distribution = make()
        if distribution is not None:
            found.append(distribution)
    return tuple(found)


def _notes(values: Array) -> tuple[str, ...]:
    """How many reads have no value, or an unusable one."""
    without, unusable = int(np.count_nonzero(np.isnan(values))), int(np.count_nonzero(np.isneginf(values)))
    return (*([_absent(without)] if without else []), *([_invalid(unusable)] if unusable else []))


def _absent(count: int) -> str:
    return trn("{count:,} absent", "{count:,} absent", count)


def _invalid(count: int) -> str:
    return trn("{count:,} invalid", "{count:,} invalid", count)


def _numbers(asked: Asked, field: str, title: str, column: str, top: float = np.inf) -> Distribution:
    values = asked.columns.reads.part(column, 0, asked.reads)
    return Distribution(title, number_bars(field, values, asked.chosen, _MOST_BARS, top), _notes(values))


def _widths(asked: Asked) -> Distribution:
    values = plate_width(asked.columns.reads.part("quad", 0, asked.reads))
    bars = number_bars("width", values, asked.chosen, _MOST_BARS)
    return Distribution(tr("Plate width, pixels"), bars, _notes(values))


def _regions(asked: Asked) -> Distribution:
    """The most frequent region codes; codes that differ in case are one."""
    codes = asked.columns.reads.part("region", 0, asked.reads)
    texts = asked.columns.dictionaries["region"]
    assert isinstance(texts, Dictionary)
    size = FIRST_CODE + len(texts)
    whole = np.bincount(codes, minlength=size)
    part = whole if asked.chosen is None else np.bincount(codes[asked.chosen], minlength=size)
    counts: dict[str, list[int]] = {}
    for code in np.flatnonzero(whole).tolist():
        text = texts.value(code)
        if text:
            both = counts.setdefault(text.lower(), [0, 0])
            both[0] += int(whole[code])
            both[1] += int(part[code])
    order = sorted(counts, key=lambda text: (-counts[text][0], text))
    bars = tuple(
        Bar(display_text(text, 24), (("region", (TextTerm("region", Literal(text)),)),), *counts[text])
        for text in order[:_MOST_BARS]
    )
    notes = []
    empty = texts.find("")
    missing = int(whole[CODE_ABSENT]) + (int(whole[empty]) if empty is not None else 0)
    if missing:
        notes.append(_absent(missing))
    if whole[CODE_INVALID]:
        notes.append(_invalid(int(whole[CODE_INVALID])))
    if len(order) > _MOST_BARS:
        rest = sum(counts[text][0] for text in order[_MOST_BARS:])
        others = len(order) - _MOST_BARS
        notes.append(
            trn("{reads:,} of {count:,} other code", "{reads:,} of {count:,} other codes", others, reads=rest)
        )
    return Distribution(tr("Region code"), bars, tuple(notes))


def _reads_per_pass(asked: Asked) -> Distribution | None:
    if asked.passes is None:
        return None
    values = asked.passes.table["reads"].astype(np.float64)
    chosen = asked.chosen
    if chosen is not None:
        numbers = np.unique(asked.passes.of_read[chosen[chosen < len(asked.passes.of_read)]])
        chosen = numbers[numbers != NO_PASS].astype(np.int64)
    bars = number_bars("passreads", values, chosen, _MOST_BARS, whole=True)
    return Distribution(tr("Reads per pass"), bars, things="pass")


def _cameras_by_hour(asked: Asked, lane_name: Callable[[Lanes, int], str]) -> Distribution:
    columns = asked.columns
    lanes = lanes_of(columns, asked.frames, _MOST_CAMERAS)
    times = columns.frames.part("epoch_time", 0, asked.frames)
    valid = times > absent("i8") + 1
    hour = readings(times, asked.zone) % DAY // HOUR
    cell = np.where(
        valid, lanes.of_envelope[columns.frames.part("envelope", 0, asked.frames)] * _HOURS + hour, -1
    )
    frame = columns.reads.part("frame", 0, asked.reads)
    whole = _tallied(cell[frame], lanes.number)
    part = whole if asked.chosen is None else _tallied(cell[frame[asked.chosen]], lanes.number)
    names = tuple(lane_name(lanes, lane) for lane in range(lanes.number))
    bars = []
    for place in range(lanes.number * _HOURS):
        lane, at = divmod(place, _HOURS)
        camera = lanes.cameras[lane]
        moments = parse_moment(f"{at:02}:00"), parse_moment(f"{at:02}:59")
        terms = (
            ("camera", (TextTerm("camera", Literal(str(camera))),)),
            ("time", (Between("time", *moments),)),
        )
        words = tr(
            "{camera}, {begin} to {end}", camera=names[lane], begin=f"{at:02}:00", end=f"{at + 1:02}:00"
        )
        bars.append(Bar(words, terms if camera is not None else (), int(whole[place]), int(part[place])))
    lost = int(np.count_nonzero(cell[frame] < 0))
    notes = (trn("{count:,} without a usable time", "{count:,} without a usable time", lost),) if lost else ()
    return Distribution(tr("Cameras by hour"), tuple(bars), notes, width=_HOURS, lines=names)


def _tallied(cells: Array, lanes: int) -> Array:
    return np.bincount(cells[cells >= 0], minlength=lanes * _HOURS)
