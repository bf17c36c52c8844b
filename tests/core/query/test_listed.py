"""A list of plates as one query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.errors import UserError
from alprviewer.core.query.listed import any_of
from alprviewer.core.query.parse import parse
from alprviewer.core.query.tree import Or

TERMS = st.sampled_from(["=AYX8803", "~AYX8803", "AY*", "AYX region:us-mo", "conf>90 OR roi:out", "", "  "])


@given(st.lists(TERMS))
def test_it_is_what_somebody_would_type(terms):
    said = list(dict.fromkeys(term for term in terms if term.strip()))
    found = any_of(terms)
    if len(said) < 2:
        assert found == (parse(said[0]) if said else None)
    else:
        assert found == Or(tuple(parse(term) for term in said))


def test_a_term_that_is_none_is_named():
    with pytest.raises(UserError, match=r"The listed plate 'conf>' is no query: .*"):
        any_of(["=AYX8803", "conf>"])
