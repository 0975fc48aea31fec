"""How browsers ask, header by header and in their order, for each kind of file.

And how a client that is none asks (``HEADERS``, docs/spec/http.md). Pure.

Recorded from Debian's chromium 156 and Firefox ESR 153 as they loaded the page (HTTP/1.1), with the
names of the phones and systems put in that such a browser gives. Safari was not recorded.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from urllib.parse import urlsplit

Headers = list[tuple[str, str]]

_FIREFOX_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_CHROME_ACCEPT = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;"
    "q=0.8,application/signed-exchange;v=b3;q=0.7"
)
_IMAGES = (".gif", ".ico", ".jpg", ".png", ".svg", ".webp")
# What the page's worker loads: it says less of the browser than the page does.
_WORKER = "/assets/core.js"
_WORKERS_PARTS = ("/assets/core-shared.js", "/assets/more.js", "/assets/slow.js")


class Family(enum.Enum):
    """Browsers that ask alike."""

    FIREFOX = "firefox"
    CHROME = "chrome"
    SAFARI = "safari"


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser by its name for people and its User-Agent; ``keeps_to`` one language, or none."""

    name: str
    family: Family
    agent: str
    keeps_to: str | None = None


_TOR_BROWSER = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
_TOR_BROWSERS_LANGUAGE = "en-US,en;q=0.5"  # it says the same of everyone

HEADERS = {
    "user-agent": _TOR_BROWSER,
    "accept": "*/*",
    "accept-language": _TOR_BROWSERS_LANGUAGE,
    "accept-encoding": "identity",
    "connection": "close",
}
"""What every client without a browser sends: its calls look alike, and never name its library."""

BROWSERS = (
    Browser("Tor Browser", Family.FIREFOX, _TOR_BROWSER, _TOR_BROWSERS_LANGUAGE),
    Browser(
        "Chrome on a phone",
        Family.CHROME,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/156.0.0.0 Mobile Safari/537.36",
    ),
    Browser(
        "Safari on a phone",
        Family.SAFARI,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    ),
    Browser(
        "Firefox on a computer",
        Family.FIREFOX,
        "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0",
    ),
)
_HINTS = (
    ("sec-ch-ua-platform", '"Android"'),
    ("sec-ch-ua", '"Not:A-Brand";v="8", "Chromium";v="156", "Google Chrome";v="156"'),
    ("sec-ch-ua-mobile", "?1"),
)


@dataclass(frozen=True, slots=True)
class _Kind:
    """For what a file is asked: Sec-Fetch-Dest, Sec-Fetch-Mode, Accept, Firefox's Priority."""

    destination: str
    mode: str
    accept: str = "*/*"
    priority: str = ""
    fresh: bool = False
    """Asked by the page's own ``fetch`` with ``no-store``."""


_STYLE = _Kind("style", "no-cors", "text/css,*/*;q=0.1", "u=2")
_SCRIPT = _Kind("script", "cors")
_IN_WORKER = _Kind("worker", "cors", priority="u=4")
_LATER_IN_WORKER = _Kind("script", "cors", priority="u=4")
_WORKER_ITSELF = _Kind("worker", "same-origin", priority="u=4")
_IMAGE = _Kind(
    "image", "no-cors", "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"
)
_LATER = _Kind("empty", "cors", priority="u=0")
_FETCHED = _Kind("empty", "cors", priority="u=4", fresh=True)
_DOCUMENT = _Kind("document", "navigate", "", "u=0, i")
_PART_OF_LISTENING = "/listen/"


def _kind(path: str) -> _Kind:
    if path == _WORKER:
        return _WORKER_ITSELF
    if path in _WORKERS_PARTS:
        return _IN_WORKER if path.endswith("core-shared.js") else _LATER_IN_WORKER
    if path.startswith(("/api/", "/assets/words-")):
        return _FETCHED
    if path.endswith(("/later/", "/later/index.html")) or _PART_OF_LISTENING in path:
        return _LATER
    for ending, kind in ((".js", _SCRIPT), (".css", _STYLE), (_IMAGES, _IMAGE)):
        if path.endswith(ending):
            return kind
    return _DOCUMENT  # also what no page asks for: a reader may open it


