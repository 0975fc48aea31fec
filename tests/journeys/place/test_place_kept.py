"""The console keeps the place: the list, its order, where the keys go, what the history holds."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.journeys.console_world import NOON, World, receive
from tests.journeys.place.case_list import WITHIN, ids, is_open, keys, of, open_row


def test_another_case_opens_without_a_page_load_and_the_list_stays_where_it_was(
    page: Page, desk: World
) -> None:
    page.evaluate("window.same = 'page'")
    page.locator(".line").nth(25).scroll_into_view_if_needed()
    first = open_row(page, 25)
    top = page.locator("#list").evaluate("pane => pane.scrollTop")
    assert top > 500
    expect(page.locator("#case-name")).to_be_focused(timeout=WITHIN)
    assert urlsplit(page.url).path.endswith(f"/cases/{first}")
    sizes: list[Request] = []
    page.on("requestfinished", lambda one: sizes.append(one))
    second = ids(page)[26]
    keys(page, "]")
    is_open(page, second)
    assert abs(page.locator("#list").evaluate("pane => pane.scrollTop") - top) < 120
    assert page.evaluate("window.same") == "page"
    assert page.evaluate("history.state") is None
    (call,) = [one for one in sizes if one.url.endswith(second)]
    answer = call.response()
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    assert call.sizes()["responseBodySize"] <= 20_000
    page.go_back()
    is_open(page, first)
    page.go_forward()
    is_open(page, second)
    page.go_back()
    page.go_back()
    expect(page.locator(".thread-empty")).to_be_visible(timeout=WITHIN)
    assert page.evaluate("window.same") == "page"
    page.go_forward()
    is_open(page, first)
    page.reload()
    is_open(page, first)


def test_next_is_the_next_of_the_list_as_it_stood(page: Page, desk: World) -> None:
    before = ids(page)
    case = open_row(page, 20)
    keys(page, "p", "f", "Enter")
    expect(page.locator("form.undo")).to_contain_text("or information", timeout=WITHIN)
    assert of(desk, case, "priority") == "information"
    # A look for changes comes in between.
    expect(page.locator("#sort-again")).to_be_visible(timeout=WITHIN)
    assert ids(page) == before
    keys(page, "]")
    is_open(page, before[21])
    keys(page, "[", "[")
    is_open(page, before[19])
    page.locator("#sort-again").click()
    expect(page.locator("#sort-again")).to_have_count(0, timeout=WITHIN)
    assert ids(page)[-1] == case
    # Back in the list it is sorted, and the row that was open has the focus.
    keys(page, "u")
    expect(page.locator(".thread-empty")).to_be_visible(timeout=WITHIN)
    expect(page.locator(f'.line[data-case="{before[19]}"]')).to_be_focused(timeout=WITHIN)


def test_a_case_that_comes_stands_above_and_what_is_seen_does_not_move(
    page: Page, desk: World
) -> None:
    page.locator(".line").nth(30).scroll_into_view_if_needed()
    case = open_row(page, 30)
    line = page.locator(f'.line[data-case="{case}"]')
    place = line.evaluate("line => line.getBoundingClientRect().top")
    before = ids(page)
    new = receive(desk.console.vault, 880, "Come just now.", NOON - 1)
    expect(page.locator(f'.line[data-case="{new}"]')).to_have_count(1, timeout=WITHIN)
    assert ids(page) == [new, *before]
    assert abs(line.evaluate("line => line.getBoundingClientRect().top") - place) < 3


def test_at_the_ends_of_the_list_it_is_said(page: Page) -> None:
    open_row(page, len(ids(page)) - 1)
    keys(page, "]")
    expect(page.locator("#said")).to_contain_text("last case", timeout=WITHIN)


def test_few_stops_lie_before_the_answer(page: Page) -> None:
    case = open_row(page, 3)
    page.reload()
    is_open(page, case)
    keys(page, "Tab", "Tab", "Enter")
    expect(page.locator("#reply-text")).to_be_focused(timeout=WITHIN)
    page.reload()
    is_open(page, case)
    stops = 0
    while not page.locator("#reply-text").evaluate("field => field === document.activeElement"):
        keys(page, "Tab")
        stops += 1
        assert stops < 40, "the list is one stop"


def test_in_the_list_arrows_move_as_j_and_k_do(page: Page) -> None:
    page.locator(".line").first.focus()
    keys(page, "ArrowDown", "ArrowDown", "ArrowUp")
    expect(page.locator(".line").nth(1)).to_be_focused()


def test_who_changes_several_stays_where_they_were_and_escape_ends_the_selection(
    page: Page,
) -> None:
    page.locator(".line").nth(11).focus()
    keys(page, "j", "x", "l")
    expect(page.locator("#many-label")).to_be_focused()
    page.keyboard.type("morning")
    there = ids(page)[12]
    keys(page, "Enter")
    expect(page.locator("form.undo")).to_contain_text("morning", timeout=WITHIN)
    expect(page.locator(f".line[data-case='{there}']")).to_be_focused()
    expect(page.locator(".pick:checked")).to_have_count(1)
    keys(page, "Escape")
    expect(page.locator(".pick:checked")).to_have_count(0)
    expect(page.locator("#many")).to_be_hidden()


@pytest.mark.parametrize("how", ["rtl", "forced"])
def test_from_right_to_left_and_with_forced_colours(
    browser: Browser, signed_in: BrowserContext, desk: World, how: str
) -> None:
    context = browser.new_context(
        storage_state=signed_in.storage_state(),
        forced_colors="active" if how == "forced" else "none",
    )
    page = context.new_page()
    page.goto(desk.home)
    if how == "rtl":
        page.evaluate("document.documentElement.dir = 'rtl'")
    case = open_row(page, 2)
    page.locator("#to-notes").click()
    page.get_by_label("Only me").check()
    team, mine = (
        page.locator(".segments label")
        .nth(place)
        .evaluate(
            "label => { const s = getComputedStyle(label);"
            " return s.backgroundColor + s.outlineStyle + s.boxShadow; }"
        )
        for place in (0, 1)
    )
    assert team != mine, "nobody sees who reads the note"
    keys(page, "Escape", "]")
    expect(page.locator("#thread")).not_to_have_attribute("data-open", case, timeout=WITHIN)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beyond) <= 0
    context.close()


def test_nothing_that_is_read_or_typed_is_in_the_history(page: Page) -> None:
    open_row(page, 4)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Not for the history")
    keys(page, "Escape", "]", "]")
    assert page.evaluate("history.state") is None
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert re.search(r"/cases/[0-9a-f]{64}$", page.url)
