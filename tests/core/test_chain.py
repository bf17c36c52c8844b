"""Hash chains: what was done to a journal afterwards is found."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core import chain as chains
from alprviewer.core.chain import (
    GENESIS,
    Head,
    check_chain,
    link_hash,
    next_link,
    parse_head,
)
from alprviewer.core.errors import UsageError


def chain(*bodies, writer="w"):
    links = []
    for body in bodies:
        links.append(next_link(writer, links[-1].head if links else None, body))
    return links


def check_heads(links, heads):
    found = {link[:2]: link.hash for link in links}
    return chains.check_heads(lambda *place: found.get(place), heads)


def faults(links):
    return check_chain(links).faults if links else ()


bodies = st.lists(st.text(st.characters(codec="utf-8"), max_size=6), min_size=2, max_size=8)
whole = bodies.map(lambda found: chain(*found))


def test_the_hash_is_what_the_documentation_says():
    first, second = chain('{"a":1}', '{"b":2}')
    assert (first.sequence, first.previous) == (1, GENESIS)
    assert first.hash == hashlib.sha256(f"w\n1\n{'0' * 64}\n".encode() + b'{"a":1}').hexdigest()
    assert second.hash == hashlib.sha256(f"w\n2\n{first.hash}\n".encode() + b'{"b":2}').hexdigest()


@given(whole)
def test_a_chain_that_nobody_touched(links):
    assert check_chain(links) == (links[-1].head, len(links), ())
    assert check_heads(links, [link.head for link in links]) == ()


def remade(link, **changes):
    """An entry that was changed by someone who knows how hashes are made."""
    changed = link._replace(**changes)
    return changed._replace(hash=link_hash(*changed[:4]))


@given(whole, st.data())
def test_a_changed_entry(links, data):
    place = data.draw(st.integers(0, len(links) - 1))
    changes = data.draw(
        st.sampled_from(
            [{"body": links[place].body + "x"}, {"previous": "f" * 64}, {"hash": "e" * 64}, {"writer": "v"}]
        )
    )
    links[place] = links[place]._replace(**changes)
    # Another writer's entry is checked in that writer's chain, which begins with the first.
    assert faults([link for link in links if link.writer == "w"]) or faults(
        [link for link in links if link.writer == "v"]
    )


@given(whole, st.data())
def test_a_changed_entry_with_a_new_hash(links, data):
    place = data.draw(st.integers(0, len(links) - 2))
    links[place] = remade(links[place], body=links[place].body + "x")
    assert [fault.sequence for fault in faults(links)] == [place + 2]


@given(whole, st.data())
def test_the_last_entry_changed_with_a_new_hash_is_found_by_its_head(links, data):
    head = links[-1].head
    links[-1] = remade(links[-1], body=links[-1].body + "x")
    assert faults(links) == ()
    assert [fault.sequence for fault in check_heads(links, [head])] == [len(links)]


@given(whole, st.data())
def test_a_removed_entry(links, data):
    heads = [link.head for link in links]
    del links[data.draw(st.integers(0, len(links) - 1))]
    assert faults(links) or check_heads(links, heads[-1:])


@given(whole, st.data())
def test_an_inserted_entry(links, data):
    place = data.draw(st.integers(0, len(links) - 1))
    before = links[place - 1].head if place else None
    links.insert(place, next_link("w", before, "forged"))
    assert faults(links)


@given(whole, st.data())
def test_entries_that_changed_places(links, data):
    one, other = sorted(data.draw(st.sets(st.integers(0, len(links) - 1), min_size=2, max_size=2)))
    first, second = links[one], links[other]
    if data.draw(st.booleans()):
        # Rows that were renumbered as well, so that the journal gives them in their new order.
        first = first._replace(sequence=other + 1)
        second = second._replace(sequence=one + 1)
    links[one], links[other] = second, first
    assert faults(links)


@given(whole, st.data())
def test_every_hash_behind_it_made_anew_is_found_by_the_head_alone(links, data):
    head = links[-1].head
    place = data.draw(st.integers(0, len(links) - 1))
    texts = [link.body for link in links]
    texts[place] += "x"
    forged = chain(*texts)
    assert faults(forged) == ()
    assert check_heads(forged, [head])


def test_a_chain_has_an_entry():
    with pytest.raises(ValueError, match="without entries"):
        check_chain([])


def test_what_faults_say():
    links = chain("a", "b", "c", "d", "e")
    assert "Entry 3 is missing" in faults([*links[:2], *links[3:]])[0].reason
    assert "Entries 2 to 4 are missing" in faults([links[0], links[4]])[0].reason
    assert "inserted" in faults([links[0], links[0]])[0].reason
    assert "was changed" in faults([links[0]._replace(body="x")])[0].reason
    assert "removed at the end" in check_heads(links[:3], [links[4].head])[0].reason
    assert check_heads([], [Head("w", 1, "0" * 64)])[0].writer == "w"


@given(st.text(min_size=1, max_size=9).filter(lambda text: text == text.strip()), st.integers(1, 99))
def test_a_head_is_read_as_it_is_written(writer, sequence):
    head = Head(writer, sequence, "0af" + "9" * 61)
    assert parse_head(str(head)) == head


@pytest.mark.parametrize(
    "text", ["", "w", "w:1", f":1:{'a' * 64}", "w:1:abc", f"w:x:{'a' * 64}", f"w:²:{'a' * 64}"]
)
def test_what_is_no_head(text):
    with pytest.raises(UsageError, match="WRITER:SEQ:HASH"):
        parse_head(text)
