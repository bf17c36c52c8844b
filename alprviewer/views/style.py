"""What the palette cannot say, as one short style sheet: spacing, lines, quiet headers."""

from __future__ import annotations

from string import Template

from alprviewer.views.theme import Theme

_SHEET = Template(
    """
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QMenuBar { background: $surface; border-bottom: 1px solid $line; padding: 2px 6px; }
QMenuBar::item { padding: 4px 10px; background: transparent; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $selection; color: $on_selection; }
QStatusBar { background: $surface; border-top: 1px solid $line; }
QStatusBar::item { border: 0; }
QStatusBar QLabel { color: $muted; }
QStatusBar QPushButton:flat { color: $muted; padding: 2px 6px; border: 0; text-decoration: underline; }
QStatusBar QPushButton:flat:checked { color: $accent; text-decoration: none; }
QStatusBar QPushButton:flat:hover, QStatusBar QPushButton:flat:focus { color: $accent; }
QLabel#muted { color: $muted; }
QLabel#emptyNote { color: $muted; padding: 24px; }
QWidget#narrowStrip { background: $selection; }
QWidget#narrowStrip QLabel { color: $on_selection; }

QFrame#livePanel { background: $window; border-bottom: 1px solid $line; }

QFrame#filterBox { background: $window; border-bottom: 1px solid $line; }
QFrame#filterBox QLineEdit { background: $surface; border: 1px solid $line; border-radius: 6px;
                             padding: 4px; }
QFrame#filterBox QLineEdit:focus { border: 1px solid $accent; }
QFrame#filterBox QToolButton::menu-indicator { image: none; }

QListView#suggestions { background: $raised; border: 1px solid $line; outline: 0; }
QListView#suggestions::item { padding: 4px 8px; }
QListView#suggestions::item:selected { background: $selection; color: $on_selection; }

QToolButton:focus { border: 1px solid $accent; border-radius: 4px; }
QDialog QPushButton:focus { border: 2px solid $accent; border-radius: 4px; background: $raised; }
QTextBrowser { border: 1px solid $surface; }
QTextBrowser:focus { border: 1px solid $accent; }
QAbstractSpinBox { min-height: 1.35em; }
QTreeWidget, QListWidget { outline: 0; }
QTreeWidget::item, QListWidget::item { padding: 3px 4px; }
QTreeWidget:focus, QListWidget:focus { border: 1px solid $accent; }

QTabWidget { background: $window; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabBar { background: $window; }
QTabBar::tab { color: $muted; background: transparent; padding: 7px 11px 6px; border: 0;
               border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover:!selected { color: $text; }
QTabBar::tab:focus { color: $accent; }

QTableView { background: $surface; border: 1px solid $surface; selection-background-color: $selection;
             selection-color: $on_selection; outline: 0; }
QTableView:focus { border: 1px solid $accent; }
QHeaderView { background: $window; border: 0; }
QHeaderView::section { background: $window; color: $muted; border: 0; border-bottom: 1px solid $line;
                       padding: 5px 8px; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $window; border: 0; }
QTableView#figures QHeaderView { background: $surface; }
QTableView#figures QHeaderView::section { padding: 3px 6px; }
QTableView#figures QHeaderView::section:vertical { background: $surface; color: $text; border: 0; }

QDockWidget { color: $muted; titlebar-close-icon: none; titlebar-normal-icon: none; }
QDockWidget::title { background: $window; padding: 5px 12px; border-top: 1px solid $line; }

QDockWidget[holdsFocus="true"] { color: $text; }
QDockWidget[holdsFocus="true"]::title { border-top: 2px solid $accent; padding-top: 4px; }

QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: $handle; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QFrame#reviewBar { background: $surface; border-bottom: 1px solid $line; }
QFrame#reviewFoot { background: $surface; border-top: 1px solid $line; }
QFrame#reviewSide { background: $surface; }
QFrame#reviewSide[side="left"] { border-right: 1px solid $line; }
QFrame#reviewSide[side="right"] { border-left: 1px solid $line; }
QFrame#askLine QLineEdit { background: $surface; border: 1px solid $accent; border-radius: 6px;
                           padding: 5px; }
QFrame#keyCard { background: $raised; border: 1px solid $line; border-radius: 8px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
"""
)


_STILL = "* { widget-animation-duration: 0; }\n"
"""Buttons of text fields and tabs that are dragged stand where they are to be, at once."""


def style_sheet(theme: Theme, *, moves: bool = True) -> str:
    """The style sheet of a theme; ``moves`` tells whether Qt's own widgets may glide and fade."""
    colours = {name: getattr(theme, name) for name in Theme.__dataclass_fields__}
    sheet = _SHEET.substitute(
        colours,
        handle="#c3c9d1" if not theme.is_dark else "#444c56",
    )
    return sheet if moves else _STILL + sheet
