"""Field by field from parsed JSON to typed values, with the path of whatever is wrong.

One ``Notes`` collects what was found while a value is walked. A converter takes the notes, the path and what
JSON holds there; it returns the typed value, or None after it has noted why.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from alprviewer.core import reasons
from alprviewer.core.crops import decode_crop, is_plain_base64
from alprviewer.core.errors import Problem, ProblemKind
from alprviewer.core.frame import (
    MAX_COORDINATE,
    MAX_EPOCH_MS,
    MAX_TEXT,
    MAX_USER_DATA,
    MIN_EPOCH_MS,
    Box,
    Candidate,
    Point,
)

Converter = Callable[["Notes", str, Any], Any]

_integer_text = re.compile(r"\s*[+-]?\d{1,30}\s*")
_number_text = re.compile(r"\s*[+-]?(\d{1,30}([.,]\d{0,30})?|[.,]\d{1,30})([eE][+-]?\d{1,3})?\s*")
_surrogate = re.compile("[\ud800-\udfff]")
_SECONDS = range(10**8, 10**10)
"""Epoch seconds from 1973 to 2286."""


class Members(dict[str, Any]):
    """A parsed JSON object that remembers which member names came more than once (the last one wins)."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.repeated: tuple[str, ...] = ()
        if len(self) != len(pairs):
            counts = Counter(name for name, _ in pairs)
            self.repeated = tuple(name for name, count in counts.items() if count > 1)


MAX_PROBLEMS = 1000
"""Problems that are listed of one value; one more says that there are others."""
_MAX_INVALID = 100_000


class Notes:
    """What was found in one value: problems, and the paths of fields that are present but unusable."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.invalid: set[str] = set()

    def add(self, problem: Problem) -> None:
        """Add a problem, unless there are too many."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(problem)
        elif len(self.problems) == MAX_PROBLEMS:
            self.problems.append(problem._replace(reason=reasons.MORE, field="", offset=0, length=0))

    def mark_invalid(self, path: str) -> None:
        """Note that the field is present and unusable, without a problem of its own."""
        if len(self.invalid) < _MAX_INVALID:
            self.invalid.add(path)

    def repaired(self, kind: ProblemKind, path: str, reason: str) -> None:
        """Note a field that was used after a repair."""
        self.add(Problem(kind, reason, path, repaired=True))

    def unusable(self, kind: ProblemKind, path: str, reason: str) -> None:
        """Note a field that is present and cannot be used; its typed value is None."""
        self.add(Problem(kind, reason, path))
        self.mark_invalid(path)

    def unexpected(self, path: str, reason: str, value: Any) -> None:
        """Note a field that is of another type: a reason with ``{found}``, and the value that was."""
        self.unusable(ProblemKind.TYPE, path, reason.format(found=describe(value)))


def join(path: str, name: str) -> str:
    """The path of a member: ``results[0]`` and ``plate`` give ``results[0].plate``."""
    return f"{path}.{name}" if path else name


def describe(value: Any) -> str:
    """A JSON value in few words, for a reason: its type, and its text where that is short."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int() | float():
            return (
                _short_integer(value) if isinstance(value, int) else reasons.NUMBER.format(number=repr(value))
            )
        case str():
            return reasons.TEXT.format(text=repr(value[:24]) + ("…" if len(value) > 24 else ""))
        case list():
            return reasons.LIST
        case _:
            return reasons.OBJECT


def _short_integer(value: int) -> str:
    if abs(value) < 10**25:
        return reasons.NUMBER.format(number=value)
    return reasons.LONG_NUMBER


def _number(notes: Notes, path: str, value: Any) -> int | float | None:
    """A JSON number, also one written as text; booleans are not numbers."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        notes.unexpected(path, reasons.EXPECTED_NUMBER, value)
        return None
    if not isinstance(value, str):
        return value
    number: int | float
    if _integer_text.fullmatch(value):
        number = int(value)
    elif _number_text.fullmatch(value):
        number = float(value.replace(",", "."))
    else:
        notes.unexpected(path, reasons.EXPECTED_NUMBER, value)
        return None
    notes.repaired(ProblemKind.TYPE, path, reasons.NUMBER_AS_TEXT)
    return number


