"""The passes of a source in a file, with their consensus and what it was made with, for the next opening.

A file counts for one content of the source, one set of rules and one code; any other one is not used.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields, replace
from pathlib import Path

import msgspec
import numpy as np

from alprviewer.core.batch import Array
from alprviewer.core.consensus import Model
from alprviewer.core.formats import Formats
from alprviewer.core.passes import FoundPasses, PassRules
from alprviewer.core.presence import Presence
from alprviewer.core.recognizer import Recognizer
from alprviewer.core.spellings import Alphabet
from alprviewer.store.arrayfile import ArrayFile, ArrayWriter, Unusable
from alprviewer.store.codeversion import code_version
from alprviewer.store.columns import Columns
from alprviewer.store.passconsensus import Taught
from alprviewer.store.passes import Known, Passes, find

_TEXTS = "texts"
_BYTE = np.dtype("u1")
_RECOGNIZER = tuple(field.name for field in fields(Recognizer) if field.name != "presence")


class _Facts(msgspec.Struct, frozen=True):
    """What the arrays are of.

    Attributes:
        source: digest of the source.
        reads: how many it holds.
        rules: what the passes were found by.
        characters: the alphabet; empty where nothing is spelled.
        shapes: of each array its type and its shape.
    """

    source: str
    reads: int
    rules: dict[str, float]
    characters: str
    shapes: dict[str, tuple[str, list[int]]]
    program: str = msgspec.field(default_factory=code_version)


def save(path: Path, source: str, passes: Passes, stopped: Callable[[], bool] = lambda: False) -> None:
    """Write passes, weighed or not.

    Raises:
        OSError: the file cannot be written.
        Cancelled: ``stopped`` said so.
    """
    arrays: dict[str, Array] = {
        "first": passes.found.first,
        "copy": passes.found.copy,
        "probability": passes.table["probability"],
        "weighed": passes.table["weighed"],
    }
    taught = passes.taught
    if taught is not None:
        recognizer, formats, _ = taught.model
        arrays |= {f"recognizer.{name}": getattr(recognizer, name) for name in _RECOGNIZER}
        arrays |= {f"presence.{name}": getattr(recognizer.presence, name) for name in Presence._fields}
        arrays |= {f"formats.{name}": getattr(formats, name) for name in Formats._fields}
        arrays |= {"model.sample": taught.model.sample, "sample": taught.sample, "group": taught.group}
    shapes = {name: (each.dtype.str, list(each.shape)) for name, each in arrays.items()}
    characters = "" if taught is None else taught.alphabet.characters
    with ArrayWriter(path, stopped) as writer:
        for name, each in arrays.items():
            writer.add(name, each.dtype, [np.ravel(each)])
        writer.add(_TEXTS, _BYTE, [np.frombuffer(json.dumps(passes.consensus).encode("ascii"), _BYTE)])
        writer.finish(_Facts(source, len(passes.of_read), asdict(passes.rules), characters, shapes))


def load(path: Path, source: str, columns: Columns, rules: PassRules) -> Passes:
    """The passes of the reads that are there, as they were written.

    Raises:
        Unusable: the file is of another source, of other rules, made by other code, or damaged.
    """
    file = ArrayFile(path)
    try:
        facts = msgspec.json.decode(file.facts, type=_Facts)
        same = (facts.program, facts.source, facts.rules) == (code_version(), source, asdict(rules))
        if not same or facts.reads != len(columns.reads):
            raise Unusable(f"{path.name}: it is of something else")
        file.check(())
        arrays = {
            name: file.array(name, np.dtype(dtype)).reshape(shape)
            for name, (dtype, shape) in facts.shapes.items()
        }
        consensus = json.loads(bytes(file.array(_TEXTS, _BYTE)))
        return _restored(columns, rules, arrays, consensus, facts.characters)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise Unusable(f"{path.name}: {error}") from error


def _restored(
    columns: Columns, rules: PassRules, arrays: dict[str, Array], consensus: list[str | None], characters: str
) -> Passes:
    known = Known(FoundPasses(arrays["first"], arrays["copy"]), rules)
    if len(known.found.first) != len(columns.reads):
        raise Unusable("the passes are of other reads")
    passes = find(columns, rules, known, with_consensus=False)
    if not len(passes) == len(consensus) == len(arrays["probability"]) == len(arrays["weighed"]):
        raise Unusable("there are other passes")
    table = passes.table.copy()
    table["probability"], table["weighed"] = arrays["probability"], arrays["weighed"]
    taught = None
    if characters:
        alphabet = Alphabet()
        for character in characters[len(alphabet) :]:
            alphabet.numbers(character)
        presence = Presence(*(arrays[f"presence.{name}"] for name in Presence._fields))
        rates = {name: arrays[f"recognizer.{name}"] for name in _RECOGNIZER}
        recognizer = Recognizer(**rates, presence=presence)
        formats = Formats(*(arrays[f"formats.{name}"] for name in Formats._fields))
        model = Model(recognizer, formats, arrays["model.sample"])
        taught = Taught(model, arrays["sample"], alphabet, arrays["group"])
        if alphabet.characters != characters:
            raise Unusable("the characters are others")
    return replace(passes, table=table, consensus=consensus, taught=taught)
