"""Finding JSON values in a stream of bytes, whatever stands between them.

The stream is partitioned: every byte belongs to one piece. White space, commas, brackets and byte order marks
between values separate; text that is no JSON object is noise; an object that is complete is a value; one that
is broken is a problem, and reading resumes at the next line start behind the place where it began whose first
byte is ``{`` or ``[`` and from which a value completes. So a value that was cut off never swallows its good
neighbour. A top-level array is thereby read element by element, in constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from alprviewer.core import reasons
from alprviewer.core.checkpoint import Checkpoint
from alprviewer.core.encoding import Encoding, byte_view
from alprviewer.core.errors import Problem, ProblemKind
from alprviewer.core.frame import Frame
from alprviewer.core.regular import Taken
from alprviewer.core.resume import Found, find_resumption
from alprviewer.core.scan import MAX_DEPTH, MAX_VALUE_BYTES, TOO_DEEP, Broken, Incomplete, scan
from alprviewer.sources.pieces import Bulk, Piece, PieceKind, Probe

_PATIENCE = 256 * 1024
"""Code units of an incomplete value after which it is tried again only when twice as many have come."""
_NOISE_CHUNK = 64 * 1024
"""Code units of a noise line without an end after which its beginning is given out."""
_NULS = bytes(256 * 1024)
"""So many NUL bytes are looked at before those behind them are passed over."""
_FARTHEST_PICTURE = 1 << 16
"""Bytes from a picture line to its value, from which on it counts as none."""
_LOOK_BACK = 4096
"""Code units before a resumption that are searched for the picture line of the value found there."""

_separators = re.compile(rb"(?>[ \t\r\n,\]]|\xef\xbb\xbf|\[[ \t\r\n]*+\])++")
_bracket = re.compile(rb"\[(?=[ \t\r\n]*+[\[{])")
_bracket_open = re.compile(rb"\[[ \t\r\n]*+\Z")
_object_in_noise = re.compile(rb"\{(?:[ \t\r\n]{0,1000}+\"|[ \t\r\n]{0,1000}+\Z)")
_picture_line = re.compile(
    rb"[^\r\n]{1,4000}\.(?:jpe?g|png|bmp|gif|tiff?|webp|pgm|ppm)[ \t]*+\r?", re.IGNORECASE
)
_trailing_space = re.compile(rb"[ \t\r\n,]*\Z")


class Framer:
    """Takes a stream in chunks and gives out its pieces in order, without gaps.

    Args:
        encoding: how the stream is encoded; decided from its first bytes (``core.encoding.sniff``).
        probe: decodes a line that is one whole frame, several times faster than scanning it first.
        bulk: takes many frames at once, wherever they stand; they come as pieces of the kind ``ROWS``.
    """

    def __init__(
        self, encoding: Encoding = Encoding.UTF8, probe: Probe | None = None, bulk: Bulk | None = None
    ) -> None:
        self._encoding = encoding
        self._bulk = bulk if encoding is Encoding.UTF8 else None
        self._probe = probe if encoding is Encoding.UTF8 else None
        self._limit = MAX_VALUE_BYTES // encoding.unit
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._need = 0
        self._data = b""
        self._view = b""
        self._base = 0
        self._at = 0
        self._final = False
        self._broken: Broken | None = None
        self._broken_at = 0
        self._search_from = 0
        self._unprobed_until = 0
        self._line_end = 0
        self._object: re.Match[bytes] | None = None
        self._object_from = -1
        self._open_brackets = 0
        self._is_line_start = True
        self._picture = -1

    def feed(self, data: bytes, *, final: bool = False) -> Iterator[Piece]:
        """Add the next bytes of the stream and give out the pieces that are certain.

        With ``final`` the rest is given out too, and the framer is done. Exhaust the iterator before the
        next call.
        """
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        if not final and self._waiting_bytes < self._need:
            return
        self._take(final)
        while self._at < len(self._view):
            step = self._resume() if self._broken is not None else self._next()
            if step is None:
                break
            yield step
        if final and self._waiting:
            yield self._odd_byte()
        self._demand()

    def feed_nuls(self, length: int) -> Iterator[Piece]:
        """Add NUL bytes, as a hole in a file gives them or a crash leaves them: gigabytes at no cost."""
        while length:
            if length > 1 and self._passes_nuls():
                # The last one is looked at: what follows on its line belongs to it.
                yield from self._pass_nuls(length - 1)
                length = 1
            part = min(length, len(_NULS))
            yield from self.feed(_NULS[:part])
            length -= part

    def _passes_nuls(self) -> bool:
        """True if NUL bytes would change nothing any more: in noise, or far inside what is broken."""
        if self._waiting or self._encoding is not Encoding.UTF8:
            return False
        if self._broken is not None:
            return self._search_from >= len(self._view) - 1 and self._view.endswith(b"\0")
        return self._view.endswith(b"\0") and not self._view[self._at :].strip(b"\0")

    def _pass_nuls(self, length: int) -> Iterator[Piece]:
        if self._broken is None:
            if self._at < len(self._view):
                yield self._piece(PieceKind.NOISE, len(self._view))
            yield Piece(PieceKind.NOISE, self._base + len(self._view), length)
            self._is_line_start, self._picture = False, -1
        passed = len(self._view) + length
        self._base += passed
        self._broken_at -= passed
        self._data = self._view = b""
        self._at = self._search_from = self._unprobed_until = self._line_end = self._need = 0
        self._object_from = -1

    @property
    def is_idle(self) -> bool:
        """True between two values, when all bytes so far have been given out and no picture line waits."""
        done = self._at == len(self._view) and not self._waiting
        return done and self._broken is None and self._picture < 0

    @property
    def pending(self) -> int:
        """The first byte that has not been given out."""
        return self._base + (self._at if self._broken is None else self._broken_at) * self._encoding.unit

    @property
    def checkpoint(self) -> Checkpoint:
        """Where a new framer would find the same pieces as this one, from the first that is not given out."""
        return Checkpoint(self.pending, self._is_line_start, self._open_brackets, self._picture)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on where another framer stood. Only before the first bytes."""
        self._base, self._is_line_start, self._open_brackets, self._picture = checkpoint

    def _take(self, final: bool) -> None:
        """Join the waiting bytes to the unused rest; an odd byte of UTF-16 waits on."""
        unit = self._encoding.unit
        keep = self._at
        if self._broken is not None:
            keep = max(min(self._at, self._search_from) - _LOOK_BACK, 0)
        joined = b"".join((self._data[keep * unit :], *self._waiting))
        self._waiting, self._waiting_bytes = [], 0
        self._base += keep * unit
        self._at -= keep
        self._search_from -= keep
        self._broken_at -= keep
        self._unprobed_until -= keep
        self._line_end = 0
        self._object_from = -1
        self._final = final
        whole = len(joined) - len(joined) % unit
        if whole != len(joined):
            self._waiting, self._waiting_bytes = [joined[whole:]], 1
            joined = joined[:whole]
        self._data = joined
        self._view = byte_view(joined, self._encoding)

    def _odd_byte(self) -> Piece:
        """The last byte of UTF-16 input that was cut inside a code unit."""
        offset = self._base + len(self._data)
        self._waiting, self._waiting_bytes = [], 0
        return Piece(PieceKind.NOISE, offset, 1)

    def _demand(self) -> None:
        """After an incomplete value: how many bytes must come before it is worth trying again."""
        pending = len(self._view) - (self._at if self._broken is None else self._search_from)
        more = min(pending, max(self._limit + 1 - pending, _PATIENCE))
        self._need = more * self._encoding.unit if pending > _PATIENCE else 0

    def _piece(self, kind: PieceKind, end: int, problem: Problem | None = None) -> Piece:
        """The piece from the current place to ``end``; moves the place."""
        offset = self._base + self._at * self._encoding.unit
        length = (end - self._at) * self._encoding.unit
        self._at = end
        return Piece(kind, offset, length, problem=problem)

    def _next(self) -> Piece | None:
        """The piece at the current place; None if more bytes are needed."""
        view = self._view
        match = _separators.match(view, self._at)
        if match is not None:
            return self._separator(match)
        byte = view[self._at : self._at + 1]
        if byte == b"{":
            return self._value()
        if byte == b"[":
            return self._open_bracket()
        if byte == b"\xff" and self._data.startswith(self._encoding.bom, self._at * self._encoding.unit):
            return self._piece(PieceKind.SEPARATOR, self._at + 1)
        return self._noise()

    def _separator(self, match: re.Match[bytes]) -> Piece:
        text = match[0]
        if b"\n" in text:
            self._is_line_start = True
        self._open_brackets = max(self._open_brackets - text.count(b"]") + text.count(b"["), 0)
        return self._piece(PieceKind.SEPARATOR, match.end())

    def _open_bracket(self) -> Piece | None:
        if _bracket.match(self._view, self._at):
            self._open_brackets += 1
            if self._open_brackets > MAX_DEPTH:
                return self._break(Broken(self._at, ProblemKind.DEPTH, TOO_DEEP))
            return self._piece(PieceKind.SEPARATOR, self._at + 1)
        if _bracket_open.match(self._view, self._at):
            return self._piece(PieceKind.SEPARATOR, self._at + 1) if self._final else None
        return self._noise()

    def _value(self) -> Piece | None:
        if self._bulk is not None:
            taken = self._bulk(self._data, self._at, self._base)
            if taken.rows is not None:
                taken.rows.frames["picture_back"][0] = self._back(self._at)
                return self._rows(taken)
            if taken.is_cut and not self._final and len(self._view) - self._at < self._limit:
                return None
        piece = self._probed()
        if piece is not None:
            return piece
        outcome = scan(self._view, self._at, final=self._final, limit=self._limit)
        if isinstance(outcome, Incomplete):
            return None
        if isinstance(outcome, Broken):
            return self._break(outcome)
        # Whatever follows on the same line is no line of its own.
        self._unprobed_until = max(self._unprobed_until, self._find_line_end())
        return self._found(outcome.end, None)

    def _rows(self, taken: Taken) -> Piece:
        """Many values. Whatever follows on the line of the last one is no line of its own."""
        piece = self._piece(PieceKind.ROWS, taken.end)
        self._behind_value()
        self._unprobed_until = max(self._unprobed_until, self._find_line_end())
        return piece._replace(rows=taken.rows, value_bytes=taken.value_bytes)

    def _back(self, at: int) -> int:
        """Bytes from the picture line before a value to it; 0 where there is none."""
        back = self._base + at * self._encoding.unit - self._picture if self._picture >= 0 else 0
        return back if back < _FARTHEST_PICTURE else 0

    def _behind_value(self) -> None:
        self._picture = -1
        self._open_brackets = 0
        self._is_line_start = False

    def _find_line_end(self) -> int:
        """The next line feed at or behind the place; the end of what is there if there is none."""
        if self._line_end < self._at or self._line_end == 0:
            found = self._view.find(b"\n", self._at)
            self._line_end = found if found >= 0 else len(self._view)
        return self._line_end

    def _probed(self) -> Piece | None:
        """The line at the place as one whole frame; None if it is anything else."""
        if self._probe is None or self._at < self._unprobed_until:
            return None
        line_end = self._find_line_end()
        if (line_end == len(self._view) and not self._final) or line_end - self._at > MAX_VALUE_BYTES:
            return None
        line = self._data[self._at : line_end].rstrip(b" \t\r,")
        frame = self._probe(line)
        if frame is None:
            self._unprobed_until = line_end
            return None
        return self._found(self._at + len(line), frame)

    def _found(self, end: int, frame: Frame | None) -> Piece:
        unit = self._encoding.unit
        data = self._data[self._at * unit : end * unit]
        back = self._back(self._at)
        piece = self._piece(PieceKind.VALUE, end)
        self._behind_value()
        return piece._replace(data=data, picture_back=back, frame=frame)

    def _noise(self) -> Piece | None:
        """Noise to the end of the line, or to an object inside the line."""
        end = self._find_line_end()
        has_end = end < len(self._view)
        inside = self._object_inside(end)
        if inside is not None:
            if inside.end() == len(self._view) and not self._final:
                return None
            return self._noise_piece(inside.start(), b"")
        if not has_end and not self._final:
            return self._noise_piece(end, b"") if end - self._at >= _NOISE_CHUNK else None
        line = self._view[self._at : end]
        return self._noise_piece(self._at + len(line.rstrip(b" \t\r")), line)

    def _noise_piece(self, end: int, line: bytes) -> Piece:
        """Noise up to ``end``. A whole line that looks like the path of a picture is one."""
        is_picture = bool(line) and self._is_line_start and _picture_line.fullmatch(line) is not None
        self._is_line_start = False
        piece = self._piece(PieceKind.NOISE, end)
        self._picture = piece.offset if is_picture else -1
        return piece

    def _object_inside(self, line_end: int) -> re.Match[bytes] | None:
        """An object that begins inside the line; its first member may stand on the next one."""
        known = self._object_from >= 0 and self._object_from <= self._at
        if not known or (self._object is not None and self._object.start() <= self._at):
            self._object = _object_in_noise.search(self._view, self._at + 1)
            self._object_from = self._at
        found = self._object
        if found is None or found.start() >= line_end:
            return None
        return None if self._final and not found[0].endswith(b'"') else found

    def _break(self, broken: Broken) -> Piece | None:
        """Begin to look for the place where reading can resume."""
        self._broken = broken._replace(at=self._base + broken.at * self._encoding.unit)
        self._broken_at = self._search_from = self._at
        self._picture = -1
        return self._resume()

    def _resume(self) -> Piece | None:
        """The broken value as a problem piece, once it is known where the next good one begins."""
        found = find_resumption(self._view, self._search_from, final=self._final, limit=self._limit)
        if isinstance(found, Found):
            return self._give_up(found.at)
        if self._final:
            return self._give_up(len(self._view))
        self._search_from = found.until
        return self._shed()

    def _shed(self) -> Piece | None:
        """Nothing yet. The part of a broken value that was searched is kept by its place alone."""
        self._at = max(self._at, self._search_from - _LOOK_BACK)
        return None

    def _give_up(self, end: int) -> Piece:
        """The problem piece up to ``end``; space and a picture line before that belong to what follows."""
        assert self._broken is not None
        broken, begin = self._broken, self._broken_at
        self._broken = None
        floor = max(begin + 1, 0)
        end = self._trim(end, floor)
        line_start = self._view.rfind(b"\n", floor, end) + 1
        if line_start > floor and _picture_line.fullmatch(self._view, line_start, end):
            end = self._trim(line_start, floor)
        self._open_brackets = 0
        self._is_line_start = False
        offset = self._base + begin * self._encoding.unit
        reason = broken.reason
        if broken.kind is not ProblemKind.TRUNCATED:
            place = f"{broken.at - offset:,}"
            reason = reasons.PLACED.format(reason=reason.removesuffix("."), place=place)
        self._at = begin
        return self._piece(PieceKind.PROBLEM, end, Problem(broken.kind, reason))

    def _trim(self, end: int, floor: int) -> int:
        match = _trailing_space.search(self._view, max(floor, end - _LOOK_BACK), end)
        return match.start() if match is not None else end
