"""The catalogues of translated messages, ``resources/translations/*.po``.

``make translations`` brings them up to date with the code: new messages come in untranslated, those that
nobody says any more go. hatchling compiles them with every build.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CODE = ROOT / "alprviewer"
FOLDER = ROOT / "resources" / "translations"
KEYWORDS: dict[str, Any] = {
    "tr": None,
    "trc": ((1, "c"), 2),
    "trn": (1, 2),
    "_setting": (2,),
    "_reason": None,
}
"""The functions whose literals are messages, and which of their arguments; see ``language.py``."""

_UNUSED = tuple(
    f'"{name}'.encode()
    for name in ("Report-", "POT-", "PO-", "Last-Translator", "Language-Team", "Generated-By")
)
"""Lines of the header that say who changed what and when, which the repository knows."""


def messages() -> Catalog:
    """Every message of the code."""
    catalog = Catalog()
    found = extract_from_dir(
        str(CODE), [("**.py", "python")], keywords=KEYWORDS, comment_tags=["For translators:"]
    )
    for file, _, message, comments, context in sorted(found, key=lambda item: item[:2]):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def catalogue(path: Path) -> Catalog:
    """A ``.po`` file, named by its language."""
    with path.open("rb") as file:
        return read_po(file, locale=path.stem)


def write_catalogue(path: Path, catalog: Catalog) -> None:
    """Write it, as it was if nothing has changed in it."""
    buffer = BytesIO()
    write_po(buffer, catalog, width=110, include_lineno=False, omit_header=False, sort_by_file=True)
    text = b"".join(line for line in buffer.getvalue().splitlines(True) if not line.startswith(_UNUSED))
    if text != path.read_bytes():
        path.write_bytes(text)


def compile_catalogues(folder: Path = FOLDER) -> list[Path]:
    """Make ``LANGUAGE/LC_MESSAGES/alprviewer.mo`` of every ``LANGUAGE.po``. Returns what was made."""
    made = []
    for path in sorted(folder.glob("*.po")):
        target = folder / path.stem / "LC_MESSAGES" / "alprviewer.mo"
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_suffix(".new")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue(path))
        unfinished.replace(target)
        made.append(target)
    return made


def main() -> None:
    """Update and compile every catalogue; say what each lacks."""
    template = messages()
    for path in sorted(FOLDER.glob("*.po")):
        catalog = catalogue(path)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        write_catalogue(path, catalog)
        missing = sum(not all(_strings(message.string)) for message in catalog if message.id)
        print(f"{path.stem}: {len(catalog)} messages, {missing} not translated")
    compile_catalogues()


def _strings(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string or "",) if isinstance(string, str | None) else tuple(string)


if __name__ == "__main__":
    sys.exit(main())
