"""Ground truth as the tools that it is for read it, over a whole recording with known plates.

Each reader below is written from the tool's own documentation or source, knows nothing of the program, and
refuses what the tool would: plate_tagger's ``platefile.cpp`` and ``imagefile.cpp``, openalpr's
``endtoendtest.cpp`` and ``benchmark.py``, COCO's "Data format", PaddleOCR's "recognition", the csv module.
"""

import base64
import csv
import hashlib
import io
import json
import re
from collections import Counter

import pytest
from PIL import Image

from alprviewer import cli
from tests.helpers.realdata import REAL, needs_real_data

NAME = "us-passes"
pytestmark = needs_real_data


def normal(text):
    return re.sub(r"[\s-]", "", text).upper()


@pytest.fixture(scope="module")
def known():
    """The recording and its truth, read with nothing but the standard library."""
    with (REAL / f"{NAME}.truth.csv").open(newline="", encoding="utf-8") as file:
        truth = {(row["uuid"], row["plate_index"]): row["plate_truth"] for row in csv.DictReader(file)}
    found = {}
    for line in (REAL / f"{NAME}.jsonl").read_text("utf-8").splitlines():
        frame = json.loads(line)
        for position, read in enumerate(frame["results"]):
            plate = truth.get((frame["uuid"], str(read["plate_index"])))
            if plate:
                found[frame["uuid"], position] = (frame, read, normal(plate))
    assert len(found) > 700
    return list(found.values())


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """Exports the recording in a format; gives the folder."""
    folder = tmp_path_factory.mktemp("formats")
    source = str(REAL / f"{NAME}.jsonl")
    journal = ["--journal", f"sqlite:///{folder}/journal.sqlite"]
    words = ["journal", "import", str(REAL / f"{NAME}.truth.csv"), source, "--reviewer", "truth"]
    assert cli.run([*words, *journal]) == 0

    def go(name):
        output = folder / name
        images = ["--images", str(REAL / "frames")]
        code = cli.run(["journal", "export", str(output), source, "--format", name, *images, *journal])
        assert code == 0
        return output

    return go


def counted(folder, reads, frames):
    """The manifest says what is in the folder."""
    manifest = json.loads((folder / "manifest.json").read_text())
    files = [path for path in folder.rglob("*") if path.is_file()]
    counts = manifest["counts"]
    assert (counts["reads"], counts["frames"]) == (reads, frames)
    assert counts["files"] == len(files) - 1
    return counts


def corners_of(read):
    return tuple((corner["x"], corner["y"]) for corner in read["coordinates"])


def box_of(read):
    xs, ys = zip(*corners_of(read), strict=True)
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


def pictures(folder):
    """The pictures of whole frames; each of them decodes."""
    found = {}
    for path in [*folder.glob("*.jpg"), *folder.glob("*.png")]:
        with Image.open(path) as picture:
            picture.load()
            found[path.name] = picture.size
    return found


_SCALAR = re.compile(r'([a-z_]+): (?:"((?:[^"\\]|\\["\\/bfnrt]|\\u[0-9a-f]{4})*)"|(true|false)|(-?[0-9]+))')


