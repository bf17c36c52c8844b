"""Where the program keeps its things, and every setting with its default and its meaning.

No Qt. Settings are a TOML file that people may edit; the window's geometry is not among them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import reduce
from pathlib import Path
from typing import Any

import platformdirs
import tomli_w

from alprviewer.core.errors import UserError
from alprviewer.core.passes import PassRules
from alprviewer.language import LANGUAGES, tr

_DIRS = platformdirs.PlatformDirs("alprviewer", appauthor=False)
_CHOICES = "choices"
PASS_SETTINGS = ("pass_gap_ms", "parked_gap_s", "plate_speed")
"""What ``Settings.pass_rules`` is made of."""


def _setting(default: Any, help_text: str, choices: tuple[Any, ...] = ()) -> Any:
    return field(default=default, metadata={"help": help_text, _CHOICES: choices})


@dataclass(frozen=True)
class Settings:
    """Every setting. The help text of each is what the preferences and the manual show."""

    language: str = _setting(
        "system", "The language of the window, from its next start on.", ("system", *LANGUAGES)
    )
    theme: str = _setting("system", "Light, dark, or as the system has it.", ("system", "light", "dark"))
    zone: str = _setting("UTC", "The zone that times are shown in: UTC or local.", ("UTC", "local"))
    restore: bool = _setting(True, "Open the last capture again when the program starts without files.")
    image_folders: tuple[str, ...] = _setting((), "Folders in which pictures of whole frames are looked for.")
    recent_files: int = _setting(12, "How many recently opened captures are remembered.")
    cache_limit_mb: int = _setting(
        4096, "Megabytes that the index cache may take, so that files open at once again; 0 switches it off."
    )
    silent_after_s: int = _setting(
        60, "Seconds without a value after which a live source is shown as silent."
    )
    live_before_mb: int = _setting(
        64, "Megabytes of what a live source brought before that are shown when it is opened again."
    )
    live_limit_gb: int = _setting(
        0,
        "Gigabytes that received files may take; beyond that the oldest are deleted, but never one with "
        "reviewed reads. 0: nothing is deleted.",
    )
    listed_plates: tuple[str, ...] = _setting(
        (),
        "Plates that you wait for, as queries: =ABC1234, ~ABC1234 or AB*. What is read near one is reviewed "
        "first, and says so. While the window is not in front, the desktop tells you of each that comes in.",
    )
    listed_file: str = _setting("", "A text file with more such plates for the review, one a line.")
    pass_gap_ms: int = _setting(
        3000, "Milliseconds between two reads of a moving vehicle, after which a new pass begins."
    )
    parked_gap_s: int = _setting(
        60, "Seconds between two reads of a vehicle that stands still, after which a new pass begins."
    )
    plate_speed: int = _setting(
        12, "Plate widths that a plate may move in a second within one pass; more for fast or near traffic."
    )
    journal: str = _setting(
        "", "Where decisions are kept: sqlite:///FILE or postgresql://…; empty for a file of your own."
    )
    reviewer: str = _setting("", "Your name in decisions; empty for the name of your account.")
    check_percent: int = _setting(
        5,
        "Of the items to review, percent whose answer is known already, to check the reviewer with; 0: none. "
        "Answers are known from imported true plates, or were marked so in review mode.",
    )
    check_told: bool = _setting(True, "Say after such an item what its answer was.")
    review_keys: tuple[str, ...] = _setting(
        (), "Other keys for review mode, such as accept=Y or next_item=J Down; its key card names them."
    )

    @property
    def pass_rules(self) -> PassRules:
        """When two reads may be of one vehicle."""
        return PassRules(
            gap_ms=max(self.pass_gap_ms, 0),
            parked_gap_ms=max(self.parked_gap_s, 0) * 1000,
            speed=float(max(self.plate_speed, 0)),
        )


def config_file() -> Path:
    """The settings file."""
    return _DIRS.user_config_path / "settings.toml"


def state_folder() -> Path:
    """Where the window's state, the list of recent files and the log live."""
    return _DIRS.user_state_path


def spool_folder() -> Path:
    """Where what live sources bring is kept."""
    return _DIRS.user_data_path / "live"


def connections_file() -> Path:
    """The live sources that the user has saved; no secrets stand in it."""
    return _DIRS.user_config_path / "connections.toml"


def data_folder() -> Path:
    """Where the user's own journal of decisions lives."""
    return _DIRS.user_data_path


def cache_folder() -> Path:
    """Where things live that can be made again."""
    return _DIRS.user_cache_path


def load(path: Path | None = None) -> Settings:
    """Read the settings; defaults where there is no file.

    Raises:
        UserError: the file cannot be read, is no TOML, or holds a value that a setting does not take.
    """
    path = path or config_file()
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        text = tr("The settings file {file} cannot be read: {reason}.", file=path, reason=error)
        raise UserError(text) from error
    return checked(values, str(path))


def wanted_language() -> str:
    """What the settings file says of the language; ``system`` where it says nothing or cannot be read.

    What is wrong with the file cannot be said before it is known in which language.
    """
    try:
        values = tomllib.loads(config_file().read_text("utf-8"))
    except (OSError, ValueError):
        return "system"
    return str(values.get("language", "system"))


def checked(values: Mapping[str, Any], where: str) -> Settings:
    """Settings from plain values. Unknown names are left to newer versions.

    Raises:
        UserError: a value has the wrong type or is none of the choices.
    """
    settings = Settings()
    for item in fields(Settings):
        if item.name not in values:
            continue
        value = values[item.name]
        default = getattr(settings, item.name)
        if isinstance(default, tuple) and isinstance(value, list) and all(isinstance(v, str) for v in value):
            value = tuple(value)
        choices = item.metadata[_CHOICES]
        if type(value) is not type(default) or (choices and value not in choices):
            text = tr(
                "{file}: {setting} is {value!r}; expected {expected}.",
                file=where,
                setting=item.name,
                value=value,
                expected=reduce(_either, map(str, choices or (type(default).__name__,))),
            )
            raise UserError(text)
        settings = replace(settings, **{item.name: value})
    return settings


def _either(one: str, other: str) -> str:
    return tr("{one} or {other}", one=one, other=other)


def save(settings: Settings, path: Path | None = None) -> None:
    """Write the settings, replacing the file in one step.

    Raises:
        UserError: the file cannot be written.
    """
    path = path or config_file()
    values = {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()
    }
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(tomli_w.dumps(values).encode("utf-8"))
        temporary.replace(path)
    except OSError as error:
        text = tr("The settings could not be saved in {file}: {reason}.", file=path, reason=error.strerror)
        raise UserError(text) from error
