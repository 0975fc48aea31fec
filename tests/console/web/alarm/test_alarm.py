"""What alarms, and whom it tells."""

from __future__ import annotations

import asyncio

import pytest

from app.console.cases import assessing, casework
from app.console.desk.outgoing import Turn
from app.console.line import trusted_line
from app.console.pages import alarm_pages
from app.console.rules import changes
from app.console.rules.changes import OWNER
from app.console.vault import forgetting
from app.console.vault.custody.audit_log import HERE
from app.console.vault.installation import settings
from app.console.web.alarm_watch import look_once
from app.console.web.case_views import case_name
from tests.console.browser import Browser
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.console.running_line import Line
from tests.console.web.alarm.alarmed import SCRIPT, arrives, console_of, in_danger_unassigned, state

pytestmark = pytest.mark.anyio


async def test_danger_is_on_every_page_with_a_button_to_take_it(browser: Browser) -> None:
    assert ") DANGER ·" not in (await browser.get("/")).text
    case = await arrives(browser)
    for address in (*browser.places(), "/alarm", "/retention", "/cases/none"):
        shown = (await browser.get(address)).text
        assert "<title>(1) DANGER · " in shown, address
        assert case_name(case) in shown, address
        assert "/alarm/icon/1.svg" in shown, address
        assert 'action="/alarm/take"' in shown, address
    assert "1</span>" in (await browser.get("/due")).text.split('id="danger-count"')[1][:200]
    await browser.post("/alarm/take", case=case, was="")
    shown = (await browser.get("/")).text
    assert ") DANGER ·" not in shown
    assert (await state(browser))["count"] == 0


async def test_many_at_once_are_one_strip_and_one_sound(browser: Browser) -> None:
    for number in range(300):
        tell(browser.console.vault, somebody(), browser.console.now(), body(number, DANGER))
    await look_once(browser.console)
    found = await state(browser)
    assert (found["count"], found["more"], found["ring"]) == (300, 299, 1)
    shown = (await browser.get("/team")).text
    assert shown.count('action="/alarm/take"') == 1
    assert "/alarm/icon/" in shown
    assert ">+<" in (await browser.get("/alarm/icon/300.svg")).text


async def test_a_duplicate_alarms_with_its_main_case_whoever_has_read_it(browser: Browser) -> None:
    main, duplicate = await arrives(browser, 1), await arrives(browser, 2)
    assert (await state(browser))["count"] == 2
    # From the main case's page nobody has had the duplicate on the screen: a colleague merged it.
    await browser.post(f"/cases/{duplicate}/merge", into=main)
    await look_once(browser.console)
    for _ in range(2):
        found = await state(browser)
        assert (found["count"], found["case"]) == (1, main)
        await browser.get(f"/cases/{duplicate}")
        await look_once(browser.console)
    await browser.post("/alarm/take", case=main, was="")
    assert (await state(browser))["count"] == 0


async def test_danger_of_a_duplicate_alone_alarms_through_its_main_case(browser: Browser) -> None:
    main = tell(browser.console.vault, somebody(), browser.console.now(), body(1, {}))
    duplicate = await arrives(browser, 2)
    await browser.post(f"/cases/{duplicate}/merge", into=main)
    await look_once(browser.console)
    found = await state(browser)
    assert (found["count"], found["case"]) == (1, main)
    await browser.post("/alarm/take", case=main, was="")
    assert (await state(browser))["count"] == 0


async def test_no_main_case_that_is_put_away_or_gone_silences_its_duplicate(
    browser: Browser,
) -> None:
    console = browser.console
    main = tell(console.vault, somebody(), console.now(), body(1, {}))
    duplicate = await arrives(browser, 2)
    await browser.post(f"/cases/{duplicate}/merge", into=main)
    closed = {"status": "closed/no-action", "was-status": "new"}
    await browser.post(f"/cases/{main}/triage", **closed)
    await look_once(console)
    found = await state(browser)
    assert (found["count"], found["case"]) == (1, main)
    with console.vault.write() as tx:
        forgetting.forget_case(tx, main, HERE, console.now())
    await look_once(console)
    found = await state(browser)
    assert (found["count"], found["case"]) == (1, duplicate)


async def test_what_a_colleague_has_taken_already_wakes_nobody(browser: Browser) -> None:
    console = browser.console
    await look_once(console)
    case = tell(console.vault, somebody(), console.now(), body(1, DANGER))
    known = trusted_line.load(console.vault)
    with console.vault.write() as tx:
        wanted = [changes.put(case, OWNER, known.own_keys()[0]), *assessing.take(tx, case)]
        casework.act(tx, known, "support", wanted, console.now())
    await look_once(console)
    found = await state(browser)
    assert (found["count"], found["ring"]) == (0, 0)


async def test_it_sounds_too_where_what_was_newest_is_gone(browser: Browser) -> None:
    case = await arrives(browser)
    with browser.console.vault.write() as tx:
        forgetting.forget_case(tx, case, HERE, browser.console.now())
    await look_once(browser.console)
    # SQLite gives the row's number again.
    await arrives(browser, 2)
    found = await state(browser)
    assert (found["count"], found["ring"]) == (1, 2)


