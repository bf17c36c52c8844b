"""The child process of a live source: what it tells, how it ends, and what follows when it is killed."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import pytest

from alprviewer.capture.receiving import DIED
from tests.helpers.leaks import children
from tests.helpers.live import free_port, kept, message, messages
from tests.helpers.receivers import Received, post, taken_port, texts


@pytest.fixture
def receive(tmp_path):
    """Makes live sources, and ends them."""
    made = []

    def factory(*words, **more):
        made.append(Received(tmp_path / "spool", *words, **more))
        return made[-1]

    yield factory
    for each in made:
        each.receiving.close()


def test_what_is_acknowledged_is_told_as_durable(receive):
    source, sent = receive(), messages(3)
    assert post(source.place, *sent) == [200, 200, 200]
    source.until(lambda: source.lines() == sent)
    source.until(lambda: source.receiving.counters.values == 3)
    assert source.receiving.counters.acknowledged == 3
    (path,) = source.sizes
    assert Path(path).stat().st_size == source.sizes[path]


def test_it_ends_with_the_input_of_its_child(receive, tmp_path):
    source = receive()
    post(source.place, message())
    source.receiving.close()
    assert children() == {}
    assert kept(tmp_path / "spool") == [message()]


def test_a_child_that_is_killed_is_started_again_and_nothing_is_lost(receive):
    port = free_port()
    source = receive(f"http-listen://127.0.0.1:{port}")
    sent = []
    for number in range(3):
        assert source.place
        source.until(lambda: source.receiving.is_running and source.receiving.counters.place)
        post(source.receiving.counters.place, message(number))
        sent.append(message(number))
        os.kill(source.child(), signal.SIGKILL)
        source.until(lambda number=number: source.receiving.deaths == number + 1)
        assert not source.receiving.is_running
        assert source.receiving.retry_at > source.receiving.begun
        assert source.receiving.last_error == DIED
        source.until(lambda: source.receiving.is_running)
    source.until(lambda: sorted(source.lines()) == sent)
    assert DIED in texts(source.remarks)


def test_counts_go_on_behind_those_of_a_dead_child(receive):
    source = receive()
    post(source.place, *messages(4))
    source.until(lambda: source.receiving.counters.values == 4)
    last = source.receiving.counters.last_at
    os.kill(source.child(), signal.SIGKILL)
    source.until(lambda: source.receiving.deaths)
    assert source.receiving.counters.values == 4
    assert source.receiving.counters.last_at == last
    source.until(lambda: source.receiving.is_running)
    post(source.place, message(9), message(1))
    source.until(lambda: source.receiving.counters.values == 5)
    assert source.receiving.counters.duplicates == 1


def test_an_address_that_is_taken_is_tried_again_until_it_is_free(receive):
    taken, port = taken_port()
    with closing(taken):
        source = receive(f"http-listen://127.0.0.1:{port}")
        source.until(lambda: source.receiving.deaths == 1)
        assert "cannot be listened at: address already in use." in source.receiving.last_error
        assert texts(source.remarks) == [source.receiving.last_error]
    assert source.place == f"http-listen://127.0.0.1:{port}"
    source.until(lambda: not source.receiving.last_error)


@pytest.mark.parametrize(("before", "count"), [(0, 0), (1, 1), (10**6, 2)])
def test_what_came_before_is_told_of_as_far_as_it_is_wanted(receive, before, count):
    for number in range(2):
        earlier = receive()
        post(earlier.place, message(number))
        earlier.until(lambda earlier=earlier: earlier.receiving.counters.values)
        earlier.receiving.close()
    later = receive(since="9", before=before)
    assert later.place
    assert later.lines() == messages(2)[2 - count :]


def test_a_torn_line_is_not_told_of(receive, tmp_path):
    earlier = receive()
    post(earlier.place, message())
    earlier.until(lambda: earlier.receiving.counters.values)
    (path,) = earlier.sizes
    earlier.receiving.close()
    with Path(path).open("ab") as file:
        file.write(message(1)[:50])
    later = receive(since="9", before=1)
    assert later.place
    assert later.lines() == [message()]


def test_a_window_that_does_not_listen_holds_up_nobody(receive, tmp_path):
    source = receive()
    place = source.place
    for first in range(0, 3000, 100):
        post(place, b"\n".join(messages(100, first)))
    assert len(kept(tmp_path / "spool")) == 3000
    source.until(lambda: source.receiving.counters.values == 3000)
    assert source.lines() == kept(tmp_path / "spool")


def test_a_secret_stands_neither_in_the_arguments_nor_in_the_environment(receive):
    source = receive(token="open sesame")
    place = source.place
    for name in ("cmdline", "environ"):
        assert b"sesame" not in Path(f"/proc/{source.child()}/{name}").read_bytes()
    assert post(place + "/?token=open+sesame", message()) == [200]
