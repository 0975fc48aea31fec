"""What a reporter does on the page, one function a step, found as a person finds it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.onion.process import until

SLOW = 120_000
"""Milliseconds that a step may take on a busy machine before it is taken for broken."""


_SETTLED = "() => document.querySelector('.settling') === null"


def screen(page: Page, name: str) -> Locator:
    """Wait until a screen is the one shown, and takes taps (ADR 0117); return it."""
    shown = page.locator(f'section[data-step="{name}"]')
    expect(shown).to_be_visible(timeout=SLOW)
    # A press would wait for it too, but look again only after half a second.
    until(SLOW / 1_000, f"{name} takes no tap", lambda: page.evaluate(_SETTLED))
    return shown


def press(page: Page, name: str, action: str) -> None:
    """Press a screen's button."""
    screen(page, name).locator(f'[data-action="{action}"]').click()


def begin(page: Page, url: str, language: str = "en") -> None:
    """Open the page and choose to write."""
    page.goto(f"{url}/{language}/")
    press(page, "safety", "write")


def write(
    page: Page,
    desks: Sequence[str],
    text: str,
    files: Sequence[Path] = (),
    *,
    originals: bool = False,
) -> None:
    """Go from the words to the last look before sending; files go clean or as they are."""
    screen(page, "text").locator("textarea").fill(text)
    if files:
        press(page, "text", "files")
        screen(page, "files").locator("input[data-choose]").set_input_files(list(files))
        looked_into(page, len(files))
        if originals:
            for box in page.locator('[data-files] input[value="original"]').all():
                box.check()
        press(page, "files", "next")
    press(page, "text", "next")
    answers = {"danger_now": "no", "safe_to_reply": "yes", "under_18": "unknown"}
    for question, answer in answers.items():
        shown = screen(page, f"question-{question}")
        shown.locator(f'input[value="{answer}"]').check()
        press(page, f"question-{question}", "next")
    press(page, "more", "skip")
    choose(page, desks)
    press(page, "desks", "look")
    screen(page, "review")


def choose(page: Page, desks: Sequence[str]) -> None:
    """Choose who may read it."""
    shown = screen(page, "desks")
    for desk in desks:
        shown.locator(f'[data-desk="{desk}"]').click(timeout=SLOW)


def skip_questions(page: Page) -> None:
    """Go from the words to who reads them without an answer."""
    press(page, "text", "next")
    for question in ("danger_now", "safe_to_reply", "under_18"):
        press(page, f"question-{question}", "skip")
    press(page, "more", "skip")
    screen(page, "desks")


def looked_into(page: Page, count: int) -> None:
    """Wait until the page has said of each file what it tells, or that it cannot clean it."""
    said = page.locator("[data-files] [data-tells], [data-files] [data-cannot]")
    expect(said).to_have_count(count, timeout=SLOW)


def receipt(page: Page) -> str:
    """Read the code that is shown: words, or numbers in a language without a list of its own."""
    words = screen(page, "receipt").locator(".code:not([hidden]) li")
    expect(words).to_have_count(12, timeout=SLOW)
    return " ".join(word.strip() for word in words.all_inner_texts())


def written_down(page: Page) -> None:
    """Say that the code is on paper, once its last row has been in view."""
    last = screen(page, "receipt").locator(".code:not([hidden]) li").last
    expect(last).to_be_visible(timeout=SLOW)
    # At once: the list is made anew when its words have come.
    last.evaluate("row => row.scrollIntoView({block: 'end'})")
    button = page.locator('[data-step="receipt"] [data-action="next"]')
    expect(button).not_to_have_attribute("aria-disabled", "true", timeout=SLOW)
    button.click()


def look_until(page: Page, answers: int) -> None:
    """Look again until so many answers are there: they come with an epoch."""

    def look() -> bool:
        screen(page, "answers")
        if page.locator("[data-answer]").count() == answers:
            return True
        press(page, "answers", "look-again")
        page.locator('section[data-step="checking"]').wait_for(state="hidden")
        return False

    until(SLOW / 1_000, "the answers did not come", look)


def come_back(page: Page, url: str, code: str, language: str = "en") -> None:
    """Open the page anew and type the code."""
    page.goto(f"{url}/{language}/")
    press(page, "safety", "return")
    screen(page, "code").locator("textarea").fill(code)
    press(page, "code", "check")
