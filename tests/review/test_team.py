"""A team's journal while its server comes and goes."""

import signal
from contextlib import closing, suppress

import psycopg
import pytest

from alprviewer.core.chain import check_chain
from alprviewer.core.errors import JournalError, UsageError
from alprviewer.review import team
from alprviewer.review.postgres import PostgresJournal, ServerAway, shown
from alprviewer.review.sqlite import SqliteJournal
from alprviewer.review.team import TeamJournal
from tests.helpers.journals import Server, bodies, opened
from tests.helpers.live import free_port
from tests.helpers.postgres import needs_postgres, postgres

pytestmark = needs_postgres


@pytest.fixture
def place(tmp_path, server):
    return Server(tmp_path, server.database())


@pytest.fixture
def restless(tmp_path, server):
    """A server of its own, to be stopped and started."""
    with postgres() as started:
        yield started


def at(server, folder, computer="desk"):
    return TeamJournal(server, SqliteJournal(folder / f"{computer}.sqlite"))


def test_decisions_go_on_while_the_server_is_away(restless, tmp_path, monkeypatch):
    monkeypatch.setattr(team, "RETRY", 0.0)
    place = Server(tmp_path, restless.database())
    with opened(place, "desk", "lab") as (journal, other):
        first = journal.append("ann", bodies(2))
        position = journal.since().position
        restless.stop(signal.SIGQUIT)
        second = journal.append("ann", bodies(2, 2))
        assert journal.waiting == 2
        assert "cannot be reached" in journal.trouble
        assert "kept on this computer" in journal.trouble
        news = journal.since(position)
        assert news.links == second
        with pytest.raises(ServerAway):
            journal.heads()
        restless.start()
        watch = journal.watch()
        while journal.trouble or not watch.wait(0.2):
            # It may not answer at once; the window asks again, too.
            with suppress(ServerAway):
                journal.heads()
        watch.close()
        assert (journal.waiting, journal.trouble) == (0, "")
        assert list(other.chain("ann")) == [*first, *second]


def test_a_server_that_crashed_has_what_was_handed_over(restless, tmp_path, monkeypatch):
    monkeypatch.setattr(team, "RETRY", 0.0)
    place = Server(tmp_path, restless.database())
    with opened(place) as journal:
        links = journal.append("ann", bodies(20))
    restless.stop(signal.SIGQUIT)
    restless.start()
    with closing(PostgresJournal(place.url)) as found:
        assert list(found.chain("ann")) == links


def test_a_window_opens_without_the_server_and_shows_what_waits(tmp_path):
    url = f"postgresql://tests@127.0.0.1:{free_port()}/nothing"
    with closing(at(url, tmp_path)) as journal:
        links = journal.append("ann", bodies(3))
        assert journal.since().links == links
        assert "cannot be reached" in journal.trouble
    with closing(at(url, tmp_path)) as journal:
        assert journal.since().links == links
        assert journal.append("ann", bodies(1, 3))[0].sequence == 4
        watch = journal.watch()
        assert not watch.wait(0.01)
        watch.close()


def test_what_waited_is_handed_over_once(place, tmp_path):
    away = f"postgresql://tests@127.0.0.1:{free_port()}/nothing"
    with closing(at(away, tmp_path)) as journal:
        links = journal.append("ann", bodies(3))
    for _ in range(2):
        with opened(place) as journal:
            assert list(journal.chain("ann")) == links
            assert journal.waiting == 0


def test_an_outbox_that_was_restored_from_an_older_copy(place, tmp_path):
    with opened(place) as journal:
        journal.append("ann", bodies(1))
    copy = (tmp_path / "desk.sqlite").read_bytes()
    with opened(place) as journal:
        journal.append("ann", bodies(1, 1))
    (tmp_path / "desk.sqlite").write_bytes(copy)
    (tmp_path / "desk.sqlite-wal").unlink(missing_ok=True)
    with closing(SqliteJournal(tmp_path / "desk.sqlite")) as outbox:
        for _ in range(3):
            with pytest.raises(JournalError, match="restored from an older copy"):
                TeamJournal(place.url, outbox)
            outbox.append("ann", bodies(1, 2))
    with closing(PostgresJournal(place.url)) as journal:
        checked = check_chain(journal.chain("ann"))
    assert (checked.entries, checked.faults) == (2, ())


def test_the_password_is_not_shown():
    assert shown("postgresql://ann:secret@db.example:5433/plates?sslmode=require") == (
        "postgresql://ann@db.example:5433/plates"
    )
    with pytest.raises(UsageError, match="cannot be understood") as error:
        shown("postgresql://ann:secret@db.example:5433/plates?nonsense=1")
    assert "secret" not in str(error.value)


def test_someone_without_the_right_to_write(place, tmp_path):
    with opened(place) as journal:
        journal.append("ann", bodies(1))
    name = f"reader_{tmp_path.name[-20:].lower().replace('-', '_')}"
    place.execute(f"CREATE ROLE {name} LOGIN")
    place.execute(f"GRANT USAGE ON SCHEMA alprviewer TO {name}")
    place.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA alprviewer TO {name}")
    try:
        with closing(PostgresJournal(place.url.replace("tests@", f"{name}@"))) as journal:
            assert len(list(journal.chain("ann"))) == 1
            with pytest.raises(JournalError, match="may not be used so"):
                journal.append("ann", bodies(1, 1))
    finally:
        place.execute(f"DROP OWNED BY {name}")
        place.execute(f"DROP ROLE {name}")


def test_a_journal_of_a_newer_program(place):
    with opened(place):
        pass
    place.execute("UPDATE journal SET version = 99")
    with pytest.raises(JournalError, match="newer version"):
        PostgresJournal(place.url)


def test_a_server_that_does_not_sync_is_said(place, restless, tmp_path):
    url = restless.database()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    restless.stop(signal.SIGQUIT)
    restless.start()
    with closing(at(url, tmp_path)) as journal:
        assert "fsync switched off" in journal.trouble
