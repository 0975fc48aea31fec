"""Tor's SOCKS port at a Unix socket: a way there that no other user of the machine can take.

httpx calls a proxy by host and port alone. Under it is httpcore, which can be given another way to
make its first connection; all else, SOCKS and TLS among it, is theirs as ever.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager

import httpcore
import httpx

PREFIX = "unix:"
"""What a place begins with that is a path, as in torrc."""

_SAME = (
    "ConnectTimeout", "ReadTimeout", "WriteTimeout", "PoolTimeout", "ConnectError", "ReadError",
    "WriteError", "ProxyError", "UnsupportedProtocol", "LocalProtocolError", "RemoteProtocolError",
)  # fmt: skip
"""Failures that bear one name in both."""


class _AtSocket(httpcore.AsyncNetworkBackend):
    """Connects to one Unix socket, whatever host and port are asked for."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._own = httpcore.AnyIOBackend()
        self._made: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore names it
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the socket."""
        del host, port, local_address, socket_options
        stream = await self._own.connect_unix_socket(self._path, timeout)
        self._made.append(stream)
        return stream

    async def aclose(self) -> None:
        """Close every connection: the pool forgets one at which Tor refused."""
        while self._made:
            await self._made.pop().aclose()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._own.sleep(seconds)


class _Body(httpx.AsyncByteStream):
    """An answer's bytes as they come."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _said_by_httpx():
            async for piece in self._answer.aiter_stream():
                yield piece

    async def aclose(self) -> None:
        """End the exchange."""
        await self._answer.aclose()


class UnixSocks(httpx.AsyncBaseTransport):
    """Calls through the SOCKS port at a path, under a name and a password of one circuit."""

    def __init__(self, path: str, name: str, password: str, tls: ssl.SSLContext) -> None:
        self._socket = _AtSocket(path)
        self._pool = httpcore.AsyncSOCKSProxy(
            # Never looked up: what is connected to is the socket.
            "socks5://localhost:1080",
            proxy_auth=(name, password),
            ssl_context=tls,
            network_backend=self._socket,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make one exchange. Raises as httpx's own transports do."""
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _said_by_httpx():
            answer = await self._pool.handle_async_request(sent)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """End its connections."""
        await self._pool.aclose()
        await self._socket.aclose()


@contextmanager
def _said_by_httpx() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if type(error).__module__.startswith("httpcore") and type(error).__name__ in _SAME:
            raise getattr(httpx, type(error).__name__)(str(error)) from None
        raise
