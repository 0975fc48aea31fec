"""What is the same on every answer, and what the application never gets to see."""

from __future__ import annotations

import json
import logging

import pytest
from opentelemetry import trace
from starlette.requests import Request

from app.server import logs
from app.server.epochs.signed_site import Site
from app.server.http.outermost import without_address
from app.server.responses.headers import CONTENT_SECURITY_POLICY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("small_sets")]

CALLS = {
    "/api/v1/directory": {"get"},
    "/api/v1/bundles": {"get", "post"},
    "/api/v1/challenges": {"get"},
    "/api/v1/work": {"get"},
    "/api/v1/messages": {"post"},
    "/api/v1/messages/{message_id}": {"get", "delete"},
    "/api/v1/chunks/{chunk_id}": {"put", "head", "get"},
    "/healthz": {"get"},
}


@pytest.mark.parametrize("one", ["zz", "0" * 31, "0" * 33, "A" * 32, "%C2%B2" * 32])
async def test_an_id_of_another_form_is_refused_by_every_call(server, refusal, one):
    for what, methods in (("messages", ("GET", "DELETE")), ("chunks", ("PUT", "GET"))):
        for method in methods:
            answer = await server.client.request(method, f"/api/v1/{what}/{one}")
            refusal(answer, 422, "bad-request", one.encode())
    assert (await server.client.head(f"/api/v1/chunks/{one}")).status_code == 422


async def test_what_is_at_no_path_is_not_found_by_any_method(server, refusal):
    for method in ("GET", "POST", "PUT", "DELETE"):
        refusal(await server.client.request(method, "/api/v2/x"), 404, "not-found")


@pytest.mark.parametrize("path", [f"/api/v1/messages/{'0' * 32}", "/api/v1/bundles", "/"])
async def test_a_failure_inside_is_a_500_that_tells_neither_client_nor_log_what_it_held(
    server, refusal, monkeypatch, logged, path
):
    def fails(*_: object) -> None:
        raise RuntimeError("SEKRIT")

    monkeypatch.setattr(server.services.messages.storage.__class__, "read", fails)
    monkeypatch.setattr(server.services.__class__, "epoch", fails)
    monkeypatch.setattr(Site, "find", fails)
    answer = await server.client.get(path)
    refusal(answer, 500, "internal", b"SEKRIT", b"RuntimeError")
    assert answer.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    said = logged()
    assert "SEKRIT" not in said
    assert "00000000" not in said
    line = json.loads(said.splitlines()[-1])
    assert (line["event"], line["error"]) == ("request-failed", "RuntimeError")
    assert line["place"].startswith("test_surface.py:")


@pytest.mark.parametrize("path", ["/healthz", f"/api/v1/messages/{'0' * 32}", "/"])
async def test_routes_see_neither_address_nor_telling_headers(server, monkeypatch, path):
    seen = []
    make = Request.__init__

    def spy(request, *arguments, **options):
        make(request, *arguments, **options)
        seen.append((request.client, dict(request.headers)))

    monkeypatch.setattr(Request, "__init__", spy)
    telling = {
        "x-forwarded-for": "127.0.0.77",
        "x-real-ip": "127.0.0.77",
        "forwarded": "for=127.0.0.77",
        "cf-connecting-ip": "127.0.0.77",
        "user-agent": "Distinct/1.0",
        "cookie": "a=b",
        "referer": "http://x/",
        "accept-language": "xx",
    }
    answer = await server.client.get(path, headers=telling | {"accept-encoding": "gzip"})
    assert answer.status_code == (404 if path == "/" else 200)
    assert seen
    for client, headers in seen:
        assert client is None
        assert not set(headers) & set(telling)
        assert headers["accept-encoding"] == "gzip"


def test_the_scope_given_in_is_left_as_it_was():
    scope = {"type": "http", "client": ("127.0.0.77", 1), "headers": [(b"via", b"x")]}
    assert without_address(scope) == {"type": "http", "client": None, "headers": []}
    assert scope["client"] == ("127.0.0.77", 1)


async def test_the_frameworks_telemetry_is_off_whatever_the_process_has(server, monkeypatch):
    class Provider(trace.TracerProvider):
        def get_tracer(self, *_: object, **__: object) -> trace.Tracer:
            raise AssertionError("a request was traced")

    monkeypatch.setattr(trace, "get_tracer_provider", Provider)
    assert (await server.client.get("/healthz")).status_code == 200


def test_of_other_libraries_records_only_the_place_is_written(caplog):
    try:
        raise ValueError("SEKRIT")
    except ValueError:
        logging.getLogger("asyncio").exception("lost %s", "127.0.0.77", stack_info=True)
    said = logs.BlindFormatter().format(caplog.records[-1])
    assert "127.0.0.77" not in said
    assert "SEKRIT" not in said
    assert json.loads(said) == {
        "level": "error",
        "event": "library",
        "logger": "asyncio",
        "place": json.loads(said)["place"],
        "error": "ValueError",
    }
    assert json.loads(said)["place"].startswith("test_surface.py:")


async def test_openapi_lists_every_call_and_there_are_no_pages_for_it(server):
    description = (await server.client.get("/api/v1/openapi.json")).json()
    assert {path: set(calls) for path, calls in description["paths"].items()} == CALLS
    for path in ("/docs", "/redoc"):
        assert (await server.client.get(path)).status_code == 404