async def test_taking_it_is_told_to_the_desk_at_once(browser: Browser) -> None:
    case = await arrives(browser)
    await browser.post(f"/cases/{case}/triage", label="nothing of danger")
    assert not shares(browser)
    await browser.post("/cases", case=case, owner="me")
    assert (await state(browser))["count"] == 0
    assert shares(browser)


def shares(browser: Browser) -> bool:
    with browser.console.vault.read() as tx:
        return settings.load(tx, Turn).wanted


async def test_what_somebody_took_meanwhile_is_not_taken_from_them(browser: Browser) -> None:
    case = await arrives(browser)
    await browser.post("/alarm/take", case=case, was="somebody-else")
    assert (await state(browser))["count"] == 1, "the page that asked was an old one"
    await browser.post("/alarm/take", case=case, was="")
    shown = await browser.post("/alarm/take", case=case, was="")
    assert shown.status_code == 303
    assert "Nothing was done" in (await browser.get("/team")).text


async def test_a_locked_console_tells_nobody_a_number(browser: Browser) -> None:
    await arrives(browser)
    await browser.console.lock()
    await look_once(browser.console)
    found = await state(browser)
    assert (found["place"], found["count"], found["case"]) == ("locked", 0, "")


async def test_who_is_not_signed_in_is_told_nothing(browser: Browser) -> None:
    await arrives(browser)
    browser.http.cookies.clear()
    found = await state(browser)
    assert (found["place"], found["count"], found["words"]) == ("signed-out", 0, "")


async def test_a_shared_desk_is_silent_until_somebody_chooses(browser: Browser) -> None:
    await look_once(browser.console)
    assert not (await state(browser))["sound"]
    await browser.post("/alarm/settings", sound="on", notify="on")
    await look_once(browser.console)
    found = await state(browser)
    assert found["sound"]
    assert found["notify"]


async def test_who_reads_alone_hears_it(still: Line) -> None:
    async with console_of(still) as browser:
        await look_once(browser.console)
        assert (await state(browser))["sound"]


@pytest.fixture
def held_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer a page that waits when something changes, or never."""
    monkeypatch.setattr(alarm_pages, "HOLD_SECONDS", 3_600)


@pytest.mark.usefixtures("held_for_ever")
async def test_a_page_that_waits_is_told_at_once(browser: Browser) -> None:
    await look_once(browser.console)
    seen = (await state(browser))["version"]
    waiting = asyncio.create_task(browser.get(f"/alarm/state?seen={seen}", **SCRIPT))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    await arrives(browser)
    assert (await asyncio.wait_for(waiting, 60)).json()["count"] == 1


@pytest.mark.usefixtures("held_for_ever")
async def test_a_lock_lets_nobody_wait(browser: Browser) -> None:
    await look_once(browser.console)
    seen = (await state(browser))["version"]
    waiting = asyncio.create_task(browser.get(f"/alarm/state?seen={seen}", **SCRIPT))
    await asyncio.sleep(0.2)
    await browser.console.lock()
    assert (await asyncio.wait_for(waiting, 60)).json()["place"] == "locked"


async def test_who_is_in_danger_and_nobodys_can_be_taken_where_deadlines_begin(
    browser: Browser,
) -> None:
    case = await arrives(browser)
    # Who read it assessed it, and left it to whoever comes next: it alarms no more.
    await browser.get(f"/cases/{case}")
    await browser.post(f"/cases/{case}/triage", **{"priority": "life-safety", "was-priority": ""})
    assert (await state(browser))["count"] == 0
    due = (await browser.get("/due")).text
    assert f'aria-label="Take it: {case_name(case)}"' in due
    form = due.split(f'action="/cases/{case}/triage"')[1].split("</form>")[0]
    assert 'name="was-owner" value=""' in form
    assert 'name="owner" value="me"' in form
    await browser.post(f"/cases/{case}/triage", **{"owner": "me", "was-owner": ""})
    assert "Assigned to" in (await browser.get(f"/cases/{case}")).text
    assert (
        "Every case with danger is taken and assigned to somebody"
        in (await browser.get("/due")).text
    )


async def test_deadlines_count_a_duplicate_with_the_case_that_stands_for_it(
    browser: Browser,
) -> None:
    main, duplicate = await arrives(browser, 1), await arrives(browser, 2)
    # Nobody here has had it on the screen: a colleague merged it. So it is in every list still.
    await browser.post(f"/cases/{duplicate}/merge", into=main)
    await look_once(browser.console)
    assert (await state(browser))["count"] == 1
    assert in_danger_unassigned(await browser.get("/due")) == [main]
    await browser.post("/alarm/take", case=main, was="")
    assert (await state(browser))["count"] == 0
    assert in_danger_unassigned(await browser.get("/due")) == []
    assert case_name(duplicate) in (await browser.get("/")).text


async def test_what_is_told_of_a_form_is_what_undo_takes_back(browser: Browser) -> None:
    case = await arrives(browser)
    own = trusted_line.load(browser.console.vault).own_keys()[0]
    form = {"owner": own, "was-owner": ""}
    await browser.post(f"/cases/{case}/triage", **form)
    # Pressed before the answer came: the same form, which says the owner again.
    form |= {"priority": "urgent", "was-priority": ""}
    await browser.post(f"/cases/{case}/triage", **form)
    told = (await browser.get(f"/cases/{case}")).text.split('class="undo')[1].split("</form>")[0]
    assert "Urgent." in told
    assert "Assigned" not in told
