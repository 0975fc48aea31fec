"""Answers: written, kept, sealed at the moment they are sent, read by the reporter."""

from __future__ import annotations

import datetime as dt
import io
import os

import httpx
import pytest

from app.client.line_errors import LineError
from app.client.parcel import Upload
from app.console.errors import ConsoleError, FileProblem
from app.console.sync import deliver, draft_files
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.files import FileState
from app.console.vault.records import drafts
from app.console.vault.records.drafts import Draft
from app.console.vault.records.messages import State
from app.protocol.attachments import chunk_id, decrypt_chunks
from app.protocol.bodies import FileRef
from app.protocol.identities import ReporterIdentity
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio


async def _begun(line: Line, vault: Vault) -> tuple[ReporterIdentity, str]:
    """Return a case with one report in it."""
    await line.ready(vault)
    reporter = await line.send("Help.")
    await line.sync(vault)
    return reporter, read(vault)[0].case


def _queue(line: Line, vault: Vault, case: str, text: str) -> int:
    return deliver.queue_reply(
        vault, case, text, desk="support", lang="fr", now=line.now, rng=os.urandom
    )


async def test_an_answer_reaches_the_reporter_alone(line: Line, ana: Vault, chris: Vault) -> None:
    await line.ready(chris)
    reporter, case = await _begun(line, ana)
    _queue(line, ana, case, "Are you safe?")
    report = await line.sync(ana)
    assert report.sent == 1
    await line.turn()
    (answer,) = await line.answers(reporter)
    assert answer.body["text"] == "Are you safe?"
    assert (answer.body["kind"], answer.body["desk"]) == ("reply", "support")
    assert answer.body["lang"] == "fr"
    assert answer.body["day"] == dt.datetime.fromtimestamp(line.now, dt.UTC).date().isoformat()
    await line.sync(chris)
    assert read(chris) == [], "a colleague's cover is not shown"
    await line.sync(ana)
    assert [one.state for one in read(ana)] == [State.UNREAD, State.SENT]


async def test_an_answer_waits_while_the_server_is_away(line: Line, ana: Vault) -> None:
    reporter, case = await _begun(line, ana)
    _queue(line, ana, case, "Later.")

    class Half(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST":
                raise httpx.ConnectError("away", request=request)
            return await line.transport.handle_async_request(request)

    with pytest.raises(LineError):
        await line.sync(ana, transport=Half())
    waiting = read(ana)[-1]
    assert waiting.state is State.WAITING
    assert waiting.problem is not None
    assert "cannot be reached" in waiting.problem
    assert (await line.sync(ana)).sent == 1
    await line.turn()
    assert len(await line.answers(reporter)) == 1


async def test_an_epoch_that_turns_under_a_send_is_sealed_again_with_the_same_mid(
    line: Line, ana: Vault
) -> None:
    reporter, case = await _begun(line, ana)
    _queue(line, ana, case, "Once.")
    epochs = []

    class Turning(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "POST" and "messages" in request.url.path:
                epochs.append(request.url.params["epoch"])
                if len(epochs) == 1:
                    await line.turn()
                    await line.turn()
            return await line.transport.handle_async_request(request)

    assert (await line.sync(ana, transport=Turning())).sent == 1
    assert len(set(epochs)) == 2
    await line.turn()
    assert len(await line.answers(reporter)) == 1


async def test_a_file_goes_with_an_answer_and_is_never_plain_on_the_disk(
    line: Line, ana: Vault
) -> None:
    reporter, case = await _begun(line, ana)
    plain = os.urandom(300_000)
    draft_files.add_draft_file(
        ana, case, io.BytesIO(plain), len(plain), "Karte.pdf", "application/pdf", os.urandom
    )
    with ana.read() as tx:
        (draft,) = files.of_draft(tx, case)
    assert draft.state is FileState.LOCAL
    _queue(line, ana, case, "The way.")
    await line.sync(ana)
    await line.turn()
    (answer,) = await line.answers(reporter)
    ref = FileRef.from_json(answer.body["files"][0])
    async with line.line_client() as client:
        chunks = [await client.chunk(chunk_id(ref.key, at)) for at in range(ref.chunks)]
    assert b"".join(decrypt_chunks(ref.key, ref.chunks, [c for c in chunks if c])) == plain
    assert (ref.name, ref.size) == ("Karte.pdf", len(plain))
    assert all(plain[:64] not in path.read_bytes() for path in _files_of(ana))


async def test_a_file_taken_back_leaves_nothing(line: Line, ana: Vault) -> None:
    _, case = await _begun(line, ana)
    row = draft_files.add_draft_file(ana, case, io.BytesIO(b"x"), 1, "x", "", os.urandom)
    draft_files.remove_draft_file(ana, case, row)
    with ana.read() as tx:
        assert files.of_draft(tx, case) == []
    assert list(ana.files.iterdir()) == []


async def test_a_file_that_shrinks_while_it_is_read_is_refused(line: Line, ana: Vault) -> None:
    _, case = await _begun(line, ana)
    with pytest.raises(FileProblem, match="changed while it was read"):
        draft_files.add_draft_file(ana, case, io.BytesIO(b"x"), 9, "x", "", os.urandom)
    assert list(ana.files.iterdir()) == []


async def test_a_draft_is_kept_until_it_is_sent(line: Line, ana: Vault) -> None:
    _, case = await _begun(line, ana)
    with ana.write() as tx:
        drafts.store(tx, case, Draft("Half a", "support", "en"), line.now)
    ana.close()
    with line.vault() as again, again.read() as tx:
        assert drafts.find(tx, case) == Draft("Half a", "support", "en")
    with line.vault() as again:
        _queue(line, again, case, "Half a sentence, finished.")
        with again.read() as tx:
            assert drafts.find(tx, case) is None


async def test_an_empty_or_too_long_answer_is_refused_in_words(line: Line, ana: Vault) -> None:
    _, case = await _begun(line, ana)
    with pytest.raises(ConsoleError, match="Write something"):
        _queue(line, ana, case, "  \n")
    with pytest.raises(ConsoleError, match="too long"):
        _queue(line, ana, case, "x" * 16_000)


async def test_what_reporters_sent_comes_whole_and_stays_encrypted(line: Line, ana: Vault) -> None:
    """Files of several chunks: nothing plain in the folder, their names included."""
    await line.ready(ana)
    plain = b"EVIDENCE-" * 100_000
    await line.send("The hidden sentence.", files=(Upload("hidden-name.bin", "x/y", plain),))
    report = await line.sync(ana)
    assert report.files == 1
    assert not report.troubled
    with ana.write() as tx:
        case = read(ana)[0].case
        drafts.store(tx, case, Draft("hidden draft", "", ""), line.now)
    needles = (b"EVIDENCE-", b"hidden-name", b"hidden sentence", b"hidden draft", b"support")
    for path in _files_of(ana):
        content = path.read_bytes()
        for needle in needles:
            assert needle not in content, path
            assert needle.decode() not in path.name
    assert len(_files_of(ana)) > 5


def _files_of(vault: Vault) -> list:  # type: ignore[type-arg]
    known = {"enrolment-request.json"}
    return [p for p in vault.folder.rglob("*") if p.is_file() and p.name not in known]
