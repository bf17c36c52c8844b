"""Every message of the window can be said in every language, and fits where the English one does."""

from __future__ import annotations

import json
import os
import re
import string
import subprocess
import sys
from pathlib import Path

import pytest

from alprviewer.language import LANGUAGES, VARIABLE
from tests.helpers.opening import SAMPLE

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "packaging"))
from catalogues import FOLDER, catalogue, messages  # noqa: E402 - of the tools that build, not of the program

NO_MESSAGES = re.compile(
    r"""(
    # Data and names.
    .*:\ (alprviewer|sample\.jsonl(\ —\ alprviewer)?|sample\.jsonl,\ /.*|North\ gate|Exit\ ramp|uuid)
    | Elided:\ ([0-9a-f]{40}-.*|\d+\ ×\ \d+\ px,\ .*|[A-Z0-9]{4,8}\ \d+\.\d\ %)
    # Keys, which Qt names in the language of its own catalogue.
    | QLabel\ muted:(\ +((Alt|Ctrl|Shift)\+)*(\w|/|F\d+|Esc⟧|End|Home|Backspace))+
    # Said by Qt, likewise, or by a menu of pyqtgraph's that is never shown.
    | (QLineEdit|QAbstractButton)\ qt_\w+:.* | QToolButton\ Scroll\w+:.*
    | QPushButton:\ (OK|Cancel|Close|Save)
    | QAction:\ Export(\.\.\.)?
    )""",
    re.VERBOSE,
)
"""What stands in the window, beside translated messages."""
TRANSLATED = sorted(set(LANGUAGES) - {"en"})


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def holes(text: str) -> set[tuple[str, str]]:
    """What is filled in, with its format; a text with other braces has none."""
    try:
        return {(name, form or "") for _, name, form, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return set()


def test_there_is_a_catalogue_for_each_language_and_no_other():
    assert sorted(path.stem for path in FOLDER.glob("*.po")) == TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_has_every_message_and_each_fits(language):
    found = catalogue(FOLDER / f"{language}.po")
    wanted = {(message.id, message.context) for message in messages() if message.id}
    assert {(message.id, message.context) for message in found if message.id} == wanted, "make translations"
    faults = []
    for message in found:
        english, said = forms(message.id), forms(message.string)
        if not message.id:
            continue
        if len(said) != len(english) or not all(said) or message.fuzzy:
            faults.append(f"not translated: {english}")
            continue
        for one, other in zip(english, said, strict=True):
            # A singular may say its number in words, or say it where English does not.
            missing = {hole for hole in holes(one) if hole[0] != "count" or len(english) == 1} - holes(other)
            extra = holes(other) - holes(one) - holes(english[-1])
            if missing or extra:
                faults.append(f"missing {missing}, not given {extra}: {other}")
            faults += [
                f"{sign!r} in one of the two: {one} / {other}"
                for sign in ("&", "\t", "\n")
                if (sign in one.replace("&&", "")) != (sign in other.replace("&&", ""))
            ]
            faults += [
                f"{end!r} at the end of one of the two: {one} / {other}"
                for end in ("…", ":", ".")
                if one.endswith(end) != other.endswith(end)
            ]
    assert faults == []


def run(command: list[str], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_that_the_window_says_can_be_translated():
    found = json.loads(run(["tests.helpers.pseudo", str(SAMPLE)]))
    assert found["shown"] > 1000
    assert [text for text in found["untranslated"] if not NO_MESSAGES.fullmatch(text)] == []


def test_the_command_line_speaks_english_whatever_the_window_speaks(tmp_path):
    missing = str(tmp_path / "none.jsonl")
    done = subprocess.run(
        [sys.executable, "-m", "alprviewer", "index", missing],
        env={**os.environ, VARIABLE: "de", "LC_ALL": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "There is no file" in done.stderr
