"""The panes of a case or of the list without the page around them, for our script to change them.

Compressed: a case with all that can be done to it is three times as long as what it says.
"""

import gzip
from typing import Any

from fastapi import Request
from jinja2 import Environment
from starlette.responses import Response

from app.console.web.render import given, page

_LEVEL = 3
"""A case takes less than a millisecond with it."""


def fragment(request: Request, values: dict[str, Any]) -> Response:
    """Render ``_panes.html``: a title, the panes, what was just done, the case's row."""
    row = _row(request, values) if values["listed"] else ""
    return compressed(request, page(request, "_panes.html", values | {"row": row}))


def compressed(request: Request, answer: Response) -> Response:
    """Return the same answer, packed with gzip for a browser that takes it."""
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return answer
    body = gzip.compress(bytes(answer.body), _LEVEL, mtime=0)
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(body, answer.status_code, headers, answer.headers["content-type"])


def _row(request: Request, values: dict[str, Any]) -> str:
    """Return a case's row as the list has it."""
    environment: Environment = request.app.state.templates
    return environment.get_template("_row.html").render(given(request) | values)
