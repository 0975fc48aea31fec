"""The line behind Caddy and behind nginx: same bytes, same headers, and nobody's address."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.demo import world as worlds
from app.cli.demo.world import World
from app.protocol import work
from app.protocol.encoding import unb64u
from app.protocol.wire import CHUNK_BYTES
from app.server.responses.headers import HEADERS
from tests.deploy.proxies import NAME, SETUPS, Proxy, Recorder, running
from tests.journeys import traces
from tests.onion.process import needed, until

CLIENT = "127.0.0.77"
AGENT = "DistinctiveBrowser/77.1"
TELLING = {
    "user-agent": AGENT,
    "accept-language": "tl-PH, tl;q=0.77",
    "referer": "https://distinctive.example/came-from",
    "cookie": "distinctive=cookie",
    "authorization": "Bearer distinctive",
    "x-forwarded-for": "203.0.113.77",
    "x-forwarded-host": "distinctive.example",
    "x-real-ip": "203.0.113.77",
    "x-client-ip": "203.0.113.77",
    "true-client-ip": "203.0.113.77",
    "cf-connecting-ip": "203.0.113.77",
    "forwarded": "for=203.0.113.77",
    "via": "1.1 distinctive",
}


@dataclass
class Answer:
    """An answer as curl got it."""

    version: str
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Fronted:
    """A running line behind a running proxy."""

    proxy: Proxy
    world: World
    recorder: Recorder

    def ask(self, path: str, *more: str) -> Answer:
        """Ask by curl, from an address and with headers that can be looked for."""
        head, body = self.proxy.folder / "head", self.proxy.folder / "body"
        port = self.proxy.port
        forwarded = [word for name, value in TELLING.items() for word in ("-H", f"{name}: {value}")]
        done = subprocess.run(
            [needed("curl"), "--silent", "--show-error", "--noproxy", "*", "--http2",
             "--cacert", self.proxy.certificate, "--interface", CLIENT,
             "--connect-to", f"::127.0.0.1:{port}", "--dump-header", head, "--output", body,
             "--max-time", "120", *forwarded, *more, f"https://{NAME}:{port}{path}"],
            capture_output=True, text=True,
        )  # fmt: skip
        if done.returncode:
            raise ConnectionError(done.stderr)
        first, *lines = head.read_bytes().decode().split("\r\n\r\n")[-2].splitlines()
        version, status, *_ = first.split(" ")
        pairs = [line.split(": ", 1) for line in lines]
        headers = {name.lower(): value for name, value in pairs}
        content = body.read_bytes()
        for file in (head, body):
            file.unlink()
        return Answer(version, int(status), headers, content)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Path, World]]:
    """Yield a real server on a Unix socket."""
    folder = Path(tempfile.mkdtemp(prefix="ql-", dir="/tmp"))
    today = dt.datetime.now(dt.UTC).date()
    world = worlds.make(
        folder / "w", f"https://{NAME}", 1, today, os.urandom, work_steps=1, languages=["en"]
    )
    config = world.data / "server" / "server.toml"
    socket = folder / "real.sock"
    server = subprocess.Popen(
        [sys.executable, "-m", "app.cli.entry", "server", "run", "--config", config,
         "--uds", socket],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until(120, "the server does not start", socket.exists)
        yield socket, world
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(120)
        shutil.rmtree(folder)


@pytest.fixture(scope="module", params=list(SETUPS))
def fronted(request: pytest.FixtureRequest, served: tuple[Path, World]) -> Iterator[Fronted]:
    folder = Path(tempfile.mkdtemp(prefix="ql-", dir="/tmp"))
    socket, world = served
    proxy = SETUPS[request.param](folder)
    recorder = Recorder(proxy.socket, socket)
    try:
        with recorder, running(proxy):
            line = Fronted(proxy, world, recorder)
            until(120, (folder / "said").read_text(), lambda: _healthy(line))
            yield line
    finally:
        shutil.rmtree(folder)


def _healthy(line: Fronted) -> bool:
    try:
        return line.ask("/healthz").status == 200
    except ConnectionError:
        return False


def test_every_file_of_the_site_has_the_bytes_that_were_signed(fronted: Fronted) -> None:
    manifest = json.loads((fronted.world.data / "site" / "manifest.json").read_bytes())
    files = json.loads(unb64u(manifest["manifest"]))["files"]
    for path in sorted(files)[::7]:
        answer = fronted.ask(f"/{path}")
        assert answer.status == 200
        assert answer.body == (fronted.world.data / "site" / path).read_bytes(), path
        assert answer.version == "HTTP/2"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/en", 308), ("/nowhere/at/all", 404), ("/api/v1/messages/x", 422),
     ("/api/v1/challenges", 200)],
)  # fmt: skip
def test_every_answer_has_the_constant_headers_and_the_onions_address(
    fronted: Fronted, path: str, status: int
) -> None:
    answer = fronted.ask(path)
    assert answer.status == status
    for name, value in HEADERS:
        assert answer.headers[name] == value, name
    assert answer.headers["onion-location"].endswith(f".onion{path}")
    assert answer.headers["strict-transport-security"].startswith("max-age=63072000")
    assert "location" not in answer.headers or answer.headers["location"].startswith("/")
    assert not {"via", "x-powered-by", "alt-svc"} & set(answer.headers)
    assert answer.headers.get("server", "nginx") == "nginx"  # nginx cannot leave its name out


def test_what_is_sent_arrives_whole_and_comes_back(fronted: Fronted, tmp_path: Path) -> None:
    chunk = tmp_path / "chunk"
    chunk.write_bytes(os.urandom(CHUNK_BYTES))
    place = f"/api/v1/chunks/{os.urandom(16).hex()}"
    put = (
        "-X",
        "PUT",
        "--data-binary",
        f"@{chunk}",
        "-H",
        "content-type: application/octet-stream",
    )
    refused = fronted.ask(place, *put)
    assert refused.status == 401
    assert json.loads(refused.body)["type"] == "urn:quietline:problem:work-needed"
    answer = work.solve(fronted.ask(work.CHALLENGE_PATHS[work.FILES]).body)
    assert fronted.ask(place, *put, "-H", f"{work.HEADER}: {answer}").status in (201, 204)
    assert fronted.ask(place).body == chunk.read_bytes()


def test_nothing_of_the_caller_is_passed_on_or_written_down(fronted: Fronted) -> None:
    for path in ("/en/", "/nowhere", "/api/v1/challenges"):
        fronted.ask(path)
    heard = bytes(fronted.recorder.heard)
    assert b"GET /api/v1/challenges HTTP/1.1" in heard
    for needle in (CLIENT, "203.0.113.77", "istinctive", "tl-PH, tl;q=0.77", "orwarded"):
        assert needle.encode() not in heard, needle
    needles = [CLIENT.encode(), b"203.0.113.77", AGENT.encode(), b"/nowhere", b"challenges"]
    assert traces.found_in(fronted.proxy.folder, needles) == []


@pytest.mark.parametrize("setup", list(SETUPS))
def test_while_the_server_is_away_the_answer_says_so_and_nothing_is_logged(setup: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ql-", dir="/tmp"))
    try:
        proxy = SETUPS[setup](folder)
        line = Fronted(proxy, None, None)  # type: ignore[arg-type]
        with running(proxy):

            def look() -> Answer | None:
                try:
                    return line.ask("/en/")
                except ConnectionError:
                    return None

            answer = until(120, "the proxy does not start", look)
        assert answer.status == 502
        assert answer.body == b"The line is being started again. Come back in a minute."
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert traces.found_in(folder, [CLIENT.encode(), AGENT.encode(), b"/en/"]) == []
    finally:
        shutil.rmtree(folder)
