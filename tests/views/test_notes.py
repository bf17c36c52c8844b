"""Sentences between the fields of a dialog."""

from PySide6.QtWidgets import QFormLayout, QLineEdit, QWidget

from alprviewer.views.notes import Note

TEXT = "A sentence that is so long that it needs more than one line where there is not much room for it. " * 2


def test_a_note_takes_the_height_that_it_needs_at_its_width_and_no_more(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    form = QFormLayout(page)
    note = Note(TEXT)
    form.addRow("Name", QLineEdit())
    form.addRow("", note)
    form.addRow("Name", QLineEdit())
    heights = []
    for width in (900, 400):
        page.resize(width, form.totalHeightForWidth(width))
        page.show()
        qtbot.waitExposed(page)
        form.activate()
        assert note.height() == note.heightForWidth(note.width())
        heights.append(note.height())
    assert heights[0] < heights[1]