def headers(browser: Browser, language: str, url: str, path: str) -> Headers:
    """Return the headers with which a browser asks the line at ``url`` for a path, in its order.

    ``language`` is an Accept-Language, for those that keep to none.
    """
    parts = urlsplit(url)
    safe = parts.scheme == "https" or parts.hostname in ("127.0.0.1", "localhost")
    trusted = safe or (browser.keeps_to is not None and str(parts.hostname).endswith(".onion"))
    kind = _kind(path)
    origin = f"{parts.scheme}://{parts.netloc}"
    fetched_with = {
        Family.FIREFOX: _firefox,
        Family.CHROME: _chrome,
        Family.SAFARI: _safari,
    }[browser.family](browser, kind, browser.keeps_to or language, origin, safe, trusted, path)
    return [("host", parts.netloc), *fetched_with]


def _site(kind: _Kind) -> str:
    return "none" if kind is _DOCUMENT else "same-origin"


def _encodings(safe: bool, also: str = ", zstd") -> str:
    return f"gzip, deflate, br{also}" if safe else "gzip, deflate"


def _firefox(
    browser: Browser, kind: _Kind, language: str, _: str, safe: bool, trusted: bool, __: str
) -> Headers:
    document = kind is _DOCUMENT
    made = [
        ("user-agent", browser.agent),
        ("accept", kind.accept or _FIREFOX_ACCEPT),
        ("accept-language", language),
        ("accept-encoding", _encodings(safe)),
        ("sec-gpc", "1"),  # in private windows, as it was recorded
        ("connection", "keep-alive"),
    ]
    if document:
        made.append(("upgrade-insecure-requests", "1"))
    if trusted:
        made += [("sec-fetch-dest", kind.destination), ("sec-fetch-mode", kind.mode)]
        made.append(("sec-fetch-site", _site(kind)))
        if document:
            made.append(("sec-fetch-user", "?1"))
    if kind.priority:
        made.append(("priority", kind.priority))
    if kind.fresh:
        made += [("pragma", "no-cache"), ("cache-control", "no-cache")]
    return made


def _chrome(
    browser: Browser, kind: _Kind, language: str, origin: str, safe: bool, trusted: bool, path: str
) -> Headers:
    document = kind is _DOCUMENT
    made = [("connection", "keep-alive")]
    if kind.fresh:
        made += [("pragma", "no-cache"), ("cache-control", "no-cache")]
    of_worker = path == _WORKER or path in _WORKERS_PARTS
    fetched = [("accept", kind.accept or _CHROME_ACCEPT)]
    if trusted:
        fetched += [("sec-fetch-site", _site(kind)), ("sec-fetch-mode", kind.mode)]
        if document:
            fetched.append(("sec-fetch-user", "?1"))
        fetched.append(("sec-fetch-dest", kind.destination))
    agent = ("user-agent", browser.agent)
    hints = list(_HINTS) if trusted else []
    if path == _WORKER:
        made += [*fetched, agent]
    elif of_worker:
        made += [agent, ("origin", origin), *fetched]
    elif document:
        made += [*hints[1:], *hints[:1], ("upgrade-insecure-requests", "1"), agent, *fetched]
    else:
        if kind is _SCRIPT:
            made.append(("origin", origin))
        made += [*hints[:1], agent, *hints[1:], *fetched]
    return [*made, ("accept-encoding", _encodings(safe)), ("accept-language", language)]


def _safari(
    browser: Browser, kind: _Kind, language: str, origin: str, safe: bool, trusted: bool, _: str
) -> Headers:
    made = [("accept", kind.accept or _FIREFOX_ACCEPT)]
    if kind is _SCRIPT:
        made.append(("origin", origin))
    if trusted:
        made += [("sec-fetch-site", _site(kind)), ("sec-fetch-mode", kind.mode)]
    made.append(("user-agent", browser.agent))
    if kind.fresh:
        made += [("cache-control", "no-cache"), ("pragma", "no-cache")]
    made.append(("accept-language", language))
    if trusted:
        made.append(("sec-fetch-dest", kind.destination))
    return [*made, ("accept-encoding", _encodings(safe, "")), ("connection", "keep-alive")]
