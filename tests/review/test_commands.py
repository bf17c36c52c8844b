"""The verbs of the journal: checking, merging, importing true plates, exporting."""

import csv
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import alprviewer
from alprviewer import cli
from alprviewer.capture.writers import unguarded
from alprviewer.core.chain import parse_head
from alprviewer.core.decision import Act, Gold, Scope
from alprviewer.review.exchange import decisions_of
from alprviewer.review.matching import Judged
from alprviewer.review.pen import Pen
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.settings import data_folder, state_folder
from tests.helpers.decisions import subject
from tests.helpers.journals import Sqlite, bodies
from tests.helpers.reading import capture_of, frame_value

VALUES = [frame_value(1, ("AB1", "=CD2")), frame_value(2, ("EF3",)), frame_value(3, ("GH4",))]
del VALUES[2]["uuid"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in VALUES))
    return Sqlite(tmp_path)


@pytest.fixture
def run(capfdbinary, place):
    def go(*words, journal="sqlite:///journal.sqlite"):
        code = cli.run([*words, *(["--journal", journal] if journal else [])])
        done = capfdbinary.readouterr()
        return code, done.out.decode(), done.err.decode()

    return go


def truth(*lines):
    text = "".join(f"v,{line}\n" for line in lines)
    Path("truth.csv").write_text("vehicle,uuid,plate_index,plate_truth\n" + text)
    return "truth.csv"


def uuid(number):
    return VALUES[number]["uuid"]


def judged(place, name="a.jsonl"):
    with closing(place.open()) as journal:
        found = Judged(capture_of(name), decisions_of(journal))
    return {row: found.read(row).decision for row in found.digests}


def test_true_plates_become_decisions(run, place):
    name = truth(f"{uuid(0)},0,ab-1", f"{uuid(0)},1,CD7", f"{uuid(1)},0,", "nobody,0,X")
    code, out, errors = run("journal", "import", name, "a.jsonl", "--reviewer", "truth")
    assert (code, out) == (0, "")
    assert "2 decisions written as truth, 0 known already, 1 lines match no read" in errors
    found = judged(place)
    assert {row: (p.entry.act, p.entry.plate, p.entry.reviewer) for row, p in found.items()} == {
        0: (Act.CORRECT, "ab-1", "truth"),
        1: (Act.WRONG, "CD7", "truth"),
    }
    assert "2 known already" in run("journal", "import", name, "a.jsonl", "--reviewer", "truth")[2]
    assert "2 decisions written as bob" in run("journal", "import", name, "a.jsonl", "--reviewer", "bob")[2]


def test_true_plates_that_others_saw_otherwise_are_listed(run):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f"{uuid(1)},0,EF3"), "a.jsonl", "--reviewer", "ann")
    name = truth(f"{uuid(0)},0,AB7", f"{uuid(0)},1,CD2", f"{uuid(1)},0,EF3")
    code, out, errors = run("journal", "import", name, "a.jsonl", "--reviewer", "bob")
    assert (code, out.count("\n")) == (0, 1)
    assert out.startswith(f"disputed: {uuid(0)} 0: ")
    assert {"ann: AB1", "bob: AB7"} == set(out.rstrip("\n").split(" 0: ")[1].split(", "))
    assert "1 reads disputed." in errors
    assert run("journal", "import", name, "a.jsonl", "--reviewer", "bob")[1] == ""
    code, out, errors = run("journal", "import", name, "a.jsonl", "--reviewer", "ann")
    assert (code, out) == (0, f"replaced: {uuid(0)} 0: ann: AB1, now AB7\n")
    assert "disputed" not in errors


def test_lines_that_name_no_read_or_several_are_left_out(run, place):
    values = json.loads(json.dumps([*VALUES, VALUES[0], VALUES[1]]))
    values[2]["uuid"] = ""
    values[4]["epoch_time"] += 1
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values))
    name = truth(f"{uuid(0)},0,AB1", f"{uuid(1)},0,EF7", ",0,GH7")
    errors = run("journal", "import", name, "a.jsonl")[2]
    assert "1 decisions written" in errors
    assert "1 lines match no read, 1 fit several different reads and were left out." in errors
    assert [placed.entry.plate for placed in judged(place).values()] == ["AB1", "AB1"]


