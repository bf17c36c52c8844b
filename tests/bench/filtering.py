"""Filtering millions of reads: ``store.filtering.Filter`` against DuckDB; candidates are stated alone."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import synthetic
from tests.bench.options import Options
from tests.bench.places import BUILD, CONTENDERS_PYTHON, home
from tests.bench.processes import Talker
from tests.bench.report import Row
from tests.bench.timing import interleaved

_GOAL = "no slower than DuckDB, under 300 ms at 5,000,000"
_ENOUGH_MS = 300
_GOAL_ROWS = 5_000_000


class Question(NamedTuple):
    """The same question as a query and as the condition of a SELECT."""

    query: str
    sql: str = ""


QUESTIONS = {
    "plate contains": Question("plate:ABC", "contains(plate, 'ABC')"),
    "plate, wildcard": Question("plate:A?B*", "plate LIKE 'A_B%'"),
    "plate, regular expression": Question(r"plate:/^[A-F]+\d{2}/", r"regexp_matches(plate, '^[A-F]+\d{2}')"),
    "plate, edit distance": Question("plate:~2:ABC1234", "levenshtein(plate, 'ABC1234') <= 2"),
    "confidence": Question("conf>=90", "confidence >= 90"),
    "time": Question(
        "time:2026-05-29T00:00Z..2026-05-29T23:59Z",
        "epoch_time >= 1780012800000 AND epoch_time < 1780099200000",
    ),
    "plate, confidence and time": Question(
        "plate:AB conf:80..90 time>=2026-05-29T00:00Z",
        "contains(plate, 'AB') AND confidence BETWEEN 80 AND 90 AND epoch_time >= 1780012800000",
    ),
    "one of three, one not": Question(
        "(plate:=A* OR plate:B* OR conf<60) -plate:*9",
        "(plate = 'A*' OR plate LIKE 'B%' OR confidence < 60) AND NOT plate LIKE '%9'",
    ),
}
CANDIDATES = {"candidate contains": Question("candidate:ABC"), "anything contains": Question("ABC")}


def rows(options: Options) -> list[Row]:
    """Every question to both, in turns; those about candidates to ours."""
    BUILD.mkdir(parents=True, exist_ok=True)
    commands = {"ours": [sys.executable, "-m", "tests.bench.inside.filtering"]}
    if CONTENDERS_PYTHON.exists():
        commands["DuckDB"] = [str(CONTENDERS_PYTHON), "-m", "tests.bench.contenders.filtering"]
    found: list[Row] = []
    with tempfile.TemporaryDirectory(dir=BUILD) as folder, home() as places, ExitStack() as stack:
        synthetic.write(Path(folder), options.rows)
        talkers = {
            name: stack.enter_context(Talker([*command, folder], places))
            for name, command in commands.items()
        }
        for title, question in {**QUESTIONS, **CANDIDATES}.items():
            options.say(f"{title}, {options.rows:,} rows")
            found.append(
                _ask(title, question, talkers if question.sql else {"ours": talkers["ours"]}, options)
            )
    return found


def _ask(title: str, question: Question, talkers: dict[str, Talker], options: Options) -> Row:
    answers: dict[str, dict[str, Any]] = {}

    def contender(name: str) -> Callable[[], float]:
        def take() -> float:
            answers[name] = talkers[name].ask({"query": question.query, "sql": question.sql})
            return float(answers[name]["seconds"])

        return take

    rounds = interleaved({name: contender(name) for name in talkers}, rounds=options.rounds, say=options.say)
    ours = rounds.of("ours").median
    name = f"filter {options.rows:,} by {title}"
    note = f"{question.query}: {answers['ours']['count']:,} rows"
    details = {each: rounds.samples[each].plain() for each in rounds.samples}
    if "DuckDB" not in rounds.samples:
        return Row(name, ours * 1000, "ms", note=note, details=details)
    theirs = rounds.of("DuckDB").median
    if answers["DuckDB"]["digest"] != answers["ours"]["digest"]:
        note += f"; NOT the same rows: DuckDB has {answers['DuckDB']['count']:,}"
    in_time = options.rows < _GOAL_ROWS or ours * 1000 < _ENOUGH_MS
    return Row(
        name,
        ours * 1000,
        "ms",
        theirs * 1000,
        "DuckDB",
        _GOAL,
        ours <= theirs and in_time,
        note=note,
        details=details,
    )
