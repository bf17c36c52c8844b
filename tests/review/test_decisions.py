"""What a journal says, as it was at a moment, for another thread."""

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.chain import Link
from alprviewer.core.decision import body
from alprviewer.review import decisions as module
from alprviewer.review.decisions import Decisions
from tests.helpers.decisions import entries, entry, subject


def links(said, begin=1):
    return [
        Link("ann", number, "", body(entry), f"{number:064x}") for number, entry in enumerate(said, begin)
    ]


@given(st.lists(entries(), max_size=8), st.lists(entries(), max_size=4))
def test_a_snapshot_says_the_same(said, later):
    decisions, expected = Decisions(), Decisions()
    decisions.add(links(said))
    expected.add(links(said))
    taken = decisions.snapshot()
    digests = [subject.digest for subject in expected.subjects()]
    for digest in digests:
        assert taken.read(digest) == expected.read(digest)
    assert taken.of_pass(digests) == expected.of_pass(digests)
    # What is asked of it leaves the other one alone.
    decisions.add(links(later, len(said) + 1))
    everything = Decisions()
    everything.add(links([*said, *later]))
    for read in everything.subjects():
        assert decisions.read(read.digest) == everything.read(read.digest)


def told(decisions):
    """All that can be asked."""
    digests = [read.digest for read in decisions.subjects()]
    return (
        [decisions.read(digest) for digest in digests],
        decisions.of_pass(digests),
        decisions.history(),
        decisions.answered,
        decisions.not_understood,
        len(decisions),
    )


@given(st.lists(entries(), min_size=2, max_size=8), st.randoms(), st.data())
def test_entries_say_the_same_in_whatever_order_they_come(said, chance, data):
    written = links(said)
    if data.draw(st.booleans()):
        written.append(Link("ann", len(written) + 1, "", '{"schema": 99}', "f" * 64))
    expected = Decisions()
    expected.add(written)
    chance.shuffle(written)
    decisions = Decisions()
    while written:
        count = data.draw(st.integers(1, len(written)))
        before = told(decisions)[0]
        digests = [read.digest for read in decisions.subjects()]
        touched = decisions.add(written[:count])
        assert all(
            decisions.read(digest) == was
            for digest, was in zip(digests, before, strict=True)
            if digest not in touched
        )
        del written[:count]
    assert told(decisions) == told(expected)


def test_an_entry_that_comes_late_is_put_in_its_place_alone(monkeypatch):
    said = links([entry(time=1000 + number, reads=(subject(number % 9),)) for number in range(300)])
    placed = []
    real = module.place
    monkeypatch.setattr(module, "place", lambda *args: (placed.append(args[1]), real(*args))[1])
    decisions = Decisions()
    decisions.add([*said[:250], *said[251:]])
    placed.clear()
    assert decisions.add([said[250]]) == {subject(250 % 9).digest}
    assert placed == [251]
