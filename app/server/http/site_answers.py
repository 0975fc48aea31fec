"""Files of the signed site as answers, and the page that a browser gets in place of a refusal.

A person who has mistyped an address must not read JSON. The page says nothing of what the site is;
whoever does not ask for a page, such as every client of the API, gets problem details as before.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from app.server.epochs.signed_site import Site, SiteFile

_PAGE = "text/html"


def file_answer(accepted_encodings: str, file: SiteFile, status: int) -> Response:
    """Return a file of the site, compressed as the caller accepts (Accept-Encoding)."""
    encoding, body = file.encoded(accepted_encodings)
    headers = {"Vary": "Accept-Encoding"} if file.compressible else {}
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return Response(body, status, headers, media_type=file.media_type)


def as_page(refusal: Response, scope: Scope, site: Site) -> Response:
    """Return the site's own page with a refusal's status and headers, if a page was asked for.

    The refusal itself where none was, where the site has no such page, and for HEAD.
    """
    headers = Headers(scope=scope)
    asks = scope["method"] == "GET" and _PAGE in headers.get("accept", "")
    if not asks or site.not_found is None:
        return refusal
    page = file_answer(headers.get("accept-encoding", ""), site.not_found, refusal.status_code)
    page.headers["Vary"] = "Accept, Accept-Encoding"
    for name in ("allow", "retry-after", "www-authenticate"):
        if name in refusal.headers:
            page.headers[name] = refusal.headers[name]
    return page
