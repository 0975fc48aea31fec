"""What the pages show and do, over a real line."""

from __future__ import annotations

import asyncio
import html
import io
import re
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.client.parcel import Upload
from app.console.cases import casework
from app.console.cases.case_model import Case
from app.console.rules import changes
from app.console.vault import Vault
from tests.console.browser import opened
from tests.console.running_line import Line, away, read

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3] / "app" / "console"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"


def _photo() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 200), "#345").save(file, "JPEG")
    return file.getvalue()


async def _first(line: Line) -> str:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send(
        "They keep our passports.",
        answers={"danger_now": "yes", "where_is_it": "by the port"},
        files=(Upload("photo.jpg", "image/jpeg", _photo()),),
    )
    with line.vault() as vault:
        await line.sync(vault)
        return read(vault)[0].case


async def test_the_list_shows_what_matters_and_opening_reads(line: Line) -> None:
    case_id = await _first(line)
    async with opened(line) as browser:
        page = await browser.sign_in()
        assert "They keep our passports." in page.text
        assert "In danger now" in page.text
        assert "1 new" in page.text
        case = await browser.get(f"/cases/{case_id}")
        for said in ("They keep our passports.", "Where is it", "by the port", "photo.jpg"):
            assert said in case.text
        assert "Support workers" in case.text
        assert "1 new" not in (await browser.get("/")).text
        assert "Nothing unread" in (await browser.get("/?view=unread")).text


async def test_the_scripts_own_look_reads_nothing(line: Line) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        script = {"x-quietline-csrf": browser.csrf}
        shown = await browser.get(f"/cases/{case}", **script)
        assert "They keep our passports." in shown.text
        assert (await browser.get("/status", **script)).json()["unread"] == 1
        assert "1 new" in (await browser.get("/")).text
        await browser.get(f"/cases/{case}")
        assert (await browser.get("/status", **script)).json()["unread"] == 0


