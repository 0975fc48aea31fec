"""Every screen of the page as it was when somebody last looked: en and ar, two widths, two lights.

``make screens`` keeps new pictures of what has changed, in screens/; look at them before you commit
them. What differs in a test stands in test-output/screens: what is kept, what is now, what differs.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, Playwright, Route, expect

from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.records import messages
from app.reporter.build import render_site
from app.reporter.content import load_content
from tests.journeys import looks, reporter, walk
from tests.journeys.conftest import launch
from tests.journeys.line import RunningLine, running_line
from tests.journeys.pictures import photograph
from tests.onion.process import until

KEPT = Path(__file__).parent / "screens"
OUTPUT = Path(__file__).parents[2] / "test-output" / "screens"
DAY = dt.date(2026, 11, 24)
ANSWERS = {"en": "Are you safe tonight?", "ar": "هل أنت في أمان هذه الليلة؟"}
SAME_CODE = """
const real = crypto.getRandomValues.bind(crypto);
let codes = SEED;
let step = 1;
let numbers = 0;
crypto.getRandomValues = (into) => {
  if (into.byteLength === 16) {
    codes += step;
    into.set(into.map((_, place) => (codes * 37 + place * 91) % 256));
  } else if (into.byteLength === 4) {
    if (numbers === 0) queueMicrotask(() => { numbers = 0; });
    numbers += 1;
    into.set([0, 0, 0, numbers % 251]);
  } else real(into);
  return into;
};
globalThis.sameCode = () => {
  codes = SEED + 2;
  step = 0;
};
"""
"""The same receipt code (16 random bytes) in each run, and the same words of it to try.

Whatever else the page draws lots for meanwhile changes neither, as a page does that nobody checks
from (``idle.js``): from the last look before the code is drawn all draws of 16 bytes are the same
ones, and the words are chosen in one go.
"""
MORE = ("checking", "answered", "deleted", "measures", "no-script")


@pytest.fixture(scope="module")
def open_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line"), languages=None) as line:
        line.open_desks()
        yield line


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if missing := looks.missing_fonts():
        reason = f"not compared: fonts are not installed ({', '.join(missing)})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    fonts = looks.font_config(tmp_path_factory.mktemp("fonts"))
    env = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    started = launch(playwright, *looks.ARGUMENTS, env=env, programs=("chromium",))
    yield started
    started.close()


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "IMG_20310506_home.jpg"
    photograph(path, width=200, height=100)
    return path


@pytest.fixture(scope="module")
def site() -> dict[str, bytes]:
    """Return the site of a fixed day: what expires later is not out of date in a picture."""
    return render_site(load_content(bytes(32), "Quietline demo"), DAY)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_screen_looks_as_it_did(
    browser: Browser, open_line: RunningLine, photo: Path, site: dict[str, bytes], language: str
) -> None:
    album = looks.Album(KEPT / language, OUTPUT / language, renew=looks.renewing())
    context = browser.new_context(viewport={"width": 360, "height": looks.HEIGHT})
    page = context.new_page()
    page.add_init_script(looks.STILL)
    page.add_init_script(SAME_CODE.replace("SEED", str(len(language) + ord(language[0]))))
    page.route("**/info/us/", lambda route: _whole(route, site[f"{language}/info/us/index.html"]))
    camera = looks.Camera(page)
    seen = []

    def look(name: str) -> None:
        seen.append(name)
        if name == "review":
            page.evaluate("() => sameCode()")
        for how, picture in camera.take().items():
            album.compare(f"{name}-{how}", picture)

    walk.whole_way(page, open_line.url, language, photo, look)
    _coming_back(page, open_line, language, look)
    page.goto(f"{open_line.url}/{language}/measures/")
    look("measures")
    context.close()
    _without_scripts(browser, open_line, language, album)
    assert {*seen, "no-script"} == {*walk.SCREENS, *MORE}
    assert album.differences == [], f"look at {album.output}; `make screens` if it is meant"
    assert album.left_over() == []


def _whole(route: Route, content: bytes) -> None:
    route.fulfill(body=content, content_type="text/html; charset=utf-8")


def _coming_back(page: Page, line: RunningLine, language: str, look: walk.Look) -> None:
    """From "sent" on: a look that fails, an answer, and after it was deleted."""
    reporter.press(page, "sent", "to-answers")
    page.route("**/api/v1/challenges*", lambda route: route.abort())
    reporter.press(page, "answers", "look-again")
    problem = reporter.screen(page, "checking").locator("[data-problem]")
    expect(problem).not_to_be_empty(timeout=reporter.SLOW)
    look("checking")
    page.unroute("**/api/v1/challenges*")
    _answer(line, language)
    reporter.press(page, "checking", "again")
    reporter.look_until(page, 1)
    look("answered")
    reporter.press(page, "answers", "delete")
    reporter.press(page, "delete", "delete")
    reporter.screen(page, "answers")
    look("deleted")


def _answer(line: RunningLine, language: str) -> None:
    """Let Ana answer what came in this language, on a fixed day."""
    now = int(dt.datetime.combine(DAY, dt.time(12), dt.UTC).timestamp())

    def answered() -> bool:
        line.sync("ana")
        with Vault.open(line.world.vault("ana"), line.world.passphrase) as vault:
            with vault.read() as tx:
                came = [each for each in messages.inbox(tx) if each.lang == language]
            if came:
                deliver.queue_reply(
                    vault, came[0].id, ANSWERS[language],
                    desk="support", lang=language, now=now, rng=os.urandom,
                )  # fmt: skip
        return bool(came)

    until(reporter.SLOW / 1_000, "what was written did not come", answered)
    line.sync("ana")


def _without_scripts(
    browser: Browser, line: RunningLine, language: str, album: looks.Album
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": looks.HEIGHT}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"{line.url}/{language}/")
    for how, picture in looks.Camera(page, scripts=False).take().items():
        album.compare(f"no-script-{how}", picture)
    context.close()


def test_a_button_elsewhere_and_another_colour_are_seen_and_a_hair_is_not() -> None:
    def picture(*, at: int = 40, colour: str = "#1d4d3c", dots: int = 0) -> Image.Image:
        drawn = Image.new("RGB", (180, 370), "#faf4e7")
        pen = ImageDraw.Draw(drawn)
        pen.rectangle((20, at, 160, at + 30), fill=colour)
        for n in range(dots):
            pen.point((5 + 12 * n, 200), fill="#17382d")
        return drawn

    assert looks.difference(picture(), picture(dots=10)) is None
    assert looks.difference(picture(), picture(at=44)) is not None
    assert looks.difference(picture(), picture(colour="#4d1d1d")) is not None
    assert looks.difference(picture(), picture().crop((0, 0, 180, 300))) is not None
