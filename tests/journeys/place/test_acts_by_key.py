"""What is done to a case by keys: no slip counts, what was done is told, and can be undone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from app.console.rules import changes
from app.console.vault.records import cases
from tests.journeys.console_world import NOON, World, do, receive
from tests.journeys.place.case_list import WITHIN, address, ids, is_open, keys, of, open_row


def test_triage_takes_at_most_twelve_keys_besides_text(page: Page, desk: World) -> None:
    case = open_row(page, 5)
    after = ids(page)[6]
    pressed: list[str] = []

    def press(*some: str) -> None:
        for one in some:
            pressed.extend(one.split("+"))
            page.keyboard.press(one)

    press("p", "u", "Enter")
    expect(page.locator("#priority")).to_have_value("urgent", timeout=WITHIN)
    # Nobody waits for an answer between two keys.
    press("m", "l")
    page.keyboard.type("dormitory")
    press("Enter")
    expect(page.locator("#triage .label")).to_have_count(1, timeout=WITHIN)
    press("n")
    page.keyboard.type("Ask for the house number.")
    press("Control+Enter", "]")
    is_open(page, after)
    assert len(pressed) <= 12, pressed
    assert of(desk, case, "priority") == "urgent"
    assert of(desk, case, "owner") != ""
    with desk.console.vault.read() as tx:
        state = cases.state(tx, case, "support")
    assert state.values("labels") == ["dormitory"]
    assert [note.now for _, note in state.written()] == ["Ask for the house number."]
    keys(page, "[")
    is_open(page, case)
    expect(page.locator("#note-text")).to_have_value("")


def test_a_key_pressed_while_a_case_is_on_its_way_is_meant_for_that_one(
    page: Page, desk: World
) -> None:
    case, after = open_row(page, 6), ids(page)[7]
    before = of(desk, case, "priority"), of(desk, case, "owner")
    held: list[Route] = []
    page.route(re.compile(address(after)), lambda route: held.append(route))
    with page.expect_request(re.compile(address(after))):
        keys(page, "]")
    # A hand that goes on without a look: the old case still stands there.
    keys(page, "p", "i", "Enter", "m")
    for one in held:
        one.continue_()
    page.unroute(re.compile(address(after)))
    is_open(page, after)
    expect(page.locator("#priority")).to_be_focused(timeout=WITHIN)
    assert (of(desk, case, "priority"), of(desk, case, "owner")) == before
    assert of(desk, after, "priority") == "", "of what followed the first key nothing is guessed"
    expect(page.locator("#notice")).to_contain_text("still opening", timeout=WITHIN)
    keys(page, "Escape", "Escape")
    # From the list, too, where the same keys mean what is selected there.
    keys(page, "u")
    expect(page.locator(".thread-empty")).to_be_visible(timeout=WITHIN)
    keys(page, "Enter", "p")
    expect(page.locator("#priority")).to_be_focused(timeout=WITHIN)
    expect(page.locator(".pick:checked")).to_have_count(0)


def test_a_choice_begun_before_the_one_before_it_is_saved_is_finished(
    page: Page, desk: World
) -> None:
    case = open_row(page, 9)
    held: list[Route] = []
    path = re.compile(f"/cases/{case}/triage$")
    page.route(path, lambda route: held.append(route))
    with page.expect_request(path):
        keys(page, "p", "u", "Enter")
    keys(page, "e", "i", "n")
    with page.expect_response(re.compile(address(case))) as shown:
        held[0].continue_()
    shown.value.finished()
    page.evaluate("() => new Promise((done) => setTimeout(done))")  # what waited for it has run
    page.unroute(path)
    keys(page, "Enter", "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    expect(page.locator("form.undo")).to_contain_text("In progress", timeout=WITHIN)
    assert (of(desk, case, "priority"), of(desk, case, "status")) == ("urgent", "in-progress")
    keys(page, "Escape")


def test_a_letter_that_slips_sets_no_priority(page: Page, desk: World) -> None:
    case = open_row(page, 7)
    keys(page, "p", "i", "m", "m", "Enter")
    expect(page.locator("#priority")).to_have_value("life-safety", timeout=WITHIN)
    # The next key is a command again, and writes a note.
    keys(page, "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    # So it is where the letter chose what held already.
    keys(page, "Escape", "p", "i", "m", "m", "Enter", "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("")
    keys(page, "Escape")
    # With the list closed, letters choose nothing until Enter is pressed.
    page.locator("#to-triage").click()
    page.locator("#priority").focus()
    keys(page, "u", "r", "n")
    expect(page.locator(".choice-hint")).to_be_visible(timeout=WITHIN)
    keys(page, "Tab")
    expect(page.locator("#priority")).to_have_value("life-safety", timeout=WITHIN)
    page.locator("#to-triage").click()
    page.locator("#status").focus()
    keys(page, "i", "Escape")
    expect(page.locator("#status")).to_have_value("new", timeout=WITHIN)
    # Chosen and left alone: nothing else was saved meanwhile.
    assert of(desk, case, "priority") == "life-safety"
    assert of(desk, case, "status") in ("", "new")
    # The same for a template, which would be put into the answer.
    page.locator("#template").focus()
    keys(page, "ArrowDown", "Escape")
    expect(page.locator("#reply-text")).to_have_value("")
    page.locator("#template").focus()
    keys(page, "ArrowDown", "Enter")
    expect(page.locator("#reply-text")).not_to_have_value("", timeout=WITHIN)


def test_what_is_done_with_a_case_opens_the_next_and_can_be_undone(page: Page, desk: World) -> None:
    before = ids(page)
    case = open_row(page, 14)
    page.locator("#to-triage").click()
    page.locator("#status").focus()
    page.locator("#status").select_option("closed/spam")
    keys(page, "Enter")
    is_open(page, before[15])
    assert of(desk, case, "status") == "closed/spam"
    expect(page.locator("form.undo")).to_contain_text("Spam", timeout=WITHIN)
    expect(page.locator("#case-name")).to_be_focused(timeout=WITHIN)
    keys(page, "z")
    expect(page.locator("form.undo")).to_contain_text("ndone", timeout=WITHIN)
    assert of(desk, case, "status") in ("", "new")
    # Who takes a case goes on with it; who gives it away is done with it.
    keys(page, "m")
    expect(page.locator("form.undo")).to_contain_text("ana", timeout=WITHIN)
    is_open(page, before[15])
    page.locator("#owner").focus()
    page.locator("#owner").select_option(label="ben")
    keys(page, "Enter")
    is_open(page, before[16])
    # Switched off, in the list of keys, it stays.
    keys(page, "?")
    page.locator("#auto-advance input[type=checkbox]").uncheck()
    keys(page, "Escape")
    page.locator("#to-triage").click()
    page.locator("#status").focus()
    page.locator("#status").select_option("closed/spam")
    keys(page, "Enter")
    expect(page.locator("form.undo")).to_contain_text("Spam", timeout=WITHIN)
    is_open(page, before[16])
    page.reload()
    keys(page, "?")
    box = page.locator("#auto-advance input[type=checkbox]")
    expect(box).not_to_be_checked()
    box.check()


def test_the_toast_lies_over_nothing(page: Page) -> None:
    open_row(page, 17)
    keys(page, "m")
    toast = page.locator("form.undo")
    expect(toast).to_be_visible(timeout=WITHIN)
    for what in ("#template", "#send", ".many", "#note-text"):
        for width in (1366, 900, 360):
            page.set_viewport_size({"width": width, "height": 768})
            if page.locator(what).is_visible():
                assert not _overlap(page, "form.undo", what), (what, width)


def _overlap(page: Page, one: str, other: str) -> bool:
    found: bool = page.evaluate(
        """([one, other]) => {
          const of = (css) => document.querySelector(css).getBoundingClientRect();
          const [a, b] = [of(one), of(other)];
          return a.top < b.bottom && b.top < a.bottom && a.left < b.right && b.left < a.right;
        }""",
        [one, other],
    )
    return found


def test_a_refusal_is_told_and_takes_nothing(page: Page, desk: World) -> None:
    case = open_row(page, 18)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Half of a note")
    do(desk.console.vault, NOON, changes.put(case, "priority", "routine"))
    page.locator("#to-triage").click()
    page.locator("#priority").focus()
    keys(page, "u", "Enter")
    expect(page.locator("#notice")).to_contain_text("Somebody has changed this", timeout=WITHIN)
    expect(page.locator("#priority")).to_have_value("routine", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("Half of a note")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_transfer_asks_and_can_be_undone(
    browser: Browser, signed_in: BrowserContext, desk: World, *, scripts: bool
) -> None:
    number = 890 + scripts
    both = ["support", "police"]
    case = receive(desk.console.vault, number, "Both may know.", NOON - 5, desks=both)
    context = browser.new_context(
        java_script_enabled=scripts, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto(f"{desk.home}/cases/{case}")
    page.locator("#to-more").click()
    page.locator("#handing summary").click()
    page.locator("#hand-reason").fill("They can open the door.")
    page.locator("#handing button").click()
    ask = page.locator("#confirm" if scripts else "main.lone-card")
    expect(ask).to_contain_text("They can open the door.", timeout=WITHIN)
    expect(ask).to_contain_text("can be undone")
    ask.locator("[data-no]").click()
    assert of(desk, case, "status") == ""
    if scripts:
        is_open(page, case)
    else:
        page.locator("#to-more").click()
        page.locator("#handing summary").click()
        page.locator("#hand-reason").fill("They can open the door.")
    page.locator("#handing form button").click()
    page.locator("#confirm" if scripts else "main.lone-card").locator("button").first.click()
    expect(page.locator("form.undo")).to_contain_text("next sending", timeout=WITHIN)
    assert of(desk, case, "status") == "closed/referred"
    page.goto(f"{desk.home}/cases/{case}")
    page.locator("#to-more").click()
    page.locator("#handing summary").click()
    page.get_by_role("button", name="Undo the transfer").click()
    expect(page.locator("#handing .notice")).to_have_count(0, timeout=WITHIN)
    assert of(desk, case, "status") in ("", "new")
    context.close()


def test_a_merge_leads_to_the_main_case(page: Page, desk: World) -> None:
    case, main = open_row(page, 21), ids(page)[22]
    name = page.locator(".line-name").nth(22).inner_text()
    page.goto(f"{desk.home}/cases/{case}/merge?name={name.replace(' ', '+')}")
    page.get_by_label(name).check()
    page.get_by_role("button", name="Merge into the selected case").click()
    is_open(page, main)
    assert page.url.endswith(f"/cases/{main}")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("form.undo")).to_contain_text("ndone", timeout=WITHIN)
    assert of(desk, case, "duplicate-of") == ""


def test_a_merge_takes_at_most_twelve_keys(page: Page, desk: World) -> None:
    case, main = open_row(page, 23), ids(page)[24]
    name = page.locator(".line-name").nth(24).inner_text()
    pressed: list[str] = []

    def press(*some: str) -> None:
        pressed.extend(some)
        keys(page, *some)

    press("2")
    way = page.locator(f'a[href="{urlsplit(desk.home).path}/cases/{case}/merge"]')
    while not way.evaluate("one => one === document.activeElement"):
        press("Tab")
        assert len(pressed) <= 12, "before the way to it"
    press("Enter")
    expect(page.get_by_role("searchbox")).to_be_focused(timeout=WITHIN)
    press(*name[:4], "Enter")
    expect(page.locator("legend").first).to_have_text("With that name", timeout=WITHIN)
    chosen = page.get_by_role("radio", name=name).first
    expect(chosen).to_be_focused(timeout=WITHIN)
    press("Space", "Enter")
    is_open(page, main)
    assert len(pressed) <= 12, pressed
    assert of(desk, case, "duplicate-of") == main
    do(desk.console.vault, NOON, changes.put(case, "duplicate-of", ""))
    do(desk.console.vault, NOON, changes.put(case, "status", "new"))


def test_who_leaves_a_list_of_choices_is_back_at_the_commands(page: Page, desk: World) -> None:
    case, after = open_row(page, 25), ids(page)[26]
    keys(page, "p", "Escape", "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("")
    keys(page, "Escape", "p", "u", "Escape", "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    assert of(desk, case, "priority") == ""
    keys(page, "Escape")
    # Also where the list could not open yet.
    held: list[Route] = []
    page.route(re.compile(address(after)), lambda route: held.append(route))
    with page.expect_request(re.compile(address(after))):
        keys(page, "]")
    keys(page, "p", "Escape")
    held[0].continue_()
    page.unroute(re.compile(address(after)))
    is_open(page, after)
    keys(page, "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
    assert page.evaluate("document.querySelector('select:open')") is None
