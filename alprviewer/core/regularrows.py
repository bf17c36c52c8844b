"""The values of regular lines, as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from alprviewer.core.batch import CANDIDATE_DTYPE, CANDIDATE_STEPS, FRAME_DTYPE, READ_DTYPE, Array
from alprviewer.core.builder import Coders
from alprviewer.core.chunks import Chunk
from alprviewer.core.digits import LOOK_AHEAD, Buffer, Mask, Positions, integers, reals
from alprviewer.core.frame import MAX_COORDINATE, MAX_EPOCH_MS, MIN_EPOCH_MS
from alprviewer.core.layout import Form, Kind, Path
from alprviewer.core.matching import FrameForm, Matched, Values
from alprviewer.core.states import REAL_ABSENT, absent
from alprviewer.core.textcoding import codes_of

_MAX_SMALL = 100_000
_TRUTH = ("vehicle_detected",)
_ZERO = ord("0")


class _Limits(NamedTuple):
    """What a number may be."""

    low: float
    high: float
    is_real: bool = False


_COORDINATE, _EXTENT = _Limits(-MAX_COORDINATE, MAX_COORDINATE), _Limits(0, MAX_COORDINATE)
_PERCENT, _FLAG, _SMALL = _Limits(0, 100, True), _Limits(0, 1), _Limits(0, _MAX_SMALL)
_QUAD: tuple[Path, ...] = tuple(("coordinates", corner, axis) for corner in range(4) for axis in ("x", "y"))
_VEHICLE: tuple[Path, ...] = tuple(("vehicle_region", name) for name in ("x", "y", "width", "height"))
_LIMITS: dict[Path, _Limits] = {
    ("uuid",): _Limits(1, 10**13),
    ("epoch_time",): _Limits(MIN_EPOCH_MS, MAX_EPOCH_MS - 1),
    ("processing_time_ms",): _Limits(0, 99_999, True),
    ("confidence",): _PERCENT,
    ("region_confidence",): _PERCENT,
    ("matches_template",): _FLAG,
    ("plate_index",): _SMALL,
    **dict.fromkeys((*_QUAD, *_VEHICLE[:2]), _COORDINATE),
    **dict.fromkeys(_VEHICLE[2:], _EXTENT),
}
_MISSING: dict[str, Any] = {
    "plate_index": absent("i4"),
    "confidence": REAL_ABSENT,
    "matches_template": absent("i1"),
    "region_confidence": REAL_ABSENT,
    "margin": REAL_ABSENT,
    "quad": absent("i2"),
    "vehicle": absent("i2"),
}


class _Parsed(NamedTuple):
    """The values of frames, reads or candidates of one form, by path.

    Attributes:
        owners, places: as in ``Values``, for each of them.
        texts: where they start and end.
        cuts: where a crop was taken out.
        fine: which of the frames, reads or candidates are in order.
    """

    owners: Positions
    places: Positions
    numbers: dict[Path, Array]
    texts: dict[Path, tuple[Positions, Positions]]
    cuts: dict[Path, Positions]
    fine: Mask


def _parse(buffer: Buffer, parts: list[Values]) -> _Parsed:
    """Parse the values of a form, all numbers of a kind at once."""
    owners = np.concatenate([part.owners for part in parts])
    places = np.repeat([part.place for part in parts], [len(part.owners) for part in parts])
    parsed = _Parsed(owners, places, {}, {}, {}, np.ones(len(owners), bool))
    numbers: dict[bool, list[int]] = {False: [], True: []}
    slots = parts[0].form.slots
    for slot, (path, kind) in enumerate(slots):
        if kind in (Kind.NUMBER, Kind.STAMP) and path != _TRUTH:
            numbers[_LIMITS[path].is_real].append(slot)
            continue
        (starts,), (ends,) = _spans(parts, [slot])
        if kind is Kind.TEXT:
            parsed.texts[path] = starts, ends
            parsed.fine[(ends - starts) > LOOK_AHEAD] = False
        elif kind is Kind.CUT:
            parsed.cuts[path] = starts
        elif kind is Kind.DIGIT:
            digit = buffer.units[starts] - np.uint8(_ZERO)
            parsed.fine[digit > _LIMITS[path].high] = False
            parsed.numbers[path] = digit
        else:
            is_truth = buffer.same_text(starts, ends, b"true") | buffer.same_text(starts, ends, b"false")
            parsed.fine[~is_truth] = False
    for is_real, chosen in numbers.items():
        if not chosen:
            continue
        values, fine = (reals if is_real else integers)(buffer, *_spans(parts, chosen))
        limits = [_LIMITS[slots[slot].path] for slot in chosen]
        low, high = (np.array(each)[:, None] for each in zip(*((n.low, n.high) for n in limits), strict=True))
        fine &= (values >= low) & (values <= high)
        if not bool(fine.all()):
            parsed.fine[~fine.all(0)] = False
        parsed.numbers.update(zip((slots[slot].path for slot in chosen), values, strict=True))
    return parsed


def _spans(parts: list[Values], slots: list[int]) -> tuple[Positions, Positions]:
    """Where the values of some slots start and end, one row a slot, those of all parts side by side."""
    starts = np.concatenate([part.starts[slot] for slot in slots for part in parts])
    ends = np.concatenate([part.ends[slot] for slot in slots for part in parts])
    return starts.reshape(len(slots), -1), ends.reshape(len(slots), -1)


def _parse_all(buffer: Buffer, found: Iterable[Values]) -> list[_Parsed]:
    by_form: dict[Form, list[Values]] = defaultdict(list)
    for values in found:
        by_form[values.form].append(values)
    return [_parse(buffer, parts) for parts in by_form.values()]


def rows_of(chunk: Chunk, found: Matched, regular: Mask, coders: Coders) -> tuple[Array, Array, Array]:
    """The rows of all lines that are regular to the last value; the others are marked as not regular.

    Returns:
        Frames, reads and candidates; ``first_read`` and ``frame`` count from 0.
    """
    buffer = chunk.buffer
    frames = [(each.form, _parse(buffer, [each.head]), _parse(buffer, [each.tail])) for each in found.frames]
    reads, candidates = _parse_all(buffer, found.reads), _parse_all(buffer, found.candidates)
    matched = np.zeros(len(regular), bool)
    for _, head, tail in frames:
        matched[head.owners] = head.fine & tail.fine
    crops = _crops(chunk, found, reads, matched)
    for parsed in (*reads, *candidates):
        if not bool(parsed.fine.all()):
            _refuse(matched, found, parsed.owners[~parsed.fine])
    regular &= matched
    kept = np.flatnonzero((found.read_lines >= 0) & regular[found.read_lines])
    lines, places = found.read_lines[kept], found.read_places[kept]
    counts = np.bincount(lines, minlength=len(regular))
    first_reads = np.cumsum(counts) - counts
    row_of = np.full(len(found.read_lines), -1)
    row_of[kept] = rows = first_reads[lines] + places
    read_rows = np.zeros(len(kept), READ_DTYPE)
    read_rows["frame"][rows] = (np.cumsum(regular) - 1)[lines]
    read_rows["position"][rows] = places
    read_rows["crop_text"][rows] = crops[kept]
    _fill_reads(read_rows, buffer, reads, row_of, coders)
    frame_rows = _frame_rows(chunk, frames)
    frame_rows["reads"] = counts
    frame_rows["first_read"] = first_reads
    return frame_rows[regular], read_rows, _fill_candidates(read_rows, buffer, candidates, row_of, coders)


def _refuse(matched: Mask, found: Matched, reads: Positions) -> None:
    """The lines of these reads are not regular."""
    lines = found.read_lines[reads]
    matched[lines[lines >= 0]] = False


def _crops(chunk: Chunk, found: Matched, reads: list[_Parsed], matched: Mask) -> Positions:
    """The lengths of the reads' crops. A line is refused if a crop was taken out at any other place."""
    cuts, crops = np.append(chunk.cuts, -1), np.append(chunk.crops, 0)
    lengths = np.zeros(len(found.read_lines), np.int64)
    unexplained = np.diff(np.searchsorted(chunk.cuts, chunk.ends), prepend=0)
    for parsed in reads:
        for at in parsed.cuts.values():
            place = np.searchsorted(chunk.cuts, at)
            lengths[parsed.owners] = crops[place]
            is_cut = cuts[place] == at
            _refuse(matched, found, parsed.owners[~is_cut])
            lines = found.read_lines[parsed.owners[is_cut]]
            unexplained -= np.bincount(lines[lines >= 0], minlength=len(unexplained))
    matched[unexplained != 0] = False
    return lengths


