"""From bytes that arrive to the values that a spool keeps."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import NamedTuple

from alprviewer.core.decode import Decoded, decode, decode_strict
from alprviewer.core.encoding import Encoding, sniff
from alprviewer.core.oneline import one_line
from alprviewer.language import tr
from alprviewer.sources.framing import Framer
from alprviewer.sources.pieces import Piece, PieceKind

MAX_MESSAGE = 16 * 1024 * 1024
"""Bytes of a value that a live source takes."""
_MOST_JUNK = 2000
"""Pieces without a value among them after which a sender has nothing for us."""
_NO_VALUES = tr("A sender brought no values; it was sent away.")
_NO_END = tr("A sender's value has no end within {megabytes} MiB; it was sent away.")
_VALUE_WEIGHT = 300
_SNIFFED = 4
"""Bytes that tell the encoding of a stream that begins with a value."""


class Value(NamedTuple):
    """One value that arrived.

    Attributes:
        line: the value on one line, in UTF-8.
        digest: SHA-256 of the bytes that were received.
        is_named: it has a uuid, so that a second one with the same digest is the same value sent again.
        frames: how many frames it holds.
        is_known: it holds frames or is a known sibling.
        is_changed: the line is not byte for byte what was received.
    """

    line: bytes
    digest: bytes
    is_named: bool
    frames: int
    is_known: bool
    is_changed: bool = False


@dataclass
class Parcel:
    """What one read, or one message, brought: values in order, and what could not be framed."""

    values: list[Value] = field(default_factory=list)
    rejected: list[bytes] = field(default_factory=list)
    size: int = 0
    """Bytes that it was made from."""

    def __bool__(self) -> bool:
        return bool(self.values or self.rejected)

    @property
    def weight(self) -> int:
        """Bytes of memory that it takes, about."""
        return self.size + _VALUE_WEIGHT * len(self.values)

    def add(self, other: Parcel) -> None:
        """Put another one behind this one."""
        self.values += other.values
        self.rejected += other.rejected
        self.size += other.size


def _is_named(decoded: Decoded) -> bool:
    frames = any(item.frame.uuid for item in decoded.frames)
    return frames or any(sibling.best_uuid for sibling in decoded.siblings)


class Hopeless(Exception):
    """What a sender brings is not worth going on with; it is to be sent away. The text says why.

    Attributes:
        parcel: what it brought before, and what waited.
    """

    def __init__(self, reason: str, parcel: Parcel) -> None:
        super().__init__(reason)
        self.parcel = parcel


class Feed:
    """Takes one sender's bytes in any pieces and gives out what they hold.

    Args:
        limit: bytes of a value, and of anything else that has no end.
    """

    def __init__(self, limit: int = MAX_MESSAGE) -> None:
        self._limit = limit
        self._raw = bytearray()
        self._base = 0
        self._encoding = Encoding.UTF8
        self._framer: Framer | None = None
        self._is_done = False
        self._junk = bytearray()
        self._junk_pieces = 0

    @property
    def pending(self) -> int:
        """Bytes that wait for the end of what they began."""
        return len(self._raw)

    @property
    def is_idle(self) -> bool:
        """True between two values."""
        return not self._raw

    def take(self, data: bytes, *, final: bool = False) -> Parcel:
        """Add bytes; with ``final`` nothing comes after them.

        Raises:
            Hopeless: a value has no end within the limit, or too much came that is no value.
        """
        parcel = Parcel(size=len(data))
        if self._is_done:
            return parcel
        self._is_done = final
        self._raw += data
        if self._framer is None:
            if len(self._raw) < _SNIFFED and not final:
                return parcel
            self._encoding = sniff(bytes(self._raw))
            self._framer = Framer(self._encoding, decode_strict)
            data = bytes(self._raw)
        for piece in self._framer.feed(data, final=final):
            self._sort(piece, parcel)
            if self._junk_pieces > _MOST_JUNK:
                raise self._give_up(_NO_VALUES, parcel, piece.offset + piece.length)
        self._flush(parcel)
        del self._raw[: self._framer.pending - self._base]
        self._base = self._framer.pending
        if len(self._raw) > self._limit and not final:
            raise self._give_up(_NO_END.format(megabytes=self._limit >> 20), parcel, self._base)
        return parcel

    def _give_up(self, reason: str, parcel: Parcel, place: int) -> Hopeless:
        """Keep what waits from a place on as it came, and take nothing more."""
        self._junk += self._raw[place - self._base :]
        self._flush(parcel)
        self._raw.clear()
        self._is_done = True
        return Hopeless(reason, parcel)

    def _sort(self, piece: Piece, parcel: Parcel) -> None:
        """A value, or a part of what lies between values; that stays together as it came."""
        if piece.kind is PieceKind.VALUE:
            self._flush(parcel)
            self._junk_pieces = 0
            parcel.values.append(self._value(piece))
            return
        if piece.kind is not PieceKind.SEPARATOR:
            self._junk_pieces += 1
        elif not self._junk:
            return
        begin = piece.offset - self._base
        self._junk += self._raw[begin : begin + piece.length]

    def _flush(self, parcel: Parcel) -> None:
        junk = bytes(self._junk).rstrip(b" \t\r\n,")
        self._junk.clear()
        if junk:
            parcel.rejected.append(junk)

    def _value(self, piece: Piece) -> Value:
        data = piece.data
        digest = hashlib.sha256(data).digest()
        if piece.frame is not None:
            line = one_line(data)
            return Value(line, digest, bool(piece.frame.uuid), 1, is_known=True, is_changed=line is not data)
        if self._encoding is not Encoding.UTF8:
            data = self._encoding.decode(data)[0].encode(errors="replace")
        line = one_line(data)
        decoded = decode(line)
        is_changed = line is not piece.data
        return Value(line, digest, _is_named(decoded), len(decoded.frames), decoded.is_known, is_changed)


def whole(data: bytes, limit: int = MAX_MESSAGE) -> Parcel:
    """What a message holds that is complete in itself."""
    try:
        return Feed(max(limit, len(data))).take(data, final=True)
    except Hopeless as error:
        return error.parcel
