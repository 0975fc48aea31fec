"""Deadlines: the Directive's and the desk's own, what reminds of them and what no longer does."""

from __future__ import annotations

import datetime as dt
import os
import re

import pytest
from sqlalchemy import text

from app.console.rules import changes, deadlines
from app.console.rules.deadlines import ACKNOWLEDGE, FEEDBACK, OWN, Due, Periods
from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.records import cases
from app.console.web import case_views
from tests.console.browser import opened
from tests.console.cases.cases_at_hand import listed, some_cases
from tests.console.running_desk import both_have_a_case, do, pass_on
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio

LOOKS = {"look-danger": "1", "look-urgent": "7"}


def due(status: str, own: str = "", **fields: object) -> Due | None:
    given = {"first_at": 0, "acknowledged_at": None, "feedback": "", "periods": Periods()} | fields
    return deadlines.due(status, own, **given)  # type: ignore[arg-type]


def test_seven_days_to_acknowledge_and_three_months_from_then() -> None:
    assert due("new") == Due(ACKNOWLEDGE, 7 * DAY)
    assert due("new", acknowledged_at=DAY) == Due(FEEDBACK, 90 * DAY), "an answer acknowledges"
    assert due("in-progress", acknowledged_at=2 * DAY) == Due(FEEDBACK, 91 * DAY)
    assert due("in-progress", feedback="2026-11-24") is None
    assert due("closed", "2026-11-24") is None
    shortest = min(
        (dt.date(year, month + 3, 1) - dt.date(year, month, 1)).days
        for year in range(2026, 2034)
        for month in range(1, 10)
    )
    assert Periods().feedback == shortest, "no later than three months, whatever the month"


