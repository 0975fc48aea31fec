"""What is typed in the console's pages stays, whatever becomes of the page; and goes once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.console.running_line import PASSPHRASE
from tests.journeys.console_world import NOON, World, receive, world
from tests.journeys.place.case_list import draft_of
from tests.journeys.reporter import SLOW


def signed_in(browser: Browser, here: World) -> Page:
    page = browser.new_context().new_page()
    page.goto(here.login)
    page.goto(f"{here.home}/cases/{here.case}")
    return page


HOLD = """(end) => {
  const fetched = window.fetch;
  window.fetch = async (url, options) => {
    const answer = await fetched(url, options);
    if (String(url).endsWith(end) && !window.letGo) {
      await new Promise((done) => { window.letGo = done; document.body.dataset.held = ''; });
    }
    return answer;
  };
}"""
"""What the console answers there the first time comes late, as on a slow computer: by `letGo`."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world"), past=False) as made:
        yield made


def in_case(browser: Browser, here: World, number: int) -> Page:
    """Open a case of its own; each of its letters is written as English by an English reporter."""
    case = receive(here.console.vault, number, "They keep our papers.", NOON - 60)
    page = browser.new_context().new_page()
    page.goto(here.console.login_url())
    page.goto(f"{here.home}/cases/{case}")
    return page


def test_words_that_cannot_be_kept_stop_nothing_else_of_the_case(
    browser: Browser, desk: World
) -> None:
    """Seen with two windows: each note asked whether to leave the answer, and was not saved."""
    page = in_case(browser, desk, 701)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#reply-text").fill("The answer of another window.")
    expect(other.locator("#draft-state")).to_have_text("Draft saved", timeout=SLOW)
    page.locator("#reply-text").fill("The answer of this window.")
    expect(page.locator("#draft-state")).to_contain_text("another draft", timeout=SLOW)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("Two beds from Friday")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note-text")).to_have_text(["Two beds from Friday"], timeout=SLOW)
    expect(page.locator("#reply-text")).to_have_value("The answer of this window.")
    page.keyboard.press("u")
    expect(page.locator("#confirm")).to_contain_text("could not be saved. Leave it?", timeout=SLOW)


def test_a_second_note_is_of_the_window_that_wrote_the_first(browser: Browser, desk: World) -> None:
    page = in_case(browser, desk, 702)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Kept by the page before this one.")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
    page.reload()
    page.evaluate(HOLD, "/notes")
    page.keyboard.press("n")
    page.locator("#note-text").fill("One")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-held]")).to_have_count(1, timeout=SLOW)
    page.keyboard.press("n")
    with page.expect_response("**/notes/draft"):
        page.keyboard.type("Two")
    page.keyboard.type(", three")
    page.evaluate("letGo()")
    expect(page.locator(".note-text")).to_have_text(["One"], timeout=SLOW)
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".note-text")).to_have_text(["One", "Two, three"], timeout=SLOW)


def test_a_note_is_there_once_whoever_else_was_shown_its_draft(
    browser: Browser, desk: World
) -> None:
    """Seen with two windows: one that saved a note of its own took over the draft of the other."""
    page = in_case(browser, desk, 704)
    other = page.context.new_page()
    other.goto(page.url)
    page.keyboard.press("n")
    page.keyboard.type("Two beds")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
    other.keyboard.press("n")
    other.keyboard.type("Rang the clinic")
    other.keyboard.press("Control+Enter")
    expect(other.locator(".note-text")).to_have_text(["Rang the clinic"], timeout=SLOW)
    expect(other.locator("#note-text")).to_have_value("Two beds")
    with page.expect_response("**/notes/draft"):
        page.keyboard.type(" from Friday")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
    page.keyboard.press("Control+Enter")
    both = ["Rang the clinic", "Two beds from Friday"]
    expect(page.locator(".note-text")).to_have_text(both, timeout=SLOW)
    expect(page.locator("#note-text")).to_have_value("")
    page.reload()
    expect(page.locator(".note-text")).to_have_text(both)
    expect(page.locator("#note-text")).to_have_value("")


