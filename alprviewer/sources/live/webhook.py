"""``http-listen://`` and ``https-listen://``: agents and web servers post what they have to us.

A message is answered once it is durable, also where it holds nothing that we understand: open-source agents
take any answer, even an error, as delivered, and the one thing that every agent tries again is a connection
that ends without an answer. So that is what a message gets that cannot be made durable in time.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import ssl
import zlib
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import h11

from alprviewer.language import tr
from alprviewer.sources.live.connections import Connections, listening
from alprviewer.sources.live.endpoint import Endpoint
from alprviewer.sources.live.protocol import Intake
from alprviewer.sources.spool.writer import Kept

_BUFFER = 128 * 1024
_CHUNK = 64 * 1024
_INLINE_BYTES = 16 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def _reason(text: str) -> str:
    """Mark a text for the catalogues: who sends gets it in English, who receives in the spoken language."""
    return text


_TEXTS = {
    200: "OK",
    400: _reason("This is no valid HTTP request."),
    401: _reason("The token is missing or wrong."),
    404: _reason("Nothing is received at this path."),
    405: _reason("Send results with POST."),
    413: _reason("The message is too large."),
    415: _reason("This content encoding is not understood; send gzip or none."),
    431: _reason("The header is too large."),
}


class _Refused(Exception):
    """The request is answered with this status, and the connection closed."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _GaveUp(Exception):
    """The connection is closed without an answer, so that the sender tries again."""


class Webhook:
    """Receives requests.

    Args:
        endpoint: where to listen; with a path, other paths are refused.
        context: the certificate of ``https-listen://``.
    """

    def __init__(self, endpoint: Endpoint, context: ssl.SSLContext | None = None) -> None:
        self._endpoint = endpoint
        self._context = context

    async def run(self, intake: Intake) -> None:
        """Receive until it ends."""
        connections = Connections(intake)

        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, progress: Callable[[], None]
        ) -> None:
            await _Conversation(self._endpoint.path, intake, reader, writer, progress).run()

        async with listening(self._endpoint, connections, serve, _BUFFER, self._context):
            await intake.wait(asyncio.Event().wait())


class _Conversation:
    """One connection: requests one after the other."""

    def __init__(
        self,
        path: str,
        intake: Intake,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        progress: Callable[[], None],
    ) -> None:
        self._path = path
        self._intake = intake
        self._reader = reader
        self._writer = writer
        self._progress = progress
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=intake.limits.header)
        self._deadline = 0.0
        self._patience = intake.limits.request_seconds

    async def run(self) -> None:
        """Answer requests until one side has enough."""
        intake, limits = self._intake, self._intake.limits
        try:
            while await self._begin():
                self._deadline = intake.world.clock() + limits.request_seconds
                event = await self._event()
                if not isinstance(event, h11.Request):
                    return
                await self._request(event)
                await self._answer(200, has_text=event.method != b"HEAD")
                self._progress()
                self._patience = limits.idle_seconds
                if self._http.our_state is h11.MUST_CLOSE:
                    return
                self._http.start_next_cycle()
        except _Refused as refused:
            await self._refuse(refused.status)
        except h11.RemoteProtocolError as error:
            await self._refuse(error.error_status_hint)
        except TimeoutError:
            self._cut(tr("A sender took too long over a request; its connection was closed."))
        except _GaveUp as reason:
            self._cut(str(reason))

    def _cut(self, reason: str) -> None:
        self._intake.counters.refused += 1
        self._intake.failed(reason)

    async def _begin(self) -> bool:
        """Wait for the next request; False if none comes."""
        if self._http.trailing_data[0]:
            return True
        try:
            data = await self._intake.wait(self._reader.read(_CHUNK), self._patience)
        except TimeoutError:
            return False
        self._http.receive_data(data)
        await self._intake.came(len(data))
        return bool(data)

    async def _event(self) -> object:
        """The next part of what the sender says."""
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            left = self._deadline - self._intake.world.clock()
            data = await self._intake.wait(self._reader.read(_CHUNK), max(left, 0.0))
            if not data:
                raise ConnectionResetError(tr("the sender went away inside a request"))
            self._http.receive_data(data)
            await self._intake.came(len(data))
            self._deadline += len(data) / self._intake.limits.slowest

    async def _request(self, request: h11.Request) -> None:
        """Take a request, and keep what it brings.

        Raises:
            _Refused: it is answered with an error.
        """
        headers = {bytes(name): bytes(value) for name, value in request.headers}
        size = sum(len(name) + len(value) for name, value in headers.items()) + len(request.target)
        if size > self._intake.limits.header:
            raise _Refused(431)
        target = request.target.decode("latin-1")
        if self._intake.token and not _is_authorized(self._intake.token, target, headers):
            raise _Refused(401)
        if self._path and urlsplit(target).path != self._path:
            raise _Refused(404)
        if request.method in (b"GET", b"HEAD"):
            await self._body(b"")
            return
        if request.method not in (b"POST", b"PUT"):
            raise _Refused(405)
        encoding = headers.get(b"content-encoding", b"").strip().lower()
        if encoding not in (b"", b"identity", b"gzip", b"x-gzip"):
            raise _Refused(415)
        if int(headers.get(b"content-length", b"0")) > self._intake.limits.message:
            raise _Refused(413)
        body = await self._body(encoding)
        await self._keep(body)

    async def _body(self, encoding: bytes) -> bytes:
        """The body, unpacked. What waits in memory counts, for all connections together."""
        if self._http.they_are_waiting_for_100_continue:
            await self._send(h11.InformationalResponse(status_code=100, headers=[]))
        intake, body = self._intake, _Body(self._intake.limits.message, encoding.endswith(b"gzip"))
        counted = 0
        try:
            while True:
                event = await self._event()
                if isinstance(event, h11.Data):
                    if len(event.data) <= _INLINE_BYTES or not body.is_packed:
                        body.add(bytes(event.data))
                    else:
                        await asyncio.to_thread(body.add, bytes(event.data))
                    intake.pending += len(body) - counted
                    counted = len(body)
                    if intake.pending > intake.limits.pending:
                        raise _GaveUp(tr("Too much is waiting for its end; a sender was put off."))
                else:
                    return body.whole()
        finally:
            intake.pending -= counted

    async def _keep(self, body: bytes) -> None:
        """Make a message durable in time, or give up."""
        intake = self._intake
        futures = await intake.offer(body)
        if futures:
            await _durable(futures, intake.limits.durable_seconds)
            intake.counters.acknowledged += 1

    async def _answer(self, status: int, *, has_text: bool = True, close: bool = False) -> None:
        head, body = _answer(status, close)
        data = self._http.send(head) or b""
        if has_text:
            data += self._http.send(body) or b""
        data += self._http.send(h11.EndOfMessage()) or b""
        await self._write(data)

    async def _send(self, event: h11.InformationalResponse) -> None:
        await self._write(self._http.send(event) or b"")

    async def _write(self, data: bytes) -> None:
        self._writer.write(data)
        async with asyncio.timeout(self._intake.limits.request_seconds):
            await self._writer.drain()

    async def _refuse(self, status: int) -> None:
        """Answer with an error and close, so that the sender can read the answer."""
        reason = tr(_TEXTS.get(status, _TEXTS[400]))
        self._cut(tr("A request was refused: {reason}", reason=reason))
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        await self._answer(status if status in _TEXTS else 400, close=True)
        # A socket closed with unread bytes resets the connection, and the answer is lost on the way.
        if self._writer.can_write_eof():
            self._writer.write_eof()
        self._deadline = self._intake.world.clock() + 1.0
        while await self._intake.wait(
            self._reader.read(_CHUNK), max(self._deadline - self._intake.world.clock(), 0.0)
        ):
            pass


