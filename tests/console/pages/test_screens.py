"""The pages in a real browser: keys, pictures, an answer; on a desk and on a phone."""

from __future__ import annotations

import asyncio
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from app.client.parcel import Upload
from tests.console.running_line import PASSPHRASE, Line
from tests.journeys.conftest import launch
from tests.ports import free_port

OLDEST = ".line:has(use[href$=clip])"
IN_ARABIC = ".line:has(.mark-lang)"
NEWEST = ".line:has(.tag-danger)"
ARABIC = "أعمل في بيت عائلة منذ سنة. لا يسمحون لي بالخروج."


class Screen:
    """A running console with three reports, one of them with a picture."""

    def __init__(self, line: Line, secret: Path) -> None:
        asyncio.run(self._fill(line))
        arguments = ["run", str(line.folder_of("ana")), "--port", str(free_port())]
        arguments += ["--interval", "0", "--passphrase-file", str(secret), "--json"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli.entry", "console", *arguments],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
        )
        assert self.process.stdout is not None
        facts = json.loads(self.process.stdout.readline())
        self.login, self.home = facts["login"], facts["console"]

    @staticmethod
    async def _fill(line: Line) -> None:
        picture = io.BytesIO()
        Image.new("RGB", (800, 600), "#a33").save(picture, "JPEG")
        photo = Upload("photo.jpg", "image/jpeg", picture.getvalue())
        async with line.serve():
            with line.vault() as vault:
                await line.ready(vault)
                await line.send("Oldest, with a photo.", files=(photo,))
                await line.sync(vault)
                await line.send(ARABIC, lang="ar", answers={"safe_to_reply": "no"})
                await line.sync(vault)
                await line.send("Newest.", answers={"danger_now": "yes"})
                await line.sync(vault)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture(scope="module")
def screen(made: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    folder = tmp_path_factory.mktemp("screen")
    secret = folder / "passphrase.txt"
    secret.write_bytes(PASSPHRASE.reveal())
    started = Screen(made.copy(folder), secret)
    yield started
    started.end()


@pytest.fixture(scope="module")
def browser(screen: Screen) -> Iterator[Browser]:
    # Ended with this module: its event loop in this thread would be in the way of others.
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture(scope="module")
def signed_in(browser: Browser, screen: Screen) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(screen.login)
    expect(page.locator(".line")).to_have_count(3)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: BrowserContext, screen: Screen) -> Iterator[Page]:
    one = signed_in.new_page()
    one.set_default_timeout(120_000)
    said: list[str] = []
    one.on("pageerror", lambda error: said.append(str(error)))
    one.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    one.on("request", lambda request: asked.append(request.url))
    one.goto(screen.home)
    expect(one.locator("#keys-open")).to_be_visible()
    yield one
    one.close()
    # A test types faster than a page takes the focus; the browser says that it did not then. And
    # that nothing sounds before something was pressed: the page says so itself.
    usual = (
        "Failed to load resource",
        "Autofocus processing was blocked",
        "The AudioContext was not allowed to start",
    )
    assert [text for text in said if not text.startswith(usual)] == []
    assert {url.split("/")[2] for url in asked} == {screen.home.split("/")[2]}


def _open(page: Page, line: str) -> None:
    page.locator(line).click()
    _ready(page)


def _ready_list(page: Page) -> None:
    expect(page.locator("#keys-open")).to_be_visible()


def _ready(page: Page) -> None:
    """Wait until the scripts have begun: they show this button."""
    expect(page.locator("#thread .thread-name")).to_be_visible()
    expect(page.locator("#keys-open")).not_to_have_attribute("hidden", "")


def test_one_hand_on_the_keyboard_is_enough(page: Page) -> None:
    page.keyboard.press("j")
    expect(page.locator(".line").nth(0)).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".line").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message-text p")).to_have_attribute("dir", "rtl")
    _ready(page)
    page.keyboard.press("r")
    expect(page.locator("#reply-text")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("#reply-text")).to_have_value("j")
    page.locator("#reply-text").fill("")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".thread-empty")).to_be_visible()


def test_enter_in_a_field_keeps_the_field_and_presses_no_other_button(
    page: Page, screen: Screen
) -> None:
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Deadlines", exact=True)).to_be_visible()
    page.goto(f"{screen.home}/team")
    page.get_by_label("English").check()
    page.locator(".tongues button").click()
    page.goto(screen.home)
    _ready_list(page)
    _open(page, NEWEST)
    expect(page.get_by_role("button", name="Take it: you speak English")).to_be_visible()
    page.locator("#label").fill("van")
    page.locator("#label").press("Enter")
    expect(page.locator("#triage .label")).to_contain_text("van")
    expect(page.locator("#owner")).to_have_value("")


def test_a_picture_is_blurred_until_it_is_asked_for(page: Page) -> None:
    _open(page, OLDEST)
    picture = page.locator(".picture")
    image = picture.locator("img")
    assert image.evaluate("image => image.naturalWidth") <= 20
    picture.click()
    expect(picture).to_have_attribute("data-shown", "")
    expect(image).to_have_js_property("naturalWidth", 800)
    picture.click()
    page.wait_for_function("image => image.naturalWidth <= 20", arg=image.element_handle())


def test_a_picture_that_fails_to_be_blurred_is_not_opened_larger_unasked(page: Page) -> None:
    asked: list[str] = []

    def fails(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=400, json={"problem": "This file took too long."})

    page.route("**/preview*", fails)
    _open(page, OLDEST)
    expect(page.locator(".picture")).to_contain_text("This file took too long.")
    expect(page.locator(".picture")).to_have_attribute("href", re.compile(r"/files/1$"))
    assert all(one.endswith("?blurred=true") for one in asked), asked
    page.unroute("**/preview*")


