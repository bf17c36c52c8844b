"""What the child process that receives is told to do. Light to import."""

from __future__ import annotations

import json
from typing import NamedTuple


class Order(NamedTuple):
    """What to receive.

    Attributes:
        url: the source.
        folder: for the spool files.
        token: the secret that senders show, or that is shown to a server; empty: none.
        certificate, key, authority: files in PEM, as of ``Tls``.
        since, before: which files of the spool are told of at the beginning, as of ``recent_files``.
        is_probe: only try whether it could work.
    """

    url: str
    folder: str = ""
    token: str = ""
    certificate: str = ""
    key: str = ""
    authority: str = ""
    since: str = ""
    before: int = 0
    is_probe: bool = False

    def words(self) -> bytes:
        """As the child reads it."""
        return json.dumps(self).encode("ascii") + b"\n"
