"""Keeps what arrives, for many senders at once: append, make durable, then say so.

Whatever waits is made durable together, as soon as the group before it is. There is no timer: under load
groups grow by themselves, and a single value waits for nothing.
"""

from __future__ import annotations

import asyncio
import errno
from concurrent.futures import ThreadPoolExecutor

from alprviewer.language import tr
from alprviewer.sources.spool.values import Parcel
from alprviewer.sources.spool.writer import Kept, SpoolWriter

GROUP_BYTES = 8 * 2**20
"""Bytes that are made durable together, at most; a single parcel may be larger."""


class SpoolError(Exception):
    """A parcel could not be made durable. The message is one sentence for a person."""


class Spool:
    """A writer with a thread of its own, and the queue before it.

    Enter it as an asynchronous context; leaving it makes durable what still waits.
    """

    def __init__(self, writer: SpoolWriter) -> None:
        self._writer = writer
        self._waiting: list[tuple[Parcel, asyncio.Future[Kept]]] = []
        self._wake = asyncio.Event()
        self._ending = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Spool:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._ending = True
        self._wake.set()
        assert self._task is not None
        await self._task
        await asyncio.get_running_loop().run_in_executor(self._thread, self._writer.close)
        self._thread.shutdown()

    def keep(self, parcel: Parcel) -> asyncio.Future[Kept]:
        """Queue a parcel. The future gives what became of it, once it is durable.

        The future raises ``SpoolError`` where that failed; nothing of the parcel is kept then.
        """
        future: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
        self._waiting.append((parcel, future))
        self._wake.set()
        return future

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            if not self._waiting:
                if self._ending:
                    return
                self._wake.clear()
                continue
            group = self._next_group()
            try:
                kept = await loop.run_in_executor(
                    self._thread, self._writer.write, [parcel for parcel, _ in group]
                )
            except OSError as error:
                reason = _reason(error)
                for _, future in group:
                    if not future.done():
                        future.set_exception(SpoolError(reason))
                continue
            for (_, future), each in zip(group, kept, strict=True):
                if not future.done():
                    future.set_result(each)

    def _next_group(self) -> list[tuple[Parcel, asyncio.Future[Kept]]]:
        count, size = 0, 0
        while count < len(self._waiting) and (count == 0 or size < GROUP_BYTES):
            size += self._waiting[count][0].size
            count += 1
        group, self._waiting = self._waiting[:count], self._waiting[count:]
        return group


_REASONS = {
    errno.ENOSPC: tr("The disk is full; nothing more is taken until there is room."),
    errno.EDQUOT: tr("This user's share of the disk is full; nothing more is taken until there is room."),
    errno.EROFS: tr("The disk cannot be written; nothing more is taken until it can."),
    errno.EACCES: tr("The folder may not be written; nothing more is taken until it may."),
    errno.ENOENT: tr("The folder is gone; nothing more is taken until it is back."),
}


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0) or tr(
        "Writing failed: {reason}; nothing more is taken until it works.", reason=error.strerror
    )
