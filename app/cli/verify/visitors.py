"""Those as whom a line is looked at: other browsers, other languages, other ways.

A hostile server lies only to some. These differ in what a server can go by, and ask for
each kind of file as that browser does; a server can still tell them from browsers by what they ask
for and in which order and, on clearnet, by their TLS (docs/threat-model.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

import httpx

from app.cli.verify.browsers import BROWSERS, Browser, headers
from app.cli.verify.unpacking import CannotUnpack, unpacked
from app.console.transport.bounded import exchange

Rng = Callable[[int], bytes]

BODY_MAX = 64 * 1024**2
TIMEOUT_SECONDS = 60.0


class CannotReach(Exception):
    """The line could not be looked at; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser, an Accept-Language and a way (Tor or directly); ``name`` says all three."""

    name: str
    browser: Browser
    language: str
    through_tor: bool


def visitors(languages: Sequence[str], ways: Sequence[bool], count: int) -> list[Visitor]:
    """Return ``count`` visitors over all browsers, the site's languages and the ways in turn.

    ``ways`` holds True for Tor and False for direct.
    """
    made = []
    for number in range(count):
        browser = BROWSERS[number % len(BROWSERS)]
        language = languages[number % len(languages)]
        through_tor = ways[number % len(ways)]
        accept_language = f"{language},en;q=0.5" if language != "en" else "en-US,en;q=0.9"
        shown = "en" if browser.keeps_to else language
        way = "Tor" if through_tor else "direct"
        name = f"{number + 1}. {browser.name}, {shown}, {way}"
        made.append(Visitor(name, browser, accept_language, through_tor))
    return made


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer whose Content-Encoding, and nothing else, was undone."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of a header, by its lower-case name."""
        return [value for one, value in self.headers if one == name]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visitor at the line, on a connection (through Tor: a circuit) of its own."""

    visitor: Visitor
    url: str
    client: httpx.AsyncClient

    async def get(self, path: str) -> Answer:
        """Fetch a path; redirects are answers. Raises CannotReach."""
        sent = headers(self.visitor.browser, self.visitor.language, self.url, path)
        request = httpx.Request("GET", f"{self.url}{path}", headers=sent)
        try:
            answer = await exchange(self.client, request, BODY_MAX)
            if len(answer.body) > BODY_MAX:
                raise CannotReach(f"{path} is larger than any file of a line.")
            encoding = answer.headers.get("content-encoding", "")
            body = unpacked(answer.body, encoding, BODY_MAX)
            found = [(name.lower(), value) for name, value in answer.headers.multi_items()]
            return Answer(answer.status, found, body)
        except CannotUnpack as error:
            raise CannotReach(f"{path} cannot be read. {error}") from None
        except httpx.ProxyError:
            raise CannotReach("Tor runs, but did not reach the line.") from None
        except httpx.TimeoutException:
            raise CannotReach("The line did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotReach(f"The line cannot be reached ({type(error).__name__}).") from None


@contextlib.asynccontextmanager
async def visit(
    url: str,
    visitor: Visitor,
    socks: str | None,
    rng: Rng,
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Visit]:
    """Open a visit; ``socks`` is Tor's "host:port". A fresh name there is a fresh circuit."""
    proxy = None
    if visitor.through_tor and transport is None:
        proxy = f"socks5h://{rng(16).hex()}:{rng(16).hex()}@{socks}"
    async with httpx.AsyncClient(
        proxy=proxy,
        transport=transport,
        timeout=TIMEOUT_SECONDS,
        trust_env=False,  # neither a proxy nor a password file of the environment decides the way
        follow_redirects=False,
    ) as client:
        yield Visit(visitor, url, client)
