"""How much the console shows at once and in which order, in a real browser at the widths of desks.

Rows of two lines whose names are whole; panes that are wide enough; lists that are narrowed, saved
and put away; five sizes of letters. A case by itself is in `test_case_tabs`.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.console.pages import list_views
from app.console.rules import changes
from app.console.vault.records import case_lists, cases
from tests.console.cases.test_danger import DANGER, body, somebody, tell
from tests.journeys import axe
from tests.journeys.console_world import NOON, do
from tests.journeys.dense_desk import Desk, desk, open_case, page

__all__ = ["desk", "page"]

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


CROWD = """() => {
  for (const marks of document.querySelectorAll('.line-marks')) {
    for (let more = 0; more < 6; more += 1) {
      const mark = document.createElement('span');
      mark.className = 'mark chip';
      mark.textContent = '7 days late';
      marks.prepend(mark);
    }
  }
}"""
COVERED = """() => [...document.querySelectorAll('.row')].filter((row) => {
  const box = (one) => one.getBoundingClientRect();
  const [words, marks, owner] = ['.line-snippet', '.line-marks', '.owner'].map(
    (name) => box(row.querySelector(name)));
  const shown = [...row.querySelectorAll('.line-marks > *')].map(box)
    .filter((one) => one.top < marks.bottom - 1 && one.right > marks.left && one.width);
  return owner.right > box(row).right || !shown.length || words.width < 80
    || shown.some((one) => one.top < words.bottom && one.left < words.right - 0.5
      && words.left < one.right);
}).length"""


@pytest.mark.parametrize("width", WIDTHS)
def test_no_mark_lies_over_the_words_however_many_there_are(
    page: Page, desk: Desk, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{desk.world.home}/cases/{desk.dire}?view=all")
    page.evaluate(CROWD)
    assert page.evaluate(COVERED) == 0


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


def test_what_a_wide_screen_has_room_for_is_large_enough_to_hit(page: Page, desk: Desk) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{desk.world.home}/cases/{desk.world.case}")
    expect(page.locator(".moment a").first).to_be_visible()
    assert axe.violations(page) == []


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
        one = case_lists.inbox(tx, case_lists.CaseFilter(unread=True))[-1]
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


@pytest.mark.parametrize("width", WIDTHS)
def test_danger_after_triage_leaves_room_for_what_is_said(
    page: Page, desk: Desk, width: int
) -> None:
    vault, who = desk.world.console.vault, somebody()
    assert vault is not None
    case = tell(vault, who, NOON - 3_600, body(1, {}))
    do(vault, NOON - 1_800, changes.put(case, changes.PRIORITY, "routine"))
    tell(vault, who, NOON - 60, body(2, DANGER))
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{desk.world.home}/cases/{case}")
    banner = page.locator(".danger-banner")
    expect(banner.get_by_role("button")).to_have_count(3)
    box, words = banner.bounding_box(), banner.locator(".danger-words").bounding_box()
    assert box
    assert words
    assert words["width"] > 240
    assert box["height"] < 220, "the message below is on the screen"
