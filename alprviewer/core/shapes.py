"""What is learned from one regular line: where each value of a frame stands in lines of the same form."""

from __future__ import annotations

from typing import NamedTuple, Self

from alprviewer.core.batch import Envelope
from alprviewer.core.digits import FIRST_BYTES, Words, last_word, word
from alprviewer.core.layout import Path, Skeleton, Strings, Walk, gaps_of, strings_of, walk

_CANDIDATE = {"plate", "confidence", "matches_template"}
_LIST = b":[{"


class Suffix(NamedTuple):
    """The bytes behind the last value of a list of candidates, before the next text."""

    key: int
    """Ordinal of the text ``candidates``, candidates left out."""
    length: int
    word: Words


class Item(NamedTuple):
    """One element of a list of candidates: three names and the plate's text, in the agent's order."""

    skeleton: Skeleton
    plate: int
    confidence: int
    matches_template: int
    last_length: int
    last_mask: Words
    last_word: Words

    @property
    def size(self) -> int:
        """Quoted texts of an element."""
        return self.skeleton.size

    @classmethod
    def learn(cls, line: bytes) -> Self | None:
        """From a line with two candidates in a list; None where there are none, or a text is their last."""
        strings, found = strings_of(line), walk(line)
        gaps = gaps_of(line, strings)
        reads = {path[1] for path in found.texts if path[0] == "results" and len(path) > 2}
        for read in sorted(reads, key=int):
            first, second = (("results", read, "candidates", number) for number in (0, 1))
            if gaps is None or (*first, "plate") not in found.texts or (*second, "plate") not in found.texts:
                continue
            begin, end = _span(found, first)
            if end - begin != len(_CANDIDATE) + 1 or gaps[end - 1].fixed is not None:
                return None
            part = slice(begin, end)
            name = line[strings.starts[end - 1] : strings.ends[end - 1]]
            return cls(
                Skeleton(line, Strings(strings.starts[part], strings.ends[part]), gaps[part]),
                found.texts[*first, "plate"] - begin,
                found.scalars[*first, "confidence"] - begin,
                found.scalars[*first, "matches_template"] - begin,
                len(name),
                FIRST_BYTES[min(len(name), 8)],
                word(name),
            )
        return None


def _span(found: Walk, prefix: Path) -> tuple[int, int]:
    """First and behind the last ordinal of the texts that belong to a path."""
    size = len(prefix)
    texts = [ordinal for path, ordinal in found.texts.items() if path[:size] == prefix]
    # A text's key stands right before it; a scalar is placed by its key.
    keys = [ordinal for path, ordinal in found.scalars.items() if path[:size] == prefix]
    ordinals = [*texts, *(ordinal - 1 for ordinal in texts), *keys]
    return min(ordinals), max(ordinals) + 1


class ReadPlaces(NamedTuple):
    """Where the values of one read stand; names that the layout lacks are missing."""

    texts: dict[str, int]
    scalars: dict[str, int]
    coordinates: tuple[int, ...]
    vehicle: tuple[int, ...]
    candidates: int | None


class Shape(NamedTuple):
    """A form of lines. All ordinals leave the candidates out."""

    skeleton: Skeleton
    list_suffixes: tuple[Suffix, ...]
    uuid: int | None
    scalars: dict[str, int]
    """``epoch_time`` and ``processing_time_ms``, where the form has them."""
    envelope_texts: tuple[int, ...]
    envelope_scalars: tuple[int, ...]
    other_texts: tuple[int, ...]
    """Texts of the frame that are kept nowhere."""
    reads: tuple[ReadPlaces, ...]


_COORDINATES = tuple(("coordinates", corner, axis) for corner in range(4) for axis in ("x", "y"))
_VEHICLE = tuple(("vehicle_region", name) for name in ("x", "y", "width", "height"))


def learn(line: bytes, item: Item) -> Shape | None:
    """The form of a line that was decoded; None where it cannot be compared byte by byte."""
    strings, found = strings_of(line), walk(line)
    gaps = gaps_of(line, strings)
    numbers = sorted(
        {int(path[1]) for path in (*found.texts, *found.scalars) if path[0] == "results" and path[1:]}
    )
    if gaps is None or numbers != list(range(len(numbers))):
        return None
    lists = {number: span for number in numbers if (span := _list_span(found, number)) is not None}
    if any(gaps[end - 1].fixed is not None or (end - begin) % item.size for begin, end in lists.values()):
        return None
    inside = {ordinal for begin, end in lists.values() for ordinal in range(begin, end)}
    kept = [ordinal for ordinal in range(len(gaps)) if ordinal not in inside]
    place = {ordinal: number for number, ordinal in enumerate(kept)}
    texts = {path: place[ordinal] for path, ordinal in found.texts.items() if ordinal in place}
    scalars = {path: place[ordinal] for path, ordinal in found.scalars.items() if ordinal in place}
    shared = set(Envelope._fields)
    return Shape(
        Skeleton(
            line,
            Strings([strings.starts[o] for o in kept], [strings.ends[o] for o in kept]),
            [gaps[o] for o in kept],
        ),
        tuple(_suffix(place[begin - 1], gaps[end - 1].suffix) for begin, end in lists.values()),
        texts.get(("uuid",)),
        {name: scalars[name,] for name in ("epoch_time", "processing_time_ms") if (name,) in scalars},
        tuple(ordinal for path, ordinal in texts.items() if path[0] in shared),
        tuple(ordinal for path, ordinal in scalars.items() if path[0] in shared),
        tuple(o for path, o in texts.items() if path[0] not in {*shared, "uuid", "results"}),
        tuple(
            _read_places(texts, scalars, number, place[lists[number][0] - 1] if number in lists else None)
            for number in numbers
        ),
    )


def _list_span(found: Walk, number: int) -> tuple[int, int] | None:
    """The ordinals of the texts of a read's candidates; None where it has none."""
    prefix = ("results", number, "candidates")
    if not any(path[:3] == prefix for path in (*found.texts, *found.scalars)):
        return None
    return _span(found, prefix)


def _suffix(key: int, text: bytes) -> Suffix:
    return Suffix(key, len(text), last_word(text))


def _read_places(
    texts: dict[Path, int], scalars: dict[Path, int], number: int, candidates: int | None
) -> ReadPlaces:
    own_texts = {path[2:]: o for path, o in texts.items() if path[:2] == ("results", number)}
    own_scalars = {path[2:]: o for path, o in scalars.items() if path[:2] == ("results", number)}
    return ReadPlaces(
        {str(path[0]): o for path, o in own_texts.items() if len(path) == 1},
        {str(path[0]): o for path, o in own_scalars.items() if len(path) == 1},
        _all_of(_COORDINATES, own_scalars),
        _all_of(_VEHICLE, own_scalars),
        candidates,
    )


def _all_of(wanted: tuple[Path, ...], found: dict[Path, int]) -> tuple[int, ...]:
    return tuple(found[path] for path in wanted) if all(path in found for path in wanted) else ()