async def test_what_comes_while_a_case_is_shown_is_shown_next(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = await browser.get(f"/cases/{case}")
        load = Case.load

        def slow(vault: Vault, *arguments: Any, **more: Any) -> Case:
            found = load(vault, *arguments, **more)
            with vault.write() as tx:
                note = [changes.note(case, "She called.")]
                casework.act(tx, found.known, found.listed.home, note, line.now)
            return found

        monkeypatch.setattr(Case, "load", slow)
        page = await browser.get(f"/cases/{case}")
        assert "She called." not in page.text
        shown = re.search(r'id="sync"[^>]* data-revision="(\d+)"', page.text)
        script = {"x-quietline-csrf": browser.csrf}
        now = (await browser.get("/status", **script)).json()["revision"]
        assert shown is not None
        assert int(shown[1]) != now


@pytest.mark.parametrize(
    "path",
    [
        f"/?after={'9' * 30}-x",
        f"/?after={'9' * 5_000}-x",
        "/?after=²-x",
        "/?after=-1-x",
        "/?view=nothing",
        "/list?open=%00",
        "/files/99999999999999999999999",
        f"/files/{'9' * 5_000}",
        "/files/-1",
        "/files/x/preview",
        "/cases/zz",
    ],
)
async def test_an_address_of_nonsense_breaks_nothing(still: Line, path: str) -> None:
    async with opened(still) as browser:
        await browser.sign_in()
        answer = await browser.get(path)
        assert answer.status_code in (200, 404, 422)
        assert answer.headers["content-type"].startswith("text/html")


async def test_a_cover_is_in_no_list_and_no_count(line: Line) -> None:
    with line.vault("chris") as vault:
        await line.ready(vault)
    await _first(line)
    with line.vault("chris") as vault:
        await line.sync(vault)
    async with opened(line, "chris") as browser:
        page = await browser.sign_in()
        assert "No reports yet" in page.text
        assert not re.search(r'class="count">[1-9]', page.text)


async def test_what_cannot_be_shown_is_said(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        await line.send("")
        await line.send("From the future.", kind="from-2040")
        await line.send("", kind="letter-request")
        await line.send("", kind="withdrawal")
        await line.sync(vault)
        shown = {one.case for one in read(vault)}
    async with opened(line) as browser:
        await browser.sign_in()
        pages = [(await browser.get(f"/cases/{each}")).text for each in shown]
    assert sum("This message is empty." in page for page in pages) == 1
    assert sum("does not know messages of the kind" in page for page in pages) == 1
    assert sum("The reporter asks for a cooperation letter." in page for page in pages) == 1
    assert sum("withdraws the permission given to: Support" in page for page in pages) == 1


async def test_hostile_text_and_names_stay_text(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send(
        HOSTILE,
        kind="report",
        lang='en" onmouseover="x',
        answers={HOSTILE: HOSTILE},
        files=(Upload(HOSTILE, HOSTILE, b"x"),),
    )
    await line.send("x", kind=HOSTILE)
    with line.vault() as vault:
        await line.sync(vault)
        shown = {one.case for one in read(vault)}
    async with opened(line) as browser:
        pages = [(await browser.sign_in()).text]
        pages += [(await browser.get(f"/cases/{each}")).text for each in shown]
        for page in pages:
            assert "<script>alert" not in page
            assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")
            assert 'onmouseover="x' not in page
            assert "{{7*7}}" in page or "49" not in page


async def test_pages_ask_nobody_else_for_anything(line: Line) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
    for address in re.findall(r'(?:src|href|action|formaction)="([^"]+)"', page):
        assert address.startswith(("/", "#")), address
    assert "style=" not in page
    assert not re.search(r"\son\w+=", page)
    for path in (ROOT / "static").rglob("*.*"):
        assert not re.search(
            r"(?:url\(|@import|https?://(?!www\.w3\.org/2000/svg))", path.read_text()
        )


async def test_a_picture_is_shown_as_pixels_only(line: Line) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        (blurred,) = re.findall(r'<img src="([^"]+)"', page)
        small, large = await browser.get(blurred), await browser.get("/files/1/preview")
        for answer, width in ((small, 20), (large, 300)):
            assert answer.headers["content-type"] == "image/png"
            with Image.open(io.BytesIO(answer.content)) as image:
                assert image.width == width
        assert "photo.jpg" in (await browser.get("/files/1")).text


async def test_the_original_is_saved_as_a_download_after_a_warning(line: Line) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        assert "It may identify the reporter" in page
        assert (await browser.get("/files/1/save")).status_code == 405
        saved = await browser.post("/files/1/save")
        assert saved.content == _photo()
        assert saved.headers["content-type"] == "application/octet-stream"
        assert saved.headers["content-disposition"].startswith("attachment")


async def test_a_file_that_is_no_picture_says_so_to_the_script(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("x", files=(Upload("a.jpg", "image/jpeg", b"MZ not a picture"),))
    with line.vault() as vault:
        await line.sync(vault)
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await browser.get("/files/1/preview", **{"x-quietline-csrf": browser.csrf})
        assert answer.status_code == 400
        assert "not what its name says" in answer.json()["problem"]


async def test_an_answer_is_drafted_sent_and_read(line: Line) -> None:
    case = await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}"
        await browser.get(path)
        assert (await browser.post(f"{path}/draft", text="Are you", desk="support")).json()["kept"]
        assert "Are you</textarea>" in (await browser.get(path)).text
        added = await browser.call(
            f"{path}/files?name=way%20out.txt", b"go left", **{"content-type": "text/plain"}
        )
        assert added.json() == {"id": 2, "name": "way out.txt", "size": "7 bytes"}
        sent = await browser.post(f"{path}/reply", text="Are you safe?", desk="support", lang="en")
        assert sent.status_code == 303
        waiting = (await browser.get(path)).text
        assert "Waiting to be sent" in waiting
        assert "Are you</textarea>" not in waiting
        report = await browser.console.sync_now()
        assert report is not None
        assert report.sent == 1
        page = (await browser.get(path)).text
        assert 'data-state="Sent"' in page
        assert "Waiting to be sent" not in page


async def test_an_answer_that_may_endanger_needs_a_second_yes(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("x", answers={"safe_to_reply": "no"})
    with line.vault() as vault:
        await line.sync(vault)
        case = read(vault)[0].case
    async with opened(line) as browser:
        await browser.sign_in()
        path = f"/cases/{case}"
        assert "not safe to write back" in (await browser.get(path)).text
        refused = await browser.post(f"{path}/reply", text="Hello", desk="support", lang="en")
        told = (await browser.get(refused.headers["location"])).text
        assert "Nothing was sent yet; the answer is saved as a draft." in told
        assert "Hello</textarea>" in told
        sent = await browser.post(f"{path}/reply", text="Hello", desk="support", sure="unsafe")
        assert sent.status_code == 303


async def test_the_status_line_speaks(line: Line) -> None:
    await _first(line)
    async with opened(line) as browser:
        await browser.sign_in()
        headers = {"x-quietline-csrf": browser.csrf}
        status = (await browser.get("/status", **headers)).json()
        assert status["words"] == "Up to date, just now"
        assert status["unread"] == 1
        line.now += 7200
        assert (await browser.get("/status", **headers)).json()["words"] == "Up to date, 2 h ago"
        browser.console.transport = away()
        await browser.console.sync_now()
        status = (await browser.get("/status", **headers)).json()
        assert status["tone"] == "trouble"
        assert "cannot be reached" in status["words"]
        assert "Error" not in status["words"], "in words, for whoever works on cases"
        assert "Last synced 2 h ago" in status["words"]


async def test_locking_in_the_middle_of_a_sync_loses_nothing(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("One.")
    async with opened(line) as browser:
        syncing = asyncio.create_task(browser.console.sync_now())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await browser.console.lock()
        assert await syncing is None
    with line.vault() as vault:
        await line.sync(vault)
        assert [one.body.text for one in read(vault)] == ["One."]


async def test_twenty_thousand_cases_feel_like_twenty(still: Line) -> None:
    """Rows are as fat as real ones; the page is counted, narrowed and made.

    It takes a tenth of a second of a processor's time (three here, since caches are shared with
    whatever else runs).
    """
    with still.vault() as vault, vault.write() as tx:
        tx.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
            "INSERT INTO cases (id, dh, mlkem, fetch, xwing, first_at, last_at, "
            "last_direction, snippet, lang, desks, answers, unread, files, home, rank) "
            "SELECT printf('%064x', i), randomblob(32), randomblob(1184), randomblob(32), "
            "randomblob(1216), i, i / 7, 'in', 'text ' || i, iif(i % 99, 'en', 'es'), "
            "'[\"support\"]', '{\"where\":\"' || hex(randomblob(300)) || '\"}', i % 2, 0, "
            "'support', 10 + i % 5 * 10 FROM n"
        )
    async with opened(still) as browser:
        await browser.sign_in()
        found: dict[str, set[str]] = {}
        for path in ("/?view=all", "/?view=all&lang=es", "/?view=unread", "/?view=all&order=time"):
            times = []
            for _ in range(3):
                began = time.process_time()
                page = await browser.get(path)
                times.append(time.process_time() - began)
            assert min(times) < 3
            found[path] = set(re.findall(r'data-case="(\w+)"', page.text))
            assert len(found[path]) == 100
            more = re.search(r'href="([^"]*after=[^"]*)"', page.text)
            assert more is not None
            further = await browser.get(html.unescape(more[1]))
            assert not found[path] & set(re.findall(r'data-case="(\w+)"', further.text))
        assert "202 found" in (await browser.get("/?view=all&lang=es")).text
        assert re.search(r'Unread <span class="count">10000<', page.text)
