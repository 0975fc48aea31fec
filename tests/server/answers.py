"""What holds for every answer of the server, whatever was asked: checked on bytes from a socket."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from app.server.responses.headers import HEADERS

ECHO = 8
"""So many bytes of what was sent, found in an answer, are an echo."""


@dataclass(frozen=True)
class Answer:
    """One answer: header names are in lower case, each with all of its values."""

    status: int
    headers: dict[str, list[str]]
    body: bytes

    @classmethod
    def parse(cls, said: bytes) -> Answer:
        head, _, body = said.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers.setdefault(name.lower(), []).append(value)
        return cls(int(first.split(" ")[1]), headers, body)


def check(answer: Answer, *sent: bytes, head: bool = False) -> None:
    """Check an answer's status, headers and, if it is a refusal, form; and that nothing is echoed.

    ``head``: it answers HEAD, so it has no body.
    """
    assert answer.status in (*range(200, 309), *range(400, 500), 503, 507), answer.status
    for name, value in HEADERS:
        assert answer.headers.get(name) == [value], name
    for name in ("set-cookie", "server", "x-powered-by", "date", "etag", "last-modified"):
        assert name not in answer.headers
    if answer.status < 400:
        return
    assert answer.headers["content-type"] == ["application/problem+json"]
    if not head:
        problem = json.loads(answer.body)
        assert set(problem) == {"type", "title", "status", "detail"}
        assert problem["status"] == answer.status
        assert problem["type"].startswith("urn:quietline:problem:")
        for part in _windows(sent):
            assert part not in answer.body, part
    for values in answer.headers.values():
        for part in _windows(sent):
            assert part not in "".join(values).encode("latin-1"), part


def _windows(sent: Iterable[bytes]) -> Iterable[bytes]:
    for one in sent:
        yield from (one[at : at + ECHO] for at in range(0, min(len(one), 400) - ECHO + 1))
