"""The values of regular lines, as rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from alprviewer.core.batch import CANDIDATE_DTYPE, CANDIDATE_STEPS, FRAME_DTYPE, READ_DTYPE, Array
from alprviewer.core.builder import Coders, envelope_of
from alprviewer.core.chunks import Chunk, Group, Work
from alprviewer.core.crops import MAX_CROP_TEXT, is_base64_alphabet, is_plain_base64
from alprviewer.core.decode import decode_strict
from alprviewer.core.digits import FIRST_BYTES, Mask, Positions, integers, reals, word
from alprviewer.core.frame import MAX_COORDINATE, MAX_EPOCH_MS, MAX_TEXT, MIN_EPOCH_MS
from alprviewer.core.shapes import Shape
from alprviewer.core.states import CODE_ABSENT, REAL_ABSENT, absent
from alprviewer.core.textcoding import codes_of
from alprviewer.core.texts import Texts

_MAX_SMALL = 100_000
_UUID_TAIL = 13
"""Digits of the millisecond time that ends an agent's uuid."""
_MAX_ENVELOPES = 64
"""Different envelopes, or heads of uuids, of one form in one chunk; more of them are decoded one by one."""


class _Spans(NamedTuple):
    """Where texts or values stand: one row a line."""

    starts: Positions
    ends: Positions


class _Read(NamedTuple):
    """One read of each line of a group."""

    values: dict[str, Array]
    plates: _Spans
    regions: _Spans | None
    lists: Positions | None
    """Which list of candidates of the chunk."""


class _Values(NamedTuple):
    """A group's values and where its texts stand; parsed and checked, lines that failed included."""

    group: Group
    frame: dict[str, Array]
    uuid: _Spans | None
    reads: list[_Read]


def rows_of(work: Work, coders: Coders) -> tuple[Array, Array, Array]:
    """The rows of all lines that are regular to the last value; the others are marked as not regular.

    Returns:
        Frames, reads and candidates; ``first_read`` and ``frame`` count from 0.
    """
    confidences, flags = _candidate_values(work)
    parsed = [_group_values(work, group) for group in work.groups]
    heads = [_code_shared(work, values, coders) for values in parsed]
    matched = np.zeros(len(work.regular), bool)
    for group in work.groups:
        matched[group.lines] = True
    work.regular &= matched
    frames = np.zeros(len(work.regular), FRAME_DTYPE)
    for values, (envelopes, head_codes) in zip(parsed, heads, strict=True):
        _fill_frames(frames, work.chunk, values, envelopes, head_codes)
    counts = np.where(work.regular, frames["reads"], 0).astype(np.int64)
    first_reads = np.cumsum(counts) - counts
    frames["first_read"] = first_reads
    numbers = np.cumsum(work.regular) - 1
    reads = np.zeros(int(counts.sum()), READ_DTYPE)
    lists = np.full(len(reads), -1, np.int64)
    plates = _Spans(np.zeros(len(reads), np.int64), np.zeros(len(reads), np.int64))
    regions = _Spans(np.zeros(len(reads), np.int64), np.full(len(reads), -1, np.int64))
    for values in parsed:
        kept = work.regular[values.group.lines]
        lines = values.group.lines[kept]
        for position, read in enumerate(values.reads):
            rows = first_reads[lines] + position
            _fill_reads(reads, rows, numbers[lines], position, read, kept)
            for target, spans in ((plates, read.plates), (regions, read.regions)):
                if spans is not None:
                    target.starts[rows], target.ends[rows] = spans.starts[kept], spans.ends[kept]
            if read.lists is not None:
                lists[rows] = read.lists[kept]
    candidates = _candidates(work, coders.plate, confidences, flags, reads, lists, plates)
    reads["region"] = codes_of(work.chunk.buffer, regions.starts, regions.ends, coders.region)
    return frames[work.regular], reads, candidates


