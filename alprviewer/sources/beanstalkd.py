"""A client of beanstalkd's protocol, as far as agents and those who listen to them use it.

Commands may be sent one after the other without waiting: the server answers in order. Bodies are bounded
before they are read, whatever the server says of their size.

https://github.com/beanstalkd/beanstalkd/blob/master/doc/protocol.txt
"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from alprviewer.language import tr

MAX_BODY = 16 * 1024 * 1024
_BUFFER = 512 * 1024
_WITH_BODY = {b"RESERVED": 1, b"FOUND": 1, b"OK": 0}
"""Answers with a body, and how many words stand before its size."""


class Answer(NamedTuple):
    """What the server said.

    Attributes:
        word: ``RESERVED``, ``NOT_FOUND`` and so on.
        number: of the job, where the answer names one; 0 elsewhere.
        body: the job or the statistics; None where there is none, or where it is larger than is taken.
    """

    word: str
    number: int = 0
    body: bytes | None = None


class ProtocolError(OSError):
    """The other side speaks no beanstalkd."""


class Beanstalkd:
    """A connection. Write commands with ``ask``, then read as many answers."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int = MAX_BODY
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._limit = limit

    @classmethod
    async def connect(cls, host: str, port: int, limit: int = MAX_BODY) -> Beanstalkd:
        """Open a connection.

        Raises:
            OSError: nobody is there.
        """
        return cls(*await asyncio.open_connection(host, port, limit=_BUFFER), limit)

    def ask(self, command: str, body: bytes | None = None) -> None:
        """Send a command without waiting for its answer."""
        text = command.encode("ascii")
        self._writer.write(text + b"\r\n" if body is None else b"%b %d\r\n%b\r\n" % (text, len(body), body))

    async def drain(self) -> None:
        """Wait until the connection takes more."""
        await self._writer.drain()

    async def answer(self) -> Answer:
        """The next answer.

        Raises:
            OSError: the connection broke, or the other side speaks something else.
        """
        try:
            line = await self._reader.readuntil(b"\r\n")
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError(104, tr("the server ended the connection")) from error
        except asyncio.LimitOverrunError as error:
            raise ProtocolError(71, tr("the server does not speak beanstalkd")) from error
        words = line[:-2].split(b" ")
        before = _WITH_BODY.get(words[0])
        if before is None:
            number = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
            return Answer(words[0].decode("ascii", "replace"), number)
        if len(words) != before + 2 or not all(word.isdigit() and len(word) < 20 for word in words[1:]):
            raise ProtocolError(71, tr("the server does not speak beanstalkd"))
        number = int(words[1]) if before else 0
        return Answer(words[0].decode(), number, await self._body(int(words[-1])))

    async def _body(self, size: int) -> bytes | None:
        try:
            if size <= self._limit:
                return (await self._reader.readexactly(size + 2))[:-2]
            left = size + 2
            while left:
                data = await self._reader.read(min(left, _BUFFER))
                if not data:
                    break
                left -= len(data)
        except asyncio.IncompleteReadError as error:
            raise ConnectionResetError(104, tr("the server ended the connection")) from error
        return None

    async def asked(self, command: str, body: bytes | None = None) -> Answer:
        """Send a command and wait for its answer."""
        self.ask(command, body)
        await self.drain()
        return await self.answer()

    async def numbers(self, command: str) -> dict[str, str]:
        """The answer to a ``stats`` command; empty where there is no such thing."""
        return statistics(await self.asked(command))

    def close(self) -> None:
        """End the connection; jobs that it has reserved are ready again."""
        self._writer.transport.abort()


def statistics(answer: Answer) -> dict[str, str]:
    """Names and values of an answer to a ``stats`` command."""
    found = {}
    for line in (answer.body or b"").decode("ascii", "replace").splitlines():
        name, colon, value = line.partition(": ")
        if colon:
            found[name] = value.strip('"')
    return found
