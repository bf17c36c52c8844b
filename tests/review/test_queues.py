"""What triage knows of passes, and that it finds the wrong ones first."""

import csv
import json

import pytest

from alprviewer.core.listed import read_list
from alprviewer.core.passes import PassRules
from alprviewer.core.plates import normal_form
from alprviewer.core.triage import Facts, queue
from alprviewer.review.queues import pass_facts
from tests.helpers.reading import capture_of, frame_value, read_value
from tests.helpers.realdata import REAL, SAMPLE, needs_real_data


def found(path):
    capture = capture_of(path)
    capture.find_passes(PassRules())
    return capture, pass_facts(capture)


def test_the_facts_of_a_pass(tmp_path):
    path = tmp_path / "a.jsonl"
    plates = ["AB-1", "ab1", "AB7"]
    values = [frame_value(100 * number, (plate,)) for number, plate in enumerate(plates)]
    values[1]["results"][0] |= {"confidence": 95.0, "region_confidence": 41, "matches_template": 0}
    values[1]["results"][0]["candidates"] = [{"plate": "AB7", "confidence": 93.5, "matches_template": 0}]
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    capture, (facts,) = found(path)
    assert facts.key == capture.passes.ids[0]
    assert facts.votes == (2, 1)
    assert facts.margin == pytest.approx(1.5)
    assert (facts.matches_template, facts.region, facts.region_confidence) == (False, "us-mo", 41)
    assert facts.width == pytest.approx(100, rel=0.01)
    assert facts.skew < 3
    assert 0 <= facts.error <= 1


def test_a_pass_near_a_listed_plate_names_it(tmp_path):
    path = tmp_path / "a.jsonl"
    plates = ["AB-1", "ab1", "AB7", "ZZ99"]
    times = [0, 100, 200, 900_000]
    values = [frame_value(at, (plate,)) for at, plate in zip(times, plates, strict=True)]
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    capture, plain = found(path)
    assert {each.listed for each in plain} == {None}
    facts = pass_facts(capture, read_list(["=AB73", "A87"], "the list"))
    words = {each.votes: each.listed for each in facts}
    assert words == {(2, 1): "near listed AB73, one character: 3 left out", (1,): None}
    facts = pass_facts(capture, read_list(["~3:AB73", "=AB7"], "the list"))
    assert [each.listed for each in facts if each.listed] == ["AB7 is listed"]


def test_a_candidate_that_is_listed_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    other = {"plate": "QQ7", "confidence": 70.5, "matches_template": 0}
    near = {"plate": "QQ99", "confidence": 60.5, "matches_template": 0}
    value = frame_value(0, results=[read_value("ZZ123", candidates=[other, near])])
    path.write_text(json.dumps(value) + "\n")
    capture, _ = found(path)
    (facts,) = pass_facts(capture, read_list(["=QQ7", "=QQ9"], "the list"))
    assert facts.listed == "candidate QQ7: QQ7 is listed"
    (facts,) = pass_facts(capture, read_list(["=QQ9"], "the list"))
    assert facts.listed is None, "what is near a candidate is two steps away"


def test_what_is_absent_stays_absent(tmp_path):
    path = tmp_path / "a.jsonl"
    read = read_value("AB1", coordinates=None)
    for name in ("matches_template", "region", "region_confidence", "candidates"):
        del read[name]
    path.write_text(json.dumps(frame_value(1, results=[read])))
    capture, facts = found(path)
    assert len(facts) == len(capture.passes)
    for each in facts:
        assert each == Facts(each.key, each.error, None, (1,), None, None, None, None, None)


def test_every_pass_of_the_sample_has_its_place():
    capture, facts = found(SAMPLE)
    items = queue(facts)
    assert sorted(item.place for item in items) == list(range(len(capture.passes)))
    assert len({each.key for each in facts}) == len(facts)


@needs_real_data
@pytest.mark.parametrize("name", ["us-passes", "eu-passes"])
def test_the_first_third_of_the_queue_has_more_errors_than_the_last(name):
    with (REAL / f"{name}.truth.csv").open(newline="") as file:
        truth = {(r["uuid"], r["plate_index"]): normal_form(r["plate_truth"]) for r in csv.DictReader(file)}
    capture, facts = found(REAL / f"{name}.jsonl")
    right = []
    for number, text in enumerate(capture.passes.consensus):
        row = int(capture.passes.table["first_read"][number])
        frame = int(capture.columns.reads.column("frame")[row])
        uuid = capture.columns.text("uuid_head", int(capture.columns.frames.column("uuid_head")[frame]))
        tail = int(capture.columns.frames.column("uuid_tail")[frame])
        index = str(int(capture.columns.reads.column("plate_index")[row]))
        right.append(normal_form(text or "") == truth[f"{uuid}-{tail}", index])
    items = [item for item in queue(facts) if not item.is_random]
    third = len(items) // 3
    wrong = [not right[item.place] for item in items]
    assert 2 * sum(wrong[:third]) >= 3 * sum(wrong[-third:]) > 0
