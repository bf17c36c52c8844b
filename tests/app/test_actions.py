"""The table of actions, and what is made from it."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from PySide6.QtGui import QKeySequence

from alprviewer.app.actions import ACTIONS, MENUS, sequences
from alprviewer.app.commands import Commands
from alprviewer.app.panes import PANES
from alprviewer.resourcefiles import resource
from tests.helpers import windowkeys


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_every_action_is_well_formed(spec):
    assert spec.menu.lstrip("-") in MENUS
    assert spec.text.count("&") == 1
    assert spec.needs in ("", "capture", "loading")
    is_of_pane = spec.name.removeprefix("go_") in {pane.name for pane in PANES}
    assert spec.name.startswith("layer_") or is_of_pane or getattr(Commands, spec.name).__doc__
    if spec.icon:
        assert resource(f"icons/{spec.icon}.svg").is_file()


def test_names_are_unique():
    assert max(Counter(spec.name for spec in ACTIONS).values()) == 1


def test_shortcuts_are_unique_and_none_is_the_beginning_of_another(qapp):
    keys = [(spec.name, key) for spec in ACTIONS for key in sequences(spec.keys)]
    assert all(not key.isEmpty() for _, key in keys)
    none = QKeySequence.SequenceMatch.NoMatch
    clashes = [
        (one, other)
        for (one, first), (other, second) in combinations(keys, 2)
        if first.matches(second) != none or second.matches(first) != none
    ]
    assert clashes == []


def test_panes_have_keys():
    keys = {spec.name: spec.keys for spec in ACTIONS}
    assert [keys[f"go_{name}"] for name in windowkeys.PANES] == [
        f"Ctrl+{number}" for number, _ in windowkeys.PANES_BY_NUMBER
    ]


@pytest.mark.parametrize("menu", MENUS)
def test_mnemonics_are_unique_in_each_menu(window, menu):
    letters = [
        action.text().partition("&")[2][:1].lower()
        for action in window.menus.menus[menu].actions()
        if not action.isSeparator()
    ]
    assert all(letters)
    assert max(Counter(letters).values()) == 1, letters


def test_menus_are_made_from_the_table(window):
    assert [action.text() for action in window.menuBar().actions()] == list(MENUS)
    for spec in ACTIONS:
        action = window.menus.actions[spec.name]
        assert action in window.menus.menus[spec.menu.lstrip("-")].actions()
        assert action.text() == spec.text
        assert action.shortcuts() == sequences(spec.keys)
        assert action.isCheckable() == spec.checkable


def test_what_cannot_be_done_is_grey(window, open_in, qtbot):
    actions = window.menus.actions
    for spec in ACTIONS:
        assert actions[spec.name].isEnabled() == (spec.needs == ""), spec.name
    open_in(window, resource("sample/sample.jsonl"))
    for spec in ACTIONS:
        assert actions[spec.name].isEnabled() == (spec.needs != "loading"), spec.name
    window.open([str(resource("sample/sample.jsonl"))])
    assert actions["cancel_loading"].isEnabled()
    with qtbot.waitSignal(window.loader.finished):
        actions["cancel_loading"].trigger()
    assert not actions["cancel_loading"].isEnabled()
