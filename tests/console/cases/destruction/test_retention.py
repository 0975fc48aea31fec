"""When a case is destroyed, who sets the day, and what keeps it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from app.console.cases import retention
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.rules import changes, keeping, wording
from app.console.rules.changes import STATUS
from app.console.vault import Transaction, Vault
from app.console.vault.records import messages
from tests.console.browser import Browser, opened
from tests.console.cases.destruction.full_case import (
    act,
    case_of,
    full_case,
    here,
    later,
    schedule_destruction,
    share,
)
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


async def test_a_hold_a_second_thought_and_a_word_from_the_reporter_keep_it(
    line: Line, ana: Vault, dora: Vault
) -> None:
    case, reporter = await full_case(line, ana, dora)
    known = trusted_line.load(dora)
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    with dora.write() as tx:
        retention.set_legal_hold(tx, known, case, "Asked for by a court", line.now)
    await share(line, ana, dora)
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert here(ana, case)
    assert here(dora, case)
    with ana.write() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).held
        assert kept.reason == "Asked for by a court"
        with pytest.raises(ConsoleError, match="on legal hold"):
            retention.schedule_destruction(tx, trusted_line.load(ana), [case], line.now + 1)
    with dora.write() as tx:
        retention.set_legal_hold(tx, known, case, "", line.now)
        retention.cancel_destruction(tx, known, [case], line.now)
    await share(line, ana, dora)
    assert here(ana, case), "taken back"
    schedule_destruction(ana, line, case)
    await share(line, ana, dora)
    await line.send("I am back.", reporter=reporter, kind="follow-up")
    await share(line, ana, dora)
    for vault in (ana, dora):
        with vault.write() as tx:
            messages.mark_read(tx, case)
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert here(ana, case), "the reporter wrote again"
    with ana.read() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).scheduled
        assert kept.waits


async def test_nobodys_word_makes_the_week_shorter(line: Line, ana: Vault, dora: Vault) -> None:
    """Dora's console was changed: it names a day that is over, and lets go of holds at the end."""
    case, _ = await full_case(line, ana, dora)
    act(dora, line, changes.put(case, keeping.DESTROY_ON, "2000-01-01"))
    for _ in range(2):
        await share(line, dora, ana)
    assert here(ana, case)
    with ana.read() as tx:
        (kept,) = retention.survey(tx, trusted_line.load(ana), line.now).scheduled
        assert kept.day == keeping.destruction_day(line.now), "what it says is what it does"
    with ana.write() as tx:
        retention.set_legal_hold(tx, trusted_line.load(ana), case, "Asked for by a court", line.now)
    await share(line, ana, dora)
    await later(line, keeping.UNDO_DAYS)
    act(dora, line, changes.put(case, keeping.LEGAL_HOLD, ""))
    for _ in range(2):
        await share(line, dora, ana)
    assert here(ana, case), "a week to hold it again"
    await later(line, keeping.UNDO_DAYS)
    await share(line, ana, dora)
    assert not here(ana, case)


async def test_an_open_case_is_not_given_up(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("Open.")
    await line.sync(ana)
    case, known = case_of(ana, "Open"), trusted_line.load(ana)
    with ana.write() as tx, pytest.raises(ConsoleError, match="Only closed"):
        retention.schedule_destruction(tx, known, [case], line.now)


async def test_the_desks_rule_proposes(line: Line, ana: Vault, dora: Vault) -> None:
    case, _ = await full_case(line, ana, dora)
    known = trusted_line.load(ana)

    def proposed(tx: Transaction) -> list[str]:
        return [one.case.id for one in retention.survey(tx, known, line.now).proposed]

    await later(line, 61)
    with ana.read() as tx:
        assert proposed(tx) == [], "without a rule nothing is proposed"
    act(ana, line, changes.rule(keeping.KEEP_RULE, "2"))
    with ana.read() as tx:
        assert proposed(tx) == [case]
    act(ana, line, changes.rule(keeping.KEEP_RULE, "3"))
    with ana.read() as tx:
        assert proposed(tx) == []


@pytest.fixture
async def browser(line: Line) -> AsyncIterator[Browser]:
    async with opened(line) as one:
        await one.sign_in()
        yield one


async def test_on_the_page(browser: Browser, line: Line) -> None:
    vault = browser.console.vault
    await line.ready(vault)
    await line.send("Old and closed.")
    await line.sync(vault)
    case = case_of(vault, "Old")
    with vault.write() as tx:
        messages.mark_read(tx, case)
    refused = await browser.post("/retention/schedule", case=case, sure="yes")
    assert "Only closed cases" in refused.text
    act(vault, line, changes.put(case, STATUS, "closed/no-action"))
    wrong = await browser.post("/retention/rule", desk="support", months="0")
    assert "whole months" in wrong.text
    await browser.post("/retention/rule", desk="support", months="2")
    line.now += 70 * DAY
    page = (await browser.get("/retention")).text
    assert "Proposed by the team's rule (1)" in page.replace("&#39;", "'")
    asked = await browser.post("/retention/schedule", case=case)
    day = keeping.destruction_day(line.now)
    assert f"1 case on {day}?" in " ".join(asked.text.split())
    assert "Scheduled for destruction (0)" in (await browser.get("/retention")).text
    await browser.post("/retention/schedule", case=case, sure="yes")
    page = (await browser.get("/retention")).text
    said = wording.date(dt.date.fromisoformat(day))
    assert f"to be destroyed on {said}, by ana" in page
    shown = (await browser.get(f"/cases/{case}")).text
    assert "scheduled the case for destruction" in shown
    await browser.post("/retention/keep", case=case)
    assert "Scheduled for destruction (0)" in (await browser.get("/retention")).text
    await browser.post("/retention/hold", case=case, reason="A court <asks>")
    page = (await browser.get("/retention")).text
    assert "legal hold: A court &lt;asks&gt;" in page
    shown = (await browser.get(f"/cases/{case}")).text
    assert "Release the hold (the case can be destroyed again)" in shown
    await browser.post("/retention/hold", case=case, release="yes")
    shown = (await browser.get(f"/cases/{case}")).text
    assert "released the legal hold" in shown
    await browser.post("/retention/schedule", case=case, sure="yes")
    line.now += keeping.UNDO_DAYS * DAY
    assert retention.destroy(vault, trusted_line.load(vault), line.now) == 0, "not shared yet"
    await line.turn()
    await line.sync(vault)
    await line.sync(vault)
    page = (await browser.get("/retention")).text
    assert "Destroyed here (1)" in page
    assert (await browser.get(f"/cases/{case}")).status_code == 404
