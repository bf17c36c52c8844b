"""Ground truth in the formats of the field's tools, read by parsers made from their descriptions."""

import base64
import csv
import hashlib
import json
import re
from contextlib import closing
from pathlib import Path

import pytest

from alprviewer import cli
from alprviewer.core.geometry import bounds
from alprviewer.core.plates import normal_form
from tests.helpers.reading import JPEG, frame_value, read_value
from tests.helpers.realdata import REAL, needs_real_data

CROP = base64.b64encode(JPEG).decode()
CORNERS = [{"x": 10, "y": -3}, {"x": 110, "y": 21}, {"x": 109, "y": 61}, {"x": 9, "y": 60}]
VALUES = [
    frame_value(
        1,
        results=[
            read_value("AB1", 0, plate_crop_jpeg=CROP, coordinates=CORNERS),
            read_value("123", 3, plate_crop_jpeg="... base64 image data ..."),
        ],
    ),
    frame_value(2, results=[read_value("EF3", 0, coordinates=None, plate_crop_jpeg=CROP)]),
    frame_value(3, results=[read_value("GH4", 0)]),
]
TRUTH = [("AB 1", 0, 0), ("0123", 0, 3), ("=EF-3", 1, 0)]


@pytest.fixture
def export(tmp_path, monkeypatch, capsys):
    """Exports ground truth; gives the folder and the manifest."""
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in VALUES))
    lines = [f"{VALUES[frame]['uuid']},{index},{plate}\n" for plate, frame, index in TRUTH]
    Path("truth.csv").write_text("uuid,plate_index,plate_truth\n" + "".join(lines))
    Path("images").mkdir()
    Path("images", VALUES[0]["uuid"] + ".JPG").write_bytes(b"a picture")
    journal = ["--journal", "sqlite:///journal.sqlite"]
    assert cli.run(["journal", "import", "truth.csv", "a.jsonl", *journal]) == 0

    def go(name, *words):
        folder = tmp_path / f"out-{name}"
        assert cli.run(["journal", "export", str(folder), "a.jsonl", "--format", name, *words, *journal]) == 0
        return folder, json.loads((folder / "manifest.json").read_text())

    return go


def yaml_of(path):
    """Flat YAML: ``key: value`` lines, texts in double quotes, plain scalars as YAML 1.2's core schema."""
    plain = {"true": True, "false": False}
    found = {}
    for line in path.read_text().splitlines():
        key, _, value = line.partition(": ")
        quoted = re.fullmatch(r'"([^"\\]*)"', value)
        found[key] = quoted[1] if quoted else plain[value] if value in plain else int(value)
    return found


def test_plate_tagger(export):
    folder, manifest = export("plate_tagger")
    files = sorted(folder.glob("*.yaml"))
    assert [path.stem[-2:] for path in files] == ["-0", "-1"]
    first, second = map(yaml_of, files)
    assert first == {
        "image_file": first["image_file"],
        "image_width": 1280,
        "image_height": 720,
        "plate_corners_gt": "10 -3 110 21 109 61 9 60",
        "plate_number_gt": "AB1",
        "plate_inverted_gt": False,
    }
    assert (folder / first["image_file"]).read_bytes() == b"a picture"
    assert second["plate_number_gt"] == "0123"
    assert manifest["counts"] == {
        "reads": 2,
        "frames": 1,
        "without_corners_or_crop": 1,
        "frames_without_picture": 0,
        "files": 3,
    }
    assert len(manifest["heads"]) == 1


def test_benchmark_rows(export):
    folder, _ = export("benchmark")
    files = sorted(folder.glob("*.txt"))
    assert [path.stem[-2:] for path in files] == ["-0", "-1"], "only the first row of a file is read"
    rows = [path.read_text().removesuffix("\n").split("\t") for path in files]
    assert [row[1:] for row in rows] == [["9", "-3", "101", "64", "AB1"], ["9", "20", "101", "41", "0123"]]
    assert {row[0] for row in rows} == {path.name for path in folder.glob("*.jpg")}


