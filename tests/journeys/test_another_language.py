"""Language and country are changed on any screen, and nothing that was written is lost or kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import interception, reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.journeys.test_returning import _kept

TEXT = "Words that stay whatever is pressed."


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line")) as line:
        line.open_desks()
        yield line


def _change(page: Page, tag: str) -> None:
    page.locator(".settings summary").click()
    page.locator(f'.settings a[lang="{tag}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", tag, timeout=reporter.SLOW)


def test_words_files_and_answers_go_along_and_arrive_in_the_other_language(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    photograph(tmp_path / "photo.jpg", width=60, height=40)
    page = browser.new_page(viewport={"width": 360, "height": 640})
    before = page.evaluate("history.length")
    reporter.begin(page, open_line.url)
    reporter.screen(page, "text").locator("textarea").fill(TEXT)
    reporter.press(page, "text", "files")
    page.locator("[data-choose]").set_input_files(tmp_path / "photo.jpg")
    reporter.looked_into(page, 1)
    _change(page, "ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("[data-files] > li")).to_have_count(1)
    reporter.press(page, "files", "next")
    expect(reporter.screen(page, "text").locator("textarea")).to_have_value(TEXT)
    reporter.press(page, "text", "next")
    reporter.screen(page, "question-danger_now").locator('[value="no"]').check()
    _change(page, "es")
    expect(reporter.screen(page, "question-danger_now").locator('[value="no"]')).to_be_checked()
    assert page.url.endswith("/es/")
    reporter.press(page, "question-danger_now", "next")
    for name in ("safe_to_reply", "under_18"):
        reporter.press(page, f"question-{name}", "skip")
    reporter.press(page, "more", "skip")
    reporter.choose(page, ["support"])
    _change(page, "fr")
    expect(page.locator('[data-desk="support"] input')).to_be_checked(timeout=reporter.SLOW)
    reporter.press(page, "desks", "next")
    code = reporter.receipt(page)
    _change(page, "en")
    assert reporter.receipt(page) == code, "the words that are being written down stay the same"
    assert page.evaluate("history.length") <= before + 1
    assert page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie, history.state]"
    ) == [0, 0, "", None]
    page.close()
    (body,) = _kept(open_line, "ana", ["report"])
    assert (body["text"], body["lang"], body["answers"]) == (TEXT, "fr", {"danger_now": "no"})
    assert len(body["files"]) == 1


def test_on_coming_back_the_typed_code_stays_and_answers_are_looked_for_again(
    browser: Browser, open_line: RunningLine
) -> None:
    good = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    page = browser.new_page()
    page.goto(f"{open_line.url}/en/")
    reporter.press(page, "safety", "return")
    reporter.screen(page, "code").locator("textarea").fill(good)
    _change(page, "es")
    expect(reporter.screen(page, "code").locator("textarea")).to_have_value(good)
    reporter.press(page, "code", "check")
    reporter.screen(page, "answers")
    _change(page, "en")
    expect(reporter.screen(page, "answers")).to_contain_text("There is no answer yet.")
    page.close()


def test_without_the_network_the_page_stays_as_it_is_and_says_why(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    interception.from_the_start(page)
    reporter.begin(page, open_line.url)
    reporter.screen(page, "text").locator("textarea").fill(TEXT)
    page.route("**/es/", lambda route: route.abort())
    page.locator(".settings summary").click()
    page.locator('.settings a[lang="es"]').click()
    expect(page.locator("[data-language-problem]")).to_contain_text(
        "What you wrote is still here.", timeout=reporter.SLOW
    )
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#text")).to_have_value(TEXT)
    page.close()


def test_the_chosen_country_has_its_number_everywhere_and_the_exit_forgets_it(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    page.goto(f"{open_line.url}/en/")
    shown = reporter.screen(page, "safety").locator("[data-numbers] li:not([hidden])")
    expect(shown).to_have_text(["911 United States", "999 United Kingdom", "112 Europe"])
    page.locator(".settings summary").click()
    page.locator("[data-choose-country]").select_option("vn")
    expect(shown).to_have_text(["113 Vietnam"])
    page.keyboard.press("Escape")
    reporter.press(page, "safety", "write")
    reporter.press(page, "text", "next")
    danger = reporter.screen(page, "question-danger_now")
    danger.locator('[value="yes"]').check()
    expect(danger.locator("[data-numbers] li:not([hidden])")).to_have_text(["113 Vietnam"])
    _change(page, "es")
    expect(page.locator("[data-choose-country]")).to_have_value("vn")
    page.locator("[data-exit]").click()
    page.wait_for_url("**/es/measures/")
    page.close()


def test_leaving_empties_the_memory_after_a_change_too(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    reporter.begin(page, open_line.url)
    reporter.screen(page, "text").locator("textarea").fill(TEXT)
    _change(page, "es")
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert page.title().strip("\u200b") == ""
    page.close()