def _candidate_values(work: Work) -> tuple[Array, Array]:
    """Confidences and template marks of all candidates; lines with one that is not regular are refused."""
    chunk, item = work.chunk, work.item
    if item is None or not len(work.members):
        return np.empty(0), np.empty(0, np.int64)
    starts, ends, nexts = chunk.starts[work.members], chunk.ends[work.members], chunk.nexts[work.members]
    is_last = np.zeros(len(starts), bool)
    lasts = work.lists.first + work.lists.counts - 1
    is_last[lasts] = True
    fits = item.skeleton.fits(chunk.buffer, starts, ends, nexts, is_last)
    # The bytes behind a list's last value were checked with the line; they are no part of it.
    suffix = item.skeleton.suffix_lengths[-1]
    nexts[lasts, -1] = work.last_ends + suffix
    confidences, fine = reals(chunk.buffer, *item.skeleton.scalar(item.confidence, ends, nexts))
    fits &= fine & (confidences <= 100)
    flags, fine = integers(chunk.buffer, *item.skeleton.scalar(item.matches_template, ends, nexts))
    fits &= fine & (flags >= 0) & (flags <= 1)
    fits &= (ends[:, item.plate] - starts[:, item.plate]) <= MAX_TEXT
    work.refuse(chunk.line[work.members[~fits, 0]])
    return confidences, flags


class _Parser:
    """Parses values of a group's lines, all of a kind at once, and remembers which lines failed."""

    def __init__(self, chunk: Chunk, group: Group) -> None:
        self.buffer = chunk.buffer
        self.starts = chunk.starts[group.ordinals]
        self.ends = chunk.ends[group.ordinals]
        self.nexts = chunk.nexts[group.ordinals]
        self.skeleton = group.shape.skeleton
        self.fine: Mask = np.ones(len(self.starts), bool)

    def span(self, ordinal: int) -> _Spans:
        """Where the value behind a key stands."""
        return _Spans(*self.skeleton.scalar(ordinal, self.ends, self.nexts))

    def text(self, ordinal: int) -> _Spans:
        """A text of bounded length."""
        spans = _Spans(self.starts[:, ordinal], self.ends[:, ordinal])
        self.fine &= (spans.ends - spans.starts) <= MAX_TEXT
        return spans

    def _numbers(self, wanted: list[_Number], parse: Callable[..., tuple[Array, Mask]]) -> Array:
        spans = [self.span(number.ordinal) for number in wanted]
        starts, ends = (np.stack(columns, axis=1) for columns in zip(*spans, strict=True))
        values, fine = parse(self.buffer, starts, ends)
        low, high = (np.array(limits) for limits in zip(*((n.low, n.high) for n in wanted), strict=True))
        self.fine &= (fine & (values >= low) & (values <= high)).all(1)
        return values

    def numbers(self, wanted: list[_Number]) -> dict[tuple[int, str], Array]:
        """Values of all numbers by read and name, -1 standing for the frame."""
        found: dict[tuple[int, str], Array] = {}
        for is_real, parse in ((False, integers), (True, reals)):
            chosen = [number for number in wanted if number.is_real is is_real]
            if chosen:
                values = self._numbers(chosen, parse)
                found |= {(n.read, n.name): values[:, place] for place, n in enumerate(chosen)}
        return found

    def boolean(self, ordinal: int) -> None:
        """true or false."""
        spans = self.span(ordinal)
        self.fine &= self.buffer.same_text(*spans, b"true") | self.buffer.same_text(*spans, b"false")


class _Number(NamedTuple):
    """A number to parse: of which read (-1: of the frame), its name, the key's ordinal, its limits."""

    read: int
    name: str
    ordinal: int
    low: float
    high: float
    is_real: bool = False


_FRAME = -1
_FRAME_NUMBERS = {
    "epoch_time": (MIN_EPOCH_MS, MAX_EPOCH_MS - 1, False),
    "processing_time_ms": (0, 99_999, True),
}
_READ_NUMBERS = {
    "confidence": (0, 100, True),
    "region_confidence": (0, 100, True),
    "processing_time_ms": (0, 99_999, True),
    "matches_template": (0, 1, False),
    "plate_index": (0, _MAX_SMALL, False),
    "requested_topn": (0, _MAX_SMALL, False),
}
_READ_TEXTS = {"plate", "region", "plate_crop_jpeg"}
_READ_SCALARS = {*_READ_NUMBERS, "vehicle_detected"}


def _wanted(shape: Shape) -> list[_Number]:
    """All numbers of a form."""
    wanted = [
        _Number(_FRAME, name, shape.scalars[name], *limits)
        for name, limits in _FRAME_NUMBERS.items()
        if name in shape.scalars
    ]
    for read, places in enumerate(shape.reads):
        wanted += [
            _Number(read, name, places.scalars[name], *limits)
            for name, limits in _READ_NUMBERS.items()
            if name in places.scalars
        ]
        for name, ordinals in (("quad", places.coordinates), ("vehicle", places.vehicle)):
            for place, ordinal in enumerate(ordinals):
                low = 0 if name == "vehicle" and place >= _FIRST_EXTENT else -MAX_COORDINATE
                wanted.append(_Number(read, f"{name}{place}", ordinal, low, MAX_COORDINATE))
    return wanted


