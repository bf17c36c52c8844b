"""What is remembered from one run to the next: layout, columns, the last capture, recent files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSaveFile, QSize, QTimer

from alprviewer.capture.connections import can_be_kept
from alprviewer.settings import state_folder
from alprviewer.sources.live.endpoint import is_live
from alprviewer.views.imagepane import LAYERS

if TYPE_CHECKING:
    from alprviewer.app.window import Window

_VERSION = 1
_LOOK_MS = 50


def session_file() -> Path:
    """Where it is kept."""
    return state_folder() / "session.json"


def load_session() -> dict[str, Any]:
    """What was remembered; nothing where there is no file or it is not ours."""
    try:
        session = json.loads(session_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(session, dict) or session.get("version") != _VERSION:
        return {}
    return {name: value for name, value in session.items() if _is_ours(name, value)}


def _is_ours(name: str, value: Any) -> bool:
    """False for what somebody else has written into the file: it is as if it were not there."""
    if name in ("recent", "last"):
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    if name == "row":
        return type(value) is int and value >= 0
    kinds = {"geometry": str, "browser": dict, "workspace": dict, "filter": dict, "review": dict, "seen": str}
    return isinstance(value, kinds.get(name, object))


def save_session(session: dict[str, Any]) -> bool:
    """Write it, replacing the file in one step. False where that failed: a layout is not worth a dialog."""
    path = session_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return False
    file.write(json.dumps({"version": _VERSION, **session}, indent=1).encode("utf-8"))
    return file.commit()


def remembered(names: list[str]) -> list[str]:
    """Names as they are written down: files by their whole path, URLs unless they hold a secret.

    A port that the system chooses is another one each time.
    """
    kept = [name if is_live(name) else str(Path(name).absolute()) for name in names]
    return [name for name in kept if not is_live(name) or (can_be_kept(name) and not name.endswith(":0"))]


def with_recent(recent: list[str], names: list[str], limit: int) -> list[str]:
    """The recent list after a capture was opened: one entry a source, newest first."""
    opened = remembered(names)
    return [*opened, *(name for name in recent if name not in opened)][:limit]


def session_of(window: Window) -> dict[str, Any]:
    """What is remembered of a window."""
    return {
        "geometry": bytes(window.saveGeometry().toHex().data()).decode("ascii"),
        "recent": window.recent,
        "last": remembered(window.loader.names),
        "browser": window.browser.state(),
        "workspace": window.workspace.state(),
        "filter": window.filtering.box.state(),
        "review": window.reviewing.page.state(),
        "seen": window.commands.news.seen,
        "row": window.browser.table(window.browser.tab).current_id,
    }


def return_to_row(window: Window, session: dict[str, Any]) -> None:
    """Once the last capture is shown again, filtered and sorted as it was, make the last row current.

    Rows keep their numbers as long as files only grow; in a file that became another one it is only a row.
    Live sources go on with what is newest. Whoever chooses a row first, or opens something else, stays there.
    """
    row = session.get("row")
    if row is None or any(map(is_live, session.get("last", ()))):
        return
    looks = QTimer(window, interval=_LOOK_MS)

    def look() -> None:
        table = window.browser.table(window.browser.tab)
        if window.loader.loading or window.filtering.rows.busy or window.passing.finder.busy:
            return
        if not table.rows.is_sorting:
            looks.stop()
            table.show_row(row)

    def leave(_row: int, by_user: bool) -> None:
        if by_user:
            looks.stop()

    for name in window.models:
        window.browser.table(name).row_chosen.connect(leave)
    window.loader.opening.connect(lambda _names: looks.stop())
    looks.timeout.connect(look)
    looks.start()


def restore(window: Window, session: dict[str, Any]) -> None:
    """Give a new window what was remembered; what is missing is as it is by default."""
    geometry = session.get("geometry")
    if not isinstance(geometry, str) or not window.restoreGeometry(
        QByteArray.fromHex(geometry.encode("ascii", "ignore"))
    ):
        window.resize(QSize(1600, 1000).boundedTo(window.screen().availableSize()))
    window.recent = session.get("recent", [])
    window.start_page.set_recent(window.recent)
    window.commands.news.restore(session)
    window.browser.restore(session.get("browser", {}))
    window.filtering.box.restore(session.get("filter", {}))
    window.menus.set_checked("link_tables", window.browser.linked)
    window.workspace.restore(session.get("workspace", {}))
    window.reviewing.page.restore(session.get("review", {}))
    image = window.workspace.pane("image")
    for name in LAYERS:
        window.menus.set_checked(f"layer_{name}", image.layer(name))
