"""What every answer carries, and every refusal says."""

from __future__ import annotations

import json

import pytest

from app.server.responses import problem_details
from app.server.responses.headers import CONTENT_SECURITY_POLICY, HEADERS

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]


async def test_every_answer_carries_the_strict_headers_and_no_cookie(server, refusal):
    client = server.client
    answers = [
        await client.get("/api/v1/challenges"),
        await client.get("/nope"),
        await client.get("/api/v1/messages/zz"),
        await client.post("/api/v1/challenges"),
        await client.put(f"/api/v1/chunks/{'0' * 32}", content=bytes(262_145)),
        await client.delete(f"/api/v1/messages/{'0' * 32}"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 422, 405, 413, 204]
    for answer in answers:
        for name, value in HEADERS:
            assert answer.headers.get_list(name) == [value]
        assert "set-cookie" not in answer.headers
        assert "server" not in answer.headers
    refusal(answers[3], 405, "method-not-allowed")
    assert answers[3].headers["allow"] == "GET"
    for part in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"):
        assert part in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/v1/challenges", "GET"),
        ("HEAD", "/api/v1/challenges", "GET"),
        ("PUT", "/api/v1/bundles", "GET, POST"),
        ("GET", "/api/v1/messages", "POST"),
        ("HEAD", f"/api/v1/messages/{'0' * 32}", "DELETE, GET"),
        ("POST", f"/api/v1/chunks/{'0' * 32}", "GET, HEAD, PUT"),
        ("OPTIONS", "/healthz", "GET"),
        ("POST", "/en/", "GET, HEAD"),
    ],
)
async def test_a_method_that_is_not_taken_is_told_all_that_are(server, method, path, allowed):
    answer = await server.client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allowed


def test_every_problem_has_a_name_a_status_and_a_sentence():
    kinds = [
        value for value in vars(problem_details).values() if isinstance(value, problem_details.Kind)
    ]
    assert len({(kind.name, kind.status) for kind in kinds}) == len(kinds) == 22
    for kind in kinds:
        assert 400 <= kind.status <= 507
        assert kind.detail.endswith(".")
        assert (
            json.loads(problem_details.answer(kind).body)["type"]
            == f"urn:quietline:problem:{kind.name}"
        )
