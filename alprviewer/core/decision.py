"""What a reviewer said: of which reads, what, when, and what was on the screen. Values and their JSON.

An entry of the journal is one ``Entry``. Its body is canonical JSON with absent members left out, so that the
same entry always has the same bytes; ``core.chain`` ties bodies together, ``core.standing`` tells what holds.

What was judged is named by the value itself, not by where it stood: see ``ReadSubject``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import Enum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from alprviewer.core.canonical import canonical, digest
from alprviewer.core.decode import raw_frames
from alprviewer.core.encoding import Encoding
from alprviewer.core.frame import MAX_TEXT, Text
from alprviewer.core.repair import parse

MAX_READS_JUDGED = 100_000
"""Most reads that one entry speaks of."""
MAX_WORDS = 10_000
"""Longest note or reason in characters."""
MAX_NAME = 200
"""Longest name of a reviewer, a writer or a tag in characters."""

_printable = r"^[^\x00-\x1f\x7f]+$"
Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, pattern=_printable)]
Words = Annotated[str, Meta(max_length=MAX_WORDS)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Sequence = Annotated[int, Meta(ge=1, le=2**53)]


class ReadSubject(Struct, frozen=True, order=True, omit_defaults=True):
    """Which read was judged.

    ``digest`` alone tells: it covers the whole frame and the read's position in it, so it survives moving,
    renaming, recompressing and reformatting, and tells frames apart whose uuids collide or are missing.
    ``uuid`` and ``position`` (in ``results``, from 0) are how the read is found without trying every frame.
    """

    digest: Digest
    position: Annotated[int, Meta(ge=0, le=2**31)]
    uuid: Text | None = None


def frame_digests(data: bytes, encoding: Encoding) -> list[str]:
    """The digest of each frame that a value holds: of its own object, without what it is wrapped in.

    Args:
        data: the bytes of a value that ``core.decode.decode`` finds frames in.
        encoding: how they are encoded.
    """
    value, _ = parse(data, encoding)
    return [digest(frame) for frame in raw_frames(value)]


def read_subject(frame: str, position: int, uuid: str | None) -> ReadSubject:
    """The subject of the read at a position of the frame with this digest and uuid."""
    text = f"{frame}:{position}".encode("ascii")
    return ReadSubject(hashlib.sha256(text).hexdigest(), position, uuid or None)


class Scope(Enum):
    """What a reviewer looked at: one read, or all reads of a pass together."""

    READ = "read"
    PASS = "pass"


class Act(Enum):
    """What an entry says. The first six are verdicts."""

    CORRECT = "correct"
    WRONG = "wrong"
    WRONG_REGION = "wrong_region"
    UNREADABLE = "unreadable"
    NOT_A_PLATE = "not_a_plate"
    SKIP = "skip"
    UNDO = "undo"
    REDO = "redo"
    TAGS = "tags"
    NOTE = "note"
    MARK = "mark"


WITH_PLATE = frozenset((Act.CORRECT, Act.WRONG, Act.WRONG_REGION))
"""Verdicts that say what the plate is."""
VERDICTS = WITH_PLATE | {Act.UNREADABLE, Act.NOT_A_PLATE, Act.SKIP}
TAKING_BACK = frozenset((Act.UNDO, Act.REDO))


class Gold(Enum):
    """What a verdict has to do with an answer that is known.

    ``IMPORTED`` and ``MARKED`` verdicts are such answers: from a list of true plates, or by a reviewer who
    says so. A ``CHECK`` was given to an item whose answer was known, and hidden: it tells how sure the
    reviewer is, and decides nothing.
    """

    IMPORTED = "imported"
    MARKED = "marked"
    CHECK = "check"


class Target(Struct, frozen=True, order=True):
    """The entry that an undo or redo is about."""

    writer: Name
    sequence: Sequence


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that one reviewer said once.

    Attributes:
        time: UTC in milliseconds, by the reviewer's clock.
        reviewer: who.
        scope: whether one read was looked at, or a pass.
        reads: the read, or all reads of the pass, each once and in order of their digests. Of an undo or redo
            those of its target.
        act: what was said.
        plate: the resolved plate; what a verdict of ``WITH_PLATE`` says is on the vehicle.
        region: the region code that the reviewer affirms or corrects to; None where it was not judged.
        reason: why, in the reviewer's words.
        tags: of ``TAGS``: all tags that the subject has from now on by this reviewer.
        note: of ``NOTE``: the text, empty to remove it.
        marked: of ``MARK``: whether the subject is marked from now on.
        target: of ``UNDO`` and ``REDO``: the entry that no longer, or again, counts.
        shown: the machine's text that was on the screen; None where there was none, or it was hidden.
        blind: True if the machine's text was hidden until the reviewer had typed one.
        adjudicates: True if the reviewer settled what others disagreed about.
        gold: of a verdict: what it has to do with a known answer; None for an ordinary one.
        seconds: how long it took, from the picture to the verdict.
        version: of the program that wrote the entry.
    """

    time: Annotated[int, Meta(ge=0, lt=10**14)]
    reviewer: Name
    scope: Scope
    reads: Annotated[tuple[ReadSubject, ...], Meta(min_length=1, max_length=MAX_READS_JUDGED)]
    act: Act
    plate: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)] | None = None
    region: Text | None = None
    reason: Words = ""
    tags: Annotated[tuple[Name, ...], Meta(max_length=100)] = ()
    note: Words | None = None
    marked: bool | None = None
    target: Target | None = None
    shown: Text | None = None
    blind: bool = False
    adjudicates: bool = False
    gold: Gold | None = None
    seconds: Annotated[float, Meta(ge=0, le=1e9)] | None = None
    version: Name