_FIRST_EXTENT = 2
"""In ``x, y, width, height``."""


def _group_values(work: Work, group: Group) -> _Values:
    parser = _Parser(work.chunk, group)
    shape = group.shape
    numbers = parser.numbers(_wanted(shape))
    frame = {name: values for (read, name), values in numbers.items() if read == _FRAME}
    for ordinal in shape.other_texts:
        parser.text(ordinal)
    uuid = None
    if shape.uuid is not None:
        text = parser.text(shape.uuid)
        tail, fine = integers(work.chunk.buffer, text.ends - _UUID_TAIL, text.ends)
        dash = work.chunk.buffer.units[text.ends - _UUID_TAIL - 1] == ord("-")
        parser.fine &= fine & dash & (tail > 0) & (text.ends - text.starts > _UUID_TAIL)
        frame["uuid_tail"] = tail
        uuid = _Spans(text.starts, text.ends - _UUID_TAIL - 1)
    reads = [_read_values(work, parser, group, number, numbers) for number in range(len(shape.reads))]
    work.refuse(group.lines[~parser.fine])
    return _Values(group, frame, uuid, reads)


def _read_values(
    work: Work, parser: _Parser, group: Group, number: int, numbers: dict[tuple[int, str], Array]
) -> _Read:
    places = group.shape.reads[number]
    values = {name: numbers[number, name] for name in _READ_NUMBERS if (number, name) in numbers}
    for name, ordinals in (("quad", places.coordinates), ("vehicle", places.vehicle)):
        if ordinals:
            values[name] = np.stack([numbers[number, f"{name}{k}"] for k in range(len(ordinals))], axis=1)
    if "vehicle_detected" in places.scalars:
        parser.boolean(places.scalars["vehicle_detected"])
    if set(places.texts) - _READ_TEXTS or set(places.scalars) - _READ_SCALARS or "plate" not in places.texts:
        parser.fine[:] = False
    crop = places.texts.get("plate_crop_jpeg")
    if crop is not None:
        values["crop_text"] = _crop_lengths(parser, crop)
    lists = None
    if places.candidates is not None:
        lists = np.searchsorted(work.lists.key, group.ordinals[:, places.candidates])
    region = places.texts.get("region")
    plate = parser.text(places.texts.get("plate", 0))
    return _Read(values, plate, None if region is None else parser.text(region), lists)


