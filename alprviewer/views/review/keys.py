"""The keys of review mode, as data: the page, its menu, its tips and the key card are made from this table.

Letters are keys only while nothing is typed. They are taken by the page itself, not by shortcuts: a shortcut
of the window for the same letter would make both ambiguous, and neither would act.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from alprviewer.language import tr


class KeySpec(NamedTuple):
    """A command of review mode.

    Attributes:
        name: the method of ``ReviewPage`` that does it.
        text: for people.
        keys: as ``QKeySequence`` reads them; any of them does it.
        group: under which heading it stands on the key card.
        short: a word for the line of keys under the plate; empty where it does not stand there.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    group: str
    short: str = ""


_DECIDE, _GO, _LOOK, _ITEM = tr("Decide"), tr("Go"), tr("Look"), tr("Item and queue")

KEYS = (
    KeySpec("accept", tr("Correct as it stands"), ("A", "Space"), _DECIDE, tr("correct")),
    KeySpec(
        "pick",
        tr("Candidate 1 to 10 is the plate; of a dispute, answer 1 to 10"),
        tuple("1234567890"),
        _DECIDE,
        tr("candidate"),
    ),
    KeySpec("edit", tr("Correct single characters"), ("E", "F2"), _DECIDE, tr("edit")),
    KeySpec("not_a_plate", tr("Not a plate"), ("X",), _DECIDE, tr("not a plate")),
    KeySpec("unreadable", tr("Unreadable"), ("U",), _DECIDE, tr("unreadable")),
    KeySpec("wrong_region", tr("Plate right, region wrong"), ("R",), _DECIDE, tr("region wrong")),
    KeySpec("skip", tr("Decide later"), ("S",), _DECIDE, tr("skip")),
    KeySpec("scope", tr("About the whole pass, or this read only"), ("V",), _DECIDE, tr("pass / read")),
    KeySpec(
        "undo", tr("Undo the last decision and return to it"), ("Backspace", "Ctrl+Z"), _DECIDE, tr("undo")
    ),
    KeySpec("redo", tr("Redo"), ("Ctrl+Shift+Z",), _DECIDE),
    KeySpec("next_item", tr("Next item"), ("J", "Down"), _GO),
    KeySpec("previous_item", tr("Previous item"), ("K", "Up"), _GO),
    KeySpec("next_open", tr("Next undecided item"), ("N",), _GO),
    KeySpec("previous_open", tr("Previous undecided item"), ("Shift+N",), _GO),
    KeySpec("next_read", tr("Next read of the pass"), ("]", "Right"), _GO),
    KeySpec("previous_read", tr("Previous read of the pass"), ("[", "Left"), _GO),
    KeySpec("go_to", tr("Go to an item by its number"), ("G",), _GO),
    KeySpec("search", tr("Back to the tables, to the filter"), ("/",), _GO),
    KeySpec("leave", tr("Back to the tables"), ("Esc",), _GO),
    KeySpec("one_to_one", tr("One picture pixel a screen pixel, while held"), ("Z",), _LOOK),
    KeySpec("zoom_in", tr("Closer"), ("+", "="), _LOOK),
    KeySpec("zoom_out", tr("Further away"), ("-",), _LOOK),
    KeySpec("fit", tr("Fit the picture"), ("W",), _LOOK),
    KeySpec("contrast", tr("More contrast, in steps"), ("C",), _LOOK),
    KeySpec("invert", tr("Invert"), ("I",), _LOOK),
    KeySpec("rectify", tr("Straighten a crop that was only cut out"), ("Q",), _LOOK),
    KeySpec("overlays", tr("Outline of the plate"), ("O",), _LOOK),
    KeySpec("mark", tr("Mark, or take the mark away"), ("M",), _ITEM),
    KeySpec("mark_known", tr("Mark the decision as known, to check others with"), ("Shift+M",), _ITEM),
    KeySpec("reason", tr("Reason of the next verdict"), ("Y",), _ITEM),
    KeySpec("tag", tr("Tags"), ("T",), _ITEM),
    KeySpec("note", tr("Note"), ("Ctrl+Return",), _ITEM),
    KeySpec("copy_plate", tr("Copy the plate"), ("Ctrl+Shift+C",), _ITEM),
    KeySpec("blind", tr("Blind: hide the machine's text until one is typed"), ("B",), _ITEM),
    KeySpec("queue", tr("Queue 1 to 7"), tuple(f"Alt+{number}" for number in range(1, 8)), _ITEM),
    KeySpec("show_keys", tr("These keys"), ("?", "F1"), _ITEM),
)
GROUPS = (_DECIDE, _GO, _LOOK, _ITEM)
REPEATING = frozenset(
    "next_item previous_item next_read previous_read zoom_in zoom_out next_open previous_open".split()
)
"""What goes on while a key is held. A verdict does not: each is said by a stroke of its own."""


