"""Sending a case to another agency's line, by the pages of both consoles."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.console.evidence.redaction import MARK
from app.console.features.transfer import tray
from app.console.line import trusted_line
from app.console.rules.body import read_body
from app.console.sync import receive
from app.console.vault.attachments import files
from app.console.vault.custody import audit_log
from app.console.vault.installation import owner
from app.console.vault.records import messages
from app.console.web import multipart_form
from app.protocol import bodies
from app.protocol.transfer import HEAD_BYTES, MAGIC
from app.protocol.wire import CHUNK_BYTES
from tests.console.browser import HOME, Browser, opened
from tests.console.features.transfer.test_transfer import PHOTO, REPORT, SECRET, YES, told
from tests.console.running_line import DAY, Line, read
from tests.journeys.traces import forms, found_in

pytestmark = pytest.mark.anyio

GOING = {
    "consent": "3", "message": ["1", "3"], "file": "1", "phrases": "Karim\r\n",
    "reason": "She moved to your town.", "compared": "yes",
}  # fmt: skip


@pytest.fixture(scope="session")
def made_other(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return Line.make(tmp_path_factory.mktemp("other"), "Harbour line")


@pytest.fixture
def other(made_other: Line, still: Line, tmp_path: Path) -> Line:
    """Another agency's line, of the same time; nobody serves it."""
    there = made_other.copy(tmp_path / "other")
    there.now = still.now
    directory = (there.folder / "directory.json").read_bytes()
    with there.vault() as vault, vault.write() as tx:
        owner.store_directory(tx, 1, directory, there.now)
    return there


@dataclass
class Two:
    """The sender's console with a case, and the receiver's, each with somebody at it."""

    line: Line
    other: Line
    case: str
    ours: Browser
    theirs: Browser

    @property
    def here(self) -> str:
        return f"/cases/{self.case}/transfer"

    async def invitation(self) -> bytes:
        """Made and saved at the receiver's console."""
        made = await self.theirs.post("/transfers/invitations", whom="Ana at the port", days="30")
        assert made.status_code == 303
        page = await self.theirs.get("/transfers")
        (address, *_) = re.findall(r"/transfers/invitations/[0-9a-f]{64}", page.text)
        return (await self.theirs.get(address)).content

    async def sealed(self, invitation: bytes) -> bytes:
        """Sealed at the sender's console, all the way."""
        assert (await upload(self.ours, f"{self.here}/invitation", invitation)).status_code == 303
        answer = await send(self.ours, f"{self.here}/seal", GOING)
        assert answer.headers["content-disposition"] == 'attachment; filename="case.sealed"'
        return answer.content

    def inbox(self) -> list[str]:
        return [one.body.text for one in read(self.theirs.console.vault)]


@pytest.fixture
async def two(line: Line, other: Line) -> AsyncIterator[Two]:
    with line.vault() as vault:
        case = await told(line, vault)
    other.now = line.now
    async with opened(line) as ours, opened(other) as theirs:
        await ours.sign_in()
        await theirs.sign_in()
        yield Two(line, other, case, ours, theirs)


async def upload(browser: Browser, path: str, data: bytes) -> httpx.Response:
    """As a browser sends a form with a file: the fields first."""
    answer = await browser.http.post(
        path,
        data={"csrf": browser.csrf},
        files={"file": ("a file", data)},
        headers={"origin": HOME},
    )
    return await browser.shown(answer)


async def send(browser: Browser, path: str, fields: dict[str, str | list[str]]) -> httpx.Response:
    given = {"csrf": browser.csrf} | fields
    answer = await browser.http.post(path, data=given, headers={"origin": HOME})
    return await browser.shown(answer)


def words(page: str) -> list[list[str]]:
    """Every list of words on a page."""
    lists = re.findall(r'<ol class="words"[^>]*>(.*?)</ol>', page, re.DOTALL)
    return [re.findall(r"<li>([^<]+)</li>", one) for one in lists]


def said(page: str) -> str:
    """Return what an error says, as it is read."""
    found = re.search(r'role="alert"[^>]*>(.*?)</p>', page[page.index("<main") :], re.DOTALL)
    return html.unescape(found[1]) if found else ""


