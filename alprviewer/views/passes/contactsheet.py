"""The contact sheet: every read of a pass with its crop, what was read and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QLabel,
    QListView,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from alprviewer.core.plates import display_text, emphasise
from alprviewer.language import tr, trn
from alprviewer.models.passshown import PassRead, PassShown
from alprviewer.models.sheet import ORDERS, Index, SheetModel
from alprviewer.models.shown import Shown
from alprviewer.models.thumbnails import Thumbnails
from alprviewer.views.candidatepaint import PlateText
from alprviewer.views.chips import Choice, ChoiceChip
from alprviewer.views.looks import MUTED, SMALL, TINY, plain_tip, scaled_font, tabular
from alprviewer.views.theme import SPACE, plate_font, theme_of

_CHARACTERS = 10
"""Of a plate that are shown below its crop."""
_CROP = 44
"""Height of a crop, in pixels at a 13 px font."""
_FADED = 0.35
_TIPS = {
    "time": tr("Sort by time"),
    "confidence": tr("Sort by confidence"),
    "disagreement": tr("Sort by disagreement"),
}
"""Of the orders."""


class _Cell(QStyledItemDelegate):
    """Paints one read: crop, plate with what differs, confidence."""

    def __init__(self, sheet: ContactSheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all."""
        return self._sheet.cell_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """A crop, or why there is none, and the words below it."""
        self._sheet.paint_cell(painter, option, index.row())


class _List(QListView):
    """The list itself: letters are shortcuts, not a search; Home and End go to the first and the last."""

    def keyboardSearch(self, search: str) -> None:
        """Qt's own search would swallow the shortcuts."""
        del search


