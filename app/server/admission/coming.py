"""A body on its way: how fast it comes, and whether work stands behind it.

The connection counts its bytes; whoever has accepted the request's work says so here.
"""

from __future__ import annotations

from starlette.requests import Request

from app.server.admission.budget import Pace

COMING = "quietline.coming"
"""Where an HTTP scope has the body that belongs to it, on a real connection."""


class Coming:
    """One request's body. Times are in seconds."""

    def __init__(self, since: float) -> None:
        self.since = since
        self.received = 0
        self.has_work = False
        self._pace = Pace(since)

    def add(self, size: int, now: float) -> None:
        """Count bytes that came."""
        self.received += size
        self._pace.add(size, now)

    def keeps(self, per_second: float, now: float) -> bool:
        """Say whether it comes as fast as that, or has only just begun."""
        return self._pace.is_young(now) or self._pace.per_second(now) >= per_second


def has_work(request: Request) -> None:
    """Say that work was accepted for a request: its connection is worth keeping while it comes."""
    coming: Coming | None = request.scope.get(COMING)
    if coming is not None:
        coming.has_work = True
