"""The one client of a line: its circuits, its headers, what it takes for an answer."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import warnings
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from app.cli.report.visit import visit
from app.cli.verify import visitors
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError, LineRefused, Unreachable
from app.protocol import work
from app.protocol.line import Line
from tests.client.fake_tor import ONION_NOT_FOUND, tor_that_refuses
from tests.client.test_working import CHEAP
from tests.ports import free_port

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
ONION, NEAR = "http://a.onion", "http://127.0.0.1:9"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def asked(settings: LineClientSettings, times: int) -> None:
    async with LineClient(settings, os.urandom) as client:
        for _ in range(times):
            with pytest.raises(Unreachable, match="Tor runs but did not reach"):
                await client.challenges()


@pytest.fixture(autouse=True)
def _sockets_of_refused_calls_go() -> Iterator[None]:
    """Collect what httpcore leaves open where a SOCKS port refuses, before it is another test's."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.parametrize(("one_circuit", "circuits"), [(False, 3), (True, 1)])
async def test_through_tor_each_call_or_the_whole_visit_has_a_circuit(
    one_circuit: bool, circuits: int
) -> None:
    async with tor_that_refuses() as (socks, names):
        await asked(LineClientSettings(ONION, socks=socks, one_circuit=one_circuit), 3)
        await asked(LineClientSettings(ONION, socks=socks, one_circuit=one_circuit), 3)
    assert len(names) == 6
    assert len(set(names)) == 2 * circuits


@pytest.mark.parametrize("code", [1, 4, ONION_NOT_FOUND, 0xF6])
async def test_whatever_reason_tor_has_every_client_says_it_in_words(code: int) -> None:
    line = Line(os.urandom(32), "A line", ONION, None)
    (one,) = visitors.visitors(["en"], [True], 1)
    async with tor_that_refuses(code) as (socks, _):
        await asked(LineClientSettings(ONION, socks=socks), 1)
        async with visit(line, socks, os.urandom) as reporter:
            with pytest.raises(Unreachable, match="Tor runs but did not reach"):
                await reporter.directory()
        async with visitors.visit(ONION, one, socks, os.urandom) as verifier:
            with pytest.raises(visitors.CannotReach, match="Tor runs, but did not reach"):
                await verifier.get("/en/")


async def test_tor_that_does_not_run_is_named() -> None:
    settings = LineClientSettings(ONION, socks=f"127.0.0.1:{free_port()}")
    async with LineClient(settings, os.urandom) as client:
        with pytest.raises(Unreachable, match="Tor does not answer at 127"):
            await client.challenges()


async def test_an_onion_without_tor_is_refused_with_what_to_do() -> None:
    with pytest.raises(LineError, match="--socks"):
        LineClient(LineClientSettings("http://abc.onion"), os.urandom)


Call = Callable[[LineClient], Awaitable[object]]
STORING: list[Call] = [
    lambda client: client.post_messages(1, b"x"),
    lambda client: client.put_chunk(bytes(16), b"x"),
    lambda client: client.post_bundles(b"x"),
    lambda client: client.delete_message(bytes(16)),
]


@pytest.mark.parametrize("call", STORING)
@pytest.mark.parametrize("status", [200, 202, 302])
async def test_who_answers_in_the_servers_place_has_stored_nothing(call: Call, status: int) -> None:
    """A network that wants a login first answers every call with a page of its own."""

    def portal(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/work":
            return httpx.Response(200, content=CHEAP)
        return httpx.Response(status, content=b"<html>Welcome to the hotel")

    async with LineClient(LineClientSettings(NEAR), os.urandom, httpx.MockTransport(portal)) as one:
        with pytest.raises(LineError) as told:
            await call(one)
    assert not isinstance(told.value, LineRefused)


async def test_every_call_has_the_headers_of_the_specification_and_no_others() -> None:
    page = (ROOT / "docs/spec/http.md").read_text()
    sent: list[httpx.Headers] = []

    def line(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers)
        return httpx.Response(200 if request.method == "GET" else 201, content=CHEAP)

    async with LineClient(LineClientSettings(NEAR), os.urandom, httpx.MockTransport(line)) as one:
        await one.site("en/")
        await one.post_messages(1, b"x")
    reading, asking, storing = (dict(headers) for headers in sent)
    assert reading == asking
    assert set(storing) - set(reading) == {"content-length", "content-type", work.HEADER.lower()}
    assert reading.pop("host") == "127.0.0.1:9"
    assert next(iter(reading)) == "user-agent"
    for name, value in reading.items():
        assert f"`{name}: {value}`" in page
    assert len(reading) == 5


def test_what_a_replica_loads_knows_nothing_that_opens_a_message() -> None:
    """The contracts read imports; this is what Python does with them."""
    code = (
        "import sys\n"
        "import app.client.transport.circuits, app.client.transport.exchange\n"
        "import app.server.epochs.replicas\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {one for one in loaded if one.startswith("app.client.")} <= {
        f"app.client.transport{one}"
        for one in ("", ".browsers", ".circuits", ".exchange", ".unix_socks")
    }
    private = ("envelope", "batch", "bodies", "identities", "secrets", "receipt", "hpke", "answers")
    assert not {f"app.protocol.{one}" for one in private} & loaded
