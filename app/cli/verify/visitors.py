"""Those as whom a line is looked at: other browsers, other languages, other ways.

A hostile server lies only to some. These differ in what a server can go by, and ask for
each kind of file as that browser does; a server can still tell them from browsers by what they ask
for and in which order and, on clearnet, by their TLS (docs/threat-model.md).
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from app.client.transport.browsers import BROWSERS, Browser, headers
from app.client.transport.circuits import (
    Circuit,
    NotReached,
    Rng,
    TooSlow,
    TorRefused,
    Transport,
    trusted,
)
from app.client.transport.exchange import Received, TooLarge
from app.client.transport.unpacking import CannotUnpack, unpacked

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
class Visit:
    """A visitor at the line, on a connection (through Tor: a circuit) of its own."""

    visitor: Visitor
    url: str
    circuit: Circuit

    async def get(self, path: str) -> Received:
        """Fetch a path and undo its Content-Encoding; redirects are answers. Raises CannotReach."""
        sent = headers(self.visitor.browser, self.visitor.language, self.url, path)
        url = f"{self.url}{path}"
        try:
            answer = await self.circuit.call("GET", url, BODY_MAX, headers=sent)
            encoding = ", ".join(answer.all("content-encoding"))
            return replace(answer, body=unpacked(answer.body, encoding, BODY_MAX))
        except TooLarge:
            raise CannotReach(f"{path} is larger than any file of a line.") from None
        except CannotUnpack as error:
            raise CannotReach(f"{path} cannot be read. {error}") from None
        except TorRefused:
            raise CannotReach("Tor runs, but did not reach the line.") from None
        except TooSlow:
            raise CannotReach("The line did not answer in time.") from None
        except NotReached as error:
            raise CannotReach(f"The line cannot be reached ({error}).") from None


@contextlib.asynccontextmanager
async def visit(
    url: str,
    visitor: Visitor,
    socks: str | None,
    rng: Rng,
    transport: Transport | None = None,
) -> AsyncIterator[Visit]:
    """Open a visit; ``socks`` is Tor's "host:port"."""
    through = socks if visitor.through_tor else None
    async with Circuit(rng, through, transport, TIMEOUT_SECONDS, trusted(url)) as circuit:
        yield Visit(visitor, url, circuit)
