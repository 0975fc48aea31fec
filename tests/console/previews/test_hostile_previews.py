"""One report's hostile files are slow by themselves: once, for a while, and for nobody else."""

from __future__ import annotations

import html

import anyio
import anyio.lowlevel
import pytest

from app.client.parcel import Upload
from app.console.errors import UnshownFile
from app.console.previews import showing
from app.console.vault.attachments import previews
from app.console.vault.attachments.previews import Form
from app.console.viewer import decoders, preview, process
from app.console.viewer.host import Machine, look
from app.console.viewer.previewable import Kind
from app.console.viewer.viewing import Viewing
from tests.console import samples, slow
from tests.console.browser import Browser, opened
from tests.console.drawn import pages_of
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

MANY = 12
BUDGET_MS = 5_000


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what each process was asked, as they are started."""
    begun: list[str] = []
    real = process.run

    def told(command: list[str], *rest: object, **more: object) -> object:
        begun.append(" ".join(command[-6:]).strip())
        return real(command, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(process, "run", told)
    return begun


async def _send(line: Line, *files: Upload) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("x", files=files)
    with line.vault() as vault:
        await line.sync(vault)


def _slow(name: str = "a.pdf") -> Upload:
    return Upload(name, "application/pdf", slow.inflated())


async def _blurred(browser: Browser, number: int) -> tuple[int, str]:
    token = {"x-quietline-csrf": browser.csrf}
    answer = await browser.get(f"/files/{number}/preview?blurred=true", **token)
    problem = answer.json()["problem"] if answer.status_code == 400 else ""
    return answer.status_code, problem


async def _open(browser: Browser, files: range) -> list[int]:
    """Asks for all at once, as a page does; gives their numbers as they come."""
    came: list[int] = []

    async def ask(number: int) -> None:
        await _blurred(browser, number)
        came.append(number)

    async with anyio.create_task_group() as group:
        for number in files:
            group.start_soon(ask, number)
            await anyio.lowlevel.checkpoint()
    return came


async def test_twelve_hostile_files_hold_up_no_other_case_and_are_slow_once(
    line: Line, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "UNASKED_MS", BUDGET_MS)
    await _send(line, *(_slow(f"{number}.pdf") for number in range(MANY)))
    await _send(line, Upload("photo.jpg", "image/jpeg", samples.picture()))
    async with opened(line) as browser:
        await browser.sign_in()
        came = await _open(browser, range(1, MANY + 2))
        assert came.index(MANY + 1) < 2, "a photo of another case comes while they are at work"
        # One or two took the three seconds that each has, and the budget was spent.
        opened_then = len(started)
        assert opened_then in (2, 3)
        again = [await _blurred(browser, number) for number in range(1, MANY + 2)]
        assert len(started) == opened_then, "nothing is opened again"
        slow = [words for _, words in again if "took too long" in words]
        assert 1 <= len(slow) <= 2, "those that had their turn"
        assert "opened when you ask for it" in again[MANY - 1][1]
        assert again[MANY] == (200, "")
    async with opened(line) as browser:
        await browser.sign_in()
        assert [await _blurred(browser, number) for number in range(1, MANY + 2)] == again
        assert len(started) == opened_then, "nor by the next start"


async def test_what_failed_is_tried_again_when_asked_and_by_another_decoder(
    line: Line, started: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await _send(line, Upload("a.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256)) * 20))
    async with opened(line) as browser:
        await browser.sign_in()
        for _ in range(2):
            page = (await browser.get("/files/1")).text
            assert "damaged or may be malicious" in page
            assert 'action="/files/1/again"' in html.unescape(page)
            assert len(started) == 1
        again = await browser.post("/files/1/again", sheet="1")
        assert again.status_code == 303
        await browser.get(again.headers["location"])
        assert len(started) == 2
        monkeypatch.setattr(decoders, "version", lambda name: f"newer {name}")
        await browser.get("/files/1")
        assert len(started) == 3
        await browser.get("/files/1")
        assert len(started) == 3


async def test_why_a_file_is_not_shown_is_said_in_the_reader_s_language_each_time(
    line: Line,
) -> None:
    await _send(line, Upload("a.pdf", "application/pdf", b"%PDF-1.7 " + bytes(range(256)) * 20))
    async with opened(line) as browser:
        await browser.sign_in()
        for _ in range(2):
            page = (await browser.get("/files/1", **{"accept-language": "fr"})).text
            assert "Ce fichier n’a pas pu être affiché." in page
            assert "damaged or may be malicious" not in page


async def test_what_only_this_machine_lacks_is_not_held_against_the_file(line: Line) -> None:
    await _send(line, Upload("a.docx", "application/octet-stream", samples.docx("x")))
    async with opened(line) as browser:
        await browser.sign_in()
        browser.console.viewing = Viewing(lambda: Machine(look().bwrap, seccomp=True))
        assert "Nothing here shows" in (await browser.get("/files/1")).text
        assert "Try again" not in (await browser.get("/files/1")).text
        with browser.console.vault.read() as tx:
            assert previews.dear(tx, Form.FULL, 0) == set()


async def test_a_blurred_picture_is_made_once(line: Line, started: list[str]) -> None:
    await _send(line, Upload("photo.jpg", "image/jpeg", samples.picture()))
    pictures = []
    for _ in range(2):
        async with opened(line) as browser:
            await browser.sign_in()
            pictures.append((await browser.get("/files/1/preview?blurred=true")).content)
    assert len(started) == 1
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("kind", ["inflated", "swollen", "scanned"])
def test_a_blurred_sheet_has_three_seconds_and_little_memory(machine: Machine, kind: str) -> None:
    shown_as = Kind.PICTURE if kind == "scanned" else Kind.DOCUMENT
    with pytest.raises(UnshownFile) as failed:
        pages_of(machine, shown_as, getattr(slow, kind)(), preview.BLURRED_SIDE)
    assert failed.value.seconds < preview.SMALL_WALL_SECONDS
