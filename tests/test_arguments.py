"""Options stand anywhere among the other words of a command line."""

from __future__ import annotations

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer import cli

LINES = {
    "open": ((), ("a", "b"), (("--new",), ("--where", "-plate:A1"), ("--images", "d"), ("--tls-key", "k"))),
    "index": ((), ("a", "b"), (("--json",), ("--passes",), ("--no-cache",))),
    "export": (
        (),
        ("reads", "a", "b"),
        (("--sort", "-plate"), ("--limit", "3"), ("--journal=sqlite:///j",), ("-o", "-out.csv")),
    ),
    "screenshot": ((), ("a", "b"), (("-oout.png",), ("--size", "800x600"), ("--select", "0"))),
    "record": ((), ("tcp://h:1", "-"), (("--out", "d"), ("--for", "60s"), ("--frames", "3"))),
    "replay": ((), ("a", "b"), (("--to", "tcp://h:1"), ("--max",), ("--now",))),
    "stats": ((), ("a", "b"), (("--by", "camera"), ("--compare", "version", "1", "2"), ("--json",))),
    "verify": (
        ("journal",),
        ("f",),
        (("--expect", "w:1:0"), ("--expect", "v:1:0"), ("--journal", "sqlite:///j")),
    ),
    "import": (("journal",), ("f", "a", "b"), (("--reviewer", "ann"), ("--journal", "sqlite:///j"))),
    "exports": (
        ("journal",),
        ("f", "a", "b"),
        (("--format", "coco"), ("--where", "-conf>9"), ("--images", "d"), ("--jour", "sqlite:///j")),
    ),
}
"""Of each verb: what stands before its name, its words in their order, and options with their values."""


def parsed(words):
    return vars(cli.parser().parse_args(words))


@pytest.mark.parametrize("name", LINES)
@given(data=st.data())
def test_options_may_stand_between_any_two_words(name, data):
    before, words, options = LINES[name]
    verb = (*before, name.removesuffix("s") if name == "exports" else name)
    expected = parsed([*verb, *chain.from_iterable(options), *words])
    # `--expect` twice is a list: among each other, options keep their order.
    places = sorted(
        data.draw(st.lists(st.integers(0, len(words)), min_size=len(options), max_size=len(options)))
    )
    mixed = list(verb)
    for at in range(len(words) + 1):
        mixed += chain.from_iterable(
            option for option, place in zip(options, places, strict=True) if place == at
        )
        mixed += words[at : at + 1]
    assert parsed(mixed) == expected
    if before:
        assert parsed([*before, *options[0], verb[-1], *chain.from_iterable(options[1:]), *words]) == expected


def test_all_verbs_were_tried():
    assert {name for name in LINES if not LINES[name][0]} | {"journal"} == set(cli.VERBS)


def test_words_behind_two_hyphens_are_no_options():
    found = parsed(["journal", "export", "--journal", "sqlite:///j", "--", "-o.csv", "--json"])
    assert (found["file"], found["sources"], found["journal"]) == ("-o.csv", ["--json"], "sqlite:///j")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["stats", "a", "--journal", "--json"], "expected one argument"),
        (["stats", "a", "--journal"], "expected one argument"),
        (["stats", "--json"], "required: SOURCE"),
        (["stats", "a", "--jo", "u", "--fnord", "b"], "unrecognized arguments: --fnord"),
        (["stats", "a", "-q"], "unrecognized arguments: -q"),
        (["replay", "a", "--t", "u"], "ambiguous option: --t"),
        (["journal", "a", "verify"], "invalid choice: 'a'"),
    ],
)
def test_what_is_wrong_is_said_as_before(capsys, words, said):
    assert cli.run(words) == 2
    assert said in capsys.readouterr().err