def test_what_was_imported_before_imports_said_so_can_be_imported_again(run, place, tmp_path):
    from alprviewer.capture.spans import SpanReader
    from alprviewer.review.subjects import Subjects

    capture = capture_of("a.jsonl")
    with closing(SpanReader(capture)) as reader, closing(place.open()) as journal:
        read = Subjects(capture, reader).read
        pen = Pen(journal, "truth", tmp_path / "state")
        pen.write(
            pen.entry(Act.CORRECT, Scope.READ, [read(0)], plate="AB1", reason="from truth.csv"),
            pen.entry(Act.CORRECT, Scope.READ, [read(2)], plate="EF3", reason="I have seen it"),
        )
    name = truth(f"{uuid(0)},0,AB1", f"{uuid(1)},0,EF3")
    for counts in ("1 decisions written as truth, 1 known already", "0 decisions written as truth, 2 known"):
        assert counts in run("journal", "import", name, "a.jsonl", "--reviewer", "truth")[2]
    assert {row: placed.entry.gold for row, placed in judged(place).items()} == {0: Gold.IMPORTED, 2: None}


def test_decisions_find_their_reads_in_another_form(run, place):
    run("journal", "import", truth(f"{uuid(0)},1,CD7"), "a.jsonl")
    Path("b.json").write_text(json.dumps(list(reversed(VALUES)), indent=3))
    assert [placed.entry.plate for placed in judged(place, "b.json").values()] == ["CD7"]
    changed = json.loads(json.dumps(VALUES))
    changed[0]["results"][0]["confidence"] = 12
    Path("c.json").write_text(json.dumps(changed))
    with closing(place.open()) as journal:
        found = Judged(capture_of("c.json"), decisions_of(journal))
    assert (found.digests, found.strangers) == ({}, 1)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a,b\n1,2\n", "no column uuid"),
        ("uuid,plate_index,plate_truth\nu,x,AB1\n", "Line 2 of truth.csv"),
        ("uuid,plate_index,plate_truth\nu,0\n", "Line 2"),
        ('uuid,plate_index,plate_truth\nu,0,"AB\n', "truth.csv"),
        ("uuid,plate_index,plate_truth\nu,0," + "x" * 1025 + "\n", "too long"),
        ("uuid,plate_index,plate_truth\nnobody,0,AB1\n", "None of the lines"),
        (f"uuid,plate_index,plate_truth\n{uuid(0)},0,AB1\n{uuid(0)},0,AB2\n", "two plates"),
    ],
)
def test_lists_that_cannot_be_used(run, text, word):
    Path("truth.csv").write_text(text)
    code, _, errors = run("journal", "import", "truth.csv", "a.jsonl")
    assert code == 1
    assert word in errors
    assert "Traceback" not in errors


def test_what_is_asked_wrongly(run):
    name = truth(f"{uuid(0)},0,AB1")
    assert run("journal", "import", name)[0] == 2
    assert run("journal", "import", "nothing.csv", "a.jsonl")[0] == 1
    assert run("journal", "verify", "--expect", "nonsense")[0] == 2
    assert run("journal", "export", "-", "--where", "plate:AB1")[0] == 2
    assert run("journal", "export", "-", "a.jsonl", "--format", "coco")[0] == 2
    assert run("journal", "import", "journal.sqlite", journal=None)[0] == 1
    assert run("journal")[0] == 2
    Path("x.sqlite").write_bytes(b"SQLite format 3\0" + b"x" * 200)
    code, _, errors = run("journal", "import", "x.sqlite")
    assert (code, "no journal" in errors) == (1, True)


def test_verify_prints_chains_and_finds_what_was_done(run, place):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f"{uuid(0)},1,CD7", f"{uuid(1)},0,EF3"), "a.jsonl")
    code, out, errors = run("journal", "verify")
    assert code == 0
    writer, _, head = out.strip().partition(": 3 entries, head ")
    assert parse_head(head).writer == writer
    assert "is in order" in errors
    assert run("journal", "verify", "journal.sqlite", "--expect", head, journal=None)[:2] == (0, out)
    place.disarm()
    place.execute("DELETE FROM entry WHERE sequence = 3")
    code, out, errors = run("journal", "verify")
    assert (code, "removed at the end" in out) == (1, True)
    assert "not as it was written" in errors
    place.execute("UPDATE entry SET body = replace(body, 'CD7', 'CD8')")
    assert "Entry 2 was changed" in run("journal", "verify")[1]


