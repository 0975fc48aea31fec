"""The safety plan: written by the team, due on its day, in the export's history and in no copy."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from app.console.rules import changes, deadlines, safety_plan
from app.console.rules.deadlines import SAFETY, Due, Periods
from app.console.rules.safety_plan import KNOWS, LOOK, SIGNAL, WAYS
from app.console.vault import Vault, forgetting
from app.console.vault.installation import owner
from app.console.vault.records import cases
from app.console.web.case_views import case_name
from app.protocol.directory import open_directory
from tests.console.browser import Browser, opened
from tests.console.cases.test_danger import body, somebody, tell
from tests.console.cases.test_due import group
from tests.console.running_desk import both_have_a_case, do, pass_on
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    file = still.publish()
    async with opened(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        await one.sign_in()
        yield one


def a_case(browser: Browser) -> str:
    return tell(browser.console.vault, somebody(), browser.console.now(), body(1, {}))


def kept(vault: Vault, case: str) -> dict[str, str]:
    with vault.read() as tx:
        state = cases.state(tx, case, "support")
    return {name: state.get(name) for name in (SIGNAL, WAYS, KNOWS, LOOK) if state.get(name)}


PLAN = {SIGNAL: "It is raining", WAYS: "Sundays, <b>library</b>", KNOWS: "Her sister"}


async def test_a_plan_is_written_shown_changed_and_undone(browser: Browser) -> None:
    case = a_case(browser)
    page = (await browser.get(f"/cases/{case}")).text
    assert "Nothing has been agreed yet." in page
    await browser.post(f"/cases/{case}/safety-plan", **PLAN, **{LOOK: ""})
    page = (await browser.get(f"/cases/{case}")).text
    section = page.partition('id="safety-plan"')[2].partition("</section>")[0]
    for shown in ("It is raining", "Sundays, &lt;b&gt;library&lt;/b&gt;", "Her sister"):
        assert shown in section
    assert "wrote in the safety plan (Agreed signal): It is raining" in page
    changed = {SIGNAL: "", f"was-{SIGNAL}": "It is raining"}
    await browser.post(f"/cases/{case}/safety-plan", **changed)
    page = (await browser.get(f"/cases/{case}")).text
    assert "took out of the safety plan: Agreed signal" in page
    assert SIGNAL not in kept(browser.console.vault, case)
    await browser.post("/undo")
    assert kept(browser.console.vault, case) == PLAN


@pytest.mark.parametrize(
    "wrong",
    [{SIGNAL: "x" * 121}, {WAYS: "x" * 301}, {KNOWS: "x" * 301}, {LOOK: "soon"}],
    ids=lambda wrong: next(iter(wrong)),
)
async def test_what_is_too_long_or_no_day_is_refused_whole(
    browser: Browser, wrong: dict[str, str]
) -> None:
    case = a_case(browser)
    answer = await browser.post(f"/cases/{case}/safety-plan", **(PLAN | wrong))
    assert (answer.status_code, "Nothing was saved." in answer.text) == (400, True)
    assert kept(browser.console.vault, case) == {}


async def test_what_somebody_else_wrote_meanwhile_is_not_written_over(browser: Browser) -> None:
    case, vault = a_case(browser), browser.console.vault
    do(vault, browser.console.now(), changes.put(case, SIGNAL, "The dog is ill"))
    old = {SIGNAL: "It is raining", f"was-{SIGNAL}": ""}
    answer = await browser.post(f"/cases/{case}/safety-plan", **old)
    assert answer.status_code == 400
    assert kept(vault, case) == {SIGNAL: "The dog is ill"}


def test_its_day_is_a_deadline_of_its_own_beside_the_others() -> None:
    day = deadlines.due(
        "in-progress", "2026-12-24", first_at=0, acknowledged_at=0, feedback="2026-11-01",
        periods=Periods(), plan_at=deadlines.plan_at(["", "2026-12-10"]),
    )  # fmt: skip
    assert day is not None
    assert day.kind == SAFETY
    given = {"first_at": 0, "acknowledged_at": 0, "feedback": "", "periods": Periods()}
    closed = deadlines.due("closed", "", plan_at=DAY, **given)  # type: ignore[arg-type]
    assert closed is None
    assert deadlines.due("waiting", "", plan_at=deadlines.plan_at(["x"]), **given) == Due(
        "feedback", 89 * DAY
    )  # type: ignore[arg-type]


async def test_on_its_day_it_stands_among_the_deadlines(still: Line, browser: Browser) -> None:
    case = a_case(browser)
    await browser.post(f"/cases/{case}/triage", status="in-progress", priority="routine")
    page = (await browser.get("/due")).text
    assert case not in group(page, "today")
    today = dt.datetime.fromtimestamp(still.now, dt.UTC).date().isoformat()
    await browser.post(f"/cases/{case}/safety-plan", **{LOOK: today})
    page = (await browser.get("/due")).text
    assert case in group(page, "today")
    assert "safety plan: today" in page


def in_days(line: Line, days: int) -> str:
    return dt.datetime.fromtimestamp(line.now + days * DAY, dt.UTC).date().isoformat()


def row(page: str, case: str) -> str:
    return page.partition(f'data-case="{case}"')[2].partition("</li>")[0]


async def test_it_is_read_above_the_messages_and_not_on_paper(browser: Browser) -> None:
    case, main = a_case(browser), a_case(browser)
    assert "agreed" not in (await browser.get(f"/cases/{case}")).text.partition('id="choices"')[0]
    await browser.post(f"/cases/{case}/safety-plan", **PLAN, **{LOOK: ""})
    await browser.post(f"/cases/{case}/merge", into=main)
    for one in (case, main):
        above = (await browser.get(f"/cases/{one}")).text.partition('id="choices"')[0]
        line = above.partition('<p class="agreed screen-only">')[2]
        for said in ("It is raining", "Sundays, &lt;b&gt;library&lt;/b&gt;", "Her sister"):
            assert said in line
    assert f"Safety plan of {case_name(case)}" in line, "not of who wrote the main case"


async def test_what_is_overdue_for_longer_does_not_hide_its_day(
    still: Line, browser: Browser
) -> None:
    vault = browser.console.vault
    case = tell(vault, somebody(), still.now - 30 * DAY, body(1, {}))
    for days, said in ((3, ""), (2, "in 2 days"), (0, "today"), (-2, "2 days late")):
        do(vault, still.now, changes.put(case, LOOK, in_days(still, days)))
        for page in (row((await browser.get("/")).text, case), (await browser.get("/due")).text):
            assert "23 days late" in page
            assert (f"safety plan: {said}" in page) if said else ("safety plan" not in page)
        assert (f"safety plan: {said}" in (await browser.get(f"/cases/{case}")).text) == bool(said)
    await browser.post(f"/due/{case}", days="3", reason="The clinic calls")
    assert "safety plan: 2 days late" in row((await browser.get("/")).text, case), "nor snoozing"


async def test_a_duplicates_plan_is_shown_and_reminds_where_it_was_merged_into(
    still: Line, browser: Browser
) -> None:
    case, main = a_case(browser), a_case(browser)
    await browser.post(f"/cases/{case}/safety-plan", **PLAN, **{LOOK: in_days(still, 0)})
    await browser.post(f"/cases/{main}/triage", status="in-progress", priority="routine")
    before = (await browser.get(f"/cases/{case}/merge")).text
    assert "reminds of its day" in before, "said before it is done"
    await browser.post(f"/cases/{case}/merge", into=main)
    page = (await browser.get(f"/cases/{main}")).text
    section = page.partition('id="safety-plan"')[2].partition("</section>")[0]
    assert "It is raining" in section
    assert f'href="/cases/{case}#safety-plan"' in section
    assert kept(browser.console.vault, main) == {}, "it is no plan with the other reporter"
    today = group((await browser.get("/due")).text, "today")
    assert main in today
    assert case not in today
    assert "reminds of it: this one is merged into it" in (await browser.get(f"/cases/{case}")).text
    await browser.post(f"/cases/{case}/safety-plan", **{LOOK: "", f"was-{LOOK}": in_days(still, 0)})
    assert main not in group((await browser.get("/due")).text, "today")
    await browser.post("/undo")
    assert main in group((await browser.get("/due")).text, "today")
    await browser.post(f"/cases/{case}/merge", into="")
    today = group((await browser.get("/due")).text, "today")
    assert case in today
    assert main not in today


async def test_a_main_case_that_is_closed_reminds_of_a_duplicates_day_as_little_as_of_its_own(
    still: Line, browser: Browser
) -> None:
    case, main, last = (a_case(browser) for _ in range(3))
    await browser.post(f"/cases/{case}/safety-plan", **PLAN, **{LOOK: in_days(still, 0)})
    await browser.post(f"/cases/{case}/merge", into=main)
    await browser.post(f"/cases/{main}/merge", into=last)
    page = (await browser.get(f"/cases/{case}")).text
    assert f"{case_name(last)} reminds of it" in page, "not the one between, which is closed"
    assert last in (await browser.get("/due")).text
    await browser.post(f"/cases/{last}/triage", status="closed/referred")
    page = (await browser.get(f"/cases/{case}")).text
    assert "reminds of it" not in page
    assert "A closed case reminds nobody." in page
    assert last not in (await browser.get("/due")).text
    await browser.post(f"/cases/{last}/triage", status="in-progress")
    assert "safety plan: today" in row((await browser.get("/")).text, last)


async def test_nothing_reminds_of_the_plan_of_a_duplicate_that_is_destroyed(
    still: Line, browser: Browser
) -> None:
    case, between, main = (a_case(browser) for _ in range(3))
    await browser.post(f"/cases/{case}/safety-plan", **PLAN, **{LOOK: in_days(still, 0)})
    await browser.post(f"/cases/{main}/triage", status="in-progress", priority="routine")
    await browser.post(f"/cases/{case}/merge", into=between)
    await browser.post(f"/cases/{between}/merge", into=main)
    assert "safety plan: today" in row((await browser.get("/")).text, main)
    with browser.console.vault.write() as tx:
        forgetting.forget_case(tx, case, "somebody", still.now)
    assert "safety plan" not in row((await browser.get("/")).text, main)
    assert main not in group((await browser.get("/due")).text, "today")


async def test_an_export_has_it_in_its_history_and_a_copy_has_nothing_of_it(
    browser: Browser,
) -> None:
    case = a_case(browser)
    await browser.post(f"/cases/{case}/safety-plan", **PLAN)
    whole = (await browser.post(f"/cases/{case}/export")).content
    assert "It is raining" in inside(whole, "custody.jsonl")
    assert "It is raining" in inside(whole, "reader.html")
    copy = (await browser.post(f"/cases/{case}/copy", reason="For the lawyer", save="yes")).content
    with zipfile.ZipFile(io.BytesIO(copy)) as got:
        assert got.namelist()
        assert not [name for name in got.namelist() if b"It is raining" in got.read(name)]


def inside(data: bytes, wanted: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as got:
        (name,) = [one for one in got.namelist() if one.endswith(wanted)]
        return got.read(name).decode()


async def test_colleagues_have_it_after_their_next_sync(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    said = [changes.put(case, name, value) for name, value in PLAN.items()]
    do(ana, line.now, *said)
    await pass_on(line, ana, ben)
    assert kept(ben, case) == PLAN


def test_what_is_kept_is_one_line_of_bounded_length() -> None:
    assert safety_plan.clean(SIGNAL, "  a\r\n b\x00 ") == "a b"
    assert safety_plan.clean(SIGNAL, "x" * 121) is None
    assert safety_plan.clean(LOOK, "") == ""
    assert safety_plan.clean(LOOK, "2026-13-40") is None
