"""A report of danger is not missed: it stands at the top until somebody has assessed it.

Whatever was said of the case before, and in whatever order it came: who decides anew says so to the
desk, so every colleague's list shows the same.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Sequence

import pytest

from app.console.cases import casework
from app.console.line import trusted_line
from app.console.pages.case_actions import CaseAction
from app.console.rules import changes
from app.console.rules.body import read_body
from app.console.rules.changes import PRIORITY, STATUS
from app.console.rules.danger import ASSESSED
from app.console.sync import receive
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.vault.records import case_lists, messages
from app.console.vault.records.case_lists import CaseFilter
from app.protocol import bodies
from app.protocol.directory import open_directory
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.browser import Browser, opened
from tests.console.running_desk import begin, do, pass_on
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

DANGER, SAFE, UNSURE = ({"danger_now": said} for said in ("yes", "no", "unknown"))
NOTICE = "Danger that nobody has assessed"
MARK = "Assess again"


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    file = still.publish()
    async with opened(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        await one.sign_in()
        yield one


def body(number: int, answers: dict[str, str], kind: str = "message") -> bytes:
    said = {"text": f"Words {number}.", "lang": "am", "desks": ["support"], "answers": answers}
    return bodies.write_body(kind, f"{number:032x}", said)


def tell(vault: Vault, who: ReporterIdentity, now: int, *raws: bytes) -> str:
    """Read what comes out of one sync, in this order; gives the case."""
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        for raw in raws:
            parts = (who.public, raw, read_body(raw), now, os.urandom)
            receive.store_message(tx, known, *parts)
    return messages.case_id(who.public)


def somebody() -> ReporterIdentity:
    return ReporterIdentity(new_entropy(os.urandom))


def urgent(vault: Vault) -> list[str]:
    with vault.read() as tx:
        return [one.id for one in case_lists.inbox(tx, CaseFilter(open=True, urgent=True))]


def first(vault: Vault) -> str:
    with vault.read() as tx:
        return case_lists.inbox(tx, CaseFilter(open=True))[0].id


async def triaged(
    browser: Browser, now: int, priority: str = "routine"
) -> tuple[str, ReporterIdentity]:
    """Return a case that was read and put among the quiet ones, and its reporter."""
    who = somebody()
    case = tell(browser.console.vault, who, now, body(1, SAFE, "report"))
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", priority=priority, **{"was-priority": ""})
    return case, who


async def keep(browser: Browser, case: str) -> None:
    """Presses the button by which what the priority says is said again."""
    await browser.post(f"/cases/{case}/triage", assessed="yes")


async def test_a_message_of_danger_brings_a_quiet_case_to_the_top(
    browser: Browser, still: Line
) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    others = [(await triaged(browser, now + 60, "urgent"))[0] for _ in range(2)]
    assert set(urgent(vault)) == set(others)
    tell(vault, who, now + 1, body(2, DANGER))
    assert urgent(vault)[0] == first(vault) == case, "before what is urgent, though older"
    assert MARK in (await browser.get("/")).text
    page = (await browser.get(f"/cases/{case}")).text
    assert NOTICE in page
    assert urgent(vault)[0] == case, "to be read is not to be assessed"
    await keep(browser, case)
    assert set(urgent(vault)) == set(others)
    assert NOTICE not in (await browser.get(f"/cases/{case}")).text
    shown = (await browser.get("/")).text
    assert MARK not in shown
    assert "In danger now" in shown, "the reporter's last word stays told"


@pytest.mark.parametrize(
    "decision",
    [
        {"priority": "information", "was-priority": "routine"},
        {"priority": "life-safety", "was-priority": "routine"},
        {"status": "closed/referred", "was-status": "new"},
    ],
)
async def test_who_decides_anew_has_assessed_and_can_take_it_back(
    browser: Browser, still: Line, decision: dict[str, str]
) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    tell(vault, who, now + 1, body(2, DANGER))
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", **decision)
    assert NOTICE not in (await browser.get(f"/cases/{case}")).text
    await browser.post("/undo")
    assert urgent(vault) == [case]
    assert NOTICE in (await browser.get(f"/cases/{case}")).text


@pytest.mark.parametrize(
    "act",
    [
        {"priority": "", "was-priority": "routine"},
        {"status": "waiting", "was-status": "new"},
        {"label": "the hotel"},
        {"due": "2026-12-24", "was-due": ""},
    ],
)
async def test_nothing_else_that_is_done_to_a_case_assesses_it(
    browser: Browser, still: Line, act: dict[str, str]
) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    tell(vault, who, now + 1, body(2, DANGER))
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", **act)
    assert urgent(vault) == [case]


async def test_nobody_assesses_what_they_have_not_seen(browser: Browser, still: Line) -> None:
    """A page that was open when the message came, or the list, where nobody has opened it."""
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    tell(vault, who, now + 1, body(2, DANGER))
    await keep(browser, case)
    await browser.post("/cases", case=case, priority="information")
    await browser.post("/cases", case=case, status="closed/spam")
    assert urgent(vault) == [case]


async def test_it_stays_where_it_is_closed_and_read(browser: Browser, still: Line) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    await browser.post(f"/cases/{case}/triage", status="closed/no-action", **{"was-status": "new"})
    assert (await browser.get(f"/cases/{case}")).status_code == 200
    tell(vault, who, now + 1, body(2, DANGER))
    assert NOTICE in (await browser.get(f"/cases/{case}")).text
    assert urgent(vault) == [case] == [first(vault)]
    await keep(browser, case)
    assert urgent(vault) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
async def test_it_does_not_hang_on_what_came_first(
    browser: Browser, still: Line, order: Sequence[int]
) -> None:
    """The server hides the order: a later word in the same sync may be the earlier one."""
    said = [body(1, SAFE, "report"), body(2, DANGER), body(3, UNSURE)]
    vault = browser.console.vault
    case = tell(vault, somebody(), still.now, *(said[place] for place in order))
    assert urgent(vault) == [case]
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", priority="routine", **{"was-priority": ""})
    assert urgent(vault) == [], "whoever set the priority had all three on the screen"


async def test_a_later_no_does_not_hide_what_nobody_has_assessed(
    browser: Browser, still: Line
) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    tell(vault, who, now + 1, body(2, DANGER), body(3, SAFE))
    assert urgent(vault) == [case]
    assert "tag-danger" in (await browser.get("/")).text
    await browser.get(f"/cases/{case}")
    await keep(browser, case)
    assert urgent(vault) == []
    assert "tag-danger" not in (await browser.get("/")).text, "the last word is that there is none"


async def test_another_text_under_the_same_number_is_assessed_for_itself(
    browser: Browser, still: Line
) -> None:
    vault, now = browser.console.vault, still.now
    case, who = await triaged(browser, now)
    tell(vault, who, now + 1, body(2, DANGER))
    await browser.get(f"/cases/{case}")
    await keep(browser, case)
    tell(vault, who, now + 2, body(2, DANGER | {"under_18": "yes"}))
    assert urgent(vault) == [case]


async def test_danger_in_a_merged_case_brings_up_the_one_that_stands_for_it(
    browser: Browser, still: Line
) -> None:
    vault, now = browser.console.vault, still.now
    main, _ = await triaged(browser, now)
    merged, who = await triaged(browser, now)
    await browser.post(f"/cases/{merged}/merge", into=main)
    assert urgent(vault) == []
    tell(vault, who, now + 1, body(2, DANGER))
    assert main in urgent(vault)
    page = (await browser.get(f"/cases/{main}")).text
    assert NOTICE in page
    await keep(browser, main)
    assert main in urgent(vault), "the message stands in the other case, which nobody has opened"
    await browser.get(f"/cases/{merged}")
    await keep(browser, main)
    assert urgent(vault) == []
    for case in (main, merged):
        assert NOTICE not in (await browser.get(f"/cases/{case}")).text
    assert MARK not in (await browser.get("/?view=all")).text


async def test_merging_does_not_assess(browser: Browser, still: Line) -> None:
    vault, now = browser.console.vault, still.now
    main, _ = await triaged(browser, now)
    danger = tell(vault, somebody(), now, body(1, DANGER, "report"))
    await browser.get(f"/cases/{danger}")
    await browser.post(f"/cases/{danger}/merge", into=main)
    assert urgent(vault) == [main]


async def test_colleagues_see_the_same_whenever_it_came_to_them(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await begin(line, ana, ben)
    who = await line.send("Quiet.", answers=SAFE)
    await pass_on(line, ana, ben)
    case = messages.case_id(who.public)
    decide(ana, line.now, case, PRIORITY, "routine")
    await pass_on(line, ana, ben)
    await line.send("Now.", reporter=who, kind="message", answers=DANGER)
    await line.sync(ana)
    assert urgent(ana) == [case]
    decide(ana, line.now, case, ASSESSED, "yes")
    assert urgent(ana) == []
    # The server held it back from ben: the decision is there before what it is about.
    await pass_on(line, ana, ben)
    assert (urgent(ana), urgent(ben)) == ([], [])
    await line.send("Again.", reporter=who, kind="message", answers=DANGER)
    for vault in (ana, ben):
        await line.sync(vault)
    assert (urgent(ana), urgent(ben)) == ([case], [case])
    decide(ben, line.now, case, STATUS, "closed/victim-contacted")
    await pass_on(line, ana, ben)
    assert (urgent(ana), urgent(ben)) == ([], [])


async def test_a_console_that_sets_the_priority_alone_hides_nothing(
    line: Line, ana: Vault, ben: Vault
) -> None:
    """An older version's word, or one that was on its way: it says nothing of the message."""
    await begin(line, ana, ben)
    who = await line.send("Now.", answers=DANGER)
    await pass_on(line, ana, ben)
    do(ben, line.now, changes.put(messages.case_id(who.public), PRIORITY, "routine"))
    await pass_on(line, ana, ben)
    assert urgent(ana) == urgent(ben) == [messages.case_id(who.public)]


def decide(vault: Vault, now: int, case: str, name: str, value: str) -> None:
    """As the case's page does it, by somebody who has had all of it on the screen."""
    with vault.write() as tx:
        messages.mark_read(tx, case)
        made = CaseAction(name, value).changes(tx, case, "support")
        casework.act(tx, trusted_line.load_in(tx), "support", made, now)