def test_what_did_not_reach_the_console_is_not_shown_as_if_it_held(
    browser: Browser, desk: World
) -> None:
    page = in_case(browser, desk, 705)
    page.context.set_offline(True)
    for key, choice in (("p", "urgent"), ("e", "in progress")):
        page.keyboard.press(key)
        page.keyboard.type(choice)
        page.keyboard.press("Enter")
        expect(page.locator("#notice")).to_contain_text("does not answer", timeout=SLOW)
    expect(page.locator("#priority")).to_have_value("", timeout=SLOW)
    expect(page.locator("#status")).to_have_value("new", timeout=SLOW)
    page.keyboard.press("l")
    page.keyboard.type("harbour")
    page.keyboard.press("Enter")
    expect(page.locator("#label")).to_have_value("harbour", timeout=SLOW)
    page.context.set_offline(False)
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    expect(page.locator("#triage .label bdi")).to_have_text(["harbour"], timeout=SLOW)
    expect(page.locator("#label")).to_have_value("")


def test_who_locks_by_hand_goes_on_where_they_were(browser: Browser, desk: World) -> None:
    page = in_case(browser, desk, 706)
    first = page.url
    page.keyboard.press("]")  # without a page load
    expect(page).not_to_have_url(first, timeout=SLOW)
    case = page.url
    page.keyboard.press("n")
    page.keyboard.type("Going for a coffee")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+L")
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.keyboard.press("Enter")
    expect(page).to_have_url(case, timeout=SLOW)
    expect(page.locator("#note-text")).to_have_value("Going for a coffee")


def test_what_is_written_while_an_answer_goes_waits_for_it(browser: Browser, desk: World) -> None:
    page = in_case(browser, desk, 703)
    page.evaluate(HOLD, "/reply")
    page.keyboard.press("r")
    page.keyboard.type("Thank you for writing.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-held]")).to_have_count(1, timeout=SLOW)
    page.keyboard.press("r")
    page.keyboard.type("Are you safe?")
    page.evaluate("letGo()")
    expect(page.locator(".message-mine")).to_have_count(1, timeout=SLOW)
    expect(page.locator("#reply-text")).to_have_value("Are you safe?", timeout=SLOW)
    expect(page.locator("#draft-state")).to_have_text("Draft saved", timeout=SLOW)
    # Who comes back goes on where it ends.
    page.reload()
    page.keyboard.press("r")
    page.keyboard.type(" Yes or no?")
    expect(page.locator("#reply-text")).to_have_value("Are you safe? Yes or no?")


@pytest.mark.parametrize("way", ["key", "button"])
def test_a_reload_shows_what_was_typed_before_the_last_pause(
    browser: Browser, desk: World, way: str
) -> None:
    """Seen: the page that came showed the draft before, and what was typed there replaced both."""
    page = in_case(browser, desk, 709 if way == "key" else 710)
    case = page.url[-64:]
    page.keyboard.press("n")
    page.keyboard.type("Two beds")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
    page.keyboard.type(" from Friday")
    if way == "key":
        with page.expect_navigation():
            page.keyboard.press("F5")
    else:
        # It was sent before the page: here that one is made only once it was kept.
        page.route(f"**/cases/{case}", lambda route: once_kept(desk, case, "Friday", route))
        page.reload()
    expect(page.locator("#note-text")).to_have_value("Two beds from Friday")


def once_kept(desk: World, case: str, words: str, route: Route) -> None:
    """Let a page be asked for when a note's draft has some words, or after ten seconds."""
    end = time.monotonic() + 10
    while words not in draft_of(desk, case).text and time.monotonic() < end:
        time.sleep(0.05)
    route.continue_()


