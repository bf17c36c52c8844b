"""The details pane: every field of the selected read and its frame, with units, to look at and to copy."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QBrush, QColor, QFont, QGuiApplication, QIcon, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QMenu,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.detailrows import Kind, Row, rows_of
from alprviewer.views.icons import icon
from alprviewer.views.looks import MUTED, plain_tip, take_given_width
from alprviewer.views.theme import SPACE, Theme, plate_font, theme_of

_Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
_NOWHERE = QModelIndex()

LABEL, VALUE = 0, 1
ROW_HEIGHT = 24


class DetailsModel(QAbstractTableModel):
    """The rows as a table of two columns. Knows colours and fonts, so that painting stays Qt's."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._fonts: dict[Kind, QFont] = {}
        self._colours: dict[Kind, QBrush] = {}
        self._muted = QBrush()
        self._ground = QBrush()
        self._mark = QIcon()

    def set_look(self, theme: Theme, base: QFont) -> None:
        """Take over colours and fonts."""
        heading = QFont(base)
        heading.setWeight(QFont.Weight.DemiBold)
        self._fonts = {Kind.HEADING: heading, Kind.PLATE: plate_font(base)}
        self._colours = {
            Kind.HEADING: QBrush(QColor(theme.text)),
            Kind.ABSENT: QBrush(QColor(theme.muted)),
            Kind.INVALID: QBrush(QColor(theme.bad)),
        }
        self._muted = QBrush(QColor(theme.muted))
        self._ground = QBrush(QColor(theme.window))
        self._mark = icon("problem", theme.bad)

    def set_rows(self, rows: list[Row]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, index: _Index) -> Row:
        """What a row stands for."""
        return self._rows[index.row()]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        """Label and value."""
        return 0 if parent.isValid() else 2

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Headings cannot be selected; the keyboard passes over them."""
        if not index.isValid() or self._rows[index.row()].kind is Kind.HEADING:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:
        """The names of the columns, for accessibility; the header itself is hidden."""
        if orientation is Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return (tr("Field"), tr("Value"))[section]
        return None

    def data(self, index: _Index, role: int = _Role.DisplayRole) -> Any:
        """What the view asks for."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        is_label = index.column() == LABEL
        match role:
            case _Role.DisplayRole:
                return row.label if is_label else row.value
            case _Role.ToolTipRole:
                # The value too: a narrow pane shortens it.
                return plain_tip(" · ".join(part for part in (row.value, row.note) if part)) or None
            case _Role.AccessibleTextRole:
                return (row.name or row.label) if is_label else row.value
            case _Role.FontRole:
                return self._fonts.get(row.kind) if not is_label or row.kind is Kind.HEADING else None
            case _Role.ForegroundRole:
                return (
                    self._muted if is_label and row.kind is not Kind.HEADING else self._colours.get(row.kind)
                )
            case _Role.BackgroundRole:
                return self._ground if row.kind is Kind.HEADING else None
            case _Role.DecorationRole:
                return self._mark if row.kind is Kind.INVALID and not is_label else None
        return None


