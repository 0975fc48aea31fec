"""What alarms, whom it tells, and the two states in which no case is on the screen."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from app.console.cases import assessing, casework
from app.console.desk.outgoing import Turn
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.pages import alarm_pages
from app.console.rules import changes
from app.console.rules.changes import OWNER
from app.console.vault import forgetting
from app.console.vault.custody.audit_log import HERE
from app.console.vault.installation import owner, settings
from app.console.web.alarm.alarm_state import ON_DANGER, ON_DEAF
from app.console.web.alarm.deafness import DEAF_SECONDS
from app.console.web.alarm_watch import look_once
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.console.web.view_models import case_name
from app.protocol.directory import open_directory
from tests.console.browser import PORT, Browser, at
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.console.running_line import PASSPHRASE, Line

pytestmark = pytest.mark.anyio

WORDS = PASSPHRASE.reveal().decode()
SCRIPT = {"x-quietline-csrf": ""}


@asynccontextmanager
async def console_of(line: Line, interval: float = 300) -> AsyncIterator[Browser]:
    """Give a browser at a console that would sync, and has nobody to sync with."""
    settings = ConsoleSettings(port=PORT, interval=interval)
    console = Console(line.folder_of("ana"), settings, now=lambda: line.now)
    console.adopt(line.vault())
    try:
        async with at(console) as browser:
            await browser.sign_in()
            yield browser
    finally:
        await console.lock()


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    still.enrol("ben", ["support"])
    file = still.publish()
    async with console_of(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        yield one


@pytest.fixture
def asleep(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return for how long the machine has slept, in seconds: its first member may be set."""
    seconds = [0.0]
    boot, told = time.CLOCK_BOOTTIME, time.clock_gettime
    monkeypatch.setattr(
        time, "clock_gettime", lambda clock: told(clock) + (seconds[0] if clock == boot else 0)
    )
    return seconds


async def state(browser: Browser) -> dict[str, object]:
    answer = await browser.get("/alarm/state", **SCRIPT)
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


async def arrives(browser: Browser, number: int = 1) -> str:
    console = browser.console
    case = tell(console.vault, somebody(), console.now(), body(number, DANGER))
    await look_once(console)
    return case


def in_danger_unassigned(shown: httpx.Response) -> list[str]:
    """Return the cases with which *Deadlines* begins."""
    first = shown.text.split('id="due-danger"')[1].split("</section>")[0]
    return list(dict.fromkeys(re.findall(r"/cases/([0-9a-f]{64})", first)))


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
    closed = {"status": "closed/no-action", "was-status": "new"}
    await browser.post(f"/cases/{main}/triage", **closed)
    duplicate = await arrives(browser, 2)
    await browser.post(f"/cases/{duplicate}/merge", into=main)
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


async def test_a_clock_that_jumps_makes_no_console_deaf(browser: Browser, still: Line) -> None:
    still.now += 10 * 24 * 3600
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""
    still.now -= 20 * 24 * 3600
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""


async def test_ten_minutes_without_a_sync_are_told_and_a_sync_ends_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    hearing = browser.console.alarm.deafness
    hearing.heard_at -= DEAF_SECONDS + 1
    await look_once(browser.console)
    found = await state(browser)
    assert "hears nothing" in str(found["deaf"])
    assert found["deaf_ring"] == 1
    assert "hears nothing" in (await browser.get("/team")).text
    refused = await browser.post("/duty", hours="8")
    assert "would hear nothing" in refused.text
    hearing.heard()
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""


async def test_a_console_that_syncs_when_asked_is_never_deaf_and_never_on_duty(
    still: Line,
) -> None:
    async with console_of(still, interval=0) as browser:
        browser.console.alarm.deafness.heard_at -= 100_000
        await look_once(browser.console)
        assert (await state(browser))["deaf"] == ""
        assert "cannot be on duty" in (await browser.get("/alarm")).text
        with pytest.raises(ConsoleError):
            browser.console.go_on_duty(8)


