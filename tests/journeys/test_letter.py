"""A cooperation letter's whole way, by pages: asked for, made, held, proved, released, verified.

The reporter's side is the line's page, the agency's the console; the verifier has a terminal.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from app.protocol.letter import ProofRequest
from tests.journeys import axe, reporter
from tests.journeys.line import RunningLine
from tests.journeys.test_returning import _look, _written

VERIFIER = "Law office M. Okafor"


def _prove(page: Page, request: str) -> str:
    """Pastes a verifier's text on the line's page; gives what comes of it."""
    reporter.press(page, "answers", "proof")
    reporter.screen(page, "proof").locator("textarea").fill(request)
    reporter.press(page, "proof", "read")
    expect(reporter.screen(page, "prove")).to_contain_text(VERIFIER)
    reporter.press(page, "prove", "make")
    expect(page.locator("#made")).to_be_visible(timeout=reporter.SLOW)
    return page.locator("#made").input_value()


def _verify(line: RunningLine, letter: Path, *more: str) -> subprocess.Popen[str]:
    line_file = line.world.data / "agency" / "line.json"
    command = ["-m", "app.cli.entry", "verify-letter", str(letter), "--line", str(line_file)]
    return subprocess.Popen(
        [sys.executable, *command, *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_a_letter_goes_its_whole_way_by_pages(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    code = _written(browser, line, ["support"])
    page = browser.new_page()
    _look(page, line, code, 0)
    reporter.press(page, "answers", "letter")
    reporter.screen(page, "letter").locator('[data-desk="support"]').click(timeout=reporter.SLOW)
    reporter.press(page, "letter", "send")
    reporter.screen(page, "sent")

    # The agency: the case says that one was asked for; it is made after a check, and held.
    console = browser.new_page()
    console.set_default_timeout(reporter.SLOW)
    console.goto(line.start_console("ana"))
    console.locator("[data-case]").first.click()
    asked = console.locator("#letter")
    expect(asked).to_contain_text("The reporter asks for a letter")
    console.locator("#to-more").click()
    asked.get_by_label("has cooperated").check()
    asked.get_by_label("I asked what only they know").check()
    asked.get_by_role("button", name="Make the letter").click()
    expect(asked).to_contain_text("is in this case store")
    console.locator("#to-more").click()
    asked.get_by_role("link", name="Cooperation letters").click()
    expect(console.locator("main")).to_contain_text("Released to nobody.")
    letters = console.url
    assert axe.violations(console) == []
    console.get_by_label("Who is to have the letter").fill(VERIFIER)
    console.get_by_role("button", name="Make the request").click()
    request = console.locator("#made textarea").input_value()
    assert ProofRequest.from_text(request).verifier == VERIFIER
    assert axe.violations(console) == []

    # The reporter, another day, with nothing but the code.
    _look(page, line, code, 0)
    proof = _prove(page, request)

    # What proves nothing releases nothing; the proof does, once.
    console.get_by_label("The proof that the person brought back").fill(request)
    console.get_by_role("button", name="Check it").click()
    expect(console.locator("main")).to_contain_text("Nothing was released")
    console.goto(letters)
    console.get_by_label("The proof that the person brought back").fill(proof)
    with console.expect_download() as saved:
        console.get_by_role("button", name="Check it").click()
    letter = tmp_path / "letter.json"
    saved.value.save_as(letter)
    console.goto(letters)
    expect(console.locator("main")).to_contain_text(f"Released to {VERIFIER}")
    expect(console.locator("#proof")).to_have_count(0)

    # A third party, with a nonce of their own.
    assert set(json.loads(letter.read_bytes())) == {"letter", "signature", "directory"}
    verifying = _verify(line, letter, "--verifier", VERIFIER)
    assert verifying.stdin is not None
    assert verifying.stdout is not None
    said = ""
    while "Their proof" not in said:
        more = verifying.stdout.readline()
        assert more, said
        said += more
    own = said.split("\n\n")[2].strip()
    assert own != request
    _look(page, line, code, 0)
    rest, _ = verifying.communicate(_prove(page, own) + "\n\n", timeout=120)
    assert (verifying.returncode, "The proof is good" in rest) == (0, True)
    again = _verify(line, letter, "--verifier", VERIFIER)
    rest, _ = again.communicate(proof + "\n\n", timeout=120)
    assert again.returncode == 1
    page.close()
    console.close()
