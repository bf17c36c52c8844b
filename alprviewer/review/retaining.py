"""Which received files must stay: those that hold reads somebody has judged."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from alprviewer.core.chain import Link
from alprviewer.core.decision import frame_digests, read_body, read_subject
from alprviewer.core.encoding import sniff
from alprviewer.core.errors import JournalError, SourceError
from alprviewer.language import tr
from alprviewer.review.journal import Journal
from alprviewer.review.opening import is_there, open_journal
from alprviewer.sources.bytestream import ByteStream
from alprviewer.sources.resultfile import Item, read_items
from alprviewer.sources.spool.retention import Keep


def kept_for_review(url: str, data_folder: Path) -> Keep:
    """Tells of a file whether it holds a read that the journal speaks of, also one that was undone.

    What cannot be read is kept, once anything has been judged.

    Args:
        url: of the journal, as ``open_journal`` takes it.
        data_folder: the same.

    Raises:
        UserError: the journal cannot be read; one on a server that is away cannot.
    """
    uuids: set[str] = set()
    digests: set[str] = set()
    if is_there(url, data_folder):
        with closing(open_journal(url, data_folder)) as journal:
            for link in _all_links(journal):
                entry = read_body(link.body)
                for read in entry.reads if entry is not None else ():
                    uuids.add(read.uuid or "")
                    digests.add(read.digest)

    def is_judged(item: Item) -> bool:
        frames = item.decoded.frames if item.decoded is not None else ()
        if not any((frame.uuid or "") in uuids for frame, _ in frames):
            return False
        wholes = frame_digests(item.piece.data, sniff(item.piece.data))
        return any(
            read_subject(whole, position, frame.uuid).digest in digests
            for whole, (frame, _) in zip(wholes, frames, strict=True)
            for position in range(len(frame.reads))
        )

    def keep(path: Path) -> bool:
        if not digests:
            return False
        try:
            with ByteStream(path) as stream:
                return any(item is not None and is_judged(item) for item in read_items(stream))
        except SourceError:
            return True

    return keep


def _all_links(journal: Journal) -> list[Link]:
    """Every entry. A journal on a server that is away would tell those of this computer alone.

    Raises:
        JournalError: not every entry can be had.
    """
    heads = journal.heads()
    links = journal.since().links
    found = {(link.writer, link.sequence) for link in links}
    if not all((head.writer, head.sequence) in found for head in heads):
        raise JournalError(tr("The journal could not be read to its end."))
    return links
