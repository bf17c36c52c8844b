"""What a replay sends to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass
class Sent:
    """What became of the messages.

    Attributes:
        sent: given to the transport.
        acknowledged: those that the receiver said it has; transports without acknowledgement leave it at 0.
        refused: those that the receiver will never take.
        retries: attempts that failed and were made again.
        last_error: one sentence.
    """

    sent: int = 0
    acknowledged: int = 0
    refused: int = 0
    retries: int = 0
    last_error: str = ""


class Target(Protocol):
    """Where messages go. Used as an asynchronous context, which opens and closes it."""

    sent: Sent

    async def __aenter__(self) -> Target: ...

    async def __aexit__(self, *_: object) -> None: ...

    async def send(self, data: bytes) -> None:
        """Send a message; waits where the receiver is slower. A connection that breaks is made anew."""
        ...

    async def finish(self) -> None:
        """Wait until everything was taken."""
        ...
