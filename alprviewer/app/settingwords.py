"""The settings in words: how the preferences call them and what they offer."""

from __future__ import annotations

from typing import Any

from alprviewer.language import LANGUAGES, tr, trc

TITLES = {
    "language": tr("Language"),
    "theme": tr("Theme"),
    "zone": tr("Zone"),
    "restore": tr("Restore"),
    "image_folders": tr("Image folders"),
    "recent_files": tr("Recent files"),
    "cache_limit_mb": tr("Cache limit (MB)"),
    "silent_after_s": tr("Silent after (s)"),
    "live_before_mb": tr("Live before (MB)"),
    "live_limit_gb": tr("Live limit (GB)"),
    "listed_plates": tr("Listed plates"),
    "listed_file": tr("Listed file"),
    "pass_gap_ms": tr("Pass gap (ms)"),
    "parked_gap_s": tr("Parked gap (s)"),
    "plate_speed": tr("Plate speed"),
    "journal": tr("Journal"),
    "reviewer": tr("Reviewer"),
    "check_percent": tr("Check percent"),
    "check_told": tr("Check told"),
    "review_keys": tr("Review keys"),
}
"""Every setting by its name, its unit in brackets."""

_CHOICES = {
    "language": {"system": tr("As the system"), **LANGUAGES},
    "theme": {
        "system": trc("theme", "system"),
        "light": trc("theme", "light"),
        "dark": trc("theme", "dark"),
    },
    "zone": {"local": trc("time zone", "local")},
}


def choice_text(setting: str, choice: Any) -> str:
    """A value that a setting may have, as the preferences show it."""
    return _CHOICES.get(setting, {}).get(choice, str(choice))
