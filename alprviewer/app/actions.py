"""Every action as data: menus, shortcuts and the key card are made from this table.

To add an action: one line here and, in ``Commands``, a method of the same name.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QKeySequence

Standard = QKeySequence.StandardKey
Keys = QKeySequence.StandardKey | str | tuple[str, ...] | None


class ActionSpec(NamedTuple):
    """An action.

    Attributes:
        name: the method of ``Commands`` that does it.
        text: in menus, with its mnemonic.
        menu: in which menu it stands; a text that begins with ``-`` puts a line before it.
        keys: shortcut, or several.
        icon: file name in ``resources/icons`` without the ending.
        checkable: it is on or off.
        tip: what it does, for the status bar, where the text does not say it all.
        needs: when it can be done: ``capture`` (something is open), ``loading``, or always.
    """

    name: str
    text: str
    menu: str
    keys: Keys = None
    icon: str = ""
    checkable: bool = False
    tip: str = ""
    needs: str = ""


MENUS = ("&File", "&View", "&Image", "&Go", "&Review", "&Help")
_CAPTURE = "capture"
_LINK_TIP = "A selected pass or frame narrows the reads, a selected read the frames"
_FOLLOW_TIP = "Keep the newest row in sight as it comes, until you go elsewhere"
_PAUSE_TIP = "Let the tables stand still; what arrives is kept and waits"

ACTIONS = (
    ActionSpec("open_files", "&Open files…", "&File", Standard.Open, "open"),
    ActionSpec("open_folder", "Open &folder…", "&File", "Ctrl+Shift+O", "folder"),
    ActionSpec("open_sample", "Open the sa&mple capture", "&File", None, "sample"),
    ActionSpec("connect_source", "Connect to a li&ve source…", "&File", "Ctrl+Shift+L", "live"),
    ActionSpec("try_live", "Tr&y live with the sample", "&File", tip="Receive it as from an agent"),
    ActionSpec("reload", "Re&load", "-&File", "F5", tip="Read the open capture again", needs=_CAPTURE),
    ActionSpec("cancel_loading", "S&top reading\tEsc", "&File", None, "close", needs="loading"),
    ActionSpec("close_capture", "&Close", "&File", Standard.Close),
    ActionSpec("export_rows", "&Export the table…", "-&File", "Ctrl+E", "export", needs=_CAPTURE),
    ActionSpec(
        "print_view", "Pri&nt…", "&File", Standard.Print, tip="Print what has the keyboard", needs=_CAPTURE
    ),
    ActionSpec("clear_cache", "Clear cac&he", "&File", tip="Delete the kept indexes; files are read anew"),
    ActionSpec("show_preferences", "&Preferences…", "-&File", Standard.Preferences),
    ActionSpec("quit", "&Quit", "-&File", Standard.Quit),
    ActionSpec(
        "focus_filter", "F&ilter", "&View", Standard.Find, "search", tip="Type a query", needs=_CAPTURE
    ),
    ActionSpec("show_passes", "&Passes", "-&View", "Alt+1", needs=_CAPTURE),
    ActionSpec("show_reads", "&Reads", "&View", "Alt+2", needs=_CAPTURE),
    ActionSpec("show_frames", "&Frames", "&View", "Alt+3", needs=_CAPTURE),
    ActionSpec("show_groups", "&Groups", "&View", "Alt+4", needs=_CAPTURE),
    ActionSpec("show_problems", "Pro&blems", "&View", "Alt+5", "problem", needs=_CAPTURE),
    ActionSpec(
        "show_all_rows",
        "Show &all rows",
        "-&View",
        "Ctrl+Backspace",
        tip="No table is narrowed or filtered any more",
        needs=_CAPTURE,
    ),
    ActionSpec("link_tables", "&Link the tables", "&View", "Ctrl+L", "", True, _LINK_TIP),
    ActionSpec("follow", "Foll&ow", "&View", "F", "down", True, _FOLLOW_TIP, _CAPTURE),
    ActionSpec("pause", "Pause &the display", "&View", "P", "", True, _PAUSE_TIP, _CAPTURE),
    ActionSpec("sort_in", "Sort in ne&w rows", "&View", "Ctrl+Shift+R", needs=_CAPTURE),
    ActionSpec("times_in_utc", "Times in &UTC", "-&View", None, checkable=True),
    ActionSpec("toggle_theme", "&Dark", "&View", "Ctrl+Shift+D", "theme", True, "Dark or light"),
    ActionSpec("reset_layout", "Res&et the layout", "&View"),
    ActionSpec("fit_frame", "Fit &frame", "&Image", "W", "fit-frame", needs=_CAPTURE),
    ActionSpec("fit_vehicle", "Fit &vehicle", "&Image", "Shift+W", "fit-vehicle", needs=_CAPTURE),
    ActionSpec("fit_plate", "Fit &plate", "&Image", "Alt+W", "fit-plate", needs=_CAPTURE),
    ActionSpec("zoom_in", "Zoom &in", "&Image", ("+", "="), "zoom-in", needs=_CAPTURE),
    ActionSpec("zoom_out", "Zoom &out", "&Image", "-", "zoom-out", needs=_CAPTURE),
    ActionSpec("layer_plate", "P&lates", "-&Image", "Shift+1", "layers", True),
    ActionSpec("layer_vehicle", "V&ehicle regions", "&Image", "Shift+2", "", True),
    ActionSpec("layer_roi", "&Regions of interest", "&Image", "Shift+3", "", True),
    ActionSpec("layer_track", "Pass trac&k", "&Image", "Shift+6", "", True),
    ActionSpec("layer_crops", "&Crops", "&Image", "Shift+4", "", True),
    ActionSpec("layer_corners", "Cor&ner numbers", "&Image", "Shift+5", "", True),
    ActionSpec("invert_crop", "Inver&t the crop", "-&Image", "I", "invert", needs=_CAPTURE),
    ActionSpec("reset_crop", "Crop &as received", "&Image", "Shift+I", needs=_CAPTURE),
    ActionSpec("next_row", "&Next row", "&Go", "J", "next", needs=_CAPTURE),
    ActionSpec("previous_row", "&Previous row", "&Go", "K", "previous", needs=_CAPTURE),
    ActionSpec("first_row", "Fir&st row", "&Go", "Alt+Home", needs=_CAPTURE),
    ActionSpec("last_row", "Last ro&w", "&Go", "Alt+End", needs=_CAPTURE),
    ActionSpec("go_to", "&Go to row or time…", "&Go", "Ctrl+G", needs=_CAPTURE),
    ActionSpec("next_read", "Next read of the &frame", "&Go", "]", needs=_CAPTURE),
    ActionSpec("previous_read", "Previous read of the fra&me", "&Go", "[", needs=_CAPTURE),
    ActionSpec("next_pane", "Ne&xt pane", "-&Go", "F6"),
    ActionSpec("previous_pane", "Pre&vious pane", "&Go", "Shift+F6"),
    ActionSpec("go_table", "&Table", "-&Go", "Ctrl+1", needs=_CAPTURE),
    ActionSpec("go_image", "&Image", "&Go", "Ctrl+2", needs=_CAPTURE),
    ActionSpec("go_candidates", "Candi&dates", "&Go", "Ctrl+3", needs=_CAPTURE),
    ActionSpec("go_crop", "Cr&op", "&Go", "Ctrl+4", needs=_CAPTURE),
    ActionSpec("go_details", "Detai&ls", "&Go", "Ctrl+5", needs=_CAPTURE),
    ActionSpec("go_timeline", "Tim&eline", "&Go", "Ctrl+7", needs=_CAPTURE),
    ActionSpec("go_overview", "Overview of &all reads", "&Go", "Ctrl+8", needs=_CAPTURE),
    ActionSpec("go_json", "&Raw JSON", "&Go", "Ctrl+6", needs=_CAPTURE),
    ActionSpec("go_sheet", "Contact s&heet", "&Go", "Ctrl+9", needs=_CAPTURE),
    ActionSpec("go_pass", "What s&upports the plate", "&Go", "Ctrl+0", needs=_CAPTURE),
    ActionSpec("copy_plate", "&Copy the plate", "-&Go", "Ctrl+Shift+C", "copy", needs=_CAPTURE),
    ActionSpec("copy_json", "Copy the &JSON", "&Go", "Ctrl+Shift+J", needs=_CAPTURE),
    ActionSpec(
        "copy_picture",
        "Cop&y as a picture",
        "&Go",
        "Ctrl+Alt+C",
        tip="The pane or table that has the keyboard",
        needs=_CAPTURE,
    ),
    ActionSpec(
        "review",
        "&Review, or back",
        "&Review",
        "Ctrl+R",
        tip="Decide one vehicle after the other",
        needs=_CAPTURE,
    ),
    ActionSpec(
        "go_numbers",
        "&Numbers",
        "&Review",
        "Ctrl+Shift+N",
        tip="How right the reads are, by what was decided",
        needs=_CAPTURE,
    ),
    ActionSpec("show_help", "&Help", "&Help", Standard.HelpContents, tip="The page of what has the keyboard"),
    ActionSpec("show_news", "&What's new", "&Help", tip="What has changed from version to version"),
    ActionSpec("find_action", "&Find an action…", "&Help", "Ctrl+Shift+P", "search"),
    ActionSpec("show_keys", "&Keys", "-&Help", "?"),
    ActionSpec("change_shortcuts", "Change the &shortcuts…", "&Help"),
    ActionSpec("show_log", "Show the &log file", "&Help"),
    ActionSpec("about", "&About alprviewer", "-&Help"),
)


def sequences(keys: Keys) -> list[QKeySequence]:
    """The shortcuts of an action."""
    if keys is None:
        return []
    if isinstance(keys, tuple):
        return [QKeySequence(text) for text in keys]
    if isinstance(keys, str):
        return [QKeySequence(keys)]
    return QKeySequence.keyBindings(keys)[:1]
