"""A case in a real browser: what is to be done first, four tabs, the days on a wide screen.

With scripts and without.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.console.rules import changes
from app.console.web.case_views import case_name
from tests.console.running_line import HOUR
from tests.journeys import axe
from tests.journeys.console_world import NOON, do, receive
from tests.journeys.dense_desk import Desk, desk, open_case, page, plain, shown_sections

__all__ = ["desk", "page", "plain"]


def test_a_template_in_another_language_says_what_it_means(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    open_case(page, desk, desk.dire)
    meaning = page.locator("#template-note")
    expect(meaning).to_be_hidden()
    page.locator("#template").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#reply-text")).to_have_value(re.compile("شكر"))
    expect(meaning).to_contain_text("In English: Thank you for writing.")
    expect(meaning).to_contain_text("Nobody who grew up with this language has read this template")
    expect(page.locator("#draft-state")).to_have_text("Draft saved")
    page.reload()
    expect(meaning).to_contain_text("Thank you for writing.")
    page.locator("#reply-text").fill("")
    expect(page.locator("#draft-state")).to_have_text("")


def test_with_scripts_the_tabs_are_tabs(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_case(page, desk, desk.world.case)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(
        [re.compile(one) for one in ("^Triage", "^Links", "^Notes.*1", "^More")]
    )
    assert shown_sections(page) == ["triage", "safety-plan", "answers", "referrals"]
    tabs.nth(1).click()
    assert shown_sections(page) == ["merged", "links"]
    expect(page.get_by_role("tabpanel")).to_have_accessible_name("Links")
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(2)).to_be_focused()
    assert shown_sections(page) == ["notes"]
    page.keyboard.press("Home")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("4")
    assert "history" in shown_sections(page)
    assert axe.violations(page) == []


def test_a_case_on_paper_is_whole_and_names_no_other(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1000, "height": 300})
    open_case(page, desk, desk.world.case)
    expect(page.locator("#list")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#reply")).to_be_hidden()
    for one in ("body", "#thread"):
        way = page.locator(one).evaluate("(e) => getComputedStyle(e).overflowY")
        assert way == "visible", "nothing of it scrolls, or is cut, below the first sheet"
    assert page.evaluate(
        """() => {
          const ends = document.querySelector(".messages").getBoundingClientRect().bottom + scrollY;
          return ends > innerHeight && document.documentElement.scrollHeight + 1 >= ends;
        }"""
    ), "there is more than one sheet of it"
    page.emulate_media(media="screen")


def test_a_case_on_paper_does_not_name_what_was_merged_into_it(page: Page, desk: Desk) -> None:
    vault, at = desk.world.console.vault, NOON - 50 * HOUR
    main = receive(vault, 1501, "The house at the harbour.", at)
    said = {"danger_now": "yes"}
    merged = receive(vault, 1502, "They lock the door.", at, answers=said)
    do(vault, NOON - 500, changes.put(merged, changes.DUPLICATE_OF, main))
    do(vault, NOON - 500, changes.put(merged, changes.STATUS, "closed/duplicate"))
    page.set_viewport_size({"width": 1366, "height": 900})
    open_case(page, desk, main)
    names = page.locator("#thread").get_by_text(case_name(merged))
    expect(names.first).to_be_visible()
    page.emulate_media(media="print")
    for each in names.all():
        expect(each).to_be_hidden()
    expect(page.locator(".choice-danger dt").first).to_be_visible()
    page.emulate_media(media="screen")


def test_where_a_case_is_chosen_the_keys_write_its_name(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.world.home}/cases/{desk.told}/merge")
    page.keyboard.type(case_name(desk.dire)[:6])
    page.keyboard.press("Enter")
    expect(page.get_by_label(case_name(desk.dire))).to_be_visible()


def test_what_the_console_tells_stands_in_a_landmark(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 900})
    page.route("**/status", lambda _: None)  # no answer, which would take it away again
    open_case(page, desk, desk.told)
    page.evaluate(
        """() => document.querySelector('#notices').append(
          Object.assign(document.createElement('li'), {textContent: 'Two cases share a plate.'}))"""
    )
    found = axe.violations(page)
    expect(page.locator("#notices")).to_contain_text("share a plate")
    page.unroute_all()
    assert found == []


@pytest.mark.parametrize("place", ["", "#tab-notes", "#details"])
def test_a_sheet_of_paper_has_the_messages_and_the_intakes_answers_whatever_was_looked_at(
    page: Page, desk: Desk, place: str
) -> None:
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 between its margins
    open_case(page, desk, desk.world.case, place)
    page.emulate_media(media="print")
    expect(page.locator(".message-text").first).to_be_visible()
    expect(page.locator("#answers dd").first).to_be_visible()
    for hidden in ("#triage", "#notes", "#case-tabs", ".to-details", "#steps"):
        expect(page.locator(hidden)).to_be_hidden()
    page.emulate_media(media="screen")


def test_paper_keeps_the_title_and_what_restricts_it(page: Page, desk: Desk) -> None:
    page.goto(f"{desk.world.home}/links/{desk.world.case}")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
    # Without it, "shares nothing" would be said of texts that nobody has read yet.
    expect(page.locator("main .notice")).to_be_visible()
    page.emulate_media(media="screen")


def test_a_key_shows_the_tab_of_its_field(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_case(page, desk, desk.world.case)
    expect(page.locator("html")).to_have_class(re.compile("scripted"))
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("#priority")).to_be_focused()
    page.set_viewport_size({"width": 900, "height": 700})
    open_case(page, desk, desk.world.case)
    expect(page.locator("html")).to_have_class(re.compile("scripted"))
    page.keyboard.press("n")
    expect(page.locator("#note-text")).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False])
def test_addresses_of_sections_lead_to_them(
    page: Page, plain: Page, desk: Desk, *, scripts: bool
) -> None:
    chosen = page if scripts else plain
    chosen.set_viewport_size({"width": 1366, "height": 768})
    for place, others in {
        "#links": "merged",
        "#notes": "",
        "#referrals": "triage",
        "#history": "evidence",
    }.items():
        open_case(chosen, desk, desk.world.case, place)
        expect(chosen.locator(place)).to_be_visible()
        expect(chosen.locator(place)).to_be_in_viewport()
        assert others in ("", *shown_sections(chosen))
    if scripts:
        expect(chosen.locator("#history ol")).to_be_visible()
    open_case(chosen, desk, desk.world.case)
    chosen.locator(".answers-of a").first.click()
    expect(chosen.locator("#answers")).to_be_in_viewport()


def test_without_scripts_every_tab_is_a_link(plain: Page, desk: Desk) -> None:
    open_case(plain, desk, desk.world.case)
    assert shown_sections(plain) == ["triage", "safety-plan", "answers", "referrals"]
    plain.get_by_role("link", name="Links", exact=True).last.click()
    assert shown_sections(plain) == ["merged", "links"]
    plain.locator("#to-triage").click()
    assert shown_sections(plain) == ["triage", "safety-plan", "answers", "referrals"]


def test_a_case_of_danger_begins_with_what_is_to_be_done(
    page: Page, plain: Page, desk: Desk
) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_case(page, desk, desk.told)
    banner, thread = page.locator(".danger-banner"), page.locator("#thread")
    expect(banner).to_contain_text("Nobody has this case.")
    wide, whole = banner.bounding_box(), thread.bounding_box()
    assert wide is not None
    assert whole is not None
    assert wide["width"] >= whole["width"] - 16
    choices = page.locator("#choices").bounding_box()
    assert choices is not None
    assert wide["y"] + wide["height"] <= choices["y"] + 1
    banner.get_by_text("Steps").click()
    expect(banner.get_by_role("listitem").first).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert axe.violations(page) == []
    page.emulate_media(color_scheme="light")
    open_case(plain, desk, desk.told)
    plain.get_by_role("button", name="Set immediate danger").click()
    expect(plain.locator("#priority")).to_have_value("life-safety")
    expect(plain.get_by_role("button", name="Set immediate danger")).to_have_count(0)
    plain.locator(".danger-banner").get_by_role("button", name="Take it").click()
    expect(plain.locator(".danger-banner")).to_contain_text("Assigned to you.")
    expect(plain.locator(".danger-banner button")).to_have_count(0)


def test_intake_answers_stand_in_one_place(page: Page, desk: Desk) -> None:
    open_case(page, desk, desk.world.case)
    assert page.get_by_text("Passport or papers taken away").count() == 1


def test_a_wide_screen_tells_the_case_by_its_days(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_case(page, desk, desk.world.case)
    expect(page.locator("#timeline")).to_be_hidden()
    page.set_viewport_size({"width": 1920, "height": 1080})
    told = page.locator("#timeline")
    expect(told).to_be_visible()
    words = told.get_by_role("link").all_inner_texts()
    assert words[0] == "Report"
    assert words.index("You: set the priority to Immediate danger") < words.index("Answer")
    told.get_by_role("link", name="You: wrote a note for the team").click()
    expect(page.locator("#note-text")).to_be_in_viewport()
    told.get_by_role("link", name="Answer", exact=True).click()
    expect(page.locator(".message-mine")).to_be_in_viewport()
    expect(page.locator("#note-text")).to_be_visible()
    for link in told.get_by_role("link").all():
        place = str(link.get_attribute("href"))
        assert page.locator(place).count() == 1, place


BROKEN_TIMES = """() => [...document.querySelectorAll('.moment time')].filter((one) => {
  const row = one.closest('.moment').getBoundingClientRect();
  const line = parseFloat(getComputedStyle(one).lineHeight);
  const words = document.createRange();
  words.selectNodeContents(one);
  const time = words.getBoundingClientRect();
  return time.height > 1.5 * line || row.right - time.right < 8;
}).map((one) => one.textContent)"""


def test_from_the_right_times_stand_on_one_line_beside_their_dots(
    browser: Browser, desk: Desk
) -> None:
    """With hours of twelve: one word more than in English."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, locale="ar")
    page.goto(desk.world.console.login_url())
    open_case(page, desk, desk.world.case)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    expect(page.locator(".moment time").nth(5)).to_be_visible()
    assert page.evaluate(BROKEN_TIMES) == []
    page.close()
