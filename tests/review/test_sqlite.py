"""The journal in a file: what can be wrong with a file, said plainly, and nothing lost."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from alprviewer.core.chain import check_chain
from alprviewer.core.errors import JournalError
from alprviewer.review import sqlite
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.journals import Sqlite, bodies, opened
from tests.helpers.smalldisk import on_a_small_disk

ROOT = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def written(path, count=2):
    with closing(SqliteJournal(path)) as journal:
        return journal.append("ann", bodies(count))


def pragma(path, name):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_commits_are_synced(path):
    with closing(SqliteJournal(path)) as journal, journal._reading() as execute:
        assert execute("PRAGMA synchronous") == [(2,)]
        assert execute("PRAGMA journal_mode") == [("wal",)]
    assert pragma(path, "application_id") == sqlite.APPLICATION_ID
    assert pragma(path, "user_version") == len(sqlite.STEPS)


def test_the_folder_is_made(tmp_path):
    written(tmp_path / "a" / "b?c#d%20" / "journal.sqlite")
    assert (tmp_path / "a" / "b?c#d%20" / "journal.sqlite").is_file()


def test_other_files_are_refused_and_stay_as_they_are(path):
    path.write_bytes(b"plate,time\n" * 1000)
    with pytest.raises(JournalError, match="no journal but some other file"):
        SqliteJournal(path)
    assert path.read_bytes() == b"plate,time\n" * 1000


@pytest.mark.parametrize("version", [0, 1])
def test_other_databases_are_refused(path, version):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (name)")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="no journal of this program"):
        SqliteJournal(path)
    assert path.read_bytes() == before


def test_a_journal_of_a_newer_program(path):
    written(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(sqlite.STEPS) + 1}")
    with pytest.raises(JournalError, match="newer version"):
        SqliteJournal(path)


def test_a_journal_of_an_older_program_is_copied_then_changed(path, monkeypatch):
    links = written(path, 3)
    monkeypatch.setattr(sqlite, "STEPS", (*sqlite.STEPS, "CREATE INDEX entry_by_hash ON entry (hash);"))
    with closing(SqliteJournal(path)) as journal:
        assert list(journal.chain("ann")) == links
    assert pragma(path, "user_version") == 2
    copy = path.with_name("journal.sqlite.version-1")
    assert pragma(copy, "user_version") == 1
    assert pragma(copy, "integrity_check") == "ok"
    monkeypatch.undo()
    with closing(SqliteJournal(copy)) as journal:
        assert list(journal.chain("ann")) == links


def test_a_step_that_fails_changes_nothing(path, monkeypatch):
    links = written(path, 3)
    monkeypatch.setattr(sqlite, "STEPS", (*sqlite.STEPS, "CREATE TABLE more (x);\nCREATE TABLE entry (x);"))
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        SqliteJournal(path)
    monkeypatch.undo()
    with closing(SqliteJournal(path)) as journal:
        assert list(journal.chain("ann")) == links


def damaged(path):
    written(path, 300)
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * 4096 * 4)


def test_a_damaged_file_is_said(path):
    damaged(path)
    with pytest.raises(JournalError, match="is damaged"):
        SqliteJournal(path)


def test_a_large_journal_is_checked_when_it_is_verified(path, monkeypatch):
    monkeypatch.setattr(sqlite, "_CHECKED_BYTES", 0)
    damaged(path)
    with closing(SqliteJournal(path)) as journal:
        assert journal.damage() != []


def test_a_locked_file(path, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    links = written(path)
    with closing(SqliteJournal(path)) as journal, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked by another program"):
            journal.append("ann", bodies(1, 5))
        assert list(journal.chain("ann")) == links
        other.rollback()
        assert journal.append("ann", bodies(1, 5))[0].sequence == 3


def test_no_room_in_the_file(path):
    """SQLite's own limit: what it says is what it says of a full disk."""
    with closing(SqliteJournal(path)) as journal:
        links = journal.append("ann", bodies(2))
        with journal._reading() as execute:
            execute(f"PRAGMA max_page_count = {execute('PRAGMA page_count')[0][0]}")
        with pytest.raises(JournalError, match="no room left on its disk"):
            journal.append("ann", bodies(100, 10))
        assert list(journal.chain("ann")) == links
    with closing(SqliteJournal(path)) as journal:
        assert list(journal.chain("ann")) == links
        assert check_chain(journal.append("ann", bodies(1, 7))[:0] or journal.chain("ann")).entries == 3


_FILL = """
import resource, sys
from pathlib import Path
from alprviewer.core.errors import JournalError
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.journals import bodies
journal = SqliteJournal(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
number = 0
try:
    while True:
        journal.append("ann", bodies(1, number))
        number += 1
        print(number, flush=True)
except JournalError as error:
    print(error, file=sys.stderr)
"""


def test_the_system_lets_nothing_more_be_written(path):
    done = subprocess.run(
        [sys.executable, "-c", _FILL, path], capture_output=True, text=True, check=True, cwd=ROOT
    )
    said = int(done.stdout.split()[-1])
    assert "could not be read or written" in done.stderr or "no room left" in done.stderr
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    with closing(SqliteJournal(path)) as journal:
        checked = check_chain(journal.chain("ann"))
        assert (checked.entries, checked.faults) == (said, ())


def _append_without_end(journal, links):
    while True:
        links += journal.append("ann", bodies(1, len(links)))


