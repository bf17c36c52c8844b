"""The files of a spool: what they hold, when they begin, and what a crash or a full disk leaves."""

import errno
import hashlib
import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alprviewer.core.errors import UserError
from alprviewer.sources.spool import writer as spool_writer
from alprviewer.sources.spool.files import companions, read_notes, spool_files
from alprviewer.sources.spool.values import whole
from alprviewer.sources.spool.writer import SpoolOptions, SpoolWriter
from tests.helpers.reading import capture_of, frame_value

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def message(number, **more):
    return json.dumps(frame_value(number, **more)).encode()


def make(folder, **options):
    return SpoolWriter(folder, "tcp-test", SpoolOptions(**options))


def keep(writer, *messages):
    return writer.write([whole(each) for each in messages])


def lines(folder):
    return [line for path in spool_files(folder) for line in path.read_bytes().splitlines()]


def test_lines_are_what_was_received_and_open_as_any_file(tmp_path):
    writer = make(tmp_path, now=lambda: NOON)
    pretty = json.dumps(frame_value(2), indent=1).encode()
    kept = keep(writer, message(1), pretty, b"noise", b'{"cut": ')
    writer.close()
    assert [(each.values, each.frames, each.rejected) for each in kept] == [
        (1, 1, 0),
        (1, 1, 0),
        (0, 0, 1),
        (0, 0, 1),
    ]
    (path,) = spool_files(tmp_path)
    assert path.name == "tcp-test_2026-11-22T120000.000Z.jsonl"
    first, second = path.read_bytes().splitlines()
    assert first == message(1)
    assert second == pretty.replace(b"\n", b" ")
    notes = list(read_notes(path))
    assert [note.digest for note in notes] == [hashlib.sha256(each).digest() for each in (message(1), pretty)]
    data = path.read_bytes()
    assert [data[note.offset :][: note.length] for note in notes] == [first, second]
    assert companions(path)[1].read_bytes() == b'noise\n{"cut":\n'
    assert len(capture_of(tmp_path).columns.frames) == 2


def test_a_new_file_begins_with_every_hour_and_at_a_size(tmp_path):
    now = [NOON]
    writer = make(tmp_path, now=lambda: now[0], file_bytes=1000)
    for number in range(4):
        keep(writer, message(number))
        now[0] += timedelta(minutes=20)
    writer.close()
    begun = [path.name.partition("_")[2] for path in spool_files(tmp_path)]
    small = len(message(0)) + 1
    assert small < 1000 < 2 * small
    assert begun == [
        "2026-11-22T120000.000Z.jsonl",
        "2026-11-22T124000.000Z.jsonl",
        "2026-11-22T130000.000Z.jsonl",
    ]
    assert lines(tmp_path) == [message(number) for number in range(4)]


def test_two_files_of_one_moment_have_two_names(tmp_path):
    for number in range(3):
        writer = make(tmp_path, now=lambda: NOON)
        keep(writer, message(number))
        writer.close()
    assert len(spool_files(tmp_path)) == 3


def test_the_same_value_is_kept_once_also_after_a_new_start(tmp_path):
    writer = make(tmp_path)
    (first, again) = keep(writer, message(1), message(1))
    assert (first.values, first.duplicates, again.values, again.duplicates) == (1, 0, 0, 1)
    writer.close()
    writer = make(tmp_path)
    (third,) = keep(writer, message(1))
    (other,) = keep(writer, message(1, camera_id=8))
    writer.close()
    assert (third.values, third.duplicates) == (0, 1)
    assert (other.values, other.duplicates) == (1, 0), "a uuid with other content is another read"
    assert lines(tmp_path) == [message(1), message(1, camera_id=8)]


def test_values_without_a_uuid_are_never_duplicates(tmp_path):
    writer = make(tmp_path)
    heartbeat = b'{"data_type": "heartbeat", "timestamp": 1, "video_streams": []}'
    keep(writer, heartbeat, heartbeat)
    writer.close()
    assert lines(tmp_path) == [heartbeat] * 2


def test_nothing_received_leaves_no_file(tmp_path):
    writer = make(tmp_path)
    writer.write([whole(b" \n")])
    writer.close()
    assert list(tmp_path.iterdir()) == []


