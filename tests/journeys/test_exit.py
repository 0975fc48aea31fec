"""Leaving at once, as somebody does it who hears steps on the stairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.protocol.receipt import numbers_of, read_code
from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.memory import heap_of

TEXT = "Distinctive words that must be gone."
BEFORE = "data:text/html,<title>before</title>"


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line")) as line:
        line.open_desks()
        yield line


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(BEFORE)
    yield page
    context.close()


def _write(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    field = reporter.screen(page, "text").locator("textarea")
    field.press_sequentially(TEXT)
    field.press("End")


def _stop_clock(page: Page) -> None:
    """From now on no time passes on the page: presses are near each other on any machine."""
    page.clock.pause_at(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))


def _left(page: Page) -> None:
    page.wait_for_url("**/measures/")
    expect(page).to_have_title("Kitchen measures")


def test_the_button_leaves_from_every_page_and_back_does_not_return(
    page: Page, open_line: RunningLine
) -> None:
    for path in ("/", "/en/", "/en/help/"):
        page.goto(BEFORE)
        page.goto(open_line.url + path)
        page.locator("[data-exit]").click()
        page.wait_for_url("**/measures/")
        assert page.evaluate("document.referrer") == ""
        page.go_back()
        expect(page).to_have_title("before")


def test_leaving_in_the_middle_of_writing_leaves_nothing_to_come_back_to(
    page: Page, open_line: RunningLine
) -> None:
    before = page.evaluate("history.length")
    _write(page, open_line)
    page.locator("[data-exit]").click()
    _left(page)
    page.go_back()
    expect(page).to_have_title("before")
    page.go_forward()
    _left(page)
    assert page.evaluate("history.length") == before + 1


def test_the_steps_of_the_page_leave_no_entries_and_back_comes_up_empty(
    page: Page, open_line: RunningLine
) -> None:
    before = page.evaluate("history.length")
    _write(page, open_line)
    assert page.evaluate("history.length") == before + 1
    page.go_back()
    expect(page).to_have_title("before")
    page.go_forward()
    reporter.screen(page, "safety")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("[data-desk]")).to_have_count(0)


def test_memory_is_empty_and_the_page_is_blank_before_the_next_one_is_there(
    page: Page, open_line: RunningLine
) -> None:
    _write(page, open_line)
    session = page.context.new_cdp_session(page)
    assert TEXT in heap_of(session), "the search finds what is there"
    # An answer without content leaves the document where it is: what is left of it can be seen.
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert page.title().strip("\u200b") == ""
    assert TEXT not in heap_of(session)


def test_the_worker_is_ended_before_anything_else(page: Page, open_line: RunningLine) -> None:
    page.add_init_script(
        "const end = Worker.prototype.terminate;"
        " Worker.prototype.terminate = function () {"
        "   globalThis.whenEnded ??= document.querySelector('#text')?.value ?? 'all was gone';"
        "   return end.call(this); };"
    )
    _write(page, open_line)
    assert len(page.workers) == 1
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert page.evaluate("globalThis.whenEnded") == TEXT


def test_the_code_is_shown_without_a_string_of_it_and_its_bytes_are_overwritten(
    page: Page, open_line: RunningLine
) -> None:
    page.add_init_script(
        "globalThis.drawn = []; const draw = crypto.getRandomValues;"
        " crypto.getRandomValues = function (into) {"
        "   drawn.push(into); return draw.call(crypto, into); };"
    )
    reporter.begin(page, open_line.url)
    reporter.write(page, ["support"], TEXT)
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    (secret,) = read_code(code)
    found = "code => drawn.filter((one) => one.join() === code).length"
    drawn = ",".join(map(str, secret.reveal()))
    assert page.evaluate(found, drawn) == 1
    session = page.context.new_cdp_session(page)
    heap = heap_of(session)
    assert code.split()[0] in heap, "the search finds the list's words"
    assert " ".join(code.split()[:3]) not in heap
    assert " ".join(numbers_of(secret.reveal()).split()[:3]) not in heap
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert page.evaluate(found, drawn) == 0


def test_shift_three_times_leaves_and_is_counted_aloud_and_in_dots(
    page: Page, open_line: RunningLine
) -> None:
    page.clock.install()
    _write(page, open_line)
    _stop_clock(page)
    aloud = page.locator("[data-exit-announcer]")
    dots = page.locator("[data-exit-dots]")
    expect(aloud).to_have_attribute("role", "alert")
    expect(dots).to_be_hidden()
    page.keyboard.press("Shift")
    expect(aloud).to_have_text("Shift pressed. Press it 2 more times to leave.")
    expect(dots).to_be_visible()
    expect(dots.locator(".on")).to_have_count(1)
    page.keyboard.press("Shift")
    expect(aloud).to_have_text("Shift pressed. Press it 1 more time to leave.")
    expect(dots.locator(".on")).to_have_count(2)
    expect(reporter.screen(page, "text").locator("textarea")).to_be_focused()
    page.keyboard.press("Shift")
    _left(page)
    page.go_back()
    expect(page).to_have_title("before")


def test_shift_in_capital_letters_or_too_slowly_does_not_leave(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    page.clock.install()
    page.goto(f"{open_line.url}/en/")
    _stop_clock(page)
    dots = page.locator("[data-exit-dots]")
    for _ in range(4):
        page.keyboard.press("Shift+A")
    expect(dots).to_be_hidden()
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(dots.locator(".on")).to_have_count(2)
    page.clock.run_for(5_100)
    expect(dots).to_be_hidden()
    expect(page.locator("[data-exit-announcer]")).to_be_empty()
    page.keyboard.press("Shift")
    page.keyboard.press("b")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(dots.locator(".on")).to_have_count(2)
    reporter.screen(page, "safety")
    page.close()


def test_a_page_that_is_shown_again_begins_to_count_anew(
    page: Page, open_line: RunningLine
) -> None:
    page.clock.install()
    page.goto(f"{open_line.url}/en/")
    _stop_clock(page)
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    expect(page.locator("[data-exit-dots] .on")).to_have_count(2)
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: false}))")
    expect(page.locator("[data-exit-dots]")).to_be_hidden()
    page.keyboard.press("Shift")
    expect(page.locator("[data-exit-dots] .on")).to_have_count(1)
    reporter.screen(page, "safety")


def test_a_page_kept_by_the_browser_comes_back_empty(page: Page, open_line: RunningLine) -> None:
    _write(page, open_line)
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    reporter.screen(page, "safety")
    expect(page.locator("#text")).to_have_value("")


def test_leaving_is_second_with_the_tab_key_and_never_covered(
    page: Page, open_line: RunningLine
) -> None:
    page.goto(f"{open_line.url}/en/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-exit]")).to_be_focused()
    for y in (0, 300, 5_000):
        page.mouse.wheel(0, y)
        assert page.evaluate(
            "() => { const link = document.querySelector('[data-exit]');"
            " const box = link.getBoundingClientRect();"
            " return [0.1, 0.5, 0.9].every((part) => link.contains(document.elementFromPoint("
            "   box.left + part * box.width, box.top + box.height / 2))); }"
        )


def test_without_the_script_the_way_out_is_a_link(browser: Browser, open_line: RunningLine) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{open_line.url}/en/")
    page.locator("[data-exit]").click()
    _left(page)
    context.close()
