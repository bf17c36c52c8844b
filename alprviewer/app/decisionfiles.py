"""Decisions to files, and from files into the journal: the command line's ``journal``, in a child process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog

from alprviewer.app.exporting import can_name_rows, failed, numbers_file, sources_of
from alprviewer.capture.child import program_command
from alprviewer.core.errors import UserError
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.review.exchange import is_journal
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window


class Format(NamedTuple):
    """A format of ``journal export``: its name there, how the file dialog offers it, and its ending.

    Ground truth has none: it is a new folder.
    """

    name: str
    title: str
    suffix: str = ""

    @property
    def choice(self) -> str:
        """As a filter of the file dialog."""
        return f"{self.title} (*{self.suffix})"


FORMATS = (
    Format("csv", "CSV", ".csv"),
    Format("jsonl", "JSON Lines", ".jsonl"),
    Format("plate_tagger", tr("Ground truth: plate_tagger YAML, a new folder")),
    Format("benchmark", tr("Ground truth: lines of openalpr's benchmark, a new folder")),
    Format("coco", tr("Ground truth: COCO, a new folder")),
    Format("paddleocr", tr("Ground truth: crops and list for PaddleOCR, a new folder")),
    Format("ocr-csv", tr("Ground truth: crops and list as CSV, a new folder")),
)
_TAKEN = tr("Journals and lists of true plates")


def ask_export(window: Window) -> None:
    """Ask where to, and in which format; then export the decisions about the reads that the tables show."""
    if not can_name_rows(window, "reads"):
        return
    choices = ";;".join(each.choice for each in FORMATS)
    name, choice = QFileDialog.getSaveFileName(window, tr("Export decisions"), "decisions.csv", choices)
    if name:
        chosen = next((each for each in FORMATS if each.choice == choice), FORMATS[0])
        start_export(window, name, chosen)


def start_export(window: Window, name: str, chosen: Format) -> None:
    """Export in a child process; the strip says how it ended."""
    if not chosen.suffix:
        # The dialog goes on offering the ending of the first format.
        name = name.removesuffix(FORMATS[0].suffix)
    elif name.endswith(FORMATS[1].suffix):
        chosen = FORMATS[1]
    file = Path(name).absolute()
    words = ["export", "--format", chosen.name]
    for folder in (*window.image_folders, *window.settings.image_folders):
        words += ["--images", str(Path(folder).absolute())]
    shown = window.models["reads"].shown_ids()
    process = QProcess(window)
    if shown is not None:
        try:
            words += ["--only", numbers_file(shown, process).fileName()]
        except OSError as error:
            window.say(StripKind.ERROR, failed(str(file), error.strerror or ""))
            return

    def ended(_: bytes) -> str:
        return tr("The decisions were written to {file}.", file=display_text(str(file)))

    window.say(StripKind.INFO, tr("Writing {file} …", file=display_text(str(file))))
    _start(window, process, [*words, *_journal(window), "--", str(file), *sources_of(window)], ended)


def ask_import(window: Window) -> None:
    """Ask for a file; then take in what it says."""
    choices = f"{_TAKEN} (*.sqlite *.csv);;{tr('All files')} (*)"
    name, _ = QFileDialog.getOpenFileName(window, tr("Take in decisions"), "", choices)
    if name:
        start_import(window, name)


def start_import(window: Window, name: str) -> None:
    """Import in a child process; the journal tells the window of it, and the strip what became of it."""
    file = Path(name).absolute()
    try:
        is_list = not is_journal(file)
    except UserError as error:
        window.say(StripKind.ERROR, str(error))
        return
    reviewer = ["--reviewer", window.reviewing.journaling.reviewer] if is_list else []
    words = ["import", "--json", *reviewer, *_journal(window), "--", str(file)]

    def ended(data: bytes) -> str:
        window.reviewing.journaling.open()
        return became_of(json.loads(data))

    window.say(StripKind.INFO, tr("Reading {file} …", file=display_text(str(file))))
    _start(window, QProcess(window), [*words, *(sources_of(window) if is_list else [])], ended)


def became_of(counts: dict[str, Any]) -> str:
    """What an import came to, in sentences; ``counts`` as ``journal import --json`` prints them."""
    new = counts.get("added", counts.get("decided", 0))
    said = [trn("{count:,} new entry in the journal.", "{count:,} new entries in the journal.", new)]
    for name, words in (
        ("known", tr("Known already: {count:,}.")),
        ("unmatched", tr("Lines that match no read: {count:,}.")),
        ("ambiguous", tr("Lines that fit several reads, left out: {count:,}.")),
        ("replaced", tr("Earlier decisions of yours replaced: {count:,}.")),
        ("refused", tr("Writers refused, their entries do not fit: {count:,}.")),
        (
            "disputed",
            tr("Reads that reviewers disagree about now: {count:,}; the queue “Disputed” has them."),
        ),
    ):
        if counts.get(name):
            said.append(words.format(count=counts[name]))
    return " ".join(said)


def _journal(window: Window) -> list[str]:
    url = window.reviewing.journaling.url
    return ["--journal", url] if url else []


def _start(window: Window, process: QProcess, words: Sequence[str], ended: Callable[[bytes], str]) -> None:
    """Run ``journal`` in a process; say what ``ended`` makes of its output, or what it said of a failure."""
    program, *arguments = program_command()

    def finish(code: int, status: QProcess.ExitStatus) -> None:
        data = bytes(process.readAllStandardOutput().data())
        errors = bytes(process.readAllStandardError().data()).decode("utf-8", "replace").strip()
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            window.say(StripKind.INFO, ended(data))
        else:
            window.say(StripKind.ERROR, errors.removeprefix("alprviewer: ") or tr("It ended unexpectedly."))
        process.deleteLater()

    def went_wrong(error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            window.say(StripKind.ERROR, process.errorString())
            process.deleteLater()

    process.finished.connect(finish)
    process.errorOccurred.connect(went_wrong)
    process.start(program, [*arguments, "journal", *words])
