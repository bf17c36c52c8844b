"""The window and its children are killed under load; what was acknowledged is in the tables, once."""

from __future__ import annotations

import pytest

from tests.helpers.live import free_port
from tests.helpers.windows import VICTIMS
from tests.soak import windows

pytestmark = pytest.mark.uncounted


@pytest.mark.timeout(280)
def test_killed_in_turn_while_messages_are_posted():
    result = windows(len(VICTIMS), seed=free_port())
    assert result.is_good, str(result)
    assert result.sent > 0
