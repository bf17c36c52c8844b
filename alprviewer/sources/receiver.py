"""The child process that receives from one live source for a window, and tells how it goes.

It is started as ``python -m alprviewer.sources.receiver`` and gets its order as one line of JSON: secrets
stand neither in its arguments nor in its environment. It ends when its input does, as ``record`` ends by
SIGTERM: what has begun is finished and what waits is made durable. So a window that is gone, however it went,
leaves nobody behind.

Nothing that the window does, or omits, holds up a sender: what there is to tell is gathered, and told by a
thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from alprviewer.core.errors import UserError
from alprviewer.sources.childprocess import run_child
from alprviewer.sources.live import recorder
from alprviewer.sources.live.counters import Counters
from alprviewer.sources.live.endpoint import Endpoint, parse
from alprviewer.sources.live.order import Order
from alprviewer.sources.live.probe import probe
from alprviewer.sources.live.recorder import Recorder
from alprviewer.sources.live.sources import Tls
from alprviewer.sources.messages import Durable, LiveMessage, Remark, Told, send
from alprviewer.sources.spool.files import put_in_order, recent_files
from alprviewer.sources.spool.writer import SpoolOptions

_TOGETHER_S = 0.02
"""Seconds between two times of telling: what comes meanwhile is told together."""
_REPORT_S = 0.2
_PATIENCE_S = 2.0
"""Seconds that the end waits for a window that does not listen."""
_AGAIN_S = 0.05
_MOST_REMARKS = 100


class Teller:
    """Gathers what there is to tell and writes it to the pipe, in a thread of its own."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._news = threading.Condition()
        self._sizes: dict[Path, int] = {}
        self._counters: Counters | None = None
        self._others: list[LiveMessage] = []
        self._ending = False
        self.is_broken = False
        """True if nobody listens any more."""
        self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
        self._thread.start()

    def wrote(self, path: Path, size: int) -> None:
        """More of a file is durable."""
        with self._news:
            self._sizes[path] = size
            self._news.notify()

    def report(self, found: Sequence[tuple[Endpoint, Counters]]) -> None:
        """The counters of the one source."""
        with self._news:
            self._counters = replace(found[0][1])
            self._news.notify()

    def say(self, text: str) -> None:
        """One sentence; who does not listen misses the oldest."""
        self.tell(Remark(text))

    def tell(self, message: LiveMessage) -> None:
        """Anything else."""
        with self._news:
            self._others = [*self._others[-_MOST_REMARKS:], message]
            self._news.notify()

    def _taken(self) -> list[LiveMessage]:
        messages: list[LiveMessage] = [Durable(str(path), size) for path, size in self._sizes.items()]
        messages += [Told(self._counters)] if self._counters is not None else []
        messages += self._others
        self._sizes, self._counters, self._others = {}, None, []
        return messages

    def _run(self) -> None:
        try:
            while True:
                with self._news:
                    self._news.wait_for(lambda: self._ending or self._has_news)
                    messages = self._taken()
                    if not messages:
                        return
                for message in messages:
                    send(self._pipe, message)
                with self._news:
                    self._news.wait_for(lambda: self._ending, _TOGETHER_S)
        except BrokenPipeError:
            self.is_broken = True  # nobody listens any more; receiving ends by its input

    @property
    def _has_news(self) -> bool:
        return bool(self._sizes or self._others or self._counters is not None)

    def close(self) -> None:
        """Tell what is left."""
        with self._news:
            self._ending = True
            self._news.notify()
        self._thread.join(_PATIENCE_S)


def _tls(order: Order) -> Tls:
    return Tls(order.certificate, order.key, order.authority)


async def _receive(order: Order, teller: Teller) -> None:
    endpoint, folder = parse(order.url), Path(order.folder)
    for path in recent_files(folder, endpoint.name, order.since, order.before):
        put_in_order(path)
        teller.wrote(path, path.stat().st_size)
    running = Recorder(
        recorder.Order(
            [endpoint],
            folder,
            order.token,
            _tls(order),
            report_every=_REPORT_S,
            spool=SpoolOptions(wrote=teller.wrote),
        ),
        teller.say,
        teller.report,
    )
    loop = asyncio.get_running_loop()

    def ended() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin.fileno())
            end()

    def end() -> None:
        """Again and again: before the sources have begun there is nothing that could be ended."""
        running.end()
        loop.call_later(_AGAIN_S, end)

    loop.add_reader(sys.stdin.fileno(), ended)
    await running.run()


def work(pipe: IO[bytes]) -> None:
    """Receive what standard input orders, until it ends."""
    order = Order(*json.loads(sys.stdin.buffer.readline()))
    teller = Teller(pipe)
    try:
        if order.is_probe:
            teller.say(asyncio.run(probe(parse(order.url), order.token, _tls(order))))
        else:
            asyncio.run(_receive(order, teller))
    except UserError as error:
        teller.tell(Remark(str(error), is_refusal=True))
    finally:
        teller.close()
    if teller.is_broken:
        raise BrokenPipeError


if __name__ == "__main__":
    raise SystemExit(run_child(work, niceness=0))
