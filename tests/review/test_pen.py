"""From what a reviewer says to what holds: pen, journal, heads, and the decisions that follow."""

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import alprviewer
from alprviewer.core.chain import Head, next_link
from alprviewer.core.decision import Act, Scope, Target, body, in_subject_order, read_body
from alprviewer.core.errors import JournalError, UsageError
from alprviewer.core.standing import UNTOUCHED
from alprviewer.review.decisions import Decisions
from alprviewer.review.heads import KeptHeads
from alprviewer.review.opening import open_journal
from alprviewer.review.pen import Pen, account, writer_name
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.decisions import entry, subject
from tests.helpers.journals import bodies, opened


@pytest.fixture
def journal(tmp_path):
    with closing(SqliteJournal(tmp_path / "journal.sqlite")) as found:
        yield found


def test_what_is_said_is_kept_with_who_when_and_by_what(journal, tmp_path):
    pen = Pen(journal, "ann", tmp_path, now=lambda: 1_700_000_000_000)
    said = pen.entry(Act.CORRECT, Scope.READ, [subject()], plate="AB1", shown="AB1", seconds=1.25)
    (link,) = pen.write(said)
    assert read_body(link.body) == said
    assert (said.reviewer, said.time, said.version) == ("ann", 1_700_000_000_000, alprviewer.__version__)
    assert link.writer == pen.writer
    assert KeptHeads(tmp_path / "journals", journal.id).read() == [link.head]


def test_all_entries_of_one_writing_or_none(journal, tmp_path):
    pen = Pen(journal, "ann", tmp_path)
    good = pen.entry(Act.CORRECT, Scope.READ, [subject()], plate="AB1")
    with pytest.raises(ValueError, match="plate"):
        pen.write(good, pen.entry(Act.WRONG, Scope.READ, [subject()]))
    assert journal.since().links == []
    assert len(pen.write(good, good)) == 2
    assert pen.write() == []


def test_nothing_is_said_to_be_saved_that_is_not(journal, tmp_path):
    pen = Pen(journal, "ann", tmp_path)
    journal.close()
    with pytest.raises(JournalError):
        pen.write(pen.entry(Act.SKIP, Scope.READ, [subject()]))
    assert KeptHeads(tmp_path / "journals", journal.id).read() == []


def test_undo_and_redo(engine, tmp_path):
    with opened(engine) as journal:
        pen, decisions = Pen(journal, "ann", tmp_path), Decisions()
        reads = in_subject_order(map(subject, range(3)))
        decisions.add(pen.write(pen.entry(Act.CORRECT, Scope.PASS, reads, plate="AB1")))
        decided = decisions.of_pass(read.digest for read in reads).decision
        assert decided is not None
        touched = decisions.add(pen.write(pen.take_back(decided)))
        assert touched == {read.digest for read in reads}
        assert decisions.read(reads[0].digest) == UNTOUCHED
        decisions.add(pen.write(pen.take_back(decided, Act.REDO)))
        assert decisions.read(reads[0].digest).decision == decided
        again = Decisions()
        again.add(journal.since().links)
        assert again.read(reads[1].digest) == decisions.read(reads[1].digest)


def test_two_reviewers_see_each_other(engine, tmp_path):
    with opened(engine, "desk", "lab") as (journal, other):
        ann = Pen(journal, "ann", tmp_path / "desk")
        bob = Pen(other, "bob", tmp_path / "lab")
        mine, watch = Decisions(), journal.watch()
        mine.add(ann.write(ann.entry(Act.CORRECT, Scope.READ, [subject()], plate="AB1")))
        while watch.wait(0.05):
            pass
        bob.write(bob.entry(Act.WRONG, Scope.READ, [subject()], plate="AB7"))
        assert watch.wait(2.0)
        mine.add(journal.since().links)
        found = mine.read(subject().digest)
        watch.close()
    assert (found.disputed, found.decision) == (True, None)
    assert [each.entry.plate for each in found.verdicts] == ["AB1", "AB7"]


