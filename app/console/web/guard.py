"""What a request must be before any page sees it, and what every answer carries.

The console listens on loopback, where every web page that the investigator's browser shows can
reach it, and every user of the machine. So: the caller must be this user's (``caller``), the Host
this console's (DNS rebinding), a change must come from its own pages (Origin, Sec-Fetch-Site), and
answers may not be framed, cached or read from elsewhere.

Everything is under one random path, the cookie too: a browser gives a cookie to every port of its
host, but only under its path. Pages, handlers and scripts name the addresses within it; what stands
before them is put there here (``Location``), in ``web.addresses`` and in ``static/js/calls.js``.
"""

import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.console.web import caller

ENTRANCES = frozenset({"/login"})
"""Where a link on another page may lead: to the link that signs in, once."""

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        # Sound is fetched like pictures, and played out of the page's memory.
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types quietline-list",
    )
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not no-referrer: with it browsers send "Origin: null" for our own forms.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    # Nothing decrypted may reach the browser's disk cache.
    "cache-control": "no-store",
}


class Guard:
    """ASGI middleware that lets only our own pages in.

    ``root`` is the path before everything ("/" and more, no slash at its end), ``hosts`` are the
    allowed values of the Host header, ``entrances`` the paths under the root to which links on
    other pages may lead.
    """

    def __init__(
        self, app: ASGIApp, root: str, hosts: frozenset[str], entrances: frozenset[str] = ENTRANCES
    ) -> None:
        self._app = app
        self._root = root
        self._hosts = hosts
        self._entrances = entrances

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is not ours; set the headers of every answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                if headers.get("location", "").startswith("/"):
                    headers["location"] = self._root + headers["location"]
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, guarded)
            return
        await self._app({**scope, "root_path": self._root}, receive, guarded)

    def _refusal(self, scope: Scope) -> str | None:
        if not caller.is_ours(scope.get("client"), scope.get("server")):
            return "This console answers only the user of this computer who started it.\n"
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        path: str = scope["path"]
        first = "/" + path[1:].partition("/")[0]
        if host not in self._hosts or not hmac.compare_digest(first.encode(), self._root.encode()):
            return "This console answers only at its own address, the one that was printed.\n"
        site = headers.get("sec-fetch-site", "none")
        if scope["method"] in ("GET", "HEAD"):
            if site in ("none", "same-origin") or path[len(self._root) :] in self._entrances:
                return None
            return "Another page asked for this. Open the console by its own address.\n"
        if headers.get("origin") != f"http://{host}" or site not in ("none", "same-origin"):
            return "Another page asked for this change. Nothing was done.\n"
        return None


def hosts_for(port: int) -> frozenset[str]:
    """Return the Host values under which a console on this port may be asked."""
    return frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))
