"""Prints the manual page, made from the command line's own parser: ``python manpage.py DATE``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from alprviewer import __version__
from alprviewer.cli import parser

_CLOSING = r"""
.SH SOURCES
Result files, folders and globs;
.B \-
is standard input. Files may be packed with gzip, bzip2, xz or zstd.
.B record
and
.B replay
take the URLs of live sources.
.SH EXIT STATUS
.TP
.B 0
Done.
.TP
.B 1
The input could not be used at all.
.TP
.B 2
Wrong usage.
.SH FILES
.TP
.I $XDG_CONFIG_HOME/alprviewer/settings.toml
The settings. The program's help (F1) explains each of them.
.TP
.I $XDG_STATE_HOME/alprviewer/
The state of the window, the recent files and the log.
.TP
.I $XDG_CACHE_HOME/alprviewer/
Indexes of files, made again when they are missing.
.SH SEE ALSO
The help inside the program, with F1.
"""


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("%%", "%")
    return "\\&" + text if text[:1] in ".'" else text


def _name_of(action: argparse.Action) -> str:
    names = ", ".join(rf"\fB{_escaped(name)}\fR" for name in action.option_strings)
    value = ""
    if action.nargs != 0:
        metavar = action.metavar or ("|".join(map(str, action.choices)) if action.choices else action.dest)
        value = rf"\fI{_escaped(str(metavar))}\fR"
        value += " ..." if action.nargs in ("*", "+") else ""
    return " ".join(part for part in (names, value) if part)


def page(date: str) -> str:
    """The page as roff."""
    top = parser()
    verbs = next(action for action in top._actions if isinstance(action, argparse._SubParsersAction))  # noqa: SLF001
    helps = {choice.dest: choice.help or "" for choice in verbs._choices_actions}  # noqa: SLF001
    lines = [
        f'.TH ALPRVIEWER 1 "{date}" "alprviewer {__version__}" "User Commands"',
        ".SH NAME",
        r"alprviewer \- look at, verify and correct licence\-plate reads",
        ".SH SYNOPSIS",
        r"\fBalprviewer\fR [\fBopen\fR] [\fISOURCE\fR ...]",
        ".br",
        r"\fBalprviewer\fR \fIVERB\fR [\fIOPTION\fR ...] [\fISOURCE\fR ...]",
        ".br",
        r"\fBalprviewer\fR \fB\-\-version\fR",
        ".SH DESCRIPTION",
        "Opens the plate results of Rekor Scout and OpenALPR in a window. The verbs do the same without one.",
        ".SH VERBS",
    ]
    for name, verb in verbs.choices.items():
        lines += [f".SS {_escaped(name)}", _escaped(helps.get(name, "")) + "."]
        for action in verb._actions:  # noqa: SLF001
            if action.help != argparse.SUPPRESS and not isinstance(action, argparse._HelpAction):  # noqa: SLF001
                lines += [".TP", _name_of(action), _escaped(action.help or "")]
    return "\n".join(line for line in lines if line) + _CLOSING


if __name__ == "__main__":
    print(page(sys.argv[1]), end="")
