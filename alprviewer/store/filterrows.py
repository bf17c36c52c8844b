"""The rows of the store as queries see them: one class for each table."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.query.fields import FIELDS
from alprviewer.core.query.tree import Match
from alprviewer.core.states import CODE_ABSENT, absent
from alprviewer.store.columns import Columns
from alprviewer.store.filter import Test
from alprviewer.store.matchers import Matchers
from alprviewer.store.select import plate_width
from alprviewer.store.textmatch import Mask, in_parts


class ReadRows:
    """Reads of whole frames, ``begin`` up to before ``end``.

    ``together`` gives for each of them a number of what it belongs to (its pass); None stands for frames.
    """

    def __init__(self, matchers: Matchers, begin: int, end: int, together: Array | None = None) -> None:
        self._matchers = matchers
        self._columns = matchers.columns
        self._begin, self._end = begin, end
        self._parts: dict[str, Array] = {}
        self._together = together

    def __len__(self) -> int:
        return self._end - self._begin

    def _part(self, name: str) -> Array:
        part = self._parts.get(name)
        if part is None:
            part = self._parts[name] = self._columns.reads.part(name, self._begin, self._end)
        return part

    @cached_property
    def _span(self) -> tuple[int, int]:
        """The first of the reads' frames, and the one behind the last: reads stand in their order."""
        frames = self._part("frame")
        return (int(frames[0]), int(frames[-1]) + 1) if len(frames) else (0, 0)

    @cached_property
    def _place(self) -> Array:
        """The frame of each read, counted from the first one."""
        frames: Array = self._part("frame") - np.uint32(self._span[0])
        return frames

    def _frames(self, name: str) -> Array:
        return self._columns.frames.part(name, *self._span)

    def _none(self) -> Mask:
        return np.zeros(len(self), bool)

    def text(self, field: str, match: Match) -> Mask:
        """See ``Rows``."""
        match field:
            case "any":
                found = self.text("plate", match) | self.text("candidate", match)
                return found | self.text("consensus", match)
            case "plate" | "region":
                return self._matchers.coded(match, field, self._part(field))
            case "candidate":
                return self._candidates(match)
            case "camera" | "agent":
                return self._spread(self._matchers.envelopes(match, field, self._frames("envelope")))
            case "uuid":
                heads, tails = self._frames("uuid_head"), self._frames("uuid_tail")
                return self._spread(self._matchers.uuids(match, heads, tails))
            case "source":
                return self._spread(self._matchers.sources(match, self._frames("source")))
            case "problem":
                return self._spread(self._problems(match))
        return self._handed_text(field, match)

    def _spread(self, of_frames: Mask) -> Mask:
        first = np.uint32(self._span[0])

        def of(frames: Array) -> Mask:
            # Frames mostly stand in the order of time: long stretches of them agree.
            here = of_frames[frames[0] - first : frames[-1] - first + 1]
            if not here.any() or here.all():
                return np.full(len(frames), here[0])
            return of_frames.take(frames - first, mode="clip")

        return in_parts(of, self._part("frame"))

    def _candidates(self, match: Match) -> Mask:
        counts = self._part("candidates").astype(np.int64)
        firsts = self._part("first_candidate")
        found = self._none()
        if not counts.any():
            return found
        with_some = np.flatnonzero(counts)
        begin = int(firsts[with_some[0]])
        end = int(firsts[with_some[-1]] + counts[with_some[-1]])
        hits = np.flatnonzero(
            self._matchers.coded(match, "plate", self._columns.candidates.part("plate", begin, end))
        )
        found[with_some[np.searchsorted(firsts[with_some], hits + begin, side="right") - 1]] = True
        return found

    def _problems(self, match: Match) -> Mask:
        bits = np.uint32(sum(1 << kind for kind in np.flatnonzero(self._matchers.problem_kinds(match))))
        found: Mask = (problem_bits(self._columns, *self._span) & bits) != 0
        return found

    def _handed_text(self, field: str, match: Match) -> Mask:
        handed = self._matchers.around.handed.get(field)
        if handed is None or handed.texts is None:
            return self._none()
        codes = np.full(len(self), CODE_ABSENT, np.int64)
        known = handed.of(slice(self._begin, self._end))
        codes[: len(known)] = known
        is_plate = FIELDS[field].kind == "plate"
        return self._matchers.texts(match, f"handed {field}", handed.texts, codes, is_plate=is_plate)

    def number(self, field: str, test: Test) -> Mask:
        """See ``Rows``."""
        match field:
            case "conf":
                return test(self._part("confidence"))
            case "margin":
                return test(self._part("margin"))
            case "rconf":
                return test(self._part("region_confidence"))
            case "width":
                return test(plate_width(self._part("quad")))
            case "reads":
                return self._spread(test(self._frames("reads")))
        handed = self._matchers.around.handed.get(field)
        if handed is None:
            return self._none()
        found = self._none()
        known = handed.of(slice(self._begin, self._end))
        found[: len(known)] = test(known)
        return found

    def flag(self, field: str, value: bool) -> Mask:
        """See ``Rows``."""
        if field == "template":
            matches: Mask = self._part("matches_template") == value
            return matches
        inside, known = self._regions_of_interest()
        found: Mask = known & (inside == value)
        return found

    def _regions_of_interest(self) -> tuple[Mask, Mask]:
        """Whether the centres of plates are in a region of interest, and where that can be said."""
        quads = self._part("quad")
        envelopes = self._frames("envelope")[self._place]
        inside, known = self._none(), self._none()
        has_quad = quads[:, 0] > absent("i2") + 1
        every = self._columns.envelopes()
        order = np.argsort(envelopes, kind="stable")
        starts = np.flatnonzero(np.diff(envelopes[order], prepend=-1))
        for rows in np.split(order, starts[1:]) if len(order) else ():
            regions = every[int(envelopes[rows[0]])].regions_of_interest
            if not isinstance(regions, tuple) or not regions:
                continue
            x, y = (quads[rows, axis::2].mean(axis=1) for axis in (0, 1))
            for left, top, width, height in regions:
                inside[rows] |= (x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)
            known[rows] = has_quad[rows]
        return inside, known

    def time(self, test: Test) -> Mask:
        """See ``Rows``."""
        return self._spread(test(self._frames("epoch_time")))

    def every(self, mask: Mask) -> Mask:
        """See ``Rows``."""
        groups = self._place if self._together is None else self._together
        if not len(groups):
            return mask
        spoiled = np.zeros(int(groups.max()) + 1, bool)
        spoiled[groups[~mask]] = True
        return ~spoiled[groups]


