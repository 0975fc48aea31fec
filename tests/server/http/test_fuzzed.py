"""The real server under what nobody should send: no 500, no hang, no echo, one form of refusal."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from app.protocol import work
from app.protocol.wire import BUNDLE_BYTES, CHUNK_BYTES, ENVELOPE_BYTES, EpochBundles
from tests.server.answers import Answer, check
from tests.server.conftest import Line, fake_batch
from tests.server.http.test_hostile import IMPATIENT
from tests.server.process import Process

BOUNDED = settings(
    max_examples=60,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
PATIENCE = 120
OPERATIONS = {
    "GET /api/v1/directory",
    "GET /api/v1/bundles",
    "POST /api/v1/bundles",
    "GET /api/v1/challenges",
    "GET /api/v1/work",
    "POST /api/v1/messages",
    "GET /api/v1/messages/{message_id}",
    "DELETE /api/v1/messages/{message_id}",
    "PUT /api/v1/chunks/{chunk_id}",
    "HEAD /api/v1/chunks/{chunk_id}",
    "GET /api/v1/chunks/{chunk_id}",
    "GET /healthz",
}
CANARY = b"CaNaRy4711"


class Target:
    """A server process, and what a test needs to get past its gate."""

    def __init__(self, folder, **options: object) -> None:
        self.line = Line(folder, now=time.time())
        self.line.publish()
        site = self.line.publish_site(
            {"index.html": b"x", "404.html": b"gone", "en/index.html": b""}
        )
        options |= {"site_folder": site, "uploads_per_hour": 10**6}
        self.process = Process(self.line, slots_initial=64, slots_cap=16_384, **options)
        self.batch = fake_batch()

    def worked(self, what: str = work.BATCH) -> bytes:
        return work.solve(self.ask(b"GET", work.CHALLENGE_PATHS[what].encode()).body).encode()

    def epoch(self) -> int:
        return EpochBundles.parse(self.ask(b"GET", b"/api/v1/bundles").body).epoch

    def raw(self, data: bytes) -> bytes:
        """Send bytes, and return all that comes back until the connection ends."""
        with socket.create_connection(("127.0.0.1", self.process.port), PATIENCE) as connection:
            said = b""
            try:
                connection.sendall(data)
                while part := connection.recv(65_536):
                    said += part
            except (ConnectionResetError, BrokenPipeError):
                pass
            return said

    def heard(self, data: bytes) -> bytes:
        """Send what is whole until it is answered: a busy machine may be too slow at times."""
        deadline = time.monotonic() + PATIENCE
        while not (said := self.raw(data)) and time.monotonic() < deadline:
            pass
        return said

    def ask(self, method: bytes, path: bytes, body: bytes = b"", headers: bytes = b"") -> Answer:
        head = b"%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % (method, path)
        if body or method in (b"POST", b"PUT"):
            head += b"Content-Length: %d\r\n" % len(body)
        return Answer.parse(self.heard(head + headers + b"\r\n" + body))


@pytest.fixture(scope="module")
def target(tmp_path_factory) -> Iterator[Target]:
    yield from running(Target(tmp_path_factory.mktemp("fuzzed")))


@pytest.fixture(scope="module")
def impatient(tmp_path_factory) -> Iterator[Target]:
    """Yield the same code, with less time for what does not end."""
    bounds = "head_seconds=0.3, grace=0.3, sweep=0.02"
    command = IMPATIENT.replace("head_seconds=3, grace=3, sweep=0.1", bounds)
    assert bounds in command
    yield from running(Target(tmp_path_factory.mktemp("impatient"), command=command))


def running(made: Target) -> Iterator[Target]:
    yield made
    made.process.stop(signal.SIGKILL)
    assert [text for text in made.process.said if "error" in text] == []


@pytest.fixture(scope="module")
def schema(target) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(
        f"http://127.0.0.1:{target.process.port}/api/v1/openapi.json"
    )


@pytest.mark.parametrize("label", sorted(OPERATIONS))
def test_every_call_of_the_description_answers_in_its_form(target, schema, label):
    (operation,) = [one.ok() for one in schema.get_all_operations() if one.ok().label == label]
    costs = label.startswith(("POST /api/v1/messages", "PUT"))
    bought = work.FILES if label.startswith("PUT") else work.BATCH
    seen = set()

    @given(
        case=st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        pays=st.booleans(),
    )
    @settings(BOUNDED, max_examples=20)
    def each(case: schemathesis.Case, pays: bool) -> None:
        if pays and costs:
            case.headers[work.HEADER] = target.worked(bought).decode()
        answer = case.call()
        seen.add(answer.status_code)
        headers = {name.lower(): list(values) for name, values in answer.headers.items()}
        sent = [value.encode() for value in (case.path_parameters or {}).values() if value]
        check(
            Answer(answer.status_code, headers, answer.content),
            *(one for one in sent if isinstance(one, bytes)),
            head=case.method == "HEAD",
        )

    each()
    assert seen


def test_the_description_has_no_other_calls(schema):
    assert {one.ok().label for one in schema.get_all_operations()} == OPERATIONS


Change = Callable[[bytes], bytes]


def changes(largest: int) -> st.SearchStrategy[Change]:
    """Make nearly what is expected: some bytes changed, some missing, some too many."""
    places = st.lists(st.tuples(st.integers(0, largest), st.integers(0, 255)), max_size=4)
    cuts, ends = st.sampled_from([0, 0, 0, 1, 40]), st.sampled_from([b"", b"", CANARY])

    def make(places: list[tuple[int, int]], cut: int, end: bytes) -> Change:
        def change(valid: bytes) -> bytes:
            body = bytearray(valid)
            for at, value in places:
                body[at % len(body)] = value
            return bytes(body[: len(body) - cut]) + end

        return change

    return st.builds(make, places, cuts, ends)


@given(data=st.data())
@BOUNDED
def test_batches(target, data):
    edges = st.sampled_from([b"", bytes(192), bytes(3 * ENVELOPE_BYTES), CANARY * 2_000])
    body = data.draw(edges | changes(3 * ENVELOPE_BYTES).map(lambda change: change(target.batch)))
    epoch = data.draw(st.sampled_from([b"", b"0", b"18446744073709551616"]))
    epoch = epoch or b"%d" % target.epoch()
    answer = target.ask(
        b"POST",
        b"/api/v1/messages?epoch=" + epoch,
        body,
        b"%s: %s\r\n" % (work.HEADER.encode(), target.worked()),
    )
    check(answer, CANARY)
    assert answer.status in (201, 400, 409, 413, 422, 503)
    assert (answer.status, len(body)) != (201, 0)


@given(data=st.data())
@BOUNDED
def test_bundles(target, data):
    upload = target.line.upload(0, range(1, 3))
    counts = st.integers(0, 2**32 - 1).map(lambda count: count.to_bytes(4) + upload[4:])
    nearly = changes(2 * BUNDLE_BYTES).map(lambda change: change(upload))
    body = data.draw(nearly | counts | st.binary(max_size=BUNDLE_BYTES))
    answer = target.ask(b"POST", b"/api/v1/bundles", body)
    check(answer, CANARY)
    assert answer.status in (204, 400, 404, 413, 422)
    if answer.status == 204:
        assert body == upload


@given(
    size=st.sampled_from([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES]),
    announced=st.sampled_from([None, None, b"0", b"1", b"-1", b"9" * 30, b"1e3", CANARY]),
)
@settings(BOUNDED, max_examples=30)
def test_chunks(impatient, size, announced):
    body = (CANARY * (size // 10 + 1))[:size]
    head = b"PUT /api/v1/chunks/%s HTTP/1.1\r\nHost: x\r\n" % os.urandom(16).hex().encode()
    length = b"%d" % size if announced is None else announced
    head += b"Content-Length: %s\r\nConnection: close\r\n" % length
    send = impatient.heard if announced is None and size <= CHUNK_BYTES else impatient.raw
    paid = work.HEADER.encode(), impatient.worked(work.FILES)
    said = send(head + b"%s: %s\r\n\r\n" % paid + body)
    if not said:  # reset: more came than was announced, or less; nothing was said to anybody
        assert announced is not None or size > CHUNK_BYTES
        return
    answer = Answer.parse(said)
    check(answer, CANARY)
    assert (answer.status == 201) == (size == CHUNK_BYTES and announced is None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
FIELDS = [
    "algorithm", "cost", "data", "keyLength", "keyPrefix", "keySignature", "memoryCost", "nonce",
    "parallelism", "salt", "expiresAt", "counter", "derivedKey", "time", "x",
]  # fmt: skip


def replaced(outer: str, name: str, value: object) -> Change:
    """Put another value into an answer to a challenge."""

    def change(valid: bytes) -> bytes:
        inside = json.loads(base64.b64decode(valid))
        if outer == "signature":
            inside["challenge"]["signature"] = value
        else:
            place = inside["solution"] if outer == "solution" else inside["challenge"][outer]
            place[name] = value
        return base64.b64encode(json.dumps(inside).encode())

    return change


@given(
    change=st.one_of(
        changes(900),
        st.builds(
            replaced,
            st.sampled_from(["parameters", "signature", "solution"]),
            st.sampled_from(FIELDS),
            JSON,
        ),
        JSON.map(lambda value: lambda _: base64.b64encode(json.dumps(value).encode())),
        st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0")).map(
            lambda text: lambda _: text.encode("latin-1")
        ),
    )
)
@settings(BOUNDED, max_examples=100)
def test_the_work_header(target, change):
    valid = target.worked()
    header = change(valid)
    answer = target.ask(
        b"POST",
        b"/api/v1/messages?epoch=%d" % target.epoch(),
        target.batch,
        b"%s: %s\r\n" % (work.HEADER.encode(), header),
    )
    check(answer, CANARY)
    assert answer.status in (201, 400, 401, 403, 503)
    if answer.status == 201:
        signed = [json.loads(base64.b64decode(one))["challenge"] for one in (header, valid)]
        assert signed[0]["signature"] == signed[1]["signature"]


PATHS = st.lists(
    st.sampled_from(
        [
            b"api", b"v1", b"messages", b"chunks", b"work", b"..", b".", b"", b"%2e%2e", b"%00",
            b"%ff", b"%zz", b"0" * 32, b"F" * 32, b"0" * 31, CANARY, b"en", b"index.html",
            b"manifest.json", b"\xc3\xa9", b";x", b"*", b"openapi.json",
        ]
    ),
    max_size=5,
).map(lambda parts: b"/" + b"/".join(parts))  # fmt: skip


@given(
    method=st.sampled_from(
        [b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"TRACE", b"BREW"]
    ),
    path=PATHS,
    query=st.sampled_from(
        [b"", b"?", b"?epoch=1&epoch=2", b"?epoch=-1", b"?epoch=" + CANARY, b"?%"]
    ),
)
@settings(BOUNDED, max_examples=250)
def test_paths_queries_and_methods(target, method, path, query):
    answer = target.ask(method, path + query)
    if answer.status == 404 and answer.headers["content-length"] == ["4"]:
        return  # the site's own page
    check(answer, CANARY, head=method == b"HEAD")


LINES = st.sampled_from(
    [
        b"Host: x", b"Host: " + CANARY, b"Content-Length: 0", b"Content-Length: 5",
        b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: identity", b"Upgrade: websocket\r\nConnection: Upgrade",
        b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings", b"Expect: 100-continue",
        b"Accept-Encoding: gzip", b"Range: bytes=0-1", b"If-None-Match: *", b"X: " + CANARY,
        b": empty", b"no colon", b" folded", b"X: \0", b"X: \xff", b"X-" + CANARY * 2_000 + b": y",
    ]
)  # fmt: skip
FIRST = st.sampled_from(
    [
        b"GET / HTTP/1.1", b"GET / HTTP/1.0", b"GET / HTTP/2.0", b"GET / HTTP/9.9", b"GET /",
        b"GET http://elsewhere/api/v1/work HTTP/1.1", b"OPTIONS * HTTP/1.1", b"",
        b"CONNECT a:1 HTTP/1.1", b"PRI * HTTP/2.0", b"POST /api/v1/bundles HTTP/1.1",
        b"GET /" + CANARY + b" HTTP/1.1", b"\x16\x03\x01" + CANARY, b"GET  / HTTP/1.1",
        b"get / HTTP/1.1", b"GET /\x80 HTTP/1.1", b"GET / HTTP/1.1 " + CANARY,
    ]
)  # fmt: skip


@given(
    first=FIRST,
    lines=st.lists(LINES, max_size=4),
    after=st.sampled_from([b"", b"5\r\nhello\r\n0\r\n\r\n", b"hello", b"GET /x HTTP/1.1\r\n\r\n"]),
)
@settings(BOUNDED, max_examples=80)
def test_heads(impatient, first, lines, after):
    """Whatever comes, every answer on the connection has the form; a connection may just end."""
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    said = impatient.raw(b"\r\n".join([first, *lines, b"", b""]) + after + last)
    at = 0
    while at < len(said):
        assert said[at : at + 9] == b"HTTP/1.1 ", said[at : at + 60]
        if said[at + 9 : at + 12] == b"100":
            at = said.index(b"\r\n\r\n", at) + 4
            continue
        answer = Answer.parse(said[at:])
        length = int(answer.headers.get("content-length", ["0"])[0])
        whole = Answer(answer.status, answer.headers, answer.body[:length])
        if (whole.status, whole.body) != (404, b"gone"):
            check(whole, CANARY)
        at = said.index(b"\r\n\r\n", at) + 4 + length
