"""From nothing to a console that is used, page by page; killed anywhere, it goes on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from app.agency import ceremonies
from app.agency.enrolment import read_request, tor_line
from app.console.features.first_run import making
from app.console.vault import Kdf, Vault
from app.console.vault import setup as vault_setup
from app.console.vault.copies import archive
from app.console.vault.installation import owner, settings
from app.console.vault.installation.tor_access import TorAccess
from app.console.vault.keys.header import has_vault
from app.console.web.console_settings import ConsoleSettings
from app.console.web.reader_languages import Languages
from app.console.web.running_console import Console, Landing
from app.protocol.line import Line as ProtocolLine
from tests.console.browser import HOME, PORT, Browser, at
from tests.console.pseudo import english_in, made_up
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

WORDS = "identify cage illness click blouse upgrade valid"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a case store cost as little work as one of a test may."""
    monkeypatch.setattr(making, "KDF", Kdf.SYNTHETIC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "case-store"


@pytest.fixture
def console(still: Line, folder: Path) -> Console:
    fresh = Console(
        folder,
        ConsoleSettings(port=PORT, interval=0),
        now=lambda: still.now,
        transport=still.transport,
    )
    fresh.beginning = "/first"
    return fresh


@pytest.fixture
async def browser(console: Console) -> AsyncIterator[Browser]:
    async with at(console) as one:
        yield one
    await console.lock()


def token_of(answer: httpx.Response) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert found, answer.text
    return found[1]


async def begin(browser: Browser) -> str:
    """Open the printed link; return the token of the pages' forms."""
    answer = await browser.get(browser.login())
    assert answer.headers["location"] == "/"
    assert (await browser.get("/")).headers["location"].startswith("/unlock")
    assert (await browser.get("/unlock")).headers["location"] == "/first"
    return token_of(await browser.get("/first"))


async def send(
    browser: Browser, path: str, token: str, file: bytes, **fields: str
) -> httpx.Response:
    form: dict[str, tuple[str | None, str | bytes]] = {"csrf": (None, token)}
    form |= {name: (None, value) for name, value in fields.items()}
    answer = await browser.http.post(
        path, files={**form, "file": ("f.json", file)}, headers={"origin": HOME}
    )
    return await browser.shown(answer)


async def make(browser: Browser, line: Line) -> None:
    """Go through the pages until the case store is there."""
    token = await begin(browser)
    file = line.line_file.read_bytes()
    answer = await send(browser, "/first/new", token, file, label="Caseworker 7")
    assert answer.headers["location"] == "/first/passphrase"
    form = {"csrf": token, "passphrase": WORDS, "again": WORDS}
    answer = await browser.http.post("/first/passphrase", data=form, headers={"origin": HOME})
    assert browser.within(answer).headers["location"] == "/first", answer.text


async def test_a_person_is_led_from_nothing_to_the_list(
    browser: Browser, console: Console, still: Line, folder: Path
) -> None:
    token = await begin(browser)
    await browser.http.post(
        "/first/language", data={"csrf": token, "language": "ar"}, headers={"origin": HOME}
    )
    assert 'dir="rtl"' in (await browser.get("/first")).text
    await make(browser, still)
    page = (await browser.get("/first")).text
    assert 'dir="rtl"' in page, "the language was not kept in the case store"
    # The request is the agency's to read, with the words that stand here.
    request = (await browser.get("/first/request")).content
    shown = re.findall(r"<li>([a-z]+)</li>", page.split("words-large")[1].split("</ol>")[0])
    assert len(shown) == 12
    ceremonies.enrol(
        still.folder / "agency", request, ["support"], words=" ".join(shown), today=still.today
    )
    answer = await send(browser, "/first/directory", browser.csrf, still.publish())
    assert answer.headers["location"] == "/first#answer", answer.text
    assert "/first/request" not in (await browser.get("/first")).text, "it is done"
    # Locked and unlocked it goes on where it was, until it is left.
    await console.lock()
    unlocked = await browser.post("/unlock", passphrase=WORDS)
    assert unlocked.headers["location"] == "/first"
    await browser.get("/first")
    assert (await browser.post("/first/done")).headers["location"] == "/"
    await console.lock()
    assert (await browser.post("/unlock", passphrase=WORDS)).headers["location"] == "/"
    assert console.language == "ar"


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/\\evil.example"])
async def test_a_copy_leads_to_no_page_of_somebody_elses(
    page: str, console: Console, still: Line, folder: Path
) -> None:
    """The browser would call it in the open, right after the passphrase."""
    folder.parent.mkdir()
    file = still.line_file.read_bytes()
    more = (Landing(page),)
    made = vault_setup.init_vault(folder, file, "Ana", PASSPHRASE, Kdf.SYNTHETIC, more=more)
    assert made.folder == folder
    console.unlock(PASSPHRASE)
    assert console.landing == "/"
    await console.lock()


async def test_only_the_browser_of_the_link_may_make_it(
    browser: Browser, console: Console, still: Line, folder: Path
) -> None:
    """Another program knows port and path; not the session, nor the token."""
    assert (await browser.get("/login?token=used")).headers["location"] == "/first"
    shut = await browser.get("/first")
    assert "/first/" not in shut.text, "nothing leads on"
    for path in ("/first/new", "/first/passphrase", "/first/restore"):
        assert (await browser.get(path)).headers["location"].startswith("/unlock")
    token = await begin(browser)
    session = dict(browser.http.cookies)
    file = still.line_file.read_bytes()
    for cookies, given, status in (({}, token, 303), (session, "", 400), (session, "x" * 43, 400)):
        browser.http.cookies.clear()
        for name, value in cookies.items():
            browser.http.cookies.set(name, value, path=console.access.root)
        answer = await send(browser, "/first/new", given, file, label="Mallory")
        assert answer.status_code == status
        form = {"csrf": given, "passphrase": WORDS, "again": WORDS}
        answer = await browser.http.post("/first/passphrase", data=form, headers={"origin": HOME})
        assert answer.status_code == status
    assert not has_vault(folder)
    # Once it is made, nothing of these pages makes another, for nobody.
    await make(browser, still)
    await browser.get("/first")
    for given in (browser.csrf, token):
        answer = await send(browser, "/first/new", given, file, label="Mallory")
        assert "too old" in answer.text


async def test_a_passphrase_that_would_be_guessed_is_told_and_refused(
    browser: Browser, still: Line, folder: Path
) -> None:
    token = await begin(browser)
    await send(browser, "/first/new", token, still.line_file.read_bytes(), label="Ana")

    async def strength(typed: str) -> dict[str, str]:
        form = {"csrf": token, "passphrase": typed}
        answer = await browser.http.post("/first/strength", data=form, headers={"origin": HOME})
        found: dict[str, str] = json.loads(answer.text)
        return found

    assert (await strength("password1234"))["kind"] == "weak"
    assert (await strength("Test line Test line"))["kind"] == "weak", "the hotline's own name"
    assert (await strength(WORDS))["kind"] == "strong"
    for given, again in (("password1234", "password1234"), (WORDS, WORDS + "x")):
        form = {"csrf": token, "passphrase": given, "again": again}
        answer = await browser.http.post("/first/passphrase", data=form, headers={"origin": HOME})
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text
    assert not has_vault(folder)
    # Each page draws other words, all of them good enough.
    drawn = set()
    for _ in range(2):
        page = (await browser.get("/first/passphrase")).text
        words = re.findall(r"<li>([a-z]+)</li>", page)
        assert len(words) == 7
        assert (await strength(" ".join(words)))["kind"] == "strong"
        drawn.add(tuple(words))
    assert len(drawn) == 2


async def test_another_file_is_refused_in_words(browser: Browser, still: Line) -> None:
    token = await begin(browser)
    answer = await send(browser, "/first/new", token, b"{}", label="Ana")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    await make(browser, still)
    await browser.get("/first")
    other = Line.make(still.folder / "other").publish()
    for file in (b"no directory", other):
        answer = await send(browser, "/first/directory", browser.csrf, file)
        assert answer.status_code == 400
        assert "agency signed" in answer.text
    with browser.console.vault.read() as tx:
        assert owner.directory_file(tx) is None


async def test_no_page_before_the_case_store_has_english_left(
    browser: Browser, still: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    language = made_up()
    monkeypatch.setattr(Languages, "find", lambda self, tag: language)
    monkeypatch.setattr(Languages, "wanted", lambda self, header: language)
    data = re.compile(r"Quietline|Test line|^[a-z]{2,3}$")
    pages = [await browser.get("/first")]
    token = await begin(browser)
    pages += [await browser.get(path) for path in ("/first", "/first/new", "/first/restore")]
    pages.append(await send(browser, "/first/new", token, b"{}", label=""))
    await send(browser, "/first/new", token, still.line_file.read_bytes(), label="Ana")
    pages.append(await browser.get("/first/passphrase"))
    form = {"csrf": token, "passphrase": "password1234", "again": "password1234"}
    answer = await browser.http.post("/first/passphrase", data=form, headers={"origin": HOME})
    pages.append(browser.within(answer))
    assert [english_in(page.text, data) for page in pages] == [[]] * len(pages)


async def test_a_disk_that_takes_nothing_is_told(
    browser: Browser, still: Line, folder: Path
) -> None:
    """Full, or a folder of root's from a start by sudo: a sentence, and the page is still there."""
    folder.parent.touch()  # where a folder should be
    token = await begin(browser)
    answer = await send(browser, "/first/restore", token, b"a copy")
    assert answer.status_code == 400
    assert "cannot be written to" in answer.text
    file = still.line_file.read_bytes()
    await send(browser, "/first/new", token, file, label="Caseworker 7")
    form = {"csrf": token, "passphrase": WORDS, "again": WORDS}
    answer = await browser.http.post("/first/passphrase", data=form, headers={"origin": HOME})
    assert answer.status_code == 400
    assert "cannot be written to" in answer.text


async def test_a_copy_is_restored(
    browser: Browser, still: Line, ana: Vault, tmp_path: Path, folder: Path
) -> None:
    copy = tmp_path / "copy.tar"
    archive.make(ana, copy, still.now)
    token = await begin(browser)
    whole = copy.read_bytes()
    answer = await send(browser, "/first/restore", token, whole[: len(whole) // 2])
    assert answer.status_code == 400
    assert not has_vault(folder)
    answer = await send(browser, "/first/restore", token, whole)
    assert answer.headers["location"] == "/unlock", answer.text
    assert sorted(one.name for one in folder.parent.iterdir()) == [folder.name]
    unlocked = await browser.post("/unlock", passphrase=PASSPHRASE.reveal().decode())
    assert unlocked.headers["location"] == "/"


def test_killed_at_any_line_there_is_none_or_a_whole_one(still: Line, tmp_path: Path) -> None:
    module = "tests.console.features.first_run.killed_making"
    done = subprocess.run(
        [sys.executable, "-m", module, str(tmp_path / "home"), str(still.line_file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    none, _ = map(int, done.stdout.split())
    assert none > 5


def test_the_request_says_which_tor_to_let_in(tmp_path: Path) -> None:
    known = ProtocolLine(bytes(32), "x", "https://a.org", None, f"http://{'a' * 56}.onion")
    made = vault_setup.init_vault(
        tmp_path / "vault", known.serialise(), "Ana", PASSPHRASE, Kdf.SYNTHETIC
    )
    request = made.request.read_bytes()
    read_request(request, known)
    with Vault.open(made.folder, PASSPHRASE) as vault, vault.read() as tx:
        access = settings.load(tx, TorAccess)
    assert tor_line(request) == access.public
    assert re.fullmatch(r"descriptor:x25519:[A-Z2-7]{52}", access.public)
    # What somebody put in its place is none, or is nothing that a file of Tor's could take amiss.
    for bad in ("descriptor:x25519:short", access.public + "\nx", 7, None):
        content = json.loads(request) | {"tor": bad}
        assert tor_line(json.dumps(content).encode()) is None
