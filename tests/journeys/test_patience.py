"""Slow answers and many files: the page says what it waits for, and keeps what matters in sight."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph

SLOW_TO_READ = """() => {
  const read = Blob.prototype.arrayBuffer;
  const until = new Promise((done) => { window.readNow = done; });
  Blob.prototype.arrayBuffer = async function () {
    await until;
    return read.call(this);
  };
}"""
LISTS = "**/assets/words-*.txt"
GOOD = "legal winner thank year wave sausage worth useful legal winner thank yellow"


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line")) as line:
        line.open_desks()
        yield line


def _hold_back_lists(page: Page) -> list[Route]:
    held: list[Route] = []
    page.route(LISTS, lambda route: held.append(route))
    return held


def test_the_code_is_shown_in_numbers_while_its_words_do_not_come(
    browser: Browser, open_line: RunningLine
) -> None:
    """What was sent cannot be read again without it, and the phone may be taken any moment."""
    page = browser.new_page()
    held = _hold_back_lists(page)
    reporter.begin(page, open_line.url)
    reporter.write(page, ["support"], "A few words.")
    reporter.press(page, "review", "send")
    assert all(word.isdigit() for word in reporter.receipt(page).split())
    shown = reporter.screen(page, "receipt")
    reporter.press(page, "receipt", "as-words")
    expect(shown.locator("[data-copied]")).to_have_text("One moment…")
    assert len(held) == 1, "who asks while the list is on its way waits for the same one"
    held[0].continue_()
    expect(shown.locator("[data-receipt]")).to_be_visible(timeout=reporter.SLOW)
    expect(shown.locator("[data-copied]")).to_be_empty()
    reporter.press(page, "receipt", "as-numbers")
    reporter.written_down(page)
    reporter.press(page, "try", "back")
    expect(shown.locator("[data-receipt-numbers]")).to_be_visible()
    page.close()


def test_a_code_whose_word_lists_are_on_their_way_is_read_once_and_a_moment_is_asked_for(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    held = _hold_back_lists(page)
    checks: list[str] = []
    page.on("request", lambda r: checks.append(r.url) if r.url.endswith("/directory") else None)
    with page.expect_request(LISTS):
        reporter.come_back(page, open_line.url, GOOD)
    expect(page.locator("[data-code-count]")).to_have_text("One moment…")
    reporter.press(page, "code", "check")
    for route in held:
        route.continue_()
    reporter.screen(page, "answers")
    assert len(checks) == 1
    page.close()


def test_files_left_out_are_said_to_be_until_others_are_chosen(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    page = browser.new_page()
    reporter.begin(page, open_line.url)
    reporter.write(page, ["support"], "A few words.")
    reporter.screen(page, "review").locator('[data-change="files"]').click()
    photo = photograph(tmp_path / "photo.jpg", width=20, height=10)
    photos = [tmp_path / f"IMG_{n:04}.jpg" for n in range(100)]
    for path in photos:
        path.write_bytes(photo)
    page.locator("[data-choose]").set_input_files(photos)
    problem = reporter.screen(page, "files").locator("[data-problem]")
    expect(problem).to_contain_text("too many files for one message")
    count = page.locator("[data-files] > li").count()
    assert 10 < count < 100
    reporter.looked_into(page, count)
    expect(problem).to_contain_text("too many files for one message")
    page.close()


def test_looking_into_one_file_moves_nobody_from_another(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    photos = [tmp_path / "first.jpg", tmp_path / "second.jpg"]
    for path in photos:
        photograph(path, width=20, height=10)
    page = browser.new_page()
    reporter.begin(page, open_line.url)
    reporter.write(page, ["support"], "A few words.", photos[:1])
    reporter.screen(page, "review").locator('[data-change="files"]').click()
    page.evaluate(SLOW_TO_READ)
    page.locator("[data-choose]").set_input_files(photos[1])
    original = page.locator('[data-file="first.jpg"] input[value="original"]')
    original.focus()
    page.evaluate("() => window.readNow()")
    reporter.looked_into(page, 2)
    expect(original).to_be_focused()
    page.close()