def in_subject_order(reads: Iterable[ReadSubject]) -> tuple[ReadSubject, ...]:
    """Reads as an entry holds them: each once (a frame delivered twice is one), by digest."""
    return tuple(sorted(set(reads)))


_decoder = msgspec.json.Decoder(Entry)


def body(entry: Entry) -> str:
    """The canonical JSON of an entry: one line of ASCII.

    Raises:
        ValueError: the entry says what cannot be said, such as a wrong plate without the right one.
    """
    text = canonical(msgspec.to_builtins(entry))
    problem = _unreadable(text)
    if problem:
        raise ValueError(problem)
    return text


def read_body(text: str) -> Entry | None:
    """The entry of a body; None where this version of the program does not understand it.

    Members that are not known are passed over: they are for newer versions.
    """
    if _unreadable(text):
        return None
    return _decoder.decode(text)


def _unreadable(text: str) -> str:
    """Why a body is no entry; empty where it is one."""
    try:
        entry = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        return str(error)
    return _missing(entry)


_NEEDED = {
    **dict.fromkeys(WITH_PLATE, "plate"),
    **dict.fromkeys(TAKING_BACK, "target"),
    Act.WRONG_REGION: "region",
    Act.NOTE: "note",
    Act.MARK: "marked",
}


def _missing(entry: Entry) -> str:
    """What an entry lacks; empty where it is whole."""
    needed = _NEEDED.get(entry.act)
    if needed is not None and getattr(entry, needed) is None:
        return f"an entry {entry.act.value!r} needs {needed!r}"
    if entry.act is Act.WRONG_REGION and entry.plate is None:
        return f"an entry {entry.act.value!r} needs 'plate'"
    if entry.gold is not None and entry.act not in VERDICTS:
        return f"an entry {entry.act.value!r} is no verdict, so it cannot be gold"
    if entry.scope is Scope.READ and len(entry.reads) != 1:
        return f"an entry about one read names {len(entry.reads)}"
    if entry.reads != in_subject_order(entry.reads):
        return "the reads are not in the order of their digests, or one stands twice"
    return ""
