"""The fields of the query language, as data: completion, help and the parser read this table."""

from __future__ import annotations

from typing import NamedTuple


class FieldSpec(NamedTuple):
    """A field.

    Attributes:
        kind: ``plate`` (text, compared as plates are), ``text``, ``number``, ``flag`` or ``time``.
        help: what it is, in few words.
        words: the words of a flag, for true and for false.
    """

    kind: str
    help: str
    words: tuple[str, str] = ("yes", "no")


FIELDS = {
    "plate": FieldSpec("plate", "observed plate"),
    "candidate": FieldSpec("plate", "any candidate of the read"),
    "consensus": FieldSpec("plate", "plate that the pass supports"),
    "any": FieldSpec("plate", "plate, candidate or consensus"),
    "conf": FieldSpec("number", "confidence of the plate, 0 to 100"),
    "margin": FieldSpec("number", "confidence minus that of the best other candidate"),
    "region": FieldSpec("text", "region code"),
    "rconf": FieldSpec("number", "confidence of the region code, 0 to 100"),
    "template": FieldSpec("flag", "the plate matches a template"),
    "camera": FieldSpec("text", "camera id or name"),
    "agent": FieldSpec("text", "agent uid"),
    "time": FieldSpec("time", "time of the frame"),
    "uuid": FieldSpec("text", "uuid of the frame"),
    "source": FieldSpec("text", "file, with or without its folder"),
    "reads": FieldSpec("number", "reads of the frame"),
    "roi": FieldSpec("flag", "centre of the plate in a region of interest", ("in", "out")),
    "width": FieldSpec("number", "width of the plate in pixels"),
    "pass": FieldSpec("text", "id of the pass"),
    "prob": FieldSpec("number", "probability of the consensus, 0 to 100"),
    "agree": FieldSpec("number", "reads of the pass that say the consensus, 0 to 100"),
    "passreads": FieldSpec("number", "reads of the pass"),
    "duration": FieldSpec("number", "seconds that the pass lasts"),
    "problem": FieldSpec("text", "kind of a problem of the frame"),
    "decision": FieldSpec("text", "what a reviewer decided"),
    "listed": FieldSpec("text", "exact or near: what was read, or its pass supports, is a listed plate"),
}
"""By name, in the order in which they are offered."""
