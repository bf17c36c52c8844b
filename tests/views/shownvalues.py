"""Made-up values for the panes: frames, pictures, and what a hostile feed might send."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage

from alprviewer.core.frame import Box, Candidate, Frame, Point, Read
from alprviewer.models.shown import Picture, Shown

RED, GREEN, BLUE = "#c02020", "#20a020", "#2020c0"
HOSTILE = "<img src='/etc/passwd'><b>X\u202eY\x00\n</b>"


def picture(width: int, height: int, colour: str, data: bytes | None = None) -> Picture:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return Picture(image, "", data, "crop")


def jpeg(width: int = 150, height: int = 75, colour: str = RED) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = picture(width, height, colour).image
    assert image is not None
    image.save(buffer, "JPG")
    return bytes(data.data())


def quad(x: int, y: int, width: int = 100, height: int = 50, slant: int = 6) -> list[Point]:
    return [
        Point(x, y),
        Point(x + width, y + slant),
        Point(x + width - slant, y + height + slant),
        Point(x - slant, y + height),
    ]


def read(plate: str | None = "AYX8803", x: int = 200, y: int = 150, **changes: object) -> Read:
    made = Read(
        plate=plate,
        confidence=89.1,
        matches_template=0,
        plate_index=0,
        coordinates=quad(x, y),
        vehicle_region=Box(max(0, x - 100), 0, 300, 340),
        candidates=[Candidate(plate, 89.1, 0)],
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def frame(*reads: Read, **changes: object) -> Frame:
    made = Frame(
        uuid="a41e-1999225415-1782889229574",
        img_width=640,
        img_height=360,
        regions_of_interest=[Box(0, 20, 640, 340)],
        results=list(reads),
    )
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def shown(
    *reads: Read,
    position: int | None = 0,
    crops: tuple[Picture, ...] | None = None,
    backdrop: Picture | None = None,
    invalid: frozenset[str] = frozenset(),
    **changes: object,
) -> Shown:
    made = crops if crops is not None else tuple(picture(150, 75, RED, b"x" * 2900) for _ in reads)
    missing = Picture(reason="The full frame was not found.")
    return Shown(
        "Frame",
        "a.jsonl",
        0,
        10,
        frame(*reads, **changes),
        invalid,
        position,
        made,
        backdrop or missing,
    )


def two_plates(**changes: object) -> Shown:
    return shown(read("AYX8803", 100, 150), read("WTC249", 450, 150), **changes)  # type: ignore[arg-type]
