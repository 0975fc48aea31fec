"""The console keeps the place and the text: the list, its order, what is typed, where keys go.

In a real browser, with forty cases in the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from app.console.rules import changes
from app.console.vault import Vault, cases, drafts, notes
from tests.console.running_line import PASSPHRASE
from tests.journeys.console_world import NOON, World, do, receive, world

WITHIN = 20_000
"""Milliseconds: a machine that does other work as well."""
MANY = 40


def _more(vault: Vault) -> None:
    for number in range(700, 700 + MANY):
        receive(vault, number, f"Case {number} has something to say.", NOON - 60 * (number - 600))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world"), _more, past=False) as made:
        yield made


@pytest.fixture
def signed_in(browser: Browser, desk: World) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.new_page().goto(desk.console.login_url())
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext, desk: World) -> Page:
    one = signed_in.pages[0]
    one.goto(desk.home)
    expect(one.locator("#keys-open")).to_be_visible(timeout=WITHIN)
    return one


def ids(page: Page) -> list[str]:
    found: list[str] = page.eval_on_selector_all(".line", "all => all.map(e => e.dataset.case)")
    return found


def open_row(page: Page, place: int) -> str:
    """Open the case at a place of the list with a click; return its id."""
    line = page.locator(".line").nth(place)
    case = line.get_attribute("data-case") or ""
    line.click()
    is_open(page, case)
    return case


def is_open(page: Page, case: str) -> None:
    opened = page.locator("#thread")
    expect(opened).to_have_attribute("data-open", case, timeout=WITHIN)
    expect(page.locator(".line[aria-current]")).to_have_attribute("data-case", case, timeout=WITHIN)


def keys(page: Page, *pressed: str) -> None:
    for key in pressed:
        page.keyboard.press(key)


def of(desk: World, case: str, name: str) -> str:
    with desk.console.vault.read() as tx:
        return cases.state(tx, case, "support").get(name)


def draft_of(desk: World, case: str) -> drafts.NoteDraft:
    with desk.console.vault.read() as tx:
        return drafts.note(tx, case)


def test_another_case_opens_without_a_page_load_and_the_list_stays_where_it_was(
    page: Page, desk: World
) -> None:
    page.evaluate("window.same = 'page'")
    page.locator(".line").nth(25).scroll_into_view_if_needed()
    first = open_row(page, 25)
    top = page.locator("#list").evaluate("pane => pane.scrollTop")
    assert top > 500
    expect(page.locator("#case-name")).to_be_focused(timeout=WITHIN)
    assert urlsplit(page.url).path.endswith(f"/cases/{first}")
    sizes: list[Request] = []
    page.on("requestfinished", lambda one: sizes.append(one))
    second = ids(page)[26]
    keys(page, "]")
    is_open(page, second)
    assert abs(page.locator("#list").evaluate("pane => pane.scrollTop") - top) < 120
    assert page.evaluate("window.same") == "page"
    assert page.evaluate("history.state") is None
    (call,) = [one for one in sizes if one.url.endswith(second)]
    answer = call.response()
    assert answer is not None
    assert answer.headers["cache-control"] == "no-store"
    assert call.sizes()["responseBodySize"] <= 20_000
    page.go_back()
    is_open(page, first)
    page.go_forward()
    is_open(page, second)
    page.go_back()
    page.go_back()
    expect(page.locator(".thread-empty")).to_be_visible(timeout=WITHIN)
    assert page.evaluate("window.same") == "page"
    page.go_forward()
    is_open(page, first)
    page.reload()
    is_open(page, first)


def test_next_is_the_next_of_the_list_as_it_stood(page: Page, desk: World) -> None:
    before = ids(page)
    case = open_row(page, 20)
    keys(page, "p", "i", "n", "f", "Enter")
    expect(page.locator("form.undo")).to_contain_text("nformation", timeout=WITHIN)
    assert of(desk, case, "priority") == "information"
    # A look for changes comes in between.
    expect(page.locator("#sort-again")).to_be_visible(timeout=WITHIN)
    assert ids(page) == before
    keys(page, "]")
    is_open(page, before[21])
    keys(page, "[", "[")
    is_open(page, before[19])
    page.locator("#sort-again").click()
    expect(page.locator("#sort-again")).to_have_count(0, timeout=WITHIN)
    assert ids(page)[-1] == case
    # Back in the list it is sorted, and the row that was open has the focus.
    keys(page, "u")
    expect(page.locator(".thread-empty")).to_be_visible(timeout=WITHIN)
    expect(page.locator(f'.line[data-case="{before[19]}"]')).to_be_focused(timeout=WITHIN)


def test_a_case_that_comes_stands_above_and_what_is_seen_does_not_move(
    page: Page, desk: World
) -> None:
    page.locator(".line").nth(30).scroll_into_view_if_needed()
    case = open_row(page, 30)
    line = page.locator(f'.line[data-case="{case}"]')
    place = line.evaluate("line => line.getBoundingClientRect().top")
    before = ids(page)
    new = receive(desk.console.vault, 880, "Come just now.", NOON - 1)
    expect(page.locator(f'.line[data-case="{new}"]')).to_have_count(1, timeout=WITHIN)
    assert ids(page) == [new, *before]
    assert abs(line.evaluate("line => line.getBoundingClientRect().top") - place) < 3


def test_at_the_ends_of_the_list_it_is_said(page: Page) -> None:
    open_row(page, len(ids(page)) - 1)
    keys(page, "]")
    expect(page.locator("#said")).to_contain_text("last case", timeout=WITHIN)


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


def test_a_letter_that_slips_sets_no_priority(page: Page, desk: World) -> None:
    case = open_row(page, 7)
    keys(page, "p", "i", "m", "m", "Enter")
    expect(page.locator("#priority")).to_have_value("life-safety", timeout=WITHIN)
    # The next key is a command again, and writes a note.
    keys(page, "n")
    expect(page.locator("#note-text")).to_be_focused(timeout=WITHIN)
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


def passphrase() -> str:
    return PASSPHRASE.reveal().decode()


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
    expect(page.locator("#asked")).to_be_visible(timeout=WITHIN)
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
    expect(other.locator("#asked")).to_be_visible(timeout=WITHIN)
    other.get_by_role("button", name="Leave it").click()
    expect(other.locator("#thread")).not_to_have_attribute("data-open", case, timeout=WITHIN)
    keys(other, "[")
    is_open(other, case)
    expect(other.locator("#note-text")).to_have_value("From the first window")
    assert draft_of(desk, case).text == "From the first window"
    other.close()


def test_what_is_done_with_a_case_opens_the_next_and_can_be_undone(page: Page, desk: World) -> None:
    before = ids(page)
    case = open_row(page, 14)
    page.locator("#to-triage").click()
    page.locator("#status").focus()
    page.locator("#status").select_option("closed/spam")
    keys(page, "Enter")
    is_open(page, before[15])
    assert of(desk, case, "status") == "closed/spam"
    expect(page.locator("form.undo")).to_contain_text("spam", timeout=WITHIN)
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
    expect(page.locator("form.undo")).to_contain_text("spam", timeout=WITHIN)
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


def test_few_stops_lie_before_the_answer(page: Page) -> None:
    case = open_row(page, 3)
    page.reload()
    is_open(page, case)
    keys(page, "Tab", "Tab", "Enter")
    expect(page.locator("#reply-text")).to_be_focused(timeout=WITHIN)
    page.reload()
    is_open(page, case)
    stops = 0
    while not page.locator("#reply-text").evaluate("field => field === document.activeElement"):
        keys(page, "Tab")
        stops += 1
        assert stops < 40, "the list is one stop"


def test_in_the_list_arrows_move_as_j_and_k_do(page: Page) -> None:
    page.locator(".line").first.focus()
    keys(page, "ArrowDown", "ArrowDown", "ArrowUp")
    expect(page.locator(".line").nth(1)).to_be_focused()


def test_a_refusal_is_told_and_takes_nothing(page: Page, desk: World) -> None:
    case = open_row(page, 18)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Half of a note")
    do(desk.console.vault, NOON, changes.put(case, "priority", "routine"))
    page.locator("#to-triage").click()
    page.locator("#priority").focus()
    keys(page, "u", "Enter")
    expect(page.locator("#told")).to_contain_text("Somebody has changed this", timeout=WITHIN)
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
    ask = page.locator("#asked" if scripts else "main.lone-card")
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
    page.locator("#asked" if scripts else "main.lone-card").locator("button").first.click()
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


@pytest.mark.parametrize("how", ["rtl", "forced"])
def test_from_right_to_left_and_with_forced_colours(
    browser: Browser, signed_in: BrowserContext, desk: World, how: str
) -> None:
    context = browser.new_context(
        storage_state=signed_in.storage_state(),
        forced_colors="active" if how == "forced" else "none",
    )
    page = context.new_page()
    page.goto(desk.home)
    if how == "rtl":
        page.evaluate("document.documentElement.dir = 'rtl'")
    case = open_row(page, 2)
    page.locator("#to-notes").click()
    page.get_by_label("Only me").check()
    team, mine = (
        page.locator(".segments label")
        .nth(place)
        .evaluate(
            "label => { const s = getComputedStyle(label);"
            " return s.backgroundColor + s.outlineStyle + s.boxShadow; }"
        )
        for place in (0, 1)
    )
    assert team != mine, "nobody sees who reads the note"
    keys(page, "Escape", "]")
    expect(page.locator("#thread")).not_to_have_attribute("data-open", case, timeout=WITHIN)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beyond) <= 0
    context.close()


def test_nothing_that_is_read_or_typed_is_in_the_history(page: Page) -> None:
    open_row(page, 4)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("Not for the history")
    keys(page, "Escape", "]", "]")
    assert page.evaluate("history.state") is None
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert kept == "[{},{}]"
    assert re.search(r"/cases/[0-9a-f]{64}$", page.url)
