"""The console keeps what is typed: over another case, a lock, a dead console, a second window."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from app.console.vault.records import drafts, notes
from tests.journeys.console_world import World
from tests.journeys.place.case_list import (
    WITHIN,
    draft_of,
    ids,
    is_open,
    keys,
    open_row,
    passphrase,
)


def test_a_note_outlasts_a_priority_another_case_and_a_lock(page: Page, desk: World) -> None:
    case = open_row(page, 9)
    other = ids(page)[10]
    keys(page, "n")
    page.keyboard.type("Her sister")
    page.locator("#to-notes").click()
    page.get_by_label("Only me").check()
    page.locator("#to-notes").click()
    page.locator("#note-text").focus()
    page.locator("#note-text").press("End")
    page.keyboard.type(" calls")
    # Before any pause: the priority is changed by hand.
    page.locator("#to-triage").click()
    page.locator("#priority").focus()
    keys(page, "u", "Enter")
    expect(page.locator("form.undo")).to_contain_text("rgent", timeout=WITHIN)
    expect(page.locator("#note-text")).to_have_value("Her sister calls")
    page.locator("#to-notes").click()
    page.locator("#note-text").focus()
    page.locator("#note-text").press("End")
    page.keyboard.type(" at six")
    keys(page, "Escape", "]")
    is_open(page, other)
    expect(page.locator("#note-text")).to_have_value("")
    keys(page, "[")
    is_open(page, case)
    expect(page.locator("#note-text")).to_have_value("Her sister calls at six")
    expect(page.get_by_label("Only me")).to_be_checked()
    page.locator("#note-text").press("End")
    page.keyboard.type(", she said")
    keys(page, "Escape", "Shift+L")
    expect(page.get_by_label("Passphrase")).to_be_visible(timeout=WITHIN)
    assert "sister" not in page.content()
    again = page.context.new_page()
    page.close()
    again.goto(desk.console.address)
    again.locator("input[type=password]").fill(passphrase())
    again.keyboard.press("Enter")
    expect(again.locator(".line").first).to_be_visible(timeout=WITHIN)
    assert draft_of(desk, case) == drafts.NoteDraft("Her sister calls at six, she said", True)
    again.goto(f"{desk.console.address}/cases/{case}")
    expect(again.get_by_label("Only me")).to_be_checked()
    again.locator("#to-notes").click()
    again.locator("#note-text").press("Control+Enter")
    expect(again.locator(".note-private")).to_contain_text("at six, she said", timeout=WITHIN)
    with desk.console.vault.read() as tx:
        assert [one.text for one in notes.of_case(tx, case)] == [
            "Her sister calls at six, she said"
        ]


def test_who_types_without_a_pause_loses_two_seconds_at_most(page: Page, desk: World) -> None:
    case = open_row(page, 11)
    keys(page, "n")
    text = "a word and a word and a word and a word and a word"
    page.locator("#to-notes").click()
    page.locator("#note-text").press_sequentially(text, delay=80)
    assert len(draft_of(desk, case).text) > 10, "not once in four seconds of typing"


def test_without_the_console_the_text_stays_and_is_kept_once_it_is_back(
    page: Page, desk: World
) -> None:
    case = open_row(page, 12)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Two beds from Friday")
    page.context.set_offline(True)
    expect(page.locator("#note-state")).to_contain_text("Not saved", timeout=WITHIN)
    page.keyboard.press("Escape")
    keys(page, "]")
    # Words that could not be kept are not left behind unasked.
    expect(page.locator("#confirm")).to_be_visible(timeout=WITHIN)
    keys(page, "Escape")
    is_open(page, case)
    expect(page.locator("#note-text")).to_have_value("Two beds from Friday")
    page.locator("#to-triage").click()
    page.locator("#priority").focus()
    keys(page, "u", "Enter")
    keys(page, "Escape")
    expect(page.locator("#note-text")).to_have_value("Two beds from Friday")
    page.context.set_offline(False)
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    assert draft_of(desk, case).text == "Two beds from Friday"


def test_two_windows_of_a_case_do_not_write_over_each_other(page: Page, desk: World) -> None:
    case = open_row(page, 13)
    other = page.context.new_page()
    other.goto(page.url)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("From the first window")
    expect(page.locator("#note-state")).to_have_text("Draft saved", timeout=WITHIN)
    other.locator("#to-notes").click()
    other.locator("#note-text").fill("From the second")
    expect(other.locator("#note-state")).to_contain_text("another window", timeout=WITHIN)
    other.keyboard.press("Escape")
    keys(other, "]")
    expect(other.locator("#confirm")).to_be_visible(timeout=WITHIN)
    other.get_by_role("button", name="Leave it").click()
    expect(other.locator("#thread")).not_to_have_attribute("data-open", case, timeout=WITHIN)
    keys(other, "[")
    is_open(other, case)
    expect(other.locator("#note-text")).to_have_value("From the first window")
    assert draft_of(desk, case).text == "From the first window"
    other.close()
