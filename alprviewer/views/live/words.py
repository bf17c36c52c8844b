"""How a live source is, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from alprviewer.capture.standing import SLOT_S, Standing, State
from alprviewer.core.plates import display_text

_MINUTE = 60


def name_of(standing: Standing) -> str:
    """The cameras of a source, where they are known; else its address."""
    return display_text(", ".join(standing.cameras) or standing.url)


def state_words(standing: Standing, zone_name: str = "UTC") -> str:
    """What it does."""
    if standing.state is State.SILENT:
        zone = UTC if zone_name == "UTC" else None
        since = datetime.fromtimestamp(standing.since, UTC).astimezone(zone)
        return f"silent since {since:%H:%M:%S}"
    wait = f"in {seconds_words(standing.retry_in)}" if standing.retry_in else "now"
    if standing.state is State.RETRYING:
        return f"reconnecting {wait}"
    if standing.state is State.STOPPED:
        return f"stopped, starting again {wait}"
    return standing.state.words


def seconds_words(seconds: float) -> str:
    """A short time: with decimals where they matter."""
    if abs(seconds) < 10:
        return f"{seconds:.2f} s" if abs(seconds) < 1 else f"{seconds:.1f} s"
    if abs(seconds) < 10 * _MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE:.0f} min" if abs(seconds) < 600 * _MINUTE else f"{seconds / 3600:.0f} h"


def silence_words(standing: Standing) -> str:
    """How long nothing has come."""
    seconds = standing.silence * SLOT_S
    return f"silent {seconds_words(seconds)}" if seconds < _MINUTE else f"silent {seconds / _MINUTE:.0f} min"


def rate_words(standing: Standing) -> str:
    """Values a second."""
    return f"{standing.rate:,.1f}/s" if standing.rate < 100 else f"{standing.rate:,.0f}/s"


def lag_words(standing: Standing) -> str:
    """How far what is shown is behind the present; an em dash where nothing was shown."""
    if standing.lag is None or not standing.counters.last_at:
        return "lag —"
    if standing.lag < 0:
        return f"clock {seconds_words(-standing.lag)} ahead"
    return f"lag {seconds_words(standing.lag)}"


def count_words(standing: Standing) -> str:
    """What was lost, which is always said, and what else was not shown as a new value."""
    counters = standing.counters
    numbers = {
        "waiting": standing.waiting,
        "duplicates": counters.duplicates,
        "rejected": counters.rejected,
        "refused": counters.refused,
        "not understood": counters.unknown,
    }
    rest = [f"{count:,} {name}" for name, count in numbers.items() if count]
    return " · ".join([f"lost {counters.missed:,}", *rest])


def status_words(standings: Sequence[Standing], zone_name: str = "UTC") -> str:
    """All sources in one line."""
    if len(standings) == 1:
        (only,) = standings
        parts = [f"{name_of(only)} {state_words(only, zone_name)}"]
        if only.counters.last_at:
            parts += [rate_words(only), lag_words(only)]
        return " · ".join([*parts, f"lost {only.counters.missed:,}"])
    receiving = sum(each.state is State.RECEIVING for each in standings)
    bad = sum(each.state.is_bad for each in standings)
    parts = [f"{len(standings)} live sources", f"{receiving} receiving"]
    parts += [f"{bad} silent or not connected"] if bad else []
    rate, lost = sum(each.rate for each in standings), sum(each.counters.missed for each in standings)
    return " · ".join([*parts, f"{rate:,.1f}/s", f"lost {lost:,}"])


def spoken(standing: Standing, zone_name: str = "UTC") -> str:
    """Everything about a source, for who listens instead of looking."""
    parts = (
        name_of(standing),
        standing.url if standing.cameras else "",
        state_words(standing, zone_name),
        rate_words(standing),
        lag_words(standing),
        count_words(standing),
        display_text(standing.last_error),
    )
    return ", ".join(part for part in parts if part)
