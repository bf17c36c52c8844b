"""From JPEG bytes to pictures, with limits checked before anything is decoded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLoggingCategory, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from alprviewer.core.crops import MAX_CROP_PIXELS, decode_crop
from alprviewer.core.frame import Read, Sibling, SiblingKind
from alprviewer.core.plates import display_text
from alprviewer.core.reasons import shown_reason
from alprviewer.language import tr
from alprviewer.models.shown import Picture

# Damaged crops are a normal state here, said in the pane; Qt's decoders would put each into the log as well.
QLoggingCategory.setFilterRules("qt.gui.imageio*=false")

_MAX_BACKDROP_SIDE = 4096
"""Pixels of the longer side that a backdrop is decoded to."""
_MAX_BACKDROP_PIXELS = 200_000_000
_KEEP = Qt.AspectRatioMode.KeepAspectRatio
_SMOOTH = Qt.TransformationMode.SmoothTransformation
_BACKDROP_FORMATS = {b"jpeg", b"png", b"bmp", b"webp"}
_CROP = tr("crop")


def decode_jpeg(data: bytes) -> Picture:
    """Decode a crop. A picture that was cut off is shown as far as it goes, with a word on it."""
    holder = QByteArray(data)
    buffer = QBuffer(holder)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    # The reader is told the format and does not guess: feed data must never reach another one (SVG).
    reader = QImageReader(buffer, QByteArray(b"jpeg"))
    reader.setAutoTransform(False)
    reader.setAutoDetectImageFormat(False)
    size = reader.size()
    if not size.isValid():
        return Picture(None, tr("The crop's JPEG data is damaged."), data, _CROP)
    if size.width() * size.height() > MAX_CROP_PIXELS:
        reason = tr(
            "The crop claims {width} × {height} pixels; that much is not decoded.",
            width=size.width(),
            height=size.height(),
        )
        return Picture(None, reason, data, _CROP)
    image = reader.read()
    if image.isNull():
        return Picture(None, tr("The crop's JPEG data is damaged."), data, _CROP)
    cut = b"\xff\xd9" not in data[-64:]
    reason = tr("The crop's JPEG data is cut off; the rest is missing.") if cut else ""
    return Picture(image, reason, data, _CROP)


def crop_of(read: Read) -> Picture:
    """A read's crop, or the reason why there is none."""
    if read.plate_crop_jpeg is None:
        return Picture(None, tr("This read came without a crop."))
    crop = decode_crop(read.plate_crop_jpeg)
    if crop.jpeg is None:
        return Picture(None, shown_reason(crop.reason))
    return decode_jpeg(crop.jpeg)


def sibling_crop(sibling: Sibling) -> Picture:
    """The crop that a group, an alert or a vehicle tells, or the reason why there is none."""
    if sibling.crop is not None:
        return picture_of_text(sibling.crop, _CROP)
    if sibling.kind is SiblingKind.VEHICLE and sibling.vehicle_crop is not None:
        return picture_of_text(sibling.vehicle_crop, tr("vehicle crop"))
    return Picture(None, tr("This value came without a crop."))


def picture_of_text(text: str, name: str) -> Picture:
    """A picture from its base64 text, or the reason why it cannot be shown."""
    crop = decode_crop(text)
    return (
        Picture(None, shown_reason(crop.reason))
        if crop.jpeg is None
        else replace(decode_jpeg(crop.jpeg), name=name)
    )


def backdrop_of(path: Path | None) -> Picture:
    """The picture of a whole frame from a file, scaled down while it is decoded where it is very large."""
    if path is None:
        return Picture(None, tr("No picture of this frame was found."))
    name = display_text(path.name)
    if not path.is_file():
        return Picture(None, tr("{file} is no file.", file=name), name=name)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    if bytes(reader.format().data()) not in _BACKDROP_FORMATS:
        return Picture(None, tr("{file} is no picture that can be shown.", file=name), name=name)
    size = reader.size()
    if size.width() * size.height() > _MAX_BACKDROP_PIXELS:
        return Picture(None, tr("{file} is too large to be shown.", file=name), name=name)
    longer = max(size.width(), size.height())
    if longer > _MAX_BACKDROP_SIDE:
        reader.setScaledSize(size.scaled(QSize(_MAX_BACKDROP_SIDE, _MAX_BACKDROP_SIDE), _KEEP))
    image = reader.read()
    if image.isNull():
        reason = tr("{file} cannot be decoded: {reason}.", file=name, reason=reader.errorString())
        return Picture(None, reason, name=name)
    return Picture(image, name=name)


def thumbnail(image: QImage, height: int) -> QImage:
    """A picture scaled to a height in pixels."""
    return image.scaledToHeight(height, _SMOOTH) if not image.isNull() else image
