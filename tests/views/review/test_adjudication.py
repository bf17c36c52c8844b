"""The words on the cards of answers."""

from __future__ import annotations

from alprviewer.core.standing import place
from alprviewer.views.review.adjudication import by_text
from tests.helpers.decisions import entry


def placed(number: int, **changes):
    return place("w", number, entry(**changes))


def test_who_gave_an_answer():
    assert by_text([placed(1)]) == "ann · 2023-11-14 22:13Z"
    assert by_text([placed(1, blind=True)]) == "ann · blind · 2023-11-14 22:13Z"


def test_why_stands_behind():
    assert by_text([placed(1, reason="mud on the 8")]) == "ann · 2023-11-14 22:13Z · mud on the 8"


def test_several_reads_are_one_line_with_the_last_time():
    later = placed(2, blind=True, time=1_700_000_090_000)
    assert by_text([placed(1, blind=True), later]) == "ann · 2 reads · blind · 2023-11-14 22:14Z"
    assert by_text([placed(1), later]) == "ann · 2 reads · 2023-11-14 22:14Z"
