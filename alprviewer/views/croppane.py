"""The crop pane: the selected read's crop, large, with its facts and the controls to derive a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QRect, QSize, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from alprviewer.core.plates import display_text
from alprviewer.language import tr
from alprviewer.models.adjust import NEUTRAL, Adjustment, adjusted
from alprviewer.models.shown import NOTHING, Picture, Shown
from alprviewer.views.adjustbar import AdjustBar
from alprviewer.views.cropfacts import Facts, Mark, facts_of, picture_of
from alprviewer.views.cropview import STRAIGHTENED, CropView, best_scale, quad_on_crop
from alprviewer.views.theme import SPACE

_BESIDE_WIDTH = 216
"""Width of the facts where they stand beside the crop."""


class CropPane(QWidget):
    """Shows the crop of one read after the other; the adjustment stays.

    Signals:
        adjustment_changed: the user changed the adjustment.
        state_changed: something that ``state`` returns changed.
    """

    adjustment_changed = Signal(object)
    state_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Crop of the selected read"))
        self._shown = NOTHING
        self._view = CropView(self)
        self._mark = Mark(self)
        self._facts = Facts(self)
        self._bar = AdjustBar(self)
        self._bar.changed.connect(self._on_changed)
        self._bar.unfolded.connect(self._on_unfolded)
        self.setMinimumSize(240, 150)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._refresh()

    @property
    def view(self) -> CropView:
        """The picture."""
        return self._view

    @property
    def facts(self) -> Facts:
        """The small text."""
        return self._facts

    @property
    def mark(self) -> Mark:
        """What says that the picture is derived."""
        return self._mark

    @property
    def bar(self) -> AdjustBar:
        """The controls."""
        return self._bar

    def show_item(self, shown: Shown) -> None:
        """Show another item's crop in place of the last."""
        self._shown = shown
        self._refresh()

    @property
    def adjustment(self) -> Adjustment:
        """How the picture is derived."""
        return self._bar.adjustment

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Derive the picture otherwise."""
        if adjustment != self._bar.adjustment:
            self._bar.set_adjustment(adjustment)
            self._on_changed(adjustment)

    def _on_changed(self, adjustment: Adjustment) -> None:
        self._refresh()
        self.adjustment_changed.emit(adjustment)
        self.state_changed.emit()

    def _on_unfolded(self) -> None:
        self._arrange()
        self.state_changed.emit()

    def state(self) -> dict[str, Any]:
        """The adjustment, and whether its sliders are shown, as plain values for a settings file."""
        now = self.adjustment
        return {
            "brightness": now.brightness,
            "contrast": now.contrast,
            "gamma": now.gamma,
            "invert": now.invert,
            "sliders": self._bar.is_unfolded,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what ``state`` returned; what makes no sense is taken as neutral."""
        try:
            restored = Adjustment(
                int(state.get("brightness", 0)),
                int(state.get("contrast", 0)),
                float(state.get("gamma", 1.0)),
                state.get("invert") is True,
            )
        except (TypeError, ValueError, OverflowError):
            restored = NEUTRAL
        self._bar.set_adjustment(restored)
        self._bar.unfold(state.get("sliders") is True)
        self._refresh()

    # --- what is shown ---

    def _refresh(self) -> None:
        picture = picture_of(self._shown)
        image = picture.image if picture.image is not None and not picture.image.isNull() else None
        derived = image is not None and not self.adjustment.is_neutral
        quad = None
        if image is not None and self._shown.read is not None:
            quad = quad_on_crop(self._shown.read, image.width(), image.height())
        shown = adjusted(image, self.adjustment) if image is not None else None
        self._view.show_picture(shown, _reason(self._shown, picture), quad, is_derived=derived)
        self._mark.say(self.adjustment.words if derived else "")
        self._mark.setVisible(image is not None)
        self._facts.show_rows(facts_of(self._shown))
        self._arrange()

    # --- layout ---

    def _arrange(self) -> None:
        """The crop at the left or on top, whichever makes it larger; controls at the bottom.

        Sliders that were unfolded in a narrow pane take the place of the facts, not of the picture.
        """
        margin = 3 * SPACE
        inner = self.rect().adjusted(margin, margin, -margin, -margin)
        bar = self._bar.height_for(inner.width())
        self._bar.setGeometry(inner.left(), inner.bottom() + 1 - bar, inner.width(), bar)
        room = inner.adjusted(0, 0, 0, -(bar + 2 * SPACE))
        mark = self._mark.sizeHint().height() + SPACE
        is_crowded = self._bar.is_unfolded and self._bar.is_narrow_at(inner.width())
        self._facts.setVisible(not is_crowded)
        facts = 0 if is_crowded else self._facts.height_of(len(self._facts.rows()))
        beside = QSize(room.width() - _BESIDE_WIDTH - margin, room.height() - mark)
        # One pixel for an edge that falls between two: a line of facts would be left out for it.
        below = QSize(room.width(), room.height() - mark - facts - 2 * SPACE - 1)
        image = self._view.image
        picture = QSize(*STRAIGHTENED) if image is None else image.size()
        is_beside = _fitting(picture, beside) >= _fitting(picture, below)
        self._view.setGeometry(
            QRect(room.topLeft(), (beside if is_beside else below).expandedTo(QSize(1, 1)))
        )
        drawn = self._view.picture_rect().toAlignedRect().translated(room.topLeft())
        self._mark.setGeometry(room.left(), drawn.bottom() + 1 + SPACE, *_size(self._mark.sizeHint(), room))
        if is_beside:
            left = drawn.right() + 1 + margin
            width = room.right() + 1 - left
            self._facts.setGeometry(left, room.top(), width, self._facts.fit(room.height()))
        else:
            top = drawn.bottom() + 1 + mark + 2 * SPACE
            height = self._facts.fit(room.bottom() + 1 - top)
            self._facts.setGeometry(room.left(), top, room.width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out again."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._refresh()


def _reason(shown: Shown, picture: Picture) -> str:
    if shown.failure:
        return display_text(shown.failure)
    if picture.reason:
        return display_text(picture.reason)
    if shown.read is not None:
        return tr("The read has no crop.")
    if shown.frame is not None or shown == NOTHING:
        return tr("No read is selected.")
    return tr("This value has no crop.")


def _fitting(picture: QSize, room: QSize) -> float:
    return best_scale(picture, room, 1.0) if room.width() > 0 and room.height() > 0 else 0.0


def _size(wanted: QSize, room: QRect) -> tuple[int, int]:
    return min(wanted.width(), room.width()), wanted.height()
