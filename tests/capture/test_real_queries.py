"""Queries on real recordings, compared with looking at one read after the other."""

import pytest

from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.store.filtering import Filter
from alprviewer.store.matchers import Surroundings
from tests.helpers.queries import NOW, NaiveRead, satisfies
from tests.helpers.reading import capture_of, items
from tests.helpers.realdata import REAL, needs_real_data

pytestmark = [needs_real_data, pytest.mark.uncounted]

QUERIES = [
    "AYX88 conf>80",
    r"plate:/^[A-Z]{3}\d{3}$/",
    "~2:AYX8803",
    "%AYX8803 OR %CWL9O84",
    "margin<1 -template:yes",
    "all(conf>85)",
    "roi:in width>100",
    "time:07:02..07:05 reads>1",
    "candidate:*8* -plate:*8*",
    "uuid:*5 camera:1*",
    "source:us-passes.jsonl rconf:..50",
]


@pytest.fixture(scope="module", params=["us-passes", "eu-passes"])
def real(request):
    path = REAL / f"{request.param}.jsonl"
    decoded = [frame for item in items(path) if item.decoded for frame in item.decoded.frames]
    return capture_of(path), [
        NaiveRead(each.frame, read, str(path)) for each in decoded for read in each.frame.reads
    ]


@pytest.mark.parametrize("query", QUERIES)
def test_real_reads(real, query):
    capture, reads = real
    clock, around = Clock(NOW), Surroundings([source.name for source in capture.sources])
    found = Filter(parse(query), capture.columns, clock, around).select("reads")
    assert found.tolist() == [at for at in range(len(reads)) if satisfies(parse(query), at, reads, clock)]
