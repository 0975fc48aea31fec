"""Connections that stay open from call to call, where no Tor is between: one server, no bodies.

Only ever in place of calls that may be made twice: whatever goes wrong here is told as ``NotKept``,
and the caller makes the call the ordinary way, which says in words what is wrong.
"""

import asyncio
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import httptools

from app.client.transport.exchange import TooLarge

LINES = 8
"""Connections at most; more calls wait for one of them."""


class NotKept(Exception):
    """No answer came this way."""


class KeptLines:
    """Calls to one server, whose base URL has no slash at the end. Close it in the end."""

    def __init__(
        self, base: str, headers: Mapping[str, str], tls: ssl.SSLContext, timeout: float
    ) -> None:
        parts = urlsplit(base)
        self._host = parts.hostname or ""
        self._tls = tls if parts.scheme == "https" else None
        self._port = parts.port or (443 if self._tls else 80)
        self._prefix = parts.path
        said = {"host": parts.netloc.rpartition("@")[2], **headers, "connection": "keep-alive"}
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        self._timeout = timeout
        self._turn = asyncio.Semaphore(LINES)
        self._idle: list[_Line] = []

    async def call(self, method: str, path: str, limit: int) -> tuple[int, bytes]:
        """Status and body, of at most `limit` bytes. Raises NotKept, TooLarge."""
        request = f"{method} {self._prefix}{path} HTTP/1.1\r\n{self._headers}\r\n".encode("ascii")
        async with self._turn:
            try:
                async with asyncio.timeout(self._timeout):
                    line = await self._line()
                    try:
                        answer = await line.ask(request, limit)
                    except BaseException:
                        line.close()
                        raise
            except (OSError, TimeoutError, httptools.HttpParserError) as error:
                raise NotKept from error
            if line.open:
                self._idle.append(line)
            if len(answer[1]) > limit:
                raise TooLarge
            return answer

    def close(self) -> None:
        """Close what is in no use; calls under way close their own."""
        while self._idle:
            self._idle.pop().close()

    async def _line(self) -> "_Line":
        while self._idle:
            line = self._idle.pop()
            if line.open:
                return line
        _, made = await asyncio.get_running_loop().create_connection(
            _Line, self._host, self._port, ssl=self._tls
        )
        return made


class _Line(asyncio.Protocol):
    """One connection; one call at a time. The methods named ``on_`` are the parser's."""

    def __init__(self) -> None:
        self.open = False
        self._transport: asyncio.WriteTransport | None = None
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None
        self._body = bytearray()
        self._limit = 0

    def ask(self, request: bytes, limit: int) -> asyncio.Future[tuple[int, bytes]]:
        """Send a request; return its answer, to be awaited."""
        self._answer = asyncio.get_running_loop().create_future()
        self._body, self._limit = bytearray(), limit
        self._parser = httptools.HttpResponseParser(self)
        if self._transport is None or not self.open:
            self._fail(ConnectionError("closed"))
        else:
            self._transport.write(request)
        return self._answer

    def close(self) -> None:
        """End the connection."""
        self.open = False
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport, self.open = transport, True

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():  # not asked for: no line to trust
            self.close()
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(error)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False
        self._fail(exc or ConnectionError("closed"))

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > self._limit:
            self._end(keep=False)

    def on_message_complete(self) -> None:
        self._end(keep=self._parser.should_keep_alive())

    def _end(self, *, keep: bool) -> None:
        if not keep:
            self.close()
        if self._answer is not None and not self._answer.done():
            said = bytes(self._body[: self._limit + 1])
            self._answer.set_result((self._parser.get_status_code(), said))

    def _fail(self, error: Exception) -> None:
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
