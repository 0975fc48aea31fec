"""A main case is chosen, not typed: linked cases, the latest, those with such a name."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest

from app.console.cases import retention
from app.console.line import trusted_line
from app.console.rules import changes, keeping, vocabulary
from app.console.rules.changes import DUPLICATE_OF, STATUS
from app.console.vault.records import messages
from app.console.web import case_views
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import listed
from tests.console.cases.test_danger import body, somebody, tell
from tests.console.features.links.test_link_pages import ready
from tests.console.features.links.test_linking import PHONE, SAME_PHONE
from tests.console.left_out import needs
from tests.console.running_desk import do
from tests.console.running_line import DAY, Line

pytestmark = [pytest.mark.anyio, needs("links")]


def offered(page: str) -> dict[str, list[str]]:
    """Return the cases that a page offers, by the heading over them."""
    found = {}
    for part in re.findall(r'<fieldset class="merge-choices">.*?</fieldset>', page, re.DOTALL):
        (title,) = re.findall(r"<legend>(.*?)</legend>", part)
        found[title] = re.findall(r'name="into" value="([0-9a-f]{64})"', part)
    return found


async def get(browser: Browser, path: str) -> str:
    return html.unescape((await browser.get(path)).text)


async def test_linked_cases_are_offered_first_then_the_latest_and_one_press_merges(
    line: Line,
) -> None:
    one, two, three = await ready(line, PHONE, SAME_PHONE, "nothing")
    async with opened(line) as browser:
        await browser.sign_in()
        assert offered(await get(browser, f"/cases/{one}")) == {"Linked cases": [two]}
        assert offered(await get(browser, f"/cases/{three}")) == {}
        page = await get(browser, f"/cases/{one}/merge")
        assert offered(page) == {"Linked cases": [two], "Latest cases": [three]}
        assert "They keep our passports. his number" in page
        await browser.post(f"/cases/{one}/merge", into=three)
        assert f'A duplicate of <a href="/cases/{three}">' in await get(browser, f"/cases/{one}")
        await browser.post("/undo")
        assert offered(await get(browser, f"/cases/{one}")) == {"Linked cases": [two]}


async def test_a_case_is_found_by_the_beginning_of_its_name_and_none_is_said_so(
    line: Line,
) -> None:
    one, two, three = await ready(line, "a", "b", "c")
    first, second = case_views.case_name(two).split("-")
    async with opened(line) as browser:
        await browser.sign_in()
        for said in (
            first[:4],
            f"{first} {second}",
            f" {second.upper()}",
            f"{first[:3]}-{second[:3]}",
        ):
            page = await get(browser, f"/cases/{one}/merge?name={said}")
            assert offered(page)["With that name"][0] == two, said
        nobody = await get(browser, f"/cases/{one}/merge?name=<b>")
        assert "No case of this team is called “<bdi><b></bdi>”" in nobody
        assert "<bdi><b>" not in (await browser.get(f"/cases/{one}/merge?name=<b>")).text
        assert set(offered(nobody)["Latest cases"]) == {two, three}
        # Itself is never offered, and what is not quite a name leads to the choice.
        mine = case_views.case_name(one)
        assert "With that name" not in offered(
            await get(browser, f"/cases/{one}/merge?name={mine}")
        )
        led = await browser.post(f"/cases/{one}/merge", into=first[:4])
        assert led.headers["location"].endswith(f"/cases/{one}/merge?name={first[:4]}")
        assert (await browser.get(f"/cases/{'0' * 64}/merge")).status_code == 404


async def test_the_list_says_with_how_many_a_case_is_linked(line: Line) -> None:
    one, two, three = await ready(line, PHONE, SAME_PHONE, "nothing")
    async with opened(line) as browser:
        await browser.sign_in()
        rows = dict(
            re.findall(r'data-case="([0-9a-f]{64})"(.*?)</li>', await get(browser, "/"), re.DOTALL)
        )
        assert "1 linked" in " ".join(rows[one].split())
        assert "1 linked" in " ".join(rows[two].split())
        assert "linked" not in rows[three]


async def test_what_was_more_urgent_is_not_closed_with_its_duplicates(line: Line) -> None:
    main, one, two, three = await ready(line, "a", "b", "c", "d")
    async with opened(line) as browser:
        await browser.sign_in()
        for case, priority in ((main, "routine"), (one, "urgent"), (two, "life-safety")):
            await browser.post(f"/cases/{case}/triage", priority=priority, **{"was-priority": ""})
        await browser.post(f"/cases/{three}/merge", into=main)
        assert listed(browser, main).priority == "routine", "not assessed says nothing"
        assert "more urgent priority" in await get(browser, f"/cases/{one}/merge")
        await browser.post(f"/cases/{one}/merge", into=main)
        assert listed(browser, main).priority == "urgent"
        await browser.post(f"/cases/{two}/merge", into=main)
        name = case_views.case_name(main)
        assert f"{name} is now: Immediate danger" in await get(browser, f"/cases/{main}")
        assert listed(browser, main).priority == "life-safety"
        await browser.post("/undo")
        assert listed(browser, main).priority == "urgent"
        assert listed(browser, two).merged == ""
        await browser.post("/undo")
        assert listed(browser, main).priority == "routine"
        assert listed(browser, one).merged == ""
        await browser.post(f"/cases/{main}/merge", into=one)
        assert listed(browser, one).priority == "urgent", "never less urgent than it was"


async def test_a_duplicate_that_is_found_more_urgent_later_raises_its_main_case(
    line: Line,
) -> None:
    main, middle, one = await ready(line, "a", "b", "c")
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{one}/merge", into=middle)
        await browser.post(f"/cases/{middle}/merge", into=main)
        await browser.post(f"/cases/{one}/triage", priority="life-safety")
        assert listed(browser, main).priority == "life-safety"
        assert listed(browser, middle).priority == "", "it is closed, and shown nowhere"
        name = case_views.case_name(main)
        assert f"{name} is now: Immediate danger" in await get(browser, f"/cases/{one}")
        assert main in await get(browser, "/?view=danger")
        await browser.post("/undo")
        assert listed(browser, main).priority == listed(browser, one).priority == ""
        await browser.post(f"/cases/{main}/triage", priority="urgent")
        await browser.post(f"/cases/{one}/triage", priority="routine")
        assert listed(browser, main).priority == "urgent", "never less urgent than it was"


async def test_taking_back_one_of_two_merges_leaves_what_the_other_one_raised(line: Line) -> None:
    main, one, two = await ready(line, "a", "b", "c")
    async with opened(line) as browser:
        await browser.sign_in()
        for case, priority in ((one, "life-safety"), (two, "urgent")):
            await browser.post(f"/cases/{case}/triage", priority=priority)
        await browser.post(f"/cases/{one}/merge", into=main)
        first = browser.console.undo.last()
        await browser.post(f"/cases/{two}/merge", into=main)
        await browser.post("/undo", step=str(first))
        assert listed(browser, one).merged == ""
        assert listed(browser, main).priority == "urgent", "as the one that is still merged"
        await browser.post(f"/cases/{one}/merge", into=main)
        first = browser.console.undo.last()
        await browser.post(f"/cases/{main}/triage", priority="routine")
        await browser.post("/undo", step=str(first))
        assert listed(browser, main).priority == "routine", "somebody has set it since"


async def test_the_list_merges_nothing(line: Line) -> None:
    """It would close two cases that are told to be duplicates of each other."""
    one, two = await ready(line, "a", "b")
    async with opened(line) as browser:
        await browser.sign_in()
        answer = await browser.post("/cases", case=one, **{"duplicate-of": two, "sure": "yes"})
        assert answer.status_code == 400
        assert listed(browser, one).merged == ""
        assert listed(browser, one).status == "new"


async def test_nothing_is_merged_into_a_closed_case(line: Line) -> None:
    one, shut, two = await ready(line, PHONE, SAME_PHONE, "nothing")
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{shut}/triage", status="closed/referred")
        name = case_views.case_name(shut)
        assert offered(await get(browser, f"/cases/{one}")) == {}, "nor one that is linked"
        for said in ("", name[:4]):
            page = await get(browser, f"/cases/{one}/merge?name={said}")
            assert shut not in page
            assert two in page
        assert f"{name} is closed" in await get(browser, f"/cases/{one}/merge?name={name}")
        assert "With that name" not in offered(
            await get(browser, f"/cases/{one}/merge?name={name}")
        )
        for said in (name, shut):
            answer = await browser.post(f"/cases/{one}/merge", into=said)
            assert answer.status_code == 400
            assert f"{name} is closed, and a closed case reminds nobody." in answer.text
            assert "Reopen it first" in answer.text
        assert listed(browser, one).merged == ""
        assert listed(browser, one).status == "new"
        await browser.post(f"/cases/{shut}/triage", status="in-progress")
        await browser.post(f"/cases/{one}/merge", into=name)
        assert listed(browser, one).merged == shut
        assert one not in offered(await get(browser, f"/cases/{two}/merge"))["Latest cases"]
        await browser.post(f"/cases/{two}/merge", into=one)
        assert listed(browser, two).merged == shut, "a duplicate stands for its main case"


async def test_what_was_merged_into_a_destroyed_case_goes_to_the_one_that_stood_for_it(
    line: Line,
) -> None:
    await ready(line)
    today = dt.datetime.fromtimestamp(line.now, dt.UTC).date().isoformat()
    async with opened(line) as browser:
        await browser.sign_in()
        vault = browser.console.vault
        low, middle, main, other = (tell(vault, somebody(), line.now, body(1, {})) for _ in "abcd")
        await browser.post(f"/cases/{low}/safety-plan", **{"safety-look": today})
        await browser.post(f"/cases/{low}/merge", into=middle)
        await browser.post(f"/cases/{middle}/merge", into=main)
        with vault.write() as tx:
            known = trusted_line.load_in(tx)
            messages.mark_read(tx, middle)
            retention.schedule_destruction(tx, known, [middle], line.now)
        line.now += keeping.UNDO_DAYS * DAY
        assert retention.destroy(vault, known, line.now) == 1
        assert (await browser.get(f"/cases/{middle}")).status_code in (404, 410)
        assert f'A duplicate of <a href="/cases/{main}">' in await get(browser, f"/cases/{low}")
        page = await get(browser, f"/cases/{main}")
        assert f"/cases/{low}#safety-plan" in page, "its plan is read there"
        assert "safety plan: 7 days late" in page, "and reminds there"
        await browser.post(f"/cases/{low}/triage", priority="life-safety")
        assert listed(browser, main).priority == "life-safety", "as what is found of it later does"
        assert main in await get(browser, "/?view=danger")
        # It is a duplicate as any other one: merged further, and taken apart.
        await browser.post(f"/cases/{main}/merge", into=other)
        assert listed(browser, other).plan_at is not None
        await browser.post(f"/cases/{low}/merge", into="")
        assert (listed(browser, low).merged, listed(browser, low).status) == ("", "new")
        assert listed(browser, other).plan_at is None


def row_of(page: str, case: str) -> str:
    """Return the words of a case's row in a list, one space between them."""
    (row,) = re.findall(rf'data-case="{case}"(.*?)</li>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


async def test_a_child_in_a_duplicate_stays_in_sight_at_the_case_that_stands_for_it(
    line: Line,
) -> None:
    await ready(line)
    words = "Under 18, says a case merged into this one"
    async with opened(line) as browser:
        await browser.sign_in()
        vault, child = browser.console.vault, somebody()
        main = tell(vault, somebody(), line.now, body(1, {"under_18": "unknown"}))
        middle = tell(vault, somebody(), line.now, body(1, {}))
        low = tell(vault, child, line.now, body(1, {"under_18": "yes"}))
        await browser.post(f"/cases/{low}/merge", into=middle)
        assert "Under 18" not in row_of(await get(browser, "/"), main)
        await browser.post(f"/cases/{middle}/merge", into=main)
        assert "Under 18" in row_of(await get(browser, "/"), main)
        page = await get(browser, f"/cases/{main}")
        (said,) = re.findall(rf"<dt>{words}</dt><dd.*?>(.*?)</dd>", page)
        assert said == f'<a href="/cases/{low}">{case_views.case_name(low)}</a>'
        assert words not in await get(browser, f"/cases/{low}"), "its own answer says it there"
        await browser.post("/undo")
        assert "Under 18" not in row_of(await get(browser, "/"), main)
        assert words not in await get(browser, f"/cases/{main}")
        # And what is said, or taken back, only after the merge.
        await browser.post(f"/cases/{middle}/merge", into=main)
        tell(vault, child, line.now + 1, body(2, {"under_18": "no"}))
        assert "Under 18" not in row_of(await get(browser, "/"), main)
        assert words not in await get(browser, f"/cases/{main}")


async def test_a_duplicate_says_at_its_head_which_case_stands_for_it(line: Line) -> None:
    low, middle, main = await ready(line, "a", "b", "c")

    def head(page: str) -> str:
        (found,) = re.findall(r'<div id="standing">(.*?)<div class="thread-body">', page, re.DOTALL)
        return found

    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{low}/merge", into=middle)
        await browser.post(f"/cases/{middle}/merge", into=main)
        for one in (low, middle):
            shown = head(await get(browser, f"/cases/{one}"))
            (words,) = re.findall(rf'<a href="/cases/{main}">(.*?)</a>', shown)
            assert words == f"Duplicate of {case_views.case_name(main)}"
        assert "Duplicate of" not in head(await get(browser, f"/cases/{main}"))
        await browser.post(f"/cases/{middle}/merge", into="")
        assert f'<a href="/cases/{middle}">' in head(await get(browser, f"/cases/{low}"))
        assert "Duplicate of" not in head(await get(browser, f"/cases/{middle}"))
        # A colleague may have merged it into one that has not come to this console.
        absent = "ab" * 32
        do(browser.console.vault, line.now, changes.put(main, DUPLICATE_OF, absent))
        shown = head(await get(browser, f"/cases/{main}"))
        assert f"Duplicate of {case_views.case_name(absent)}" in shown
        assert absent not in shown, "a way that leads nowhere"


async def test_a_case_that_stays_open_for_its_circle_is_open_on_its_own_page_too(
    line: Line,
) -> None:
    """Colleagues who had not heard of each other merged them into each other."""
    main, other = sorted(await ready(line, "a", "b"))
    closed = f"closed/{vocabulary.DUPLICATE}"
    why = "closed as a duplicate, but no other case stands for it"
    async with opened(line) as browser:
        await browser.sign_in()
        for one, into in ((main, other), (other, main)):
            said = changes.put(one, DUPLICATE_OF, into), changes.put(one, STATUS, closed)
            do(browser.console.vault, line.now, *said)
        assert "In progress" in row_of(await get(browser, "/"), main)
        page = await get(browser, f"/cases/{main}")
        assert '<option value="in-progress" selected>' in page
        assert '<option value="closed/duplicate" selected>' not in page
        assert why in page
        assert "Destroy this case" not in page, "as of any open one"
        assert why not in await get(browser, f"/cases/{other}")
        # What is set there counts, from what the page showed.
        shown = {"was-status": "in-progress"}
        await browser.post(f"/cases/{main}/triage", status="waiting", **shown)
        assert listed(browser, main).status == "waiting"
        assert why not in await get(browser, f"/cases/{main}")
        answer = await browser.post(f"/cases/{main}/triage", status="closed/spam", **shown)
        assert answer.status_code == 400
        assert "Somebody has changed this" in answer.text


async def test_who_unmerges_on_a_page_of_before_undoes_nothing_that_was_done_since(
    line: Line,
) -> None:
    main, one = await ready(line, "a", "b")
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.post(f"/cases/{one}/triage", status="in-progress")
        await browser.post(f"/cases/{one}/merge", into="")
        assert listed(browser, one).status == "in-progress", "it is merged into none"
        await browser.post(f"/cases/{one}/merge", into=main)
        await browser.post(f"/cases/{one}/triage", status="waiting")
        await browser.post(f"/cases/{one}/merge", into="")
        assert (listed(browser, one).merged, listed(browser, one).status) == ("", "waiting")
