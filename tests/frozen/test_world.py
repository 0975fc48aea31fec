"""A line, its mail and its papers of another day open today, from a code on paper to a letter."""

from __future__ import annotations

import base64
import io
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.console.evidence.checking import check_export
from app.console.features.letters.cooperation_letter import open_letter
from app.protocol.bodies import FileRef
from app.protocol.bundles import open_bundles, reference_time
from app.protocol.directory import open_directory
from app.protocol.identities import BundleKeys, ReporterIdentity
from app.protocol.letter import ProofRequest, prove
from app.protocol.line import Line
from app.protocol.receipt import read_code
from app.protocol.secrets import Secret
from app.protocol.transfer import HEAD_BYTES, open_head
from tests.protocol.javascript import JavaScript

pytestmark = pytest.mark.anyio
WORLDS = sorted(Path(__file__).parent.glob("world-*"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class World:
    """What was kept of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Any] = json.loads((folder / "said.json").read_text())
        self.line = Line.parse((folder / "line.json").read_bytes())
        kept = json.loads((folder / "mailbox.json").read_text())
        self.mailbox = {path: base64.b64decode(data) for path, data in kept.items()}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer as the line did; random bytes for a message that nobody has."""
        found = self.mailbox.get(request.url.path)
        if found is None and request.url.path.startswith("/api/v1/messages/"):
            return httpx.Response(200, content=bytes(19_936))
        return httpx.Response(404) if found is None else httpx.Response(200, content=found)


@pytest.fixture(params=WORLDS, ids=lambda folder: folder.name)
def world(request: pytest.FixtureRequest) -> World:
    return World(request.param)


async def test_whoever_kept_the_code_reads_the_answer_and_its_file(world: World) -> None:
    for written in world.said["codes"]:
        (code,) = read_code(written)
        way = LineClientSettings(world.said["url"])
        async with LineClient(way, os.urandom, httpx.MockTransport(world)) as http:
            client = ReporterClient(http, world.line.line_id, clock=lambda: world.said["now"])
            (answer,) = await client.check(ReporterIdentity(code))
            assert (answer.body["text"], answer.body["desk"]) == (world.said["answer"], "support")
            (ref,) = map(FileRef.from_json, answer.body["files"])
            pieces = [piece async for piece in client.fetch(ref)]
            assert b"".join(pieces).decode() == world.said["file"]


def test_its_directory_and_its_bundles_verify(world: World) -> None:
    directory = open_directory(world.mailbox["/api/v1/directory"], world.line.line_id)
    bundles = open_bundles(world.mailbox["/api/v1/bundles"], directory)
    assert [directory.investigators[index].label for index in bundles.bundles] == ["ana"]
    assert directory.state_at(world.said["now"]) == "ok"
    assert reference_time(bundles, directory) is None, "one of two is not more than half"


def test_its_export_checks_and_its_case_is_whole(world: World) -> None:
    checked = check_export(world.folder / "export", world.line)
    assert (checked.found, checked.signer and checked.signer.label) == ([], "ana")
    document = json.loads((world.folder / "export" / "messages.json").read_text())
    assert document["messages"][0]["text"] == world.said["report"]
    path = document["messages"][0]["files"][0]["path"]
    assert (world.folder / "export" / path).read_bytes().hex() == world.said["photo"]


def test_its_letter_is_the_agencys_word_and_its_holder_can_prove_it(world: World) -> None:
    letter = open_letter((world.folder / "letter.json").read_bytes(), world.line.line_id)
    assert (letter.month, letter.signer) == (world.said["month"], "ana")
    (code, *_) = read_code(world.said["codes"][0])
    assert prove(code, ProofRequest("Law office", bytes(16), (letter.ref,))) is not None


def test_a_case_that_was_sealed_to_another_line_opens_there(world: World) -> None:
    keys = world.said["transfer_keys"]
    file = io.BytesIO((world.folder / "case.transfer").read_bytes())
    opened = open_head(
        file.read(HEAD_BYTES),
        BundleKeys(Secret(bytes.fromhex(keys["keys"]))),
        bytes.fromhex(keys["fetch"]),
        bytes.fromhex(keys["line_id"]),
    )
    assert opened.line_id == world.line.line_id
    assert opened.file.size > 0


def test_the_pages_code_finds_and_opens_the_same_answer(world: World) -> None:
    (code,) = read_code(world.said["codes"][0])
    reporter, line = ReporterIdentity(code), world.line.line_id
    page = JavaScript()
    try:
        found = page(
            "solve",
            set=world.mailbox["/api/v1/challenges"],
            fetchSk=reporter.fetch_sk.reveal(),
            line=line,
        )
        (envelope,) = [world.mailbox[f"/api/v1/messages/{one}"] for one in found]
        opened = page("open", party={"mk": code.reveal()}, envelope=envelope, line=line)
        directory = world.mailbox["/api/v1/directory"].decode()
        assert page("openDirectory", directory=directory, line=line)["active"] == [0, 1]
        assert world.said["answer"] in bytes.fromhex(opened["body"]).decode()
    finally:
        page.close()
