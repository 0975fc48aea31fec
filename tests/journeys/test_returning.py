"""Coming back: what can be done with a code besides reading, and what others see of it."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.records import messages
from app.protocol.letter import LetterRef, ProofRequest, check_proof, letter_public
from app.protocol.receipt import numbers_of, read_code, words_of
from tests.journeys import interception, reporter
from tests.journeys.line import RunningLine, running_line
from tests.onion.process import until

TEXT = "They keep our passports."
ANSWER = "Are you safe tonight?"


def _written(browser: Browser, line: RunningLine, desks: list[str]) -> str:
    """Write a report to desks; return its code."""
    line.open_desks()
    page = browser.new_page()
    reporter.begin(page, line.url)
    reporter.write(page, desks, TEXT)
    reporter.press(page, "review", "send")
    code = reporter.receipt(page)
    page.close()
    return code


def _kept(line: RunningLine, name: str, kinds: list[str]) -> list[dict[str, Any]]:
    """Sync until these kinds of messages have come; return their bodies."""

    def look() -> list[dict[str, Any]] | None:
        line.sync(name)
        with Vault.open(line.world.vault(name), line.world.passphrase) as vault, vault.read() as tx:
            folder = [one.id for one in messages.inbox(tx)]
            bodies = [
                json.loads(message.raw)
                for each in folder
                for message in messages.messages_of(tx, each)
                if message.direction == "in"
            ]
        return bodies if sorted(body["kind"] for body in bodies) == sorted(kinds) else None

    return until(reporter.SLOW / 1_000, f"{kinds} did not come", look)


def _answer(line: RunningLine, name: str, desk: str, text: str = ANSWER) -> None:
    """Answer the first case, and send it."""
    with Vault.open(line.world.vault(name), line.world.passphrase) as vault:
        with vault.read() as tx:
            case = messages.inbox(tx)[0].id
        now = int(time.time())
        deliver.queue_reply(vault, case, text, desk=desk, lang="en", now=now, rng=os.urandom)
    line.sync(name)


def _look(page: Page, line: RunningLine, code: str, count: int, url: str = "") -> None:
    """Come back and look again until so many answers are there."""
    reporter.come_back(page, url or line.url, code)
    reporter.look_until(page, count)


def test_an_answer_by_somebody_who_left_since_is_not_the_desks_any_more(
    browser: Browser, tmp_path: Path
) -> None:
    with running_line(tmp_path / "line") as line:
        code = _written(browser, line, ["support"])
        _kept(line, "ana", ["report"])
        _answer(line, "ana", "support")
        page = browser.new_page()
        _look(page, line, code, 1)
        shown = reporter.screen(page, "answers").locator("[data-answer]")
        expect(shown.locator("h2")).to_contain_text("Support")
        line.revoke("Ana (caseworker)", "former")
        _look(page, line, code, 1)
        expect(shown.locator("h2")).to_have_text("From somebody who no longer works here")
        expect(shown).to_contain_text("This person stopped working here on")
        expect(shown).not_to_contain_text("Support")
        expect(shown).to_contain_text(ANSWER)
        page.close()


def test_what_waits_is_deleted_when_the_person_asks_and_not_before(
    browser: Browser, line: RunningLine
) -> None:
    code = _written(browser, line, ["support"])
    _kept(line, "ana", ["report"])
    _answer(line, "ana", "support")
    page = browser.new_page()
    interception.from_the_start(page)
    deleted: list[str] = []
    page.on("request", lambda r: deleted.append(r.url) if r.method == "DELETE" else None)
    _look(page, line, code, 1)
    reporter.press(page, "answers", "delete")
    shown = reporter.screen(page, "delete")
    expect(shown).to_contain_text("What you sent stays with the people who read it.")
    reporter.press(page, "delete", "back")
    expect(reporter.screen(page, "answers").locator("[data-answer]")).to_have_count(1)
    assert deleted == []
    reporter.press(page, "answers", "delete")
    on_its_way: list[Route] = []
    page.route("**/api/v1/messages/*", lambda route: on_its_way.append(route))
    with page.expect_request("**/api/v1/messages/*"):
        reporter.press(page, "delete", "delete")
    expect(shown.locator("[data-problem]")).to_have_text("One moment…")
    reporter.press(page, "delete", "delete")  # as who sees nothing happen does
    on_its_way[0].continue_()
    page.unroute("**/api/v1/messages/*")
    expect(reporter.screen(page, "answers")).to_contain_text("1 message is deleted.")
    expect(page.locator("[data-answer]")).to_have_count(0)
    expect(page.locator('[data-step="answers"] [data-action="delete"]')).to_be_hidden()
    assert len(deleted) == 1
    reporter.press(page, "answers", "look-again")
    page.locator('section[data-step="checking"]').wait_for(state="hidden")
    expect(reporter.screen(page, "answers")).to_contain_text("There is no answer yet.")
    page.close()
    assert ANSWER.encode() not in httpx.get(deleted[0], trust_env=False).content


def test_a_permission_is_taken_back_from_one_desk_and_those_who_answered_hear_of_it(
    browser: Browser, line: RunningLine
) -> None:
    code = _written(browser, line, ["support", "police"])
    _kept(line, "ana", ["report"])
    _answer(line, "ana", "support")
    page = browser.new_page()
    _look(page, line, code, 1)
    reporter.press(page, "answers", "more")
    reporter.screen(page, "text").locator("textarea").fill("Half a sentence")
    reporter.press(page, "text", "send-now")
    reporter.press(page, "desks", "back")
    reporter.press(page, "text", "back")
    reporter.press(page, "answers", "withdraw")
    shown = reporter.screen(page, "withdraw")
    expect(shown).to_contain_text("Nobody can take back what was read.")
    expect(shown.locator('[data-desk="police"]')).to_be_visible(timeout=reporter.SLOW)
    expect(shown.locator("input:checked")).to_have_count(0)
    reporter.press(page, "withdraw", "send")
    expect(shown.locator("[data-problem]")).to_contain_text("Choose those who should stop.")
    shown.locator('[data-desk="police"]').click()
    reporter.press(page, "withdraw", "send")
    reporter.screen(page, "sent")
    reporter.press(page, "sent", "to-answers")
    reporter.press(page, "answers", "more")
    expect(reporter.screen(page, "text").locator("textarea")).to_have_value("Half a sentence")
    page.close()
    for name in ("chris", "ana"):
        (body,) = [one for one in _kept(line, name, ["report", "withdrawal"]) if "text" not in one]
        assert body["desks"] == ["police"]

    console = browser.new_page()
    console.goto(line.start_console("ana"))
    console.locator("[data-case]").first.click()
    notice = console.locator("[data-message]").last
    expect(notice).to_contain_text("Permission withdrawn")
    expect(notice).to_contain_text("The reporter withdraws the permission given to: Police")
    console.close()


def test_a_letter_is_asked_for_and_later_shown_to_be_ones_own_without_a_call(
    browser: Browser, line: RunningLine
) -> None:
    code = _written(browser, line, ["support"])
    entropy = read_code(code)[0]
    page = browser.new_page()
    _look(page, line, code, 0)
    reporter.press(page, "answers", "letter")
    shown = reporter.screen(page, "letter")
    expect(shown).to_contain_text("Whoever has your code could say that it is theirs.")
    shown.locator('[data-desk="support"]').click(timeout=reporter.SLOW)
    reporter.press(page, "letter", "send")
    reporter.screen(page, "sent")
    asked = next(body for body in _kept(line, "ana", ["report", "letter-request"]) if "n" in body)
    n, pk = bytes.fromhex(asked["n"]), bytes.fromhex(asked["pk"])
    assert pk == letter_public(entropy, n)
    assert asked["desks"] == ["support"]

    # Later, on another day: the verifier's text names it among others.
    letter = os.urandom(32)
    other = LetterRef(os.urandom(16), os.urandom(32), os.urandom(32))
    request = ProofRequest(
        "Law office M. Okafor", os.urandom(16), (other, LetterRef(n, pk, letter))
    )
    _look(page, line, numbers_of(entropy.reveal()), 0)
    calls: list[str] = []
    page.on("request", lambda call: calls.append(call.url))
    reporter.press(page, "answers", "proof")
    field = reporter.screen(page, "proof").locator("textarea")
    field.fill("a letter, please")
    reporter.press(page, "proof", "read")
    expect(page.locator('[data-step="proof"] [data-problem]')).to_contain_text("Paste all of it.")
    field.fill(re.sub("(.{60})", r"\1\n", request.to_text()))
    reporter.press(page, "proof", "read")
    expect(reporter.screen(page, "prove")).to_contain_text("Law office M. Okafor")
    reporter.press(page, "prove", "make")
    expect(page.locator("#made")).to_be_visible()
    proof = page.locator("#made").input_value()
    assert check_proof(proof, request).letter == letter
    assert calls == []

    stranger = ProofRequest("Law office M. Okafor", os.urandom(16), (other,))
    reporter.press(page, "prove", "back")
    field.fill(stranger.to_text())
    reporter.press(page, "proof", "read")
    reporter.press(page, "prove", "make")
    expect(page.locator('[data-step="prove"] [data-problem]')).to_contain_text(
        "not about a letter of yours"
    )
    expect(page.locator("#made")).to_be_hidden()
    page.close()


def test_more_files_can_be_sent_and_no_desk_is_chosen_for_one(
    browser: Browser, line: RunningLine, tmp_path: Path
) -> None:
    code = _written(browser, line, ["support"])
    (tmp_path / "note.txt").write_text("One file more.")
    page = browser.new_page()
    _look(page, line, code, 0)
    reporter.press(page, "answers", "more")
    reporter.press(page, "text", "files")
    reporter.screen(page, "files").locator("[data-choose]").set_input_files(tmp_path / "note.txt")
    reporter.looked_into(page, 1)
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "next")
    reporter.press(page, "question-safe_to_reply", "skip")
    shown = reporter.screen(page, "desks")
    expect(shown.locator('[data-open="yes"]')).to_have_count(2, timeout=reporter.SLOW)
    expect(shown.locator("input:checked")).to_have_count(0)
    reporter.press(page, "desks", "next")
    expect(shown.locator("[data-problem]")).to_contain_text("Choose who may read it.")
    shown.locator('[data-desk="support"]').click()
    reporter.press(page, "desks", "next")
    reporter.screen(page, "sent")
    page.close()
    (body,) = [one for one in _kept(line, "ana", ["report", "message"]) if one["files"]]
    assert body["files"][0]["name"] == "note.txt"


def _calls(page: Page, line: RunningLine) -> list[str]:
    """Collect what is asked of the server after the page itself, ids left out."""
    calls: list[str] = []

    def remember(method: str, url: str) -> None:
        path = url.removeprefix(line.url)
        if path.startswith("/api/") or "later" in path or "words" in path:
            calls.append(f"{method} {re.sub('[0-9a-f]{32}', 'ID', path)}")

    page.on("request", lambda request: remember(request.method, request.url))
    return calls


CODES = {
    "english": "legal winner thank year wave sausage worth useful legal winner thank yellow",
    "numbers": numbers_of(bytes([0x7F] * 16)),
    "italian": words_of(bytes([0x7F] * 16), "italian"),
}


@pytest.mark.parametrize(
    ("language", "written", "saving"),
    [
        ("en", "english", False),
        ("ar", "english", False),
        ("en", "numbers", False),
        ("en", "italian", False),
        ("en", "english", True),
    ],
)
def test_a_visit_and_a_check_make_the_same_calls_in_the_same_order(
    browser: Browser, shared_line: RunningLine, language: str, written: str, saving: bool
) -> None:
    check = browser.new_page()
    checked = _calls(check, shared_line)
    reporter.come_back(check, shared_line.url, CODES[written], language)
    reporter.screen(check, "answers")
    check.close()

    visit = browser.new_page()
    if saving:
        visit.add_init_script(
            "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"
        )
    visit.clock.install()
    visited = _calls(visit, shared_line)
    visit.goto(f"{shared_line.url}/{language}/")
    reporter.screen(visit, "safety")
    for _ in range(400):
        if len(visited) == len(checked):
            break
        visit.clock.run_for(1_000)
    visit.clock.run_for(60_000)
    visit.close()
    assert visited == checked
    assert checked.count("GET /api/v1/messages/ID") == 8
    assert sum("/assets/words-" in call for call in checked) == 10