def _crop_lengths(parser: _Parser, ordinal: int) -> Array:
    """Lengths of crops; lines whose crop is not plain base64 are refused."""
    buffer = parser.buffer
    starts, ends = parser.starts[:, ordinal], parser.ends[:, ordinal]
    lengths = ends - starts
    parser.fine &= (lengths % 4 == 0) & (lengths >= _LEAST_CROP) & (lengths <= MAX_CROP_TEXT)
    parser.fine &= (buffer.words[starts] & FIRST_BYTES[4]) == _JPEG_START
    one = buffer.units[ends - 1] == ord("=")
    two = one & (buffer.units[ends - 2] == ord("="))
    # All at once: in crops that are in order nothing but the padding at their ends is outside the alphabet.
    pieces = [buffer.data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    if not is_base64_alphabet(b"".join(pieces), int(one.sum() + two.sum())):
        parser.fine &= np.array([is_plain_base64(piece) for piece in pieces], bool)
    return lengths


_JPEG_START = word(b"/9j/")
_LEAST_CROP = 8


def _code_shared(work: Work, values: _Values, coders: Coders) -> tuple[Array, Array]:
    """Codes of envelopes and of heads of uuids: few different ones, each decoded once."""
    group, shape = values.group, values.group.shape
    parser = _Parser(work.chunk, group)
    slots = [
        *(_Spans(parser.starts[:, o], parser.ends[:, o]) for o in shape.envelope_texts),
        *(parser.span(o) for o in shape.envelope_scalars),
    ]

    def envelope(row: int) -> int:
        frame = decode_strict(work.chunk.line_bytes(int(group.lines[row])))
        return coders.envelope.code(envelope_of(frame)) if frame is not None else -1

    envelopes = _by_representative(work, group, slots, envelope)
    if values.uuid is None:
        return envelopes, np.full(len(group.lines), CODE_ABSENT)
    head = values.uuid

    def uuid_head(row: int) -> int:
        text = work.chunk.buffer.data[int(head.starts[row]) : int(head.ends[row])]
        return coders.uuid_head.code(text.decode("ascii"))

    return envelopes, _by_representative(work, group, [head], uuid_head)


def _by_representative(work: Work, group: Group, slots: list[_Spans], code: Callable[[int], int]) -> Array:
    """Codes of rows whose texts in the slots are the same, one representative decoded for each."""
    codes = np.zeros(len(group.lines), np.int64)
    left = np.flatnonzero(work.regular[group.lines])
    data = work.chunk.buffer.data
    for _ in range(_MAX_ENVELOPES):
        if not len(left):
            return codes
        same = np.ones(len(left), bool)
        for spans in slots:
            text = data[int(spans.starts[left[0]]) : int(spans.ends[left[0]])]
            same &= work.chunk.buffer.same_text(spans.starts[left], spans.ends[left], text)
        found = code(int(left[0]))
        if found < 0:
            work.refuse(group.lines[left[same]])
        codes[left[same]] = found
        left = left[~same]
    work.refuse(group.lines[left])
    return codes


def _fill_frames(frames: Array, chunk: Chunk, values: _Values, envelopes: Array, heads: Array) -> None:
    lines = values.group.lines
    frames["offset"][lines] = chunk.line_starts[lines]
    frames["length"][lines] = chunk.value_ends[lines] - chunk.line_starts[lines]
    frames["reads"][lines] = len(values.reads)
    frames["envelope"][lines] = envelopes
    frames["uuid_head"][lines] = heads
    frames["uuid_tail"][lines] = values.frame.get("uuid_tail", -1)
    frames["epoch_time"][lines] = values.frame.get("epoch_time", absent("i8"))
    frames["processing_time_ms"][lines] = values.frame.get("processing_time_ms", REAL_ABSENT)


def _fill_reads(
    reads: Array, rows: Positions, frames: Positions, position: int, read: _Read, kept: Mask
) -> None:
    reads["frame"][rows] = frames
    reads["position"][rows] = position
    for name, missing in _MISSING.items():
        found = read.values.get(name)
        reads[name][rows] = missing if found is None else found[kept]


_MISSING: dict[str, Any] = {
    "plate_index": absent("i4"),
    "confidence": REAL_ABSENT,
    "matches_template": absent("i1"),
    "region_confidence": REAL_ABSENT,
    "quad": absent("i2"),
    "vehicle": absent("i2"),
    "crop_text": 0,
}


def _candidates(
    work: Work, coder: Texts, confidences: Array, flags: Array, reads: Array, lists: Positions, plates: _Spans
) -> Array:
    """The candidates of regular lines as rows; sets plate, number of candidates and margin of the reads."""
    chunk, item = work.chunk, work.item
    has_list = np.flatnonzero(lists >= 0)
    chosen = lists[has_list]
    counts = work.lists.counts[chosen]
    begins = np.cumsum(counts) - counts
    members = np.repeat(work.lists.first[chosen] - begins, counts) + np.arange(int(counts.sum()))
    texts = work.members[members, item.plate] if item is not None and len(members) else np.empty(0, np.int64)
    spans = _Spans(
        np.concatenate((plates.starts, chunk.starts[texts])), np.concatenate((plates.ends, chunk.ends[texts]))
    )
    codes = codes_of(chunk.buffer, spans.starts, spans.ends, coder)
    reads["plate"] = codes[: len(reads)]
    reads["candidates"][has_list] = counts
    rows = np.zeros(len(members), CANDIDATE_DTYPE)
    rows["plate"] = codes[len(reads) :]
    own = confidences[members]
    rows["confidence"] = np.rint(own * CANDIDATE_STEPS)
    rows["matches_template"] = flags[members]
    reads["margin"] = REAL_ABSENT
    if len(members):
        owners = np.repeat(has_list, counts)
        others = np.where(rows["plate"] != reads["plate"][owners], own, -np.inf)
        best = np.maximum.reduceat(others, begins)
        reads["margin"][has_list] = np.where(
            np.isfinite(best), reads["confidence"][has_list] - best, REAL_ABSENT
        )
    return rows