def yaml(path):
    """A block mapping of plain or double-quoted scalars (YAML 1.2, core schema), each key once."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        match = _SCALAR.fullmatch(line)
        assert match, line
        key, text, flag, number = match.groups()
        assert key not in found
        found[key] = json.loads(f'"{text}"') if text is not None else flag == "true" if flag else int(number)
    return found


def plate_tagger(image):
    """The plates of an image: IMAGE-0.yaml, IMAGE-1.yaml, until one is missing."""
    number, found = 0, []
    while (path := image.with_name(f"{image.stem}-{number}.yaml")).exists():
        said = yaml(path)
        numbers = [int(word) for word in said["plate_corners_gt"].split()]
        assert len(numbers) == 8
        assert said["image_width"] > 0 < said["image_height"]
        assert isinstance(said["plate_number_gt"], str)
        assert said["plate_inverted_gt"] is False
        found.append((said, tuple(zip(numbers[::2], numbers[1::2], strict=True))))
        number += 1
    return found


def test_plate_tagger_finds_every_plate_of_every_image(export, known):
    folder = export("plate_tagger")
    files = sorted(folder.glob("*.yaml"))
    images = sorted({yaml(path)["image_file"] for path in files})
    plates = [each for image in images for each in plate_tagger(folder / image)]
    assert len(plates) == len(files) == len(known)
    assert Counter((said["plate_number_gt"], corners) for said, corners in plates) == Counter(
        (plate, corners_of(read)) for _, read, plate in known
    )
    counts = counted(folder, len(known), len(images))
    shown = pictures(folder)
    assert len(shown) == counts["frames"] - counts["frames_without_picture"] > 0
    for said, _ in plates:
        if said["image_file"] in shown:
            assert shown[said["image_file"]] == (said["image_width"], said["image_height"])


def benchmark(folder):
    """What openalpr-utils-benchmark takes: of each .txt its first line, split at white space."""
    for path in sorted(folder.glob("*.txt")):
        with path.open(encoding="utf-8") as file:
            image, x, y, width, height, plate = file.readline().split()
        yield image, (int(x), int(y), int(width), int(height)), plate


def test_openalprs_benchmark_reads_every_plate(export, known):
    folder = export("benchmark")
    rows = list(benchmark(folder))
    assert Counter((plate, box) for _, box, plate in rows) == Counter(
        (plate, box_of(read)) for _, read, plate in known
    )
    counted(folder, len(known), len({image for image, _, _ in rows}))
    assert pictures(folder).keys() <= {image for image, _, _ in rows}


def coco(path):
    """Annotations by image, checked as COCO's data format and its object detection describe them."""
    data = json.loads(path.read_text("utf-8"))
    assert data.keys() == {"info", "licenses", "images", "annotations", "categories"}
    images = {image["id"]: image for image in data["images"]}
    categories = {category["id"]: category["name"] for category in data["categories"]}
    assert len(images) == len(data["images"])
    assert len({each["id"] for each in data["annotations"]}) == len(data["annotations"])
    assert len({image["file_name"] for image in images.values()}) == len(images)
    found = []
    for each in data["annotations"]:
        image = images[each["image_id"]]
        assert categories[each["category_id"]] == "license_plate"
        assert each["iscrowd"] == 0
        (polygon,) = each["segmentation"]
        points = list(zip(polygon[::2], polygon[1::2], strict=True))
        x, y, width, height = each["bbox"]
        assert (x, y) == (min(p[0] for p in points), min(p[1] for p in points))
        assert (x + width, y + height) == (max(p[0] for p in points), max(p[1] for p in points))
        assert 0 < each["area"] <= width * height
        assert image["width"] > 0 < image["height"]
        found.append((image, each, tuple(points)))
    return found


def pixels_inside(points):
    """The area of a polygon, counted: pixels whose middle is inside."""
    xs, ys = zip(*points, strict=True)
    count = 0
    edges = list(zip(points, points[1:] + points[:1], strict=True))
    for row in range(min(ys), max(ys)):
        crossings = sorted(
            x + (row + 0.5 - y) * (u - x) / (v - y) for (x, y), (u, v) in edges if (y <= row) != (v <= row)
        )
        for begin, end in zip(crossings[::2], crossings[1::2], strict=True):
            count += sum(begin <= column + 0.5 < end for column in range(min(xs), max(xs)))
    return count


def test_coco(export, known):
    folder = export("coco")
    found = coco(folder / "annotations.json")
    assert Counter((normal(each["attributes"]["text"]), points) for _, each, points in found) == Counter(
        (plate, corners_of(read)) for _, read, plate in known
    )
    for _, each, points in found[::25]:
        assert each["area"] == pytest.approx(pixels_inside(list(points)), rel=0.05)
    counted(folder, len(known), len({image["id"] for image, _, _ in found}))
    shown = pictures(folder)
    assert shown == {
        image["file_name"]: (image["width"], image["height"])
        for image, _, _ in found
        if image["file_name"] in shown
    }


def crops(known):
    """The plate of each crop, by the digest of its JPEG: crops may be equal."""
    jpegs = [(base64.b64decode(read["plate_crop_jpeg"]), plate) for _, read, plate in known]
    return Counter((hashlib.sha256(jpeg).hexdigest(), plate) for jpeg, plate in jpegs)


def listed(folder, rows):
    """The rows of a list with the digests of their crops; each of them decodes, and has a row of its own."""
    found = Counter()
    for name, text in rows:
        data = (folder / name).read_bytes()
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
            assert picture.format == "JPEG"
        found[hashlib.sha256(data).hexdigest(), text] += 1
    assert sorted(name for name, _ in rows) == sorted(
        path.relative_to(folder).as_posix() for path in (folder / "crops").iterdir()
    )
    return found


def test_paddleocr(export, known):
    folder = export("paddleocr")
    lines = (folder / "rec_gt.txt").read_bytes().decode("utf-8").split("\n")
    assert lines.pop() == ""
    rows = [line.split("\t") for line in lines]
    assert {len(row) for row in rows} == {2}
    assert listed(folder, rows) == crops(known)
    counted(folder, len(known), len({frame["uuid"] for frame, _, _ in known}))


def test_a_list_of_crops_and_words(export, known):
    folder = export("ocr-csv")
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file, strict=True)
        rows = [(row["filename"], row["words"]) for row in reader]
    assert reader.fieldnames == ["filename", "words"]
    assert listed(folder, rows) == crops(known)
    counted(folder, len(known), len({frame["uuid"] for frame, _, _ in known}))
