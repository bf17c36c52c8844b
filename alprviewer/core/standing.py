"""What holds of a read or a pass, given everything that was said of it.

Entries of many writers are put in one order; an undo takes back an entry of the same reviewer; of each
reviewer the last verdict counts. Where reviewers differ nothing is decided until one of them changes the
verdict, or someone adjudicates: what was said last overrules nobody. What a reviewer said of an item to be
checked (``Gold.CHECK``) tells about the reviewer, and stands beside all this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from alprviewer.core.decision import TAKING_BACK, VERDICTS, WITH_PLATE, Act, Entry, Gold, Scope, Target
from alprviewer.core.plates import normal_form


class Placed(NamedTuple):
    """An entry with its place in the journal, and the moment that it is ordered by (``in_order``)."""

    moment: int
    writer: str
    sequence: int
    entry: Entry

    @property
    def target(self) -> Target:
        """What an undo of this entry names."""
        return Target(self.writer, self.sequence)


def place(writer: str, sequence: int, entry: Entry, before: int = 0) -> Placed:
    """An entry in its place.

    Args:
        writer: whose chain it stands in.
        sequence: where in that chain.
        entry: what it says.
        before: the moment of the writer's entry before it. A clock that was set back does not move later
            entries of a writer before earlier ones.
    """
    return Placed(max(entry.time, before), writer, sequence, entry)


def _order(placed: Placed) -> tuple[int, str, int]:
    return placed[:3]


def in_order(entries: Iterable[Placed]) -> list[Placed]:
    """Entries by time, writer and sequence: the order in which they are shown and count."""
    return sorted(entries, key=_order)


Undoings = Mapping[Target, Sequence[Placed]]
"""Every undo and redo, by the entry that it is about."""


def counts(placed: Placed, undoings: Undoings) -> bool:
    """False for an entry that was taken back. Nobody takes back what another reviewer said."""
    own = [each for each in undoings.get(placed.target, ()) if each.entry.reviewer == placed.entry.reviewer]
    return not own or max(own, key=_order).entry.act is Act.REDO


class Answer(NamedTuple):
    """What a verdict says, in the form in which verdicts are compared.

    ``plate`` is the resolved plate's normal form, empty where the verdict names none: ``kind`` says why.
    """

    kind: Act
    plate: str


def answer(entry: Entry) -> Answer:
    """What a verdict says. Correct, wrong and wrong region are one kind: they say which plate it is."""
    if entry.act in WITH_PLATE:
        return Answer(Act.CORRECT, normal_form(entry.plate or ""))
    return Answer(entry.act, "")


class Standing(NamedTuple):
    """What holds of a read or a pass.

    Attributes:
        decision: the entry that counts; None where nobody decided, or reviewers differ.
        verdicts: the last verdict of each reviewer, in order; those who only skipped are not among them.
        answers: the verdicts that were compared: these, and of a pass those about its single reads.
        disputed: True if reviewers differ and nobody has settled it.
        skipped: who put off deciding, and has not decided since.
        tags: of all reviewers.
        notes: the notes that are there, each as its entry.
        marked: True if a reviewer marked it.
        known: the verdict that holds the known answer; None where there is none, or it was not decided so.
        checks: the last answer of each reviewer who was checked with it.
    """

    decision: Placed | None = None
    verdicts: tuple[Placed, ...] = ()
    answers: tuple[Placed, ...] = ()
    disputed: bool = False
    skipped: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    notes: tuple[Placed, ...] = ()
    marked: bool = False
    known: Placed | None = None
    checks: tuple[Placed, ...] = ()


UNTOUCHED = Standing()
"""Nobody has said anything."""


def _last(entries: Iterable[Placed], wanted: Callable[[Entry], bool]) -> dict[str, Placed]:
    """The last entry of a kind of each reviewer, by reviewer; entries come in order."""
    return {each.entry.reviewer: each for each in entries if wanted(each.entry)}


def says_something(entry: Entry) -> bool:
    """True for a verdict that is more than putting it off."""
    return entry.act in VERDICTS and entry.act is not Act.SKIP


def _is_verdict(entry: Entry) -> bool:
    return says_something(entry) and entry.gold is not Gold.CHECK


def _is_check(entry: Entry) -> bool:
    return says_something(entry) and entry.gold is Gold.CHECK


def _puts_off(entry: Entry) -> bool:
    return entry.act is Act.SKIP and entry.gold is not Gold.CHECK


def _valid(entries: Iterable[Placed], undoings: Undoings) -> list[Placed]:
    """What was said and not taken back, in order."""
    return in_order(each for each in entries if each.entry.act not in TAKING_BACK and counts(each, undoings))


def standing(entries: Iterable[Placed], undoings: Undoings) -> Standing:
    """What holds of one read.

    Args:
        entries: all that speak of it, alone or in a pass.
        undoings: what was taken back.
    """
    valid = _valid(entries, undoings)
    answers = in_order(_last(valid, _is_verdict).values())
    return _concluded(valid, answers, _judging(answers, ()))


def pass_standing(entries: Iterable[Placed], undoings: Undoings, digests: Collection[str]) -> Standing:
    """What holds of a pass.

    Of each reviewer the last verdict about the pass counts; of one who judged single reads only, those
    verdicts where they all say the same. Single reads that were judged differently are a dispute; one that
    nobody can read says nothing against the pass's others. Reads that were settled one by one settle the pass
    when none is left that reviewers differ about.

    Args:
        entries: all that speak of any of its reads.
        undoings: what was taken back.
        digests: of its reads.
    """
    valid = _valid(entries, undoings)
    whole = _last(valid, lambda entry: _is_verdict(entry) and entry.scope is Scope.PASS)
    single = [
        each
        for each in valid
        if _is_verdict(each.entry)
        and ((before := whole.get(each.entry.reviewer)) is None or _settles_later(each, before))
    ]
    last_of_read = {(each.entry.reviewer, each.entry.reads): each for each in single}
    answers = in_order([*whole.values(), *last_of_read.values()])
    return _concluded(valid, _telling(answers), _telling(_judging(answers, digests)))


def _settles_later(placed: Placed, whole: Placed) -> bool:
    return placed.entry.adjudicates and _order(placed) > _order(whole)


def _telling(answers: Sequence[Placed]) -> list[Placed]:
    """Without the single reads that a reviewer could not read who could read others."""
    reading = {each.entry.reviewer for each in answers if each.entry.act in WITH_PLATE}
    return [
        each
        for each in answers
        if each.entry.act is not Act.UNREADABLE
        or each.entry.scope is Scope.PASS
        or each.entry.reviewer not in reading
    ]


def _judging(answers: Sequence[Placed], digests: Collection[str]) -> list[Placed]:
    """The answers that decide: those that settle, behind those about reads that are not settled."""
    settling = [each for each in answers if each.entry.adjudicates]
    if not settling:
        return list(answers)
    left = set(digests).difference(read.digest for each in settling for read in each.entry.reads)
    others = (each for each in answers if not each.entry.adjudicates)
    return [*(each for each in others if any(read.digest in left for read in each.entry.reads)), *settling]


def _concluded(valid: Sequence[Placed], answers: Sequence[Placed], judges: Sequence[Placed]) -> Standing:
    verdicts = {each.entry.reviewer: each for each in answers}
    found = tuple(in_order(verdicts.values()))
    disputed = _differ(judges)
    skipped = {name for name in _last(valid, _puts_off) if name not in verdicts}
    tags = _last(valid, lambda entry: entry.act is Act.TAGS).values()
    notes = in_order(_last(valid, lambda entry: entry.act is Act.NOTE).values())
    marks = _last(valid, lambda entry: entry.act is Act.MARK).values()
    decision = judges[-1] if judges and not disputed else None
    return Standing(
        decision,
        found,
        tuple(answers),
        disputed,
        frozenset(skipped),
        frozenset(tag for each in tags for tag in each.entry.tags),
        tuple(each for each in notes if each.entry.note),
        any(each.entry.marked for each in marks),
        None if decision is None else _known(answers, answer(decision.entry)),
        tuple(in_order(_last(valid, _is_check).values())),
    )


def _known(answers: Sequence[Placed], decided: Answer) -> Placed | None:
    """The last of the known answers that say what was decided."""
    found = [each for each in answers if each.entry.gold is not None and answer(each.entry) == decided]
    return found[-1] if found else None


def independent(entries: Iterable[Placed], undoings: Undoings) -> dict[str, Placed]:
    """The last verdict of each reviewer on a read that was found without knowing those of others.

    Not those that settle a dispute, and not what was imported: nobody looked at a picture for it.
    """
    return _last(
        _valid(entries, undoings),
        lambda entry: _is_verdict(entry) and not entry.adjudicates and entry.gold is not Gold.IMPORTED,
    )


def _differ(verdicts: Sequence[Placed]) -> bool:
    answers = {answer(each.entry) for each in verdicts}
    last = {each.entry.reviewer: each.entry.region for each in verdicts}
    regions = {region.casefold() for region in last.values() if region is not None}
    return len(answers) > 1 or len(regions) > 1
