"""How far the chains of a journal went when they were last seen, kept beside the program's state.

A chain cannot tell that its end was cut off. What was written down elsewhere can: after every entry of ours,
and whenever a journal was found in order.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from alprviewer.core.chain import Head, parse_head
from alprviewer.core.errors import UsageError

log = logging.getLogger(__name__)


class KeptHeads:
    """The heads of one journal that were seen on this computer, in a file of lines ``WRITER:SEQ:HASH``."""

    def __init__(self, folder: Path, journal_id: str) -> None:
        """Args: the folder for the files of all journals, and the id of this one."""
        self._path = folder / f"{journal_id}.heads"

    def read(self) -> list[Head]:
        """The heads by writer; none where nothing was seen yet. Lines that are none are passed over."""
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except OSError:
            return []
        found: dict[str, Head] = {}
        for line in lines:
            try:
                head = parse_head(line)
            except UsageError:
                continue
            found[head.writer] = max(head, found.get(head.writer, head))
        return [found[writer] for writer in sorted(found)]

    def keep(self, heads: Iterable[Head]) -> None:
        """Write heads down; of each writer the one that goes furthest stays.

        A folder that cannot be written is logged and no more: the entries themselves are safe.
        """
        found = {head.writer: head for head in self.read()}
        for head in heads:
            if head.writer not in found or head.sequence > found[head.writer].sequence:
                found[head.writer] = head
        temporary = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            text = "".join(f"{found[writer]}\n" for writer in sorted(found))
            temporary.write_text(text, "utf-8")
            temporary.replace(self._path)
        except OSError as error:
            log.warning("The heads of the journal could not be kept in %s: %s", self._path, error)
