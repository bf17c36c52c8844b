"""What can be typed to go somewhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.errors import UserError
from alprviewer.core.goto import Target, parse_target

DAY = date(2026, 9, 14)
EAST = timezone(timedelta(hours=2))


def milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize("text", ["1200", "1,200", " #1200 ", "# 1 200", "1\u202f200", "001200"])
def test_row_numbers(text: str) -> None:
    assert parse_target(text, UTC, DAY) == Target(row=1200)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("14:05", "2026-09-14T14:05:00Z"),
        ("4:05:09", "2026-09-14T04:05:09Z"),
        ("14:05:30.25", "2026-09-14T14:05:30.250Z"),
        ("14:05:30,123456789", "2026-09-14T14:05:30.123Z"),
        ("2026-09-15", "2026-09-15T00:00:00Z"),
        ("2026-09-15 07:08", "2026-09-15T07:08:00Z"),
        ("2026-09-15T07:08:09.5", "2026-09-15T07:08:09.500Z"),
        ("2026-09-15T07:08:09Z", "2026-09-15T07:08:09Z"),
        ("2026-09-15 07:08:09+02:00", "2026-09-15T05:08:09Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
    ],
)
def test_times_in_utc(text: str, expected: str) -> None:
    assert parse_target(text, UTC, DAY) == Target(epoch=milliseconds(expected))


def test_times_without_a_zone_are_meant_in_the_one_shown() -> None:
    assert parse_target("14:05", EAST, DAY) == Target(epoch=milliseconds("2026-09-14T12:05:00Z"))
    assert parse_target("2026-09-15 00:00Z", EAST, DAY) == Target(epoch=milliseconds("2026-09-15T00:00:00Z"))
    local = datetime(2026, 9, 15, 7, 8).astimezone()
    assert parse_target("2026-09-15 07:08", None, None) == Target(epoch=round(local.timestamp() * 1000))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a row number or a time"),
        ("   ", "Type a row number or a time"),
        ("25:00", "25:00 is no time of day"),
        ("12:60", "no time of day"),
        ("-5", "neither a row number nor a time"),
        ("soon", "neither a row number nor a time"),
        ("2026-02-30", "Try 1200, 14:05:30"),
        ("2026-09-14T25:00", "neither"),
        ("\0", "neither"),
    ],
)
def test_what_is_wrong_is_said(text: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_target(text, UTC, DAY)
    assert words in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_time_of_day_needs_a_day() -> None:
    with pytest.raises(UserError, match="type the date too"):
        parse_target("14:05", UTC, None)


@given(st.text())
def test_any_text_is_a_place_or_a_sentence(text: str) -> None:
    try:
        target = parse_target(text, UTC, DAY)
    except UserError:
        return
    assert (target.row is None) != (target.epoch is None)


@given(st.datetimes(timezones=st.timezones()))
def test_any_moment_as_it_is_written(moment: datetime) -> None:
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert parse_target(moment.isoformat(), EAST, DAY) == Target(epoch=expected)