def test_a_chain_has_a_name_for_each_installation_and_journal(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    names = [writer_name("a", one), writer_name("a", one), writer_name("b", one), writer_name("a", other)]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    assert names[0].startswith(f"{account()}@")
    assert (one / "installation").stat().st_mode & 0o077 == 0


def test_a_state_folder_that_cannot_be_written(journal, tmp_path, expected_logs):
    blocked = tmp_path / "file"
    blocked.write_text("")
    expected_logs("could not be kept")
    pen = Pen(journal, "ann", blocked / "state")
    assert pen.write(pen.entry(Act.SKIP, Scope.READ, [subject()]))


heads = st.builds(Head, st.sampled_from("ab"), st.integers(1, 9), st.sampled_from(["0" * 64, "f" * 64]))


@given(st.lists(st.lists(heads, max_size=3), max_size=5))
def test_the_heads_that_go_furthest_are_kept(tmp_path_factory, found):
    kept = KeptHeads(tmp_path_factory.mktemp("heads"), "id")
    expected = {}
    for some in found:
        kept.keep(some)
        for head in some:
            if head.writer not in expected or head.sequence > expected[head.writer].sequence:
                expected[head.writer] = head
    assert {head.writer: head for head in kept.read()} == expected


def test_lines_that_are_no_heads_are_passed_over(tmp_path):
    (tmp_path / "id.heads").write_bytes(b"\xff\nnonsense\nann:3:" + b"a" * 64 + b"\n")
    assert KeptHeads(tmp_path, "id").read() == [Head("ann", 3, "a" * 64)]


def test_decisions_pass_over_what_they_do_not_understand():
    decisions = Decisions()
    first = next_link("ann", None, '{"act":"sing"}')
    second = next_link("ann", first.head, body(entry()))
    assert decisions.add([first, second]) == {subject().digest}
    assert decisions.add([first, second]) == set()
    assert (len(decisions), decisions.not_understood) == (1, 1)
    assert [each.sequence for each in decisions.history()] == [2]
    assert decisions.subjects() == [subject()]
    assert decisions.read("0" * 64) == UNTOUCHED == decisions.of_pass([])


said = st.lists(
    st.tuples(
        st.sampled_from(["ann@desk", "bob@lab"]),
        st.integers(0, 5),
        st.sampled_from([Act.CORRECT, Act.UNREADABLE, Act.UNDO]),
    ),
    min_size=1,
    max_size=10,
)


@given(said, st.randoms(use_true_random=False))
def test_entries_may_come_in_any_order(found, chance):
    """A window knows its own entries before those that another window of the same person wrote earlier."""
    links, heads = [], {}
    for writer, time, wanted in found:
        target = Target(writer, heads[writer].sequence) if wanted is Act.UNDO and writer in heads else None
        act = Act.SKIP if wanted is Act.UNDO and target is None else wanted
        plate = "AB1" if act is Act.CORRECT else None
        text = body(entry(reviewer=writer[:3], time=time, act=act, plate=plate, target=target))
        links.append(next_link(writer, heads.get(writer), text))
        heads[writer] = links[-1].head
    expected = Decisions()
    expected.add(links)
    shuffled = chance.sample(links, len(links))
    decisions, touched = Decisions(), set()
    for link in shuffled:
        touched |= decisions.add([link])
    assert decisions.read(subject().digest) == expected.read(subject().digest)
    assert decisions.history() == expected.history()
    assert touched == {subject().digest}
    assert decisions.add(links) == set()


def test_journals_by_their_urls(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for url, path in (
        ("", tmp_path / "data" / "journal.sqlite"),
        ("sqlite:///here.sqlite", tmp_path / "here.sqlite"),
        (f"sqlite:///{tmp_path}/a%20b.sqlite", tmp_path / "a b.sqlite"),
    ):
        with closing(open_journal(url, tmp_path / "data")):
            assert path.is_file()


@pytest.mark.parametrize("url", ["journal.sqlite", "sqlite:///", "mysql://x", "sqlite://x", "sqlite:///%00"])
def test_what_is_no_url_of_a_journal(url, tmp_path):
    with pytest.raises(UsageError, match="sqlite:///FILE or postgresql://"):
        open_journal(url, tmp_path)


def test_a_server_by_its_url(server, tmp_path):
    if server is None:
        pytest.skip("needs PostgreSQL")
    url = server.database()
    with closing(open_journal(url, tmp_path)) as journal:
        links = journal.append("ann", bodies(1))
    with closing(open_journal(url, tmp_path)) as journal:
        assert list(journal.chain("ann")) == links
    with pytest.raises(UsageError):
        open_journal("postgresql://[", tmp_path)


def test_a_file_needs_no_driver_of_a_server(tmp_path):
    code = (
        "import json, sys; from pathlib import Path; from alprviewer.review.opening import open_journal;"
        f"open_journal('', Path({str(tmp_path)!r})).close(); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "psycopg" not in json.loads(done.stdout)
