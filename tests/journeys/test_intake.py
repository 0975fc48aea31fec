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


FURTHER = ("who_is_near", "who_sees_phone", "country", "where", "made_to_do", "how_it_began",
           "still_going_on", "who_does_it", "traces", "how_many")  # fmt: skip
"""What is asked of who does not say whose case it is, up to the signs."""


def _skip(page: Page, *names: str) -> None:
    for name in names:
        reporter.press(
            page, f"before-{name}" if name == "made_to_do" else f"question-{name}", "skip"
        )


def test_cards_words_and_choices_arrive_and_what_was_skipped_does_not(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    _to_more(page, line)
    reporter.press(page, "more", "next")
    reporter.screen(page, "question-whose_case").locator('[value="someone_i_know"]').check()
    reporter.press(page, "question-whose_case", "next")
    _skip(page, "who_is_near", "who_sees_phone", "country")
    reporter.screen(page, "question-where").locator("textarea").fill("The laundry by the harbour")
    reporter.press(page, "question-where", "next")
    _skip(page, *FURTHER[4:])
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
        "whose_case": "someone_i_know",
        "where": "The laundry by the harbour",
        "signs": ["isolation", "debt_bondage"],
    }


def test_a_hard_question_is_announced_and_going_around_it_skips_it(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    _to_more(page, shared_line)
    reporter.press(page, "more", "next")
    _skip(page, "whose_case", *FURTHER)
    expect(reporter.screen(page, "before-signs")).to_contain_text("violence")
    reporter.press(page, "before-signs", "skip")
    reporter.screen(page, "question-needs")
    reporter.press(page, "question-needs", "back")
    reporter.screen(page, "question-signs")
    page.close()


def test_who_saw_something_is_asked_that_and_what_they_answered_as_a_victim_is_not_sent(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    _to_more(page, line)
    reporter.press(page, "more", "next")
    reporter.screen(page, "question-whose_case").locator('[value="mine"]').check()
    reporter.press(page, "question-whose_case", "next")
    near = reporter.screen(page, "question-who_is_near")
    expect(near.locator("[data-warn-on]")).to_be_hidden()
    near.locator('[value="someone_i_fear"]').check()
    expect(near.locator("[data-warn-on]")).to_contain_text("Stop if it is not safe")
    reporter.press(page, "question-who_is_near", "back")
    reporter.screen(page, "question-whose_case").locator('[value="something_i_saw"]').check()
    reporter.press(page, "question-whose_case", "next")
    _skip(page, "country", "where")
    reporter.press(page, "before-made_to_do", "next")
    reporter.screen(page, "question-made_to_do").locator('[value="factory"]').check()
    reporter.press(page, "question-made_to_do", "next")
    reporter.screen(page, "question-what_seen").locator('[value="driven"]').check()
    reporter.press(page, "question-what_seen", "next")
    reporter.screen(page, "question-how_often").locator('[value="every_day"]').check()
    reporter.press(page, "question-how_often", "next")
    _skip(page, "still_going_on", "who_does_it", "traces", "how_many")
    reporter.screen(page, "question-may_ask").locator('[value="yes"]').check()
    reporter.press(page, "question-may_ask", "enough")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    expect(reporter.screen(page, "review")).not_to_contain_text("Somebody I am afraid of")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    page.close()
    assert _bodies(line, "ana")[-1]["answers"] == {
        "whose_case": "something_i_saw",
        "made_to_do": ["factory"],
        "what_seen": ["driven"],
        "how_often": "every_day",
        "may_ask": "yes",
    }


def test_what_was_answered_can_be_changed_and_taken_back(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    _to_more(page, shared_line)
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