def test_verify_tells_of_heads_from_elsewhere(run, place):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f"{uuid(0)},1,CD7"), "a.jsonl")
    run("journal", "export", "out.csv")
    (head,) = json.loads(Path("out.csv.manifest.json").read_text())["heads"]
    place.disarm()
    place.execute("DELETE FROM entry WHERE sequence = 2")
    for path in (state_folder() / "journals").iterdir():
        path.unlink()
    assert run("journal", "verify")[0] == 0
    assert run("journal", "verify", "--expect", head)[0] == 1


def test_the_help_says_what_a_chain_does_not_prove(run):
    code, out, _ = run("journal", "verify", "--help", journal=None)
    assert code == 0
    assert "There is no key and no signature" in out
    assert max(map(len, out.splitlines())) < 100


def test_another_reviewers_journal(run, place, tmp_path):
    with closing(place.open()) as journal, closing(SqliteJournal(tmp_path / "bob.sqlite")) as other:
        ann, bob = Pen(journal, "ann", tmp_path / "s1"), Pen(other, "bob", tmp_path / "s2")
        ann.write(ann.entry(Act.CORRECT, Scope.READ, [subject(1)], plate="AB1"))
        bob.write(bob.entry(Act.WRONG, Scope.READ, [subject(1)], plate="AB7"))
        bob.write(bob.entry(Act.NOT_A_PLATE, Scope.READ, [subject(2)]))
    before = (tmp_path / "bob.sqlite").read_bytes()
    code, out, errors = run("journal", "import", "bob.sqlite")
    assert code == 0
    # Both may have said it in the same millisecond: then they stand by the names of their writers.
    head, said = out.rstrip("\n").split(" 0: ")
    assert (head, sorted(said.split(", "))) == ("disputed: U-2", ["ann: AB1", "bob: AB7"])
    assert "2 entries added, 0 known already, 0 writers refused, 1 reads disputed" in errors
    assert (tmp_path / "bob.sqlite").read_bytes() == before
    code, out, errors = run("journal", "import", "bob.sqlite")
    assert (code, out) == (0, "")
    assert "0 entries added, 2 known" in errors
    assert run("journal", "import", "journal.sqlite")[0] == 2
    assert run("journal", "verify")[1].count("head") == 2


def test_a_journal_that_was_tampered_with_is_not_taken_in(run, tmp_path):
    with closing(SqliteJournal(tmp_path / "bob.sqlite")) as other:
        other.append("bob", bodies(3))
    (tmp_path / "x").mkdir()
    with closing(sqlite3.connect(tmp_path / "bob.sqlite", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER entry_stays")
        connection.execute("UPDATE entry SET body = '{}' WHERE sequence = 1")
    code, out, _ = run("journal", "import", "bob.sqlite")
    assert code == 1
    assert out.startswith("refused: Entry 1 of bob was changed")


def exported(run, *words):
    code, out, errors = run("journal", "export", "-", *words)
    assert code == 0, errors
    return out


def test_decisions_as_rows(run, place):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f'{uuid(0)},1,"=cmd()"'), "a.jsonl")
    rows = list(csv.DictReader(io.StringIO(exported(run))))
    assert [(row["act"], row["plate"], row["counts"], row["sequence"]) for row in rows] == [
        ("correct", "AB1", "true", "1"),
        ("wrong", "'=cmd()", "true", "2"),
    ]
    assert unguarded(rows[1]["plate"]) == "=cmd()"
    assert all(row["time_utc"].endswith("Z") for row in rows)
    lines = [json.loads(line) for line in exported(run, "--format", "jsonl").splitlines()]
    assert [line["plate"] for line in lines] == ["AB1", "=cmd()"]
    assert lines[0]["subjects"][0]["uuid"] == uuid(0)
    assert list(lines[0]) == list(rows[0])


def test_only_what_the_query_and_the_sources_show(run):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f"{uuid(0)},1,CD7", f"{uuid(1)},0,EF3"), "a.jsonl")
    Path("b.jsonl").write_text(json.dumps(VALUES[1]))
    plates = [json.loads(x)["plate"] for x in exported(run, "b.jsonl", "--format", "jsonl").splitlines()]
    assert plates == ["EF3"]
    out = exported(run, "a.jsonl", "--where", "=AB1", "--format", "jsonl")
    assert [json.loads(line)["plate"] for line in out.splitlines()] == ["AB1"]