class Disk:
    """Syncs until it is told to fail."""

    def __init__(self):
        self.error = 0
        self.synced = []

    def __call__(self, descriptor):
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        self.synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO])
def test_what_failed_is_not_there_and_can_be_sent_again(tmp_path, error):
    disk = Disk()
    writer = make(tmp_path, sync=disk)
    keep(writer, message(1))
    disk.error = error
    for _ in range(3):
        with pytest.raises(OSError, match=os.strerror(error)):
            keep(writer, message(2), b"noise")
        assert lines(tmp_path) == [message(1)]
    disk.error = 0
    (kept,) = keep(writer, message(2))
    writer.close()
    assert (kept.values, kept.duplicates) == (1, 0)
    assert lines(tmp_path) == [message(1), message(2)]
    assert len(spool_files(tmp_path)) == 2


def test_a_full_disk(small_disk):
    """A real file system of one megabyte."""
    writer = make(small_disk)
    acknowledged = 0
    with suppress(OSError):
        while True:
            keep(writer, message(acknowledged + 1, user_data="x" * 20_000))
            acknowledged += 1
    assert acknowledged > 20
    with pytest.raises(OSError, match="No space"):
        keep(writer, message(acknowledged + 1, user_data="x" * 20_000))
    writer.close()
    found = [json.loads(line)["epoch_time"] - 1_700_000_000_000 for line in lines(small_disk)]
    assert found == list(range(1, acknowledged + 1))
    writer = make(small_disk)
    writer.close()


def test_a_line_is_durable_before_it_is_said_to_be(tmp_path):
    disk = Disk()
    writer = make(tmp_path, sync=disk)
    keep(writer, message(1))
    (path,) = spool_files(tmp_path)
    assert str(path) in disk.synced
    assert str(tmp_path) in disk.synced, "the new name in the folder is to last too"
    assert str(companions(path)[0]) not in disk.synced, "can be made again from the line"
    keep(writer, json.dumps(frame_value(2), indent=1).encode(), b"noise")
    assert {str(companions(path)[0]), str(companions(path)[1])} <= set(disk.synced)
    writer.close()


def crash(tmp_path, *, torn=b"", notes=None):
    """A file as a crash leaves it: a torn line behind it, notes cut at a place."""
    writer = make(tmp_path)
    keep(writer, *map(message, range(3)))
    writer.close()
    (path,) = spool_files(tmp_path)
    with path.open("ab") as file:
        file.write(torn)
    received = companions(path)[0]
    received.write_bytes(received.read_bytes()[:notes])
    return path


@pytest.mark.parametrize("notes", [None, 0, 30, 100, 150])
@pytest.mark.parametrize("torn", [b"", b"{", message(7)[:90]])
def test_a_crash_is_put_in_order(tmp_path, torn, notes):
    path = crash(tmp_path, torn=torn, notes=notes)
    (kept,) = keep(make(tmp_path), message(1))
    assert (kept.values, kept.duplicates) == (0, 1)
    assert path.read_bytes() == b"".join(message(number) + b"\n" for number in range(3))
    assert [note.digest for note in read_notes(path)] == [
        hashlib.sha256(message(n)).digest() for n in range(3)
    ]
    rejected = companions(path)[1]
    assert (rejected.read_bytes() if rejected.exists() else b"") == (torn + b"\n" if torn else b"")


def test_notes_of_lines_that_never_came_are_dropped(tmp_path):
    path = crash(tmp_path)
    os.truncate(path, len(message(0)) + 1)
    make(tmp_path).close()
    assert len(list(read_notes(path))) == 1


def test_a_file_that_somebody_writes_is_left_alone(tmp_path):
    writer = make(tmp_path)
    keep(writer, message(1))
    (path,) = spool_files(tmp_path)
    with path.open("ab") as file:
        file.write(b"{torn")
    other = make(tmp_path)
    assert path.read_bytes().endswith(b"{torn")
    writer.close()
    other.close()


def test_a_folder_that_goes_away_is_made_again(tmp_path):
    folder = tmp_path / "out"
    writer = make(folder)
    keep(writer, message(1))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    keep(writer, message(2))
    writer.close()
    assert lines(folder) == [message(2)]


def test_a_folder_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        make(tmp_path / "file" / "below")


def test_only_so_many_values_are_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr(spool_writer, "REMEMBERED", 2)
    for hour in range(3):
        writer = make(tmp_path, now=lambda hour=hour: NOON + timedelta(hours=hour))
        keep(writer, message(2 * hour), message(2 * hour + 1))
        writer.close()
    writer = make(tmp_path)
    assert [kept.duplicates for kept in keep(writer, message(5), message(0))] == [1, 0]
    writer.close()