async def test_a_machine_that_slept_finds_the_console_locked_and_says_so(
    browser: Browser, asleep: list[float], still: Line
) -> None:
    await look_once(browser.console)
    asleep[0] = 40 * 60
    still.now += 40 * 60
    await look_once(browser.console)
    assert browser.console.locked
    found = await state(browser)
    assert "computer slept" in str(found["deaf"])
    assert found["deaf_ring"] == 1
    shown = (await browser.get("/unlock")).text
    assert "Not looking since" in shown
    assert "computer slept" in shown


async def test_who_locks_by_hand_is_not_called_deaf(browser: Browser, asleep: list[float]) -> None:
    await browser.post("/lock")
    asleep[0] = 8 * 3600
    await look_once(browser.console)
    found = await state(browser)
    assert (found["place"], found["deaf"], found["deaf_ring"]) == ("locked", "", 0)
    assert "Not looking since" in (await browser.get("/unlock")).text


async def test_a_console_that_locked_itself_is_deaf_ten_minutes_later(
    browser: Browser, asleep: list[float]
) -> None:
    await browser.console.lock()
    await look_once(browser.console)
    assert (await state(browser))["deaf"] == ""
    left = browser.console.left
    assert left is not None
    assert left.deaf_at is not None
    assert left.deaf_at - time.clock_gettime(time.CLOCK_BOOTTIME) > DEAF_SECONDS - 60
    asleep[0] = 2.5 + DEAF_SECONDS  # a clock that goes on: no sleep is told of 2.5 s at a time
    browser.console.alarm.deafness.slept()
    await look_once(browser.console)
    assert "locked itself" in str((await state(browser))["deaf"])


async def test_on_duty_the_screen_shows_a_number_and_nothing_else(browser: Browser) -> None:
    case = await arrives(browser)
    before = dict(browser.http.cookies)
    await browser.post("/duty", hours="8")
    browser.http.cookies.update(before)
    console = browser.console
    assert not console.locked, "it goes on looking"
    for address in ("/", f"/cases/{case}", "/team", "/search", "/alarm", "/machine"):
        answer = await browser.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/unlock"), address
    shown = (await browser.get("/unlock")).text
    assert "Screen locked, on duty" in shown
    assert case_name(case) not in shown
    assert "Words 1" not in shown
    assert case not in shown
    found = await state(browser)
    assert (found["place"], found["count"]) == ("duty", 1)
    assert {found["case"], found["name"], found["was"]} == {""}
    await arrives(browser, 2)
    assert (await state(browser))["count"] == 2
    assert console.alarm.rings[ON_DANGER] == 2

    answer = await browser.post("/unlock", passphrase="not the right one")
    assert "does not open" in answer.text
    assert console.duty is not None
    browser.http.cookies.clear()
    await browser.post("/unlock", passphrase=WORDS)
    assert console.duty is None
    assert case_name(case) in (await browser.get("/")).text


async def test_a_link_that_was_not_used_leads_nowhere_on_duty(browser: Browser) -> None:
    link = browser.login()
    await browser.post("/duty", hours="2")
    assert (await browser.http.get(link)).status_code == 403
    assert browser.console.duty is not None


async def test_the_end_of_the_shift_locks_and_the_idle_limit_does_not(
    browser: Browser, asleep: list[float]
) -> None:
    idle = browser.http._transport.app.state.idle  # type: ignore[attr-defined]
    await browser.post("/duty", hours="2")
    asleep[0] = 60 * 60
    assert not await idle.lock_if_idle()
    asleep[0] = 2 * 60 * 60
    assert await idle.lock_if_idle()
    assert browser.console.locked
    assert browser.console.duty is None
    assert "Not looking since" in (await browser.get("/unlock")).text


async def test_sleep_on_duty_locks(browser: Browser, asleep: list[float]) -> None:
    await browser.post("/duty", hours="8")
    asleep[0] = 30
    await look_once(browser.console)
    assert browser.console.locked
    assert browser.console.alarm.rings[ON_DEAF] == 1


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
