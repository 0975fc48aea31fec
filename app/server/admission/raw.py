"""An answer as bytes, for connections that are refused before there is a request."""

from __future__ import annotations

import http

from app.server.responses.headers import RAW_HEADERS
from app.server.responses.problem_details import Kind, answer


def answer_bytes(kind: Kind) -> bytes:
    """Return a whole HTTP/1.1 answer for a problem, which ends the connection."""
    response = answer(kind)
    phrase = http.HTTPStatus(kind.status).phrase
    lines = [f"HTTP/1.1 {kind.status} {phrase}".encode(), b"connection: close"]
    lines += [name + b": " + value for name, value in (*response.raw_headers, *RAW_HEADERS)]
    return b"\r\n".join([*lines, b"", bytes(response.body)])
