"""What a journal says, as it was at a moment, for another thread."""

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.chain import Link
from alprviewer.core.decision import body
from alprviewer.review.decisions import Decisions
from tests.helpers.decisions import entries


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
    for subject in everything.subjects():
        assert decisions.read(subject.digest) == everything.read(subject.digest)
