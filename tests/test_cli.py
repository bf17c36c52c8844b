"""The command line: exit codes, messages, pipes."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from alprviewer import cli
from alprviewer.capture.cache import Cache
from tests.helpers.reading import frame_value
from tests.helpers.realdata import SAMPLE

COMMAND = [sys.executable, "-m", "alprviewer"]


@pytest.fixture
def name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = [frame_value(1, ("B2", "A1")), frame_value(2, ("C3",))]
    Path("a.jsonl").write_text("".join(json.dumps(value) + "\n" for value in values) + "{broken\n")
    return "a.jsonl"


def run(capfdbinary, *words):
    """Exit code, standard output and standard error of a command run here."""
    code = cli.run(list(words))
    done = capfdbinary.readouterr()
    return code, done.out.decode(), done.err.decode()


def child(*words, environment, **options):
    done = subprocess.run(
        [*COMMAND, *words],
        env=environment,
        capture_output=True,
        check=False,
        cwd=SAMPLE.parents[2],
        **options,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def output_to(file, words, environment):
    """Exit code and standard error of a command on the sample, with its output going to a file."""
    command = [*COMMAND, *words, str(SAMPLE)]
    done = subprocess.run(
        command,
        env=environment,
        stdout=file,
        stderr=subprocess.PIPE,
        check=False,
        cwd=SAMPLE.parents[2],
    )
    return done.returncode, done.stderr


def test_a_token_that_is_not_there_is_told_before_a_window_opens(capfdbinary):
    code, _, said = run(capfdbinary, "open", "tcp://127.0.0.1:1", "--token-env", "NO_SUCH_VARIABLE")
    assert code == 2
    assert "NO_SUCH_VARIABLE" in said


def test_version_without_qt(environment_without_qt):
    code, out, errors = child("--version", environment=environment_without_qt)
    assert (code, errors) == (0, "")
    assert out.startswith("alprviewer ")
    assert ", Python 3." in out
    assert ", Qt 6." in out
    assert out.count("\n") == 1


def test_version_imports_nothing_heavy():
    code = "import sys; from alprviewer.cli import run; run(['--version']); print(sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=SAMPLE.parents[2]
    )
    for module in ("PySide6", "shiboken6", "numpy", "msgspec", "orjson", "pyqtgraph", "lark"):
        assert f"'{module}'" not in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["index"],
        ["export", "reads"],
        ["export", "frames", "--format", "jsonl"],
        ["export", "reads", "--sort", "plate"],
        ["export", "passes"],
    ],
)
def test_verbs_that_need_no_display_need_no_qt(words, environment_without_qt):
    code, out, errors = child(*words, "resources/sample/sample.jsonl", environment=environment_without_qt)
    assert (code, errors) == (0, "")
    assert len(out) > 100


def test_index(name, capfdbinary):
    code, out, errors = run(capfdbinary, "index", name, "--json")
    assert (code, errors) == (0, "")
    counts = json.loads(out)
    assert (counts["frames"], counts["reads"], counts["problems"]) == (2, 3, {"syntax": 1})
    words = "distinct_plates passes groups alerts vehicles heartbeats bytes bytes_by seconds bytes_per_second"
    assert set(counts) >= set(words.split())
    assert sum(counts["bytes_by"].values()) == counts["bytes"] == Path(name).stat().st_size
    code, out, errors = run(capfdbinary, "index", name)
    assert (code, errors) == (0, "")
    assert "frames  2" in out


def test_passes(name, capfdbinary):
    code, out, errors = run(capfdbinary, "index", name, "--json", "--passes")
    assert (code, errors, json.loads(out)["passes"]) == (0, "", 2)
    code, out, errors = run(capfdbinary, "export", "passes", name, "--sort", "-best_plate")
    assert (code, errors) == (0, "")
    found = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [row["reads"] for row in sorted(found, key=lambda row: row["reads"])] == ["1", "2"]
    assert [row["best_plate"] for row in found] == sorted((row["best_plate"] for row in found), reverse=True)
    code, out, errors = run(capfdbinary, "export", "reads", name, "--format", "jsonl")
    assert (code, errors) == (0, "")
    named = {row["plate"]: row["pass"] for row in map(json.loads, out.splitlines())}
    assert {row["best_plate"]: row["pass"] for row in found}.items() <= named.items()


def test_passes_come_from_the_cache(capfdbinary, tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache", 1 << 30, worth=1)
    monkeypatch.setattr("alprviewer.capture.cache.user_cache", lambda: cache)
    words = ("export", "passes", str(SAMPLE))
    first = run(capfdbinary, *words)
    monkeypatch.setattr("alprviewer.store.passes.weighed", lambda *_: 1 / 0)
    assert first == run(capfdbinary, *words)
    assert first[0] == 0
    code, out, _ = run(capfdbinary, "index", str(SAMPLE), "--json", "--passes")
    assert (code, json.loads(out)["passes"]) == (0, first[1].count("\n") - 1)


def test_export(name, capfdbinary):
    code, out, errors = run(capfdbinary, "export", "reads", name)
    assert (code, errors) == (0, "")
    found = list(csv.DictReader(io.StringIO(out, newline="")))
    assert [(row["source"], row["plate"]) for row in found] == [(name, "B2"), (name, "A1"), (name, "C3")]
    code, out, errors = run(capfdbinary, "export", "problems", name, "--format", "jsonl", "--limit", "1")
    assert (code, errors) == (0, "")
    assert json.loads(out)["kind"] == "syntax"


@pytest.mark.parametrize(
    "words",
    [["--sort", "-confidence,plate"], ["--sort=-confidence,plate"], ["--sort", " -confidence , plate"]],
)
def test_sort(name, capfdbinary, words):
    code, out, _ = run(capfdbinary, "export", "reads", name, *words)
    assert code == 0
    assert [row["plate"] for row in csv.DictReader(io.StringIO(out))] == ["A1", "B2", "C3"]
    code, out, _ = run(capfdbinary, "export", "reads", name, "--sort", "-plate")
    assert [row["plate"] for row in csv.DictReader(io.StringIO(out))] == ["C3", "B2", "A1"]


def test_a_file_as_output(name, capfdbinary):
    assert run(capfdbinary, "export", "reads", name, "-o", "out.csv") == (0, "", "")
    assert Path("out.csv").read_text().count("\n") == 4
    code, out, _ = run(capfdbinary, "export", "reads", name, "-o", "-")
    assert (code, out.count("\n")) == (0, 4)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["index", "missing.json"], 1, "alprviewer: There is no file or folder missing.json.\n"),
        (["export", "reads", "missing.json"], 1, "alprviewer: There is no file or folder missing.json.\n"),
        (["export", "reads", "a.jsonl", "--sort", "nothing"], 2, "no column 'nothing'"),
        (["export", "reads", "a.jsonl", "--sort", "a,,b"], 2, "a key is empty"),
        (["export", "reads", "a.jsonl", "--sort", "-"], 2, "a key is empty"),
        (["export", "reads", "a.jsonl", "--sort", "candidates"], 2, "candidate_count"),
        (["export", "reads", "a.jsonl", "-o", "a.jsonl"], 2, "is one of the sources"),
        (["export", "reads", ".", "-o", "./a.jsonl"], 2, "is one of the sources"),
        (["export", "reads", "a.jsonl", "-o", "no/such/folder.csv"], 1, "cannot be written: No such file"),
        (["export", "reads", "a.jsonl", "-o", "."], 1, "cannot be written: Is a directory"),
        (["export", "reads", "a.jsonl", "-o", "/dev/full"], 1, "cannot be written: No space left"),
        (["export", "nothing", "a.jsonl"], 2, "invalid choice"),
        (["export", "reads"], 2, "the following arguments are required: SOURCE"),
        (["export", "reads", "a.jsonl", "--limit", "-5"], 2, "from 0 up"),
        (["export", "reads", "a.jsonl", "--limit", "x"], 2, "from 0 up"),
        (["export", "reads", "a.jsonl", "--format", "xml"], 2, "invalid choice"),
        (["export", "reads", "a.jsonl", "--sort"], 2, "expected one argument"),
        (["index"], 2, "required"),
        (["index", ""], 1, "empty name"),
        (["index", "/dev/zero"], 1, "a device"),
        (["screenshot", "a.jsonl"], 2, "required"),
        (["screenshot", "a.jsonl", "-o", "x.png", "--size", "5x5"], 2, "WIDTHxHEIGHT"),
        (["screenshot", "a.jsonl", "-o", "x.png", "--scale", "7"], 2, "invalid choice"),
        (["--nonsense"], 2, "unrecognized arguments"),
    ],
)
def test_what_cannot_be_done(name, capfdbinary, words, code, message):
    before = Path(name).read_bytes()
    found, out, errors = run(capfdbinary, *words)
    assert (found, out) == (code, "")
    assert message in errors
    assert "Traceback" not in errors
    assert Path(name).read_bytes() == before


def test_an_older_file_is_kept_where_the_sources_are_wrong(name, capfdbinary):
    Path("out.csv").write_text("precious")
    assert run(capfdbinary, "export", "reads", "missing.json", "-o", "out.csv")[0] == 1
    assert run(capfdbinary, "export", "reads", name, "--sort", "x", "-o", "out.csv")[0] == 2
    assert Path("out.csv").read_text() == "precious"


@pytest.mark.parametrize(
    "words", [["--help"], ["index", "--help"], ["export", "-h"], ["screenshot", "--help"], ["open", "--help"]]
)
def test_help(words, capfdbinary):
    code, out, errors = run(capfdbinary, *words)
    assert (code, errors) == (0, "")
    assert "usage: alprviewer" in out


@pytest.mark.parametrize("verb", [["index", "--json"], ["export", "frames", "--format", "jsonl"]])
def test_standard_input(name, verb, environment_without_qt):
    data = Path(name).read_bytes()
    code, out, errors = child(*verb, "-", environment=environment_without_qt, input=data)
    assert (code, errors) == (0, "")
    if verb[0] == "index":
        assert json.loads(out)["bytes"] == len(data)
    else:
        assert [json.loads(line)["source"] for line in out.splitlines()] == ["-", "-"]


def test_nothing_of_standard_input_stays_behind(name, environment_without_qt, tmp_path):
    environment = environment_without_qt | {
        "TMPDIR": str(tmp_path),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    before = sorted(tmp_path.rglob("*"))
    assert child("index", "-", environment=environment, input=Path(name).read_bytes())[0] == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_a_pipe_as_source(name, environment_without_qt, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*COMMAND, "export", "frames", str(pipe), "--format", "jsonl"],
        env=environment_without_qt,
        stdout=subprocess.PIPE,
        cwd=SAMPLE.parents[2],
    ) as process:
        pipe.write_bytes(Path(name).read_bytes())
        out, _ = process.communicate()
    assert process.returncode == 0
    assert [json.loads(line)["source"] for line in out.splitlines()] == [str(pipe)] * 2


@pytest.mark.parametrize(
    "words", [["export", "reads"], ["export", "reads", "--sort", "plate"], ["index"], ["index", "--json"]]
)
def test_a_reader_that_goes_away(words, environment_without_qt):
    read, write = os.pipe()
    os.close(read)
    assert output_to(write, words, environment_without_qt) == (0, b"")
    os.close(write)


def test_a_full_disk_behind_standard_output(environment_without_qt):
    with Path("/dev/full").open("wb") as full:
        code, errors = output_to(full, ["index"], environment_without_qt)
    assert code == 1
    assert errors == b"alprviewer: The output cannot be written: No space left on device.\n"


def test_a_source_that_fails_among_others_is_told(name, capfdbinary, monkeypatch):
    from alprviewer.capture import export

    def failing(what, file, select):
        if file.name == "b.jsonl":
            from alprviewer.core.errors import SourceError

            raise SourceError("The disk of b is gone.")
        yield from original(what, file, select)

    original = export._one_source
    monkeypatch.setattr(export, "_one_source", failing)
    Path("b.jsonl").write_text("{}")
    code, out, errors = run(capfdbinary, "export", "reads", "b.jsonl", name)
    assert (code, errors) == (0, "alprviewer: The disk of b is gone.\n")
    assert out.count("\n") == 4


def test_an_interrupt_is_no_failure_of_ours(name, monkeypatch, capfdbinary):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setitem(cli._RUN, "index", interrupt)
    assert run(capfdbinary, "index", name) == (130, "", "")


def test_a_first_word_that_is_no_verb_means_open(name, monkeypatch):
    opened = []
    monkeypatch.setitem(
        cli._RUN, "open", lambda options: opened.append((options.sources, options.images)) or 0
    )
    assert cli.run([]) == 0
    assert cli.run([name, "-"]) == 0
    assert cli.run(["--images", "x", name]) == 0
    assert cli.run(["open", "index"]) == 0
    assert opened == [([], []), ([name, "-"], []), ([name], ["x"]), (["index"], [])]


PEAK = """
import resource, subprocess, sys
command = [sys.executable, "-m", "alprviewer", *sys.argv[1:]]
subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak(environment, *words) -> int:
    """Kilobytes of memory that a command takes at most."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *words],
        env=environment,
        capture_output=True,
        check=True,
        cwd=SAMPLE.parents[2],
    )
    return int(done.stdout)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("what", "words", "growth"),
    [("frames", [], 4_000), ("reads", [], 15_000), ("reads", ["--sort", "plate"], 36_000)],
)
def test_export_streams(what, words, growth, tmp_path, environment_without_qt):
    """Four times as many frames take no more memory; with passes or sorted, a few bytes a read."""
    lines = "".join(
        json.dumps(frame_value(n, ("A", "B", "C")), separators=(",", ":")) + "\n" for n in range(500)
    )
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    small.write_text(lines * 6)
    large.write_text(lines * 24)
    kilobytes = [peak(environment_without_qt, "export", what, str(path), *words) for path in (small, large)]
    assert kilobytes[1] < kilobytes[0] + growth


def test_rows_that_a_query_selects(name, capfdbinary):
    code, out, _ = run(
        capfdbinary, "export", "reads", name, "--where", "-plate:A1 conf>0", "--sort", "-plate"
    )
    assert code == 0
    assert [row["plate"] for row in csv.DictReader(io.StringIO(out))] == ["C3", "B2"]


@pytest.mark.parametrize("verb", [["export", "reads"], ["screenshot", "-o", "x.png"], ["open"]])
def test_a_query_that_does_not_parse(name, capfdbinary, verb):
    code, out, error = run(capfdbinary, *verb, name, "--where", "conf>a")
    assert (code, out) == (2, "")
    assert error == "alprviewer: Expected a number (character 6 of the query)\n"


def test_rows_by_numbers_that_are_gone(name, capfdbinary, tmp_path):
    code, _, error = run(capfdbinary, "export", "reads", name, "--only", str(tmp_path / "none"))
    assert code == 1
    assert "cannot be read" in error
