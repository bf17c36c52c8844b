"""Writing the table in front to a file: the command line's export, in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QProcess, QTemporaryFile
from PySide6.QtWidgets import QFileDialog

from alprviewer.capture.child import program_command
from alprviewer.capture.export import COLUMNS
from alprviewer.core.batch import Array
from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.store.select import SortKey
from alprviewer.views.statestrip import StripKind

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_NAMES = {
    "crop_text": "crop_bytes",
    "position": "plate_position",
    "candidates": "candidate_count",
    "resolved": "resolved_plate",
    "start": "start_utc",
    "probability": "consensus_probability",
    "number": "pass",
}
"""Where a column of a table is exported under another name."""
_OF_PASSES = {"confidence": "best_confidence", "spellings": "plates"}
_TITLES = {
    "passes": tr("Export passes"),
    "reads": tr("Export reads"),
    "frames": tr("Export frames"),
    "problems": tr("Export problems"),
}
_ENDS = {
    "passes": tr("The passes were written to {file}."),
    "reads": tr("The reads were written to {file}."),
    "frames": tr("The frames were written to {file}."),
    "problems": tr("The problems were written to {file}."),
}


def export_table(window: Window) -> None:
    """Ask for a file name and export the rows that the table shows, in its order."""
    what = window.browser.tab
    loader = window.loader
    if what not in _TITLES or not loader.capture.sources:
        text = tr("Open a capture and choose Passes, Reads, Frames or Problems to export them.")
        window.say(StripKind.INFO, text)
        return
    if not can_name_rows(window, what):
        return
    name, _ = QFileDialog.getSaveFileName(
        window, _TITLES[what], f"{what}.csv", "CSV (*.csv);;JSON Lines (*.jsonl)"
    )
    if name:
        start_export(window, what, name)


def can_name_rows(window: Window, what: str) -> bool:
    """True where the rows of a table can be named to an export; else it is said that they cannot."""
    loader = window.loader
    if not loader.live or len(loader.names) < 2 or window.models[what].shown_ids() is None:
        return True
    # Rows are named by their numbers, and those of several sources that grow stand in no source's order.
    text = tr("A part of the rows of several live sources cannot be exported; show all rows, or one source.")
    window.say(StripKind.INFO, text)
    return False


def sources_of(window: Window) -> list[str]:
    """The files of the open capture as the command line takes them."""
    loader = window.loader
    found = loader.capture.sources if loader.live else ()
    names = [source.path for source in found] or [Path(name) for name in loader.names]
    # Written out: a name that begins with a dash would be taken for an option.
    return [str(name.absolute()) for name in names]


def numbers_file(rows: Array, parent: QObject) -> QTemporaryFile:
    """A file with the numbers of rows through all sources: in this order they are exported.

    Raises:
        OSError: it cannot be written.
    """
    numbers = QTemporaryFile(parent)
    data = rows.astype(np.int64).tobytes()
    if not numbers.open() or numbers.write(data) < 0 or not numbers.flush():
        raise OSError(0, numbers.errorString())
    return numbers


def sort_words(what: str, keys: Sequence[SortKey]) -> list[str]:
    """Sort keys as the command line takes them; what is computed for the table only is no column there."""
    names = {**_NAMES, **_OF_PASSES} if what == "passes" else _NAMES
    named = [key._replace(name=names.get(key.name, key.name)) for key in keys]
    return [("-" if key.descending else "") + key.name for key in named if key.name in COLUMNS[what]]


def failed(name: str, reason: str) -> str:
    """Why a file was not written."""
    return tr("Writing {file} failed: {reason}.", file=display_text(name), reason=reason)


def start_export(window: Window, what: str, name: str) -> QProcess:
    """Export in a child process; the strip says how it ended."""
    program, *arguments = program_command()
    kind = "jsonl" if name.endswith(".jsonl") else "csv"
    wanted = window.models[what].sort_keys
    keys = sort_words(what, wanted)
    sort = ["--sort", ",".join(keys)] if keys else []
    loader, sources = window.loader, sources_of(window)
    shown_rows = window.models[what].shown_ids()
    if shown_rows is not None and what == "passes":
        # Scout's groups, which stand among the passes here, have none, and are in no export.
        shown_rows = loader.capture.columns.passes.rows.column("first_read")[shown_rows]
    process = QProcess(window)
    only: list[str] = []
    if shown_rows is not None:
        try:
            only = ["--only", numbers_file(shown_rows, process).fileName()]
        except OSError as error:
            window.say(StripKind.ERROR, failed(name, error.strerror or ""))
            return process
    process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
    shown = display_text(name)
    target = shown if len(keys) == len(wanted) else tr("{file}, in the order of the sources", file=shown)

    def ended(code: int, status: QProcess.ExitStatus) -> None:
        said = bytes(process.readAll().data()).decode("utf-8", "replace").strip()
        if code == 0 and status is QProcess.ExitStatus.NormalExit:
            window.say(StripKind.INFO, _ENDS[what].format(file=target))
        else:
            window.say(StripKind.ERROR, said or tr("Writing {file} failed.", file=shown))
        process.deleteLater()

    def went_wrong(error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            window.say(StripKind.ERROR, failed(name, process.errorString()))
            process.deleteLater()

    process.finished.connect(ended)
    process.errorOccurred.connect(went_wrong)
    window.say(StripKind.INFO, tr("Writing {file} …", file=shown))
    if window.reviewing.journaling.url:
        only += ["--journal", window.reviewing.journaling.url]
    options = ["--format", kind, "-o", str(Path(name).absolute())]
    process.start(program, [*arguments, "export", what, *sources, *sort, *only, *options])
    return process