@cache
def _answer(status: int, close: bool) -> tuple[h11.Response, h11.Data]:
    text = f"{_TEXTS[status]}\n".encode()
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(text)))]
    if status == 401:
        headers.append(("WWW-Authenticate", "Bearer"))
    if close:
        headers.append(("Connection", "close"))
    reason = HTTPStatus(status).phrase.encode()
    return h11.Response(status_code=status, headers=headers, reason=reason), h11.Data(data=text)


async def _durable(futures: list[asyncio.Future[Kept]], seconds: float) -> None:
    _, late = await asyncio.wait(futures, timeout=seconds)
    if late:  # it may well be kept after all; sent again, it is a duplicate
        raise _GaveUp(
            tr("A message could not be made durable in time; its sender was left without an answer.")
        )
    for future in futures:
        if future.exception() is not None:
            raise _GaveUp(str(future.exception()))


class _Body:
    """A body that grows, unpacked where it is packed; never larger than allowed."""

    def __init__(self, limit: int, is_packed: bool) -> None:
        self.is_packed = is_packed
        self._limit = limit
        self._data = bytearray()
        self._unpack = zlib.decompressobj(_GZIP) if is_packed else None
        self._is_cut = False

    def __len__(self) -> int:
        return len(self._data)

    def add(self, data: bytes) -> None:
        """Add what arrived.

        Raises:
            _Refused: it is too large, or its packing is damaged.
        """
        if self._unpack is None:
            self._data += data
        while self._unpack is not None and data:
            try:
                self._data += self._unpack.decompress(data, self._limit + 1 - len(self._data))
            except zlib.error:
                raise _Refused(400) from None
            data = self._unpack.unconsumed_tail
            self._is_cut = not self._unpack.eof
            if self._unpack.eof:
                data = self._unpack.unused_data
                self._unpack = zlib.decompressobj(_GZIP)
            if len(self._data) > self._limit:
                break
        if len(self._data) > self._limit:
            raise _Refused(413)

    def whole(self) -> bytes:
        """All of it.

        Raises:
            _Refused: its packing breaks off.
        """
        if self._is_cut:
            raise _Refused(400)
        return bytes(self._data)


def _is_authorized(token: str, target: str, headers: dict[bytes, bytes]) -> bool:
    """True if the token came: as Bearer, as the password of Basic, or as ``?token=``, which agents can do."""
    shown = parse_qs(urlsplit(target).query).get("token", [""])[0].encode("utf-8", "replace")
    scheme, _, value = headers.get(b"authorization", b"").partition(b" ")
    if scheme.lower() == b"bearer":
        shown = value.strip()
    elif scheme.lower() == b"basic":
        try:
            shown = base64.b64decode(value.strip(), validate=True).partition(b":")[2]
        except binascii.Error:
            shown = b""
    return hmac.compare_digest(shown, token.encode())
