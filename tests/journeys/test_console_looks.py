"""Every screen of the console as it was when last looked at, and what axe says of each.

In two widths, light and dark.

A screen is added by one line in SCREENS: its name, and its address or how one comes to it. ``make
screens`` keeps new pictures in screens/console; look at them before you commit them.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from app.console.features.links.storage import link_index
from app.console.rules import changes
from app.console.rules.deadlines import SAFETY_LOOK
from app.console.vault import Vault
from app.console.viewer.child import fonts
from app.console.viewer.host import Machine
from app.console.viewer.previewable import Kind
from app.console.viewer.viewing import Viewing
from tests.console.running_line import DAY, PASSPHRASE
from tests.journeys import axe, looks, other_line
from tests.journeys.conftest import launch
from tests.journeys.console_world import NOON, World, do, receive, world

KEPT = Path(__file__).parent / "screens" / "console"
ARABIC = KEPT.with_name("console-arabic")
IN_DANGER = KEPT.with_name("console-in-danger")
OUTPUT = Path(__file__).parents[2] / "test-output" / "screens" / "console"
WIDTHS = {1280: 4, 1920: 4}
HEIGHT = 900

Way = str | Callable[[Page, World], None]


def _search(page: Page, world: World) -> None:
    page.goto(f"{world.home}/search")
    page.locator("#question").fill("passports")
    page.keyboard.press("Enter")
    expect(page.locator(".find")).to_have_count(1)


def _case(page: Page, world: World) -> None:
    page.goto(f"{world.home}/cases/{world.case}")


def _locked(page: Page, world: World) -> None:
    page.goto(world.home)
    page.locator("#lock").click()
    expect(page.get_by_label("Passphrase")).to_be_visible()


def _wrong(page: Page, world: World) -> None:
    page.get_by_label("Passphrase").fill("not this one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()


def _file(page: Page, world: World) -> None:
    page.goto(f"{world.home}/files/{world.photo}")
    expect(page.locator(".sheet img")).to_be_visible()


def _machine(page: Page, world: World) -> None:
    """Of a machine that has everything, and not of the one on which this runs."""
    programs = {Kind.PHONE_PICTURE: "heif-dec", Kind.OFFICE: "soffice"}
    converters = programs | dict.fromkeys((Kind.FILM, Kind.SOUND), "ffmpeg")
    machine = Machine("bwrap", seccomp=True, proc=True, converters=converters, reader="tesseract")
    real, world.console.viewing = world.console.viewing, Viewing(lambda: machine)
    page.goto(f"{world.home}/machine")
    world.console.viewing = real


def _transfers(page: Page, world: World) -> None:
    page.goto(f"{world.home}/transfers")
    page.get_by_text("The words to read aloud when they call").click()


def _upload(page: Page, label: str, data: bytes, button: str) -> None:
    file = {"name": "a file", "mimeType": "application/octet-stream", "buffer": data}
    page.get_by_label(label).set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name=button).click()


def _compare(page: Page, world: World) -> None:
    page.goto(f"{world.home}/transfers")
    _upload(page, "The encrypted case", world.sealed, "See who sent it")
    expect(page.get_by_role("button", name="Take the case in")).to_be_visible()


def _choose(page: Page, world: World) -> None:
    page.goto(f"{world.home}/cases/{world.agreed}/transfer")
    _upload(page, "The file that they gave you", world.invitation, "See from whom it is")
    expect(page.get_by_text(other_line.NAME)).to_be_visible()


def _review(page: Page, world: World) -> None:
    page.locator("input[name=consent][value='2']").check()
    for ticked in ("message][value='1'", "message][value='2'", "file][value='1'", "compared"):
        page.locator(f"input[name={ticked}]").check()
    page.get_by_label("Take these words out").fill("neighbour")
    page.get_by_label("Why it goes to them").fill("The house is in their town.")
    page.get_by_role("button", name="Look at what would go").click()
    expect(page.get_by_role("button", name="Encrypt it, and save the file")).to_be_visible()


def _practice(page: Page, world: World) -> None:
    page.goto(world.practice)
    page.get_by_role("link", name="Exercises").click()
    expect(page.get_by_role("heading", name="Exercises")).to_be_visible()


def _duty(page: Page, world: World) -> None:
    """Unlock, and leave the screen to the alarm; a console that never syncs would refuse."""
    page.get_by_label("Passphrase").fill(PASSPHRASE.reveal().decode())
    page.keyboard.press("Enter")
    expect(page.locator("#lock")).to_be_visible()
    _on_duty(page, world)


def _on_duty(page: Page, world: World) -> None:
    page.goto("about:blank")  # a page that is open goes to the door by itself
    world.console.settings.interval = 300
    world.console.go_on_duty(8)
    world.console.settings.interval = 0
    page.goto(f"{world.home}/unlock")
    expect(page.locator("#duty-count")).to_be_visible()


SCREENS: dict[str, Way] = {
    "inbox": "/",
    "inbox-filtered": "/?view=unspoken&lang=am",
    "case": _case,
    "due": "/due",
    "search": _search,
    "links": "/links",
    "team": "/team",
    "numbers": "/numbers?weeks=26",
    "letters": "/letters",
    "transfers": _transfers,
    "transfer-compare": _compare,
    "transfer-choose": _choose,
    "transfer-review": _review,
    "retention": "/retention",
    "machine": _machine,
    "file": _file,
    "alarm": "/alarm",
    "practice": _practice,
    "problem": "/nowhere",
    "locked": _locked,
    "locked-wrong": _wrong,
    "duty": _duty,
}
"""In the order in which they are walked; those that lock come last."""


@pytest.fixture(scope="module")
def browser(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:  # fmt: skip
    if missing := looks.missing_fonts():
        reason = f"not compared: fonts are not installed ({', '.join(missing)})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    fonts = looks.font_config(tmp_path_factory.mktemp("fonts"))
    started = launch(
        playwright, *looks.ARGUMENTS, env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
    )
    yield started
    started.close()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Open the fixed world; times are said in UTC, and every font is here, wherever this runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setattr(fonts, "missing", list)
        time.tzset()
        with world(tmp_path_factory.mktemp("world")) as made:
            yield made
    time.tzset()


def test_every_screen_looks_as_it_did_and_axe_finds_nothing(browser: Browser, here: World) -> None:
    album = looks.Album(KEPT, OUTPUT, renew=looks.renewing())
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
    context.add_init_script(looks.STILL)
    page = context.new_page()
    camera = looks.Camera(page, widths=WIDTHS, height=HEIGHT)
    page.goto(here.console.login_url())
    complaints = []
    for name, way in SCREENS.items():
        if isinstance(way, str):
            page.goto(here.home + way)
        else:
            way(page, here)
            # What a click leads to has its icons only then.
            page.wait_for_load_state()
        for how, picture in camera.take().items():
            album.compare(f"{name}-{how}", picture)
        complaints += [f"{name}, {one}" for one in axe.violations_in_both_schemes(page)]
        page.emulate_media(forced_colors="active")
        complaints += [f"{name}, forced: {one}" for one in axe.violations_of_colours(page)]
        page.emulate_media(forced_colors="none")
    context.close()
    here.console.unlock(PASSPHRASE)
    assert complaints == []
    assert album.differences == [], f"look at {album.output}; `make screens` if it is meant"
    assert album.left_over() == []


IN_ARABIC = {"case": "", "inbox": "/", "due": "/due", "search": "/search"}
"""The case first: then it is read, whether the other screens were looked at before or not."""


def _speak(page: Page, here: World, language: str) -> None:
    page.goto(f"{here.home}/machine")
    page.locator("#own-language").select_option(language)
    page.locator("#language button").click()
    page.wait_for_url(re.compile("/machine"))


def test_in_arabic_it_begins_at_the_right_and_axe_finds_nothing(
    browser: Browser, here: World
) -> None:
    album = looks.Album(ARABIC, OUTPUT / "arabic", renew=looks.renewing())
    context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
    context.add_init_script(looks.STILL)
    page = context.new_page()
    camera = looks.Camera(page, widths={1280: 4}, height=HEIGHT)
    page.goto(here.console.login_url())
    _speak(page, here, "ar")
    complaints = []
    for name, address in IN_ARABIC.items():
        page.goto(here.home + (address or f"/cases/{here.case}"))
        assert page.evaluate("document.documentElement.dir") == "rtl"
        for how, picture in camera.take().items():
            album.compare(f"{name}-{how}", picture)
        complaints += [f"{name}, {one}" for one in axe.violations_in_both_schemes(page)]
        if name == "inbox":  # the age of a child is no comparison the other way round
            short = page.locator(".tag-minor .short").first
            assert short.evaluate("one => getComputedStyle(one).direction") == "ltr"
        if name == "case":
            empty = page.locator("#reply-text")
            assert empty.evaluate("one => getComputedStyle(one).direction") == "rtl"
    page.emulate_media(color_scheme="light")
    for name, way in SCREENS.items():
        if isinstance(way, str) and name not in IN_ARABIC:
            page.goto(here.home + way)
            complaints += [f"{name}: {one}" for one in axe.violations(page)]
    _speak(page, here, "")
    context.close()
    assert complaints == []
    assert album.differences == [], f"look at {album.output}; `make screens` if it is meant"
    assert album.left_over() == []


def _danger_and_links(vault: Vault) -> None:
    """Put in danger that nobody has taken, four cases that share things, and a plan's day."""
    for number, said in enumerate((
        "Call +1 202 555 0123. The van is EX-4471.", "He calls from 001 202 555-0123.",
        "He drives EX 4471, from the shop at www.nails-of-example.com", "www.nails-of-example.com",
    )):  # fmt: skip
        receive(vault, 500 + number, said, NOON - (40 - number) * 60)
    late = receive(vault, 510, "They owe us three months.", NOON - 30 * DAY)
    do(vault, NOON - 20 * 60, changes.put(late, SAFETY_LOOK, "2026-11-25"))
    receive(vault, 511, "He has a knife. Help us.", NOON - 60, answers={"danger_now": "yes"})
    link_index.read_on(vault, NOON)


