"""A plan's day reaches somebody who is there: not only whoever the case is assigned to."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator

import pytest

from app.agency import ceremonies
from app.console.line import trusted_line
from app.console.rules.safety_plan import LOOK
from app.console.vault import Kdf
from app.console.vault.installation import owner
from app.console.vault.setup import init_vault
from app.protocol.directory import open_directory
from tests.console.browser import Browser, opened
from tests.console.cases.test_danger import body, somebody, tell
from tests.console.cases.test_due import count_in_bar, group
from tests.console.running_line import DAY, PASSPHRASE, Line

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    still.enrol("ben", ["support"])
    still.publish()
    async with opened(still) as one:
        hear_of_members(still, one)
        await one.sign_in()
        yield one


def hear_of_members(line: Line, browser: Browser) -> None:
    file = line.publish()
    with browser.console.vault.write() as tx:
        version = open_directory(file, line.line_id).version
        owner.store_directory(tx, version, file, line.now)


def in_days(line: Line, days: int) -> str:
    return dt.datetime.fromtimestamp(line.now + days * DAY, dt.UTC).date().isoformat()


async def of_bens(line: Line, browser: Browser) -> str:
    """Return a quiet case of ben's, whose plan is to be looked at tomorrow."""
    vault = browser.console.vault
    case = tell(vault, somebody(), browser.console.now(), body(1, {}))
    (ben,) = [key for key, name in trusted_line.load(vault).colleagues("support") if name == "ben"]
    await browser.post(f"/cases/{case}/triage", owner=ben, priority="routine", status="in-progress")
    await browser.post(f"/cases/{case}/safety-plan", **{LOOK: in_days(line, 1)})
    return case


async def test_once_its_day_is_over_and_nobody_looked_it_reminds_everybody(
    still: Line, browser: Browser
) -> None:
    case = await of_bens(still, browser)
    still.now += DAY
    page = (await browser.get("/due")).text
    assert (case in page, count_in_bar(page)) == (False, 0), "on its day it is ben's to look"
    still.now += DAY
    page = (await browser.get("/due")).text
    assert case in group(page, "late")
    assert "safety plan: 1 day late" in page
    assert "ben" in page.partition('id="due-late"')[2], "whose it is"
    assert count_in_bar(page) == 1
    await browser.get(f"/cases/{case}")
    assert case in (await browser.get("/due")).text, "to open the case is not to look at the plan"
    was = {f"was-{LOOK}": in_days(still, -1)}
    await browser.post(f"/cases/{case}/safety-plan", **{LOOK: in_days(still, 3)}, **was)
    page = (await browser.get("/due")).text
    assert (case in page, count_in_bar(page)) == (False, 0)


async def test_it_reminds_everybody_of_a_duplicates_day_as_well(
    still: Line, browser: Browser
) -> None:
    duplicate, main = [await of_bens(still, browser) for _ in range(2)]
    was = {f"was-{LOOK}": in_days(still, 1)}
    await browser.post(f"/cases/{main}/safety-plan", **{LOOK: ""}, **was)
    await browser.post(f"/cases/{duplicate}/merge", into=main)
    still.now += 2 * DAY
    page = (await browser.get("/due")).text
    assert group(page, "late") == [main]
    await browser.post(f"/due/{main}", days="3", reason="Ben meets them on Friday")
    page = (await browser.get("/due")).text
    assert main not in group(page, "late"), "somebody has decided that it can wait"
    assert count_in_bar(page) == 0


async def test_what_is_assigned_to_somebody_who_has_left_reminds_everybody_on_the_day(
    still: Line, browser: Browser
) -> None:
    case = await of_bens(still, browser)
    ceremonies.revoke(still.folder / "agency", "ben", "former", today=still.today)
    hear_of_members(still, browser)
    page = (await browser.get("/due")).text
    assert case in group(page, "week")
    still.now += DAY
    page = (await browser.get("/due")).text
    assert case in group(page, "today")
    assert "safety plan: today" in page
    assert count_in_bar(page) == 1


async def test_who_only_has_another_machine_has_not_left(still: Line, browser: Browser) -> None:
    case = await of_bens(still, browser)
    agency = still.folder / "agency"
    ceremonies.revoke(agency, "ben", "former", today=still.today)
    folder = still.folder_of("another")
    made = init_vault(folder, still.line_file, "ben", PASSPHRASE, Kdf.SYNTHETIC, os.urandom)
    request = made.request.read_bytes()
    ceremonies.enrol(agency, request, ["support"], words=made.words, today=still.today)
    hear_of_members(still, browser)
    still.now += DAY
    page = (await browser.get("/due")).text
    assert (case in page, count_in_bar(page)) == (False, 0)
