"""Calls through Tor on one circuit, or directly where there is no Tor between; why none came back.

A fresh random name and password at Tor's SOCKS port are a fresh circuit (IsolateSOCKSAuth).
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from urllib.parse import urlsplit

import httpx
import socksio

from app.client.transport.browsers import HEADERS, Headers
from app.client.transport.exchange import Received, exchange
from app.client.transport.unix_socks import PREFIX, UnixSocks

Rng = Callable[[int], bytes]
Transport = httpx.AsyncBaseTransport
CONNECT_SECONDS = 60.0


class NotReached(Exception):
    """No answer came; the text is the name of what went wrong."""


class NoTor(NotReached):
    """Nothing answers at Tor's SOCKS port."""


class TorRefused(NotReached):
    """Tor runs, but did not get there."""


class TooSlow(NotReached):
    """The answer did not come, or did not end, in time."""


class Circuit:
    """Calls that share a circuit; open it with ``async with``.

    ``socks`` is Tor's "host:port" or "unix:PATH", None for a direct way; ``seconds`` is how long a
    peer may be silent; ``transport`` replaces the network (an application in this process, or a
    test's).
    """

    def __init__(
        self,
        rng: Rng,
        socks: str | None = None,
        transport: Transport | None = None,
        seconds: float = 60.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._through_tor = socks is not None
        proxy, tls = None, tls or trusted()
        if socks is not None and transport is None:
            name, password = rng(16).hex(), rng(16).hex()
            if socks.startswith(PREFIX):
                transport = UnixSocks(socks.removeprefix(PREFIX), name, password, tls)
            else:
                proxy = f"socks5h://{name}:{password}@{socks}"
        self._client = httpx.AsyncClient(
            proxy=proxy,
            transport=transport,
            verify=tls,
            timeout=httpx.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            # Neither a proxy nor a password file of the environment may decide where this goes.
            trust_env=False,
            follow_redirects=False,
        )

    async def __aenter__(self) -> Circuit:
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End its connections."""
        await self._client.aclose()

    async def call(
        self,
        method: str,
        url: str,
        limit: int,
        *,
        body: bytes | None = None,
        more: Sequence[tuple[str, str]] = (),
        headers: Headers | None = None,
        patience: float | None = None,
    ) -> Received:
        """Make one exchange; redirects are answers.

        ``more`` headers stand behind a client's usual ones, ``headers`` replace them, in their
        order. Raises NotReached, TooLarge.
        """
        usual = list(HEADERS.items()) if headers is None else headers
        try:
            request = httpx.Request(method, url, headers=[*usual, *more], content=body)
            return await exchange(self._client, request, limit, patience)
        except (httpx.ProxyError, socksio.ProtocolError) as error:  # the latter: Tor's own reasons
            raise TorRefused(type(error).__name__) from None
        except httpx.TimeoutException as error:
            raise TooSlow(type(error).__name__) from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            away = self._through_tor and isinstance(error, httpx.ConnectError)
            raise (NoTor if away else NotReached)(type(error).__name__) from None


def trusted(*urls: str) -> ssl.SSLContext:
    """Return the authorities that vouch for a server on clearnet; loading them takes a while.

    Where none of the ``urls`` is one of TLS, nobody is trusted: an onion vouches for itself.
    """
    if urls and not any(urlsplit(url).scheme == "https" for url in urls):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.create_ssl_context()


def in_process(application: Callable[..., Awaitable[None]]) -> Transport:
    """Return a way to an ASGI application in this process, without a socket."""
    return httpx.ASGITransport(application)


def at_socket(path: str) -> Transport:
    """Return a way to a server of this machine, at the path of its Unix socket."""
    return httpx.AsyncHTTPTransport(uds=path)
