"""``alprviewer stats``: figures that a short script, which knows nothing of the program, finds too."""

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest

from alprviewer import cli
from tests.helpers.reading import frame_value
from tests.helpers.realdata import REAL, needs_real_data

JOURNAL = ["--journal", "sqlite:///journal.sqlite"]


@pytest.fixture
def run(tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)

    def go(*words):
        code = cli.run([*map(str, words), *JOURNAL])
        done = capfdbinary.readouterr()
        assert code == 0, done.err.decode()
        return done.out.decode()

    return go


def normal(text):
    return re.sub(r"[\s-]", "", text).upper()


def edits(one, other):
    table = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            swap = table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, swap)
    return table[-1][-1]


def truth_of(path):
    with path.open(newline="") as file:
        return {(r["uuid"], r["plate_index"]): normal(r["plate_truth"]) for r in csv.DictReader(file)}


def counted_by_hand(capture, truth_file):
    """Per read: from the JSON and the CSV alone."""
    truth = truth_of(truth_file)
    reads = {}
    for line in capture.read_text("utf-8").splitlines():
        frame = json.loads(line)
        for position, read in enumerate(frame["results"]):
            reads[frame["uuid"], position] = (truth.get((frame["uuid"], str(read["plate_index"]))), read)
    known = [(plate, read) for plate, read in reads.values() if plate]
    return {
        "judged": len(known),
        "exact": sum(normal(read["plate"]) == plate for plate, read in known),
        "top_n": sum(plate in {normal(c["plate"]) for c in read["candidates"]} for plate, read in known),
        "character_error_rate": sum(edits(normal(read["plate"]), plate) for plate, read in known)
        / sum(len(plate) for plate, _ in known),
    }


def passes_by_hand(reads_csv, passes_csv, truth_file):
    """Per vehicle: from the exported rows and the CSV alone."""
    truth, plates = truth_of(truth_file), {}
    for row in csv.DictReader(io.StringIO(reads_csv)):
        if row["pass"]:
            plates.setdefault(row["pass"], set()).add(truth[row["uuid"], row["plate_index"]])
    rows = {row["pass"]: row for row in csv.DictReader(io.StringIO(passes_csv))}
    agreed = {name: found.pop() for name, found in plates.items() if len(found) == 1}
    best = {name: normal(rows[name]["best_plate"]) for name in agreed}
    return {
        "judged": len(agreed),
        "exact_best": sum(best[name] == plate for name, plate in agreed.items()),
        "exact_consensus": sum(normal(rows[name]["consensus"]) == plate for name, plate in agreed.items()),
        "disputed": len(plates) - len(agreed),
    }


def drawn_counted_by_hand(reads_csv, passes_csv, truth_file):
    """The tenth of the passes that is drawn by lot: from the exported rows and the CSV alone."""
    truth, passes = truth_of(truth_file), [row["pass"] for row in csv.DictReader(io.StringIO(passes_csv))]
    lots = {name: hashlib.sha256(b"\n" + name.encode()).digest()[:8] for name in passes}
    drawn = {name for name, lot in lots.items() if int.from_bytes(lot, "big") / 2**64 < 0.1}
    known = {
        (row["uuid"], row["plate_position"]): (normal(row["plate"]), truth[row["uuid"], row["plate_index"]])
        for row in csv.DictReader(io.StringIO(reads_csv))
        if row["pass"] in drawn
    }
    right = sum(observed == plate for observed, plate in known.values())
    return {"passes": len(drawn), "judged": len(known), "exact": right}


@pytest.mark.uncounted
@needs_real_data
@pytest.mark.parametrize("name", ["us-passes", "eu-passes", "hard-passes"])
def test_real_figures_are_confirmed_by_a_script(run, name):
    capture, truth = REAL / f"{name}.jsonl", REAL / f"{name}.truth.csv"
    run("journal", "import", truth, capture)
    reads, passes = run("export", "reads", capture), run("export", "passes", capture)
    found = json.loads(run("stats", capture, "--json", "--by", "camera,hour,region,version,conf"))
    by_hand = counted_by_hand(capture, truth)
    assert {key: found["reads"][key] for key in by_hand} == pytest.approx(by_hand)
    by_hand = passes_by_hand(reads, passes, truth)
    assert {key: found["passes"][key] for key in by_hand} == by_hand
    for groups in found["by"].values():
        assert sum(group["judged"] for group in groups) == found["reads"]["judged"]
    drawn_by_hand = drawn_counted_by_hand(reads, passes, truth)
    assert found["drawn"]["passes"] == found["drawn"]["passes_judged"] == drawn_by_hand.pop("passes")
    assert {key: found["drawn"]["reads"][key] for key in drawn_by_hand} == drawn_by_hand
    assert found["pace"] is None
    assert sum(each["reads"] for each in found["calibration"]["bins"]) == found["reads"]["judged"]