def _in_range(notes: Notes, path: str, value: float, low: float, high: float, unit: str) -> bool:
    if low <= value <= high:  # false for what is not finite
        return True
    reason = reasons.OUTSIDE.format(found=describe(value), low=f"{low:g}", high=f"{high:g}{unit}")
    notes.unusable(ProblemKind.RANGE, path, reason)
    return False


def integer(low: int, high: int, unit: str = "") -> Converter:
    """An integer from ``low`` to ``high``; one written with a point but no fraction counts too."""

    def convert(notes: Notes, path: str, value: Any) -> int | None:
        number = _number(notes, path, value)
        if number is None:
            return None
        if isinstance(number, float) and math.isfinite(number):
            if not number.is_integer():
                notes.unexpected(path, reasons.EXPECTED_WHOLE, number)
                return None
            number = int(number)
        return int(number) if _in_range(notes, path, number, low, high, unit) else None

    return convert


def pixels(low: int, high: int) -> Converter:
    """Whole pixels; a fraction, which no agent writes but some re-implementations do, is rounded."""
    whole = integer(low, high, " px")

    def convert(notes: Notes, path: str, value: Any) -> int | None:
        if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
            notes.repaired(ProblemKind.TYPE, path, reasons.FRACTION)
            value = round(value)
        rounded: int | None = whole(notes, path, value)
        return rounded

    return convert


def real(low: float, high: float, unit: str = "") -> Converter:
    """A finite number from ``low`` to ``high``."""

    def convert(notes: Notes, path: str, value: Any) -> float | None:
        number = _number(notes, path, value)
        if number is None or not _in_range(notes, path, number, low, high, unit):
            return None
        return float(number)

    return convert


def flag(notes: Notes, path: str, value: Any) -> int | None:
    """0 or 1; re-implementations write true and false."""
    if isinstance(value, bool):
        return int(value)
    number: int | None = integer(0, 1)(notes, path, value)
    return number


def truth(notes: Notes, path: str, value: Any) -> bool | None:
    """true or false; 0 and 1 count too."""
    if isinstance(value, (list, dict)):
        notes.unexpected(path, reasons.EXPECTED_TRUTH, value)
        return None
    number = flag(notes, path, value)
    return None if number is None else bool(number)


def text(notes: Notes, path: str, value: Any, longest: int = MAX_TEXT) -> str | None:
    """A text of bounded length. Numbers are not text."""
    if not isinstance(value, str):
        notes.unexpected(path, reasons.EXPECTED_TEXT, value)
        return None
    if len(value) > longest:
        reason = reasons.LONG_TEXT.format(count=f"{len(value):,}", most=f"{longest:,}")
        notes.unusable(ProblemKind.SIZE, path, reason)
        return None
    if _surrogate.search(value):
        notes.repaired(ProblemKind.ENCODING, path, reasons.SURROGATE)
        return _surrogate.sub("\ufffd", value)
    return value


def text_or_number(notes: Notes, path: str, value: Any) -> str | None:
    """A text; numbers are taken by their spelling, as identifiers are sometimes written."""
    if isinstance(value, int) and not isinstance(value, bool):
        notes.repaired(ProblemKind.TYPE, path, reasons.NUMBER_FOR_TEXT)
        return str(value)
    return text(notes, path, value)


def user_data(notes: Notes, path: str, value: Any) -> str | None:
    """What the owner of an agent makes it send along: any text. Other types are left to the raw JSON."""
    return text(notes, path, value, MAX_USER_DATA) if isinstance(value, str) else None


def error_mark(notes: Notes, path: str, value: Any) -> bool | str | None:
    """``error``: true or false, or the words that cloud answers put there."""
    return text(notes, path, value) if isinstance(value, str) else truth(notes, path, value)


def epoch_ms(notes: Notes, path: str, value: Any) -> int | None:
    """UTC milliseconds. Seconds, as written until 2014, are multiplied; garbage is unusable."""
    number = _number(notes, path, value)
    if number is None:
        return None
    if isinstance(number, int) or math.isfinite(number):
        whole = int(number)
        if whole in _SECONDS:
            notes.repaired(ProblemKind.RANGE, path, reasons.SECONDS)
            return int(number * 1000)
        if MIN_EPOCH_MS <= whole < MAX_EPOCH_MS:
            return whole
    notes.unusable(ProblemKind.RANGE, path, reasons.NO_TIME.format(found=describe(number)))
    return None


