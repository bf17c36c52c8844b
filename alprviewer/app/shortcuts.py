"""The keys that a user has chosen for actions: a file of its own, and where two would share a key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import tomli_w
from PySide6.QtGui import QKeySequence

from alprviewer.app.actions import ACTIONS, sequences
from alprviewer.core.errors import UserError
from alprviewer.language import tr
from alprviewer.settings import config_file

Chosen = Mapping[str, Sequence[str]]
"""Keys by the names of actions, as portable text; an empty list stands for none. All others are as usual."""


class Conflict(NamedTuple):
    """Two actions that one key would mean, or whose keys begin alike."""

    one: str
    other: str
    key: str


def shortcuts_file() -> Path:
    """Where the choice is kept."""
    return config_file().with_name("shortcuts.toml")


def load_shortcuts(path: Path | None = None) -> dict[str, list[str]]:
    """The user's choice; nothing where there is no file. Unknown actions are left to newer versions.

    Raises:
        UserError: the file cannot be read, or holds something that is no key.
    """
    path = path or shortcuts_file()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(
            tr("The shortcuts in {file} cannot be read: {reason}.", file=path, reason=error)
        ) from error
    for name, keys in values.items():
        texts = keys if isinstance(keys, list) else [keys]
        if not isinstance(keys, list) or not all(isinstance(key, str) and is_key(key) for key in texts):
            raise UserError(
                tr(
                    "{file}: {action} is {keys!r}; expected a list of keys such as ['Ctrl+E'].",
                    file=path,
                    action=name,
                    keys=keys,
                )
            )
    return values


def is_key(text: str) -> bool:
    """True for the text of a key, as ``Ctrl+E``."""
    # What Qt cannot read becomes a key that has no text.
    return bool(QKeySequence(text).toString().strip())


def save_shortcuts(chosen: Chosen, path: Path | None = None) -> None:
    """Keep a choice, replacing the file in one step.

    Raises:
        UserError: it cannot be written.
    """
    path = path or shortcuts_file()
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(tomli_w.dumps({name: list(keys) for name, keys in chosen.items()}), "utf-8")
        temporary.replace(path)
    except OSError as error:
        text = tr("The shortcuts could not be saved in {file}: {reason}.", file=path, reason=error.strerror)
        raise UserError(text) from error


def usual_keys() -> dict[str, list[QKeySequence]]:
    """The keys of every action as the program comes."""
    return {spec.name: sequences(spec.keys) for spec in ACTIONS}


def keys_with(chosen: Chosen) -> dict[str, list[QKeySequence]]:
    """The keys of every action, the user's choice taken over."""
    usual = usual_keys()
    return usual | {
        name: [QKeySequence(key) for key in keys] for name, keys in chosen.items() if name in usual
    }


def conflicts(keys: Mapping[str, Sequence[QKeySequence]]) -> list[Conflict]:
    """Where two actions would share a key, or one key is the beginning of another."""
    none = QKeySequence.SequenceMatch.NoMatch
    each = [(name, key) for name, several in keys.items() for key in several]
    return [
        Conflict(one, other, min(first.toString(), second.toString(), key=len))
        for (one, first), (other, second) in combinations(each, 2)
        if one != other and (first.matches(second) != none or second.matches(first) != none)
    ]
