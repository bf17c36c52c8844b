"""The child process that reads and decodes files, and the messages it sends.

The window never parses in bulk: a busy parsing thread makes its tables repaint several times slower. The
child is started as ``python -m alprviewer.sources.decoder``, gets its number and its jobs as one JSON
value on its standard input and writes messages to its standard output. A full pipe makes it wait; a closed
one ends it.
"""

from __future__ import annotations

import gc
import json
import sys
from typing import IO

from alprviewer.core.builder import BatchBuilder
from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.errors import SourceError
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.childprocess import run_child
from alprviewer.sources.jobs import Job, extent, job_of
from alprviewer.sources.messages import Arrived, PartRead, Settled, Started, send
from alprviewer.sources.resultfile import PartReader


class _Decoder:
    """Reads jobs one after the other. The codes of a source's texts go on from job to job."""

    def __init__(self, pipe: IO[bytes], number: int) -> None:
        self._pipe = pipe
        self._number = number
        self._source = -1
        self._builder = BatchBuilder()

    def run(self, job: Job) -> None:
        """Send a part's rows."""
        if job.source != self._source:
            self._source, self._builder = job.source, BatchBuilder()
        try:
            pending = self._read(job)
        except SourceError as error:
            send(self._pipe, PartRead(job.source, failure=str(error)))
        else:
            send(self._pipe, PartRead(job.source, pending))

    def _read(self, job: Job) -> Checkpoint | None:
        part = extent(job)
        if part is None or part.begin.position == part.end:
            return None
        with ByteStream(job.path) as stream:
            if part.begin == START:
                send(self._pipe, Started(job.source, stream.compression, stream.size))
            reader = PartReader(stream, self._builder, part.begin, part.end)
            for batch in reader.batches():
                send(self._pipe, Arrived(job.source, batch, self._number))
            if part.end is None:
                send(self._pipe, Settled(job.source, reader.checkpoint, reader.waiting))
                for batch in reader.tail():
                    send(self._pipe, Arrived(job.source, batch, self._number))
        return reader.pending


def work(pipe: IO[bytes]) -> None:
    """Read the jobs that standard input names and send their rows."""
    # Hardly anything here refers to itself, and looking for it again and again takes a while.
    gc.freeze()
    gc.set_threshold(100_000)
    number, jobs = json.load(sys.stdin)
    decoder = _Decoder(pipe, number)
    for job in jobs:
        decoder.run(job_of(job))


if __name__ == "__main__":
    raise SystemExit(run_child(work))
