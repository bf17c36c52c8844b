"""How much a spool keeps, and who is asked before a file goes."""

from datetime import timedelta

from alprviewer.core.errors import JournalError
from alprviewer.sources.spool.files import spool_files
from alprviewer.sources.spool.retention import retention
from alprviewer.sources.spool.values import whole
from alprviewer.sources.spool.writer import SpoolOptions, SpoolWriter
from tests.sources.spool.test_writer import NOON, message

SIZE = len(message(0)) + 200
"""Of a file with one message and what stands beside it, at least."""


def written(folder, limit, keeper, said=None):
    """The hours of the files that are left of eight, one an hour from noon on."""
    now = [NOON]
    with retention(folder, limit, keeper, ([] if said is None else said).append) as wrote:
        writer = SpoolWriter(folder, "tcp-test", SpoolOptions(now=lambda: now[0], wrote=wrote))
        for number in range(8):
            writer.write([whole(message(number))])
            now[0] += timedelta(hours=1)
    writer.close()
    return [path.name.partition("T")[2][:2] for path in spool_files(folder)]


def test_the_oldest_files_go_but_never_those_that_are_to_be_kept(tmp_path):
    hours = written(tmp_path, 3 * SIZE, lambda: lambda path: "T130000" in path.name)
    assert "13" in hours
    assert "12" not in hours
    assert hours[-1] == "19"
    assert len(hours) <= 4
    assert not [path for path in tmp_path.iterdir() if "2026-11-22T12" in path.name]


def test_without_a_limit_nothing_goes(tmp_path):
    assert len(written(tmp_path, None, lambda: lambda _path: False)) == 8


def test_where_nobody_can_tell_nothing_goes(tmp_path):
    def keeper():
        raise JournalError("The journal is away.")

    said = []
    assert len(written(tmp_path, 3 * SIZE, keeper, said)) == 8
    assert said
    assert set(said) == {"Received files beyond the limit were kept: The journal is away."}
