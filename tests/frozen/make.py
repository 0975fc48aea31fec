"""Makes a world with today's program: ``python -m tests.frozen.make tests/frozen/world-N``.

Everything is synthetic. Random, but for the clock: what matters is that it opens, not what it is.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sys
import tempfile
from pathlib import Path

import httpx

from app.client.parcel import Upload
from app.client.reporter_client import ReporterClient
from app.console.evidence import bundle, export_writer
from app.console.features.letters import held_letters
from app.console.features.transfer import handing_over, invitations
from app.console.features.transfer.handing_over import Handover
from app.console.features.transfer.scope import Scope
from app.console.line import trusted_line
from app.console.sync import deliver, draft_files
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.web import case_views
from app.protocol.bodies import FileRef
from app.protocol.identities import ReporterIdentity
from app.protocol.letter import letter_public
from app.protocol.receipt import new_entropy, numbers_of, words_of
from app.protocol.secrets import Secret
from tests.console.running_line import URL, Line, read

REPORT, ANSWER = "They keep our papers at the hotel. 帮助", "We have read it. Are you safe? مرحبا"
YES = "Yes, tell the other line."
MAP = b"Third door, ask for Ines.\n"
PHOTO = b"not really a photograph " * 40
LETTER = bytes(range(16))


class Recording(httpx.AsyncBaseTransport):
    """Passes calls on, and keeps what was read by path."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport
        self.read: dict[str, bytes] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        if request.method == "GET":
            self.read[request.url.path] = await answer.aread()
        return answer


async def make(folder: Path, out: Path) -> None:
    """Let a report be sent, read, answered, exported, sent on, and a letter be made for it."""
    line, other = Line.make(folder / "line", "Harbour line"), Line.make(folder / "other")
    async with line.serve():
        with line.vault() as vault:
            await _live(line, other, vault, out)


async def _live(line: Line, other: Line, vault: Vault, out: Path) -> None:
    entropy = new_entropy(os.urandom)
    mk = entropy.reveal()
    reporter = ReporterIdentity(Secret(mk))
    await line.ready(vault)
    photo = Upload("door.jpg", "image/jpeg", PHOTO)
    await line.send(REPORT, reporter=reporter, files=(photo,), answers={"danger_now": "no"})
    keys = {"n": LETTER.hex(), "pk": letter_public(Secret(mk), LETTER).hex()}
    await line.send("", reporter=reporter, kind="letter-request", **keys)
    await line.send(YES, reporter=reporter, kind="message")
    await line.sync(vault)
    case = read(vault)[0].case
    draft_files.add_draft_file(
        vault, case, io.BytesIO(MAP), len(MAP), "way.txt", "text/plain", os.urandom
    )
    deliver.queue_reply(
        vault, case, ANSWER, desk="support", lang="en", now=line.now, rng=os.urandom
    )
    assert (await line.sync(vault)).sent == 1
    await line.turn()

    recording = Recording(line.transport)
    async with line.line_client(recording) as http:
        client = ReporterClient(http, line.line_id, clock=lambda: line.now)
        (answer,) = await client.check(reporter)
        (ref,) = map(FileRef.from_json, answer.body["files"])
        assert b"".join([piece async for piece in client.fetch(ref)]) == MAP
        await client.recipients()
    assert answer.body["text"] == ANSWER

    known, name = trusted_line.load(vault), case_views.case_name(case)
    export_writer.to_folder(bundle.prepare(vault, known, case, name, line.now), out / "export")
    with vault.write() as tx:
        held = held_letters.issue(tx, known, case, "cooperated", line.now, checked=True)
    (out / "letter.json").write_bytes(held.file)
    keys_there = _invited(other, out, line, vault, case, name)

    for name_, data in (
        ("line", line.line_file.read_bytes()),
        ("other", other.line_file.read_bytes()),
    ):
        (out / f"{name_}.json").write_bytes(data)
    (out / "mailbox.json").write_text(
        json.dumps({path: base64.b64encode(data).decode() for path, data in recording.read.items()})
    )
    said = {
        "now": line.now,
        "url": URL,
        "codes": [words_of(mk), words_of(mk, "spanish"), words_of(mk, "chinese_simplified"),
                  numbers_of(mk)],
        "report": REPORT,
        "answer": ANSWER,
        "photo": PHOTO.hex(),
        "file": MAP.decode(),
        "case": case,
        "month": held.month,
        "transfer_keys": keys_there,
    }  # fmt: skip
    (out / "said.json").write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def _invited(
    other: Line, out: Path, line: Line, vault: Vault, case: str, name: str
) -> dict[str, str]:
    """Seal the case to an invitation of the other line; return what opens it there."""
    directory = (other.folder / "directory.json").read_bytes()
    with other.vault() as there:
        with there.write() as tx:
            owner.store_directory(tx, 1, directory, line.now)
        with there.write() as tx:
            known = trusted_line.load_in(tx)
            made = invitations.invite(tx, known, line.now, os.urandom)
        fetch, line_id = known.owner.identity.fetch, known.owner.line.line_id
    # In the order in which the console read them, which is no order of writing.
    texts = [one.body.text for one in read(vault)]
    wanted = Scope(
        consent=texts.index(YES) + 1,
        messages=frozenset({texts.index(REPORT) + 1}),
        files=frozenset({1}),
        phrases=(),
        reason="She moved.",
    )
    known = trusted_line.load(vault)
    handover = Handover(known, case, name, made.invitation, wanted, line.now)
    going = handing_over.prepare(vault, handover, os.urandom)
    (out / "case.transfer").write_bytes(b"".join(going.pieces()))
    return {
        "keys": made.keys.secret().reveal().hex(),
        "fetch": fetch.hex(),
        "line_id": line_id.hex(),
    }


def main(out: Path) -> None:
    """Make a world in a new folder."""
    out.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(make(Path(folder), out))
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    sys.stdout.write(f"{out}: {size:,} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
