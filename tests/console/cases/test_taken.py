"""Danger that somebody takes: it no longer alarms anywhere, until the reporter says it again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from app.console.cases import assessing
from app.console.line import trusted_line
from app.console.pages import case_actions
from app.console.pages.case_actions import CaseAction
from app.console.rules import changes, deadlines
from app.console.rules.changes import OWNER, PRIORITY, STATUS
from app.console.rules.deadlines import ACKNOWLEDGE, Periods
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from app.console.web import case_views
from app.protocol import bodies
from app.protocol.directory import open_directory
from app.protocol.encoding import b64u
from tests.console.browser import Browser, opened
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.console.running_desk import begin, do, pass_on, vk
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


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


def alarming(vault: Vault) -> list[str]:
    with vault.read() as tx:
        return [one.id for one in case_lists.inbox(tx, CaseFilter(open=True, untaken=True))]


async def test_who_takes_it_ends_the_alarm_and_new_danger_begins_it_again(
    browser: Browser,
) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, DANGER))
    assert alarming(vault) == [case]
    with vault.read() as tx:
        me = b64u(trusted_line.load_in(tx).owner.identity.vk)
    await browser.post(f"/cases/{case}/triage", owner=me, **{"was-owner": ""})
    assert alarming(vault) == []
    with vault.read() as tx:
        (shown,) = case_lists.inbox(tx, CaseFilter(open=True))
    assert shown.unassessed, "taken, not assessed: it stays at the top"
    tell(vault, who, now, body(2, DANGER))
    assert alarming(vault) == [case], "said again"


async def test_giving_it_to_somebody_else_ends_nothing(browser: Browser) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, DANGER))
    known = trusted_line.load(vault)
    (ben,) = [key for key, name in known.colleagues("support") if name == "ben"]
    case_actions.do(browser.console, vault, known, [case], [CaseAction(OWNER, ben)])
    assert alarming(vault) == [case], "who is given it may be asleep"


async def test_taking_it_can_be_undone_and_alarms_again(browser: Browser) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, DANGER))
    known = trusted_line.load(vault)
    case_actions.do(browser.console, vault, known, [case], [CaseAction(OWNER, known.own_keys()[0])])
    assert alarming(vault) == []
    await browser.post("/undo")
    assert alarming(vault) == [case]


async def test_who_assesses_it_ends_the_alarm(browser: Browser) -> None:
    vault, who, now = browser.console.vault, somebody(), browser.console.now()
    case = tell(vault, who, now, body(1, DANGER))
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", priority="urgent", **{"was-priority": ""})
    assert alarming(vault) == []


async def test_a_colleague_who_takes_it_ends_it_at_every_desk(line: Line) -> None:
    line.enrol("ben", ["support"])
    line.publish()
    with line.vault() as ana, line.vault("ben") as ben:
        await begin(line, ana, ben)
        await line.send("Help.", answers=DANGER)
        await line.sync(ana)
        await line.sync(ben)
        (case,) = alarming(ana)
        assert alarming(ben) == [case]
        with ben.read() as tx:
            marks = assessing.take(tx, case)
        do(ben, line.now, changes.put(case, OWNER, vk(ben)), *marks)
        await pass_on(line, ben, ana)
        assert alarming(ben) == alarming(ana) == []


async def test_what_nobody_has_taken_stands_before_what_somebody_has(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    known = trusted_line.load(vault)
    me = known.own_keys()[0]
    cases = []
    for number in range(4):
        cases.append(tell(vault, somebody(), now + number, body(number, DANGER)))
        await browser.get(f"/cases/{cases[number]}")
    new, taken, free, ended = cases
    for case in (taken, free, ended):
        case_actions.do(
            browser.console, vault, known, [case], [CaseAction(PRIORITY, "life-safety")]
        )
    case_actions.do(browser.console, vault, known, [taken], [CaseAction(OWNER, me)])
    case_actions.do(
        browser.console, vault, known, [ended], [CaseAction(STATUS, "closed/unfounded")]
    )
    with vault.read() as tx:
        opened_ones = [one.id for one in case_lists.inbox(tx, CaseFilter(open=True))]
        every = [one.id for one in case_lists.inbox(tx, CaseFilter())]
    assert opened_ones == [free, new, taken], "whoever has nobody first, the last moved of them"
    assert every == [free, new, ended, taken], "what is closed waits for nobody"
    await browser.post(f"/cases/{new}/triage", owner=me, **{"was-owner": ""})
    with vault.read() as tx:
        assert [one.id for one in case_lists.inbox(tx, CaseFilter(open=True))] == [free, taken, new]


def due(**fields: object) -> deadlines.Due | None:
    given = {"first_at": 0, "acknowledged_at": None, "feedback": "", "periods": Periods()} | fields
    return deadlines.due("new", "", **given)  # type: ignore[arg-type]


def test_immediate_danger_is_due_now_and_what_is_urgent_today() -> None:
    now = due(priority="life-safety")
    assert now == deadlines.Due(ACKNOWLEDGE, 0)
    today = due(priority="urgent")
    assert today is not None
    assert 0 < today.at <= DAY
    assert due(priority="routine") == due() == deadlines.Due(ACKNOWLEDGE, 7 * DAY)
    assert deadlines.due(
        "closed", "", first_at=0, acknowledged_at=1, feedback="", periods=Periods(), danger_at=9
    ) == deadlines.Due(deadlines.DANGER, 9), "whatever was done before"


async def test_deadlines_begin_with_who_is_in_danger_and_has_nobody(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    calm = tell(vault, somebody(), now - 8 * DAY, body(1, {}))
    danger = tell(vault, somebody(), now, body(2, DANGER))
    shown = (await browser.get("/due")).text
    assert shown.index('id="due-danger"') < shown.index('id="due-late"')
    first, rest = shown.split('id="due-late"')
    assert case_views.case_name(danger) in first
    assert "assess now" in first
    assert case_views.case_name(danger) not in rest, "once"
    assert case_views.case_name(calm) in rest
    await browser.get(f"/cases/{danger}")
    await browser.post(f"/cases/{danger}/triage", priority="life-safety", **{"was-priority": ""})
    first = (await browser.get("/due")).text.split('id="due-late"')[0]
    assert case_views.case_name(danger) in first
    assert "acknowledge now" in first


async def test_what_was_taken_and_is_nobodys_again_alarms_again(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    case = tell(vault, somebody(), now, body(1, DANGER))
    await browser.post("/cases", case=case, owner="me")
    assert alarming(vault) == []
    await browser.post("/cases", case=case, owner="none")
    assert alarming(vault) == [case]
    await browser.post("/cases", case=case, owner="me")
    assert alarming(vault) == []


async def test_a_transfer_that_is_undone_leaves_no_danger_assessed(browser: Browser) -> None:
    vault, now = browser.console.vault, browser.console.now()
    said = {"text": "Help.", "lang": "en", "desks": ["support", "police"], "answers": DANGER}
    case = tell(vault, somebody(), now, bodies.write_body("report", f"{1:032x}", said))
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/hand", desk="police", reason="Theirs.", sure="1")
    assert alarming(vault) == []
    await browser.post(f"/cases/{case}/hand", undo="1")
    assert alarming(vault) == [case]
    # What was assessed before stays so.
    await browser.post(f"/cases/{case}/triage", priority="urgent", **{"was-priority": ""})
    await browser.post(f"/cases/{case}/hand", desk="police", reason="Theirs.", sure="1")
    await browser.post(f"/cases/{case}/hand", undo="1")
    assert alarming(vault) == []
