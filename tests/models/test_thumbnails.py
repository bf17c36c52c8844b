"""Small pictures for tables."""

from __future__ import annotations

import base64
import threading

import pytest

from alprviewer.models import thumbnails as module
from alprviewer.models.thumbnails import Thumbnails
from tests.helpers.opening import SAMPLE, captured, frame, write
from tests.views.shownvalues import BLUE, RED, jpeg


@pytest.fixture
def thumbnails(qtbot):
    made = Thumbnails()
    yield made
    made.close()


def crop(colour: str) -> str:
    return base64.b64encode(jpeg(60, 30, colour)).decode()


@pytest.fixture
def two(tmp_path):
    values = [
        frame("RED", plate_crop_jpeg=crop(RED)),
        frame("BLUE", plate_crop_jpeg=crop(BLUE)),
        frame("NONE"),
    ]
    return captured(write(tmp_path / "a.jsonl", [*values, frame("BAD", plate_crop_jpeg="nonsense")]))


def fetch(qtbot, thumbnails, reads, height=20):
    """Ask as a painting table does: again whenever some are there."""
    qtbot.waitUntil(
        lambda: (
            False not in [thumbnails.get(("reads", read), height)[0] for read in reads]
            and not thumbnails.busy
        ),
        timeout=10_000,
    )
    return [thumbnails.get(("reads", read), height)[1] for read in reads]


def test_each_read_has_its_own_picture_or_none(thumbnails, two, qtbot):
    thumbnails.set_capture(two)
    red, blue, none, bad = fetch(qtbot, thumbnails, range(4))
    assert red.height() == 20
    assert red.pixelColor(5, 5).red() > 150
    assert blue.pixelColor(5, 5).blue() > 150
    assert none is None
    assert bad is None


def test_another_capture_forgets_all(thumbnails, two, qtbot, tmp_path):
    thumbnails.set_capture(two)
    fetch(qtbot, thumbnails, range(4))
    thumbnails.get(("reads", 1), 20)
    other = captured(write(tmp_path / "b.jsonl", [frame("BLUE", plate_crop_jpeg=crop(BLUE))]))
    thumbnails.set_capture(other)
    (picture,) = fetch(qtbot, thumbnails, [0])
    assert picture.pixelColor(5, 5).blue() > 150


def test_another_height_decodes_anew(thumbnails, two, qtbot):
    thumbnails.set_capture(two)
    fetch(qtbot, thumbnails, [0])
    assert fetch(qtbot, thumbnails, [0], 44)[0].height() == 44


def test_the_newest_wishes_come_first_and_old_ones_are_dropped(thumbnails, qtbot, monkeypatch):
    thumbnails.set_capture(captured(SAMPLE))
    gate, order = threading.Event(), []

    def watched(capture, reader, reads, height, real=module._decode):
        gate.wait(10)
        order.append(list(reads))
        return real(capture, reader, reads, height)

    monkeypatch.setattr(module, "_decode", watched)
    for read in range(1000):
        thumbnails.get(("reads", read), 20)
    gate.set()
    qtbot.waitUntil(lambda: not thumbnails.busy)
    newest = range(1000 - module._MOST_WANTED, 1000)
    assert order[0] == [("reads", read) for read in newest[-module._AT_ONCE :]]
    asked = [read for chunk in order for read in chunk]
    assert sorted(asked) == [("reads", read) for read in newest]


def test_what_is_being_decoded_is_not_asked_for_again(thumbnails, two, qtbot, monkeypatch):
    thumbnails.set_capture(two)
    calls = []
    monkeypatch.setattr(
        module, "_decode", lambda *args, real=module._decode: (calls.append(list(args[2])), real(*args))[1]
    )
    for _ in range(5):
        thumbnails.get(("reads", 0), 20)
    qtbot.waitUntil(lambda: not thumbnails.busy)
    assert calls == [[("reads", 0)]]


def test_memory_is_bounded(thumbnails, qtbot, monkeypatch):
    monkeypatch.setattr(module, "_KEPT", 30)
    thumbnails.set_capture(captured(SAMPLE))
    for first in range(0, 200, 10):
        fetch(qtbot, thumbnails, range(first, first + 10))
    assert len(thumbnails._images) <= 30


def test_a_file_that_is_gone_gives_no_picture_and_no_error(thumbnails, qtbot, tmp_path):
    path = write(tmp_path / "a.jsonl", [frame(plate_crop_jpeg=crop(RED))])
    thumbnails.set_capture(captured(path))
    path.unlink()
    assert fetch(qtbot, thumbnails, [0]) == [None]


def test_a_bug_does_not_end_the_thumbnails(thumbnails, two, qtbot, monkeypatch, expected_logs):
    expected_logs("thumbnails thread failed")
    thumbnails.set_capture(two)
    with monkeypatch.context() as patched:
        patched.setattr(module, "_decode", lambda *_: 1 / 0)
        assert fetch(qtbot, thumbnails, [0]) == [None]
    assert fetch(qtbot, thumbnails, [1])[0] is not None


def test_closing_a_capture_while_it_is_read_opens_no_file_again(thumbnails, two, qtbot, monkeypatch):
    started, gate, done, seen = threading.Event(), threading.Event(), threading.Event(), []

    def slow(capture, reader, reads, height, real=module._decode):
        started.set()
        gate.wait(10)
        images = real(capture, reader, reads, height)
        seen.append((len(reader._open), images))
        done.set()
        return images

    monkeypatch.setattr(module, "_decode", slow)
    thumbnails.set_capture(two)
    thumbnails.get(("reads", 0), 20)
    qtbot.waitUntil(started.is_set)
    thumbnails.set_capture(two)
    gate.set()
    qtbot.waitUntil(done.is_set)
    assert [(count, [each.image for each in images.values()]) for count, images in seen] == [(0, [None])]
