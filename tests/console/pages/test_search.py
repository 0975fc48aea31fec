"""The page of search: what it shows of a find, and where it leads; what no address holds."""

from __future__ import annotations

import pytest

from tests.console.browser import opened
from tests.console.running_line import Line, read

pytestmark = pytest.mark.anyio


async def test_a_report_that_came_is_found_on_the_page_and_no_question_is_in_an_address(
    line: Line,
) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("They keep our passports in the <b>red</b> house.")
    with line.vault() as vault:
        await line.sync(vault)
        case = read(vault)[0].case
    async with opened(line) as browser:
        await browser.sign_in()
        assert 'method="post" action="/search"' in (await browser.get("/search")).text
        page = await browser.post("/search", q="PASSPORT red")
        assert page.status_code == 200
        assert f'href="/cases/{case}#message-' in page.text
        assert "<mark>passports</mark>" in page.text
        assert "&lt;b&gt;<mark>red</mark>&lt;/b&gt;" in page.text
        assert "Nothing found." in (await browser.post("/search", q="visa")).text


async def test_a_find_shows_all_that_was_met_and_leads_to_its_message(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
    await line.send("An example. A van, EX-4471, and again ex 4471.")
    await line.send("x", answers={"danger_now": "yes", "where": "Behind the <i>mill</i>"})
    with line.vault() as vault:
        await line.sync(vault)
        by_text = {one.body.text: one for one in read(vault)}
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.post("/search", q="EX 4471")).text
        van = by_text["An example. A van, EX-4471, and again ex 4471."]
        assert "An example. A van, <mark>EX-4471</mark>, and again <mark>ex 4471</mark>." in page
        assert f'href="/cases/{van.case}#message-{van.id}"' in page
        assert f'id="message-{van.id}"' in (await browser.get(f"/cases/{van.case}")).text
        page = (await browser.post("/search", q="yes")).text
        assert "In danger now ·</span> <mark>Yes</mark>" in page, "an answer with its question"
        page = (await browser.post("/search", q="mill")).text
        assert "·</span> Behind the &lt;i&gt;<mark>mill</mark>&lt;/i&gt;" in page
        await browser.post(f"/cases/{van.case}/notes", text="Ask the garage.")
        page = (await browser.post("/search", q="garage")).text
        assert f'href="/cases/{van.case}#notes"' in page