def truth(*lines):
    Path("truth.csv").write_text("uuid,plate_index,plate_truth\n" + "".join(f"{line}\n" for line in lines))
    return "truth.csv"


def test_figures_of_a_small_capture(run):
    values = [frame_value(number, ("AB1",), camera_id=1 + number % 2) for number in range(4)]
    values.append(values[0])
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    plates = ("AB1", "AB8", "XY1")
    run("journal", "import", truth(*(f"{values[n]['uuid']},0,{p}" for n, p in enumerate(plates))), "a.jsonl")
    found = json.loads(run("stats", "a.jsonl", "--json", "--by", "camera"))
    assert {key: found["reads"][key] for key in ("judged", "exact", "top_n", "errors", "characters")} == {
        "judged": 3,
        "exact": 1,
        "top_n": 2,
        "errors": 3,
        "characters": 9,
    }
    assert [(group["camera"], group["judged"], group["exact"]) for group in found["by"]["camera"]] == [
        ("1", 2, 1),
        ("2", 1, 0),
    ]
    assert {"true": "8", "read": "1", "count": 1, "positions": [0, 0, 1]} in found["confusions"]
    assert found["reads"]["region_rate"] is None
    text = run("stats", "a.jsonl", "--by", "camera")
    assert "reads: 1 of 3 right, 33.3 %" in text
    assert "camera 2: 0 of 1 right" in text


def test_nothing_was_judged(run):
    Path("a.jsonl").write_text(json.dumps(frame_value(1)))
    run("journal", "import", truth(f"{frame_value(1)['uuid']},0,AB1"), "a.jsonl")
    Path("b.jsonl").write_text(json.dumps(frame_value(2)))
    found = json.loads(run("stats", "b.jsonl", "--json"))
    assert (found["reads"]["judged"], found["reads"]["exact_rate"]) == (0, None)
    assert found["passes"]["exact_best_rate"] is None
    assert "nothing judged" in run("stats", "b.jsonl")


def test_what_is_disputed_is_not_counted(run):
    Path("a.jsonl").write_text(json.dumps(frame_value(1)))
    uuid = frame_value(1)["uuid"]
    run("journal", "import", truth(f"{uuid},0,AB1"), "a.jsonl", "--reviewer", "ann")
    run("journal", "import", truth(f"{uuid},0,AB7"), "a.jsonl", "--reviewer", "bob")
    found = json.loads(run("stats", "a.jsonl", "--json"))
    assert (found["reads"]["judged"], found["reads"]["disputed"]) == (0, 1)
    assert (found["passes"]["judged"], found["passes"]["disputed"]) == (0, 1)


def test_what_is_asked_wrongly(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text(json.dumps(frame_value(1)))
    assert cli.run(["stats", "a.jsonl", *JOURNAL]) == 1
    assert "There is no journal" in capsys.readouterr().err
    Path("truth.csv").write_text(f"uuid,plate_index,plate_truth\n{frame_value(1)['uuid']},0,AB1\n")
    assert cli.run(["journal", "import", "truth.csv", "a.jsonl", *JOURNAL]) == 0
    assert cli.run(["stats", "a.jsonl", "--by", "mood", *JOURNAL]) == 2
    assert "camera, hour" in capsys.readouterr().err


def test_two_versions_are_compared(run, tmp_path):
    values = [
        frame_value(number, ("AB1",), agent_version="2.1" if number < 20 else "2.2") for number in range(40)
    ]
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    plates = ["AB8" if number < 15 else "AB1" for number in range(40)]
    lines = (f"{value['uuid']},0,{plate}" for value, plate in zip(values, plates, strict=True))
    run("journal", "import", truth(*lines), "a.jsonl")
    found = json.loads(run("stats", "a.jsonl", "--json", "--compare", "version", "2.1", "2.2"))["comparison"]
    exact = found["exact"]
    assert (exact["before_rate"], exact["after_rate"], exact["difference_rate"]) == (0.25, 1.0, 0.75)
    assert exact["differs"]
    assert 0 < exact["difference_low_rate"] < 0.75 < exact["difference_high_rate"] <= 1
    assert found["region"]["difference_rate"] is None
    text = run("stats", "a.jsonl", "--compare", "version", "2.1", "2.2")
    assert "version 2.1 → 2.2, right: 25.0 % → 100.0 %, +75.0 %" in text
    assert "all reads are decided" in text
    assert cli.run(["stats", "a.jsonl", "--compare", "version", "2.1", "9", *JOURNAL]) == 2
    assert cli.run(["stats", "a.jsonl", "--compare", "mood", "1", "2", *JOURNAL]) == 2


def test_what_the_figures_rest_on_is_said(run):
    values = [frame_value(number, ("AB1",)) for number in range(4)]
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    run("journal", "import", truth(f"{values[0]['uuid']},0,AB1"), "a.jsonl")
    assert "1 of 4 reads are decided; only those drawn at random tell of all" in run("stats", "a.jsonl")