def test_what_is_typed_is_kept_without_asking(page: Page) -> None:
    _open(page, NEWEST)
    page.locator("#reply-text").fill("Where are you")
    expect(page.locator("#draft-state")).to_have_text("Draft saved")
    page.reload()
    expect(page.locator("#reply-text")).to_have_value("Where are you")
    _ready(page)
    page.locator("#reply-text").press("End")
    page.locator("#reply-text").press_sequentially(" now?")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(page.locator(".thread-empty")).to_be_visible()
    _ready_list(page)
    _open(page, NEWEST)
    expect(page.locator("#reply-text")).to_have_value("Where are you now?")
    expect(page.locator(NEWEST).locator(".mark-draft")).to_be_visible()


def test_a_note_from_elsewhere_waits_for_who_types_and_then_shows(
    page: Page, signed_in: BrowserContext
) -> None:
    _open(page, NEWEST)
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("I")
    address = page.url.partition("?")[0]
    other = signed_in.new_page()
    other.goto(address)
    other.locator("#to-notes").click()
    other.locator("#note-text").fill("The bus is late.")
    with page.expect_response(address) as looked:
        other.get_by_role("button", name="Save note").click()
    looked.value.finished()
    other.close()
    assert page.locator("#note-text").input_value() == "I"
    page.locator("#to-notes").click()
    page.locator("#note-text").fill("")
    page.locator("#note-text").blur()
    expect(page.locator(".note-text")).to_have_text("The bus is late.")


def test_an_answer_with_a_file_waits_and_says_so(page: Page) -> None:
    _open(page, OLDEST)
    page.locator("#attach").set_input_files(
        {"name": "way.txt", "mimeType": "text/plain", "buffer": b"left"}
    )
    expect(page.locator("#draft-files li")).to_contain_text("4 bytes")
    page.locator("#reply-text").fill("Thank you.")
    page.locator("#send").click()
    mine = page.locator(".message-mine")
    expect(mine).to_contain_text("Thank you.")
    expect(mine).to_contain_text("way.txt")
    expect(mine.locator(".state")).to_have_text("Waiting to be sent")
    _ready(page)
    top = "bar => bar.getBoundingClientRect().y - document.getElementById('alarm').offsetHeight"
    assert abs(page.locator(".bar").evaluate(top)) < 1, "only the pane scrolls"


def test_an_unsafe_answer_needs_a_tick(page: Page) -> None:
    _open(page, IN_ARABIC)
    expect(page.locator("#reply .notice-alarm")).to_contain_text("not safe to write back")
    page.locator("#reply-text").fill("Hello")
    page.locator("#send").click()
    assert page.locator("[name=sure]").evaluate("box => box.validity.valueMissing")
    expect(page.locator(".message-mine")).to_have_count(0)
    page.locator("[name=sure]").check()
    page.locator("#send").click()
    # One yes is not a yes to everything: this is no Arabic either.
    expect(page.locator("#reply .notice-alarm")).to_contain_text("is this written in it?")
    expect(page.locator(".message-mine")).to_have_count(0)
    page.locator("[name=sure]").check()
    page.locator("#send").click()
    expect(page.locator(".message-mine")).to_contain_text("Hello")


@pytest.mark.parametrize("width", [320, 360])
def test_on_a_phone_there_is_one_pane_and_nothing_sticks_out(
    page: Page, screen: Screen, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    expect(page.locator("#thread")).to_be_hidden()
    _open(page, OLDEST)
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#details")).to_be_hidden()
    page.locator(".to-details").click()
    expect(page.locator("#details")).to_be_visible()
    expect(page.locator("#thread")).to_be_hidden()
    page.locator(".close-details").click()
    expect(page.locator("#thread")).to_be_visible()
    page.locator(".back").click()
    expect(page.locator("#list")).to_be_visible()
    for path in ("/", page.locator(".line").first.get_attribute("href") or "/"):
        page.goto(urljoin(f"{screen.home}/", path))
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) <= 0


def test_light_and_dark_by_a_switch(page: Page) -> None:
    paper = "getComputedStyle(document.body.querySelector('.thread-pane')).backgroundColor"
    page.locator(".theme-light").click()
    light = page.evaluate(paper)
    with page.expect_response(lambda one: "dark" in (one.request.post_data or "")) as kept:
        page.locator(".theme-dark").click()
    expect(page.locator(".theme-dark")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate(paper) != light
    assert kept.value.status == 303
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_without_scripts_everything_still_works(
    browser: Browser, signed_in: BrowserContext, screen: Screen
) -> None:
    context = browser.new_context(
        java_script_enabled=False, storage_state=signed_in.storage_state()
    )
    page = context.new_page()
    page.goto(screen.home)
    page.locator(OLDEST).click()
    page.locator(".picture").first.click()
    expect(page.locator(".sheet img")).to_be_visible()
    page.go_back()
    page.locator("#reply-text").fill("No scripts here.")
    page.locator("#keep").click()
    expect(page.locator("#reply-text")).to_have_value("No scripts here.")
    context.close()


def test_the_lock_asks_for_the_passphrase(page: Page) -> None:
    page.keyboard.press("Shift+L")
    expect(page.get_by_label("Passphrase")).to_be_focused()
    page.get_by_label("Passphrase").fill("a wrong passphrase")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("does not open the case store")
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.keyboard.press("Enter")
    expect(page.locator(".line")).to_have_count(3)