def crop_text(notes: Notes, path: str, value: Any) -> str | None:
    """The base64 text of a crop, as received. Whether it is a whole picture is found when it is shown."""
    if not isinstance(value, str):
        notes.unexpected(path, reasons.EXPECTED_TEXT, value)
        return None
    note_crop(notes, path, value)
    return value


def note_crop(notes: Notes, path: str, value: str) -> None:
    """Note what is wrong with a crop's text, if anything is."""
    if is_plain_base64(value):
        return
    crop = decode_crop(value)
    if crop.reason:
        notes.unusable(ProblemKind.CROP, path, crop.reason)
    elif crop.repairs:
        reason = reasons.MENDED.format(repairs=", ".join(crop.repairs))
        notes.repaired(ProblemKind.CROP, path, reason)


_coordinate = pixels(-MAX_COORDINATE, MAX_COORDINATE)
_extent = pixels(0, MAX_COORDINATE)
_percent = real(0, 100, " %")


def members(notes: Notes, path: str, value: Any) -> Members | None:
    """An object; names that came more than once are noted, the last one wins."""
    if not isinstance(value, Members):
        notes.unexpected(path, reasons.EXPECTED_OBJECT, value)
        return None
    for name in value.repeated:
        notes.repaired(ProblemKind.DUPLICATE_KEY, join(path, name), reasons.TWICE)
    return value


def convert_members(
    notes: Notes, path: str, value: Members, converters: dict[str, Converter]
) -> dict[str, Any]:
    """The typed values of those members that have a converter and are not null."""
    return {
        name: converter(notes, join(path, name), value[name])
        for name, converter in converters.items()
        if value.get(name) is not None
    }


def list_of(item: Converter) -> Converter:
    """A list of what ``item`` converts; unusable items are left out, each with its note."""

    def convert(notes: Notes, path: str, value: Any) -> list[Any] | None:
        if not isinstance(value, list):
            notes.unexpected(path, reasons.EXPECTED_LIST, value)
            return None
        converted = (item(notes, f"{path}[{index}]", element) for index, element in enumerate(value))
        return [element for element in converted if element is not None]

    return convert


def _complete(notes: Notes, path: str, value: Any, converters: dict[str, Converter]) -> dict[str, Any] | None:
    """Members that are only useful all together; None if one is missing or unusable."""
    found = members(notes, path, value)
    if found is None:
        return None
    converted = convert_members(notes, path, found, converters)
    missing = [name for name in converters if found.get(name) is None]
    if missing:
        notes.unusable(ProblemKind.TYPE, path, reasons.MISSING.format(member=repr(missing[0])))
        return None
    return None if None in converted.values() else converted


def point(notes: Notes, path: str, value: Any) -> Point | None:
    """A corner ``{x, y}`` in frame pixels."""
    converted = _complete(notes, path, value, {"x": _coordinate, "y": _coordinate})
    return None if converted is None else Point(**converted)


def box(notes: Notes, path: str, value: Any) -> Box | None:
    """A rectangle ``{x, y, width, height}`` in frame pixels."""
    corner = {"x": _coordinate, "y": _coordinate, "width": _extent, "height": _extent}
    converted = _complete(notes, path, value, corner)
    if converted is None:
        notes.mark_invalid(path)
        return None
    return Box(**converted)


def quad(notes: Notes, path: str, value: Any) -> list[Point] | None:
    """Four corners, clockwise from top left; anything else is unusable as a whole."""
    if isinstance(value, list) and len(value) == 4:
        corners: list[Point] = list_of(point)(notes, path, value)
        if len(corners) == 4:
            return corners
        notes.mark_invalid(path)
        return None
    notes.unexpected(path, reasons.EXPECTED_CORNERS, len(value) if isinstance(value, list) else value)
    return None


def candidate(notes: Notes, path: str, value: Any) -> Candidate | None:
    """One spelling with its confidence; what is missing in it stays absent."""
    found = members(notes, path, value)
    if found is None:
        return None
    fields = {"plate": text_or_number, "confidence": _percent, "matches_template": flag}
    converted = convert_members(notes, path, found, fields)
    return Candidate(converted.get("plate"), converted.get("confidence"), converted.get("matches_template"))