def test_a_desks_periods_and_a_cases_own_day_count_instead() -> None:
    own = Periods(acknowledge=2, feedback=30)
    assert due("new", periods=own) == Due(ACKNOWLEDGE, 2 * DAY)
    assert due("waiting", acknowledged_at=DAY, periods=own) == Due(FEEDBACK, 31 * DAY)
    found = due("new", "2026-11-24")
    assert found is not None
    assert (found.kind, found.at // DAY) == (OWN, dt.date(2026, 11, 24).toordinal() - 719_163)
    assert due("new", "nonsense") == due("new", "1999-01-01") == Due(ACKNOWLEDGE, 7 * DAY)


def count_in_bar(page: str) -> int:
    hidden, count = re.findall(r'id="due-count" (hidden)?\s*><span[^>]*>(\d+)<', page)[0]
    assert bool(hidden) == (count == "0"), "nothing is said of none"
    return int(count)


def group(page: str, name: str) -> list[str]:
    part = page.partition(f'id="due-{name}"')[2].partition("</section>")[0]
    return re.findall(r'href="/cases/(\w+)"', part)


async def test_what_is_due_stands_in_one_place_and_an_answer_silences_it(line: Line) -> None:
    first, second = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/due")).text
        assert group(page, "late") == group(page, "today") == group(page, "week") == []
        assert count_in_bar(page) == 0
        line.now += 6 * DAY + DAY // 2
        page = (await browser.get("/due")).text
        assert set(group(page, "today")) == {first, second}
        assert count_in_bar(page) == 2
        assert "acknowledge: today" in page
        line.now += DAY
        deliver.queue_reply(
            browser.console.vault, first, "We have it.",
            desk="support", lang="en", now=line.now, rng=os.urandom,
        )  # fmt: skip
        page = (await browser.get("/due")).text
        assert group(page, "late") == [second], "what was answered no longer nags"
        assert count_in_bar((await browser.get("/")).text) == 1
        status = await browser.get("/status", **{"x-quietline-csrf": browser.csrf})
        assert status.json()["due"] == 1, "so the bar knows without a page being loaded"
        assert listed(browser, first).due_kind == FEEDBACK
        line.now = (listed(browser, first).due_at or 0) + DAY
        page = (await browser.get("/due")).text
        assert first in group(page, "late")
        assert "feedback: 1 day late" in page
        await browser.post(f"/due/{first}", feedback="yes")
        assert group((await browser.get("/due")).text, "late") == [second]
        assert "Feedback given on" in (await browser.get(f"/cases/{first}")).text


async def test_of_one_day_the_urgent_stand_first(line: Line) -> None:
    first, second = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        line.now += 6 * DAY
        for urgent, other in ((first, second), (second, first)):
            await browser.post(f"/cases/{urgent}/triage", priority="routine")
            await browser.post(f"/cases/{other}/triage", priority="information")
            page = (await browser.get("/due")).text
            assert group(page, "today") + group(page, "week") == [urgent, other]


async def test_putting_off_needs_a_reason_and_comes_back_on_its_day(line: Line) -> None:
    case, other = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        line.now += 8 * DAY
        await browser.get("/due")
        refused = await browser.post(f"/due/{case}", days="3", reason="  ")
        assert (refused.status_code, "Say why" in refused.text) == (400, True)
        for days in ("0", "32", "x", ""):
            assert (await browser.post(f"/due/{case}", days=days, reason="r")).status_code == 400
        await browser.post(f"/due/{case}", days="3", reason="Shelter calls <b>Friday</b>")
        page = (await browser.get("/due")).text
        assert (group(page, "late"), group(page, "asleep")) == ([other], [case])
        assert "Shelter calls &lt;b&gt;Friday&lt;/b&gt;" in page
        assert count_in_bar(page) == 1
        assert "snoozed the case until" in (await browser.get(f"/cases/{case}")).text
        await browser.post("/undo")
        assert case in group((await browser.get("/due")).text, "late")
        await browser.post(f"/due/{case}", days="3", reason="Again")
        line.now += 3 * DAY
        page = (await browser.get("/due")).text
        assert case in group(page, "late"), "it comes back"
        assert count_in_bar(page) == 2


async def test_a_colleagues_case_reminds_only_the_colleague(line: Line) -> None:
    case, _ = await some_cases(line)
    line.enrol("ben", ["support"])
    line.publish()
    await line.turn()
    with line.vault() as ana:
        await line.ready(ana)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        offered = page.partition('id="owner"')[2].partition("</select>")[0]
        keys = re.findall(r'<option value="([\w-]{43})" +(data-own)?', offered)
        (colleague,) = [key for key, own in keys if not own]
        await browser.post(f"/cases/{case}/triage", owner=colleague, **{"was-owner": ""})
        line.now += 8 * DAY
        page = (await browser.get("/due")).text
        assert case not in group(page, "late")
        assert count_in_bar(page) == 1
        assert case in group((await browser.get("/due?whose=all")).text, "late")


async def test_a_desks_own_periods_move_every_deadline_at_both_consoles(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    ana.close()
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get("/team")).text
        assert 'name="acknowledge" type="number" min="1" max="365" value="7"' in page
        wrong = await browser.post(
            "/team/periods", desk="support", acknowledge="0", feedback="9", **LOOKS
        )
        assert wrong.status_code == 400
        await browser.post(
            "/team/periods", desk="support", acknowledge="2", feedback="100", **LOOKS
        )
        one = listed(browser, case)
        assert one.due_at == one.first_at + 2 * DAY
        assert "longer than the Directive allows" in (await browser.get("/team")).text
    with line.vault() as ana_again:
        await pass_on(line, ana_again, ben)
    with ben.read() as tx:
        theirs = cases.find(tx, case)
    assert theirs is not None
    assert theirs.due_at == theirs.first_at + 2 * DAY


def test_words_for_what_is_due_say_what_it_is(still: Line, ana: Vault) -> None:
    with ana.write() as tx:
        tx.execute(
            text(
                "INSERT INTO cases (id, dh, mlkem, fetch, xwing, first_at, last_at,"
                " last_direction, snippet, lang, desks, answers, unread, files, home)"
                " VALUES (:id, '', '', '', '', 0, 0, 'in', '', 'en', '[]', '{}', 0, 0, 'support')"
            ),
            {"id": "a" * 64},
        )
        cases.refresh(tx, "a" * 64)
        one = cases.find(tx, "a" * 64)
    assert one is not None
    times = (0, 5 * DAY, 7 * DAY - 1, 7 * DAY, 7 * DAY + 1, 9 * DAY)
    said = [case_views.due(one, at) for at in times]
    assert [each.words for each in said if each] == [
        "acknowledge: in 7 days",
        "acknowledge: in 2 days",
        "acknowledge: in 1 day",
        "acknowledge: today",
        "acknowledge: overdue since today",
        "acknowledge: 2 days late",
    ]


async def test_two_cases_due_on_one_day_say_the_same(line: Line) -> None:
    early, late = await some_cases(line)
    async with opened(line) as browser:
        await browser.sign_in()
        with browser.console.vault.write() as tx:
            for case, hours in ((early, -5), (late, 5)):
                tx.execute(
                    text("UPDATE cases SET due_at = :at WHERE id = :id"),
                    {"at": line.now + 2 * DAY + hours * 3600, "id": case},
                )
        page = (await browser.get("/")).text
        assert page.count(">acknowledge: in 2 days<") == 2, "days are those of the calendar"
        assert count_in_bar(page) == 0
        line.now += 2 * DAY - 10 * 3600
        page = (await browser.get("/due")).text
        assert set(group(page, "today")) == {early, late}
        assert count_in_bar(page) == 2


async def test_which_status_came_first_does_not_hang_on_the_order_in_which_it_came(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    started = line.now
    do(ana, started, changes.put(case, "status", "acknowledged"))
    do(ben, started + 5 * DAY, changes.put(case, "status", "in-progress"))
    line.now += 5 * DAY
    await pass_on(line, ana, ben, rounds=2)
    for vault in (ana, ben):
        with vault.read() as tx:
            one = cases.find(tx, case)
        assert one is not None
        assert (one.status, one.due_at) == ("in-progress", started + 89 * DAY)