async def test_a_case_goes_from_one_console_to_the_other(two: Two) -> None:
    ours, theirs = two.ours, two.theirs
    invitation = await two.invitation()
    to_read_out, _ = words((await theirs.get("/transfers")).text)
    (own,) = words((await ours.get("/transfers")).text)
    assert f'href="{two.here}"' in (await ours.get(f"/cases/{two.case}")).text
    # The sender sees from whom the invitation is, and the same words as stand there.
    assert (await upload(ours, f"{two.here}/invitation", invitation)).status_code == 303
    page = (await ours.get(two.here)).text
    assert "Harbour line" in page
    assert words(page) == [to_read_out]
    # Then exactly what goes and what not, before anything is told.
    review = (await send(ours, f"{two.here}/check", GOING)).text
    assert REPORT.replace("Karim", MARK) in html.unescape(review)
    assert YES in html.unescape(review)
    assert "door.jpg" in review
    assert SECRET not in review
    assert words(review) == [own]
    assert "Messages 2, with their files and answers" in review
    with ours.console.vault.read() as tx:
        assert "transferred" not in {one.what for one in audit_log.of_case(tx, two.case)}
    sealed = await two.sealed(invitation)
    assert PHOTO[:64] not in sealed
    case_page = (await ours.get(f"/cases/{two.case}")).text
    assert "wrote the case for another hotline, Harbour line: She moved to your town." in case_page
    # The receiver sees who sent it, by the words that the sender has; nothing is kept before.
    assert (await upload(theirs, "/transfers/file", sealed)).headers[
        "location"
    ] == "/transfers/file"
    compare = (await theirs.get("/transfers/file")).text
    assert words(compare) == [own]
    assert "Ana at the port" in compare
    assert two.inbox() == []
    assert found_in(two.other.folder, [*forms(REPORT), *forms(YES), PHOTO[:64]]) == []
    assert "Compare the words first" in (await theirs.post("/transfers/accept")).text
    # And finds the case, with where it came from.
    accepted = await theirs.post("/transfers/accept", compared="yes")
    case = accepted.headers["location"]
    page = (await theirs.get(case)).text
    assert "The invitation is used up" in page
    for part in ("This case was passed on by", "Test line", "She moved to your town.", "door.jpg"):
        assert part in page
    assert two.inbox() == [REPORT.replace("Karim", MARK), YES]
    assert "received the case from Test line" in page
    assert "Only that hotline can pass it on" in page
    assert "Only that hotline can pass it on" in (await theirs.get(f"{case}/transfer")).text
    # The sealed file is gone from here, and it works once.
    vault = theirs.console.vault
    with vault.read() as tx:
        assert {one.name for one in vault.files.iterdir()} == files.folders(tx)
    again = await upload(theirs, "/transfers/file", sealed)
    assert "used already or withdrawn" in said(again.text)
    assert "no agency can send a case" in again.text


async def test_nothing_goes_that_the_reporter_did_not_agree_to(two: Two) -> None:
    ours = two.ours
    await upload(ours, f"{two.here}/invitation", await two.invitation())
    for changed, why in (
        ({"consent": "0"}, "unless the reporter said so"),
        ({"message": []}, "Select what the reporter agreed to"),
        ({"reason": " "}, "Say why"),
        ({"compared": ""}, "Compare the words by voice first"),
    ):
        for step in ("check", "seal"):
            answer = await send(ours, f"{two.here}/{step}", GOING | changed)
            assert answer.status_code == 400
            assert why in said(answer.text), changed
            # What was typed stays typed.
            assert "Karim</textarea>" in answer.text.replace("\n</textarea>", "</textarea>")
    # A permission that was taken back ends it, in words and without a form.
    (reporter,) = {one.case for one in read(ours.console.vault)}
    raw = bodies.write_body("withdrawal", "ab" * 16, {"desks": ["support"]})
    vault = ours.console.vault
    with vault.write() as tx:
        known, keys = trusted_line.load_in(tx), messages.reporter(tx, reporter)
        receive.store_message(tx, known, keys, raw, read_body(raw), two.line.now, bytes)
    page = (await ours.get(two.here)).text
    assert "withdrawn a permission" in page
    assert "<form class" not in page.split("<h1>")[1]
    assert "withdrawn a permission" in (await send(ours, f"{two.here}/seal", GOING)).text
    with vault.read() as tx:
        assert "transferred" not in {one.what for one in audit_log.of_case(tx, two.case)}


async def test_an_invitation_that_is_none_is_refused_in_words(two: Two) -> None:
    good = await two.invitation()
    own = await two.ours.post("/transfers/invitations", whom="", days="30")
    assert own.status_code == 303
    page = (await two.ours.get("/transfers")).text
    (address,) = re.findall(r"/transfers/invitations/[0-9a-f]{64}", page)
    ours = (await two.ours.get(address)).content
    for bad, why in (
        (b"", "no invitation"),
        (b"\xff" * 200, "no invitation"),
        (good.replace(b"a", b"b", 1), "no invitation"),
        (ours, "your own hotline"),
        (MAGIC + bytes(300_000), "This is an encrypted case"),
        (b"{" + b" " * 600_000, "too large"),
    ):
        answer = await upload(two.ours, f"{two.here}/invitation", bad)
        assert (answer.status_code, why in said(answer.text)) == (400, True), (bad[:20], why)
        assert words((await two.ours.get(two.here)).text) == []
    two.line.now += 31 * DAY
    over = await upload(two.ours, f"{two.here}/invitation", good)
    assert "last day is over" in said(over.text)