class _Lines(QStyledItemDelegate):
    """Rows of one height with room at the left; headings do not light up under the mouse."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """As high as a row of a table."""
        return QSize(0, max(ROW_HEIGHT, option.fontMetrics.height() + 6))

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """What the style draws."""
        super().initStyleOption(option, index)
        if not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            option.state &= ~QStyle.StateFlag.State_MouseOver

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """The ground over the whole cell, the words a little further right."""
        ground = index.data(_Role.BackgroundRole)
        if ground is not None:
            painter.fillRect(option.rect, ground)
        if index.column() == LABEL:
            option.rect.adjust(2 * SPACE, 0, 0, 0)
        super().paint(painter, option, index)


class DetailsPane(QWidget):
    """Shows every field of one item. ``show_item`` changes what is shown; the chosen field stays chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Details"))
        self._model = DetailsModel(self)
        self._view = self._make_view()
        self._empty = QLabel(self)
        self._empty.setTextFormat(Qt.TextFormat.PlainText)
        self._empty.setForegroundRole(MUTED)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        take_given_width(self._empty)
        self._empty.setMargin(16)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)
        self._copy_value = self._make_action(
            tr("Copy &Value"), QKeySequence(QKeySequence.StandardKey.Copy), self.copy_value
        )
        self._copy_both = self._make_action(
            tr("Copy &Name and Value"), QKeySequence("Ctrl+Alt+C"), self.copy_both
        )
        self._shown = NOTHING
        self._take_look()
        self.show_item(NOTHING)

    def _make_view(self) -> QTreeView:
        view = QTreeView(self)
        view.setModel(self._model)
        view.setAccessibleName(tr("Fields and values"))
        view.setItemDelegate(_Lines(view))
        view.setRootIsDecorated(False)
        view.setUniformRowHeights(True)
        view.setHeaderHidden(True)
        view.setFrameShape(QTreeView.Shape.NoFrame)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setAllColumnsShowFocus(True)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.header().setStretchLastSection(True)
        view.header().setSectionResizeMode(LABEL, QHeaderView.ResizeMode.Interactive)
        return view

    def _make_action(self, text: str, key: QKeySequence, slot: Any) -> QAction:
        action = QAction(text, self)
        action.setShortcut(key)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self.addAction(action)
        return action

    def show_item(self, shown: Shown) -> None:
        """Show the fields of an item; the place in the list and the chosen field stay where they are."""
        self._shown = shown
        chosen = self._current()
        place = self._view.verticalScrollBar().value()
        rows = rows_of(shown)
        self._model.set_rows(rows)
        for number, row in enumerate(rows):
            if row.kind is Kind.HEADING:
                self._view.setFirstColumnSpanned(number, _NOWHERE, True)
        if shown.failure or not rows:
            self._empty.setText(display_text(shown.failure, 500) or tr("Select a row to see its fields."))
            self._stack.setCurrentWidget(self._empty)
            # Tab would stop for good at a list that is not there.
            self.setFocusProxy(None)  # type: ignore[arg-type]
            return
        self._stack.setCurrentWidget(self._view)
        self.setFocusProxy(self._view)
        self._choose(chosen, rows)
        self._view.verticalScrollBar().setValue(place)

    def _choose(self, wanted: Row | None, rows: list[Row]) -> None:
        if wanted is None:
            return
        name = wanted.name or wanted.label
        for number, row in enumerate(rows):
            if (row.name or row.label) == name and row.kind is not Kind.HEADING:
                self._view.setCurrentIndex(self._model.index(number, VALUE))
                return

    def _current(self) -> Row | None:
        index = self._view.currentIndex()
        return self._model.row(index) if index.isValid() else None

    def copy_value(self) -> None:
        """Put the chosen field's value on the clipboard, whole and as received."""
        row = self._current()
        if row is not None and row.kind is not Kind.HEADING:
            QGuiApplication.clipboard().setText(row.copied)

    def copy_both(self) -> None:
        """Put the chosen field's name and value on the clipboard, with a tab between them."""
        row = self._current()
        if row is not None and row.kind is not Kind.HEADING:
            QGuiApplication.clipboard().setText(f"{row.name or row.label}\t{row.copied}")

    def _open_menu(self, place: QPoint) -> None:
        index = self._view.indexAt(place)
        if not index.isValid() or self._model.row(index).kind is Kind.HEADING:
            return
        self._view.setCurrentIndex(index)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._copy_value, self._copy_both])
        menu.popup(self._view.viewport().mapToGlobal(place))

    def _take_look(self) -> None:
        theme = theme_of(self.palette())
        self._model.set_look(theme, self.font())
        metrics = self.fontMetrics()
        self._view.setColumnWidth(LABEL, metrics.horizontalAdvance(tr("Candidates asked for")) + 24)

    def changeEvent(self, event: Any) -> None:
        """Follow the colours and the font."""
        super().changeEvent(event)
        if event.type() in (
            event.Type.PaletteChange,
            event.Type.FontChange,
            event.Type.ApplicationPaletteChange,
        ):
            self._take_look()
            self._view.viewport().update()
