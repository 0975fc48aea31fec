"""What must be read, copied or corrected on the reporter's screens is never under anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys import interception, reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.journeys.test_accessibility import LATER_TOO

STICKY = """() => [...document.querySelectorAll('[data-step]')].flatMap((section) => {
  for (const each of document.querySelectorAll('[data-step]')) each.hidden = each !== section;
  const stuck = [...section.querySelectorAll('*')]
    .filter((e) => ['sticky', 'fixed'].includes(getComputedStyle(e).position));
  return stuck.length ? [section.dataset.step] : [];
})"""
ON_TOP = """() => [...document.querySelectorAll('[data-numbers] li')]
  .filter((each) => each.checkVisibility())
  .every((each) => {
    const box = each.getBoundingClientRect();
    return each.contains(document.elementFromPoint(box.left + box.width / 2, box.bottom - 2));
  })"""
BAR = """(e) => { const {backgroundColor, backgroundImage} = getComputedStyle(e);
  return [backgroundColor, backgroundImage]; }"""


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


def test_only_questions_have_a_bar_that_keeps_to_the_bottom(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{open_line.url}/en/")
    page.evaluate(LATER_TOO, "/en/later/")
    stuck = page.evaluate(STICKY)
    page.close()
    assert stuck
    assert all(name.startswith("question-") for name in stuck)


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (375, 628)])
@pytest.mark.parametrize("language", ["en", "fil", "uk"])
def test_who_says_danger_sees_whom_to_call_and_what_was_asked(
    browser: Browser, open_line: RunningLine, language: str, width: int, height: int
) -> None:
    """Seen in a picture: the numbers were half under the button, in the longest languages."""
    page = browser.new_page(viewport={"width": width, "height": height})
    reporter.begin(page, open_line.url, language)
    reporter.press(page, "text", "next")
    shown = reporter.screen(page, "question-danger_now")
    shown.locator('[value="yes"]').check()
    last = shown.locator("[data-numbers] li:not([hidden])").last
    expect(last).to_be_in_viewport(ratio=1)
    assert page.evaluate(ON_TOP), "another thing lies over a number"
    expect(shown.locator('label:has([value="yes"])')).to_be_in_viewport(ratio=1)
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_colours_forced_no_text_runs_through_a_bar(
    browser: Browser, open_line: RunningLine, scheme: str
) -> None:
    context = browser.new_context(
        forced_colors="active",
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    reporter.begin(page, open_line.url)
    reporter.press(page, "text", "next")
    shown = reporter.screen(page, "question-danger_now")
    for bar in (page.locator(".top"), shown.locator(".actions")):
        colour, image = bar.evaluate(BAR)
        assert colour.startswith("rgb("), "it is opaque"
        assert image == "none"
    context.close()


@pytest.mark.parametrize(("width", "height"), [(320, 568), (360, 640), (375, 628), (390, 664)])
def test_what_is_wrong_with_the_code_is_said_beside_it_not_over_it(
    browser: Browser, open_line: RunningLine, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    reporter.come_back(page, open_line.url, "apple apple applf")
    shown = reporter.screen(page, "code")
    problem = shown.locator("[data-problem]")
    expect(problem).not_to_be_empty(timeout=reporter.SLOW)
    field, box = shown.locator("textarea").bounding_box(), problem.bounding_box()
    assert field is not None
    assert box is not None
    assert box["y"] >= field["y"] + field["height"]
    expect(problem).to_be_in_viewport()
    page.close()


def test_without_a_connection_desks_say_so_and_come_by_themselves_when_it_is_back(
    browser: Browser, open_line: RunningLine
) -> None:
    context = browser.new_context()
    page = context.new_page()
    interception.from_the_start(page)
    reporter.begin(page, open_line.url)
    page.locator("#text").fill("Words.")
    page.route("**/api/v1/directory", lambda route: route.abort())
    reporter.press(page, "text", "send-now")
    shown = reporter.screen(page, "desks")
    problem = shown.locator("[data-problem]")
    expect(problem).to_contain_text("What you wrote is still here.", timeout=reporter.SLOW)
    expect(shown.get_by_role("button", name="Try again")).to_be_visible()
    page.unroute("**/api/v1/directory")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(shown.locator('[data-desk="support"]')).to_be_visible(timeout=reporter.SLOW)
    expect(problem).to_be_empty()
    context.close()


def test_no_words_are_said_to_be_here_before_any_were_written(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    interception.from_the_start(page)
    for path in ("**/en/later/", "**/es/"):
        page.route(path, lambda route: route.abort())
    page.goto(f"{open_line.url}/en/")
    reporter.press(page, "safety", "return")
    problem = page.locator("[data-insecure]")
    expect(problem).to_contain_text("We cannot be reached", timeout=reporter.SLOW)
    expect(problem).not_to_contain_text("What you wrote")
    page.locator(".settings summary").click()
    page.locator('.settings a[lang="es"]').click()
    problem = page.locator("[data-language-problem]")
    expect(problem).to_contain_text("We cannot be reached", timeout=reporter.SLOW)
    expect(problem).not_to_contain_text("What you wrote")
    page.close()


def test_send_while_desks_are_on_their_way_says_to_wait(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    held: list[Route] = []
    page.route("**/api/v1/directory", lambda route: held.append(route))
    reporter.begin(page, open_line.url)
    page.locator("#text").fill("Words.")
    reporter.press(page, "text", "send-now")
    reporter.press(page, "desks", "next")
    expect(page.locator('[data-step="desks"] [data-problem]')).to_have_text("One moment…")
    page.close()


def test_a_photo_is_seen_with_what_it_gives_away_at_once(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    photograph(tmp_path / "photo.jpg", width=300, height=200)
    page = browser.new_page(viewport={"width": 360, "height": 640})
    reporter.begin(page, open_line.url)
    reporter.press(page, "text", "files")
    page.locator("[data-choose]").set_input_files(tmp_path / "photo.jpg")
    reporter.looked_into(page, 1)
    row = page.locator("[data-files] > li")
    expect(row.locator(".thumb")).to_be_in_viewport()
    expect(row.locator("[data-tells]")).to_be_in_viewport()
    expect(row.locator('input[value="original"]')).to_be_in_viewport()
    image = row.locator(".thumb")
    assert image.evaluate(
        "async (e) => { await e.decode().catch(() => {}); return e.naturalWidth; }"
    )
    gone = "async (e) => fetch(e.src).then(() => 'there', () => 'gone')"
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate(gone) == "gone"
    page.close()


def test_what_leaving_costs_is_said_before_the_words(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    reporter.begin(page, open_line.url)
    shown = reporter.screen(page, "text")
    expect(shown).to_contain_text(
        "Its Back button, or loading this page again, deletes your words."
    )
    before = "(e) => Boolean(e.compareDocumentPosition(document.querySelector('#text')) & 4)"
    assert page.locator("#loses").evaluate(before)
    page.close()


def test_an_unknown_address_is_a_page_of_the_site(browser: Browser, open_line: RunningLine) -> None:
    page = browser.new_page()
    answer = page.goto(f"{open_line.url}/en/nothing/here")
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("This page cannot be shown")
    page.get_by_text("Español").click()
    reporter.screen(page, "safety")
    assert page.url.endswith("/es/")
    page.close()
