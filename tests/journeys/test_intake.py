"""The questions as somebody answers them who may stop at any time."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from app.console.vault import Vault
from tests.journeys import reporter
from tests.journeys.line import RunningLine
from tests.onion.process import until


def _bodies(line: RunningLine, name: str) -> list[dict[str, Any]]:
    """Sync until something has come; return what was written, as the vault keeps it."""

    def look() -> list[dict[str, Any]]:
        line.sync(name)
        vault = Vault.open(line.world.vault(name), line.world.passphrase)
        with vault, vault.read() as tx:
            rows = tx.execute(text("SELECT body FROM messages")).all()
        return [json.loads(row[0]) for row in rows]

    return until(reporter.SLOW / 1_000, "nothing has come", look)


def _to_more(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    reporter.press(page, "text", "next")
    for name in ("danger_now", "safe_to_reply", "under_18"):
        reporter.press(page, f"question-{name}", "skip")


def test_cards_words_and_choices_arrive_and_what_was_skipped_does_not(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    _to_more(page, line)
    reporter.press(page, "more", "next")
    reporter.screen(page, "question-whose_case").locator('[value="something_i_saw"]').check()
    reporter.press(page, "question-whose_case", "next")
    reporter.screen(page, "question-where").locator("textarea").fill("The laundry by the harbour")
    reporter.press(page, "question-where", "next")
    for name in ("still_going_on", "who_does_it", "traces", "how_many"):
        reporter.press(page, f"question-{name}", "skip")
    reporter.press(page, "before-signs", "next")
    signs = reporter.screen(page, "question-signs")
    for sign in ("debt_bondage", "isolation"):
        signs.locator(f'[value="{sign}"]').check()
    reporter.press(page, "question-signs", "enough")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    review = reporter.screen(page, "review")
    expect(review).to_contain_text("Working to pay a debt that never ends")
    expect(review).to_contain_text("The laundry by the harbour")
    expect(review).not_to_contain_text("What do you need?")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    page.close()
    (body,) = _bodies(line, "ana")
    assert body["answers"] == {
        "whose_case": "something_i_saw",
        "where": "The laundry by the harbour",
        "signs": ["isolation", "debt_bondage"],
    }


def test_a_hard_question_is_announced_and_going_around_it_skips_it(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    _to_more(page, line)
    reporter.press(page, "more", "next")
    for name in ("whose_case", "where", "still_going_on", "who_does_it", "traces", "how_many"):
        reporter.press(page, f"question-{name}", "skip")
    expect(reporter.screen(page, "before-signs")).to_contain_text("violence")
    reporter.press(page, "before-signs", "skip")
    reporter.screen(page, "question-needs")
    reporter.press(page, "question-needs", "back")
    reporter.screen(page, "question-signs")
    page.close()


def test_what_was_answered_can_be_changed_and_taken_back(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    _to_more(page, line)
    reporter.press(page, "more", "next")
    reporter.screen(page, "question-whose_case").locator('[value="mine"]').check()
    expect(page.locator('[data-step="question-whose_case"] [data-action="skip"]')).to_be_hidden()
    reporter.press(page, "question-whose_case", "enough")
    reporter.press(page, "desks", "look")
    review = reporter.screen(page, "review")
    expect(review).to_contain_text("About me")
    review.locator('[data-change="question-whose_case"]').click()
    reporter.screen(page, "question-whose_case").locator('[value="someone_i_know"]').check()
    reporter.press(page, "question-whose_case", "next")
    expect(reporter.screen(page, "review")).to_contain_text("About somebody I know")
    review.locator('[data-change="more"]').click()
    reporter.press(page, "more", "skip")
    reporter.screen(page, "desks")
    page.close()
