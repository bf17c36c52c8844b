"""What every journal keeps to, on both engines: the same tests for SQLite and PostgreSQL."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.chain import check_chain, check_heads, next_link
from alprviewer.core.errors import JournalError
from alprviewer.review.journal import START, fitting
from tests.helpers.journals import bodies, opened


def test_entries_are_chained_and_come_back(engine):
    with opened(engine) as journal:
        first = journal.append("ann", bodies(2))
        second = journal.append("ann", bodies(1, 2))
        other = journal.append("bob", bodies(1, 3))
        assert [link.sequence for link in (*first, *second)] == [1, 2, 3]
        assert check_chain(journal.chain("ann")) == (second[0].head, 3, ())
        assert list(journal.chain("ann")) == [*first, *second]
        assert list(journal.chain("ann", 2)) == second
        assert list(journal.chain("nobody")) == []
        assert journal.heads() == [second[0].head, other[0].head]
        assert journal.hash_of("ann", 2) == first[1].hash
        assert journal.hash_of("ann", 4) is None
        assert journal.trouble == ""
        assert journal.damage() == []
    with opened(engine) as journal:
        assert set(journal.since().links) == {*first, *second, *other}


def test_nothing_to_append(engine):
    with opened(engine) as journal:
        assert journal.append("ann", []) == []
        assert journal.since() == ([], START)
        assert journal.heads() == []


def test_news_are_what_came_since(engine):
    with opened(engine, "desk", "lab") as (journal, other):
        journal.append("ann", bodies(2))
        news = other.since()
        assert len(news.links) == 2
        assert other.since(news.position).links == []
        added = journal.append("bob", bodies(1, 2))
        assert other.since(news.position).links == added


def test_a_long_chain_comes_in_order(engine):
    with opened(engine) as journal:
        journal.append("ann", bodies(2_345))
        assert check_chain(journal.chain("ann")).entries == 2_345


def test_any_text_comes_back(engine):
    texts = ["", "é\u202e漢😀", "\\u0000", "a\nb\r\n", "x" * 100_000, "'; DROP TABLE entry; --", "100 %s ?"]
    with opened(engine) as journal:
        journal.append("ann ?%s'", texts)
        found = list(journal.chain("ann ?%s'"))
    assert [link.body for link in found] == texts
    assert check_chain(found).faults == ()


def in_threads(count, work):
    failures = []

    def run(number):
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 - raised again below
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_two_windows_of_one_reviewer_write_one_chain(engine):
    with opened(engine, "desk", "desk") as journals:

        def write(number):
            for step in range(50):
                journals[number].append("ann", bodies(1, 1000 * number + step))

        in_threads(2, write)
        found = list(journals[0].chain("ann"))
    assert check_chain(found) == (found[-1].head, 100, ())
    assert {link.body for link in found} == {*bodies(50), *bodies(50, 1000)}


def test_twenty_reviewers_at_once(engine):
    computers = [f"computer{number}" for number in range(20)]
    with opened(engine, *computers) as journals:

        def write(number):
            for step in range(10):
                journals[number].append(f"writer{number}", bodies(1, 1000 * number + step))

        in_threads(20, write)
        news = journals[0].since()
        checked = [check_chain(journals[0].chain(head.writer)) for head in journals[7].heads()]
    assert len({link.hash for link in news.links}) == 200
    assert [(each.entries, each.faults) for each in checked] == [(10, ())] * 20


def test_readers_miss_nothing_while_many_write(engine):
    with opened(engine, *(f"computer{number}" for number in range(5))) as journals:
        seen, done = {}, threading.Event()

        def read():
            position = START
            while True:
                is_last = done.is_set()
                news = journals[4].since(position)
                position = news.position
                seen.update({link.hash: link for link in news.links})
                if is_last:
                    return

        def write(number):
            for step in range(25):
                journals[number].append(f"writer{number}", bodies(1, 1000 * number + step))

        reader = threading.Thread(target=read)
        reader.start()
        try:
            in_threads(4, write)
        finally:
            done.set()
            reader.join()
    assert len(seen) == 100


def test_a_watch_tells_of_what_others_wrote_within_two_seconds(engine):
    with opened(engine, "desk", "lab") as (journal, other):
        watch = journal.watch()
        try:
            while watch.wait(0.05):
                pass
            added = other.append("bob", bodies(1))
            assert watch.wait(2.0)
            assert journal.since().links == added
        finally:
            watch.close()


def test_merging_is_a_union(engine):
    with opened(engine) as journal:
        own = journal.append("ann", bodies(3))
        links = [next_link("bob", None, "b1")]
        links.append(next_link("bob", links[-1].head, "b2"))
        found = journal.add([*own[:2], *links])
        assert (found.added, found.known, found.clashes) == (links, 2, [])
        again = journal.add(reversed(links))
        assert (again.added, again.known, again.clashes) == ([], 2, [])
        more = next_link("bob", links[-1].head, "b3")
        assert journal.add([*links, more]).added == [more]
        assert list(journal.chain("bob")) == [*links, more]


def test_what_does_not_fit_is_left_out_and_said(engine):
    with opened(engine) as journal:
        own = journal.append("ann", bodies(2))
        forked = next_link("ann", own[0].head, "another second entry")
        behind = next_link("ann", forked.head, "behind it")
        found = journal.add([own[0], forked, behind])
        assert (found.added, found.known) == ([], 1)
        assert [(clash.writer, clash.sequence) for clash in found.clashes] == [("ann", 2)]
        assert "goes on in two ways" in found.clashes[0].reason
        first = next_link("bob", None, "b1")
        second = next_link("bob", first.head, "b2")
        assert "ends at entry 0" in journal.add([second]).clashes[0].reason
        assert "was changed" in journal.add([first._replace(body="x")]).clashes[0].reason
        other_first = next_link("bob", None, "other")
        journal.add([first])
        stranger = next_link("bob", other_first.head, "b2")
        assert "does not follow from entry 1" in journal.add([stranger]).clashes[0].reason
        assert "no name" in journal.add([next_link("two\nlines", None, "x")]).clashes[0].reason
        assert [head.writer for head in journal.heads()] == ["ann", "bob"]


chains = st.dictionaries(st.sampled_from("abc"), st.lists(st.sampled_from("xyz"), min_size=1, max_size=5))


def made(texts):
    links = []
    for writer, found in texts.items():
        last = None
        for text in found:
            links.append(next_link(writer, last, text))
            last = links[-1].head
    return links


@given(chains, chains)
def test_a_union_against_dictionaries(one, other):
    there, coming = made(one), made(other)
    heads = {link.writer: link.head for link in there}
    hashes = {link[:2]: link.hash for link in there}
    found = fitting(coming, heads, lambda *place: hashes.get(place))
    for writer, texts in other.items():
        known = one.get(writer, [])
        common = min(len(texts), len(known))
        agrees = texts[:common] == known[:common]
        added = [link.body for link in found.added if link.writer == writer]
        assert added == (texts[common:] if agrees else [])
        assert any(clash.writer == writer for clash in found.clashes) == (not agrees)
    union = sorted([*there, *found.added])
    for writer in {link.writer for link in union}:
        assert check_chain([link for link in union if link.writer == writer]).faults == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = 'x' WHERE sequence = 1",
        "DELETE FROM entry WHERE sequence = 2",
        "DELETE FROM entry",
    ],
)
def test_the_table_refuses_changes(engine, statement):
    with opened(engine) as journal:
        links = journal.append("ann", bodies(2))
        with pytest.raises(Exception, match="never"):
            engine.execute(statement)
        assert list(journal.chain("ann")) == links


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET body = body || ' ' WHERE sequence = 2",
        "UPDATE entry SET previous = 'x' WHERE sequence = 2",
        "UPDATE entry SET hash = 'x' WHERE sequence = 2",
        "UPDATE entry SET writer = 'bob' WHERE sequence = 2",
        "UPDATE entry SET sequence = 7 WHERE sequence = 2",
        "DELETE FROM entry WHERE sequence = 1",
        "DELETE FROM entry WHERE sequence = 2",
        "INSERT INTO entry (writer, sequence, previous, body, hash) VALUES ('ann', 0, 'x', 'x', 'x')",
        "INSERT INTO entry (writer, sequence, previous, body, hash) VALUES ('ann', 5, 'x', 'x', 'x')",
        "DELETE FROM entry WHERE sequence >= 3",
        "DELETE FROM entry",
    ],
)
def test_what_was_done_behind_its_back_is_found(engine, statement):
    with opened(engine) as journal:
        journal.append("ann", bodies(4))
        kept = journal.heads()
    engine.disarm()
    engine.execute(statement)
    with opened(engine, "elsewhere") as journal:
        writers = [head.writer for head in journal.heads()]
        faults = [fault for writer in writers for fault in check_chain(journal.chain(writer)).faults]
        assert faults or check_heads(journal.hash_of, kept)


def test_a_journal_that_was_closed(engine):
    with opened(engine) as journal:
        journal.close()
        with pytest.raises(JournalError, match="closed"):
            journal.append("ann", bodies(1))
        with pytest.raises(JournalError, match="closed"):
            journal.since()


def test_all_copies_of_a_journal_have_its_id(engine):
    with opened(engine) as journal:
        name = journal.id
    with opened(engine) as journal:
        assert journal.id == name
        assert len(name) == 32