def _frame_rows(chunk: Chunk, frames: list[tuple[FrameForm, _Parsed, _Parsed]]) -> Array:
    """Rows of all lines, filled in where there is a frame."""
    rows = np.zeros(len(chunk.starts), FRAME_DTYPE)
    rows["offset"] = chunk.line_starts
    rows["length"] = chunk.value_ends - chunk.line_starts
    for form, head, tail in frames:
        lines, numbers = head.owners, head.numbers | tail.numbers
        rows["envelope"][lines] = form.envelope
        rows["uuid_head"][lines] = form.uuid_head
        rows["uuid_tail"][lines] = numbers.get(("uuid",), -1)
        rows["epoch_time"][lines] = numbers.get(("epoch_time",), absent("i8"))
        rows["processing_time_ms"][lines] = numbers.get(("processing_time_ms",), REAL_ABSENT)
    return rows


def _fill_reads(rows: Array, buffer: Buffer, reads: list[_Parsed], row_of: Positions, coders: Coders) -> None:
    for name, missing in _MISSING.items():
        rows[name] = missing
    for parsed in reads:
        own = row_of[parsed.owners]
        kept = slice(None) if bool((own >= 0).all()) else own >= 0
        own = own[kept]
        for name in ("plate_index", "confidence", "matches_template", "region_confidence"):
            if (name,) in parsed.numbers:
                rows[name][own] = parsed.numbers[name,][kept]
        for name, paths in (("quad", _QUAD), ("vehicle", _VEHICLE)):
            if paths[0] in parsed.numbers:
                values = np.stack(
                    [parsed.numbers[path] for path in paths], axis=1, dtype="i2", casting="unsafe"
                )
                rows[name][own] = values[kept]
        for name, coder in (("plate", coders.plate), ("region", coders.region)):
            if (name,) in parsed.texts:
                starts, ends = parsed.texts[name,]
                rows[name][own] = codes_of(buffer, starts[kept], ends[kept], coder)


