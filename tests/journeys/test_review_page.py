"""A translation is reviewed without a network; a language that is gone leaves a way in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from typer.testing import CliRunner

from app.agency.returned_review import fingerprint
from app.cli.agency.agency_commands import app
from app.reporter import beginning
from app.reporter.catalogue import open_catalogue
from tests.journeys import reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.recorded import publish


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


def _sentence(page: Page, english: str) -> str:
    """Return the id of a sentence by its English."""
    article = page.locator(".sentence").filter(
        has=page.locator(".english", has_text=english).and_(page.get_by_text(english, exact=True))
    )
    return str(article.first.get_attribute("id"))


def _say(page: Page, english: str, say: str, words: str = "") -> None:
    article = page.locator(f"#{_sentence(page, english)}")
    article.locator(f'input[value="{say}"]').check()
    if words:
        article.locator("textarea").fill(words)


def test_the_page_is_read_and_filled_in_without_a_network_and_its_file_is_accepted(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    folder, kit = open_line.world.data / "agency", tmp_path / "review-fr.html"
    made = CliRunner().invoke(app, ["review", str(folder), "fr", "--out", str(kit)])
    assert made.exit_code == 0, made.output
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(kit.as_uri())
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".exit span").first).to_have_text("Quitter cette page")
    expect(frame.locator(".exit")).not_to_have_css("border-radius", "0px")  # the site's own styles
    _say(page, "Leave this page", "change", "Fermer cette page")
    _say(page, "Next", "wrong", "Here it is a noun.")
    _say(page, "Step %(number)s", "change", "Étape")
    step = page.locator(f"#{_sentence(page, 'Step %(number)s')}")
    expect(step.locator(".problem")).to_have_text("These must stay as they are: %(number)s")
    step.locator("textarea").fill("Pas %(number)s")
    page.get_by_role("button", name="all of it is fine").first.click()
    page.locator(".save").click()
    expect(page.locator(".said")).to_contain_text("Write a name")
    page.locator('input[name="name"]').fill("A neighbour")
    with page.expect_download() as coming:
        page.locator(".save").click()
    file = tmp_path / "review-fr.json"
    coming.value.save_as(file)
    numbers = fingerprint(file.read_bytes())
    expect(page.locator(".said")).to_contain_text(numbers)
    assert page.evaluate("[document.cookie, performance.getEntriesByType('resource').length]") == [
        "",
        0,
    ]
    progress = page.locator(".progress").inner_text()
    # Another day, on a page that knows nothing of the first.
    page.goto(kit.as_uri())
    assert page.locator(".progress").inner_text() != progress
    page.locator('input[type="file"]').set_input_files(file)
    expect(page.locator(".progress")).to_have_text(progress)
    expect(page.locator('input[name="name"]')).to_have_value("A neighbour")
    assert {one.split("#")[0] for one in asked if not one.startswith("blob:")} == {kit.as_uri()}
    assert wrong == []
    context.close()
    _read_without_a_script(browser, kit)
    passphrase = str(open_line.world.passphrase_file)
    words = ["review", "accept", str(folder), str(file), "--numbers", numbers]
    taken = CliRunner().invoke(app, [*words, "--passphrase-file", passphrase], input="y\nn\n")
    assert taken.exit_code == 0, taken.output
    assert "Here it is a noun." in taken.output
    said = open_catalogue("fr", folder / "site")
    changes = {said.gettext("Leave this page"), said.gettext("Step %(number)s")}
    assert len(changes & {"Fermer cette page", "Pas %(number)s"}) == 1
    fine = [one for one in json.loads(file.read_text())["answers"].values() if one["say"] == "fine"]
    assert f"Signed: {len(fine) + 1} sentences reviewed by A neighbour." in taken.output


def _read_without_a_script(browser: Browser, kit: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(kit.as_uri())
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator(".english").first).to_be_visible()
    expect(page.locator(".save")).to_be_hidden()
    frame = page.frame_locator("iframe").first
    expect(frame.locator(".exit span").first).to_have_text("Quitter cette page")
    context.close()


def test_a_reviewer_of_the_console_is_named_only_where_they_allow_it(
    browser: Browser, open_line: RunningLine, tmp_path: Path
) -> None:
    folder, kit = open_line.world.data / "agency", tmp_path / "review-console-vi.html"
    made = CliRunner().invoke(app, ["review", str(folder), "vi", "--console", "--out", str(kit)])
    assert made.exit_code == 0, made.output
    page = browser.new_page()
    page.goto(kit.as_uri())
    page.locator('input[name="name"]').fill("Minh")
    allow = page.get_by_label("My name may stand on the line's site")
    expect(allow).not_to_be_checked()

    def saved() -> dict[str, object]:
        with page.expect_download() as coming:
            page.locator(".save").click()
        coming.value.save_as(tmp_path / "saved.json")
        reviewer: dict[str, object] = json.loads((tmp_path / "saved.json").read_bytes())["reviewer"]
        return reviewer

    assert saved() == {"name": "Minh", "capacity": ""}
    allow.check()
    assert saved() == {"name": "Minh", "capacity": "", "public": True}
    page.goto(kit.as_uri())
    page.locator('input[type="file"]').set_input_files(tmp_path / "saved.json")
    expect(allow).to_be_checked()
    page.close()


def test_an_old_address_of_a_language_that_is_gone_still_leads_to_the_mailbox(
    browser: Browser, open_line: RunningLine
) -> None:
    page = browser.new_page()
    page.goto(f"{open_line.url}/fr/")
    expect(page.locator("[data-unreviewed]").first).to_contain_text("n’a pas encore été")
    reporter.press(page, "safety", "write")
    reporter.screen(page, "text").locator("textarea").fill("On garde nos passeports.")
    reporter.skip_questions(page)
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "next")
    code = reporter.receipt(page)
    page.close()
    others = [one for one in beginning.all_languages() if one != "fr"]
    beginning.offer(open_line.world.data / "agency" / "site", others)
    publish(open_line)
    page = browser.new_page()
    page.goto(f"{open_line.url}/fr/")
    page.locator('a[lang="es"]').click()
    reporter.press(page, "safety", "return")
    reporter.screen(page, "code").locator("textarea").fill(code)
    reporter.press(page, "code", "check")
    reporter.screen(page, "answers")
    page.close()
