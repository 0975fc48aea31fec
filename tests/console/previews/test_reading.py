"""What files say is found; a hostile one costs one attempt; nothing is read outside the sandbox."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from sqlalchemy import text

from app.client.parcel import Upload
from app.console.errors import FileProblem, VaultLocked
from app.console.previews import text_extraction
from app.console.previews.text_extraction import Reader
from app.console.search import query
from app.console.vault import Vault
from app.console.vault.attachments import files, filewords
from app.console.vault.search import finding
from app.console.viewer import decoders
from app.console.viewer.host import Machine, look
from app.console.viewer.preview import Said
from app.console.viewer.previewable import Kind
from app.console.viewer.viewing import Viewing
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from tests.console import samples
from tests.console.browser import opened
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

WORDS = {
    "pdf": ("contract.pdf", "application/pdf", samples.pdf("x", "دفع ثمن السفر", "São Paulo")),
    "docx": ("hours.docx", "application/octet-stream", samples.docx("他们没收了护照", "AB-12 CDE")),
    "txt": ("note.txt", "text/plain", "ยึดหนังสือเดินทาง +1 (202) 555-0123".encode()),
    "film": ("gate.mp4", "video/mp4", b"....ftyp"),
    "hostile": ("x.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256)) * 20),
}


async def _send(line: Line, *names: str) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("x", files=tuple(Upload(*WORDS[name]) for name in names))
    with line.vault() as vault:
        await line.sync(vault)


def _walled() -> Machine:
    """Return the machine at hand without its converters, whichever it has."""
    return Machine(look().bwrap, seccomp=True)


def _console(line: Line, machine: Machine, *, read_files: bool = True) -> Console:
    console = Console(line.folder_of("ana"), ConsoleSettings(read_files=read_files))
    console.viewing = Viewing(lambda: machine)
    console.unlock(PASSPHRASE)
    return console


def _found(vault: Vault, question: str) -> list[str]:
    asked = query.expression(question)
    assert asked is not None
    with vault.read() as tx:
        return [filewords.file_of(tx, one.row) for one in finding.find(tx, asked, 50)]


async def test_what_files_say_is_found_in_any_script(line: Line) -> None:
    await _send(line, "pdf", "docx", "txt")
    console = _console(line, _walled())
    assert await Reader(console).read_all() == 3
    for question, name in {
        "sao paulo": "contract.pdf",
        "ثمن السفر": "contract.pdf",
        "护照": "hours.docx",
        "ab12cde": "hours.docx",
        "เดินทาง": "note.txt",
        "2025550123": "note.txt",
    }.items():
        assert _found(console.vault, question) == [name], question
    assert _found(console.vault, "nothing") == []
    await console.lock()


async def test_the_page_names_the_file_and_shows_the_place(line: Line) -> None:
    await _send(line, "pdf")
    async with opened(line) as browser:
        await browser.sign_in()
        browser.console.viewing = Viewing(_walled)
        await Reader(browser.console).read_all()
        page = (await browser.post("/search", q="Paulo")).text
        assert "contract.pdf" in page
        assert re.search(r"São <mark>Paulo</mark>", page)


async def test_the_page_says_what_it_does_not_know(line: Line) -> None:
    await _send(line, "pdf", "hostile", "film")
    async with opened(line) as browser:
        await browser.sign_in()
        browser.console.viewing = Viewing(_walled)
        page = (await browser.get("/search")).text
        assert "2 files have not been read yet: what is in them is not found yet." in page
        assert "1 file cannot be read here, or holds no text" in page
        await Reader(browser.console).read_all()
        page = (await browser.post("/search", q="Paulo")).text
        assert "not been read yet" not in page
        assert "2 files cannot be read here, or hold no text" in page
        browser.console.viewing = Viewing(lambda: Machine(None, seccomp=True))
        assert "2 files cannot be read here" in (await browser.get("/search")).text


async def test_a_hostile_file_costs_one_attempt_and_holds_up_no_other(line: Line) -> None:
    await _send(line, "hostile", "txt")
    console = _console(line, _walled())
    reader = Reader(console)
    assert await reader.read_all() == 2
    assert _found(console.vault, "2025550123") == ["note.txt"]
    assert await reader.read_all() == 0
    assert await Reader(console).read_all() == 0, "nor by the next start"
    await console.lock()


async def test_another_decoder_tries_once_more_what_failed(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send(line, "hostile", "txt")
    console = _console(line, _walled())
    assert await Reader(console).read_all() == 2
    monkeypatch.setattr(decoders, "version", lambda name: f"newer {name}")
    assert await Reader(console).read_all() == 1, "what was read is not read again"
    assert await Reader(console).read_all() == 0
    await console.lock()


async def test_the_files_of_a_message_have_their_time_and_cases_take_turns(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send(line, "hostile", "hostile", "hostile", "pdf")
    await _send(line, "txt")
    console = _console(line, _walled())
    read: list[str] = []
    words = console.viewing.words

    async def told(kind: Kind, *rest: object, **more: object) -> Said:
        read.append(kind.value)
        return await words(kind, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(console.viewing, "words", told)
    monkeypatch.setattr(text_extraction, "MESSAGE_MS", 1)
    assert await Reader(console).read_all() == 2
    assert read == ["document", "text"], "another case's file comes after the first, at the latest"
    assert await Reader(console).read_all() == 0
    with console.vault.read() as tx:
        assert text_extraction.standing(console, tx).waiting == 0, "what is not read does not wait"
    await console.lock()


async def test_without_sandbox_or_when_told_so_nothing_is_opened_unasked(line: Line) -> None:
    await _send(line, "txt")
    for machine, allowed in ((Machine(None, seccomp=True), True), (_walled(), False)):
        console = _console(line, machine, read_files=allowed)
        assert await Reader(console).read_all() == 0
        await console.lock()
    console = _console(line, _walled())
    assert await Reader(console).read_all() == 1, "it was left for when there are walls"
    await console.lock()


async def test_a_lock_in_the_midst_leaves_the_rest_for_later(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send(line, "pdf", "txt")
    console = _console(line, _walled())
    words = console.viewing.words

    async def locked_after_the_first(*of: object, **how: object) -> Said:
        found = await words(*of, **how)  # type: ignore[arg-type]
        if "555" in found.text:
            await console.lock()
        return found

    monkeypatch.setattr(console.viewing, "words", locked_after_the_first)
    with pytest.raises(VaultLocked):
        await Reader(console).read_all()
    monkeypatch.undo()
    console.unlock(PASSPHRASE)
    assert await Reader(console).read_all() == 1
    assert _found(console.vault, "2025550123") == ["note.txt"]
    assert _found(console.vault, "paulo") == ["contract.pdf"]
    await console.lock()


async def test_a_file_that_the_lock_ended_is_not_taken_for_one_that_says_nothing(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send(line, "txt")
    console = _console(line, _walled())
    closing, close = threading.Event(), Vault.close
    tasks: list[asyncio.Task[None]] = []

    async def ended(*_: object, **__: object) -> str:
        tasks.append(asyncio.create_task(console.lock()))
        await asyncio.sleep(0)
        raise FileProblem("ended")

    def close_late(vault: Vault) -> None:
        closing.wait()
        close(vault)

    monkeypatch.setattr(Vault, "close", close_late)
    monkeypatch.setattr(console.viewing, "words", ended)
    with pytest.raises(VaultLocked):
        await Reader(console).read_all()
    closing.set()
    await tasks[0]
    monkeypatch.undo()
    console.unlock(PASSPHRASE)
    assert await Reader(console).read_all() == 1
    assert _found(console.vault, "2025550123") == ["note.txt"]
    await console.lock()


async def test_what_a_removed_file_said_is_gone(line: Line) -> None:
    await _send(line, "pdf")
    console = _console(line, _walled())
    await Reader(console).read_all()
    with console.vault.write() as tx:
        before = tx.execute(text("SELECT count(*) FROM findable")).scalar_one()
        files.remove(tx, 1)
    assert _found(console.vault, "paulo") == []
    with console.vault.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM file_words")).scalar_one() == 0
        assert tx.execute(text("SELECT count(*) FROM findable")).scalar_one() < before
    await console.lock()


async def test_a_file_that_took_a_number_does_not_get_the_words_of_the_one_before(
    line: Line,
) -> None:
    await _send(line, "pdf")
    console = _console(line, _walled())
    with console.vault.write() as tx:
        before = files.find(tx, 1)
        assert before is not None
        tx.execute(text("UPDATE files SET folder = 'another'"))
        filewords.keep(tx, before, filewords.prepare("secret"), 1)
    assert _found(console.vault, "secret") == []
    await console.lock()


def test_a_long_text_is_found_to_its_end_and_across_every_cut() -> None:
    start = "a" * (filewords.PART - 6)
    parts = filewords.prepare(f"{start} green door {'b ' * filewords.PART} last word")
    assert any("green door" in one.held for one in parts)
    assert "last word" in parts[-1].held
    assert len(filewords.prepare("")) == 1, "a file that says nothing has been read, too"
