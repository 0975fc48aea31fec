"""A client written from docs/spec alone sends a report with a file, and reads the answer.

The line is real: the agency's ceremonies, the blind server in this process, an investigator with
the product's own code at the other end.
"""

import asyncio
import datetime as dt
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.agency import ceremonies, rootkey
from app.protocol import attachments, bodies
from app.protocol.answers import is_for, solve
from app.protocol.batch import seal_reply_batch
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u
from app.protocol.envelope import Opened, open_envelope
from app.protocol.errors import CannotOpen
from app.protocol.identities import BundleKeys, InvestigatorIdentity
from app.protocol.secrets import Secret
from app.protocol.wire import BundleUpload
from app.server.http.application import create_app
from app.server.settings import load
from app.server.storage import migrations
from tests.agency.conftest import DAY, request_of, words_for
from tests.spec import stranger

pytestmark = pytest.mark.anyio

NOON = int(dt.datetime.combine(DAY, dt.time(12), dt.UTC).timestamp())
HOUR = 3_600
PASSPHRASE = Secret(b"only for this test")
PHOTO = bytes(range(256)) * 2_000  # two chunks


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Person:
    """An investigator's machine, with the product's code."""

    def __init__(self, label: str, desk: str) -> None:
        self.label, self.desk = label, desk
        self.identity = InvestigatorIdentity.generate(os.urandom)
        self.keys = BundleKeys.generate(os.urandom)

    def upload(self, index: int) -> bytes:
        bundle = self.keys.bundle(self.identity, NOON, NOON + HOUR)
        return BundleUpload(index, (bundle,)).serialise()

    def open(self, envelope: bytes, line_id: bytes) -> dict[str, Any]:
        return bodies.read_body(self.opened(envelope, line_id).body)

    def opened(self, envelope: bytes, line_id: bytes) -> Opened:
        return open_envelope(envelope, self.keys.opener(self.identity.fetch), line_id)


@dataclass
class Line:
    """A served line with two desks."""

    line_id: bytes
    people: list[Person]
    app: Any
    http: httpx.AsyncClient
    agency: Path
    now: float = NOON

    def revoke(self, who: str, status: str) -> None:
        """Hold the agency's ceremony, and give its new directory to the server."""
        ceremonies.revoke(self.agency, who, status, today=DAY)
        ceremonies.sign_directory(self.agency, passphrase=PASSPHRASE, today=DAY)

    async def tick(self) -> None:
        self.now += 60
        await self.app.state.services.epochs.tick(self.now)

    async def get(self, path: str) -> bytes:
        answer = await self.http.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        return answer.content

    async def work(self, what_for: str = "") -> dict[str, str]:
        """Return the header that one message costs, or so many chunks as an answer buys."""
        return {"Quietline-Work": stranger.answer_to(await self.get(f"work{what_for}"))}

    async def mail_of(self, person: Person) -> list[bytes]:
        """Return the envelopes that this person finds."""
        found = solve(await self.get("challenges"), person.identity.fetch_sk, self.line_id)
        envelopes = [await self.get(f"messages/{one.hex()}") for one in found]
        assert all(is_for(one, person.identity.fetch_sk) for one in envelopes)
        return envelopes


@asynccontextmanager
async def serving(folder: Path, people: list[Person]) -> AsyncIterator[Line]:
    agency, passphrase = folder / "agency", PASSPHRASE
    made = ceremonies.init_agency(
        agency, name="Harbour", server="http://127.0.0.1", passphrase=passphrase, rng=os.urandom,
        kdf=rootkey.SYNTHETIC,
    )  # fmt: skip
    for person in people:
        request = request_of(person.identity, person.label, made)
        words = words_for(request, made)
        ceremonies.enrol(agency, request, [person.desk], words=words, today=DAY)
    ceremonies.sign_directory(agency, passphrase=passphrase, today=DAY)
    data = folder / "data"
    data.mkdir()
    settings = load(
        line_id=b64u(made.line_id), directory_file=agency / "directory.json", data_folder=data,
        slots_initial=64, slots_cap=64, disk_reserve_bytes=0, work_steps=20,
    )  # fmt: skip
    migrations.upgrade(settings.database)
    app = create_app(settings, clock=lambda: NOON, timers=False)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://line") as http:
            line = Line(made.line_id, people, app, http, agency)
            for index, person in enumerate(people):
                answer = await http.post("/api/v1/bundles", content=person.upload(index))
                assert answer.status_code == 204
            await line.tick()
            yield line


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    people = [Person("Ana", "support"), Person("Bo", "support"), Person("Cy", "police")]
    async with serving(tmp_path, people) as made:
        yield made