def test_a_safety_plan_that_is_begun_is_not_left_behind_unasked_and_keeps_the_place(
    browser: Browser, desk: World
) -> None:
    for number in range(720, 745):
        receive(desk.console.vault, number, "They keep our papers.", NOON - 30)
    page = in_case(browser, desk, 745)
    case = page.url
    page.locator(f".line[href*='{case[-64:]}']").scroll_into_view_if_needed()
    top = page.locator("#list").evaluate("pane => pane.scrollTop")
    assert top > 500
    page.get_by_text("Write a safety plan").click()
    page.get_by_label("Agreed signal").fill("Writes of the weather")
    page.keyboard.press("Escape")
    # What else is done to the case takes nothing of it.
    page.keyboard.press("m")
    expect(page.locator("form.undo")).to_contain_text("Assigned to", timeout=SLOW)
    expect(page.get_by_label("Agreed signal")).to_have_value("Writes of the weather")
    expect(page.get_by_label("Agreed signal")).to_be_visible()
    page.keyboard.press("]")
    expect(page.locator("#confirm")).to_contain_text("Leave it?", timeout=SLOW)
    page.keyboard.press("Escape")
    expect(page).to_have_url(case)
    page.evaluate("window.same = 'page'")
    page.get_by_label("Agreed signal").press("Enter")
    expect(page.locator(".agreed")).to_contain_text("Writes of the weather", timeout=SLOW)
    assert page.evaluate("window.same") == "page"
    assert abs(page.locator("#list").evaluate("pane => pane.scrollTop") - top) < 120
    expect(page.locator("#case-name")).to_be_focused()
    page.keyboard.press("[")
    expect(page).not_to_have_url(case, timeout=SLOW)


def test_what_another_start_of_the_console_does_not_take_is_said_to_be_not_saved(
    browser: Browser, desk: World
) -> None:
    """Seen after a crash: "This did not work.", where there had been what to do."""
    page = in_case(browser, desk, 708)
    page.route("**/notes/draft", lambda route: route.fulfill(status=403, body="Not here."))
    page.keyboard.press("n")
    page.keyboard.type("Two beds")
    expect(page.locator("#note-state")).to_contain_text("Copy what you wrote", timeout=SLOW)


def test_what_is_typed_stays_and_goes_once(browser: Browser, tmp_path: Path) -> None:
    with world(tmp_path, past=False) as here:
        page = signed_in(browser, here)
        early = page.context.new_page()
        early.goto(page.url)
        page.locator("#to-notes").click()
        page.locator("#note-text").fill("Called the shelter: two beds")
        expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=SLOW)
        page.reload()
        expect(page.locator("#note-text")).to_have_value("Called the shelter: two beds")
        page.locator("#to-notes").click()
        page.locator("#note-text").fill("Called the shelter: two beds, from Friday.")
        # Left before the pause after which it is kept.
        page.goto(here.home)
        page.goto(early.url)
        expect(page.locator("#note-text")).to_have_value(
            "Called the shelter: two beds, from Friday.", timeout=SLOW
        )
        # A window that was opened before says that it keeps nothing.
        early.locator("#to-notes").click()
        early.locator("#note-text").fill("ok")
        expect(early.locator("#note-state")).to_contain_text("another note", timeout=SLOW)
        answers = page.locator(".message-mine").count()
        page.locator("#reply-text").fill("Thank you for writing. What do you need?")
        expect(page.locator("#draft-state")).to_have_text("Draft saved", timeout=SLOW)
        page.locator("#send").evaluate(
            "button => { button.click(); setTimeout(() => button.click(), 120); }"
        )
        expect(page.locator(".message-mine")).to_have_count(answers + 1, timeout=SLOW)
        page.reload()
        expect(page.locator(".message-mine")).to_have_count(answers + 1)
    page.locator("#reply-text").fill("Typed when it had stopped.")
    expect(page.locator("#draft-state")).to_contain_text("Not saved", timeout=SLOW)