def test_danger_a_plan_and_the_link_chart_look_as_they_did(
    browser: Browser, tmp_path: Path
) -> None:
    album = looks.Album(IN_DANGER, OUTPUT / "in-danger", renew=looks.renewing())
    complaints = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        with world(tmp_path, _danger_and_links, past=False) as here:
            context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
            context.add_init_script(looks.STILL)
            page = context.new_page()
            camera = looks.Camera(page, widths={1280: 4}, height=HEIGHT)
            page.goto(here.console.login_url())
            page.goto(f"{here.home}/links")
            page.locator(".starts a").last.click()
            page.get_by_label("Links of links").check()
            page.get_by_role("button", name="Show", exact=True).click()
            expect(page.locator("#picture .node-case")).to_have_count(4)
            expect(page.locator("#picture-keys")).to_be_visible()
            page.wait_for_load_state()
            for name, way in (("chart", None), ("strip", _home), ("duty", _on_duty)):
                if way:
                    way(page, here)
                for how, picture in camera.take().items():
                    album.compare(f"{name}-{how}", picture)
                complaints += [f"{name}, {one}" for one in axe.violations_in_both_schemes(page)]
            context.close()
            here.console.unlock(PASSPHRASE)
    time.tzset()
    assert complaints == []
    assert album.differences == [], f"look at {album.output}; `make screens` if it is meant"
    assert album.left_over() == []


def _home(page: Page, here: World) -> None:
    page.goto(here.home)
    expect(page.locator("[data-danger]")).to_be_visible()