def _combined(key: str) -> int:
    found: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]
    return found.toCombined()


class Hit(NamedTuple):
    """A command, and which of its keys was struck, from 0."""

    name: str
    place: int


class Keymap:
    """Which key does what. Users may give a command other keys, also such as another command has."""

    def __init__(self, changes: Mapping[str, tuple[str, ...]] | None = None) -> None:
        chosen = changes or {}
        taken = {_combined(key) for keys in chosen.values() for key in keys}
        # What the user has chosen is worth more than what a command has by default.
        usual = {
            spec.name: tuple(key for key in spec.keys if _combined(key) not in taken)
            for spec in KEYS
            if spec.name not in chosen
        }
        self.keys = {
            spec.name: chosen[spec.name] if spec.name in chosen else usual[spec.name] for spec in KEYS
        }
        self._hits = {
            _combined(key): Hit(name, place)
            for name, keys in {**{spec.name: spec.keys for spec in KEYS}, **chosen}.items()
            for place, key in enumerate(keys)
            if name in chosen or key in usual[name]
        }

    def find(self, event: QKeyEvent) -> Hit | None:
        """What a key does; None where it does nothing.

        Digits count wherever they come from: from the number pad, and from the row that gives them only with
        Shift on some keyboards. Of a character that needs Shift the Shift itself does not count.
        """
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Enter:
            key = Qt.Key.Key_Return
        hit = self._hits.get(QKeyCombination(modifiers, key).toCombined())
        shift = Qt.KeyboardModifier.ShiftModifier
        if hit is None and modifiers == shift and not event.text().isalpha():
            hit = self._hits.get(QKeyCombination(Qt.KeyboardModifier.NoModifier, key).toCombined())
        digit = digit_of_place(event.nativeScanCode())
        if hit is None and digit is not None and modifiers in (Qt.KeyboardModifier.NoModifier, shift):
            hit = self._hits.get(Qt.Key.Key_0.value + digit)
        return hit

    def words(self, name: str) -> str:
        """A command's keys, for people."""
        return words_of(name, self.keys[name])

    def short(self, name: str) -> str:
        """The first of a command's keys, or all of a range, in few characters."""
        keys = self.keys[name]
        if not keys:
            return "–"
        if name in RANGES and len(keys) > 2:
            return f"{_native(keys[0])}–{_native(keys[-1])}"
        return "⌫" if keys[0] == "Backspace" else _native(keys[0])


RANGES = frozenset(("pick", "queue"))
"""Commands with many keys in a row, of which the first and the last are named."""


def words_of(name: str, keys: Iterable[str]) -> str:
    """Keys for people: ``A or Space``, ``1 to 0``."""
    native = [_native(key) for key in keys]
    if name in RANGES and len(native) > 2:
        return tr("{first} to {last}", first=native[0], last=native[-1])
    return either(native)


def either(words: Sequence[str]) -> str:
    """``A or B or C``; empty for none."""
    return reduce(lambda one, other: tr("{one} or {other}", one=one, other=other), words) if words else ""


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def digit_of_place(scan_code: int) -> int | None:
    """The digit at a key's place in the upper row; None for other places, or where that is not known."""
    first = {"linux": 10, "win32": 2}.get(sys.platform)
    if first is None or not first <= scan_code < first + 10:
        return None
    return (scan_code - first + 1) % 10


def changes_of(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Other keys as settings hold them: ``accept=Y Space``. What names no command or no key is left out."""
    found: dict[str, tuple[str, ...]] = {}
    names = {spec.name for spec in KEYS}
    for text in texts:
        name, _, keys = text.partition("=")
        chosen = tuple(key for key in keys.split() if QKeySequence(key).count() == 1)
        if name.strip() in names and chosen:
            found[name.strip()] = chosen
    return found
