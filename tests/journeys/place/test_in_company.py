"""Fast hands, a slow console and colleagues: no word is lost, nothing is done that nobody meant."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.changes import OWNER, PRIORITY
from app.console.vault.records import cases, notes
from tests.journeys.console_world import NOON, World, do, receive
from tests.journeys.place.case_list import (
    WITHIN,
    address,
    draft_of,
    ids,
    is_open,
    keys,
    of,
    open_row,
)

NEXT_KEY = """key => document.addEventListener('panes', () => setTimeout(() =>
  document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))),
  { once: true })"""
"""Presses a key at the moment in which a case has come: no sleep of a test would meet it."""


class _Held:
    """What the page asks of an address waits until it is let go, or is cut off."""

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address, self._routes = page, re.compile(address), list[Route]()
        page.route(self._address, lambda route: self._routes.append(route))

    def let_go(self) -> None:
        for route in self._routes:
            route.continue_()
        self._page.unroute(self._address)

    def cut_off(self) -> None:
        for route in self._routes:
            route.abort()
        self._page.unroute(self._address)

    def refuse(self) -> None:
        for route in self._routes:
            route.fulfill(status=409, json={"problem": "A colleague was faster."})
        self._page.unroute(self._address)


def _on_its_way(page: Page, place: int) -> tuple[str, str, _Held]:
    """Open a case and ask for the next, which does not come yet."""
    case, after = open_row(page, place), ids(page)[place + 1]
    held = _Held(page, address(after))
    with page.expect_request(re.compile(address(after))):
        keys(page, "]")
    return case, after, held


def _heard_again(page: Page, key: str, leads: str) -> None:
    """Press a key now and then until it is obeyed: a hand that stopped is heard again."""
    for _ in range(20):
        keys(page, key)
        try:
            expect(page.locator(leads)).to_be_focused(timeout=1_000)
        except AssertionError:
            continue
        return
    raise AssertionError(f"{key} does nothing any more")


def test_a_note_that_is_begun_before_its_case_is_there_is_that_cases(
    page: Page, desk: World
) -> None:
    case, after, held = _on_its_way(page, 30)
    keys(page, "n")
    page.keyboard.type("4 people, ask Ana", delay=5)
    keys(page, "Backspace", "n", "Enter", "z")
    held.let_go()
    is_open(page, after)
    expect(page.locator("#note-text")).to_have_value("4 people, ask Ann\nz", timeout=WITHIN)
    expect(page.locator("#note-text")).to_be_focused()
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    assert draft_of(desk, after).text == "4 people, ask Ann\nz"
    assert draft_of(desk, case).text == ""


def test_what_is_pressed_in_the_same_breath_is_no_command(page: Page, desk: World) -> None:
    case, after, held = _on_its_way(page, 26)
    keys(page, "m", "n", "o")
    page.evaluate(NEXT_KEY, "d")  # by itself it leads to Deadlines
    held.let_go()
    is_open(page, after)
    expect(page.locator("#notice")).to_contain_text("still opening", timeout=WITHIN)
    expect(page.locator("#owner option:checked")).to_contain_text("(you)", timeout=WITHIN)
    assert after in page.url
    assert of(desk, case, OWNER) == ""
    keys(page, "n")  # a hand that stopped is heard again
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)


def test_next_counts_on_from_the_case_on_its_way_whatever_a_colleague_does(
    page: Page, desk: World
) -> None:
    _, _, held = _on_its_way(page, 33)
    far, third = ids(page)[1], ids(page)[35]
    do(desk.console.vault, NOON, changes.add(far, "labels", "dormitory"))
    label = page.locator(f'.line[data-case="{far}"] .label')
    expect(label).to_have_text("dormitory", timeout=WITHIN)
    with page.expect_request(re.compile(address(third))):
        keys(page, "]")
    held.let_go()
    is_open(page, third)


def test_a_key_for_a_case_that_does_not_come_does_nothing_to_the_one_before(
    page: Page, desk: World
) -> None:
    case, _, held = _on_its_way(page, 22)
    keys(page, "m")
    held.cut_off()
    expect(page.locator("#notice")).to_contain_text("does not answer", timeout=WITHIN)
    is_open(page, case)
    keys(page, "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    assert of(desk, case, OWNER) == ""


def test_words_for_a_case_that_a_refusal_kept_away_go_nowhere(page: Page, desk: World) -> None:
    case = open_row(page, 23)
    held = _Held(page, r"/triage$")
    with page.expect_request(re.compile(r"/triage$")):
        keys(page, "m")
    keys(page, "]", "n")
    page.keyboard.type("for the next one")
    held.refuse()
    expect(page.locator("#notice")).to_contain_text("A colleague was faster.", timeout=WITHIN)
    is_open(page, case)
    _heard_again(page, "n", "#note-text")
    expect(page.locator("#note-text")).to_have_value("")
    assert draft_of(desk, case).text == ""


def test_answers_that_come_late_leave_a_hand_in_the_note_that_it_writes(
    page: Page, desk: World
) -> None:
    case = open_row(page, 24)
    held = _Held(page, r"/triage$")
    keys(page, "p")
    page.keyboard.type("Rou")
    with page.expect_request(re.compile(r"/triage$")):
        keys(page, "Enter")
    keys(page, "l")
    page.keyboard.type("hotel")
    keys(page, "Enter", "n")
    page.keyboard.type("Two beds")
    held.let_go()
    expect(page.locator("#triage .label")).to_contain_text("hotel", timeout=WITHIN)
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type(" are free, a man knows more.")  # each of these letters is a command, too
    expect(page.locator("#note-text")).to_have_value("Two beds are free, a man knows more.")
    assert of(desk, case, PRIORITY) == "routine"
    assert of(desk, case, OWNER) == ""


def test_a_draft_that_is_saved_while_an_answer_comes_is_this_windows_own(
    page: Page, desk: World
) -> None:
    case = open_row(page, 25)
    answered: list[tuple[Route, APIResponse]] = []
    page.route(re.compile(r"/triage$"), lambda route: answered.append((route, route.fetch())))
    keys(page, "p")
    page.keyboard.type("Urg")
    with page.expect_request(re.compile(r"/triage$")):
        keys(page, "Enter")
    keys(page, "n")
    page.keyboard.type("Two beds")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    for route, answer in answered:
        route.fulfill(response=answer)
    page.unroute(re.compile(r"/triage$"))
    expect(page.locator(".thread-head .priority")).to_have_text("Urgent", timeout=WITHIN)
    page.keyboard.type(" are free.")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    assert draft_of(desk, case).text == "Two beds are free."


def test_a_note_on_its_way_does_not_come_back_as_a_draft(page: Page, desk: World) -> None:
    case = open_row(page, 29)
    keys(page, "n")
    page.keyboard.type("She can talk on Monday.")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    held = _Held(page, r"/notes$")
    with page.expect_request(re.compile(r"/notes$")):
        keys(page, "Control+Enter")
    # A colleague does something meanwhile: what the page asks for anew still has the draft.
    do(desk.console.vault, NOON, changes.put(case, PRIORITY, "urgent"))
    expect(page.locator(".thread-head .priority")).to_have_text("Urgent", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("")
    held.let_go()
    expect(page.locator(".note-text")).to_have_text("She can talk on Monday.", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("")
    assert draft_of(desk, case).text == ""


def test_two_notes_after_one_another_are_both_kept(page: Page, desk: World) -> None:
    case = open_row(page, 27)
    held = _Held(page, r"/notes$")
    keys(page, "n")
    page.keyboard.type("The shelter has two beds.")
    with page.expect_request(re.compile(r"/notes$")):
        keys(page, "Control+Enter")
    keys(page, "n")
    page.keyboard.type("Until Friday")
    held.let_go()
    expect(page.locator(".note-text")).to_have_text("The shelter has two beds.", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("Until Friday")
    page.keyboard.type(" only.")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    assert draft_of(desk, case).text == "Until Friday only."
    keys(page, "Control+Enter")
    expect(page.locator(".note-text")).to_have_count(2, timeout=WITHIN)
    with desk.console.vault.read() as tx:
        written = [note.now for _, note in cases.state(tx, case, "support").written()]
        assert notes.of_case(tx, case) == []
    assert sorted(written) == ["The shelter has two beds.", "Until Friday only."]


def test_a_note_that_was_not_taken_is_a_draft(page: Page, desk: World) -> None:
    case = open_row(page, 28)
    held = _Held(page, r"/notes$")
    keys(page, "n")
    # Sooner than the pause after which a draft is kept, however slow the machine.
    page.locator("#note-text").evaluate("field => { field.value = 'She is out.'; }")
    with page.expect_request(re.compile(r"/notes$")):
        keys(page, "Control+Enter")
    held.cut_off()
    expect(page.locator("#notice")).to_contain_text("does not answer", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("She is out.")
    keys(page, "]", "]")  # the first is refused: what was sent before was not taken
    is_open(page, ids(page)[29])
    assert draft_of(desk, case).text == "She is out."
    keys(page, "[")
    is_open(page, case)
    expect(page.locator("#note-text")).to_have_value("She is out.")


def test_what_a_colleague_does_is_seen_above_the_messages_of_an_open_case(
    page: Page, desk: World
) -> None:
    vault = desk.console.vault
    case = receive(vault, 890, "He is at the door.", NOON - 5, answers={"danger_now": "yes"})
    page.goto(f"{desk.home}/cases/{case}")
    banner = page.locator(".danger-banner")
    expect(banner).to_contain_text("Nobody has this case.")
    page.locator("#steps summary").click()
    banner.get_by_role("button", name="Take it").focus()
    known = trusted_line.load(vault)
    ben = next(key for key, label in known.colleagues("support") if label.startswith("ben"))
    do(vault, NOON, changes.put(case, OWNER, ben), changes.put(case, PRIORITY, "urgent"))
    expect(banner).to_contain_text("ben", timeout=WITHIN)
    expect(page.locator(".thread-head .priority")).to_have_text("Urgent")
    expect(page.locator("#case-name")).to_be_focused()
    expect(page.locator("#steps")).to_have_attribute("open", "")
    page.locator("[data-danger]").get_by_role("button", name="Take it").click()
    expect(page.locator("[data-danger]")).to_be_hidden(timeout=WITHIN)  # for the tests after it


def _saying(status: dict[str, object]) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=json.dumps(status))


@pytest.mark.parametrize("width", [1093, 1366, 1920])
def test_a_sync_moves_nothing_on_the_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    heights = set()
    for words, total in (("Up to date, just now", 0), ("Looking for messages, 512 of 1024", 1024)):
        said = {"words": words, "tone": "calm", "notices": [], "total": total, "done": total // 2}
        page.unroute("**/status")
        page.route("**/status", _saying(said | {"due": 0, "revision": "0"}))
        expect(page.locator("#sync-words")).to_have_text(words, timeout=WITHIN)
        heights.add(page.locator(".panes").evaluate("one => one.getBoundingClientRect().y"))
        seen = "one => one.scrollHeight <= one.clientHeight + 1 && one.scrollWidth <= innerWidth"
        assert page.locator("#sync-words").evaluate(seen), "said whole"
    assert len(heights) == 1
