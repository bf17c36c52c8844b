"""Every action as data: menus, shortcuts and the key card are made from this table.

To add an action: one line here and, in ``Commands``, a method of the same name.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtGui import QKeySequence

from alprviewer.language import tr, trc

Standard = QKeySequence.StandardKey
Keys = QKeySequence.StandardKey | str | tuple[str, ...] | None


class ActionSpec(NamedTuple):
    """An action.

    Attributes:
        name: the method of ``Commands`` that does it.
        text: in menus, with its mnemonic.
        menu: in which of ``MENUS`` it stands; a name that begins with ``-`` puts a line before it.
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


MENUS = {
    "&File": trc("menu", "&File"),
    "&View": trc("menu", "&View"),
    "&Image": trc("menu", "&Image"),
    "&Go": trc("menu", "&Go"),
    "&Review": trc("menu", "&Review"),
    "&Help": trc("menu", "&Help"),
}
"""The titles of the menus by the names that actions call them."""
_CAPTURE = "capture"
_LINK_TIP = tr("A selected pass or frame narrows the reads, a selected read the frames")
_FOLLOW_TIP = tr("Keep the newest row in sight as it comes, until you go elsewhere")
_PAUSE_TIP = tr("Let the tables stand still; what arrives is kept and waits")

ACTIONS = (
    ActionSpec("open_files", tr("&Open files…"), "&File", Standard.Open, "open"),
    ActionSpec("open_folder", tr("Open &folder…"), "&File", "Ctrl+Shift+O", "folder"),
    ActionSpec("open_sample", tr("Open the sa&mple capture"), "&File", None, "sample"),
    ActionSpec("connect_source", tr("Connect to a li&ve source…"), "&File", "Ctrl+Shift+L", "live"),
    ActionSpec("try_live", tr("Tr&y live with the sample"), "&File", tip=tr("Receive it as from an agent")),
    ActionSpec(
        "reload", tr("Re&load"), "-&File", "F5", tip=tr("Read the open capture again"), needs=_CAPTURE
    ),
    ActionSpec("cancel_loading", tr("S&top reading\tEsc"), "&File", None, "close", needs="loading"),
    ActionSpec("close_capture", tr("&Close"), "&File", Standard.Close),
    ActionSpec("export_rows", tr("&Export the table…"), "-&File", "Ctrl+E", "export", needs=_CAPTURE),
    ActionSpec(
        "print_view",
        tr("Pri&nt…"),
        "&File",
        Standard.Print,
        tip=tr("Print what has the keyboard"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "clear_cache", tr("Clear cac&he"), "&File", tip=tr("Delete the kept indexes; files are read anew")
    ),
    ActionSpec("show_preferences", tr("&Preferences…"), "-&File", Standard.Preferences),
    ActionSpec("quit", tr("&Quit"), "-&File", Standard.Quit),
    ActionSpec(
        "focus_filter",
        tr("F&ilter"),
        "&View",
        ("Ctrl+F", "/"),
        "search",
        tip=tr("Type a query"),
        needs=_CAPTURE,
    ),
    ActionSpec("show_passes", tr("&Passes"), "-&View", "Alt+1", needs=_CAPTURE),
    ActionSpec("show_reads", tr("&Reads"), "&View", "Alt+2", needs=_CAPTURE),
    ActionSpec("show_frames", tr("&Frames"), "&View", "Alt+3", needs=_CAPTURE),
    ActionSpec("show_groups", tr("&Groups"), "&View", "Alt+4", needs=_CAPTURE),
    ActionSpec("show_problems", tr("Pro&blems"), "&View", "Alt+5", "problem", needs=_CAPTURE),
    ActionSpec(
        "show_all_rows",
        tr("Show &all rows"),
        "-&View",
        "Ctrl+Backspace",
        tip=tr("No table is narrowed or filtered any more"),
        needs=_CAPTURE,
    ),
    ActionSpec("link_tables", tr("&Link the tables"), "&View", "Ctrl+L", "", True, _LINK_TIP),
    ActionSpec("follow", tr("Foll&ow"), "&View", "F", "down", True, _FOLLOW_TIP, _CAPTURE),
    ActionSpec("pause", tr("Pause &the display"), "&View", "P", "", True, _PAUSE_TIP, _CAPTURE),
    ActionSpec("sort_in", tr("Sort in ne&w rows"), "&View", "Ctrl+Shift+R", needs=_CAPTURE),
    ActionSpec("times_in_utc", tr("Times in &UTC"), "-&View", None, checkable=True),
    ActionSpec("toggle_theme", tr("&Dark"), "&View", "Ctrl+Shift+D", "theme", True, tr("Dark or light")),
    ActionSpec("reset_layout", tr("Res&et the layout"), "&View"),
    ActionSpec("fit_frame", tr("Fit &frame"), "&Image", "W", "fit-frame", needs=_CAPTURE),
    ActionSpec("fit_vehicle", tr("Fit &vehicle"), "&Image", "Shift+W", "fit-vehicle", needs=_CAPTURE),
    ActionSpec("fit_plate", tr("Fit &plate"), "&Image", "Alt+W", "fit-plate", needs=_CAPTURE),
    ActionSpec("zoom_in", tr("Zoom &in"), "&Image", ("+", "="), "zoom-in", needs=_CAPTURE),
    ActionSpec("zoom_out", tr("Zoom &out"), "&Image", "-", "zoom-out", needs=_CAPTURE),
    ActionSpec("layer_plate", tr("P&lates"), "-&Image", "Shift+1", "layers", True),
    ActionSpec("layer_vehicle", tr("V&ehicle regions"), "&Image", "Shift+2", "", True),
    ActionSpec("layer_roi", tr("&Regions of interest"), "&Image", "Shift+3", "", True),
    ActionSpec("layer_track", tr("Pass trac&k"), "&Image", "Shift+6", "", True),
    ActionSpec("layer_crops", tr("&Crops"), "&Image", "Shift+4", "", True),
    ActionSpec("layer_corners", tr("Cor&ner numbers"), "&Image", "Shift+5", "", True),
    ActionSpec("invert_crop", tr("Inver&t the crop"), "-&Image", "I", "invert", needs=_CAPTURE),
    ActionSpec("reset_crop", tr("Crop &as received"), "&Image", "Shift+I", needs=_CAPTURE),
    ActionSpec("next_row", tr("&Next row"), "&Go", "J", "next", needs=_CAPTURE),
    ActionSpec("previous_row", tr("&Previous row"), "&Go", "K", "previous", needs=_CAPTURE),
    ActionSpec("first_row", tr("Fir&st row"), "&Go", "Alt+Home", needs=_CAPTURE),
    ActionSpec("last_row", tr("Last ro&w"), "&Go", "Alt+End", needs=_CAPTURE),
    ActionSpec("go_to", tr("&Go to row or time…"), "&Go", ("Ctrl+G", "G"), needs=_CAPTURE),
    ActionSpec("next_read", tr("Next read of the &frame"), "&Go", "]", needs=_CAPTURE),
    ActionSpec("previous_read", tr("Previous read of the fra&me"), "&Go", "[", needs=_CAPTURE),
    ActionSpec("next_pane", tr("Ne&xt pane"), "-&Go", "F6"),
    ActionSpec("previous_pane", tr("Pre&vious pane"), "&Go", "Shift+F6"),
    ActionSpec("go_table", tr("&Table"), "-&Go", "Ctrl+1", needs=_CAPTURE),
    ActionSpec("go_image", tr("&Image"), "&Go", "Ctrl+2", needs=_CAPTURE),
    ActionSpec("go_candidates", tr("Candi&dates"), "&Go", "Ctrl+3", needs=_CAPTURE),
    ActionSpec("go_crop", tr("Cr&op"), "&Go", "Ctrl+4", needs=_CAPTURE),
    ActionSpec("go_details", tr("Detai&ls"), "&Go", "Ctrl+5", needs=_CAPTURE),
    ActionSpec("go_timeline", tr("Tim&eline"), "&Go", "Ctrl+7", needs=_CAPTURE),
    ActionSpec("go_overview", tr("Overview of &all reads"), "&Go", "Ctrl+8", needs=_CAPTURE),
    ActionSpec("go_json", tr("&Raw JSON"), "&Go", "Ctrl+6", needs=_CAPTURE),
    ActionSpec("go_sheet", tr("Contact s&heet"), "&Go", "Ctrl+9", needs=_CAPTURE),
    ActionSpec("go_pass", tr("What s&upports the plate"), "&Go", "Ctrl+0", needs=_CAPTURE),
    ActionSpec("copy_plate", tr("&Copy the plate"), "-&Go", "Ctrl+Shift+C", "copy", needs=_CAPTURE),
    ActionSpec("copy_json", tr("Copy the &JSON"), "&Go", "Ctrl+Shift+J", needs=_CAPTURE),
    ActionSpec(
        "copy_picture",
        tr("Cop&y as a picture"),
        "&Go",
        "Ctrl+Alt+C",
        tip=tr("The pane or table that has the keyboard"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "review",
        tr("&Review, or back"),
        "&Review",
        "Ctrl+R",
        tip=tr("Decide one vehicle after the other"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "go_numbers",
        tr("&Numbers"),
        "&Review",
        "Ctrl+Shift+N",
        tip=tr("How right the reads are, by what was decided"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "export_decisions",
        tr("&Export decisions…"),
        "-&Review",
        None,
        "export",
        tip=tr("What was decided of the reads that are shown, or ground truth made of it"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "import_decisions",
        tr("&Take in decisions…"),
        "&Review",
        tip=tr("Another reviewer's journal, or a list of true plates"),
        needs=_CAPTURE,
    ),
    ActionSpec(
        "show_help", tr("&Help"), "&Help", Standard.HelpContents, tip=tr("The page of what has the keyboard")
    ),
    ActionSpec("show_news", tr("&What's new"), "&Help", tip=tr("What has changed from version to version")),
    ActionSpec("find_action", tr("&Find an action…"), "&Help", ("Ctrl+Shift+P", "Ctrl+K"), "search"),
    ActionSpec("show_keys", tr("&Keys"), "-&Help", "?"),
    ActionSpec("change_shortcuts", tr("Change the &shortcuts…"), "&Help"),
    ActionSpec("show_log", tr("Show the &log file"), "&Help"),
    ActionSpec("about", tr("&About alprviewer"), "-&Help"),
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
