"""The image pane: the selected frame, its plates drawn over it, and the switches for that."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRect, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from alprviewer.core.geometry import Rect, fit_target
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.models.passshown import PassShown
from alprviewer.models.shown import NOTHING, PROBLEM_TITLE, Shown
from alprviewer.views.chips import Caption, Choice, ChoiceChip, LegendChip
from alprviewer.views.framenotes import notes_of
from alprviewer.views.frameview import ZOOM_STEP, FrameView, Viewpoint
from alprviewer.views.message import Message
from alprviewer.views.overlays import label_text
from alprviewer.views.theme import SPACE
from alprviewer.views.track import track_of

LAYERS = {
    "plate": (tr("Plate"), tr("Plate"), tr("Outlines and labels of the plates")),
    "vehicle": (tr("Vehicle"), tr("Vehicle"), tr("The vehicle regions")),
    "roi": (
        tr("Region of interest"),
        # For translators: short for region of interest.
        tr("ROI"),
        tr("The regions in which the recognizer looks for plates"),
    ),
    "track": (
        tr("Pass track"),
        # For translators: short for pass track.
        tr("Track"),
        tr("The quads of all reads of the pass, later ones more clearly"),
    ),
    "crops": (
        tr("Crops"),
        tr("Crops"),
        tr("Crops, straightened by the recognizer, drawn back into their quads"),
    ),
    "corners": (
        tr("Corners"),
        tr("Corners"),
        tr("Numbers of the plate's corners, 1 being its top left"),
    ),
}
"""The layers in the order of the legend: name, text, short text, explanation."""
FITS = {
    "frame": (tr("Frame"), tr("Fit: Frame")),
    "vehicle": (tr("Vehicle"), tr("Fit: Vehicle")),
    "plate": (tr("Plate"), tr("Fit: Plate")),
}
"""What the view is fitted to: text, and the text for those who do not see what it stands beside."""

_DEFAULT_LAYERS = {"plate": True, "vehicle": True, "roi": True, "track": True, "corners": False}
_NOTE_WIDTH = 420
_GAP = 2 * SPACE


class ImagePane(QWidget):
    """Shows one item after the other; zoom mode and switches stay.

    Crops are drawn back where there is no picture of the frame, and not over one, unless the user says
    otherwise: each of the two cases has its own setting behind the one switch.

    Signals:
        read_clicked: the user clicked another read of the frame; its position in ``results``.
        fit_changed: another fit mode, "" after zooming or panning by hand.
        layer_changed: a layer was switched; its name and whether it is on.
        state_changed: something that ``state`` returns changed.
    """

    read_clicked = Signal(int)
    fit_changed = Signal(str)
    layer_changed = Signal(str, bool)
    state_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Image"))
        self._shown = NOTHING
        self._fit = "frame"
        self._layers = dict(_DEFAULT_LAYERS)
        self._crops = {"alone": True, "over_picture": False}
        self._view = FrameView(self)
        self._chips = {n: LegendChip(n, *texts, parent=self) for n, texts in LAYERS.items()}
        choices = [Choice(n, *texts, self) for n, texts in FITS.items()]
        self._fit_chip = ChoiceChip(tr("Fit:"), choices, self)
        self._reading = Caption(tr("Size, position and zoom"), self)
        self._note = Caption(tr("About the picture"), self)
        self._note.setWordWrap(True)
        self._message = Message(self)
        self._hovered: QPointF | None = None
        for name, chip in self._chips.items():
            chip.clicked.connect(lambda on, name=name: self.set_layer(name, on))
        for choice in choices:
            choice.clicked.connect(lambda _on, name=choice.name: self.fit(name))
        self._view.read_clicked.connect(self.read_clicked)
        self._view.moved.connect(self._on_moved)
        self._view.hovered.connect(self._on_hovered)
        self._order_tabs(choices)
        self.setMinimumSize(200, 140)
        self._apply_layers()
        self._refresh()

    def _order_tabs(self, choices: list[Choice]) -> None:
        stops: list[QWidget] = [*self._chips.values(), *choices, self._view]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
        self.setFocusProxy(self._view)

    # --- what is shown ---

    def show_item(self, shown: Shown) -> None:
        """Show another item in place of the last, at once and whole."""
        self._shown = shown
        self._view.show_frame(shown)
        self._apply_layers()
        self._refresh()
        self._apply_fit()

    def show_pass(self, shown: PassShown) -> None:
        """Draw the other quads of the selected read's pass."""
        self._view.show_track(track_of(shown))

    @property
    def shown(self) -> Shown:
        """What is shown."""
        return self._shown

    @property
    def view(self) -> FrameView:
        """The scene."""
        return self._view

    # --- zoom ---

    @property
    def fit_mode(self) -> str:
        """The fit mode: frame, vehicle or plate; empty after zooming or panning by hand."""
        return self._fit

    def fit(self, kind: str) -> None:
        """Fit the frame, the selected vehicle or the selected plate, now and for the items to come.

        Raises:
            ValueError: no such fit mode.
        """
        if kind not in FITS:
            raise ValueError(f"no fit mode {kind!r}")
        self._set_fit(kind)
        self._apply_fit()

    def zoom_in(self) -> None:
        """Zoom in about the middle."""
        self._view.zoom(ZOOM_STEP)

    def zoom_out(self) -> None:
        """Zoom out about the middle."""
        self._view.zoom(1 / ZOOM_STEP)

    def _set_fit(self, kind: str) -> None:
        changed, self._fit = kind != self._fit, kind
        for choice in self._fit_chip.choices:
            choice.setChecked(choice.name == kind)
        if changed:
            self.fit_changed.emit(kind)
            self.state_changed.emit()

    def _apply_fit(self) -> None:
        overlay = self._view.overlay
        if self._fit and self._shown.frame is not None:
            target = fit_target(self._fit, overlay.extent, overlay.vehicle_box(), overlay.plate_box())
            self._view.fit(target)
        self._say_reading()

    def _on_moved(self) -> None:
        self._set_fit("")
        self._say_reading()
        self.state_changed.emit()

    # --- layers ---

    def layer(self, name: str) -> bool:
        """Is a layer on?"""
        return self._effective_layers()[name]

    def set_layer(self, name: str, on: bool) -> None:
        """Switch a layer by its name in ``LAYERS``.

        Raises:
            ValueError: no such layer.
        """
        if name not in LAYERS:
            raise ValueError(f"no layer {name!r}")
        changed = self.layer(name) != on
        if name == "crops":
            self._crops[self._crops_case()] = on
        else:
            self._layers[name] = on
        self._apply_layers()
        self._refresh()
        if changed:
            self.layer_changed.emit(name, on)
            self.state_changed.emit()

    def _crops_case(self) -> str:
        return "over_picture" if self._view.canvas.has_picture else "alone"

    def _effective_layers(self) -> dict[str, bool]:
        return {**self._layers, "crops": self._crops[self._crops_case()]}

    def _apply_layers(self) -> None:
        layers = self._effective_layers()
        self._view.layers = layers
        for name, chip in self._chips.items():
            chip.setChecked(layers[name])
        self._view.viewport().update()

    # --- persistence ---

    def state(self) -> dict[str, Any]:
        """Switches and zoom, as plain values for a settings file."""
        at = self._view.viewpoint
        return {
            "fit": self._fit,
            "scale": at.scale,
            "center": [at.x, at.y],
            "layers": dict(self._layers),
            "crops": dict(self._crops),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned; whatever is missing or makes no sense is left as it is."""
        for stored, known in ((state.get("layers"), self._layers), (state.get("crops"), self._crops)):
            if isinstance(stored, Mapping):
                known.update({k: v for k, v in stored.items() if k in known and isinstance(v, bool)})
        viewpoint = _viewpoint_of(state)
        if viewpoint is not None:
            self._view.set_viewpoint(viewpoint)
        fit = state.get("fit")
        if fit in FITS or (fit == "" and viewpoint is not None):
            self._set_fit(str(fit))
        self._set_fit(self._fit)
        self._apply_layers()
        self._refresh()
        self._apply_fit()

    # --- what is said ---

    def _refresh(self) -> None:
        """Bring words and controls in line with what is shown, and put them in their places."""
        has_frame = self._shown.frame is not None
        for widget in (self._view, *self._chips.values(), self._fit_chip, self._reading):
            widget.setVisible(has_frame)
        self._message.setVisible(not has_frame)
        self._message.say(*_message_of(self._shown))
        crops_drawn = self._view.canvas.has_crops and self._view.layers.get("crops", False)
        notes = notes_of(self._shown, self._view.overlay, crops_drawn=crops_drawn)
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))
        self._set_fit(self._fit)
        self._view.setAccessibleDescription(self._described(notes))
        self._say_reading()
        self._arrange()

    def _described(self, notes: list[str]) -> str:
        frame, read = self._shown.frame, self._shown.read
        if frame is None:
            return ""
        words = [trn("{count} plate.", "{count} plates.", len(frame.reads))]
        if read is not None:
            words.append(tr("Selected: {plate}.", plate=label_text(read)))
        return " ".join(words + notes)

    def _on_hovered(self, point: QPointF | None) -> None:
        self._hovered = point
        self._say_reading()

    def _say_reading(self) -> None:
        overlay = self._view.overlay
        known = overlay.size_from in ("frame", "picture")
        size = f"{overlay.frame.width:.0f} × {overlay.frame.height:.0f}" if known else tr("size unknown")
        at = self._hovered
        where = [] if at is None else [f"x {_whole(at.x())} y {_whole(at.y())}"]
        self._reading.setText(" · ".join([size, *where, f"{_percent(self._view.viewpoint.scale)} %"]))
        self._place_reading()

    # --- layout ---

    def _arrange(self) -> None:
        """Chips in rows on top, the note and the reading at the bottom, over the view that fills the pane."""
        self._view.setGeometry(self.rect())
        self._message.setGeometry(self.rect())
        chips: list[QWidget] = [*self._chips.values(), self._fit_chip]
        for is_compact in (False, True):
            for chip in self._chips.values():
                chip.set_compact(is_compact)
            if sum(chip.sizeHint().width() + SPACE + 2 for chip in chips) <= self.width() - 2 * _GAP:
                break
        x, y, row = _GAP, _GAP, 0
        for widget in chips:
            size = widget.sizeHint()
            if x > _GAP and x + size.width() > self.width() - _GAP:
                x, y, row = _GAP, y + row + SPACE, 0
            widget.setGeometry(x, y, size.width(), size.height())
            x, row = x + size.width() + SPACE + 2, max(row, size.height())
        top = y + row + _GAP
        self._place_reading()
        bottom = self._place_note()
        if self._view.insets != (top, bottom):
            self._view.insets = (top, bottom)
            self._apply_fit()

    def _place_reading(self) -> None:
        size = self._reading.sizeHint()
        x, y = self.width() - _GAP - size.width(), self.height() - _GAP - size.height()
        self._reading.setGeometry(x, y, size.width(), size.height())
        self._say_covered()

    def _say_covered(self) -> None:
        """Tell the view what lies over it, so that no label hides there."""
        captions = [c.geometry() for c in (self._reading, self._note) if not c.isHidden()]
        self._view.covered = [Rect(r.x(), r.y(), r.width(), r.height()) for r in captions]

    def _place_note(self) -> int:
        """Put the note at the bottom left, above the reading where both do not fit; returns what it takes."""
        if self._note.isHidden():
            return SPACE
        room = self.width() - 2 * _GAP
        one_line = self._note.fontMetrics().horizontalAdvance(self._note.text()) + 4 * SPACE + 2
        beside = room - self._reading.sizeHint().width() - _GAP
        width = min(one_line, max(beside, min(room, _NOTE_WIDTH)), room)
        height = self._note.heightForWidth(width)
        bottom = self.height() - _GAP
        if width > beside:
            bottom = self._reading.geometry().top() - SPACE
        self._note.setGeometry(QRect(_GAP, bottom - height, width, height))
        self._say_covered()
        return self.height() - (bottom - height) + SPACE

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the chips in place and what is fitted fitted."""
        super().resizeEvent(event)
        self._arrange()
        self._apply_fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font and the colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._arrange()
            self._view.viewport().update()


def _message_of(shown: Shown) -> tuple[str, str]:
    if shown.failure:
        return display_text(shown.title) or tr("This row cannot be shown"), display_text(shown.failure)
    if shown == NOTHING:
        return tr("Nothing selected"), tr(
            "Choose a frame or a read to see its picture and where its plates are."
        )
    if shown.title == PROBLEM_TITLE:
        return (
            PROBLEM_TITLE,
            tr("No frame could be taken from this part of the input. Its bytes are under Raw JSON."),
        )
    return (
        display_text(shown.title) or tr("No frame"),
        tr("This value is no frame: it says nothing about where plates are in a picture."),
    )


def _viewpoint_of(state: Mapping[str, Any]) -> Viewpoint | None:
    center = state.get("center")
    numbers = [state.get("scale"), *(center if isinstance(center, list | tuple) else [])]
    if len(numbers) != 3 or not all(isinstance(n, int | float) and abs(n) < 1e6 for n in numbers):
        return None
    scale, x, y = (float(n) for n in numbers if n is not None)
    return Viewpoint(scale, x, y) if scale > 0 else None


def _whole(value: float) -> str:
    return f"{int(value // 1)}".replace("-", "−")


def _percent(scale: float) -> str:
    return f"{100 * scale:.0f}" if scale >= 0.1 else f"{100 * scale:.1f}"
