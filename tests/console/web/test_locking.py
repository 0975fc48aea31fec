"""A lock in the middle of work loses nothing that was acknowledged, and shows the way back."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from app.console.vault import Vault
from app.console.vault.attachments import files
from app.console.vault.records import drafts
from tests.console import memory
from tests.console.left_out import needs
from tests.console.real_console import Running, running
from tests.console.running_line import PASSPHRASE, Line, read
from tests.journeys.conftest import launch

WORDS = PASSPHRASE.reveal().decode()
SLOW = 120_000


@pytest.fixture
def folder(still: Line) -> Path:
    asyncio.run(_fill(still))
    return still.folder_of("ana")


async def _fill(line: Line) -> None:
    async with line.serve():
        with line.vault() as vault:
            await line.ready(vault)
            await line.send("They keep our passports.")
            await line.sync(vault)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(PASSPHRASE.reveal())
    return path


@pytest.fixture
def console(folder: Path, secret: Path) -> Iterator[Running]:
    with running(folder, secret) as one:
        one.sign_in()
        yield one


def case_of(folder: Path) -> str:
    with Vault.open_shared(folder, PASSPHRASE) as vault:
        return read(vault)[0].case


def test_every_draft_that_was_acknowledged_is_there(console: Running, folder: Path) -> None:
    case = case_of(folder)
    kept: list[int] = []

    def write() -> None:
        for number in range(10_000):
            try:
                answer = console.post(
                    f"/cases/{case}/draft", text=f"{number:04}", desk="support", lang="en"
                )
            except httpx.TransportError:
                return
            if "The case store is locked" in answer.text:
                return
            kept.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    while len(kept) < 10:
        time.sleep(0.01)
    with httpx.Client(cookies=console.http.cookies, timeout=60) as other:
        origin = {"origin": console.home[: console.home.index("/", 8)]}
        locked = other.post(f"{console.home}/lock", data={"csrf": console.csrf}, headers=origin)
    writer.join()
    assert locked.status_code == 303
    console.unlock(WORDS)
    with Vault.open_shared(folder, PASSPHRASE) as vault, vault.read() as tx:
        draft = drafts.find(tx, case)
    assert draft is not None
    assert int(draft.text) >= kept[-1]


@pytest.mark.parametrize("whole", [True, False])
def test_a_file_is_there_if_it_was_acknowledged_and_else_it_is_not(
    console: Running, folder: Path, whole: bool
) -> None:
    case = case_of(folder)
    size = 3_000_000
    where = urlsplit(console.home)
    head = (
        f"POST {where.path}/cases/{case}/files?name=plan.bin HTTP/1.1\r\n"
        f"Host: {where.netloc}\r\nOrigin: http://{where.netloc}\r\n"
        f"Cookie: {'; '.join(f'{one.name}={one.value}' for one in console.http.cookies.jar)}\r\n"
        f"X-Quietline-Csrf: {console.csrf}\r\nContent-Length: {size}\r\n\r\n"
    )
    with socket.create_connection((where.hostname or "", where.port or 0)) as upload:
        upload.sendall(head.encode() + bytes(size // 2))
        locking = threading.Thread(target=console.lock)
        locking.start()
        answer = b""
        try:
            if whole:
                upload.sendall(bytes(size - size // 2))
            upload.settimeout(60)
            while piece := upload.recv(65_536):
                answer += piece
        except OSError:
            pass
        locking.join()
    console.unlock(WORDS)
    with Vault.open_shared(folder, PASSPHRASE) as vault, vault.read() as tx:
        there = [one.name for one in files.of_draft(tx, case)]
    assert there == (["plan.bin"] if answer.startswith(b"HTTP/1.1 200") else [])


def test_an_open_page_goes_to_the_door_and_comes_back(console: Running, folder: Path) -> None:
    case = case_of(folder)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context()
        context.set_default_timeout(SLOW)
        page, other = context.new_page(), context.new_page()
        page.goto(f"{console.home}/cases/{case}?view=unread")
        page.fill("#passphrase", WORDS)
        page.keyboard.press("Enter")
        expect(page.locator(".message-text")).to_contain_text("passports")
        other.goto(f"{console.home}/machine")
        other.click("#lock")
        expect(other.locator("main")).to_contain_text("The case store is locked")
        # Nobody touches the page: it asks by itself.
        page.bring_to_front()
        expect(page.locator("#passphrase")).to_be_visible(timeout=SLOW)
        assert "passports" not in page.content()
        page.fill("#passphrase", WORDS)
        page.keyboard.press("Enter")
        expect(page.locator(".message-text")).to_contain_text("passports", timeout=SLOW)
        assert page.url == f"{console.home}/cases/{case}?view=unread"
        browser.close()


def test_nobody_who_calls_while_it_locks_is_refused(console: Running) -> None:
    """Each call on a connection of its own, before, while and after the process is another one."""
    answered: list[bytes] = []
    ended = threading.Event()
    where = urlsplit(console.home)
    head = f"GET {where.path}/unlock HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode()

    def call() -> None:
        while not ended.is_set():
            try:
                with socket.create_connection((where.hostname or "", where.port or 0)) as one:
                    one.sendall(head)
                    answered.append(one.recv(12))
            except OSError as error:
                answered.append(repr(error).encode())

    callers = [threading.Thread(target=call) for _ in range(2)]
    for one in callers:
        one.start()
    while len(answered) < 10:
        time.sleep(0.01)
    console.lock()
    after = len(answered)
    while len(answered) < after + 10:
        time.sleep(0.01)
    ended.set()
    for one in callers:
        one.join()
    assert set(answered) == {b"HTTP/1.1 200"}


def test_nobody_is_led_elsewhere_after_the_passphrase(console: Running) -> None:
    for elsewhere in ("https://evil.test/", "//evil.test", "/\\evil.test", "evil"):
        answer = console.http.post(
            "/unlock",
            data={"passphrase": WORDS, "back": elsewhere},
            headers={"origin": console.home[: console.home.index("/", 8)]},
            follow_redirects=False,
        )
        assert answer.headers["location"] == f"{urlsplit(console.home).path}/"


@needs("practice")
def test_practice_goes_on_while_the_console_locks(console: Running) -> None:
    shown = console.post("/practise").text
    link = re.search(r'href="(http://[^"]*/login[^"]*)"', shown)
    assert link is not None
    with httpx.Client(follow_redirects=True, timeout=60) as other:
        assert "made up" in other.get(link[1]).text
        (beside,) = memory.family(console.pid) - {console.pid}
        console.lock()
        assert "made up" in other.get(link[1].rpartition("/login")[0] + "/").text
    again = console.post("/practise").text
    assert link[1].rpartition("/login")[0] + "/practice" in again
    assert memory.family(console.pid) - {console.pid} == {beside}


@needs("practice")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_locked_console_ends_as_any_does_and_practice_with_it(
    console: Running, by: signal.Signals
) -> None:
    console.post("/practise")
    console.lock()
    family = memory.family(console.pid)
    assert len(family) > 1
    console.process.send_signal(by)
    console.process.wait(60)
    end = time.monotonic() + 60
    while any(Path(f"/proc/{one}").exists() for one in family):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_who_leaves_a_page_that_is_being_kept_writes_nothing_on_the_terminal(
    folder: Path, secret: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    case = case_of(folder)
    with running(folder, secret) as console:
        console.sign_in()
        where = urlsplit(console.home)
        cookie = "; ".join(f"{one.name}={one.value}" for one in console.http.cookies.jar)
        for path, kind in (
            (f"/cases/{case}/draft", "application/x-www-form-urlencoded"),
            (f"/cases/{case}/files?name=x", "application/octet-stream"),
            ("/transfers/file", "multipart/form-data; boundary=edge"),
        ):
            with socket.create_connection((where.hostname or "", where.port or 0)) as one:
                one.sendall(
                    f"POST {where.path}{path} HTTP/1.1\r\nHost: {where.netloc}\r\n"
                    f"Origin: http://{where.netloc}\r\nCookie: {cookie}\r\n"
                    f"X-Quietline-Csrf: {console.csrf}\r\nContent-Type: {kind}\r\n"
                    "Content-Length: 100000\r\n\r\ncsrf=".encode()
                )
                # It is being read: the head is taken in before the next call is answered.
                console.http.get("/status", headers={"x-quietline-csrf": console.csrf})
        console.http.get("/status", headers={"x-quietline-csrf": console.csrf})
        console.process.terminate()
        console.process.wait(60)
    assert capfd.readouterr().err == ""
