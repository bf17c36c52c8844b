"""What several panes do alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6 import QtGui

from alprviewer.core.plates import display_text
from alprviewer.views.looks import plain_tip


def as_seen(tip: str) -> str:
    """What a tooltip shows."""
    is_rich = QtGui.Qt.mightBeRichText(tip)  # type: ignore[attr-defined]
    document = QtGui.QTextDocument()
    (document.setHtml if is_rich else document.setPlainText)(tip)
    return document.toPlainText()


@pytest.mark.parametrize(
    "text", ["the recognizer's host", "A & B", 'a "q"', "<img src=x>", "a <b>b</b> & 'c'", "1 < 2", ""]
)
def test_a_tip_shows_the_text_itself(qapp, text):
    assert as_seen(plain_tip(text)) == text


@given(st.text(alphabet="ab<>&;/'\"!?lt=\u202e\n\x00", max_size=30))
def test_no_tip_is_taken_for_more_than_text(text):
    tip = plain_tip(display_text(text))
    assert "<" not in tip
