"""``python -m alprviewer`` and the installed commands."""

from __future__ import annotations

import os
import sys

ENGLISH = frozenset({"index", "export", "record", "replay", "journal", "stats", "-h", "--help", "--version"})
"""What scripts call and read has one language; the window has that of its user."""


def main() -> int:
    """Run the command line. Returns the exit code."""
    _speak("en" if ENGLISH.intersection(sys.argv[1:2]) else "")

    from alprviewer.cli import run

    return run(sys.argv[1:])


def _speak(wanted: str) -> None:
    """Choose the language, before anything is imported that speaks: this one, or that of the settings."""
    from alprviewer.language import VARIABLE, language_of, speak
    from alprviewer.settings import wanted_language

    if not wanted and VARIABLE in os.environ:
        return  # told by whoever started this process
    speak(language_of(wanted or wanted_language()))


if __name__ == "__main__":
    raise SystemExit(main())
