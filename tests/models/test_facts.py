"""Names of kinds for people."""

from __future__ import annotations

from alprviewer.core.errors import PROBLEM_KINDS
from alprviewer.core.frame import SIBLING_KINDS, SiblingKind
from alprviewer.models.facts import KIND_NAMES, PROBLEM_NAMES


def test_every_kind_of_problem_is_named_after_the_word_of_queries():
    assert tuple(kind.value.replace("_", " ") for kind in PROBLEM_KINDS) == PROBLEM_NAMES


def test_every_kind_of_sibling_has_a_name_of_its_own():
    assert len(set(KIND_NAMES)) == len(SIBLING_KINDS) == len(KIND_NAMES)
    assert KIND_NAMES[SIBLING_KINDS.index(SiblingKind.TEST)] == "Webhook test"