async def send_as_a_stranger(line: Line, me: stranger.Keys, text: str, photo: bytes) -> None:
    """README, "A reporter's client, whole": to send, to the desk "support"."""
    key, chunks_work = os.urandom(32), await line.work("?for=chunks")
    for chunk_id, chunk in stranger.encrypt_file(photo, key):
        for status in (201, 204):  # the second time it is there already
            path = f"/api/v1/chunks/{chunk_id.hex()}"
            answer = await line.http.put(path, content=chunk, headers=chunks_work)
            assert answer.status_code == status
        head = await line.http.head(f"/api/v1/chunks/{chunk_id.hex()}")
        assert (head.status_code, head.headers["content-length"]) == (200, "262144")
    entry = {
        "key": stranger.b64u(key), "chunks": stranger.chunks_of(len(photo)), "name": "door.jpg",
        "type": "image/jpeg", "size": len(photo), "metadata": "original",
        "tree": stranger.tree_of(photo).hex(),
    }  # fmt: skip
    body = {
        "kind": "report", "v": 1, "mid": os.urandom(16).hex(), "lang": "en", "text": text,
        "desks": ["support"], "answers": {"danger_now": "unknown"}, "files": [entry],
    }  # fmt: skip
    directory = stranger.open_directory(await line.get("directory"), line.line_id)
    epoch, bundles = stranger.open_bundles(await line.get("bundles"), directory)
    chosen = {i for desk in directory["desks"] if desk["id"] == "support" for i in desk["members"]}
    sealed = stranger.batch(me, json.dumps(body).encode(), chosen, directory, bundles, line.line_id)
    path, work = "/api/v1/messages", await line.work()
    stale = await line.http.post(f"{path}?epoch={epoch - 5}", content=sealed, headers=work)
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:quietline:problem:stale-bundles")
    idle = await line.http.post(f"{path}?epoch={epoch}", content=sealed)
    assert (idle.status_code, idle.json()["type"]) == (401, "urn:quietline:problem:work-needed")
    posted = await line.http.post(f"{path}?epoch={epoch}", content=sealed, headers=work)
    assert (posted.status_code, posted.content) == (201, b"")
    again = await line.http.post(f"{path}?epoch={epoch}", content=sealed, headers=work)
    assert (again.status_code, again.json()["type"]) == (403, "urn:quietline:problem:work-replayed")


async def answer_as_ana(line: Line, report: Opened, text: str, photo: bytes) -> None:
    """Answer as the product does, with a file, whoever wrote the report."""
    key, ana = Secret(os.urandom(32)), line.people[0]
    for chunk_id, chunk in attachments.encrypt_chunks(BytesIO(photo), len(photo), key):
        path = f"/api/v1/chunks/{chunk_id.hex()}"
        await line.http.put(path, content=chunk, headers=await line.work("?for=chunks"))
    tree = attachments.TreeHash()
    tree.update(photo)
    chunks = attachments.chunk_count(len(photo))
    ref = bodies.FileRef(key, chunks, "map.png", "image/png", len(photo), "clean", tree.digest())
    fields = {"lang": "en", "text": text, "desk": "support", "files": [ref.to_json()]}
    body = bodies.write_body("reply", bodies.new_mid(os.urandom), fields)
    directory = open_directory(await line.get("directory"), line.line_id)
    bundles = open_bundles(await line.get("bundles"), directory)
    sealed = seal_reply_batch(
        directory, bundles, 0, ana.identity.sender(), report.sender, body, os.urandom
    )
    path = f"/api/v1/messages?epoch={bundles.epoch}"
    posted = await line.http.post(path, content=sealed, headers=await line.work())
    assert posted.status_code == 201


async def check_as_a_stranger(line: Line, me: stranger.Keys) -> list[tuple[str, dict[str, Any]]]:
    """README, "A reporter's client, whole": to check. Each answer with in whose name it is."""
    directory = stranger.open_directory(await line.get("directory"), line.line_id)
    rows = await line.get("challenges")
    ids = await asyncio.to_thread(stranger.solve, rows, me.fetch_sk, line.line_id)
    ids += [os.urandom(16) for _ in range(-len(ids) % 8 or (0 if ids else 8))]
    answers = []
    for one in ids:
        envelope = await line.get(f"messages/{one.hex()}")
        if stranger.is_mine(envelope, me.fetch_sk):
            sender, body = stranger.open_envelope(
                envelope, me.dh_sk, me.mlkem_seed, me.xwing_seed, me.public()["fetch"],
                line.line_id,
            )  # fmt: skip
            said = json.loads(body)
            name = stranger.name_for(directory, sender, said)
            answers += [(name, said)] if name else []
    return answers


async def test_a_client_written_from_the_pages_reports_and_reads_the_answer(line: Line) -> None:
    me = stranger.Keys(os.urandom(16))
    await send_as_a_stranger(line, me, "They keep our passports.", PHOTO)
    await line.tick()

    ana, bo, cy = line.people
    (for_ana,), (for_bo,), (for_cy,) = [await line.mail_of(one) for one in (ana, bo, cy)]
    report = ana.open(for_ana, line.line_id)
    assert report["text"] == "They keep our passports."
    assert bo.open(for_bo, line.line_id) == report
    assert cy.open(for_cy, line.line_id)["kind"] == "cover"
    with pytest.raises(CannotOpen):
        cy.opened(for_ana, line.line_id)
    ref = bodies.FileRef.from_json(report["files"][0])
    chunks = [
        await line.get(f"chunks/{attachments.chunk_id(ref.key, i).hex()}")
        for i in range(ref.chunks)
    ]
    assert b"".join(attachments.decrypt_chunks(ref.key, ref.chunks, chunks)) == PHOTO

    assert await check_as_a_stranger(line, stranger.Keys(os.urandom(16))) == []
    await answer_as_ana(line, ana.opened(for_ana, line.line_id), "You are safe here.", PHOTO[:999])
    await line.tick()

    same = stranger.Keys(stranger.read_numbers(stranger.numbers(me.mk)))
    ((sender, answer),) = await check_as_a_stranger(line, same)
    assert (sender, answer["kind"], answer["text"]) == ("support", "reply", "You are safe here.")
    entry = answer["files"][0]
    parts = {
        one: await line.get(f"chunks/{one.hex()}")
        for one in (
            stranger.chunk_id(stranger.unb64u(entry["key"]), i) for i in range(entry["chunks"])
        )
    }
    assert stranger.decrypt_file(entry, parts.__getitem__) == PHOTO[:999]

    line.revoke("Ana", "former")
    await line.tick()
    ((sender, _),) = await check_as_a_stranger(line, same)
    assert sender == f"who left on {DAY}"
    line.revoke("Ana", "compromised")
    await line.tick()
    assert await check_as_a_stranger(line, same) == []
