"""How much the console shows at once and in which order, in a real browser at the widths of desks.

Rows of two lines whose names are whole; a case that begins with what is to be done; four tabs, with
scripts and without; the room of a wide screen; five sizes of letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.console.pages import list_views
from app.console.rules import changes
from app.console.rules.changes import PRIORITY
from app.console.vault import Vault, case_lists, cases, messages
from tests.console.running_line import DAY
from tests.journeys import axe
from tests.journeys.console_world import NOON, World, do, receive, world

WIDTHS = (900, 1093, 1366, 1920)
ROW = 64
LEAST = 360
"""Pixels: no pane is narrower."""
STYLES = Path(__file__).parents[2] / "app" / "console" / "static" / "css"

ROWS = """() => [...document.querySelectorAll('.row')].map((row) => {
  const [inside, name] = [row.getBoundingClientRect(), row.querySelector('.line-name')];
  const line = row.querySelector('.line-top');
  const seen = (one) => one.checkVisibility() && one.offsetWidth > 1;
  const shown = [...line.children].filter(seen).map((one) => one.getBoundingClientRect());
  return {
    height: inside.height,
    cut: name.scrollWidth > name.clientWidth + 1,
    beyond: shown.some((one) => one.right > inside.right + 0.5),
    over: shown.some((one, at) => at && one.left < shown[at - 1].right - 0.5),
    snippet: row.querySelector('.line-snippet').getBoundingClientRect().width,
    red: row.querySelectorAll('.tag-danger').length,
  };
})"""

PANES = """() => [...document.querySelectorAll('.pane')].filter((one) => one.checkVisibility())
  .map((one) => [one.id, one.getBoundingClientRect().width])"""


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk's world, and cases of it by what they are."""

    world: World
    dire: str
    """In danger, called so, and with every mark that a row can have."""
    told: str
    """In danger as its reporter says; nobody has looked at it."""
    spam: str


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made: list[str] = []

    def fill(vault: Vault) -> None:
        said = {"danger_now": "yes", "under_18": "yes", "safe_to_reply": "no"}
        dire = receive(
            vault, 901, "أعمل في بيت ولا أستطيع الخروج", NOON - 9 * DAY, lang="ar", answers=said
        )
        told = receive(vault, 902, "They lock the door at night.", NOON - 900, answers=said)
        spam = receive(vault, 903, "Cheap pills.", NOON - 800)
        for number in range(904, 924):
            receive(vault, number, f"Report {number}.", NOON - number * 60)
        with vault.write() as tx:
            messages.mark_read(tx, dire)
        do(vault, NOON - 700, changes.put(dire, PRIORITY, "life-safety"))
        for label in ("hotel", "to check with the harbour police"):
            do(vault, NOON - 600, changes.add(dire, "labels", label))
        made.extend((dire, told, spam))

    with world(tmp_path_factory.mktemp("world"), fill, past=False) as there:
        yield Desk(there, *made)


@pytest.fixture(scope="module")
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.goto(desk.world.console.login_url())
    yield opened
    context.close()


