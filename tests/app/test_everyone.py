"""The accessibility tree, visible focus, large letters, layout from the right: in every view."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QDockWidget,
    QLabel,
    QScrollBar,
    QToolButton,
    QWidget,
)

from alprviewer.app.help.window import HelpWindow
from alprviewer.app.palette import open_palette
from alprviewer.app.panes import PANES
from alprviewer.app.shortcutsdialog import ShortcutsDialog
from alprviewer.views.browser import TAB_NAMES
from alprviewer.views.statusline import Elided
from tests.app.test_accessibility import DIALOGS
from tests.helpers.opening import SAMPLE

pytestmark = pytest.mark.uncounted

Role = QAccessible.Role
CONTROLS = {
    Role.Button,
    Role.ButtonDropDown,
    Role.ButtonMenu,
    Role.CheckBox,
    Role.ComboBox,
    Role.EditableText,
    Role.Link,
    Role.List,
    Role.PageTab,
    Role.PageTabList,
    Role.PushButton,
    Role.RadioButton,
    Role.Slider,
    Role.SpinBox,
    Role.Table,
    Role.Tree,
}
"""What a person can do something with."""
FULL = {Role.Table, Role.Tree, Role.List, Role.ScrollBar}
"""Their cells are a matter of their models, and their parts one of Qt."""


def walk(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """An object of the tree and everything below that is on the screen."""
    if interface.state().invisible:
        return
    yield interface
    if interface.role() in FULL:
        return
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None and child.isValid():
            yield from walk(child)


def described(interface: QAccessibleInterface) -> str:
    thing = interface.object()
    parent = thing.parent() if thing is not None else None
    return f"{interface.role().name} {type(thing).__name__} in {type(parent).__name__}"


def offences(root: QWidget) -> list[str]:
    """Controls without a name, and widgets that take the keyboard without saying what they are."""
    found = []
    seen = 0
    for interface in walk(QAccessible.queryAccessibleInterface(root)):
        thing, name = interface.object(), interface.text(QAccessible.Text.Name)
        takes_keys = isinstance(thing, QWidget) and bool(thing.focusPolicy() & Qt.FocusPolicy.TabFocus)
        inside = isinstance(thing, QWidget) and thing.objectName().startswith("qt_")
        # The views of viewports have the names.
        is_viewport = isinstance(thing, QWidget) and isinstance(thing.parent(), QAbstractScrollArea)
        if inside or is_viewport or isinstance(thing, QScrollBar):
            continue
        is_control = interface.role() in CONTROLS
        seen += is_control
        if (is_control or takes_keys) and not name:
            found.append(f"no name: {described(interface)}")
        if takes_keys and interface.role() in (Role.NoRole, Role.Indicator):
            found.append(f"no role: {described(interface)}")
    assert seen, "the walk saw no control at all"
    return found


@pytest.mark.parametrize("tab", TAB_NAMES.values())
def test_every_control_of_every_table_has_a_name_and_a_role(loaded, settle, tab):
    loaded.browser.show_tab(tab)
    settle(loaded)
    assert offences(loaded) == []


@pytest.mark.parametrize("pane", [spec.name for spec in PANES])
def test_every_control_of_every_pane_has_a_name_and_a_role(loaded, settle, pane):
    loaded.workspace.focus_pane(pane)
    settle(loaded)
    assert offences(loaded) == []


def test_every_control_of_the_start_page_has_a_name_and_a_role(window):
    window.start_page.set_recent(["/captures/gate.jsonl"])
    assert offences(window) == []


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_every_dialog_has_a_name_and_a_role(window, qtbot, name):
    dialog = DIALOGS[name](window)
    dialog.show()
    assert offences(dialog) == []
    dialog.close()


# --- visible focus


def looks(widget: QWidget) -> QImage:
    """A widget with what is around it, where a ring may be; of a pane the title too, which is marked."""
    top, around = widget.window(), widget
    while around is not top and not isinstance(around, QDockWidget):
        around = around.parentWidget()
    shown = around if isinstance(around, QDockWidget) else widget
    place = shown.rect().adjusted(-4, -4, 4, 4)
    return top.grab(place.translated(shown.mapTo(top, QPoint(0, 0)))).toImage()


def focusable(root: QWidget) -> list[QWidget]:
    takes = Qt.FocusPolicy.TabFocus
    every = [each for each in root.findChildren(QWidget) if each.isVisible() and each.isEnabled()]
    return [each for each in every if each.focusPolicy() & takes and not each.visibleRegion().isEmpty()]


def without_visible_focus(root: QWidget, settle_now) -> list[str]:
    """Widgets that look the same with and without the keyboard."""
    same = []
    # As after a Tab: what only a mouse was used on need not show where the keyboard is.
    root.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    for widget in focusable(root):
        if widget.focusProxy() is not None or widget.objectName().startswith("qt_"):
            continue
        widget.clearFocus()
        root.setFocus()
        settle_now()
        before = looks(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        settle_now()
        if QApplication.focusWidget() is widget and looks(widget) == before:
            name = widget.accessibleName() or getattr(widget, "text", str)()
            same.append(f"{type(widget).__name__} {name!r}")
    return same


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_keyboard_can_be_seen_wherever_it_is(make_window, open_in, settle, theme):
    window = open_in(make_window(theme=theme), SAMPLE)
    for pane in ("crop", "details", "json"):
        window.workspace.docks[pane].raise_()
        settle(window)
        assert without_visible_focus(window, QApplication.processEvents) == []


def test_the_keyboard_can_be_seen_on_the_start_page(window):
    assert without_visible_focus(window, QApplication.processEvents) == []


@pytest.mark.parametrize(
    "make", [HelpWindow, lambda window: ShortcutsDialog({}, window)], ids=["help", "shortcuts"]
)
def test_the_keyboard_can_be_seen_in_windows_beside(window, qtbot, make):
    beside = make(window)
    beside.show()
    qtbot.waitUntil(beside.isActiveWindow)
    assert without_visible_focus(beside, QApplication.processEvents) == []
    beside.close()


# --- large letters


@pytest.fixture
def twice_as_large(qapp):
    """Every letter of the program at 200 %."""
    before = qapp.font()
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    qapp.setFont(font)
    yield
    qapp.setFont(before)


def clipped(root: QWidget) -> list[str]:
    """Labels and buttons that are lower than their letters, or narrower than words that are not elided."""
    found = []
    for widget in root.findChildren(QWidget):
        if not isinstance(widget, (QLabel, QAbstractButton)) or not widget.text():
            continue
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue  # what stands behind is laid out when it comes to the front
        shows_icon = isinstance(widget, QAbstractButton) and not widget.icon().isNull()
        if isinstance(widget, Elided) or (shows_icon and isinstance(widget, QToolButton)):
            continue  # the one shortens its words itself and says them whole when asked, the other shows none
        line = widget.fontMetrics().height()
        words = widget.text().replace("&", "")
        if widget.height() < line:
            found.append(f"{type(widget).__name__} {words!r}: {widget.height()} px for a line of {line}")
        is_whole = isinstance(widget, QLabel) and not widget.wordWrap() and "\n" not in words
        if is_whole and "…" not in words and widget.width() < widget.fontMetrics().horizontalAdvance(words):
            found.append(f"{type(widget).__name__} {words!r}: too narrow")
    return found


@pytest.mark.parametrize("size", [(1400, 900), (1920, 1200)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_letters_of_200_percent_are_not_clipped(twice_as_large, make_window, open_in, settle, qtbot, size):
    window = make_window()
    window.resize(*size)
    assert clipped(window) == []
    open_in(window, SAMPLE)
    for dock in window.workspace.docks.values():
        dock.raise_()
        settle(window)

        def nothing_is_clipped(dock=dock):
            assert clipped(window) == [], dock.windowTitle()

        qtbot.waitUntil(nothing_is_clipped)  # layouts follow what was counted
    table = window.browser.table("reads")
    assert table.rowHeight(0) > table.fontMetrics().height()


@pytest.mark.parametrize("name", DIALOGS)
def test_dialogs_with_letters_of_200_percent_are_not_clipped(twice_as_large, window, name):
    dialog = DIALOGS[name](window)
    dialog.show()
    assert clipped(dialog) == []
    dialog.close()


# --- from the right


@pytest.fixture
def from_the_right(qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_a_window_from_the_right_shows_and_does_the_same(from_the_right, make_window, open_in, settle, qtbot):
    window = open_in(make_window(), SAMPLE)
    table = window.browser.table("reads")
    header = table.horizontalHeader()
    shown = [each for each in range(header.count()) if not header.isSectionHidden(each)]
    picture = table.viewport().grab().toImage()
    ground = picture.pixelColor(2, picture.height() - 3)
    for column in shown:
        left = header.sectionViewportPosition(column)
        if left < 0 or left + header.sectionSize(column) > picture.width():
            continue  # what can be seen of it may be empty
        inside = range(left, left + header.sectionSize(column))
        row = range(table.rowViewportPosition(1) + 3, table.rowViewportPosition(1) + table.rowHeight(1) - 3)
        painted = any(picture.pixelColor(x, y) != ground for x in inside for y in row)
        assert painted, column
    qtbot.keyClick(table, Qt.Key.Key_Down)
    settle(window)
    assert window.current.shown.read is not None
    palette = open_palette(window)
    palette.close()


def test_numbers_of_a_table_from_the_right_read_the_same(make_window, open_in, settle, qapp):
    """A minus stays before its number: the cells are those of the other direction, only elsewhere."""
    pictures = []
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        qapp.setLayoutDirection(direction)
        try:
            window = open_in(make_window(), SAMPLE)
            table = window.browser.table("reads")
            column = next(each for each, spec in enumerate(table.rows.specs) if spec.name == "margin")
            place = table.visualRect(table.model().index(3, column))
            pictures.append(table.viewport().grab(place).toImage())
            assert str(table.model().index(3, column).data()).startswith("−")
            window.close()
        finally:
            qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert pictures[0] == pictures[1]
