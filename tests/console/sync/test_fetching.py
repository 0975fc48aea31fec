"""Files take their turn: they hold up nobody, fill no disk, and are not asked for without end."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import shutil
from contextlib import suppress
from typing import Any

import httpx
import pytest

from app.client.parcel import Upload
from app.console.rules import fetching
from app.console.rules.body import DescribedFile
from app.console.sync import deliver, draft_files
from app.console.sync.engine import SyncSettings
from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.attachments.files import File, FileState
from app.console.vault.records import messages
from app.console.web import background_sync
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.protocol.encoding import b64u
from app.protocol.wire import CHUNK_BYTES
from tests.console.browser import opened
from tests.console.running_line import DAY, HOUR, Line, read, texts
from tests.console.sync.test_opened_messages import keep, letter, sender, whole

pytestmark = pytest.mark.anyio

PLAIN = os.urandom(700_000)
PHOTO = Upload("photo.jpg", "image/jpeg", PLAIN)
CHUNKS = 3


class Chunks(httpx.AsyncBaseTransport):
    """The real server; counts the chunks asked for, and may give noise in their place."""

    def __init__(self, line: Line, *, noise: bool = False) -> None:
        self._line, self._noise = line, noise
        self.asked = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if "/chunks/" in request.url.path and request.method == "GET":
            self.asked += 1
            if self._noise:
                return httpx.Response(200, content=os.urandom(CHUNK_BYTES))
        return await self._line.transport.handle_async_request(request)


def attached(vault: Vault) -> list[File]:
    with vault.read() as tx:
        return [file for one in messages.inbox(tx) for file in files.of_case(tx, one.id)]


def ghost() -> dict[str, Any]:
    """Return a file of which the server has nothing."""
    key = b64u(os.urandom(32))
    return {"key": key, "chunks": 1, "size": 1, "tree": "00" * 32, "name": "g", "type": "t"}


def refs(vault: Vault) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(read(vault)[0].raw)["files"]
    return found


async def test_files_hold_up_no_message_and_go_on_where_they_stopped(
    line: Line, ana: Vault
) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    for turn in range(1, CHUNKS):
        await line.send(f"Message {turn}.")
        report = await line.sync(ana, file_seconds=0)
        assert f"Message {turn}." in texts(ana)
        assert report.files_left
        assert [file.have for file in attached(ana)] == [turn]
    report = await line.sync(ana, file_seconds=0)
    assert not report.files_left
    assert [file.state for file in attached(ana)] == [FileState.HERE]


async def test_many_small_files_take_turns_too(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("x", files=tuple(Upload(f"{n}", "t", b"x") for n in range(3)))
    for done in (1, 2, 3):
        report = await line.sync(ana, file_seconds=0)
        assert (report.files, report.files_left) == (1, done < 3)


async def test_an_answers_files_hold_up_no_other_answer(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    reporter = await line.send("Help.")
    await line.sync(ana)
    case = read(ana)[0].case

    def queue(text: str) -> None:
        deliver.queue_reply(
            ana, case, text, desk="support", lang="en", now=line.now, rng=os.urandom
        )

    plan = io.BytesIO(PLAIN)
    draft_files.add_draft_file(ana, case, plan, len(PLAIN), "plan.pdf", "", os.urandom)
    queue("With a plan.")
    queue("Go now.")
    report = await line.sync(ana, file_seconds=0)
    assert (report.sent, report.files_left) == (1, True)
    waiting = next(one for one in read(ana) if one.body.text == "With a plan.")
    assert waiting.problem == "plan.pdf is being uploaded: 1 of 3 parts are there."
    await line.turn()
    assert [one.body["text"] for one in await line.answers(reporter)] == ["Go now."]
    await line.sync(ana, file_seconds=0)
    report = await line.sync(ana, file_seconds=0)
    assert (report.sent, report.files_left) == (1, False)
    await line.turn()
    assert len(await line.answers(reporter)) == 2


async def test_the_background_goes_on_with_files_soon(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("A photo.", files=(PHOTO,))
    monkeypatch.setattr(background_sync, "GO_ON_SECONDS", 0.01)
    monkeypatch.setattr(background_sync, "sync_settings", lambda _: SyncSettings(file_seconds=0))
    settings = ConsoleSettings(interval=0, bundle_days=1)
    done = asyncio.Event()

    class Counting(Chunks):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await super().handle_async_request(request)
            if self.asked == CHUNKS:
                done.set()
            return answer

    counting = Counting(line)
    console = Console(line.folder_of("ana"), settings, now=lambda: line.now, transport=counting)
    console.adopt(line.vault())
    loop = asyncio.create_task(console.run_loop())
    async with asyncio.timeout(120):
        await done.wait()
    loop.cancel()
    with suppress(asyncio.CancelledError):
        await loop
    await console.lock()


async def test_one_key_named_forty_times_is_fetched_once(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    await line.sync(ana, file_seconds=0)
    (ref,) = refs(ana)
    body = json.dumps(whole() | {"files": [ref | {"name": str(n)} for n in range(40)]}).encode()
    keep(ana, letter(body))
    counting = Chunks(line)
    await line.sync(ana, transport=counting)
    assert counting.asked == CHUNKS - 1
    assert {file.state for file in attached(ana)} == {FileState.HERE}
    assert len(attached(ana)) == 41
    assert len(list(ana.files.iterdir())) == 1


async def test_a_file_of_ones_own_answer_is_no_strangers_to_share(line: Line, ana: Vault) -> None:
    who = sender()
    keep(ana, letter(json.dumps(whole()).encode(), who))
    case = messages.case_id(who)
    draft_files.add_draft_file(ana, case, io.BytesIO(b"mine"), 4, "m", "", os.urandom)
    with ana.read() as tx:
        (mine,) = files.of_draft(tx, case)
    ref = {"key": b64u(mine.key.reveal()), "chunks": 1, "size": 4, "tree": mine.tree, "name": "m"}
    keep(ana, letter(json.dumps(whole() | {"files": [ref]}).encode(), who))
    (theirs,) = attached(ana)
    assert theirs.folder != mine.folder


async def test_parts_changed_three_times_end_the_asking_until_a_person_wants_it(
    line: Line,
) -> None:
    with line.vault() as ana:
        await line.ready(ana)
        await line.send("A photo.", files=(PHOTO,))
        noisy = Chunks(line, noise=True)
        report = await line.sync(ana, transport=noisy)
        assert "does not open" in report.notices[-1].text
        line.now += DAY
        await line.sync(ana, transport=noisy)
        (file,) = attached(ana)
        assert (file.state, file.failures) == (FileState.BROKEN, 3)
        before = noisy.asked
        line.now += 30 * DAY
        await line.sync(ana, transport=noisy)
        assert noisy.asked == before
        case = file.case
        line.now -= 31 * DAY
    async with opened(line) as browser:
        await browser.sign_in()
        assert "Try again" in (await browser.get(f"/cases/{case}")).text
        again = await browser.post("/files/1/fetch")
        assert again.headers["location"] == f"/cases/{case}"
        await browser.console.sync_now()
        page = (await browser.get(f"/cases/{case}")).text
        assert "Here, unchanged since the reporter chose it" in page
        assert "Try again" not in page


async def test_a_file_that_is_not_there_is_asked_for_less_and_less(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    keep(ana, letter(json.dumps(whole() | {"files": [ghost()]}).encode()))
    counting = Chunks(line)

    async def asked(after: int) -> int:
        line.now += after
        before = counting.asked
        await line.sync(ana, transport=counting)
        return counting.asked - before

    assert [await asked(0), await asked(0), await asked(0)] == [1, 1, 0]
    assert [await asked(HOUR), await asked(HOUR), await asked(HOUR)] == [1, 0, 1]
    assert sum([await asked(DAY) for _ in range(20)]) == fetching.TRIES_MAX - 4
    assert attached(ana)[0].state is FileState.BROKEN


def test_large_files_are_asked_for_small_ones_beside_them_not() -> None:
    def ref(key: bytes, chunks: int) -> DescribedFile:
        return DescribedFile(key, chunks, "x", "t", 1, "clean", "")

    most = fetching.UNASKED_BYTES // CHUNK_BYTES
    assert fetching.to_ask_for([ref(b"a", most)]) == set()
    assert fetching.to_ask_for([ref(b"a", most + 1)]) == {0}
    assert fetching.to_ask_for([ref(b"a", most), ref(b"b", 1)]) == {1}
    assert fetching.to_ask_for([ref(b"a", most + 1), ref(b"b", 1)]) == {0}
    assert fetching.to_ask_for([ref(b"a", most), ref(b"a", most)]) == set(), "the same, once"


async def test_a_large_file_is_fetched_when_the_investigator_says_so(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "UNASKED_BYTES", 2 * CHUNK_BYTES)
    with line.vault() as ana:
        await line.ready(ana)
        await line.send("A film.", files=(PHOTO, Upload("small.txt", "t", b"x")))
        await line.sync(ana)
        states = {file.name: file.state for file in attached(ana)}
        assert states == {"photo.jpg": FileState.HELD, "small.txt": FileState.HERE}
        held = next(file for file in attached(ana) if file.state is FileState.HELD)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{held.case}")).text
        assert "fetched when you say so" in page
        assert "Fetch this file" in page
        await browser.post(f"/files/{held.id}/fetch")
        await browser.console.sync_now()
        page = (await browser.get(f"/cases/{held.case}")).text
        assert "Fetch this file" not in page
        assert page.count("Here, unchanged") == 2


async def test_a_disk_that_gets_full_is_left_room(
    line: Line, ana: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))
    little = shutil.disk_usage(ana.folder)._replace(free=fetching.RESERVE_BYTES)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: little)
    counting = Chunks(line)
    await line.sync(ana, transport=counting)
    (file,) = attached(ana)
    assert (file.state, counting.asked) == (FileState.HELD, 0)
    assert "too little room" in (file.problem or "")
    with ana.write() as tx:
        files.try_by_hand(tx, file.id)
    await line.sync(ana)
    assert attached(ana)[0].state is FileState.HERE


async def test_a_full_disk_ends_neither_the_sync_nor_the_file(
    line: Line, ana: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    await line.ready(ana)
    await line.send("A photo.", files=(PHOTO,))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(ChunkFolder, "write", full)
    report = await line.sync(ana)
    assert "too little room" in report.notices[-1].text
    assert attached(ana)[0].state is FileState.HELD
    monkeypatch.undo()
    with ana.write() as tx:
        files.try_by_hand(tx, 1)
    await line.sync(ana)
    assert attached(ana)[0].state is FileState.HERE
