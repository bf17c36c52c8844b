"""The engines that journals run on."""

import pytest

from tests.helpers.journals import Server, Sqlite
from tests.helpers.postgres import PROGRAMS, needs_postgres, postgres
from tests.helpers.smalldisk import INSIDE


@pytest.fixture(scope="session", autouse=True)
def server():
    """PostgreSQL, once for all tests of a process, begun before each of them looks at what runs; or None."""
    if PROGRAMS is None or INSIDE:
        yield None
        return
    with postgres() as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
def engine(request, tmp_path, server):
    """A journal's place, on each engine."""
    return Sqlite(tmp_path) if request.param == "sqlite" else Server(tmp_path, server.database())
