"""A reporter at a terminal, and a server or a way to it that lies, breaks or goes back."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import httpx
import pytest

from app.cli.report import reading
from app.cli.report.signed_form import fetch_form
from app.cli.report.terminal import Terminal
from app.cli.report.visit import explain
from app.client import retry
from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError, Unreachable
from app.client.parcel import Upload
from app.client.reporter_client import Answer, ReporterClient
from app.protocol import challenges
from app.protocol.bodies import FileRef
from app.protocol.directory import open_directory
from app.protocol.encoding import json_bytes
from app.protocol.errors import BadDirectory, CannotOpen, LooksOld
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.wire import CHUNK_BYTES
from tests.server.conftest import Line


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Form:
    """A line whose site has a form, or one that was changed."""

    def __init__(self, line: Line, form: bytes, served: bytes) -> None:
        site = line.publish_site({"es/form.json": form, "en/form.json": form})
        self._files = {
            "/manifest.json": (site / "manifest.json").read_bytes(),
            "/es/form.json": served,
            "/en/form.json": served,
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=self._files[request.url.path])


@pytest.mark.anyio
async def test_questions_that_the_agency_did_not_sign_are_not_asked(tmp_path: Path) -> None:
    line = Line(tmp_path)
    line.publish()
    directory = open_directory(line.directory_file.read_bytes(), line.line_id)
    form = {"v": 1, "lang": "es", "words": None, "emergency": [], "questions": [], "phrases": {}}
    good, changed = json_bytes(form), json_bytes({**form, "phrases": {"desks": "Call me"}})

    async def fetch(served: bytes, wanted: str | None = "es") -> object:
        transport = httpx.MockTransport(Form(line, good, served))
        async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
            return await fetch_form(http, directory, wanted)

    assert (await fetch(good)).lang == "es"  # type: ignore[attr-defined]
    with pytest.raises(LineError, match="not the one that its agency signed"):
        await fetch(changed)
    with pytest.raises(LineError, match="It speaks: en, es"):
        await fetch(good, "xx")


class Broken(httpx.AsyncBaseTransport):
    """A way to the line that breaks after so many chunks, until it is mended."""

    def __init__(self, app: object) -> None:
        self._inner = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        self.left = 10**9
        self.chunks: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PUT":
            if self.left == 0:
                raise httpx.ConnectError("broken")
            self.left -= 1
            self.chunks.append(request.url.path)
        return await self._inner.handle_async_request(request)


@pytest.mark.anyio
async def test_a_broken_way_costs_no_chunk_twice_and_files_come_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)
    monkeypatch.setattr(retry, "BUSY_SECONDS", 0)
    line = Line(tmp_path)
    line.publish()
    data = os.urandom(3 * CHUNK_BYTES)
    (tmp_path / "film").write_bytes(data)
    async with line.serve() as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        way = Broken(server.app)
        seen: list[tuple[int, int, int]] = []
        async with LineClient(LineClientSettings("http://line"), os.urandom, way) as http:
            client = ReporterClient(
                http, line.line_id, progress=lambda *at: seen.append(at), clock=lambda: line.now
            )
            fields = {"lang": "en", "text": "", "desks": ["support"]}
            parcel = client.pack("report", fields, [Upload("film", "video/mp4", tmp_path / "film")])
            identity = ReporterIdentity(new_entropy(os.urandom))
            way.left = 2
            with pytest.raises(Unreachable):
                await client.deliver(identity, parcel)
            way.left = 10**9
            await client.deliver(identity, parcel)
            assert len(way.chunks) == len(set(way.chunks)) == parcel.refs[0].chunks
            assert seen[-1] == (0, parcel.refs[0].chunks, parcel.refs[0].chunks)
            back = b"".join([piece async for piece in client.fetch(parcel.refs[0])])
            assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()
            other = FileRef.from_json({**parcel.refs[0].to_json(), "tree": "0" * 64})
            with pytest.raises(CannotOpen, match="not the one that was sent"):
                [piece async for piece in client.fetch(other)]
            answers = [
                Answer(
                    b"", 0, {"kind": "reply", "files": [parcel.refs[0].to_json()] * 2}, None, None
                )
            ]
            saved = await reading.save(Terminal({}), client, answers, tmp_path)
    assert [path.name for path in saved] == ["film (2)", "film (3)"]
    assert saved[0].read_bytes() == data
    left = os.listdir(tmp_path)  # noqa: PTH208 (in a coroutine)
    assert not any(name.endswith(".part") for name in left)


@pytest.mark.anyio
async def test_a_clock_that_is_years_ahead_is_told_of_once_and_silences_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)
    line = Line(tmp_path)
    line.publish()
    fields = {"lang": "en", "text": "Help.", "desks": ["support"]}
    async with line.serve() as server:
        for index in (0, 1, 3):
            body = line.upload(index, range(2))
            assert (await server.client.post("/api/v1/bundles", content=body)).status_code == 204
        await server.tick()
        transport = httpx.ASGITransport(app=server.app)
        async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
            identity = ReporterIdentity(new_entropy(os.urandom))
            ahead = ReporterClient(http, line.line_id, clock=lambda: line.now + 2 * 365 * 86_400)
            with pytest.raises(LooksOld) as told:
                await ahead.send(identity, "report", fields)
            await ahead.send(identity, "report", fields)
            behind = ReporterClient(http, line.line_id, clock=lambda: 0)
            await behind.send(identity, "report", fields)
    explain(
        Terminal({"list-old": "By the date on this computer, {day}, it is too old."}), told.value
    )
    assert re.search(r"computer, 2\d{3}-\d\d-\d\d, it is too old", capsys.readouterr().out)


@pytest.mark.anyio
async def test_within_a_visit_the_directory_never_goes_back(tmp_path: Path) -> None:
    line, files = Line(tmp_path), {}
    for version in (1, 2):
        line.publish(version=version)
        files[version] = line.directory_file.read_bytes()
    shown = [files[2], files[2], files[1]]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=shown.pop(0)))
    async with LineClient(LineClientSettings("http://line"), os.urandom, transport) as http:
        client = ReporterClient(http, line.line_id)
        assert [(await client.directory()).version for _ in range(2)] == [2, 2]
        with pytest.raises(BadDirectory, match="than a moment ago"):
            await client.directory()
