"""Regular frames in bulk: the rows of many at a time, made by ``regular.c`` where it was built.

A frame is regular if ``core.decode.decode_strict`` would decode it and it is written without escapes and
exponents. What comes out is what ``BatchBuilder`` would have made of the same frames; at whatever else,
framing and decoding go on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from alprviewer.core.batch import CANDIDATE_DTYPE, FRAME_DTYPE, READ_DTYPE, Array
from alprviewer.core.builder import Coders, envelope_of
from alprviewer.core.decode import decode_strict
from alprviewer.core.native import Job, Known, address, library, place

_FRAMES, _READS, _CANDIDATES, _OPEN = 2048, 2048, 1 << 15, 4096
"""Rows that are made at a time. A frame that needs more is left to the decoder."""
_KNOWN, _KNOWN_BYTES = 1 << 14, 1 << 20
"""Places for texts whose codes are known, half of which are used; and the bytes of these texts."""
_OPEN_WORD = np.uint64(0xFF << 56)
"""From here on, a word is no text but one that was left open."""
_OPEN_DTYPE = np.dtype([("start", "i8"), ("length", "u4"), ("what", "u4"), ("row", "u4"), ("unused", "u4")])
_READ_PLATE, _CANDIDATE_PLATE, _REGION, _UUID_HEAD, _ENVELOPE = range(5)
_CUT, _UNKNOWN = 2, 4
"""Why reading stopped: the text ends inside a frame; the envelope of a frame is not known."""


class Rows(NamedTuple):
    """Frames with their reads and candidates; ``first_read`` and ``frame`` count from 0."""

    frames: Array
    reads: Array
    candidates: Array


class Taken(NamedTuple):
    """What was taken from a place in a text on.

    Attributes:
        end: behind the last frame.
        value_bytes: bytes of the frames; white space and commas stand between them.
        rows: their rows; None where there is no frame.
        is_cut: a frame follows that is regular as far as the text goes.
    """

    end: int
    value_bytes: int
    rows: Rows | None
    is_cut: bool


class RegularReader:
    """Takes regular frames from the texts of one stream; what it learns of its cameras stays.

    Only where there is a library (``is_available``).
    """

    def __init__(self, coders: Coders) -> None:
        found = library()
        assert found is not None
        self._library = found
        self._coders = coders
        self._frames = np.zeros(_FRAMES, FRAME_DTYPE)
        self._reads = np.zeros(_READS, READ_DTYPE)
        self._candidates = np.zeros(_CANDIDATES, CANDIDATE_DTYPE)
        self._read_plates = np.zeros(_READS, np.uint64)
        self._candidate_plates = np.zeros(_CANDIDATES, np.uint64)
        self._confidences = np.zeros(_CANDIDATES)
        self._open = np.zeros(_OPEN, _OPEN_DTYPE)
        self._hashes = np.zeros(_KNOWN, np.uint64)
        self._starts, self._lengths, self._codes = (np.zeros(_KNOWN, np.uint32) for _ in range(3))
        self._bytes = np.zeros(_KNOWN_BYTES, np.uint8)
        table = self._hashes, self._starts, self._lengths, self._codes, self._bytes
        known = Known(
            *(address(each) for each in table),
            room=_KNOWN,
            bytes_room=_KNOWN_BYTES,
        )
        tables = (self._frames, self._reads, self._candidates)
        scratch = (self._read_plates, self._candidate_plates, self._confidences, self._open)
        self._job = Job(
            *(address(each) for each in (*tables, *scratch)),
            known=known,
            frame_room=_FRAMES,
            read_room=_READS,
            candidate_room=_CANDIDATES,
            open_room=_OPEN,
        )
        self._place = place(self._job)

    def take(self, data: bytes, begin: int, moved: int) -> Taken:
        """Take the regular frames that follow one another from ``begin`` on.

        Args:
            data: the text.
            begin: where a value begins.
            moved: where the text begins in the stream.
        """
        job = self._job
        job.moved = moved
        reason = self._library.alpr_take(self._place, data, begin, len(data))
        if reason == _UNKNOWN and not job.frame_count and self._learn(data):
            reason = self._library.alpr_take(self._place, data, begin, len(data))
        rows = self._rows(data) if job.frame_count else None
        return Taken(job.end, job.value_bytes, rows, reason == _CUT)

    def _rows(self, data: bytes) -> Rows:
        """Copies of the rows, with the codes of their texts."""
        job = self._job
        rows = Rows(
            self._frames[: job.frame_count].copy(),
            self._reads[: job.read_count].copy(),
            self._candidates[: job.candidate_count].copy(),
        )
        plates = self._coders.plate
        for table, words in ((rows.reads, self._read_plates), (rows.candidates, self._candidate_plates)):
            wanted = words[: len(table)]
            closed = wanted < _OPEN_WORD if job.open_count else None
            if closed is None or bool(closed.all()):
                table["plate"] = plates.code_words(wanted)
            else:
                table["plate"][closed] = plates.code_words(wanted[closed])
        for start, length, what, row, _ in self._open[: job.open_count].tolist():
            text = data[start : start + length]
            if what == _READ_PLATE:
                rows.reads["plate"][row] = plates.code(text.decode())
            elif what == _CANDIDATE_PLATE:
                rows.candidates["plate"][row] = plates.code(text.decode())
            elif what == _REGION:
                rows.reads["region"][row] = code = self._coders.region.code(text.decode())
                self._remember(_REGION, text, code)
            else:
                rows.frames["uuid_head"][row] = code = self._coders.uuid_head.code(text.decode())
                self._remember(_UUID_HEAD, text, code)
        return rows

    def _learn(self, data: bytes) -> bool:
        """Learn the envelope of the frame at which reading stopped. False if it is not regular."""
        job = self._job
        frame = decode_strict(data[job.stop : job.stop_end])
        if frame is None:
            return False
        key = bytes(job.key[: job.key_length])
        self._remember(_ENVELOPE, key, self._coders.envelope.code(envelope_of(frame)))
        return True

    def _remember(self, what: int, text: bytes, code: int) -> None:
        if self._library.alpr_remember(self._place, what, text, len(text), code):
            return
        # A stream with so many cameras, or uuids that are not those of agents: begin anew.
        self._codes[:] = 0
        self._job.known.count = self._job.known.bytes_used = 0
        self._library.alpr_remember(self._place, what, text, len(text), code)


def is_available() -> bool:
    """Whether there is a library that takes regular frames."""
    return library() is not None