class SiblingRows:
    """Groups, alerts, vehicles and heartbeats; what they say of their best plate stands for a read."""

    def __init__(self, matchers: Matchers, begin: int, end: int) -> None:
        self._matchers = matchers
        self._begin, self._end = begin, end

    def __len__(self) -> int:
        return self._end - self._begin

    def _part(self, name: str) -> Array:
        return self._matchers.columns.siblings.part(name, self._begin, self._end)

    def text(self, field: str, match: Match) -> Mask:
        """See ``Rows``."""
        match field:
            case "any" | "plate":
                return self._matchers.coded(match, "plate", self._part("plate"))
            case "region":
                return self._matchers.coded(match, "region", self._part("region"))
            case "agent":
                return self._matchers.coded(match, "name", self._part("agent_uid"))
            case "camera":
                ids, places = np.unique(self._part("camera_id"), return_inverse=True)
                known = [camera if camera > absent("i8") + 1 else None for camera in ids.tolist()]
                found = self._matchers.cameras(match, known)[places]
                return found | self._matchers.coded(match, "name", self._part("camera_name"))
            case "uuid":
                return self._matchers.uuids(match, self._part("uuid_head"), self._part("uuid_tail"))
            case "source":
                return self._matchers.sources(match, self._part("source"))
        return np.zeros(len(self), bool)

    def number(self, field: str, test: Test) -> Mask:
        """See ``Rows``."""
        names = {"conf": "confidence", "rconf": "region_confidence"}
        return test(self._part(names[field])) if field in names else np.zeros(len(self), bool)

    def flag(self, field: str, value: bool) -> Mask:
        """See ``Rows``."""
        if field == "template":
            matches: Mask = self._part("matches_template") == value
            return matches
        return np.zeros(len(self), bool)

    def time(self, test: Test) -> Mask:
        """See ``Rows``: the time at which a group began."""
        return test(self._part("start"))

    def every(self, mask: Mask) -> Mask:
        """See ``Rows``: of a group one read is known."""
        return mask


class ProblemRows:
    """Problems of values without reads: their kind and their source are all that is known."""

    def __init__(self, matchers: Matchers, begin: int, end: int) -> None:
        self._matchers = matchers
        self._begin, self._end = begin, end

    def __len__(self) -> int:
        return self._end - self._begin

    def text(self, field: str, match: Match) -> Mask:
        """See ``Rows``."""
        problems = self._matchers.columns.problems
        if field == "problem":
            kinds = problems.part("kind", self._begin, self._end)
            return self._matchers.problem_kinds(match)[kinds]
        if field == "source":
            return self._matchers.sources(match, problems.part("source", self._begin, self._end))
        return np.zeros(len(self), bool)

    def number(self, field: str, test: Test) -> Mask:
        """See ``Rows``."""
        del field, test
        return np.zeros(len(self), bool)

    def flag(self, field: str, value: bool) -> Mask:
        """See ``Rows``."""
        del field, value
        return np.zeros(len(self), bool)

    def time(self, test: Test) -> Mask:
        """See ``Rows``."""
        del test
        return np.zeros(len(self), bool)

    def every(self, mask: Mask) -> Mask:
        """See ``Rows``."""
        return mask


def value_keys(sources: Array, offsets: Array) -> Array:
    """One integer for each value of a source: where it stands."""
    return (sources.astype(np.int64) << 44) + offsets  # a source has less than 16 TiB


def problem_bits(columns: Columns, begin: int, end: int) -> Array:
    """For frames from ``begin`` up to before ``end`` the kinds of their problems, one bit each."""
    problems, frames = columns.problems, columns.frames
    bits = np.zeros(end - begin, np.uint32)
    count = len(problems)  # asked once: others may come meanwhile
    source, offset, kinds = (problems.part(name, 0, count) for name in ("source", "value_offset", "kind"))
    keys, places = np.unique(value_keys(source, offset), return_inverse=True)
    if len(keys):
        of_value = np.zeros(len(keys), np.uint32)
        np.bitwise_or.at(of_value, places, np.left_shift(np.uint32(1), kinds.astype(np.uint32)))
        wanted = value_keys(frames.part("source", begin, end), frames.part("offset", begin, end))
        found = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        bits = np.where(keys[found] == wanted, of_value[found], bits)
    return bits