def test_a_file_with_its_manifest(run):
    import hashlib

    run("journal", "import", truth(f"{uuid(0)},0,AB1"), "a.jsonl")
    assert run("journal", "export", "out.csv")[0] == 0
    manifest = json.loads(Path("out.csv.manifest.json").read_text())
    assert manifest["counts"] == {"entries": 1, "not_understood": 0}
    assert manifest["sha256"] == hashlib.sha256(Path("out.csv").read_bytes()).hexdigest()
    assert manifest["made_utc"].endswith("Z")
    code, _, errors = run("journal", "export", "no/such/out.csv")
    assert (code, "cannot be written" in errors) == (1, True)


def test_reads_and_passes_are_exported_with_their_decisions(run):
    run("journal", "import", truth(f"{uuid(0)},1,CD7", f"{uuid(1)},0,EF3"), "a.jsonl", "--reviewer", "ann")
    rows = list(csv.DictReader(io.StringIO(run("export", "reads", "a.jsonl")[1])))
    assert [(row["decision"], row["resolved_plate"], row["reviewer"]) for row in rows] == [
        ("", "", ""),
        ("wrong", "CD7", "ann"),
        ("correct", "EF3", "ann"),
        ("", "", ""),
    ]
    assert [bool(row["decided_utc"]) for row in rows] == [False, True, True, False]
    passes = list(csv.DictReader(io.StringIO(run("export", "passes", "a.jsonl")[1])))
    assert sorted(row["resolved_plate"] for row in passes if row["decision"]) in (["CD7", "EF3"], ["CD7"], [])
    run("journal", "import", truth(f"{uuid(0)},1,CD9"), "a.jsonl", "--reviewer", "bob")
    rows = list(csv.DictReader(io.StringIO(run("export", "reads", "a.jsonl")[1])))
    assert (rows[1]["decision"], rows[1]["resolved_plate"]) == ("disputed", "")


@pytest.mark.parametrize(
    "words",
    [("journal", "verify"), ("journal", "export", "-"), ("stats", "a.jsonl"), ("stats", "a.jsonl", "--json")],
    ids=" ".join,
)
def test_a_full_disk_behind_standard_output(run, words, monkeypatch):
    run("journal", "import", truth(f"{uuid(0)},0,AB1"), "a.jsonl")
    monkeypatch.setenv("PYTHONPATH", str(Path(alprviewer.__file__).parents[1]))
    command = [sys.executable, "-m", "alprviewer", *words, "--journal", "sqlite:///journal.sqlite"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr.splitlines()) == (
        1,
        ["alprviewer: The output cannot be written: No space left on device."],
    )


@pytest.mark.parametrize("journal", ["sqlite:///none.sqlite", None])
def test_a_journal_that_is_not_there_is_not_said_to_be_refused(run, journal):
    for words in (("journal", "verify"), ("journal", "export", "-"), ("stats", "a.jsonl")):
        code, out, errors = run(*words, journal=journal)
        assert (code, out) == (1, "")
        assert errors.startswith("alprviewer: There is no journal ")
        assert ("nothing was decided yet" in errors) is (journal is None)
    assert not Path("none.sqlite").exists()


def test_ground_truth_that_lacks_pictures_says_so(run):
    run("journal", "import", truth(f"{uuid(0)},0,AB1", f"{uuid(1)},0,EF3"), "a.jsonl")
    code, _, errors = run("journal", "export", "coco", "a.jsonl", "--format", "coco")
    assert (code, "2 of 2 frames without a picture (--images names a folder)" in errors) == (0, True)
    code, _, errors = run("journal", "export", "ocr", "a.jsonl", "--format", "ocr-csv")
    assert (code, "pictur" in errors) == (0, False)


def test_an_export_without_any_journal_has_empty_cells(run):
    assert not (data_folder() / "journal.sqlite").exists()
    code, out, errors = run("export", "reads", "a.jsonl", journal=None)
    assert (code, errors) == (0, "")
    assert {row["decision"] for row in csv.DictReader(io.StringIO(out))} == {""}
    assert not (data_folder() / "journal.sqlite").exists()


def test_reads_without_a_uuid_are_found_by_their_digest(run, place, tmp_path):
    from alprviewer.capture.spans import SpanReader
    from alprviewer.review.subjects import Subjects

    capture = capture_of("a.jsonl")
    with closing(SpanReader(capture)) as reader, closing(place.open()) as journal:
        pen = Pen(journal, "ann", tmp_path / "state")
        pen.write(pen.entry(Act.CORRECT, Scope.READ, [Subjects(capture, reader).read(3)], plate="GH4"))
    assert [row for row, placed in judged(place).items() if placed.entry.plate == "GH4"] == [3]
