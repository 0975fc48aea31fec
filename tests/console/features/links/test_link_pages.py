"""What is seen and done about links: evidence, walk, dismissal, undo, the desk's list."""

from __future__ import annotations

import html
import re

import pytest

from app.console.features.links.storage import link_index
from tests.console.browser import Browser, opened
from tests.console.features.links.test_linking import PHONE, SAME_PHONE, keep
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio


async def ready(line: Line, *reports: str) -> list[str]:
    """Let a vault see its directory, and keep reports in it; return their cases."""
    with line.vault() as vault:
        await line.ready(vault)
        made = [
            keep(vault, f"They keep our passports. {one}, says <b>the</b> boss.") for one in reports
        ]
        link_index.read_on(vault, line.now)
    return made


def section(page: str) -> str:
    """Return the section of a case's page, as text."""
    (found,) = re.findall(r'<section class="section" id="links".*?</section>', page, re.DOTALL)
    return str(found)


def mark_of(page: str) -> str:
    (found,) = set(re.findall(r'name="mark" value="([0-9a-f]{32})"', page))
    return str(found)


async def case_page(browser: Browser, case: str) -> str:
    return (await browser.get(f"/cases/{case}")).text


async def test_a_case_shows_what_links_it_with_the_words_around_it(line: Line) -> None:
    one, two = await ready(line, PHONE, SAME_PHONE)
    async with opened(line) as browser:
        await browser.sign_in()
        shown = section(await case_page(browser, one))
        assert f'href="/cases/{two}"' in shown
        assert "<mark>+1 202 555 0123</mark>" in shown
        assert "<mark>001 (202) 555-0123</mark>" in shown
        assert "confirmed" in shown
        assert "&lt;b&gt;the&lt;/b&gt; boss" in shown


async def test_a_case_without_links_says_what_was_looked_for_and_claims_no_more(
    line: Line,
) -> None:
    one, _ = await ready(line, PHONE, "nothing")
    async with opened(line) as browser:
        await browser.sign_in()
        shown = section(await case_page(browser, one))
        assert "Looked for, in what the reporter wrote and in notes: telephone numbers" in shown
        assert "They may be linked all the same" in shown
        assert "Nothing in this case is in another one" not in shown


async def test_a_note_is_linked_when_its_case_is_opened_next(line: Line) -> None:
    one, two = await ready(line, PHONE, "nothing")
    async with opened(line) as browser:
        await browser.sign_in()
        assert two not in section(await case_page(browser, one))
        await browser.post(f"/cases/{two}/notes", text=SAME_PHONE, private="yes")
        assert f'href="/cases/{one}"' in section(await case_page(browser, two))


async def test_a_wrong_link_is_dismissed_with_a_reason_undone_and_linked_again(line: Line) -> None:
    one, two = await ready(line, PHONE, SAME_PHONE)
    async with opened(line) as browser:
        await browser.sign_in()
        mark = mark_of(section(await case_page(browser, one)))
        path = f"/cases/{one}/links"
        refused = await browser.post(path, other=two, mark=mark, why=" ")
        assert "Say why" in refused.text
        await browser.post(path, other=two, mark=mark, why="A taxi office")
        page = await case_page(browser, two)
        assert "Not linked with" in page
        assert "A taxi office" in section(page)
        assert "Not a match …" not in section(page)
        assert "said that a link with" in await case_page(browser, one)
        await browser.post("/undo")
        assert "Not a match …" in section(await case_page(browser, two))
        await browser.post(path, other=two, mark=mark, why="A taxi office")
        listed = html.unescape((await browser.get("/links")).text).partition('id="dismissed"')[2]
        listed = listed.partition("</section>")[0]
        for said in ("+1 202-555-0123", "A taxi office", "You", one, two, "Link again"):
            assert said in listed
        # The other one's page takes it back as well.
        await browser.post(f"/cases/{two}/links", other=one, mark=mark, again="yes")
        assert "Not a match …" in section(await case_page(browser, one))
        assert "A taxi office" not in (await browser.get("/links")).text
        elsewhere = await browser.post(path, other="0" * 64, mark=mark, why="x")
        assert elsewhere.status_code == 404


async def test_the_walk_draws_and_says_the_same_and_goes_on(line: Line) -> None:
    one, two, three = await ready(line, PHONE, f"{SAME_PHONE}, a van, plate AB12 CDE",
                                  "plate AB-12-CDE")  # fmt: skip
    async with opened(line) as browser:
        await browser.sign_in()
        near = (await browser.get(f"/links/{one}")).text
        assert f'<a href="/links/{two}#start"' in near
        assert three not in near
        far = (await browser.get(f"/links/{one}?steps=2")).text
        picture, _, text = far.partition("</svg>\n  </div>")
        for case in (two, three):
            assert f'<a href="/links/{case}?steps=2#start"' in picture
            assert f'<a href="/links/{case}?steps=2"' in text
        assert picture.count('class="edge edge-same"') == 2
        assert picture.count('class="edge edge-likely"') == 2
        assert "style=" not in far
        plates = (await browser.get(f"/links/{one}?kind=plate")).text
        assert "shares nothing of these kinds" in plates
        assert (await browser.get(f"/links/{'0' * 64}")).status_code == 404
        assert (await browser.get(f"/links/{one}?steps=9")).status_code == 422


async def test_what_is_new_is_told_until_it_was_seen(line: Line) -> None:
    one, two = await ready(line, PHONE, SAME_PHONE)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/links")).text
        assert "+1 202-555-0123" in page
        assert f'href="/cases/{two}#links"' in page
        await browser.post("/links/seen")
        page = (await browser.get("/links")).text
        assert "+1 202-555-0123" not in page
        assert f'<a href="/links/{one}">' in page


async def test_a_desks_list_and_country_are_kept_and_can_be_taken_back(line: Line) -> None:
    one, two = await ready(line, PHONE, SAME_PHONE)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.get("/links")
        refused = await browser.post(
            "/links/ignore", desk="support", kind="phone", value="(202) 555-0123", why=""
        )
        assert "Say why" in refused.text
        await browser.post("/links/country", desk="support", region="US")
        await browser.post(
            "/links/ignore", desk="support", kind="phone", value="(202) 555-0123", why="The embassy"
        )
        page = html.unescape((await browser.get("/links")).text)
        assert '<option value="US" selected>United States' in page
        assert "+12025550123" in page
        assert "The embassy" in page
        shown = section(await case_page(browser, one))
        assert "The embassy" in shown
        assert two not in shown
        await browser.post("/undo")
        assert two in section(await case_page(browser, one))
        value = {"desk": "support", "kind": "phone", "value": "+12025550123"}
        await browser.post("/links/ignore", **value, why="The embassy")
        await browser.post("/links/ignore", **value, off="yes")
        assert two in section(await case_page(browser, one))
        await browser.post("/undo")
        assert "The embassy" in (await browser.get("/links")).text
        for path in ("/links/ignore", "/links/country", "/links/seen"):
            browser.csrf = "wrong"
            assert "too old" in (await browser.post(path)).text


async def test_a_chart_is_offered_of_cases_that_have_one(line: Line) -> None:
    """What is in more than twenty cases links none: each of their charts would be empty."""
    one, two, *common = await ready(line, PHONE, SAME_PHONE, *["Plate AB12 CDE"] * 22)
    async with opened(line) as browser:
        await browser.sign_in()
        shown = (await browser.get("/links")).text
        offered = set(re.findall(r'href="[^"]*/links/([0-9a-f]{64})', shown))
        assert offered == {one, two}
        assert "shares nothing" in (await browser.get(f"/links/{common[0]}")).text
