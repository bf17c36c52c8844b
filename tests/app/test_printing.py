"""Copying and printing what has the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from alprviewer.app import printing
from alprviewer.app.printing import picture_of, print_on, subject_of


@pytest.fixture
def printer(tmp_path) -> QPrinter:
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "out.pdf"))
    return made


def pages(printer: QPrinter) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", Path(printer.outputFileName()).read_bytes()))


@pytest.mark.parametrize("pane", ["image", "candidates", "crop", "details", "json"])
def test_a_pane_is_printed_on_one_page(loaded, printer, pane):
    loaded.workspace.focus_pane(pane)
    subject = subject_of(loaded)
    assert subject is loaded.workspace.pane(pane)
    assert print_on(printer, subject) == 0
    assert pages(printer) == 1


def test_a_table_is_printed_on_as_many_pages_as_it_needs(loaded, printer):
    loaded.browser.focus_target.setFocus()
    table = subject_of(loaded)
    assert table is loaded.browser.table("reads")
    assert print_on(printer, table) == 0
    assert 10 < pages(printer) < 60


def test_a_long_table_is_printed_in_part_and_the_rest_is_counted(loaded, printer, monkeypatch):
    monkeypatch.setattr(printing, "MOST_ROWS", 20)
    table = loaded.browser.table("reads")
    assert print_on(printer, table) == table.model().rowCount() - 20
    assert pages(printer) == 1


def test_an_empty_table_is_a_page_with_its_head(loaded, printer, settle):
    loaded.filtering.box.set_text("plate:=NOSUCHPLATE")
    settle(loaded)
    table = loaded.browser.table("reads")
    assert table.model().rowCount() == 0
    assert print_on(printer, table) == 0
    assert pages(printer) == 1


def test_a_crop_is_copied_in_its_own_pixels(loaded, qtbot):
    loaded.workspace.focus_pane("crop")
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_C, keys)
    image = loaded.workspace.pane("crop").view.image
    assert QApplication.clipboard().image().size() == image.size()


def test_another_pane_is_copied_as_it_stands(loaded):
    loaded.workspace.focus_pane("image")
    pane = loaded.workspace.pane("image")
    assert picture_of(subject_of(loaded)).size() == pane.size() * pane.devicePixelRatioF()


def test_nobody_is_printed_to_without_asking(loaded, monkeypatch, printer):
    monkeypatch.setattr(printing.QPrintDialog, "exec", lambda _: 0)
    monkeypatch.setattr(printing, "print_on", lambda *_: pytest.fail("it was cancelled"))
    loaded.commands.print_view()
