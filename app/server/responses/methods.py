"""Which methods a path takes: a 405 names them all (RFC 9110, 15.5.6)."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.routing import Match
from starlette.types import Scope


def remember(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """Keep the calls of the API with the application, for ``taken_at``."""
    app.state.calls = [route for router in routers for route in router.routes]


def taken_at(scope: Scope) -> list[str]:
    """Return the methods of all calls of the API at a request's path; none for other paths."""
    taken: set[str] = set()
    for call in scope["app"].state.calls:
        matched, _ = call.matches(scope)
        if matched is not Match.NONE:
            taken |= call.methods
    return sorted(taken)
