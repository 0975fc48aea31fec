"""A backup by pages: whole on a disk that was offered, or nothing; never without the passphrase."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread
import httpx
import pytest

from app.console.pages.backup.backup_job import BackupJob
from app.console.vault import Vault
from app.console.vault.copies import archive, last_backup
from app.console.vault.database import copying
from app.console.vault.installation import machine_log
from tests.console.browser import Browser
from tests.console.pages.backup.stick import Stick
from tests.console.running_line import DAY, PASSPHRASE, Line

pytestmark = pytest.mark.anyio

RIGHT = PASSPHRASE.reveal().decode()
PAGE = "/machine/backup"


async def ended(browser: Browser) -> httpx.Response:
    """Wait until nothing is being made; return the page then."""
    job = browser.console.held(BackupJob)
    await anyio.to_thread.run_sync(lambda: job._thread and job._thread.join())
    return await browser.get(PAGE)


def logged(browser: Browser) -> list[str]:
    with browser.console.vault.read() as tx:
        return [one.what for one in machine_log.entries(tx)]


async def test_a_backup_is_whole_on_the_stick_and_its_day_is_told(
    browser: Browser, stick: Stick, still: Line, tmp_path: Path
) -> None:
    page = (await browser.get("/machine")).text
    assert "There is no backup yet." in page
    assert "what has come since then is lost here" in page
    form = (await browser.get(PAGE)).text
    assert str(stick.folder) in form
    begun = await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    assert begun.headers["location"] == PAGE
    done = (await ended(browser)).text
    assert f"Written to <bdi>{stick.folder}</bdi> and read again: it is whole." in done
    (name,) = stick.names()
    assert re.fullmatch(r"copy-\d{4}-\d\d-\d\d\.tar", name)
    assert name in done
    page = (await browser.get("/machine")).text
    assert "The last backup was made on" in page
    assert "what has come since then is lost here" not in page
    still.now += 30 * DAY
    assert "what has come since then is lost here" in (await browser.get("/machine")).text
    archive.restore(stick.folder / name, tmp_path / "again")
    Vault.open(tmp_path / "again", PASSPHRASE).close()
    # A second one of the day stands beside it.
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    await ended(browser)
    assert len(stick.names()) == 2


async def test_a_wrong_passphrase_writes_nothing_and_is_slowed(
    browser: Browser, stick: Stick
) -> None:
    for _ in range(3):
        refused = await browser.post(PAGE, target=stick.key, passphrase="not this one")
        assert (refused.status_code, "does not open the case store" in refused.text) == (403, True)
    assert "Wait 1 second" in (await browser.post(PAGE, target=stick.key, passphrase=RIGHT)).text
    assert (stick.names(), logged(browser)) == ([], [])


@pytest.mark.parametrize("target", ["/etc", "../x", "", "1 /dev/shm", "STICK"])
async def test_no_place_is_taken_that_was_not_offered(
    browser: Browser, stick: Stick, target: str
) -> None:
    target = str(stick.folder) if target == "STICK" else target
    refused = await browser.post(PAGE, target=target, passphrase=RIGHT)
    assert "That disk is not in" in refused.text
    assert not browser.console.held(BackupJob).working
    assert stick.names() == []


async def test_a_stick_that_was_pulled_out_is_not_written_to(
    browser: Browser, stick: Stick
) -> None:
    key = stick.key
    stick.pull()
    assert "No other disk is in" in (await browser.get(PAGE)).text
    assert "That disk is not in" in (await browser.post(PAGE, target=key, passphrase=RIGHT)).text
    # Something else stands at its path by now: this computer's own folder, say.
    stick.says()
    stick.listing.write_text(stick.listing.read_text().replace(key.split(" ")[0], "999999", 1))
    assert "No other disk is in" in (await browser.get(PAGE)).text
    assert stick.names() == []


async def test_a_link_on_the_stick_is_not_followed(
    browser: Browser, stick: Stick, tmp_path: Path
) -> None:
    for name in ("victim", "other"):
        (tmp_path / name).write_text("mine")
    day = (await _names_of_today(browser, stick))[0]
    (stick.folder / day).unlink()
    (stick.folder / day).symlink_to(tmp_path / "victim")
    (stick.folder / day.replace(".tar", "-2.tar")).symlink_to(tmp_path / "not there")
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    assert "it is whole" in (await ended(browser)).text
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (tmp_path / "not there").exists()
    assert (stick.folder / day.replace(".tar", "-3.tar")).is_file()


async def _names_of_today(browser: Browser, stick: Stick) -> list[str]:
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    await ended(browser)
    return stick.names()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "is full. There is no copy on it."),
        (errno.EIO, "was pulled out, or cannot be written to."),
        (errno.EROFS, "was pulled out, or cannot be written to."),
        (errno.EFBIG, "takes no file above 4 GB"),
    ],
)
async def test_what_fails_in_between_is_said_and_leaves_no_half_file(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(archive, "sync_file", fails)
    monkeypatch.setattr(archive, "_SYNCED", 1)
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    page = (await ended(browser)).text
    assert said in page
    assert "it is whole" not in page
    assert stick.names() == []
    assert machine_log.BACKED_UP not in logged(browser)
    assert "There is no backup yet." in page
    assert not list(browser.console.folder.glob("copy.db*"))


async def test_what_has_too_little_room_cannot_be_chosen(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "size", lambda _: 5 * 10**9)
    page = (await browser.get(PAGE)).text
    assert "takes no file above 4 GB" in page
    refused = await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    assert "takes no file above 4 GB" in refused.text
    stick.says(kind="exfat")
    monkeypatch.setattr(archive, "size", lambda _: 10**18)
    assert "There is too little room on it." in (await browser.get(PAGE)).text
    assert stick.names() == []


async def test_a_lock_ends_it_and_leaves_nothing(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, goes_on = threading.Event(), threading.Event()
    real = archive.sha256_of

    def waits(path: Path) -> str:
        reached.set()
        assert goes_on.wait(30)
        return real(path)

    monkeypatch.setattr(archive, "sha256_of", waits)
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    assert await anyio.to_thread.run_sync(lambda: reached.wait(30))
    page = await browser.get(PAGE)
    assert 'data-copy-working="1"' in page.text
    assert (
        "being made already" in (await browser.post(PAGE, target=stick.key, passphrase=RIGHT)).text
    )
    assert (await browser.get(f"{PAGE}/state")).json()["words"] == "Writing the copy"
    assert any(name.endswith(".part") for name in stick.names())
    job = browser.console.held(BackupJob)
    job.end()
    goes_on.set()
    await browser.post("/lock")
    assert not job.working
    assert stick.names() == []
    assert not list(browser.console.folder.glob("copy.db*"))
    assert (await browser.get(PAGE)).headers["location"].startswith("/unlock")


async def test_a_download_is_the_same_copy_and_goes_once_it_was_taken(
    browser: Browser, stick: Stick, still: Line, tmp_path: Path
) -> None:
    await browser.post(PAGE, target="download", passphrase=RIGHT)
    page = (await ended(browser)).text
    assert "The copy is made" in page
    folder = browser.console.folder
    held = folder / copying.HANDED_OUT
    assert held.stat().st_mode & 0o077 == 0
    assert machine_log.BACKED_UP not in logged(browser), "nobody has it yet"
    size = held.stat().st_size
    answer = await browser.http.post(
        f"{PAGE}/download",
        data={"csrf": browser.csrf},
        headers={"origin": f"http://127.0.0.1:{browser.console.port}"},
    )
    assert int(answer.headers["content-length"]) == size == len(answer.content)
    assert "attachment" in answer.headers["content-disposition"]
    (tmp_path / "taken.tar").write_bytes(answer.content)
    archive.restore(tmp_path / "taken.tar", tmp_path / "again")
    assert not held.exists()
    assert machine_log.BACKED_UP in logged(browser)
    assert stick.names() == []
    with browser.console.vault.read() as tx:
        assert not last_backup.is_due(tx, still.now)


async def test_a_download_that_nobody_took_goes_when_the_case_store_is_opened_next(
    browser: Browser, still: Line
) -> None:
    await browser.post(PAGE, target="download", passphrase=RIGHT)
    await ended(browser)
    held = browser.console.folder / copying.HANDED_OUT
    assert held.exists()
    await browser.post("/lock")
    browser.console.unlock(PASSPHRASE)
    assert not held.exists()


async def test_what_a_lock_came_between_is_not_begun_after_it(
    browser: Browser, stick: Stick, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The passphrase takes a while to try; the console goes on duty, or locks, meanwhile."""
    console, real = browser.console, browser.console.prove

    def meanwhile(act: Callable[[], Vault]) -> Vault:
        console.held(BackupJob).clear()
        return real(act)

    monkeypatch.setattr(console, "prove", meanwhile)
    await browser.post(PAGE, target=stick.key, passphrase=RIGHT)
    assert not console.held(BackupJob).working
    assert stick.names() == []
