"""Those as whom a line is looked at: other browsers, other languages, other ways.

A hostile server lies only to some. These differ in what a server can go by; it can still tell them
from browsers by the order of their headers and, on clearnet, by their TLS (docs/threat-model.md).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

Rng = Callable[[int], bytes]

BODY_MAX = 64 * 1024**2
TIMEOUT_SECONDS = 60.0

_BROWSERS = (
    ("Tor Browser", "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"),
    (
        "Chrome on a phone",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Mobile Safari/537.36",
    ),
    (
        "Safari on a phone",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    ),
    (
        "Firefox on a computer",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
)
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
# Tor Browser says the same of everyone, so its language is not varied.
_TOR_BROWSER_LANGUAGE = "en-US,en;q=0.5"


class CannotReach(Exception):
    """The line could not be looked at; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser, a language and a way (through Tor or directly); ``name`` says all three."""

    name: str
    headers: dict[str, str]
    through_tor: bool


# As browsers ask over https, as they ask an onion, and as hardly anybody does.
_ENCODINGS = ("gzip, deflate, br", "gzip, deflate", "identity")


def visitors(languages: Sequence[str], ways: Sequence[bool], count: int) -> list[Visitor]:
    """Return ``count`` visitors over all browsers, the site's languages and the ways in turn.

    ``ways`` holds True for Tor and False for direct.
    """
    made = []
    for number in range(count):
        browser, agent = _BROWSERS[number % len(_BROWSERS)]
        language = languages[number % len(languages)]
        through_tor = ways[number % len(ways)]
        asked = f"{language},en;q=0.5" if language != "en" else "en-US,en;q=0.9"
        if browser == "Tor Browser":
            language, asked = "en", _TOR_BROWSER_LANGUAGE
        way = "Tor" if through_tor else "direct"
        headers = {
            "user-agent": agent,
            "accept": _ACCEPT,
            "accept-language": asked,
            "accept-encoding": _ENCODINGS[number % len(_ENCODINGS)],
        }
        made.append(Visitor(f"{number + 1}. {browser}, {language}, {way}", headers, through_tor))
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
    client: httpx.AsyncClient

    async def get(self, path: str) -> Answer:
        """Fetch a path; redirects are answers. Raises CannotReach."""
        try:
            async with self.client.stream("GET", path) as answer:
                body = b""
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > BODY_MAX:
                        raise CannotReach(f"{path} is larger than any file of a line.")
                headers = [(name.lower(), value) for name, value in answer.headers.multi_items()]
                return Answer(answer.status_code, headers, body)
        except httpx.ProxyError:
            raise CannotReach("Tor runs, but did not reach the line.") from None
        except httpx.TimeoutException:
            raise CannotReach("The line did not answer in time.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise CannotReach(f"The line cannot be reached ({type(error).__name__}).") from None


@asynccontextmanager
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
        base_url=url,
        headers=visitor.headers,
        proxy=proxy,
        transport=transport,
        timeout=TIMEOUT_SECONDS,
        trust_env=False,  # neither a proxy nor a password file of the environment decides the way
        follow_redirects=False,
    ) as client:
        yield Visit(visitor, client)