@pytest.fixture
def plain(browser: Browser, desk: Desk) -> Iterator[Page]:
    """Open a page without scripts."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1366, "height": 768}
    )
    opened = context.new_page()
    opened.goto(desk.world.console.login_url())
    yield opened
    context.close()


def open_case(page: Page, desk: Desk, case: str, place: str = "") -> None:
    page.goto("about:blank")  # else an address that differs in its place alone loads nothing
    page.goto(f"{desk.world.home}/cases/{case}{place}")


def shown_sections(page: Page) -> list[str]:
    """Return the sections of the tab that is shown."""
    every = page.locator("#details .section")
    return [str(one.get_attribute("id")) for one in every.all() if one.is_visible()]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_has_two_lines_and_its_name_is_whole(page: Page, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/?view=all", f"/cases/{desk.dire}?view=all"):
        page.goto(desk.world.home + path)
        rows = page.evaluate(ROWS)
        assert len(rows) > 20
        assert {row["height"] for row in rows} == {ROW}
        assert not [row for row in rows if row["cut"] or row["beyond"] or row["over"]]
        assert min(row["snippet"] for row in rows) >= 80, "a few words can be read"
        assert max(row["red"] for row in rows) == 1


def test_a_row_says_in_words_what_it_shows_in_marks(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{desk.world.home}/?view=all")
    row = page.locator(f".row:has([data-case='{desk.told}'])")
    expect(row).to_contain_text("1 new")
    expect(row).to_contain_text("unassigned")
    expect(row.locator(".line-name")).to_have_css("font-weight", "650")
    house = page.locator(f".row:has([data-case='{desk.world.case}'])")
    expect(house.locator(".owner")).to_have_text(re.compile("^Anyou$"))
    expect(house.locator(".owner")).to_have_attribute("title", "Assigned to you (a)")
    expect(house.locator(".line-status")).to_have_attribute("title", "In progress: Status (e)")
    assert "days" not in house.inner_text(), "what is due in weeks is no news"


@pytest.mark.parametrize("width", WIDTHS)
def test_no_pane_is_too_narrow_to_read(page: Page, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 614})
    for case, place in ((desk.told, ""), (desk.world.case, ""), (desk.world.case, "#details")):
        open_case(page, desk, case, place)
        panes = dict(page.evaluate(PANES))
        assert "thread" in panes
        assert {name: size for name, size in panes.items() if size < LEAST} == {}
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        header = page.locator(".bar").bounding_box()
        assert header is not None
        assert header["height"] <= 90
        top = page.locator(".messages").bounding_box()
        answer = page.locator(".reply").bounding_box()
        assert top is not None
        assert answer is not None
        assert answer["y"] - top["y"] >= 120, "some lines of the report are seen above the answer"
    expect(page.locator("#details")).to_be_visible()


def test_on_a_low_screen_the_answers_tools_wait_until_somebody_writes(
    page: Page, desk: Desk
) -> None:
    page.set_viewport_size({"width": 1093, "height": 614})
    open_case(page, desk, desk.told)
    expect(page.locator("#send")).to_be_hidden()
    page.keyboard.press("r")
    expect(page.locator("#send")).to_be_visible()
    page.keyboard.type("We have read it.")
    page.keyboard.press("Escape")
    expect(page.locator("#send")).to_be_visible()
    expect(page.locator("#draft-state")).to_have_text("Draft saved")
    page.locator("#reply-text").fill("")
    expect(page.locator("#draft-state")).to_have_text("")
    page.set_viewport_size({"width": 1093, "height": 800})
    page.locator("#case-name").click()
    expect(page.locator("#send")).to_be_visible()


@pytest.mark.parametrize("width", [320, 360, 412, 768])
def test_on_a_telephone_the_head_of_a_case_is_whole(page: Page, desk: Desk, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    open_case(page, desk, desk.told)
    thread = page.locator("#thread")
    assert thread.evaluate("pane => pane.scrollWidth <= pane.clientWidth")
    for link in page.locator(".back:visible, .to-details:visible").all():
        size = link.bounding_box()
        assert size is not None
        assert size["height"] <= 46, "one line"
        assert size["x"] + size["width"] <= width
    header = page.locator(".bar").bounding_box()
    assert header is not None
    assert header["height"] <= 110
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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


def test_every_icon_is_in_the_page_and_none_is_fetched(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(desk.world.home)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.locator(".line").first.click()
    expect(page.locator("#case-name")).to_be_visible()
    drawn = page.eval_on_selector_all("use", "all => all.map(one => one.getAttribute('href'))")
    assert len(drawn) > 30
    assert [one for one in set(drawn) if not page.locator(f"symbol{one}").count()] == []
    assert [one for one in asked if ".svg" in one and "/alarm/icon/" not in one] == []


def test_with_scripts_the_tabs_are_tabs(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    open_case(page, desk, desk.world.case)
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(
        [re.compile(one) for one in ("^Triage", "^Links", "^Notes.*1", "^More")]
    )
    assert shown_sections(page) == ["triage", "answers", "referrals"]
    tabs.nth(1).click()
    assert shown_sections(page) == ["links", "merged"]
    expect(page.get_by_role("tabpanel")).to_have_accessible_name("Links")
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(2)).to_be_focused()
    assert shown_sections(page) == ["notes"]
    page.keyboard.press("Home")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("4")
    assert "history" in shown_sections(page)
    assert axe.violations(page) == []


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
    assert shown_sections(plain) == ["triage", "answers", "referrals"]
    plain.get_by_role("link", name="Links", exact=True).last.click()
    assert shown_sections(plain) == ["links", "merged"]
    plain.locator("#to-triage").click()
    assert shown_sections(plain) == ["triage", "answers", "referrals"]


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


def test_a_view_is_saved_where_it_is_found_again(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{desk.world.home}/?lang=ar")
    page.locator("#save-view > summary").click()
    page.get_by_label("Save this list as a view named").fill("Arabic")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(desk.world.home)
    page.locator(".views > .view-saved").click()
    expect(page.locator(".views > .view-saved")).to_have_attribute("aria-current", "true")
    expect(page.locator(f"[data-case='{desk.dire}']")).to_be_visible()


def test_reminders_are_one_line_each(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{desk.world.home}/due")
    heights = [one.bounding_box() for one in page.locator(".reminder:not(:has(> p.quiet))").all()]
    assert heights
    assert max(box["height"] for box in heights if box) <= 56


def test_spam_that_is_closed_unread_is_put_away(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(desk.world.home)
    page.locator(f".row:has([data-case='{desk.spam}'])").hover()
    page.locator(f".pick[value='{desk.spam}']").check()
    page.locator("#many-status").select_option("closed/spam")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(f"[data-case='{desk.spam}']")).to_have_count(0)
    page.goto(f"{desk.world.home}/?view=closed")
    expect(page.locator(f".row:has([data-case='{desk.spam}']) .unread")).to_have_count(0)


def test_what_came_after_the_list_was_shown_is_not_put_away_with_spam(
    page: Page, desk: Desk
) -> None:
    with desk.world.console.vault.read() as tx:
        one = case_lists.inbox(tx, case_lists.Wanted(unread=True))[-1]
        assert cases.find(tx, one.id) is not None
    page.goto(desk.world.home)
    field = page.locator("#many input[name=seen]")
    field.evaluate(f"(field) => {{ field.value = '{one.last_at - 1}'; }}")
    page.locator(f".row:has([data-case='{one.id}'])").hover()
    page.locator(f".pick[value='{one.id}']").check()
    page.locator("#many-status").select_option("closed/spam")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(f".row:has([data-case='{one.id}']) .unread")).to_have_count(1)


def test_there_are_five_sizes_and_two_weights() -> None:
    tokens = (STYLES / "tokens.css").read_text()
    sizes = ("tiny", "small", "read", "title", "page")
    found = [re.search(rf"--{name}: ([0-9.]+)rem", tokens) for name in sizes]
    assert [float(one[1]) for one in found if one] == [0.78125, 0.875, 1.0, 1.25, 1.625]
    written = re.compile(r"font(?:-size)?: ([^;}]+)|font-weight: ([^;}]+)|text-transform: (\w+)")
    # The number on the screen of who is on duty is read from across a room.
    far = "font-size: 4.5rem"
    other = []
    for style in sorted(STYLES.glob("*.css")):
        for one in written.finditer(style.read_text().replace(far, "")):
            size, weight, case = one.groups()
            known = re.compile(
                r"inherit|100%/|0?\.\d+em|(var\(--strong\) )?var\(--(tiny|small|read|title|page)\)"
            )
            if (
                (size and not known.match(size))
                or (weight and weight not in ("400", "var(--strong)"))
                or case
            ):
                other.append(f"{style.name}: {one[0]}")
    assert other == []


def test_every_view_says_what_it_holds() -> None:
    assert list(list_views.HINTS) == list(list_views.VIEWS)