def test_coco(export):
    folder, _ = export("coco")
    found = json.loads((folder / "annotations.json").read_text())
    assert [image["file_name"] for image in found["images"]] == [
        path.name for path in folder.iterdir() if path.suffix == ".jpg"
    ]
    images = {image["id"] for image in found["images"]}
    categories = {category["id"] for category in found["categories"]}
    assert [item["attributes"]["text"] for item in found["annotations"]] == ["AB 1", "0123"]
    for item in found["annotations"]:
        assert item["image_id"] in images
        assert item["category_id"] in categories
        (polygon,) = item["segmentation"]
        box = bounds(list(zip(polygon[::2], polygon[1::2], strict=True)))
        assert item["bbox"] == list(box)
        assert 0 < item["area"] <= box.width * box.height
    assert len({item["id"] for item in found["annotations"]}) == 2


def test_a_size_that_no_frame_tells_is_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    value = frame_value(4, results=[read_value("IJ5", 0)])
    del value["img_width"], value["img_height"]
    Path("a.jsonl").write_text(json.dumps(value))
    Path("truth.csv").write_text(f"uuid,plate_index,plate_truth\n{value['uuid']},0,IJ5\n")
    journal = ["--journal", "sqlite:///journal.sqlite"]
    assert cli.run(["journal", "import", "truth.csv", "a.jsonl", *journal]) == 0
    for name in ("coco", "plate_tagger"):
        assert cli.run(["journal", "export", name, "a.jsonl", "--format", name, *journal]) == 0
    (image,) = json.loads(Path("coco/annotations.json").read_text())["images"]
    assert set(image) == {"id", "file_name"}
    (file,) = Path("plate_tagger").glob("*.yaml")
    assert {"image_width", "image_height"}.isdisjoint(yaml_of(file))


def test_paddleocr(export):
    folder, manifest = export("paddleocr")
    rows = [line.split("\t") for line in (folder / "rec_gt.txt").read_text().splitlines()]
    assert [text for _, text in rows] == ["AB1", "=EF3"]
    assert all((folder / name).read_bytes() == JPEG for name, _ in rows)
    assert manifest["counts"]["without_corners_or_crop"] == 1


def test_ocr_lists(export):
    folder, _ = export("ocr-csv", "--where", "plate:EF3")
    with closing((folder / "labels.csv").open(newline="")) as file:
        rows = list(csv.DictReader(file))
    assert [row["words"] for row in rows] == ["'=EF3"]
    assert (folder / rows[0]["filename"]).read_bytes() == JPEG


def test_a_folder_that_holds_something_is_left_alone(export, capsys):
    export("coco")
    with pytest.raises(AssertionError):
        export("coco")
    assert "choose another name" in capsys.readouterr().err


@needs_real_data
def test_real_ground_truth_in_every_format(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    journal = ["--journal", "sqlite:///journal.sqlite"]
    lines = (REAL / "eu-passes.jsonl").read_text("utf-8").splitlines()[:60]
    Path("some.jsonl").write_text("\n".join(lines))
    frames = [json.loads(line) for line in lines]
    assert cli.run(["journal", "import", str(REAL / "eu-passes.truth.csv"), "some.jsonl", *journal]) == 0
    with (REAL / "eu-passes.truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    uuids = {frame["uuid"] for frame in frames}
    plates = sorted(normal_form(row["plate_truth"]) for row in rows if row["uuid"] in uuids)
    reads = [read for frame in frames for read in frame["results"]]
    crops = sorted(hashlib.sha256(base64.b64decode(read["plate_crop_jpeg"])).hexdigest() for read in reads)
    for name in ("plate_tagger", "benchmark", "coco", "paddleocr", "ocr-csv"):
        assert cli.run(["journal", "export", name, "some.jsonl", "--format", name, *journal]) == 0
    found = {
        "plate_tagger": [yaml_of(path)["plate_number_gt"] for path in Path("plate_tagger").glob("*.yaml")],
        "benchmark": [
            line.split("\t")[5]
            for path in Path("benchmark").glob("*.txt")
            for line in path.read_text().splitlines()
        ],
        "coco": [
            normal_form(item["attributes"]["text"])
            for item in json.loads(Path("coco/annotations.json").read_text())["annotations"]
        ],
        "paddleocr": [line.split("\t")[1] for line in Path("paddleocr/rec_gt.txt").read_text().splitlines()],
    }
    for name, texts in found.items():
        assert sorted(texts) == plates, name
    written = [hashlib.sha256(path.read_bytes()).hexdigest() for path in Path("ocr-csv/crops").iterdir()]
    assert sorted(written) == crops
