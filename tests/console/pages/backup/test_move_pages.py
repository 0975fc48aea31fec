"""A move by pages: of a locked console alone, and at no instant are there two that work."""

from __future__ import annotations

import os
from pathlib import Path

import anyio.to_thread
import httpx
import pytest

from app.console.errors import VaultInUse, VaultRetired
from app.console.pages.backup.backup_job import BackupJob
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.copies.quarantine import Copy, Retired
from app.console.vault.installation import settings
from tests.console.browser import HOME, Browser
from tests.console.pages.backup.stick import Stick
from tests.console.running_line import PASSPHRASE

pytestmark = pytest.mark.anyio

RIGHT = PASSPHRASE.reveal().decode()


async def ended(browser: Browser) -> httpx.Response:
    job = browser.console.held(BackupJob)
    await anyio.to_thread.run_sync(lambda: job._thread and job._thread.join())
    return await browser.get("/move")


async def test_an_open_console_is_not_moved(browser: Browser, stick: Stick) -> None:
    page = (await browser.get("/move")).text
    assert "lock it first" in page
    assert stick.key not in page
    await browser.post("/move", target=stick.key, passphrase=RIGHT)
    assert (stick.names(), browser.console.held(BackupJob).working) == ([], False)
    assert (await browser.http.get("/move/state")).status_code == 404


async def test_a_locked_one_moves_and_works_no_more_here(
    browser: Browser, stick: Stick, tmp_path: Path
) -> None:
    await browser.post("/lock")
    assert 'href="/move"' in (await browser.get("/unlock")).text
    wrong = await browser.post("/move", target=stick.key, passphrase="not this one")
    assert (wrong.status_code, "does not open the case store" in wrong.text) == (403, True)
    evil = {"target": stick.key, "passphrase": RIGHT}
    for headers in ({}, {"origin": "http://evil.test"}):
        refused = await browser.http.post("/move", data=evil, headers=headers)
        assert refused.status_code == 403
    assert stick.names() == []
    await browser.post("/move", target=stick.key, passphrase=RIGHT)
    page = (await ended(browser)).text
    assert "it is whole" in page
    assert "works no more here" in page
    (name,) = stick.names()
    for _ in range(2):
        with pytest.raises(VaultRetired, match="moved to another computer"):
            browser.console.unlock(PASSPHRASE)
    archive.restore(stick.folder / name, tmp_path / "there")
    with Vault.open(tmp_path / "there", PASSPHRASE) as there, there.read() as tx:
        assert settings.load(tx, Copy).moved
        assert settings.load(tx, Retired).at is None
    # The file is lost: it is made again.
    (stick.folder / name).unlink()
    await browser.post("/move", target=stick.key, passphrase=RIGHT)
    assert "it is whole" in (await ended(browser)).text
    assert stick.names() == [name]


async def test_nobody_unlocks_it_meanwhile_and_what_fails_ends_nothing(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.post("/lock")
    seen: list[str] = []

    def fails(path: Path) -> str:
        with pytest.raises(VaultInUse, match="is being moved"):
            browser.console.unlock(PASSPHRASE)
        assert browser.console.guesses.at is None, "it would begin anew, and end the move"
        seen.append(path.name)
        raise OSError(5, os.strerror(5))

    with monkeypatch.context() as patched:
        patched.setattr(archive, "sha256_of", fails)
        await browser.post("/move", target=stick.key, passphrase=RIGHT)
        page = (await ended(browser)).text
    assert seen
    assert "was pulled out, or cannot be written to" in page
    assert stick.names() == []
    assert browser.console.guesses.at is not None, "the process is to forget what it held"
    browser.console.unlock(PASSPHRASE)


async def test_a_lock_in_between_leaves_the_case_store_at_work(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    await browser.post("/lock")
    job = browser.console.held(BackupJob)

    def ends(_: Path) -> str:
        job.end()
        return "00"

    with monkeypatch.context() as patched:
        patched.setattr(archive, "sha256_of", ends)
        patched.setattr(archive, "_SYNCED", 1)
        form = {"target": stick.key, "passphrase": RIGHT}
        await browser.http.post("/move", data=form, headers={"origin": HOME})
        page = (await ended(browser)).text
    assert "It was ended. There is no new copy." in page
    assert stick.names() == []
    browser.console.unlock(PASSPHRASE)


async def test_a_second_click_does_not_begin_what_would_end_the_move(browser: Browser) -> None:
    """Not tried: what was typed is forgotten by beginning anew, which would end the move."""
    await browser.console.lock()
    browser.console.guesses.at = None
    browser.console.set_aside = "A move is at work."
    with pytest.raises(VaultInUse):
        browser.console.prove(lambda: None)
    assert browser.console.guesses.at is None
