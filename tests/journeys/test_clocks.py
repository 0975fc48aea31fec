"""Phones whose date is wrong, by years and both ways: they are warned, and silence nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import reporter
from tests.journeys.line import RunningLine

TEXT = "They keep our passports."
YEAR = dt.timedelta(days=365)


def _phone(browser: Browser, ahead: dt.timedelta) -> Page:
    """Return a phone whose clock goes, but shows another year."""
    page = browser.new_page()
    page.clock.install(time=dt.datetime.now(dt.UTC) + ahead)
    return page


@pytest.mark.parametrize("years", [-20, 20])
def test_a_phone_that_is_wrong_by_years_can_write(
    browser: Browser, shared_line: RunningLine, years: int
) -> None:
    page = _phone(browser, years * YEAR)
    reporter.begin(page, shared_line.url)
    reporter.skip_questions(page)
    warning = reporter.screen(page, "desks").locator("[data-old]")
    expect(reporter.screen(page, "desks").locator("[data-desk]").first).to_be_visible()
    if years > 0:
        year = str((dt.datetime.now(dt.UTC) + years * YEAR).year)
        expect(warning).to_contain_text("By the date on this phone")
        expect(warning).to_contain_text(year)
        expect(warning).to_contain_text("If that date is wrong, you can go on.")
    else:
        expect(warning).to_have_count(0)
    page.reload()
    reporter.press(page, "safety", "write")
    reporter.write(page, ["support"], TEXT)
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    assert len(code.split()) == 12
    page.close()


def test_who_is_warned_only_when_sending_is_asked_once(
    browser: Browser, shared_line: RunningLine
) -> None:
    """A server can show a good line to choose from, and one of the past to send by."""
    page = _phone(browser, dt.timedelta())
    reporter.begin(page, shared_line.url)
    reporter.write(page, ["support"], TEXT)
    page.clock.set_system_time(dt.datetime.now(dt.UTC) + 2 * YEAR)
    reporter.press(page, "review", "send")
    problem = reporter.screen(page, "sending").locator("[data-problem]")
    expect(problem).to_contain_text("By the date on this phone", timeout=reporter.SLOW)
    reporter.press(page, "sending", "again")
    assert len(reporter.receipt(page).split()) == 12
    page.close()