@on_a_small_disk
def test_a_disk_that_is_really_full(disk):
    path = disk.folder / "journal.sqlite"
    with closing(SqliteJournal(path)) as journal:
        links = journal.append("ann", bodies(2))
        disk.fill()
        with pytest.raises(JournalError, match="no room left on its disk"):
            _append_without_end(journal, links)
        assert list(journal.chain("ann")) == links
        with pytest.raises(JournalError, match="no room left on its disk"):
            journal.append("ann", bodies(50, 100))
        disk.empty()
        links += journal.append("ann", bodies(3, 200))
        assert journal.damage() == []
    with closing(SqliteJournal(path)) as journal:
        checked = check_chain(journal.chain("ann"))
        assert (list(journal.chain("ann")), checked.faults) == (links, ())


@on_a_small_disk
def test_a_journal_that_is_begun_on_a_full_disk(disk):
    path = disk.folder / "journal.sqlite"
    disk.fill()
    with pytest.raises(JournalError, match="no room left on its disk"):
        SqliteJournal(path)
    disk.empty()
    assert len(written(path)) == 2


@on_a_small_disk
def test_a_disk_that_nobody_may_write_to(disk):
    path = disk.folder / "journal.sqlite"
    links = written(path)
    disk.mount("ro")
    with pytest.raises(JournalError, match="look whether its folder may be written"):
        written(path)
    with closing(SqliteJournal(path, reading_only=True)) as journal:
        assert list(journal.chain("ann")) == links
    disk.mount("rw")
    assert written(path)[-1].sequence == 4


_AS_NOBODY = """
import os, pwd, sys
from pathlib import Path
from alprviewer.core.errors import JournalError
from alprviewer.review.sqlite import SqliteJournal
from tests.helpers.journals import bodies
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(pwd.getpwnam("nobody").pw_gid)
    os.setuid(pwd.getpwnam("nobody").pw_uid)
try:
    journal = SqliteJournal(Path(sys.argv[1]), reading_only=sys.argv[2] == "read")
    print(len(list(journal.chain("ann"))))
    if sys.argv[2] != "read":
        journal.append("ann", bodies(1, 9))
        print("saved")
except JournalError as error:
    print(error, file=sys.stderr)
"""


def as_nobody(path, how):
    """Do it as a user for whom modes count: root may write everywhere."""
    # Coverage would write into folders that are not nobody's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    done = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY, path, how],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    return done.stdout.split(), done.stderr


@pytest.fixture
def shared(tmp_path_factory):
    """A folder that others may look into."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="alprviewer-shared-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


def test_a_folder_that_may_not_be_written(shared):
    shared.chmod(0o555)
    out, errors = as_nobody(shared / "journal.sqlite", "write")
    assert out == []
    assert "cannot be opened or made" in errors


def test_a_journal_that_may_not_be_written(shared):
    path = shared / "journal.sqlite"
    written(path, 2)
    path.chmod(0o444)
    shared.chmod(0o555)
    out, errors = as_nobody(path, "write")
    assert "saved" not in out
    assert str(path) in errors
    assert "may not be written" in errors or "cannot be opened" in errors


def test_a_journal_in_a_folder_that_may_not_be_written_can_be_read(shared):
    path = shared / "journal.sqlite"
    written(path, 3)
    path.chmod(0o444)
    shared.chmod(0o555)
    assert as_nobody(path, "read") == (["3"], "")
    assert sorted(each.name for each in shared.iterdir()) == ["journal.sqlite"]


def test_reading_only_neither_makes_nor_changes_anything(path):
    with pytest.raises(JournalError, match="cannot be opened"):
        SqliteJournal(path, reading_only=True)
    assert not path.exists()
    links = written(path)
    before = path.read_bytes()
    with closing(SqliteJournal(path, reading_only=True)) as journal:
        assert list(journal.chain("ann")) == links
        with pytest.raises(JournalError, match="may not be written"):
            journal.append("ann", bodies(1))
    assert path.read_bytes() == before


@pytest.mark.parametrize("become", ["removed", "replaced"])
def test_a_file_that_went_away_while_it_was_open(path, become):
    with closing(SqliteJournal(path)) as journal:
        journal.append("ann", bodies(1))
        path.unlink()
        if become == "replaced":
            written(path.with_name("other.sqlite"))
            path.with_name("other.sqlite").rename(path)
        with pytest.raises(JournalError, match="removed or replaced"):
            journal.append("ann", bodies(1, 1))


def test_a_journal_replaced_by_statement_is_refused(path):
    links = written(path)
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.Error, match="never replaced"):
        connection.execute("INSERT OR REPLACE INTO entry SELECT 9, 'ann', 1, '', '', ''")
    with opened(Sqlite(path.parent)) as journal:
        assert list(journal.chain("ann")) == links


def test_bytes_that_are_no_text_are_found_not_fatal(path):
    written(path)
    engine = Sqlite(path.parent)
    engine.disarm()
    engine.execute("UPDATE entry SET body = CAST(x'ff61' AS TEXT) WHERE sequence = 1")
    with opened(engine) as journal:
        assert [fault.sequence for fault in check_chain(journal.chain("ann")).faults] == [1]


def test_many_windows_begin_one_journal_at_the_same_moment(tmp_path):
    """Switching to WAL takes the file for itself, and does not wait for others who do so too."""
    windows = 6
    for number in range(30):
        path = tmp_path / f"journal-{number}.sqlite"
        start = threading.Barrier(windows)

        def begin(path=path, start=start):
            start.wait()
            with closing(SqliteJournal(path)) as journal:
                return journal.id

        with ThreadPoolExecutor(windows) as pool:
            ids = {each.result() for each in [pool.submit(begin) for _ in range(windows)]}
        assert len(ids) == 1
