"""Received files that hold judged reads are told from those that may go."""

import json
import signal
from contextlib import closing

import pytest

from alprviewer.core.errors import JournalError
from alprviewer.review.opening import open_journal
from alprviewer.review.retaining import kept_for_review
from tests.helpers.journals import bodies, judged
from tests.helpers.postgres import needs_postgres, postgres
from tests.helpers.reading import frame_value


def written(path, *frames):
    path.write_text("".join(json.dumps(frame) + "\n" for frame in frames))
    return path


@pytest.mark.parametrize("has_uuid", [True, False])
def test_a_file_with_a_judged_read_is_kept(tmp_path, has_uuid):
    one, other = frame_value(1, ("A1", "B2")), frame_value(2)
    if not has_uuid:
        del one["uuid"], other["uuid"]
    judged(tmp_path, one, position=1)
    keep = kept_for_review("", tmp_path)
    assert keep(written(tmp_path / "a.jsonl", other, {"wrapped": one}))
    assert not keep(written(tmp_path / "b.jsonl", other))
    # The same uuid with other content is another read.
    assert not keep(written(tmp_path / "c.jsonl", one | {"epoch_time": 1}))


def test_without_a_journal_nothing_is_kept_and_none_is_made(tmp_path):
    keep = kept_for_review("", tmp_path)
    assert not keep(written(tmp_path / "a.jsonl", frame_value(1)))
    assert not (tmp_path / "journal.sqlite").exists()


def test_what_cannot_be_read_is_kept(tmp_path):
    judged(tmp_path, frame_value(1))
    assert kept_for_review("", tmp_path)(tmp_path / "gone.jsonl")


@needs_postgres
def test_while_the_server_is_away_nobody_can_tell(tmp_path):
    with postgres() as restless:
        url = restless.database()
        with closing(open_journal(url, tmp_path / "another")) as journal:
            journal.append("w", bodies(1))
        kept_for_review(url, tmp_path)
        restless.stop(signal.SIGQUIT)
        with pytest.raises(JournalError, match="cannot be reached"):
            kept_for_review(url, tmp_path)


def test_a_journal_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "journal.sqlite").write_text("no database at all" * 100)
    with pytest.raises(JournalError):
        kept_for_review("", tmp_path)
