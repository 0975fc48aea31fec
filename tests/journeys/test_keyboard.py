"""The whole way with the keyboard alone, from the first screen to the answers."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine

PRESSES = 40


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until that element has the focus, as seen by a ring around it."""
    for _ in range(PRESSES):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "(selector) => { const e = document.activeElement; if (!e.matches(selector)) return '';"
            " const ringed = [e, e.closest('label')].filter(Boolean);"
            " return ringed.some((x) => getComputedStyle(x).outlineStyle !== 'none')"
            "   ? 'ring' : 'no ring'; }",
            selector,
        )
        if found:
            assert found == "ring", f"{selector} has the focus, and nobody can see it"
            return
    raise AssertionError(f"Tab does not reach {selector}")


def _go_on(page: Page, name: str, action: str) -> None:
    _tab_to(page, f'section[data-step="{name}"] [data-action="{action}"]')
    page.keyboard.press("Enter")


def _arrived(page: Page, name: str) -> None:
    """Wait until the screen is there, and its heading is what a screen reader reads next."""
    expect(reporter.screen(page, name).locator("h1")).to_be_focused()


def test_a_report_is_written_sent_and_looked_after_without_a_mouse(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    page = browser.new_page()
    page.goto(f"{line.url}/en/")
    _go_on(page, "safety", "write")
    _arrived(page, "text")
    _go_on(page, "text", "files")
    _arrived(page, "files")
    _tab_to(page, "input[data-choose]")
    _go_on(page, "files", "next")
    _arrived(page, "text")
    _tab_to(page, "#text")
    page.keyboard.type("Written without a mouse.")
    _go_on(page, "text", "next")
    _arrived(page, "question-danger_now")
    _tab_to(page, 'input[name="answer-danger_now"]')
    page.keyboard.press("ArrowDown")
    expect(page.locator('input[name="answer-danger_now"][value="no"]')).to_be_checked()
    _go_on(page, "question-danger_now", "next")
    for name in ("safe_to_reply", "under_18"):
        _arrived(page, f"question-{name}")
        _go_on(page, f"question-{name}", "skip")
    _arrived(page, "more")
    _go_on(page, "more", "skip")
    _arrived(page, "desks")
    expect(page.locator('[data-desk="support"]')).to_be_visible(timeout=reporter.SLOW)
    _tab_to(page, '[data-desk="support"] input')
    page.keyboard.press("Space")
    _go_on(page, "desks", "look")
    _arrived(page, "review")
    expect(page.locator("[data-review]")).to_contain_text("Written without a mouse.")
    _go_on(page, "review", "send")
    _arrived(page, "receipt")
    code = reporter.receipt(page)
    _tab_to(page, 'section[data-step="receipt"] [data-action="next"]')
    page.keyboard.press("Enter")
    _arrived(page, "try")
    _go_on(page, "try", "skip")
    _arrived(page, "done")
    _go_on(page, "done", "leave")
    page.wait_for_url("**/measures/")

    page.goto(f"{line.url}/en/")
    _go_on(page, "safety", "return")
    _arrived(page, "code")
    _tab_to(page, "#code")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    reporter.screen(page, "answers")
    _arrived(page, "answers")
    page.close()
