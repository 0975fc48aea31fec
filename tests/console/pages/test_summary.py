"""Where no case is open: the day's counts, each a way to its list, and taking the next case."""

from __future__ import annotations

import re

import pytest

from app.console.cases import assessing, casework
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine
from app.console.pages.summary_pages import summary
from app.console.rules import changes
from app.console.vault import Transaction
from app.console.vault.records import case_lists, messages
from app.console.vault.records.case_lists import CaseFilter
from tests.console.browser import Browser, opened
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


def counts(page: str) -> dict[str, int]:
    found = re.findall(
        r'class="summary-count[^"]*" href="([^"]*)"><strong>(\d+)</strong> <span>([^<]*)<', page
    )
    return {words: int(number) for _, number, words in found}


async def some(line: Line) -> None:
    """Three reports: one of danger in Spanish, a quiet one, and a Spanish one that comes later."""
    with line.vault() as vault:
        await line.ready(vault)
        await line.send("Quiet.", lang="en")
        await line.send("Tranquilo.", lang="es")
        await line.send("Peligro.", lang="fr", answers={"danger_now": "yes"})
        await line.sync(vault)


async def listed(browser: Browser, address: str) -> int:
    return (await browser.get(address.replace("&amp;", "&"))).text.count('class="line-snippet"')


async def test_the_counts_are_those_of_the_lists_that_they_lead_to(line: Line) -> None:
    await some(line)
    line.now += 8 * DAY
    async with opened(line) as browser:
        page = (await browser.sign_in()).text
        said = counts(page)
        assert said == {"in danger": 1, "late": 3, "unassigned": 3, "waiting for you": 0}
        await browser.post("/take-next")
        page = (await browser.get("/")).text
        assert counts(page) == said | {"unassigned": 2, "waiting for you": 1}
        for address, number in re.findall(
            r'class="summary-count[^"]*" href="([^"]*)"><strong>(\d+)<', page
        ):
            assert await listed(browser, address) == int(number), address


async def test_the_next_is_the_most_urgent_then_one_in_my_language_then_nothing(
    line: Line,
) -> None:
    await some(line)
    with line.vault() as vault, vault.write() as tx:
        known = trusted_line.load_in(tx)
        for desk in known.own_desks():
            casework.act(tx, known, desk, [changes.speak("es")], line.now)
    taken = []
    async with opened(line) as browser:
        await browser.sign_in()
        for _ in range(3):
            to = (await browser.post("/take-next")).headers["location"]
            page = (await browser.get(to)).text
            assert "you</span>" in page
            taken += [
                text for text in ("Peligro.", "Tranquilo.", "Quiet.") if text in page_of(page)
            ]
        assert taken == ["Peligro.", "Tranquilo.", "Quiet."]
        last = await browser.post("/take-next")
        assert last.headers["location"] == "/"
        assert "Every open case is assigned to somebody." in (await browser.get("/")).text


async def test_a_list_of_mine_that_is_empty_offers_the_next(line: Line) -> None:
    await some(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/?view=mine")).text
        assert page.count('action="/take-next"') == 2
        assert (await browser.get("/?view=danger")).text.count('action="/take-next"') == 1


async def test_nobody_is_said_to_speak_a_language_where_nothing_was_said_of_any(
    line: Line,
) -> None:
    await some(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/?view=unspoken")).text
        assert "Nobody has said which languages they work in" in page
        assert "in a language that somebody speaks" not in page


async def test_danger_that_was_called_urgent_is_counted_and_listed_still(line: Line) -> None:
    """Its row and its case go on saying that somebody is in danger now."""
    await some(line)
    with line.vault() as vault, vault.write() as tx:
        known = trusted_line.load_in(tx)
        (one,) = case_lists.inbox(tx, CaseFilter(open=True, in_danger=True))
        messages.mark_read(tx, one.id)
        wanted = [changes.put(one.id, changes.PRIORITY, "urgent"), *assessing.assess(tx, one.id)]
        casework.act(tx, known, one.home, wanted, line.now)
        assert in_danger(tx, known, line.now) == 1
        assert [each.id for each in case_lists.inbox(tx, CaseFilter(in_danger=True))] == [one.id]
        casework.act(
            tx, known, one.home, [changes.put(one.id, "status", "closed/referred")], line.now
        )
        assert in_danger(tx, known, line.now) == 0


async def test_danger_that_was_assessed_as_routine_is_not_counted(line: Line) -> None:
    await some(line)
    with line.vault() as vault, vault.write() as tx:
        known = trusted_line.load_in(tx)
        assert in_danger(tx, known, line.now) == 1
        (one,) = case_lists.inbox(tx, CaseFilter(open=True, in_danger=True))
        messages.mark_read(tx, one.id)
        wanted = [changes.put(one.id, changes.PRIORITY, "routine"), *assessing.assess(tx, one.id)]
        casework.act(tx, known, one.home, wanted, line.now)
        assert in_danger(tx, known, line.now) == 0


def in_danger(tx: Transaction, known: TrustedLine, now: int) -> int:
    return {one.words: one.number for one in summary(tx, known, now)}["in danger"]


def page_of(page: str) -> str:
    """Return the open case's messages."""
    return page.partition('id="thread"')[2]
