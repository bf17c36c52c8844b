"""The bundled sample: what it must hold, and that its script draws it again."""

from __future__ import annotations

import base64
import csv
import io
import json
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import PIL
import pytest
from PIL import Image

SAMPLE = Path(__file__).parents[2] / "resources" / "sample"
PILLOW_OF_THE_SAMPLE = "13.0."
OUTPUT = ("sample.jsonl", "truth.csv")


def lines_of(folder: Path) -> list[str]:
    return (folder / "sample.jsonl").read_text("ascii").splitlines()


def value_of(line: str) -> dict | None:
    try:
        return json.loads(line)
    except ValueError:
        return None


def crop_of(read: dict) -> bytes:
    return base64.b64decode(read["plate_crop_jpeg"], validate=True)


def pixels(jpeg: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(jpeg)) as image:
        assert image.format == "JPEG"
        return np.asarray(image.convert("RGB"), float)


def area(corners: list[dict]) -> float:
    """Twice the signed area; positive when the corners run clockwise on the screen."""
    following = corners[1:] + corners[:1]
    return sum(a["x"] * b["y"] - b["x"] * a["y"] for a, b in zip(corners, following, strict=True))


@pytest.fixture(scope="module")
def values() -> list[dict | None]:
    return [value_of(line) for line in lines_of(SAMPLE)]


@pytest.fixture(scope="module")
def frames(values) -> list[dict]:
    return [value for value in values if value and value["data_type"] == "alpr_results"]


@pytest.fixture(scope="module")
def reads(frames) -> list[tuple[dict, dict]]:
    return [(frame, read) for frame in frames for read in frame["results"]]


@pytest.fixture(scope="module")
def truth() -> dict[tuple[str, int], dict]:
    with (SAMPLE / "truth.csv").open(newline="", encoding="ascii") as table:
        return {(row["uuid"], int(row["plate_index"])): row for row in csv.DictReader(table)}


def test_the_folder_is_small():
    pictures = list((SAMPLE / "frames").iterdir())
    assert 6 <= len(pictures) <= 10
    assert max(picture.stat().st_size for picture in pictures) < 60_000
    assert sum(path.stat().st_size for path in (*(SAMPLE / name for name in OUTPUT), *pictures)) < 6_000_000


def test_counts(values, frames, reads, truth):
    kinds = Counter(value["data_type"] for value in values if value)
    assert kinds.keys() == {"alpr_results", "alpr_group", "heartbeat"}
    assert 3 <= kinds["alpr_group"] <= 12
    assert 3 <= kinds["heartbeat"] <= 12
    assert 1_000 <= len(reads) <= 1_400
    sizes = Counter(len(frame["results"]) for frame in frames)
    assert sizes.keys() == {1, 2, 3}
    per_vehicle = Counter(row["vehicle"] for row in truth.values())
    assert len(per_vehicle) == 60
    assert (min(per_vehicle.values()), max(per_vehicle.values())) == (3, 50)
    assert 18 <= len(truth) / len(per_vehicle) <= 22


def test_one_record_is_cut_short_between_intact_neighbours(values):
    broken = [number for number, value in enumerate(values) if value is None]
    assert len(broken) == 1
    assert len(values) // 4 < broken[0] < len(values) * 3 // 4
    assert values[broken[0] - 1] is not None
    assert values[broken[0] + 1] is not None
    assert lines_of(SAMPLE)[broken[0]].startswith('{"data_type":"alpr_results"')


def test_one_frame_names_a_key_twice():
    twice = []
    for number, line in enumerate(lines_of(SAMPLE)):
        if value_of(line):
            json.loads(
                line,
                object_pairs_hook=lambda pairs, number=number: (
                    twice.append(number) if len(dict(pairs)) < len(pairs) else None
                ),
            )
    assert len(twice) == 1


def test_envelopes(frames):
    assert len({frame["uuid"] for frame in frames}) == len(frames)
    agents = {frame["agent_uid"] for frame in frames}
    assert [len(agent) for agent in agents] == [40]
    for frame in frames:
        assert frame["uuid"] == f"{frame['agent_uid']}-{frame['camera_id']}-{frame['epoch_time']}"
        assert (frame["img_width"], frame["img_height"]) == (1280, 720)
    regions = {frame["camera_id"]: len(frame["regions_of_interest"]) for frame in frames}
    assert sorted(regions.values()) == [1, 2]


def test_time_runs_for_twenty_minutes_with_a_gap_and_small_disorder(frames):
    times = [frame["epoch_time"] for frame in frames]
    assert 19 * 60_000 < max(times) - min(times) < 21 * 60_000
    backward = [later - earlier for earlier, later in pairwise(times) if later < earlier]
    assert 5 < len(backward) < len(frames) / 10
    assert min(backward) > -1_000
    gaps = {}
    for camera in {frame["camera_id"] for frame in frames}:
        own = sorted(frame["epoch_time"] for frame in frames if frame["camera_id"] == camera)
        gaps[camera] = max(later - earlier for earlier, later in pairwise(own))
    assert max(gaps.values()) > 4 * 60_000
    assert min(gaps.values()) < 2 * 60_000


def test_every_crop_is_a_jpeg_of_the_agents_size(reads):
    sizes = Counter()
    for _, read in reads:
        height, width, _ = pixels(crop_of(read)).shape
        sizes[width, height] += 1
    assert sizes.keys() == {(150, 75), (184, 46)}
    assert 1_200 < np.mean([len(crop_of(read)) for _, read in reads]) < 2_000


