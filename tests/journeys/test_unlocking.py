"""Unlocked, a console leads on to where it was locked."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.console.running_line import PASSPHRASE
from tests.journeys.console_world import world
from tests.journeys.held_form import sent_and_answered_after_the_alarm


def test_who_unlocks_is_back_at_their_case_though_the_alarm_hears_of_it_first(
    browser: Browser, tmp_path: Path
) -> None:
    with world(tmp_path, past=False) as here:
        page = browser.new_page()
        page.goto(here.login)
        page.goto(f"{here.home}/cases/{here.case}")
        page.locator("#lock").click()
        page.locator("#passphrase").fill(PASSPHRASE.reveal().decode())
        sent_and_answered_after_the_alarm(page, "**/unlock")
        expect(page.locator(".thread-name")).to_be_visible()
        expect(page).to_have_url(re.compile(f"/cases/{here.case}$"))
        page.context.close()
