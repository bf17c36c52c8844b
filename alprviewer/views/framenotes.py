"""The small sentences beside a frame's picture: what is missing, and what is not what it seems."""

from __future__ import annotations

from alprviewer.core import geometry
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trn
from alprviewer.models.shown import Shown
from alprviewer.views.overlays import Overlay

_SHAPE_TOLERANCE = 0.01


def notes_of(shown: Shown, overlay: Overlay, *, crops_drawn: bool) -> list[str]:
    """Sentences about the picture, most important first; empty where all is as one would expect."""
    if shown.frame is None:
        return []
    notes = [
        *_about_picture(shown, overlay, crops_drawn),
        *_about_size(shown, overlay),
        *_about_plates(shown, overlay),
    ]
    return [note for note in notes if note]


def _about_picture(shown: Shown, overlay: Overlay, crops_drawn: bool) -> list[str]:
    image, reason = shown.backdrop.image, display_text(shown.backdrop.reason)
    drawn = tr("Drawn back: straightened crops.") if crops_drawn else ""
    if image is None or image.isNull():
        return [reason or tr("No picture of the whole frame."), drawn]
    notes = [reason, drawn]
    if overlay.size_from == "frame":
        wide = image.width() * overlay.frame.height / (image.height() * overlay.frame.width)
        if abs(wide - 1) > _SHAPE_TOLERANCE:
            size = f"{image.width()} × {image.height()}"
            frame = f"{overlay.frame.width:.0f} × {overlay.frame.height:.0f}"
            notes.append(
                tr(
                    "The picture is {size} and was stretched to the frame's {frame}: is it this frame's?",
                    size=size,
                    frame=frame,
                )
            )
    return notes


def _about_size(shown: Shown, overlay: Overlay) -> list[str]:
    if overlay.size_from == "frame":
        return []
    unusable = bool({"img_width", "img_height"} & shown.invalid)
    said = tr("The frame's size is unusable") if unusable else tr("The frame's size is not given")
    instead = {
        "picture": tr("the picture's own is used."),
        "marks": tr("the edge is drawn around what was found."),
        "nothing": tr("the edge is a guess."),
    }
    return [f"{said}: {instead[overlay.size_from]}"]


def _about_plates(shown: Shown, overlay: Overlay) -> list[str]:
    assert shown.frame is not None
    notes = []
    if not shown.frame.reads:
        notes.append(tr("No plate was read in this frame."))
    if shown.read is not None and not any(m.position == shown.position for m in overlay.marks):
        unusable = f"results[{shown.position}].coordinates" in shown.invalid
        notes.append(
            tr("The selected read has no usable corners.")
            if unusable
            else tr("The selected read has no corners.")
        )
    for mark in overlay.marks[:1]:
        if overlay.size_from == "frame" and mark.position == shown.position:
            share = geometry.fraction_outside(mark.quad, overlay.frame.width, overlay.frame.height)
            if share:
                percent = max(1, round(100 * share))
                notes.append(tr("{percent} % of the plate's quad lies outside the frame.", percent=percent))
    if overlay.left_out:
        notes.append(
            trn(
                "{count:,} more plate is not drawn.",
                "{count:,} more plates are not drawn.",
                overlay.left_out,
            )
        )
    return notes
