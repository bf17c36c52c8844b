"""Clocks of zones, also on the days on which they are put forward or back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.frame import MAX_EPOCH_MS, MIN_EPOCH_MS
from alprviewer.core.states import absent
from alprviewer.core.zones import instant_of, offset_at, readings

ZONES = [UTC, *map(ZoneInfo, ("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"))]
zones = st.sampled_from([*ZONES, timezone(timedelta(hours=-3)), None])
instants = st.integers(MIN_EPOCH_MS, MAX_EPOCH_MS - 1)


@given(st.lists(instants, max_size=20), zones)
def test_readings_are_what_clocks_show(times, zone):
    found = readings(np.array(times, np.int64), zone)
    for time, shown in zip(times, found.tolist(), strict=True):
        local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time)
        clock = local.astimezone(zone).replace(tzinfo=UTC)
        assert shown == (clock - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
        assert shown - time == offset_at(time, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_a_column_without_values_may_be_of_any_type(zone):
    assert (readings(np.empty(0, np.uint8), zone) % 86_400_000).tolist() == []


@given(instants, zones)
def test_a_reading_leads_back_to_its_instant_or_to_the_first_of_two(time, zone):
    back = instant_of(time + offset_at(time, zone), zone)
    assert back <= time
    assert back + offset_at(back, zone) == time + offset_at(time, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_absent_and_invalid_times_stay_below_all_others(zone):
    states = np.array([absent("i8"), absent("i8") + 1])
    assert (readings(states, zone) < 0).all()