def _fill_candidates(
    reads: Array, buffer: Buffer, candidates: list[_Parsed], row_of: Positions, coders: Coders
) -> Array:
    """The candidates as rows; sets number of candidates and margin of the reads."""
    owners = [row_of[parsed.owners] for parsed in candidates]
    counts = np.zeros(len(reads), np.int64)
    for own in owners:
        counts += np.bincount(own[own >= 0], minlength=len(reads))
    ends = np.cumsum(counts)
    begins = ends - counts
    reads["candidates"] = counts
    rows = np.zeros(int(counts.sum()), CANDIDATE_DTYPE)
    confidences = np.zeros(len(rows))
    for parsed, own in zip(candidates, owners, strict=True):
        kept = own >= 0
        places = begins[own[kept]] + parsed.places[kept]
        starts, ends = parsed.texts["plate",]
        rows["plate"][places] = codes_of(buffer, starts[kept], ends[kept], coders.plate)
        rows["matches_template"][places] = parsed.numbers["matches_template",][kept]
        confidences[places] = parsed.numbers["confidence",][kept]
    rows["confidence"] = np.rint(confidences * CANDIDATE_STEPS)
    if len(rows):
        has_list = np.flatnonzero(counts)
        other = rows["plate"] != np.repeat(reads["plate"], counts)
        best = np.maximum.reduceat(np.where(other, confidences, -np.inf), begins[has_list])
        reads["margin"][has_list] = np.where(
            np.isfinite(best), reads["confidence"][has_list] - best, REAL_ABSENT
        )
    return rows
