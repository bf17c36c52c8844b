"""The kinds of live sources that the dialog offers, as data. To add one: one line in ``KINDS``."""

from __future__ import annotations

from typing import NamedTuple

from alprviewer.language import tr

_NO_ANSWER = tr(
    "This transport has no acknowledgement: what is on its way when a connection breaks, or when this "
    "program ends, is lost unless the sender sends it again. What has arrived is kept."
)


class Kind(NamedTuple):
    """A kind of source.

    Attributes:
        scheme: of its URLs.
        title: for the list.
        explanation: what it means for the sender and for the data.
        path: what its path is called; empty where it has none.
        path_is_optional: any path will do where none is given.
        port: what is meant where no port is given; 0 where one must be.
        has_token, has_certificate, has_authority: what can be given for it.
    """

    scheme: str
    title: str
    explanation: str
    path: str = ""
    path_is_optional: bool = False
    port: int = 0
    has_token: bool = False
    has_certificate: bool = False
    has_authority: bool = False

    @property
    def is_listener(self) -> bool:
        """True if others connect to us."""
        return self.scheme.endswith("-listen")

    @property
    def is_file(self) -> bool:
        """True if its address is the path of a socket file."""
        return self.scheme.startswith("unix")


KINDS = (
    Kind(
        "http-listen",
        tr("Agents post to this program (HTTP)"),
        tr(
            "Every message is answered once it is safe on the disk. If that takes more than a second, "
            "the sender is left without an answer, and sends again."
        ),
        tr("Path"),
        path_is_optional=True,
        has_token=True,
    ),
    Kind(
        "https-listen",
        tr("Agents post to this program (HTTPS)"),
        tr("As HTTP, encrypted; senders have to trust the certificate."),
        tr("Path"),
        path_is_optional=True,
        has_token=True,
        has_certificate=True,
    ),
    Kind("beanstalkd", tr("A queue of an agent (beanstalkd)"), "", tr("Tube"), port=11300),
    Kind("ws", tr("A WebSocket server"), _NO_ANSWER, tr("Path"), port=80, has_token=True),
    Kind(
        "wss",
        tr("A WebSocket server, encrypted"),
        _NO_ANSWER,
        tr("Path"),
        port=443,
        has_token=True,
        has_authority=True,
    ),
    Kind("tcp", tr("A program that sends to those who connect (TCP)"), _NO_ANSWER),
    Kind("tcp-listen", tr("Programs connect and send (TCP)"), _NO_ANSWER),
    Kind("unix", tr("A socket file of another program"), _NO_ANSWER, tr("Socket file")),
    Kind("unix-listen", tr("A socket file that this program makes"), _NO_ANSWER, tr("Socket file")),
)

OBSERVE = tr(
    "Look on: jobs stay in the queue for the program they are meant for. Jobs that it takes before they were "
    "looked at are counted as lost here."
)
CONSUME = tr(
    "Take: each job is deleted from the queue once it is safe on the disk. No other program gets it any "
    "more, not even the agent's own uploader."
)
OPEN_TO_ALL = tr(
    "Every machine that can reach this one may send results here. Give a token, and use HTTPS where the "
    "network is not your own."
)
LOOPBACK = tr("Only programs on this machine can connect.")
EVERYWHERE = "0.0.0.0"  # noqa: S104 - offered, with a word on what it means
HERE = "127.0.0.1"
