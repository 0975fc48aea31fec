"""The list stands while a case is open: newcomers above, what moved up from beyond below."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.console.pages import list_order
from tests.console.browser import Browser, opened
from tests.console.cases.cases_at_hand import some_cases
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

OPENED = {"x-quietline-opened": "yes"}

some = st.lists(st.sampled_from("abcdefghij"), unique=True)


@given(some, some)
def test_who_was_there_keeps_the_order_and_nobody_is_lost(
    before: list[str], fresh: list[str]
) -> None:
    order = list_order.as_it_stood(before, fresh)
    assert [one for one in order if one in before] == before or not before
    assert set(order) == set(before) | set(fresh)
    assert len(order) == len(set(order))


def test_newcomers_stand_above_and_what_moved_up_below() -> None:
    assert list_order.as_it_stood(list("abc"), list("xcabz")) == list("xabcz")
    assert list_order.as_it_stood(list("abc"), list("bcd")) == list("abcd")
    assert list_order.as_it_stood([], list("ba")) == list("ba")


def test_what_is_no_id_is_passed_over() -> None:
    assert list_order.stood("ab.cd..%x.ab.toolong", 2) == ["ab", "cd"]
    assert len(list_order.stood(".".join(f"{n:04}" for n in range(2_000)), 4)) == 500


def rows(text: str) -> list[str]:
    return re.findall(r'data-case="(\w+)"', text)


def token(browser: Browser) -> dict[str, str]:
    return {"x-quietline-csrf": browser.csrf}


async def test_a_closed_case_stays_in_the_list_that_stands(line: Line) -> None:
    await some_cases(line, 3)
    async with opened(line) as browser:
        await browser.sign_in()
        before = rows((await browser.get("/")).text)
        form = {"status": "closed/spam", "was-status": "new"}
        await browser.get(f"/cases/{before[1]}")
        await browser.post(f"/cases/{before[1]}/triage", **form)
        stood = ".".join(before)
        kept = await browser.get(f"/list?open={before[1]}&stood={stood}", **token(browser))
        assert rows(kept.text) == before
        assert "Sort again" in kept.text
        fresh = await browser.get("/list", **token(browser))
        assert rows(fresh.text) == [before[0], before[2]]
        assert "Sort again" not in fresh.text
        gone = await browser.get(f"/list?stood={stood}.{'0' * 64}", **token(browser))
        assert rows(gone.text) == before


async def test_a_case_comes_as_its_panes_alone_and_counts_as_read_only_for_a_person(
    line: Line,
) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        looked = await browser.get(f"/cases/{case}", **token(browser))
        assert "line-unread" in looked.text
        assert 'id="list"' not in looked.text
        assert 'id="reply-text"' in looked.text
        assert 'id="triage"' in looked.text
        assert "line-unread" in (await browser.get("/")).text
        read = await browser.get(f"/cases/{case}", **token(browser), **OPENED)
        assert rows(read.text) == [case]
        assert "line-unread" not in read.text
        numbers = re.search(r'data-before="(\d+)" data-revision="(\d+)"', read.text)
        assert numbers is not None
        assert int(numbers[1]) < int(numbers[2])
        packed = await browser.http.get(
            f"/cases/{case}", headers=token(browser) | OPENED | {"accept-encoding": "gzip"}
        )
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["cache-control"] == "no-store"
        assert int(packed.headers["content-length"]) < 20_000


async def test_what_was_done_is_told_to_a_person_and_not_to_a_script(line: Line) -> None:
    (case,) = await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        await browser.get(f"/cases/{case}")
        await browser.post(f"/cases/{case}/triage", **{"priority": "urgent", "was-priority": ""})
        # A script's own call that is led to the list, such as a sync or another theme.
        assert 'class="undo"' not in (await browser.get("/", **token(browser))).text
        assert 'class="undo"' in (await browser.get("/", **token(browser), **OPENED)).text


async def test_the_next_case_opens_by_itself_until_that_is_switched_off(line: Line) -> None:
    await some_cases(line, 1)
    async with opened(line) as browser:
        await browser.sign_in()
        assert 'data-advance="yes"' in (await browser.get("/")).text
        await browser.post("/advance", back="/")
        assert 'data-advance=""' in (await browser.get("/")).text
        await browser.post("/advance", on="yes", back="//elsewhere")
        assert 'data-advance="yes"' in (await browser.get("/")).text