class ContactSheet(QWidget):
    """Shows the reads of the selected read's pass. The selected one is the selected read.

    Signals:
        read_chosen(int): the user went to another read; its row of the store.
    """

    read_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Contact sheet"))
        self.model = SheetModel(self)
        self._thumbnails: Thumbnails | None = None
        self._marked: frozenset[int] = frozenset()
        self._texts: dict[tuple[str, bool], PlateText] = {}
        self._quiet = False
        self._heading, self._empty = QLabel(self), QLabel(self)
        for label in (self._heading, self._empty):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setForegroundRole(MUTED)
        self._heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._heading.setWordWrap(True)
        self._empty.setWordWrap(True)
        choices = [Choice(name, text, _TIPS[name], self) for name, text in ORDERS.items()]
        self._orders = ChoiceChip(tr("Sort:"), choices, self)
        for choice in choices:
            choice.clicked.connect(lambda _on, name=choice.name: self.set_order(name))
        self._list = _List(self)
        self._set_up_list()
        self._lay_out()
        self.setFocusProxy(self._list)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._take_look()
        self.set_order("time")
        self._describe()

    def _set_up_list(self) -> None:
        view = self._list
        view.setModel(self.model)
        view.setItemDelegate(_Cell(self))
        view.setAccessibleName(tr("Reads of the pass"))
        view.setFrameShape(QListView.Shape.NoFrame)
        view.setFlow(QListView.Flow.LeftToRight)
        view.setWrapping(True)
        view.setUniformItemSizes(True)
        view.setLayoutMode(QListView.LayoutMode.Batched)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # By whole rows: a crop that is cut in half cannot be judged.
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setDragEnabled(False)
        view.setAcceptDrops(False)
        view.setTabKeyNavigation(False)
        view.setMinimumHeight(1)  # words first where there is little room
        view.viewport().installEventFilter(self)
        view.selectionModel().currentChanged.connect(self._choose)

    def _lay_out(self) -> None:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, 0)
        self._top.addWidget(self._heading, 1)
        self._top.addWidget(self._orders, 0, Qt.AlignmentFlag.AlignLeft)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._list)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE)
        self._column.addLayout(self._top)
        self._column.addLayout(self._stack, 1)

    def attach(self, thumbnails: Thumbnails) -> None:
        """Crops come from here; not the tables', whose crops have another size."""
        self._thumbnails = thumbnails
        thumbnails.ready.connect(self._list.viewport().update)

    # --- what is shown ----------------------------------------------------------------------------

    def show_item(self, shown: Shown) -> None:
        """The pass is all that is shown here."""
        del shown

    def show_pass(self, shown: PassShown) -> None:
        """Show another pass, or another read of it as the selected one."""
        self._quiet = True
        if self.model.show(shown):
            self._marked = frozenset()
            self._texts.clear()
            self._describe()
        self._stand(shown.selected)
        self._quiet = False

    def _describe(self) -> None:
        shown = self.model.shown
        count = len(shown.reads)
        self._stack.setCurrentIndex(1 if count else 0)
        self._empty.setText(tr("Select a read of a pass to see the crops of all its reads."))
        agree = sum(shown.agrees(read) for read in shown.reads) if shown.plate else 0
        words = [trn("{count:,} read", "{count:,} reads", count)]
        if shown.plate:
            plate = display_text(shown.plate, 24)
            words.append(trn("{count:,} read {plate}", "{count:,} read {plate}", agree, plate=plate))
        self._heading.setText(" · ".join(words) if count else "")
        self._orders.setVisible(count > 1)
        self._fold()

    def _fold(self) -> None:
        """The heading stands above the orders where both have no room in one line."""
        needed = self._heading.fontMetrics().horizontalAdvance(self._heading.text())
        room = self.width() - self._orders.sizeHint().width() - 6 * SPACE
        beside, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        wanted = beside if needed <= room else above
        if wanted != self._top.direction():
            self._top.setDirection(wanted)
            self._column.activate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the heading where it is narrow."""
        super().resizeEvent(event)
        self._fold()

    def _stand(self, row: int | None) -> None:
        place = self.model.place_of(row)
        if place is None:
            self._list.selectionModel().clear()
        elif place != self._list.currentIndex().row():
            self._list.setCurrentIndex(self.model.index(place, 0))
            self._list.scrollTo(self.model.index(place, 0))

    def _choose(self, current: Index) -> None:
        if current.isValid() and not self._quiet:
            self.read_chosen.emit(self.model.reads[current.row()].row)

    def set_order(self, order: str) -> None:
        """Sort by ``time``, ``confidence`` or ``disagreement``; the same read stays selected."""
        self._quiet = True
        self.model.set_order(order)
        for choice in self._orders.choices:
            choice.setChecked(choice.name == order)
        self._stand(self.model.shown.selected)
        self._quiet = False

    def mark(self, rows: frozenset[int]) -> None:
        """Show some reads of the store clearly and the others faintly; none: all alike."""
        self._marked = rows
        self._list.viewport().update()

    @property
    def marked(self) -> frozenset[int]:
        """The reads that are shown clearly, where the others are not."""
        return self._marked

    def state(self) -> dict[str, Any]:
        """The order, for the session."""
        return {"order": self.model.order}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned."""
        if state.get("order") in ORDERS:
            self.set_order(state["order"])

    # --- painting ---------------------------------------------------------------------------------

    def _take_look(self) -> None:
        self._texts.clear()
        self._plate = plate_font(self.font(), 1.0, QFont.Weight.DemiBold)
        self._number = tabular(scaled_font(self.font(), TINY))
        small = scaled_font(self.font(), SMALL)
        self._heading.setFont(small)
        self._empty.setFont(small)
        # Whatever is said here, other panes stay where they are.
        above = self._heading.fontMetrics().height() + self._orders.sizeHint().height()
        self.setMinimumSize(100, above + 6 * SPACE)
        self._fold()
        self._list.doItemsLayout()

    def _crop_height(self) -> int:
        return round(_CROP * self.fontMetrics().height() / 15)

    def cell_size(self) -> QSize:
        """Room for a crop twice as wide as high, and two lines."""
        plate = QFontMetrics(plate_font(self.font(), 1.0))
        width = max(2 * self._crop_height(), plate.horizontalAdvance("0" * 8)) + 4 * SPACE
        number = QFontMetrics(scaled_font(self.font(), TINY)).height()
        return QSize(width, self._crop_height() + plate.height() + number + 5 * SPACE)

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, place: int) -> None:
        """Draw one read into its place; for the delegate."""
        theme, read = theme_of(self.palette()), self.model.reads[place]
        area: QRect = option.rect
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if is_selected:
            has_focus = self._list.hasFocus()
            painter.setPen(QPen(QColor(theme.accent), 2 if has_focus else 1))
            painter.setBrush(QColor(theme.selection))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4)
        if self._marked and read.row not in self._marked:
            painter.setOpacity(_FADED)
        inside = area.adjusted(2 * SPACE, SPACE + 2, -2 * SPACE, -SPACE)
        crop = QRect(inside.left(), inside.top(), inside.width(), self._crop_height())
        self._paint_crop(painter, crop, read)
        self._paint_words(painter, inside.adjusted(0, crop.height() + SPACE, 0, 0), read, is_selected)
        painter.restore()

    def _paint_crop(self, painter: QPainter, area: QRect, read: PassRead) -> None:
        theme = theme_of(self.palette())
        ratio = painter.device().devicePixelRatioF()
        height = round(area.height() * ratio)
        known, image = (False, None)
        if self._thumbnails is not None:
            known, image = self._thumbnails.get(("reads", read.row), height)
        if image is not None:
            size = QSizeF(image.size()) / ratio
            size.scale(QSizeF(area.size()), Qt.AspectRatioMode.KeepAspectRatio)
            left = area.left() + (area.width() - size.width()) / 2
            top = area.top() + (area.height() - size.height()) / 2
            painter.drawImage(QRectF(QPointF(left, top), size), image)
        elif known:
            pen = QPen(QColor(theme.muted), 1)
            pen.setDashPattern([4, 4])
            painter.setPen(pen)
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            painter.setFont(scaled_font(self.font(), TINY))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), tr("no crop"))

    def _paint_words(self, painter: QPainter, area: QRect, read: PassRead, is_selected: bool) -> None:
        theme = theme_of(self.palette())
        text = self._text(read.plate, is_selected)
        height = QFontMetrics(self._plate).height()
        left = area.left() + max((area.width() - text.width) / 2, 0)
        text.paint(painter, left, area.top() + height / 2)
        number = "—" if read.confidence is None else f"{read.confidence:.1f}"
        painter.setFont(self._number)
        painter.setPen(QColor(theme.on_selection if is_selected else theme.muted))
        below = area.adjusted(0, height + SPACE, 0, 0)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), number)

    def _text(self, plate: str, is_selected: bool) -> PlateText:
        """A plate laid out, once for all reads of the pass that say it."""
        key = plate, is_selected
        if key not in self._texts:
            theme = theme_of(self.palette())
            emphasis = emphasise(self.model.shown.plate or plate, plate or "—", _CHARACTERS)
            colour = theme.on_selection if is_selected else theme.text
            self._texts[key] = PlateText(emphasis, self._plate, colour, theme.differs)
        return self._texts[key]

    def tip_at(self, point: QPoint) -> str:
        """What is said of the read under a point of the list: the whole plate, and why there is no crop."""
        index = self._list.indexAt(point)
        if not index.isValid():
            return ""
        read = self.model.reads[index.row()]
        words = [self.model.data(index)]
        why = self._thumbnails.reason(("reads", read.row)) if self._thumbnails is not None else ""
        return plain_tip(" · ".join([*words, *([why] if why else [])]))

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """Tooltips of the list, as plain text."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos()), self._list)
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font and the colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and hasattr(self, "_stack"):
            self._take_look()
