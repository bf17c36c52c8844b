"""What the system says of a connection that fails, in the language that is spoken."""

from __future__ import annotations

import errno
import os

from alprviewer.language import tr

_WORDS = {
    errno.EACCES: tr("permission denied"),
    errno.EADDRINUSE: tr("address already in use"),
    errno.EADDRNOTAVAIL: tr("cannot assign requested address"),
    errno.ECONNABORTED: tr("software caused connection abort"),
    errno.ECONNREFUSED: tr("connection refused"),
    errno.ECONNRESET: tr("connection reset by peer"),
    errno.EHOSTUNREACH: tr("no route to host"),
    errno.ENETUNREACH: tr("network is unreachable"),
    errno.ENOENT: tr("no such file or directory"),
    errno.EPIPE: tr("broken pipe"),
    errno.ETIMEDOUT: tr("connection timed out"),
}
"""The system's own words, in English; others stay English in every language."""


def system_words(number: int) -> str:
    """What an error number means, to follow a colon."""
    return _WORDS.get(number) or os.strerror(number).lower()
