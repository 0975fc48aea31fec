"""Every refusal, as RFC 9457 problem details with a stable type; none echoes what was sent."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from app.server.chunks import BlobsAway, BlobsFull
from app.server.responses import methods
from app.server.storage.failures import BundlesFull, DiskFull, SlotsFull, StorageError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its name (``urn:quietline:problem:NAME``), status, title and detail."""

    name: str
    status: int
    title: str
    detail: str
    retry_after: int | None = None
    """Seconds after which trying again makes sense, if it does."""


BAD_REQUEST = Kind(
    "bad-request", 422, "Not understood", "The address or a parameter has the wrong form."
)
MALFORMED = Kind(
    "bad-request", 400, "Not understood", "This is not HTTP, or not as much of it as was announced."
)
HEAD_TOO_LARGE = Kind(
    "head-too-large",
    431,
    "Too large",
    "The address and the headers are larger than any call needs.",
)
LENGTH_REQUIRED = Kind(
    "length-required", 411, "Length required", "A body must say its length (Content-Length)."
)
NOT_FOUND = Kind("not-found", 404, "Not found", "There is nothing at this address.")
METHOD_NOT_ALLOWED = Kind(
    "method-not-allowed", 405, "Not possible here", "This address does not take that method."
)
STALE_BUNDLES = Kind(
    "stale-bundles",
    409,
    "Sealed for an epoch that is over",
    "Fetch the directory and the bundles again, seal the message again and send that.",
)
WRONG_LENGTH = Kind(
    "wrong-length", 400, "Wrong length", "What was sent is shorter than its format demands."
)
TOO_LONG = Kind(
    "wrong-length", 413, "Wrong length", "What was sent is longer than its format allows."
)
BAD_POINT = Kind(
    "bad-point",
    422,
    "A point is refused",
    "Each envelope begins with two ristretto255 points, canonical and not the identity.",
)
BAD_BUNDLE = Kind(
    "bad-bundle",
    422,
    "A bundle is refused",
    "Each bundle must be signed by the investigator for a window of whole hours.",
)
TOO_MANY_BUNDLES = Kind(
    "bundles-full",
    422,
    "Too many bundles",
    "The server keeps 8,192 bundles of one investigator. Some will be forgotten when their windows "
    "have been over for 30 days.",
)
UNKNOWN_INVESTIGATOR = Kind(
    "unknown-investigator",
    404,
    "Unknown investigator",
    "The directory in service has no active investigator of that number.",
)
FULL = Kind(
    "full",
    503,
    "The line is full",
    "No place for new messages is free at the moment. Nothing that was stored is lost. "
    "Try again later.",
    retry_after=3_600,
)
STORAGE_FULL = Kind(
    "storage-full",
    507,
    "The server's disk is full",
    "The server cannot store anything more at the moment. Nothing of this was kept. "
    "Try again later.",
)
NOT_READY = Kind(
    "not-ready", 503, "Not ready", "The server is not ready. Try again in a moment.", retry_after=5
)
TOO_MANY = Kind(
    "too-many",
    429,
    "Too many from one caller",
    "More came from here in a short time than anybody needs. Try again in a minute.",
    retry_after=60,
)
BUSY = Kind(
    "busy",
    503,
    "Too many at once",
    "More comes in than the line can take at the moment. Nothing of this was kept, and your work "
    "is still good. Try again in a few seconds.",
    retry_after=2,
)
WORK_NEEDED = Kind(
    "work-needed",
    401,
    "Work is needed",
    "Fetch a challenge from /api/v1/work, solve it and send the answer in Quietline-Work.",
)
WORK_EXPIRED = Kind(
    "work-expired",
    403,
    "The work is too old, or too little by now",
    "Fetch a new challenge from /api/v1/work and solve it.",
)
WORK_REPLAYED = Kind(
    "work-replayed",
    403,
    "The work was used before",
    "An answer buys so much as its challenge says. Fetch a new challenge and solve it.",
)
INTERNAL = Kind(
    "internal", 500, "Something went wrong", "The server failed at this. It was not your doing."
)


class Problem(Exception):
    """Raised anywhere below a route to answer with a problem; ``detail`` may say it closer."""

    def __init__(self, kind: Kind, detail: str | None = None) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.detail = detail or kind.detail


def answer(kind: Kind, detail: str | None = None) -> Response:
    """Make the answer for a problem: constant bytes per kind and detail."""
    body = {
        "type": f"urn:quietline:problem:{kind.name}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.detail,
    }
    response = Response(json.dumps(body).encode(), kind.status, media_type=MEDIA_TYPE)
    if kind is WORK_NEEDED:
        response.headers["WWW-Authenticate"] = "Quietline-Work"  # RFC 9110, 11.6.1
    if kind.retry_after is not None:
        response.headers["Retry-After"] = str(kind.retry_after)
    return response


_STATUSES = {404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 429: TOO_MANY}
_KINDS: tuple[tuple[type[Exception], Kind], ...] = (
    (SlotsFull, FULL),
    (BundlesFull, TOO_MANY_BUNDLES),
    (DiskFull, STORAGE_FULL),
    (BlobsFull, STORAGE_FULL),
    (StorageError, NOT_READY),
    (BlobsAway, NOT_READY),
)


def refusal(error: Exception, scope: Scope) -> Response | None:
    """Make the answer for a refusal, whoever raised it; None for what was not foreseen."""
    if isinstance(error, Problem):
        return answer(error.kind, error.detail)
    if isinstance(error, HTTPException):
        return _of_framework(_STATUSES.get(error.status_code, BAD_REQUEST), scope)
    return next((answer(kind) for expected, kind in _KINDS if isinstance(error, expected)), None)


def _of_framework(kind: Kind, scope: Scope) -> Response:
    if kind is not METHOD_NOT_ALLOWED:
        return answer(kind)
    taken = methods.taken_at(scope)
    if not taken and scope["path"].startswith("/api/"):
        return answer(NOT_FOUND)
    response = answer(METHOD_NOT_ALLOWED)
    response.headers["Allow"] = ", ".join(taken or ("GET", "HEAD"))
    return response
