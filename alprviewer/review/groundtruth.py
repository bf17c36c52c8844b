"""Ground truth in the formats that the field's tools read: decided reads as files of a folder.

plate_tagger   ``IMAGE-N.yaml``, one for each plate (openalpr/plate_tagger; read by openalpr/benchmarks)
benchmark      ``IMAGE-N.txt``, a row ``image x y w h PLATE`` with tabs, one file for each plate: of a file
               only the first row is read (openalpr-utils-benchmark ... endtoend)
coco           ``annotations.json`` with boxes, polygons, their areas, and the text as an attribute
paddleocr      ``rec_gt.txt``, a line ``crops/FILE<tab>TEXT``, and the crops (PaddleOCR text recognition)
ocr-csv        ``labels.csv`` with ``filename,words``, and the crops; a quote stands before words that a
               spreadsheet would take for a formula

Names of files are made from digests, never from data. Pictures of frames are copied where they are found.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from alprviewer.capture.writers import guarded
from alprviewer.core.crops import decode_crop
from alprviewer.core.frame import Frame, Read
from alprviewer.core.geometry import Rect, bounds
from alprviewer.core.plates import normal_form


class Known(NamedTuple):
    """A read whose plate is known.

    Attributes:
        name: of its picture, without an ending; the same for all reads of a frame.
        picture: where that picture is; None where it was not found.
        frame: the frame.
        read: the read in it.
        digest: of the read.
        plate: the resolved plate.
        region: the region code that was affirmed, None where it was not judged.
    """

    name: str
    picture: Path | None
    frame: Frame
    read: Read
    digest: str
    plate: str
    region: str | None

    @property
    def file(self) -> str:
        """The name of the frame's picture in the folder."""
        return f"{self.name}{self.picture.suffix.lower() if self.picture else '.jpg'}"

    @property
    def corners(self) -> list[tuple[int, int]]:
        """The plate's corners, clockwise from top left; none where they are not known."""
        return [(point.x, point.y) for point in self.read.coordinates or ()]


class File(NamedTuple):
    """A file of the folder: its name there, and its bytes or what it is a copy of."""

    name: str
    data: bytes | Path


Make = Callable[[list[Known]], Iterator[File]]


def _box(known: Known) -> Rect:
    found = bounds(known.corners)
    left, top = math.floor(found.x), math.floor(found.y)
    return Rect(left, top, math.ceil(found.right) - left, math.ceil(found.bottom) - top)


def _area(corners: list[tuple[int, int]]) -> float:
    """Of a polygon in square pixels, by the shoelace formula."""
    edges = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x * v - u * y for (x, y), (u, v) in edges)) / 2


def _pictures(reads: Iterable[Known]) -> Iterator[File]:
    for file, picture in {known.file: known.picture for known in reads if known.picture}.items():
        yield File(file, picture)


def _by_frame(reads: Iterable[Known]) -> Iterator[tuple[str, list[Known]]]:
    frames: dict[str, list[Known]] = {}
    for known in reads:
        if known.corners:
            frames.setdefault(known.name, []).append(known)
    yield from frames.items()


def _plate_tagger(reads: list[Known]) -> Iterator[File]:
    yield from _pictures(reads)
    for name, found in _by_frame(reads):
        for number, known in enumerate(found):
            lines = {
                "image_file": known.file,
                "image_width": known.frame.img_width,
                "image_height": known.frame.img_height,
                "plate_corners_gt": " ".join(f"{x} {y}" for x, y in known.corners),
                "plate_number_gt": normal_form(known.plate),
                "region_code_gt": known.region,
                "plate_inverted_gt": False,
            }
            # JSON's texts and numbers are YAML's, and quoted: a plate of digits stays a text.
            said = [f"{key}: {json.dumps(value)}\n" for key, value in lines.items() if value is not None]
            yield File(f"{name}-{number}.yaml", "".join(said).encode())


def _benchmark(reads: list[Known]) -> Iterator[File]:
    yield from _pictures(reads)
    for name, found in _by_frame(reads):
        for number, known in enumerate(found):
            cells = [known.file, *(f"{value:.0f}" for value in _box(known)), normal_form(known.plate)]
            yield File(f"{name}-{number}.txt", ("\t".join(cells) + "\n").encode())


def _coco(reads: list[Known]) -> Iterator[File]:
    yield from _pictures(reads)
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image, (_, found) in enumerate(_by_frame(reads), 1):
        first = found[0]
        size = {"width": first.frame.img_width, "height": first.frame.img_height}
        told = {name: pixels for name, pixels in size.items() if pixels is not None}
        images.append({"id": image, "file_name": first.file, **told})
        for known in found:
            box = _box(known)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image,
                    "category_id": 1,
                    "bbox": [int(value) for value in box],
                    "area": _area(known.corners),
                    "segmentation": [[value for corner in known.corners for value in corner]],
                    "iscrowd": 0,
                    "attributes": {"text": known.plate, "region": known.region, "digest": known.digest},
                }
            )
    value = {
        "info": {"description": "License plates, exported by alprviewer"},
        "licenses": [],
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "license_plate", "supercategory": "vehicle"}],
    }
    yield File("annotations.json", json.dumps(value, indent=1).encode())


def _crops(reads: Iterable[Known]) -> Iterator[tuple[File, str]]:
    for known in reads:
        jpeg = decode_crop(known.read.plate_crop_jpeg).jpeg if known.read.plate_crop_jpeg else None
        if jpeg is not None:
            yield File(f"crops/{known.digest[:20]}.jpg", jpeg), normal_form(known.plate)


def _paddle(reads: list[Known]) -> Iterator[File]:
    lines = []
    for file, text in _crops(reads):
        yield file
        lines.append(f"{file.name}\t{text}\n")
    yield File("rec_gt.txt", "".join(lines).encode())


def _ocr_csv(reads: list[Known]) -> Iterator[File]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("filename", "words"))
    for file, words in _crops(reads):
        yield file
        # No plate begins like a formula: a quote more in what was read so costs less than one that runs.
        writer.writerow((file.name, guarded(words)))
    yield File("labels.csv", text.getvalue().encode())


FORMATS: dict[str, Make] = {
    "plate_tagger": _plate_tagger,
    "benchmark": _benchmark,
    "coco": _coco,
    "paddleocr": _paddle,
    "ocr-csv": _ocr_csv,
}
WITH_CROPS = frozenset({"paddleocr", "ocr-csv"})
"""Formats of crops; the others need corners."""


def is_usable(known: Known, name: str) -> bool:
    """False for a read that lacks what a format is made of, or whose plate is empty when compared."""
    if not normal_form(known.plate):
        return False
    if name not in WITH_CROPS:
        return bool(known.corners)
    text = known.read.plate_crop_jpeg
    return text is not None and decode_crop(text).jpeg is not None
