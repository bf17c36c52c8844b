"""What holds of a read or a pass, given everything that was said of it."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.decision import Act, Gold, Scope, Target, in_subject_order
from alprviewer.core.standing import (
    UNTOUCHED,
    Answer,
    answer,
    counts,
    in_order,
    independent,
    pass_standing,
    place,
    standing,
)
from tests.helpers.decisions import entry, subject

WRITERS = {"ann": "ann@desk", "bob": "bob@desk", "cy": "cy@lab"}


class Said:
    """A journal in memory: each reviewer writes one chain."""

    def __init__(self):
        self.entries = []
        self.clock = 1_000
        self.written = defaultdict(int)

    def say(self, reviewer, act, **changes):
        self.clock += changes.pop("later", 1)
        writer = WRITERS[reviewer]
        self.written[writer] += 1
        values = {"plate": None, **changes}
        before = max((each.moment for each in self.entries if each.writer == writer), default=0)
        said = entry(reviewer=reviewer, act=act, time=self.clock, **values)
        self.entries.append(place(writer, self.written[writer], said, before))
        return self.entries[-1]

    def take_back(self, reviewer, what, act=Act.UNDO):
        return self.say(reviewer, act, target=what.target, reads=what.entry.reads, scope=what.entry.scope)

    @property
    def undoings(self):
        found = defaultdict(list)
        for each in self.entries:
            if each.entry.target is not None:
                found[each.entry.target].append(each)
        return found

    def read(self, number=0):
        about = [each for each in self.entries if subject(number) in each.entry.reads]
        return standing(about, self.undoings)

    def whole(self, *numbers):
        wanted = {subject(number) for number in numbers}
        about = [each for each in self.entries if wanted & set(each.entry.reads)]
        return pass_standing(about, self.undoings, [each.digest for each in wanted])


def plate_of(found):
    return found.decision.entry.plate if found.decision else None


def test_nothing_was_said():
    assert Said().read() == UNTOUCHED == Said().whole(0, 1)


def test_the_last_verdict_of_a_reviewer_counts():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1")
    said.say("ann", Act.WRONG, plate="AB7")
    assert plate_of(said.read()) == "AB7"
    assert not said.read().disputed


def test_reviewers_who_agree_and_who_do_not():
    said = Said()
    said.say("ann", Act.CORRECT, plate="ab-1")
    said.say("bob", Act.WRONG, plate="AB 1")
    assert plate_of(said.read()) == "AB 1"
    said.say("bob", Act.UNREADABLE)
    found = said.read()
    assert (found.decision, found.disputed) == (None, True)
    assert [each.entry.reviewer for each in found.verdicts] == ["ann", "bob"]
    said.say("bob", Act.CORRECT, plate="AB1")
    assert not said.read().disputed


def test_regions_that_reviewers_differ_about():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", region="us-mo")
    said.say("bob", Act.CORRECT, plate="AB1")
    assert not said.read().disputed
    said.say("bob", Act.WRONG_REGION, plate="AB1", region="us-ks")
    assert said.read().disputed


def test_someone_settles_a_dispute():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1")
    said.say("bob", Act.CORRECT, plate="AB7")
    settling = said.say("cy", Act.CORRECT, plate="AB7", adjudicates=True)
    assert (said.read().decision, said.read().disputed) == (settling, False)
    said.say("ann", Act.CORRECT, plate="AB1")
    assert said.read().decision == settling
    said.take_back("cy", settling)
    assert said.read().disputed


def settle(said, number, plate="AB1", reviewer="cy"):
    return said.say(reviewer, Act.CORRECT, plate=plate, reads=(subject(number),), adjudicates=True)


def test_a_pass_is_settled_once_all_of_its_disputed_reads_are():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    said.say("bob", Act.CORRECT, plate="AB7", **PASS)
    for number in (0, 1):
        settle(said, number)
        assert not said.read(number).disputed
        assert said.whole(0, 1, 2).disputed, "the other reads are"
    settling = settle(said, 2)
    assert said.whole(0, 1, 2).decision == settling
    assert not said.whole(0, 1, 2).disputed
    said.take_back("cy", settling)
    assert said.whole(0, 1, 2).disputed
    assert not said.whole(0, 1).disputed, "nobody differs about what is left of the pass"


def test_one_of_those_who_differ_settles_read_by_read():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    said.say("bob", Act.CORRECT, plate="AB7", **PASS)
    for number in (0, 1, 2):
        assert said.whole(0, 1, 2).disputed
        settle(said, number, "AB7", "ann")
    assert plate_of(said.whole(0, 1, 2)) == "AB7"


def test_a_settled_read_is_compared_with_those_that_nobody_disputes():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    said.say("bob", Act.CORRECT, plate="AB7", reads=(subject(0),))
    settling = settle(said, 0)
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    assert said.whole(0, 1, 2).decision == settling
    settle(said, 0, "AB7")
    assert said.whole(0, 1, 2).disputed, "its reads are said to be different plates"


def test_a_pass_that_was_settled_as_a_whole_stays_settled_when_it_grows():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    said.say("bob", Act.CORRECT, plate="AB7", **PASS)
    said.say("cy", Act.CORRECT, plate="AB7", adjudicates=True, **PASS)
    assert plate_of(said.whole(0, 1, 2, 3)) == "AB7"


def test_a_read_that_nobody_can_read_says_nothing_against_the_others_of_its_pass():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", reads=(subject(0),))
    said.say("ann", Act.UNREADABLE, reads=(subject(1),))
    assert plate_of(said.whole(0, 1, 2)) == "AB1"
    assert said.read(1).decision.entry.act is Act.UNREADABLE
    said.say("bob", Act.UNREADABLE, reads=(subject(2),))
    assert said.whole(0, 1, 2).disputed, "bob could read nothing"
    settle(said, 0)
    said.say("cy", Act.UNREADABLE, reads=(subject(1),), adjudicates=True)
    settle(said, 2)
    assert plate_of(said.whole(0, 1, 2)) == "AB1"


def test_skipping_decides_nothing_and_takes_nothing_back():
    said = Said()
    said.say("ann", Act.SKIP)
    assert said.read().skipped == {"ann"}
    assert said.read().decision is None
    said.say("ann", Act.CORRECT, plate="AB1")
    said.say("ann", Act.SKIP)
    assert plate_of(said.read()) == "AB1"
    assert said.read().skipped == frozenset()


def test_nobody_takes_back_what_another_said():
    said = Said()
    of_ann = said.say("ann", Act.CORRECT, plate="AB1")
    said.take_back("bob", of_ann)
    assert said.read().decision == of_ann
    said.take_back("ann", of_ann)
    assert said.read() == UNTOUCHED


def test_an_undo_reaches_the_journal_before_its_target_does():
    said = Said()
    of_ann = said.say("ann", Act.CORRECT, plate="AB1")
    said.take_back("ann", of_ann)
    said.entries.reverse()
    assert said.read().decision is None


def test_a_clock_that_was_set_back():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1")
    said.say("ann", Act.CORRECT, plate="AB7", later=-900)
    assert plate_of(said.read()) == "AB7"
    assert [each.entry.plate for each in in_order(said.entries)] == ["AB1", "AB7"]


def test_tags_notes_and_marks():
    said = Said()
    said.say("ann", Act.TAGS, tags=("taxi", "dirty"))
    said.say("bob", Act.TAGS, tags=("night",))
    said.say("ann", Act.TAGS, tags=("taxi",))
    said.say("ann", Act.NOTE, note="bent")
    said.say("bob", Act.NOTE, note="")
    marking = said.say("ann", Act.MARK, marked=True)
    found = said.read()
    assert found.tags == {"taxi", "night"}
    assert [(each.entry.reviewer, each.entry.note) for each in found.notes] == [("ann", "bent")]
    assert found.marked
    assert found.decision is None
    said.take_back("ann", marking)
    assert not said.read().marked


PASS = {"scope": Scope.PASS, "reads": in_subject_order(map(subject, range(3)))}


def test_a_verdict_about_a_pass_is_one_about_its_reads():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    assert [plate_of(said.read(number)) for number in range(4)] == ["AB1"] * 3 + [None]
    said.say("ann", Act.NOT_A_PLATE)
    assert said.read(0).decision.entry.act is Act.NOT_A_PLATE
    assert plate_of(said.whole(0, 1, 2)) == "AB1"
    assert not said.whole(0, 1, 2).disputed


def test_a_pass_that_was_cut_or_grew_keeps_what_was_said_of_its_reads():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    assert plate_of(said.whole(2, 3, 4)) == "AB1"
    assert said.whole(3, 4) == UNTOUCHED


def test_a_pass_of_which_single_reads_were_judged():
    said = Said()
    said.say("ann", Act.CORRECT, plate="AB1", reads=(subject(0),))
    said.say("ann", Act.WRONG, plate="AB1", reads=(subject(1),))
    assert plate_of(said.whole(0, 1, 2)) == "AB1"
    said.say("ann", Act.NOT_A_PLATE, reads=(subject(2),))
    assert said.whole(0, 1, 2).disputed
    assert not said.read(2).disputed
    said.say("ann", Act.CORRECT, plate="AB1", **PASS)
    assert plate_of(said.whole(0, 1, 2)) == "AB1"


def test_an_answer_that_is_known_and_who_was_checked_with_it():
    said = Said()
    truth = said.say("bob", Act.CORRECT, plate="AB1", gold=Gold.IMPORTED)
    before = said.read()
    assert (before.known, before.decision) == (truth, truth)
    check = said.say("ann", Act.WRONG, plate="AB7", gold=Gold.CHECK)
    after = said.read()
    assert after._replace(checks=()) == before, "a check decides nothing"
    assert after.checks == (check,)
    said.say("cy", Act.SKIP, gold=Gold.CHECK)
    assert said.read() == after
    said.take_back("ann", check)
    assert said.read() == before
    assert said.whole(0) == before


def test_a_known_answer_that_somebody_contests_checks_nobody():
    said = Said()
    said.say("bob", Act.CORRECT, plate="AB1", gold=Gold.MARKED)
    imported = said.say("cy", Act.CORRECT, plate="AB7", gold=Gold.IMPORTED)
    assert (said.read().known, said.read().disputed) == (None, True)
    settled = said.say("ann", Act.CORRECT, plate="AB7", adjudicates=True)
    assert (said.read().known, said.read().decision) == (imported, settled)
    marked = said.say("ann", Act.CORRECT, plate="AB7", adjudicates=True, gold=Gold.MARKED)
    assert said.read().known == marked
    said.say("ann", Act.CORRECT, plate="AB9", adjudicates=True)
    assert said.read().known is None, "what was overruled is not known"


def test_the_known_answer_of_a_pass_comes_from_its_reads():
    said = Said()
    said.say("bob", Act.CORRECT, plate="AB1", reads=(subject(0),), gold=Gold.IMPORTED)
    last = said.say("bob", Act.WRONG, plate="AB1", reads=(subject(1),), gold=Gold.IMPORTED)
    assert said.whole(0, 1, 2).known == last
    said.say("bob", Act.WRONG, plate="XY9", reads=(subject(2),), gold=Gold.IMPORTED)
    found = said.whole(0, 1, 2)
    assert (found.known, found.disputed, len(found.answers), len(found.verdicts)) == (None, True, 3, 1)


def test_verdicts_that_were_found_alone():
    said = Said()
    said.say("bob", Act.CORRECT, plate="AB1", gold=Gold.IMPORTED)
    alone = said.say("ann", Act.CORRECT, plate="AB7")
    said.say("ann", Act.CORRECT, plate="AB1", adjudicates=True)
    said.say("cy", Act.CORRECT, plate="AB1", gold=Gold.CHECK)
    assert independent(said.entries, said.undoings) == {"ann": alone}
    said.take_back("ann", alone)
    assert independent(said.entries, said.undoings) == {}


def test_what_a_verdict_says():
    assert answer(entry(act=Act.WRONG, plate="a b-1")) == Answer(Act.CORRECT, "AB1")
    assert answer(entry(act=Act.WRONG_REGION, plate="AB1", region="x")) == Answer(Act.CORRECT, "AB1")
    assert answer(entry(act=Act.UNREADABLE, plate=None)) == Answer(Act.UNREADABLE, "")


steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(WRITERS)),
        st.sampled_from([Act.CORRECT, Act.CORRECT, Act.UNREADABLE, Act.UNDO, Act.UNDO, Act.REDO]),
        st.sampled_from(["AB1", "AB7"]),
        st.integers(0, 9),
    ),
    max_size=14,
)


@given(steps, st.randoms(use_true_random=False))
def test_any_order_of_verdicts_undo_and_redo_against_a_list_of_switches(found, chance):
    said, switches = Said(), []
    for reviewer, act, plate, which in found:
        if act not in (Act.UNDO, Act.REDO):
            switches.append([said.say(reviewer, act, plate=plate if act is Act.CORRECT else None), True])
        elif switches:
            switch = switches[which % len(switches)]
            said.take_back(reviewer, switch[0], act)
            if switch[0].entry.reviewer == reviewer:
                switch[1] = act is Act.REDO
    last = {placed.entry.reviewer: placed for placed, is_on in switches if is_on}
    told = {(placed.entry.act, placed.entry.plate) for placed in last.values()}
    chance.shuffle(said.entries)
    result = said.read()
    assert {each.entry.reviewer: each for each in result.verdicts} == last
    assert result.disputed == (len(told) > 1)
    expected = max(last.values(), key=lambda placed: placed[:3]) if len(told) == 1 else None
    assert result.decision == expected
    assert said.whole(0) == result


def test_what_was_taken_back_twice_and_given_back_once():
    said = Said()
    of_ann = said.say("ann", Act.CORRECT, plate="AB1")
    for act, expected in ((Act.UNDO, False), (Act.UNDO, False), (Act.REDO, True), (Act.UNDO, False)):
        said.take_back("ann", of_ann, act)
        assert counts(of_ann, said.undoings) == expected
    assert Target("ann@desk", 1) == of_ann.target