async def test_a_file_that_is_none_is_refused_in_words_and_nothing_is_lost(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = two.theirs
    invitation = await two.invitation()
    sealed = await two.sealed(invitation)
    at = HEAD_BYTES + CHUNK_BYTES + 99
    for bad, why in (
        (b"", "no file with a case"),
        (b"a picture" * 9_000, "no file with a case"),
        (invitation, "looks like an invitation"),
        (sealed[:100], "cut off"),
        (sealed[: HEAD_BYTES + CHUNK_BYTES], "missing"),
        (sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "was changed"),
        (sealed[:200] + bytes([sealed[200] ^ 1]) + sealed[201:], "changed on its way"),
        (sealed + b"x", "wrong length"),
    ):
        answer = await upload(theirs, "/transfers/file", bad)
        assert (answer.status_code, why in said(answer.text)) == (400, True), said(answer.text)
        assert list(theirs.console.vault.files.iterdir()) == []
    with monkeypatch.context() as patch:
        patch.setattr(tray, "SEALED_BYTES_MAX", len(sealed) - 1)
        answer = await upload(theirs, "/transfers/file", sealed)
        assert "larger than a case can be" in said(answer.text)
        assert list(theirs.console.vault.files.iterdir()) == []
    # The last day, one of another console, and one that was withdrawn.
    two.other.now += 31 * DAY
    assert "last day" in said((await upload(theirs, "/transfers/file", sealed)).text)
    two.other.now -= 31 * DAY
    elsewhere = await upload(two.ours, "/transfers/file", sealed)
    assert "made for another console" in said(elsewhere.text)
    # None of these has cost the case: it comes in, until its invitation is withdrawn.
    assert (await upload(theirs, "/transfers/file", sealed)).status_code == 303
    await theirs.post("/transfers/refuse")
    assert list(theirs.console.vault.files.iterdir()) == []
    page = (await theirs.get("/transfers")).text
    (id_,) = set(re.findall(r"/transfers/invitations/([0-9a-f]{64})", page))
    await theirs.post("/transfers/withdraw", invitation=id_)
    gone = await upload(theirs, "/transfers/file", sealed)
    assert "withdrawn" in said(gone.text)
    assert two.inbox() == []


async def test_what_waits_is_gone_when_the_console_locks(two: Two) -> None:
    sealed = await two.sealed(await two.invitation())
    await upload(two.theirs, "/transfers/file", sealed)
    vault = two.theirs.console.vault
    assert len(list(vault.files.iterdir())) == 1
    for browser in (two.theirs, two.ours):
        await browser.post("/lock")
        answer = await upload(browser, "/transfers/file", sealed)
        assert answer.headers["location"] == "/unlock"
    assert list(vault.files.iterdir()) == []
    assert two.ours.console.held(tray.Tray).invitations == {}


async def test_a_form_with_a_file_needs_its_token_and_all_of_its_file(still: Line) -> None:
    start = b'--edge\r\ncontent-disposition: form-data; name="csrf"\r\n\r\n%s\r\n'
    file = b'--edge\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n'
    async with opened(still) as browser:
        await browser.sign_in()
        token = browser.csrf.encode()
        for body, why in (
            (start % b"other" + file + b"{}\r\n--edge--\r\n", "This page is too old"),
            (file + b"{}\r\n--edge--\r\n", "This page is too old"),
            (start % token + b"--edge--\r\n", "No whole file came"),
            (start % token + file + b"{}\r\n--ed", "No whole file came"),
            (start % (b"x" * multipart_form.FIELDS_MAX + token) + file, "too old"),
            (b"", "too old"),
        ):
            answer = await browser.http.post(
                "/transfers/file",
                content=body,
                headers={"origin": HOME, "content-type": "multipart/form-data; boundary=edge"},
            )
            answer = await browser.shown(answer)
            assert answer.status_code == 400, why
            assert why in html.unescape(answer.text), why


async def test_invitations_are_made_within_their_limits(still: Line) -> None:
    async with opened(still) as browser:
        await browser.sign_in()
        for days in ("0", "91", "x", ""):
            answer = await browser.post("/transfers/invitations", whom="", days=days)
            assert "1 to 90 days" in said(answer.text), days
        assert (await browser.get(f"/transfers/invitations/{'0' * 64}")).status_code == 404
