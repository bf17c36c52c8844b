"""The forms that one decoded line teaches: of the frame around its reads, of a read, of a candidate."""

from __future__ import annotations

import re
from typing import NamedTuple

from alprviewer.core.digits import LOOK_AHEAD
from alprviewer.core.layout import Form, Kind, Outline, Slot, Span, stamp_of

_between_objects = re.compile(rb"\}(\s*,\s*)\{")
_KINDS = {
    "plate": Kind.TEXT,
    "region": Kind.TEXT,
    "plate_crop_jpeg": Kind.CUT,
    "matches_template": Kind.DIGIT,
}
"""By the last name of the path; all others are numbers."""
_SETTING = ("requested_topn",)
"""An agent's setting: the same in all of its reads."""
_USER_DATA = ("user_data",)


class ReadForm(NamedTuple):
    """The forms of a read before its candidates, of one of these, and of what follows.

    Attributes:
        before: all of the read where it has no list of candidates.
        separator: what stands between two objects in a list.
    """

    before: Form
    candidate: Form | None
    after: Form | None
    separator: bytes


class Shape(NamedTuple):
    """What a line teaches.

    Attributes:
        head: up to the bracket that opens the list of reads.
        tail: from the bracket that closes it.
        reads: the forms of its reads.
    """

    head: Form
    tail: Form
    reads: tuple[ReadForm, ...]


def learn(line: bytes) -> Shape | None:
    """The forms of a line that was decoded; None where it cannot be compared byte by byte."""
    outline = Outline.of(line)
    results = outline.lists["results",]
    slots = _frame_slots(line, outline)
    if slots is None:
        return None
    head = Form.learn(line, Span(0, results.start), _inside(slots, Span(0, results.start)))
    tail = Form.learn(line, Span(results.end, len(line)), _inside(slots, Span(results.end, len(line))))
    numbers = sorted(int(path[1]) for path in outline.objects if path[0:1] == ("results",) and len(path) == 2)
    reads = [_read_form(line, outline, number) for number in numbers]
    if head is None or tail is None or None in reads:
        return None
    return Shape(head, tail, tuple(each for each in reads if each is not None))


def _frame_slots(line: bytes, outline: Outline) -> dict[Slot, Span] | None:
    """What differs from frame to frame of one camera; None where the uuid does not end in a time."""
    slots: dict[Slot, Span] = {}
    for path, span in outline.values.items():
        if path == ("uuid",):
            stamp = stamp_of(line, span)
            if stamp is None:
                return None
            slots[Slot(path, Kind.STAMP)] = stamp
        elif path in {("epoch_time",), ("processing_time_ms",)}:
            slots[Slot(path, Kind.NUMBER)] = span
        elif path == _USER_DATA and span.end - span.start <= LOOK_AHEAD:
            slots[Slot(path, Kind.TEXT)] = span
    return slots


def _inside(slots: dict[Slot, Span], part: Span) -> dict[Slot, Span]:
    return {slot: span for slot, span in slots.items() if part.start <= span.start < part.end}


def _read_form(line: bytes, outline: Outline, number: int) -> ReadForm | None:
    prefix = ("results", number)
    between = _between_objects.search(line)
    separator = between[1] if between else b","
    whole = outline.objects[prefix]
    candidates = outline.lists.get((*prefix, "candidates"))
    slots = {
        Slot(path[2:], _KINDS.get(str(path[-1]), Kind.NUMBER)): span
        for path, span in outline.values.items()
        if path[:2] == prefix and path[2:] != _SETTING
    }
    if Slot(("plate",), Kind.TEXT) not in slots:
        return None
    if candidates is None:
        form = Form.learn(line, whole, slots)
        return ReadForm(form, None, None, separator) if form is not None else None
    parts = Span(whole.start, candidates.start), Span(candidates.end, whole.end)
    before, after = (Form.learn(line, part, _inside(slots, part)) for part in parts)
    first = outline.objects.get((*prefix, "candidates", 0))
    if before is None or after is None or first is None:
        return None
    own = {Slot(slot.path[2:], slot.kind): span for slot, span in _inside(slots, first).items()}
    candidate = Form.learn(line, first, own)
    return ReadForm(before, candidate, after, separator) if candidate is not None else None
