"""The pages of the manual: Markdown from ``resources/help``, with tables made from the program's own."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from PySide6.QtGui import QKeySequence

from alprviewer import __version__
from alprviewer.app.actions import ACTIONS, MENUS, ActionSpec, sequences
from alprviewer.app.commands import Commands
from alprviewer.app.panes import PANES
from alprviewer.capture.child import program_command
from alprviewer.core.query.fields import FIELDS
from alprviewer.resourcefiles import changelog, resource
from alprviewer.settings import Settings
from alprviewer.views.review.keys import GROUPS, KEYS, words_of

FOLDER = "help"
FIRST = "start"
ORDER = (
    FIRST,
    "first-steps",
    "tables",
    *(spec.name for spec in PANES),
    "review",
    "query",
    "live",
    "evidence",
    "settings",
    "shortcuts",
    "whats-new",
)
"""The pages by the names of their files, as the contents list them. A pane's page has the pane's name."""
_MARK = re.compile(r"^\{\{(\w+)\}\}$", re.MULTILINE)
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Page:
    """One page.

    Attributes:
        name: its file's name without the ending.
        title: its first heading.
        text: Markdown, with every table filled in.
    """

    name: str
    title: str
    text: str

    @property
    def words(self) -> str:
        """What a reader sees, without marks and addresses, in small letters: what is searched."""
        return re.sub(r"[*`|#>]+", " ", _LINK.sub(r"\2", self.text)).casefold()

    @property
    def links(self) -> list[str]:
        """Where its links lead."""
        return [address for mark, _, address in _LINK.findall(self.text) if not mark]

    @property
    def pictures(self) -> list[str]:
        """The files of its pictures."""
        return [address for mark, _, address in _LINK.findall(self.text) if mark]


def _cell(text: str) -> str:
    """A text as a cell of a table: no mark of Markdown may come from it."""
    return re.sub(r"([\\|`*_\[\]<>])", r"\\\1", text)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *(tuple(map(_cell, row)) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def plain(value: Any) -> str:
    """A setting's value in words."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or "none"
    return str(value)


def settings_table() -> str:
    """Every setting with its default and its meaning."""
    defaults = Settings()
    return _table(
        ("setting", "default", "meaning"),
        (
            (item.name, plain(getattr(defaults, item.name)), item.metadata["help"])
            for item in fields(Settings)
        ),
    )


def _purpose(spec: ActionSpec) -> str:
    """What an action does, in the words of the method that does it."""
    said = (getattr(Commands, spec.name, None).__doc__ or "").partition("\n")[0].rstrip(".")
    return said or "Show it, or not"


def shortcuts_table() -> str:
    """Every action, by menus, with its keys as they are unless the user chose others."""
    parts = []
    for menu in MENUS:
        rows = []
        for spec in ACTIONS:
            if spec.menu.lstrip("-") == menu:
                text, _, fixed = spec.text.replace("&", "").partition("\t")
                native = QKeySequence.SequenceFormat.PortableText
                keys = " or ".join(key.toString(native) for key in sequences(spec.keys)) or fixed
                rows.append((text.rstrip("…"), keys or "—", spec.tip or _purpose(spec)))
        parts.append(f"## {menu.replace('&', '')}\n\n" + _table(("action", "keys", "what it does"), rows))
    return "\n\n".join(parts)


def panes_table() -> str:
    """Every pane with the first sentence of its page, and a link to it."""
    rows = []
    for spec in PANES:
        first = page(spec.name).text.split("\n\n")[1].replace("\n", " ")
        rows.append(f"| [{spec.title}]({spec.name}.md) | {first.partition('. ')[0].rstrip('.')} |")
    return "\n".join(["| pane | shows |", "| --- | --- |", *rows])


def review_keys_table() -> str:
    """Every command of review mode with its keys as they are unless the user chose others."""
    return "\n\n".join(
        f"## {group}\n\n"
        + _table(
            ("command", "keys"),
            ((spec.text, words_of(spec.name, spec.keys)) for spec in KEYS if spec.group == group),
        )
        for group in GROUPS
    )


def fields_table() -> str:
    """Every field of the query language."""
    return _table(
        ("field", "holds", "meaning"),
        (
            (f"{name}:", " or ".join(spec.words) if spec.kind == "flag" else spec.kind, spec.help)
            for name, spec in FIELDS.items()
        ),
    )


def changes() -> str:
    """What has changed, newest first, from ``CHANGELOG.md``. What has no number yet is in this version."""
    text = changelog().read_text("utf-8")
    return text[text.index("\n## ") + 1 :].replace("## Unreleased", f"## This version, {__version__}", 1)


def replay_command() -> str:
    """How the sample is sent to a listener of this machine, as it can be typed here."""
    words = [*program_command(), "replay", str(resource("sample/sample.jsonl"))]
    return f"    {shlex.join(words)} --to http://127.0.0.1:8080/ --now"


_TABLES: dict[str, Callable[[], str]] = {
    "settings": settings_table,
    "shortcuts": shortcuts_table,
    "fields": fields_table,
    "panes": panes_table,
    "changes": changes,
    "replay": replay_command,
    "review_keys": review_keys_table,
}


@cache
def page(name: str) -> Page:
    """A page by its name.

    Raises:
        FileNotFoundError: there is no such page.
    """
    text = resource(f"{FOLDER}/{name}.md").read_text("utf-8")
    text = _MARK.sub(lambda mark: _TABLES[mark[1]](), text)
    title = text.partition("\n")[0].removeprefix("# ")
    return Page(name, title, text)


def pages() -> list[Page]:
    """All of them, in the order of the contents."""
    return [page(name) for name in ORDER]


def search(wanted: str) -> list[Page]:
    """The pages that hold every word of a text; those with most of them first, titles counting most."""
    words = wanted.casefold().split()
    found = []
    for each in pages():
        counts = [each.words.count(word) + 20 * each.title.casefold().count(word) for word in words]
        if all(counts):
            found.append((-sum(counts), each))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]
