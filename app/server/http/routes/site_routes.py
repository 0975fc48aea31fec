"""``/``: the signed static site. A path that the manifest does not list is not there."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.server.http.request_route import RequestRoute
from app.server.http.services import services_of
from app.server.http.site_answers import file_answer
from app.server.responses.methods import taken_at
from app.server.responses.problem_details import METHOD_NOT_ALLOWED, NOT_FOUND, Problem


def make() -> APIRouter:
    """Return the router of everything that is no call of the API."""
    router = APIRouter(route_class=RequestRoute)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def site(request: Request, path: str) -> Response:
        if taken_at(request.scope):  # a call of the API, asked by a method that it does not take
            raise HTTPException(METHOD_NOT_ALLOWED.status)
        pages = services_of(request).epochs.site
        file = pages.find(path)
        if file is not None:
            return file_answer(request.headers.get("accept-encoding", ""), file, 200)
        if pages.is_folder(path):
            return RedirectResponse(f"/{path}/", 308)
        raise Problem(NOT_FOUND)

    return router
