"""The child process that reads and decodes files, and the messages it sends.

The window never parses in bulk: a busy parsing thread makes its tables repaint several times slower. The
child is started as ``python -m alprviewer.sources.decoder``, gets its number and its jobs as one JSON
value on its standard input and writes messages to its standard output. A full pipe makes it wait; a closed
one ends it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from typing import IO

from alprviewer.core.builder import BatchBuilder
from alprviewer.core.checkpoint import START, Checkpoint
from alprviewer.core.errors import SourceError
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.jobs import Job, extent, job_of
from alprviewer.sources.messages import Arrived, Crashed, PartRead, Settled, Started, send
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


def main() -> int:
    """Entry point of the child."""
    # The window is to stay quick while all processors read for it.
    if hasattr(os, "nice"):
        os.nice(5)
    # Hardly anything here refers to itself, and looking for it again and again takes a while.
    gc.freeze()
    gc.set_threshold(100_000)
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=1 << 16)
    # Whatever prints by mistake must not get into the messages.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        number, jobs = json.load(sys.stdin)
        decoder = _Decoder(pipe, number)
        for job in jobs:
            decoder.run(job_of(job))
    except (BrokenPipeError, KeyboardInterrupt):
        os.close(pipe.fileno())
        return 0
    except Exception:  # noqa: BLE001 - whatever it is, the parent reports it as a bug
        send(pipe, Crashed(traceback.format_exc()))
        return 1
    pipe.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
