"""How a live source is, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from alprviewer.capture.standing import SLOT_S, Standing, State
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn

_MINUTE = 60
_STATES = {
    State.CONNECTING: tr("connecting"),
    State.QUIET: tr("ready, nothing has come yet"),
    State.RECEIVING: tr("receiving"),
}
"""Those of which there is nothing else to say."""


def name_of(standing: Standing) -> str:
    """The cameras of a source, where they are known; else its address."""
    return display_text(", ".join(standing.cameras) or standing.url)


def state_words(standing: Standing, zone_name: str = "UTC") -> str:
    """What it does."""
    if standing.state is State.SILENT:
        zone = UTC if zone_name == "UTC" else None
        since = datetime.fromtimestamp(standing.since, UTC).astimezone(zone)
        return tr("silent since {time:%H:%M:%S}", time=since)
    wait = seconds_words(standing.retry_in) if standing.retry_in else ""
    if standing.state is State.RETRYING:
        return tr("reconnecting in {time}", time=wait) if wait else tr("reconnecting now")
    if standing.state is State.STOPPED:
        again = tr("stopped, starting again in {time}", time=wait)
        return again if wait else tr("stopped, starting again now")
    return _STATES[standing.state]


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
    time = seconds_words(seconds) if seconds < _MINUTE else f"{seconds / _MINUTE:.0f} min"
    return tr("silent {time}", time=time)


def rate_words(standing: Standing) -> str:
    """Values a second."""
    return f"{standing.rate:,.1f}/s" if standing.rate < 100 else f"{standing.rate:,.0f}/s"


def lag_words(standing: Standing) -> str:
    """How far what is shown is behind the present; an em dash where nothing was shown."""
    if standing.lag is None or not standing.counters.last_at:
        return tr("lag —")
    if standing.lag < 0:
        return tr("clock {time} ahead", time=seconds_words(-standing.lag))
    return tr("lag {time}", time=seconds_words(standing.lag))


def count_words(standing: Standing) -> str:
    """What was lost, which is always said, and what else was not shown as a new value."""
    counters = standing.counters
    duplicates, rejected = counters.duplicates, counters.rejected
    refused, unknown = counters.refused, counters.unknown
    parts = (
        lost_words(counters.missed),
        waiting_words(standing.waiting) if standing.waiting else "",
        trn("{count:,} duplicates", "{count:,} duplicates", duplicates) if duplicates else "",
        trn("{count:,} rejected", "{count:,} rejected", rejected) if rejected else "",
        trn("{count:,} refused", "{count:,} refused", refused) if refused else "",
        trn("{count:,} not understood", "{count:,} not understood", unknown) if unknown else "",
    )
    return " · ".join(part for part in parts if part)


def waiting_words(count: int) -> str:
    """How many values are kept and not shown yet."""
    return trn("{count:,} waiting", "{count:,} waiting", count)


def lost_words(count: int) -> str:
    """How many values were lost."""
    return trn("lost {count:,}", "lost {count:,}", count)


def status_words(standings: Sequence[Standing], zone_name: str = "UTC") -> str:
    """All sources in one line."""
    if len(standings) == 1:
        (only,) = standings
        parts = [tr("{source} {state}", source=name_of(only), state=state_words(only, zone_name))]
        if only.counters.last_at:
            parts += [rate_words(only), lag_words(only)]
        return " · ".join([*parts, lost_words(only.counters.missed)])
    receiving = sum(each.state is State.RECEIVING for each in standings)
    bad = sum(each.state.is_bad for each in standings)
    parts = [
        trn("{count} live source", "{count} live sources", len(standings)),
        trn("{count} receiving", "{count} receiving", receiving),
    ]
    if bad:
        parts.append(trn("{count} silent or not connected", "{count} silent or not connected", bad))
    rate, lost = sum(each.rate for each in standings), sum(each.counters.missed for each in standings)
    return " · ".join([*parts, f"{rate:,.1f}/s", lost_words(lost)])


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
