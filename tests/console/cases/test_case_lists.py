"""Lists of cases, and the page of a team: what each of them shows to whom."""

from __future__ import annotations

import re

import pytest

from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from tests.console.browser import opened
from tests.console.cases.cases_at_hand import listed, some_cases, vault_of
from tests.console.running_line import DAY, Line, read

pytestmark = pytest.mark.anyio


async def test_a_list_is_narrowed_and_kept_as_a_view(line: Line) -> None:
    chosen = await some_cases(line, 3)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{chosen[0]}/triage", label="van")
        await browser.post(
            f"/cases/{chosen[1]}/triage", priority="life-safety", **{"was-priority": ""}
        )

        async def shown(path: str) -> list[str]:
            page = await browser.get(path)
            return re.findall(r'data-case="(\w+)"', page.text)

        assert (await shown("/"))[0] == chosen[1], "the most urgent first"
        assert await shown("/?label=van") == [chosen[0]]
        assert await shown("/?priority=life-safety") == [chosen[1]]
        assert await shown("/?view=urgent") == [chosen[1]]
        assert set(await shown("/?owner=none")) == set(chosen)
        assert await shown("/?owner=me") == await shown("/?lang=fr") == []
        assert await shown("/?view=overdue") == []
        line.now += 8 * DAY
        assert set(await shown("/?view=overdue")) == set(chosen)
        await browser.post("/views", name="Vans <i>", label="van")
        page = (await browser.get("/")).text
        assert "Vans &lt;i&gt;" in page
        assert 'href="/?label=van"' in page
        await browser.post("/views", forget="Vans <i>")
        assert "Vans" not in (await browser.get("/")).text


async def test_the_team_page_says_what_waits_and_shares_it(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{case}/triage", label="van")
        page = (await browser.get("/team")).text
        assert "1 change." in page
        assert "Support workers" in page
        assert (await browser.post("/team/share")).status_code == 303
        wrong = await browser.post("/team/welcome", desk="police", index="0", scope="all")
        assert wrong.status_code == 400


async def test_a_list_that_is_refreshed_by_the_script_takes_no_offer_away(line: Line) -> None:
    case, _ = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{case}/triage", label="van")
        await browser.get("/list", **{"x-quietline-csrf": browser.csrf})
        assert "Labelled “van”." in (await browser.get("/")).text


async def test_somebody_at_two_desks_sees_a_case_as_each_has_it(line: Line) -> None:
    line.enrol("eva", ["support", "police"])
    line.publish()
    await line.turn()
    with line.vault("eva") as eva:
        await line.ready(eva)
        await line.send("For both.", desks=("support", "police"))
        await line.sync(eva)
        (case,) = {one.case for one in read(eva)}
    async with opened(line, "eva") as browser:
        await browser.sign_in()
        path = f"/cases/{case}/triage"
        home = listed(browser, case).home
        other = {"support": "police", "police": "support"}[home]
        await browser.post(path, priority="urgent", home=home, **{"was-priority": ""})
        await browser.post(path, home=other)
        assert (listed(browser, case).home, listed(browser, case).priority) == (other, "")
        with vault_of(browser).read() as tx:
            assert case_lists.count(tx, CaseFilter(desk=other)) == 1
        await browser.post(path, home=home)
        assert listed(browser, case).priority == "urgent"
