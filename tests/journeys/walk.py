"""One walk over every screen of the page, stopping at each: for tests that look at all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from app.protocol.letter import LetterRef, ProofRequest
from tests.journeys import interception, reporter

Look = Callable[[str], None]
"""Called with the name of the screen that is shown now."""

QUESTIONS = ("danger_now", "safe_to_reply", "under_18")
MORE = (
    "whose_case", "who_is_near", "who_sees_phone", "country", "where", "made_to_do",
    "how_it_began", "still_going_on", "who_does_it", "traces", "how_many", "signs", "needs",
    "when_looking",
)  # fmt: skip
"""What is asked of who writes about themselves; a witness's way is in ``test_intake``."""
BEFORE = ("made_to_do", "signs")
"""Hard questions, announced on a screen of their own."""
SCREENS = (
    "safety", "help", "desks", "text", *(f"question-{name}" for name in QUESTIONS), "more",
    *(f"before-{name}" for name in BEFORE), *(f"question-{name}" for name in MORE), "files",
    "review", "sending",
    "receipt", "receipt-numbers", "no-code", "try", "done", "code", "answers", "delete", "withdraw",
    "letter", "proof", "prove", "voice", "sent", "languages", "help-page", "info",
)  # fmt: skip


PROOF_REQUEST = ProofRequest(
    "Law office M. Okafor", bytes(16), (LetterRef(bytes(16), bytes(32), bytes(32)),)
).to_text()


def whole_way(page: Page, url: str, language: str, photo: Path, look: Look) -> None:
    """Write, send, come back and write more; call ``look`` on every screen on the way."""
    interception.from_the_start(page)
    _outside(page, url, language, look)
    page.goto(f"{url}/{language}/")
    reporter.screen(page, "safety")
    look("safety")
    reporter.press(page, "safety", "help")
    reporter.screen(page, "help")
    look("help")
    reporter.press(page, "help", "back")
    reporter.press(page, "safety", "write")
    code = _write(page, photo, look)
    page.goto(f"{url}/{language}/")
    reporter.press(page, "safety", "return")
    reporter.screen(page, "code").locator("textarea").fill("apple apple applf " + code)
    reporter.press(page, "code", "check")
    expect(reporter.screen(page, "code").locator("[data-problem]")).not_to_be_empty()
    look("code")
    reporter.screen(page, "code").locator("textarea").fill(code)
    reporter.press(page, "code", "check")
    reporter.screen(page, "answers")
    look("answers")
    _other_ways(page, look)
    reporter.press(page, "answers", "more")
    reporter.screen(page, "text").locator("textarea").fill("One thing more.")
    reporter.press(page, "text", "next")
    reporter.press(page, "question-safe_to_reply", "skip")
    _choose_desk(page)
    reporter.press(page, "desks", "next")
    reporter.screen(page, "sent")
    look("sent")


def _other_ways(page: Page, look: Look) -> None:
    # There is nothing to delete here; the screen is shown all the same.
    page.locator('[data-step="answers"] [data-action="delete"]').evaluate("e => e.hidden = false")
    reporter.press(page, "answers", "delete")
    reporter.screen(page, "delete")
    look("delete")
    reporter.press(page, "delete", "back")
    for name in ("withdraw", "letter"):
        reporter.press(page, "answers", name)
        desk = reporter.screen(page, name).locator('[data-desk="support"]')
        expect(desk).to_be_visible(timeout=reporter.SLOW)
        look(name)
        reporter.press(page, name, "back")
    reporter.press(page, "answers", "proof")
    reporter.screen(page, "proof").locator("textarea").fill(PROOF_REQUEST)
    look("proof")
    reporter.press(page, "proof", "read")
    reporter.screen(page, "prove")
    page.locator("[data-made]").evaluate("e => e.hidden = false")
    look("prove")
    reporter.press(page, "prove", "back")
    reporter.press(page, "proof", "back")


def _outside(page: Page, url: str, language: str, look: Look) -> None:
    page.goto(f"{url}/")
    look("languages")
    page.goto(f"{url}/{language}/help/")
    look("help-page")
    page.goto(f"{url}/{language}/info/us/")
    look("info")


def _choose_desk(page: Page) -> None:
    reporter.screen(page, "desks").locator('[data-desk="support"]').click(timeout=reporter.SLOW)


def _write(page: Page, photo: Path, look: Look) -> str:
    reporter.press(page, "text", "voice")
    reporter.screen(page, "voice")
    look("voice")
    reporter.press(page, "voice", "back")
    reporter.press(page, "text", "files")
    reporter.screen(page, "files").locator("input[data-choose]").set_input_files(photo)
    reporter.looked_into(page, 1)
    look("files")
    reporter.press(page, "files", "next")
    reporter.screen(page, "text").locator("textarea").fill("A few words.")
    look("text")
    reporter.press(page, "text", "next")
    for name in QUESTIONS:
        shown = reporter.screen(page, f"question-{name}")
        shown.locator('input[value="yes"]').check()
        look(f"question-{name}")
        reporter.press(page, f"question-{name}", "next")
    reporter.screen(page, "more")
    look("more")
    reporter.press(page, "more", "next")
    for name in MORE:
        if name in BEFORE:
            reporter.screen(page, f"before-{name}")
            look(f"before-{name}")
            reporter.press(page, f"before-{name}", "next")
        shown = reporter.screen(page, f"question-{name}")
        field = shown.locator("[data-question] input, textarea").first
        if shown.locator("textarea").count():
            field.fill("A blue house near the harbour.")
        else:
            field.check()
        look(f"question-{name}")
        reporter.press(page, f"question-{name}", "next")
    _choose_desk(page)
    page.locator("[data-danger]").evaluate("e => e.hidden = false")
    look("desks")
    reporter.press(page, "desks", "look")
    reporter.screen(page, "review")
    look("review")
    page.route("**/api/v1/bundles", lambda route: route.fulfill(status=400, body="{}"))
    reporter.press(page, "review", "send")
    expect(reporter.screen(page, "sending").locator("[data-problem]")).not_to_be_empty(
        timeout=reporter.SLOW
    )
    look("sending")
    page.unroute("**/api/v1/bundles")
    reporter.press(page, "sending", "again")
    shown = reporter.screen(page, "receipt")
    expect(shown.locator(".code:not([hidden]) li")).to_have_count(12, timeout=reporter.SLOW)
    shown.locator('[data-action="as-words"]').click()
    words = shown.locator("[data-receipt] li")  # where a language has no list: loaded only now
    expect(words).to_have_count(12, timeout=reporter.SLOW)
    expect(words.first).to_be_visible()
    code = words.all_inner_texts()
    look("receipt")
    shown.locator('[data-action="as-numbers"]').click()
    look("receipt-numbers")
    reporter.press(page, "receipt", "no-code")
    reporter.screen(page, "no-code")
    look("no-code")
    reporter.press(page, "no-code", "back-to-code")
    reporter.written_down(page)
    reporter.screen(page, "try")
    look("try")
    reporter.press(page, "try", "skip")
    reporter.screen(page, "done")
    look("done")
    return " ".join(word.strip() for word in code)
