"""The scene of one frame, in frame pixels: zoom, pan, fit, and what is under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsScene, QGraphicsView, QWidget

from alprviewer.core.geometry import Rect
from alprviewer.language import tr
from alprviewer.models.passshown import Quad
from alprviewer.models.shown import NOTHING, Shown
from alprviewer.views.framecanvas import RULER, FrameCanvas
from alprviewer.views.overlays import Look, Overlay, OverlayPainter, overlay_of
from alprviewer.views.theme import SPACE, theme_of

ZOOM_STEP = 1.25
"""What one press of + does; a notch of the wheel does the same."""
LEAST_SCALE, MOST_SCALE = 1 / 64, 64.0
"""Limits of the zoom, in screen pixels per frame pixel."""
_PAN_STEP = 48
_WHEEL_NOTCH = 120
_FOCUSED_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


@dataclass(frozen=True)
class Viewpoint:
    """Which point of the frame (in its pixels) is in the middle, at how many screen pixels a frame pixel."""

    scale: float
    x: float
    y: float


class FrameView(QGraphicsView):
    """Draws a frame's ground and overlays, and lets people move about in it.

    The scene is empty: ground and overlays are each one paint pass over a ``Shown`` (at 50 plates as fast as
    items, and nothing has to be kept in step). The viewpoint is held here, in frame pixels; the view's
    transform follows from it.

    Signals:
        read_clicked: another read's quad or label was clicked; its position.
        moved: the user zoomed or panned by hand.
        hovered: the frame point under the mouse, None where the mouse left.
    """

    read_clicked = Signal(int)
    moved = Signal()
    hovered = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # A graphics view takes drags for its scene; files dropped here are the window's.
        self.setAcceptDrops(False)
        self.setAccessibleName(tr("Picture of the frame"))
        self.layers: dict[str, bool] = {}
        self.insets = (0, 0)
        self.covered: list[Rect] = []
        self._shown = NOTHING
        self._canvas = FrameCanvas(NOTHING, Overlay())
        self._painter = OverlayPainter(Overlay())
        self._track: tuple[Quad, ...] = ()
        self._viewpoint = Viewpoint(1.0, 0.0, 0.0)
        self._pressed: QPoint | None = None
        self._dragged_from: Viewpoint | None = None
        self._has_key_focus = False

    # --- what is shown ---

    @property
    def overlay(self) -> Overlay:
        """What is drawn of the frame."""
        return self._painter.overlay

    @property
    def canvas(self) -> FrameCanvas:
        """The ground of the frame."""
        return self._canvas

    @property
    def labels(self) -> OverlayPainter:
        """The painter, which knows where the labels were drawn last."""
        return self._painter

    def show_frame(self, shown: Shown) -> None:
        """Show another frame; the viewpoint stays until somebody sets it."""
        overlay = overlay_of(shown)
        self._shown = shown
        self._canvas = FrameCanvas(shown, overlay)
        self._painter = OverlayPainter(overlay)
        self._painter.track = self._track
        self._apply()

    def show_track(self, track: tuple[Quad, ...]) -> None:
        """Show the way of the selected plate: the quads of its pass, by time."""
        self._track = self._painter.track = track
        self.viewport().update()

    # --- viewpoint ---

    @property
    def viewpoint(self) -> Viewpoint:
        """Where the user stands."""
        return self._viewpoint

    def set_viewpoint(self, viewpoint: Viewpoint) -> None:
        """Stand elsewhere; the zoom is kept in its limits and the middle near the frame."""
        scale = min(MOST_SCALE, max(LEAST_SCALE, viewpoint.scale))
        self._viewpoint = Viewpoint(scale, viewpoint.x, viewpoint.y)
        self._apply()

    def fit(self, target: Rect) -> None:
        """Show all of ``target`` (frame pixels) in the area that no chip covers."""
        area = self.free_area()
        if target.is_empty or area.is_empty:
            return
        scale = min(area.width / target.width, area.height / target.height)
        scale = min(MOST_SCALE, max(LEAST_SCALE, scale))
        x, y = target.center
        size = self.viewport().size()
        dx = (area.center[0] - size.width() / 2) / scale
        dy = (area.center[1] - size.height() / 2) / scale
        self.set_viewpoint(Viewpoint(scale, x - dx, y - dy))

    def free_area(self) -> Rect:
        """The part of the view, in screen pixels, that is kept for what is fitted."""
        size, (top, bottom) = self.viewport().size(), self.insets
        overhangs = self.overlay.extent != self.overlay.frame  # then dots and numbers need room, too
        side = 5 * SPACE if overhangs else SPACE
        left = side
        if not self._canvas.has_picture:
            left, top = left + RULER, top + RULER // 2
        return Rect(left, top, max(0, size.width() - left - side), max(0, size.height() - top - bottom))

    def label_area(self) -> Rect:
        """Where labels may stand: not under the chips on top."""
        size, (top, _) = self.viewport().size(), self.insets
        return Rect(2, top, max(0, size.width() - 4), max(0, size.height() - top - 2))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom so that the point ``at`` (screen pixels, the middle if None) stays where it is."""
        middle = QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        old = self._viewpoint
        scale = min(MOST_SCALE, max(LEAST_SCALE, old.scale * factor))
        offset = (middle if at is None else at) - middle
        x = old.x + offset.x() / old.scale - offset.x() / scale
        y = old.y + offset.y() / old.scale - offset.y() / scale
        self._move(Viewpoint(scale, x, y))

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by screen pixels."""
        old = self._viewpoint
        self._move(Viewpoint(old.scale, old.x - dx / old.scale, old.y - dy / old.scale))

    def to_view(self) -> QTransform:
        """From frame pixels to screen pixels."""
        return self.viewportTransform()

    def _move(self, viewpoint: Viewpoint) -> None:
        extent = self.overlay.extent  # the middle stays on it: a picture that was pushed away is hard to find
        x = min(max(viewpoint.x, extent.x), extent.right)
        y = min(max(viewpoint.y, extent.y), extent.bottom)
        self.set_viewpoint(Viewpoint(viewpoint.scale, x, y))
        self.moved.emit()

    def _apply(self) -> None:
        at, size = self._viewpoint, self.viewport().size()
        # The scene is as large as is needed to put any allowed point into the middle, quads outside included.
        extent = self.overlay.extent.united(Rect(at.x, at.y, 0, 0))
        reach_x, reach_y = size.width() / at.scale + 1, size.height() / at.scale + 1
        self.setSceneRect(QRectF(*extent).adjusted(-reach_x, -reach_y, reach_x, reach_y))
        self.setTransform(QTransform.fromScale(at.scale, at.scale))
        self.centerOn(at.x, at.y)
        self.viewport().update()

    # --- painting ---

    def look(self) -> Look:
        """Colours and font to draw with."""
        return Look(theme_of(self.palette()), self.font(), self._canvas.has_picture)

    def drawBackground(self, painter: QPainter, _rect: QRectF | QRect) -> None:
        """Ground, rulers, overlays: all in screen pixels, in one pass."""
        painter.save()
        painter.resetTransform()
        size = self.viewport().size()
        whole, to_view, look = Rect(0, 0, size.width(), size.height()), self.to_view(), self.look()
        with_crops, dpr = self.layers.get("crops", False), self.devicePixelRatioF()
        self._canvas.paint_ground(painter, to_view, whole, look, dpr)
        rulers_on_top = not self.label_area().contains(*_corner(to_view, self.overlay.frame))
        if not rulers_on_top:
            self._canvas.paint_rulers(painter, to_view, self.label_area(), look)
        if with_crops:
            self._canvas.paint_crops(painter, to_view, whole)
        if rulers_on_top:  # numbers that keep to the border of the view would be hidden
            self._canvas.paint_rulers(painter, to_view, self.label_area(), look)
        self._painter.paint(painter, to_view, self.layers, look, self.label_area(), self.covered)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The scene, then a ring where the keyboard is."""
        super().paintEvent(event)
        if self._has_key_focus:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(theme_of(self.palette()).accent), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))
            painter.end()

    # --- mouse and keys ---

    def read_at(self, point: QPointF) -> int | None:
        """The read whose label or quad is at a point in screen pixels; None where plates are switched off."""
        if not self.layers.get("plate", False):
            return None
        labelled = self._painter.label_at(point.x(), point.y())
        if labelled is not None:
            return labelled
        inverse, _ = self.to_view().inverted()
        spot = inverse.map(point)
        return self.overlay.position_at(spot.x(), spot.y())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        delta = event.angleDelta().y()
        if delta:
            self.zoom(ZOOM_STEP ** (delta / _WHEEL_NOTCH), event.position())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom by two fingers where the system reports them."""
        zoom = Qt.NativeGestureType.ZoomNativeGesture
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == zoom:
            self.zoom(max(0.1, 1 + event.value()), event.position())
            return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps a click, perhaps a drag."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._pressed = event.position().toPoint()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the picture, or say what is under the mouse."""
        at = event.position()
        if self._pressed is not None:
            way = at.toPoint() - self._pressed
            if self._dragged_from is None and way.manhattanLength() >= QApplication.startDragDistance():
                self._dragged_from = self._viewpoint
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            if (start := self._dragged_from) is not None:
                x, y = start.x - way.x() / start.scale, start.y - way.y() / start.scale
                self._move(Viewpoint(start.scale, x, y))
        else:
            over = self.read_at(at)
            other = over is not None and over != self._shown.position
            hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(hand if other else arrow)
        inverse, _ = self.to_view().inverted()
        self.hovered.emit(inverse.map(at))
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press that did not move is a click."""
        was_drag, self._dragged_from = self._dragged_from is not None, None
        pressed, self._pressed = self._pressed, None
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        if pressed is not None and not was_drag and event.button() == Qt.MouseButton.LeftButton:
            position = self.read_at(event.position())
            if position is not None and position != self._shown.position:
                self.read_clicked.emit(position)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Nothing more than two clicks."""
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No point is under the mouse any more."""
        self.hovered.emit(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom, the arrows move the view; everything else is for others."""
        arrows = {
            Qt.Key.Key_Left: (_PAN_STEP, 0),
            Qt.Key.Key_Right: (-_PAN_STEP, 0),
            Qt.Key.Key_Up: (0, _PAN_STEP),
            Qt.Key.Key_Down: (0, -_PAN_STEP),
        }
        plain = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier
        if event.modifiers() & ~plain:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(ZOOM_STEP)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / ZOOM_STEP)
        elif event.key() in arrows:
            self.pan(*arrows[Qt.Key(event.key())])
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """A ring only for those who came by key."""
        self._has_key_focus = event.reason() in _FOCUSED_BY_KEY
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No ring."""
        self._has_key_focus = False
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays the middle."""
        super().resizeEvent(event)
        self._apply()


def _corner(to_view: QTransform, frame: Rect) -> tuple[float, float]:
    """Where the frame's top left corner is on the screen."""
    at = to_view.map(QPointF(frame.x, frame.y))
    return at.x(), at.y()