def test_quads_are_consistent(reads):
    outside = 0
    for _, read in reads:
        corners, vehicle = read["coordinates"], read["vehicle_region"]
        top_left, top_right, bottom_right, bottom_left = corners
        assert area(corners) > 0
        assert top_left["x"] < top_right["x"]
        assert bottom_left["x"] < bottom_right["x"]
        assert 30 < top_right["x"] - top_left["x"] < 260
        assert vehicle["width"] > 2 * (top_right["x"] - top_left["x"])
        assert vehicle["x"] >= 0
        assert vehicle["x"] + vehicle["width"] <= 1280
        assert vehicle["y"] >= 0
        assert vehicle["y"] + vehicle["height"] <= 720
        outside += any(not (0 <= point["x"] < 1280 and 0 <= point["y"] < 720) for point in corners)
        assert all(-60 < point["x"] < 1340 and -60 < point["y"] < 780 for point in corners)
    assert 3 <= outside <= 40


def test_a_plate_moves_one_way_and_changes_its_size(reads, truth):
    tracks: dict[str, list[tuple[int, int, int]]] = {}
    for frame, read in reads:
        a, b = read["coordinates"][:2]
        vehicle = truth[frame["uuid"], read["plate_index"]]["vehicle"]
        tracks.setdefault(vehicle, []).append((frame["epoch_time"], a["y"], b["x"] - a["x"]))
    for track in tracks.values():
        track.sort()
        _, heights, widths = zip(*track, strict=True)
        approaching = heights[-1] > heights[0]
        steps = [(later - earlier) * (1 if approaching else -1) for earlier, later in pairwise(heights)]
        assert min(steps) >= -4
        assert (widths[-1] > widths[0]) == approaching


def test_the_best_plate_is_the_first_template_match_or_the_first_candidate(reads):
    not_first = 0
    for _, read in reads:
        candidates = read["candidates"]
        best = next((one for one in candidates if one["matches_template"]), candidates[0])
        assert {key: read[key] for key in best} == best
        assert 1 <= len(candidates) <= read["requested_topn"] == 10
        confidences = [one["confidence"] for one in candidates]
        assert confidences == sorted(confidences, reverse=True)
        assert len({one["plate"] for one in candidates}) == len(candidates)
        assert 70 <= read["confidence"] <= 95
        not_first += best is not candidates[0]
    assert 20 < not_first < len(reads) / 4


def test_plate_indexes_have_gaps_and_no_repetition(frames):
    indexes = [[read["plate_index"] for read in frame["results"]] for frame in frames]
    assert all(len(set(one)) == len(one) for one in indexes)
    assert 5 < sum(sorted(one) != list(range(len(one))) for one in indexes) < 100


def test_truth_covers_every_read(reads, truth):
    assert {(frame["uuid"], read["plate_index"]) for frame, read in reads} == truth.keys()
    assert len(truth) == len(reads)


def test_large_plates_are_read_better(reads, truth):
    judged = []
    for frame, read in reads:
        a, _, _, d = read["coordinates"]
        right = read["plate"] == truth[frame["uuid"], read["plate_index"]]["plate_truth"]
        judged.append((d["y"] - a["y"], right))
    judged.sort()
    third = len(judged) // 3
    small, large = (np.mean([right for _, right in part]) for part in (judged[:third], judged[-third:]))
    assert small < 0.7
    assert large > small + 0.15


def test_groups_and_heartbeats_point_at_what_is_there(values, frames):
    by_uuid = {frame["uuid"]: frame for frame in frames}
    cameras = {frame["camera_id"] for frame in frames}
    for value in values:
        if value and value["data_type"] == "alpr_group":
            assert value["best_uuid"] in value["uuids"]
            for uuid, index in zip(value["uuids"], value["plate_indexes"], strict=True):
                assert index in {read["plate_index"] for read in by_uuid[uuid]["results"]}
        elif value and value["data_type"] == "heartbeat":
            assert {stream["camera_id"] for stream in value["video_streams"]} == cameras
            assert {stream["camera_name"] for stream in value["video_streams"]} == {"North gate", "Exit ramp"}
            assert all("secret@192.0.2." in stream["url"] for stream in value["video_streams"])


def test_full_frames_belong_to_frames_and_to_the_first_rows(frames):
    uuids = [frame["uuid"] for frame in frames]
    pictured = {path.stem for path in (SAMPLE / "frames").iterdir()}
    assert pictured <= set(uuids)
    assert pictured >= set(uuids[:3])
    for path in (SAMPLE / "frames").iterdir():
        assert pixels(path.read_bytes()).shape == (720, 1280, 3)


def without_crops(line: str) -> object:
    value = value_of(line)
    if value is None:
        return line.partition('"plate_crop_jpeg"')[0]
    for read in (*value.get("results", ()), value.get("best_plate", {})):
        read.pop("plate_crop_jpeg", None)
    return value


@pytest.mark.timeout(240)
def test_the_script_draws_the_sample_again(tmp_path):
    script = SAMPLE / "make_sample.py"
    subprocess.run([sys.executable, "-B", script, "--out", tmp_path], check=True)
    drawn, kept = lines_of(tmp_path), lines_of(SAMPLE)
    assert [without_crops(line) for line in drawn] == [without_crops(line) for line in kept]
    assert (tmp_path / "truth.csv").read_bytes() == (SAMPLE / "truth.csv").read_bytes()
    names = sorted(path.name for path in (SAMPLE / "frames").iterdir())
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == names
    for name in names:
        again, before = (pixels((folder / "frames" / name).read_bytes()) for folder in (tmp_path, SAMPLE))
        assert np.abs(again - before).mean() < 2
    if PIL.__version__.startswith(PILLOW_OF_THE_SAMPLE):
        assert drawn == kept
