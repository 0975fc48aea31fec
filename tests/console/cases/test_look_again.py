"""Danger in which nothing happens any more: everybody is reminded, whoever has fallen ill."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator

import pytest

from app.console.cases import casework
from app.console.line import trusted_line
from app.console.rules import changes, deadlines
from app.console.rules.danger import ASSESSED
from app.console.rules.deadlines import FEEDBACK, LOOK_AGAIN, OWN, Due, Periods
from app.console.sync import deliver
from app.console.vault.installation import owner
from app.console.vault.records import cases
from app.protocol.directory import open_directory
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import listed
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.console.cases.test_due import count_in_bar, group
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio

HOUR = 3600


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    still.enrol("ben", ["support"])
    file = still.publish()
    async with opened(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        await one.sign_in()
        yield one


def due(status: str, own: str = "", **fields: object) -> Due | None:
    given = {"first_at": 0, "acknowledged_at": 0, "feedback": "", "periods": Periods()} | fields
    return deadlines.due(status, own, **given)  # type: ignore[arg-type]


def again(status: str, priority: str, at: int = 0, **fields: object) -> int | None:
    return deadlines.look_again(status, priority, at, Periods(), **fields)  # type: ignore[arg-type]


def test_danger_is_looked_at_again_after_a_day_and_what_is_urgent_after_a_week() -> None:
    assert again("in-progress", "life-safety", 5) == 5 + DAY
    assert again("waiting", "urgent", 5) == 5 + 7 * DAY
    assert again("new", "life-safety", 5) == 5 + DAY, "also what nobody has acknowledged"
    assert again("in-progress", "routine") is again("in-progress", "") is None
    assert again("closed", "life-safety") is again("closed", "urgent") is None
    assert again("closed", "", 5, unassessed=True) == 5 + DAY, "danger said in a closed case"


def test_no_other_day_puts_it_off() -> None:
    assert due("in-progress", look_at=DAY) == Due(LOOK_AGAIN, DAY)
    assert due("in-progress", "2026-11-24", look_at=DAY) == Due(LOOK_AGAIN, DAY)
    assert due("in-progress", feedback="2026-11-24", look_at=DAY) == Due(LOOK_AGAIN, DAY)
    late = due("in-progress", look_at=100 * DAY)
    assert late == Due(FEEDBACK, 89 * DAY), "what is due before it stands first"
    own = due("in-progress", "2000-01-01", look_at=20_000 * DAY)
    assert own is not None
    assert own.kind == OWN


async def of_bens(browser: Browser, priority: str) -> str:
    """Return a case that ben has taken and acknowledged, with a priority."""
    vault, now = browser.console.vault, browser.console.now()
    case = tell(vault, somebody(), now, body(1, {}))
    (ben,) = [key for key, name in trusted_line.load(vault).colleagues("support") if name == "ben"]
    await browser.post(f"/cases/{case}/triage", owner=ben, priority=priority, status="in-progress")
    return case


async def late(browser: Browser) -> list[str]:
    return group((await browser.get("/due")).text, "late")


async def test_a_colleagues_danger_that_rests_for_a_day_reminds_everybody(
    still: Line, browser: Browser
) -> None:
    case = await of_bens(browser, "life-safety")
    still.now += 23 * HOUR
    assert await late(browser) == []
    still.now += 2 * HOUR
    page = (await browser.get("/due")).text
    assert group(page, "late") == [case]
    assert "look again: overdue since today" in page
    assert "ben" in page.partition('id="due-late"')[2], "whose it is"
    assert count_in_bar(page) == 1
    row = (await browser.get("/")).text
    assert "look again: overdue since today" in row
    assert '<span aria-hidden="true">late</span>' in row, "as long as what it leaves room for"
    still.now += 2 * DAY
    assert "look again: 2 days late" in (await browser.get("/due")).text


async def test_what_is_done_or_said_begins_the_day_anew_and_reading_does_not(
    still: Line, browser: Browser
) -> None:
    case = await of_bens(browser, "life-safety")
    still.now += 25 * HOUR
    await browser.get(f"/cases/{case}")
    assert await late(browser) == [case], "it was read, and nothing was done"
    await browser.post(f"/cases/{case}/notes", text="Called the shelter.", kind="team")
    assert await late(browser) == []
    still.now += 25 * HOUR
    assert await late(browser) == [case]
    deliver.queue_reply(
        browser.console.vault, case, "Are you safe?",
        desk="support", lang="en", now=still.now, rng=os.urandom,
    )  # fmt: skip
    assert await late(browser) == []
    still.now += 25 * HOUR
    assert await late(browser) == [case]


async def test_it_ends_with_a_lower_priority_or_with_the_case(
    still: Line, browser: Browser
) -> None:
    lowered, closed = [await of_bens(browser, "life-safety") for _ in range(2)]
    still.now += 25 * HOUR
    assert set(await late(browser)) == {lowered, closed}
    await browser.post(f"/cases/{lowered}/triage", priority="routine")
    await browser.post(f"/cases/{closed}/triage", status="closed/no-action")
    still.now += 25 * HOUR
    assert await late(browser) == []
    assert listed(browser, lowered).due_kind == FEEDBACK


async def test_putting_it_off_is_heard_and_does_not_count_as_an_act(
    still: Line, browser: Browser
) -> None:
    case = await of_bens(browser, "urgent")
    still.now += 7 * DAY + HOUR
    assert await late(browser) == [case]
    await browser.post(f"/due/{case}", days="1", reason="The embassy calls tomorrow")
    assert await late(browser) == []
    still.now += DAY
    assert await late(browser) == [case], "at once, not a week later"


async def test_danger_that_was_taken_and_never_assessed_is_everybodys_after_a_day(
    still: Line, browser: Browser
) -> None:
    vault, now = browser.console.vault, browser.console.now()
    case = tell(vault, somebody(), now, body(1, DANGER))
    known = trusted_line.load(vault)
    await browser.post(f"/cases/{case}/triage", owner="me")
    (ben,) = [key for key, name in known.colleagues("support") if name == "ben"]
    await browser.post(f"/cases/{case}/triage", owner=ben)
    assert case not in await late(browser), "somebody has taken it"
    still.now += 25 * HOUR
    assert case in await late(browser)


async def test_a_team_sets_its_own_times_within_bounds(still: Line, browser: Browser) -> None:
    case = await of_bens(browser, "urgent")
    page = (await browser.get("/team")).text
    for name, days in (("look-danger", 1), ("look-urgent", 7)):
        assert re.search(rf'name="{name}" type="number" min="1" max="31" value="{days}"', page)
    given = {"desk": "support", "acknowledge": "7", "feedback": "89"}
    for wrong in ("0", "32", "", "x"):
        refused = await browser.post("/team/periods", **given, **looks("1", wrong))
        assert (refused.status_code, "1 to 31 days" in refused.text) == (400, True)
    await browser.post("/team/periods", **given, **looks("1", "2"))
    still.now += 2 * DAY + HOUR
    assert await late(browser) == [case]


def looks(danger: str, urgent: str) -> dict[str, str]:
    return {"look-danger": danger, "look-urgent": urgent}


async def test_danger_that_was_assessed_without_a_priority_is_looked_at_again(
    still: Line, browser: Browser
) -> None:
    vault = browser.console.vault
    case = tell(vault, somebody(), browser.console.now(), body(1, DANGER))
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        marks = [changes.add(case, ASSESSED, one.mark) for one in cases.unassessed(tx, case)]
        casework.act(tx, known, "support", marks, still.now)
    await browser.post(f"/cases/{case}/triage", owner="", priority="", status="in-progress")
    still.now += 25 * HOUR
    assert await late(browser) == [case]
    await browser.post(f"/cases/{case}/triage", owner="", priority="routine", status="in-progress")
    still.now += 25 * HOUR
    assert await late(browser) == []
