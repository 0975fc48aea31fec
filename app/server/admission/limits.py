"""Limits for one caller (slowapi), where callers can be told apart without knowing who they are.

They stop lazy floods only: an address or a circuit is cheap. What holds is work and the budget.
Counts are in this process's memory and end with their minute or hour; of several servers, each
allows its part, so that nobody gets more than the setting by calling all of them.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from limits import RateLimitItemPerHour
from slowapi import Limiter
from starlette.requests import Request

from app.server.admission.edge import caller_of, is_anybody
from app.server.responses.problem_details import TOO_MANY, Problem
from app.server.settings import Settings

CHUNKS_SHARE = 20
"""A caller may send so many chunks for each message."""
REPEATS_PER_HOUR = 600

Route = TypeVar("Route", bound=Callable[..., Any])


class Limits:
    """What one caller may do; made once for an application."""

    def __init__(self, settings: Settings) -> None:
        # By endpoint: a key by address would hold ids of messages.
        self._limiter = Limiter(key_func=_caller, key_style="endpoint")
        self._limiter.enabled = True  # whatever RATELIMIT_ENABLED of the environment says
        servers = settings.servers
        self._minute = -(-settings.caller_per_minute // servers)
        self._uploads = RateLimitItemPerHour(-(-settings.uploads_per_hour // servers))
        self._repeats = RateLimitItemPerHour(-(-REPEATS_PER_HOUR // servers))
        logging.getLogger("slowapi").setLevel(logging.CRITICAL)  # a line for each refusal: a flood

    def messages(self, route: Route) -> Route:
        """Limit a route to so many calls a minute by one caller."""
        return self._limit(route, self._minute)

    def chunks(self, route: Route) -> Route:
        """Limit a route of chunks."""
        return self._limit(route, self._minute * CHUNKS_SHARE)

    def investigator(self, vk: bytes, *, new: bool) -> None:
        """Count an investigator's verified upload. Raises Problem(TOO_MANY).

        ``new`` says that it holds a window that has not begun: none but its owner has such. The
        others are served to everyone and could be sent by anyone, so they count apart and cannot
        shut their owner out.
        """
        name = hashlib.sha256(vk).hexdigest()
        limit = self._uploads if new else self._repeats
        if not self._limiter.limiter.hit(limit, "new" if new else "repeat", name):
            raise Problem(TOO_MANY)

    def _limit(self, route: Route, per_minute: int) -> Route:
        limited = self._limiter.limit(f"{per_minute}/minute")(route)

        @wraps(route)
        async def counted(request: Request, **values: Any) -> Any:
            # slowapi would have much to do before it found that there is no caller to count.
            call = route if is_anybody(request) else limited
            return await call(request=request, **values)

        return cast(Route, counted)


def _caller(request: Any) -> str:
    return caller_of(request)
