"""The rows of the details pane, from what is shown: plain data, without widgets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from itertools import pairwise
from typing import Any

from alprviewer.core.decode import raw_frames
from alprviewer.core.frame import Box, Frame, Read, margin
from alprviewer.core.geometry import quad_size
from alprviewer.core.jsontext import as_received, bytes_text, describe_jpeg
from alprviewer.core.masking import mask_passwords
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc, trn
from alprviewer.models.shown import Picture, Shown

ABSENT = "—"
_CORNERS = (
    tr("The plate's corner at the top left, in frame pixels."),
    tr("The plate's corner at the top right, in frame pixels."),
    tr("The plate's corner at the bottom right, in frame pixels."),
    tr("The plate's corner at the bottom left, in frame pixels."),
)

_RAW_CHARACTERS = 120
_COPIED_CHARACTERS = 100_000
_encoder = json.JSONEncoder(ensure_ascii=False)
_MOST_ITEMS = 100


_first_name = re.compile(r"[^.\[]*")


class Kind(Enum):
    """How a row is drawn."""

    HEADING = "heading"
    VALUE = "value"
    PLATE = "plate"
    ABSENT = "absent"
    INVALID = "invalid"


@dataclass(frozen=True)
class Row:
    """One line of the pane.

    Attributes:
        label: the field's name for people; empty where the line above has it.
        value: as it is shown: plain, on one line.
        kind: how it is drawn.
        copied: what "copy value" gives: the value unelided and unmasked of what makes it safe to show.
        name: the whole name where ``label`` is empty, for copying and for accessibility.
        note: where the value comes from or what is odd about it; shown as a tooltip.
    """

    label: str
    value: str = ""
    kind: Kind = Kind.VALUE
    copied: str = ""
    name: str = ""
    note: str = ""


def utc_text(epoch_ms: int) -> str:
    """A time in UTC with milliseconds: ``2026-07-01 07:00:14.972 UTC``."""
    moment = datetime.fromtimestamp(epoch_ms // 1000, UTC)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{epoch_ms % 1000:03d} UTC"


def number_text(value: float, decimals: int = 3) -> str:
    """A number with at most so many decimals, and a true minus sign."""
    text = f"{value:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def rows_of(shown: Shown) -> list[Row]:
    """All rows for what is shown, headings among them; an empty list where nothing is shown."""
    made: list[Row] = []
    if shown.facts:
        made.append(Row(display_text(shown.title) or tr("Value"), kind=Kind.HEADING))
        made += [_text(label, value or None) for label, value in shown.facts]
    if shown.frame is not None:
        found = raw_frames(shown.value)
        source = found[shown.inner] if shown.inner < len(found) else None
        if shown.read is not None:
            path = f"results[{shown.position}]"
            made += _Members(shown.invalid, _look_up(source, path), path).read(shown)
        made += _Members(shown.invalid, source).frame(shown.frame)
    if made or shown.source:
        made += _source(shown)
    return made


def _source(shown: Shown) -> list[Row]:
    end = shown.offset + shown.length
    return [
        Row(tr("Source"), kind=Kind.HEADING),
        _text(tr("File or address"), shown.source or None),
        Row(tr("First byte"), f"{shown.offset:,}", copied=str(shown.offset)),
        Row(
            tr("Length"),
            tr("{size} · to byte {end:,}", size=bytes_text(shown.length), end=end),
            copied=str(shown.length),
        ),
    ]


def _text(label: str, value: str | None, kind: Kind = Kind.VALUE, note: str = "") -> Row:
    if value is None:
        return Row(label, ABSENT, Kind.ABSENT)
    if not value:
        return Row(label, tr("empty text"), Kind.ABSENT, note=tr("The field is there, its text is empty."))
    return Row(label, display_text(mask_passwords(value)), kind, copied=value, note=note)


def _box_text(box: Box) -> str:
    return f"x {box.x}, y {box.y}, {box.width} × {box.height} px".replace("-", "−")


class _Members:
    """Rows of one object of the frame: knows its path and where its raw values are."""

    def __init__(self, invalid: frozenset[str], raw: Any, path: str = "") -> None:
        self._prefix = f"{path}." if path else ""
        self._raw = raw
        # By the field they are under; sorted, so that what is inside a value follows it.
        self._invalid: dict[str, list[str]] = {}
        for each in sorted(each for each in invalid if each.startswith(self._prefix)):
            name = _first_name.match(each, len(self._prefix))
            if name is not None:
                self._invalid.setdefault(name[0], []).append(each)

    def _wrong(self, name: str, label: str, is_deep: bool = True) -> list[Row]:
        """One row for each unusable value under a field, the innermost ones only.

        Args:
            name: the field's name.
            label: its name for people.
            is_deep: also the members of the objects in it, not only the objects.
        """
        path = self._prefix + name
        found = [each for each in self._invalid.get(name, ()) if is_deep or "." not in each[len(path) :]]
        inner = [each for each, after in pairwise([*found, ""]) if not after.startswith(each)]
        return [self._invalid_row(label, path, each) for each in inner[:_MOST_ITEMS]]

    def _invalid_row(self, label: str, path: str, each: str) -> Row:
        raw = _look_up(self._raw, each[len(self._prefix) :])
        text = _raw_text(raw)
        place = each[len(path) :]
        words = tr("invalid: {value}", value=_safe_raw(text)) if text else tr("invalid")
        named = f"{label} {place}".rstrip()
        note = tr("The field is there but cannot be used; this is what was received.")
        return Row(named, words, Kind.INVALID, copied=text, name=named, note=note)

    def one(self, label: str, name: str, value: Any, unit: str = "") -> list[Row]:
        """A field with a single value."""
        if value is None:
            return self._wrong(name, label) or [Row(label, ABSENT, Kind.ABSENT)]
        match value:
            case bool():
                return [Row(label, tr("yes") if value else tr("no"), copied=str(value).lower())]
            case float():
                return [Row(label, number_text(value) + unit, copied=repr(value))]
            case int():
                return [Row(label, f"{value}{unit}".replace("-", "−"), copied=str(value))]
            case Box():
                return [Row(label, _box_text(value), copied=_box_text(value))]
            case _:
                return [_text(label, str(value))]

    def many(
        self, label: str, name: str, values: Sequence[Any] | None, say: Callable[[Any], str]
    ) -> list[Row]:
        """A field with a list of values: the first beside the label, the others below."""
        wrong = self._wrong(name, label, is_deep=name != "results")  # a read shows its own members
        if values is None:
            return wrong or [Row(label, ABSENT, Kind.ABSENT)]
        if not values and not wrong:
            return [Row(label, tr("empty list"), Kind.ABSENT)]
        shown = [
            Row("" if place else label, f"{place + 1}: {value}", copied=value, name=f"{label} {place + 1}")
            for place, value in enumerate(map(say, values[:_MOST_ITEMS]))
        ]
        if len(values) > _MOST_ITEMS:
            more = trn(
                "… and {count:,} more, see the raw JSON",
                "… and {count:,} more, see the raw JSON",
                len(values) - _MOST_ITEMS,
            )
            shown.append(Row("", more, Kind.ABSENT, name=label))
        return shown + wrong

    def unknown(self, known: tuple[str, ...]) -> Iterator[Row]:
        """Members that no typed field takes, as received."""
        if isinstance(self._raw, dict):
            for name in [name for name in self._raw if name not in known][:_MOST_ITEMS]:
                text = _raw_text(self._raw[name])
                value = _safe_raw(text)
                yield Row(
                    display_text(name, 40),
                    value,
                    copied=text,
                    name=name,
                    note=tr("Not in the vendor's description."),
                )

    def read(self, shown: Shown) -> list[Row]:
        """The rows of the selected read."""
        read, frame = shown.read, shown.frame
        assert read is not None
        assert frame is not None
        assert shown.position is not None
        place = tr("{number} of {count}", number=shown.position + 1, count=len(frame.reads))
        return [
            Row(trc("noun", "Read"), kind=Kind.HEADING),
            *self._plate(read),
            *self.one(tr("Region code"), "region", read.region),
            *self.one(tr("Region confidence"), "region_confidence", read.region_confidence, " %"),
            *self._quad(read, frame),
            *self.one(tr("Vehicle region"), "vehicle_region", read.vehicle_region),
            *self.one(tr("Vehicle detected"), "vehicle_detected", read.vehicle_detected),
            *self._crop(shown.crop),
            Row(tr("Place in frame"), place, copied=str(shown.position)),
            *self.one(tr("Plate index"), "plate_index", read.plate_index),
            *self.one(tr("Processing time"), "processing_time_ms", read.processing_time_ms, " ms"),
            *self.unknown(Read.__struct_fields__),
        ]

    def _plate(self, read: Read) -> Iterator[Row]:
        if read.plate is None:
            yield from self.one(tr("Observed plate"), "plate", None)
        else:
            yield _text(tr("Observed plate"), read.plate, Kind.PLATE)
        yield from self.one(tr("Confidence"), "confidence", read.confidence, " %")
        apart = margin(read)
        value = ABSENT if apart is None else f"{number_text(apart)} %"
        if apart is not None and apart < 0:
            value += " · " + tr("the template overruled a more confident one")
        note = tr("Confidence minus the highest confidence of a candidate with different text.")
        yield Row(tr("Margin"), value, Kind.ABSENT if apart is None else Kind.VALUE, copied=value, note=note)
        matches = None if read.matches_template is None else bool(read.matches_template)
        yield from self.one(tr("Matches template"), "matches_template", matches)
        wrong = self._wrong("candidates", tr("Candidates"))
        count = None if read.candidates is None else f"{len(read.candidates):,}"
        if count is not None or not wrong:
            yield _text(tr("Candidates"), count)
        yield from wrong
        yield from self.one(tr("Candidates asked for"), "requested_topn", read.requested_topn)

    def _quad(self, read: Read, frame: Frame) -> Iterator[Row]:
        corners = read.coordinates
        if corners is None:
            yield from self.many(tr("Coordinates"), "coordinates", None, str)
            yield Row(tr("Plate width"), ABSENT, Kind.ABSENT)
            return
        for place, corner in enumerate(corners):
            outside = not (0 <= corner.x <= (frame.img_width or corner.x)) or not (
                0 <= corner.y <= (frame.img_height or corner.y)
            )
            text = f"{corner.x}, {corner.y} px".replace("-", "−")
            yield Row(
                "" if place else tr("Coordinates"),
                f"{place + 1}: {text}" + (" · " + tr("outside the frame") if outside else ""),
                copied=f"{corner.x}, {corner.y}",
                name=tr("Coordinates {number}", number=place + 1),
                note=_CORNERS[place],
            )
        width = number_text(quad_size([(corner.x, corner.y) for corner in corners]).width, 0)
        yield Row(
            tr("Plate width"), f"{width} px", copied=width, note=tr("Mean of the upper and the lower edge.")
        )

    def _crop(self, crop: Picture) -> list[Row]:
        wrong = self._wrong("plate_crop_jpeg", tr("Crop"))
        if crop.data:
            words = describe_jpeg(crop.data)
            size = words.removeprefix("jpeg ") + (" px" if "×" in words else "")
            return [Row(tr("Crop"), size, copied=size, note=display_text(crop.reason))]
        if wrong:
            reason = crop.reason or wrong[0].note
            return [Row(tr("Crop"), wrong[0].value, Kind.INVALID, wrong[0].copied, note=display_text(reason))]
        if crop.image is not None:
            return [Row(tr("Crop"), f"{crop.image.width()} × {crop.image.height()} px")]
        return [Row(tr("Crop"), ABSENT, Kind.ABSENT, note=display_text(crop.reason))]

    def frame(self, frame: Frame) -> list[Row]:
        """The rows of the frame."""
        error = frame.error
        return [
            Row(tr("Frame"), kind=Kind.HEADING),
            *self._time(frame),
            *self.one(tr("Camera id"), "camera_id", frame.camera_id),
            *self.one(tr("Width"), "img_width", frame.img_width, " px"),
            *self.one(tr("Height"), "img_height", frame.img_height, " px"),
            *self.one(tr("Processing time"), "processing_time_ms", frame.processing_time_ms, " ms"),
            *self.many(tr("Reads"), "results", frame.results, _read_text),
            *self.many(
                tr("Regions of interest"), "regions_of_interest", frame.regions_of_interest, _box_text
            ),
            *self.many(tr("Vehicles"), "vehicles", frame.vehicles, _box_text),
            *self.one(tr("Uuid"), "uuid", frame.uuid),
            *self.one(tr("Agent uid"), "agent_uid", frame.agent_uid),
            *self.one(tr("Agent type"), "agent_type", frame.agent_type),
            *self.one(tr("Agent version"), "agent_version", frame.agent_version),
            *self.one(tr("Company id"), "company_id", frame.company_id),
            *self.one(tr("Site id"), "site_id", frame.site_id),
            *self.one(tr("User data"), "user_data", frame.user_data),
            *self.one(tr("Error"), "error", error),
            *self.one(tr("Data type"), "data_type", frame.data_type),
            *self.one(tr("Version"), "version", frame.version),
            *self.unknown(Frame.__struct_fields__),
        ]

    def _time(self, frame: Frame) -> list[Row]:
        if frame.epoch_time is None:
            return self.one(tr("Time"), "epoch_time", None)
        raw = str(frame.epoch_time)
        return [
            Row(tr("Time"), utc_text(frame.epoch_time), copied=utc_text(frame.epoch_time)),
            Row(
                tr("Epoch time"),
                f"{raw} ms",
                copied=raw,
                note=tr("Wall clock of the recognizer's host; not monotonic."),
            ),
        ]


def _read_text(read: Read) -> str:
    plate = ABSENT if read.plate is None else display_text(read.plate, 40)
    return plate if read.confidence is None else f"{plate}  {number_text(read.confidence, 1)} %"


def _raw_text(raw: Any) -> str:
    """A raw value as JSON on one line; empty where there is none, cut where it is very long."""
    if raw is None or isinstance(raw, str):
        return "" if raw is None else json.dumps(raw, ensure_ascii=False)
    parts: list[str] = []
    length = 0
    for part in _encoder.iterencode(raw):
        parts.append(part)
        length += len(part)
        if length > _COPIED_CHARACTERS:
            return "".join(parts) + "…"
    return "".join(parts)


def _safe_raw(text: str) -> str:
    """A raw value on one line: crops in words, passwords hidden, cut where it is long."""
    return display_text(as_received(text).text, _RAW_CHARACTERS)


def _look_up(value: Any, path: str) -> Any:
    """The value at a path such as ``candidates[2].confidence``; None where there is none."""
    for step in path.replace("[", ".[").split("."):
        if step.startswith("[") and step[1:-1].isdigit():
            index = int(step[1:-1])
            value = value[index] if isinstance(value, list) and index < len(value) else None
        elif step:
            value = value.get(step) if isinstance(value, dict) else None
    return value
