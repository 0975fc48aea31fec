"""Screens that can be heard: asked first, loaded whole, played from memory, silent at once."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.journeys import recorded, reporter
from tests.journeys.line import RunningLine, running_line
from tests.journeys.test_size import WHOLE_WAY_BYTES, WHOLE_WAY_REQUESTS, Wire
from tests.journeys.test_verify_browser import _look
from tests.onion.process import until

PARTS = ["/en/listen/00.bin", "/en/listen/01.bin"]
# What is played, as a loudspeaker would know it.
SPEAKER = """
window.played = [];
const { start, stop } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (...more) {
  played.push({
    seconds: this.buffer.duration, buffer: this.buffer, context: this.context,
    loud: Math.max(...this.buffer.getChannelData(0).subarray(20_000, 40_000)), on: true,
  });
  const mine = played.at(-1);
  this.addEventListener('ended', () => { mine.on = false; });
  return start.apply(this, more);
};
AudioBufferSourceNode.prototype.stop = function (...more) {
  for (const each of played) if (each.buffer === this.buffer) each.on = false;
  return stop.apply(this, more);
};
"""

# Leaves, and says what is still heard: a page that waits for the next one answers no question.
_TELL = """
  setTimeout(() => console.log(JSON.stringify({ left: played.map(({ on, context, buffer }) => (
    { on, state: context.state, empty: buffer.getChannelData(0).every(n => n === 0) })) })), 300);
"""
_SHIFT = "document.dispatchEvent(new KeyboardEvent('key{}', {{ key: 'Shift' }}));"
LEAVE = {
    "button": f"() => {{ {_TELL} document.querySelector('[data-exit]').click(); }}",
    "shift": f"() => {{ {_TELL} {(_SHIFT.format('down') + _SHIFT.format('up')) * 3} }}",
    "hidden": f"""() => {{ {_TELL} Object.defineProperty(document, 'hidden', {{ value: true }});
      document.dispatchEvent(new Event('visibilitychange')); }}""",
}


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    with running_line(tmp_path_factory.mktemp("line")) as line:
        recorded.give_ears(line)
        line.open_desks()
        yield line


class Listener:
    """Somebody with a phone: what was asked of the line, what was played, what went wrong."""

    def __init__(self, page: Page, line: RunningLine) -> None:
        self.page, self.line = page, line
        self.asked: list[str] = []
        self.wrong: list[str] = []
        page.on("request", self._asks)
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.add_init_script(SPEAKER)

    def _asks(self, request: Request) -> None:
        path = request.url.removeprefix(self.line.url)
        if "listen" in path:
            self.asked.append(path)

    def presses_ear(self, screen: str) -> None:
        reporter.screen(self.page, screen).locator("[data-ear]").click()

    def begins(self) -> None:
        self.page.locator("[data-hear-start]").click()

    def hears(self, screen: str) -> None:
        playing = "seconds => played.some(one => one.on && Math.abs(one.seconds - seconds) < 0.3)"
        until(
            reporter.SLOW / 1_000,
            f"{screen} is not heard",
            lambda: self.page.evaluate(playing, recorded.SECONDS[screen]),
        )
        assert self.page.evaluate("played.at(-1).loud") > 0.05

    def hears_nothing(self) -> None:
        assert not self.page.evaluate("played.some(each => each.on)")

    def played(self) -> Any:
        return self.page.evaluate("played.length")


@pytest.fixture
def listener(browser: Browser, heard: RunningLine) -> Iterator[Listener]:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    yield Listener(page, heard)
    page.close()


def _open(one: Listener, language: str = "en") -> None:
    one.page.goto(f"{one.line.url}/{language}/")
    reporter.screen(one.page, "safety")


def place_of(ear: Locator) -> tuple[int, ...]:
    """Return where an ear stands and how large it is: left, top, width, height in whole pixels."""
    box = ear.bounding_box()
    assert box is not None
    return tuple(round(box[side]) for side in ("x", "y", "width", "height"))


def test_a_screen_is_heard_after_a_question_and_the_next_ones_from_memory(
    listener: Listener,
) -> None:
    page = listener.page
    _open(listener)
    ear = page.locator('[data-ear="safety"]')
    place = place_of(ear)
    assert min(place[2:]) >= 44
    listener.presses_ear("safety")
    asking = page.locator("[data-hear]")
    expect(asking).to_contain_text("Others may hear it. Use headphones")
    expect(asking).to_contain_text("524 kB")
    expect(asking).to_be_focused()
    assert listener.asked == ["/assets/listen.js"], "nothing is loaded before somebody says yes"
    listener.begins()
    listener.hears("safety")
    assert listener.asked == ["/assets/listen.js", *PARTS]
    expect(asking).to_have_count(0)
    expect(ear).to_have_attribute("aria-label", "Stop")
    reporter.press(page, "safety", "write")
    listener.hears_nothing()
    there = place_of(page.locator('[data-ear="text"]'))
    assert (there[0], *there[2:]) == (place[0], *place[2:]), "in the same place everywhere"
    assert abs(there[1] - place[1]) < 10, "but that the first screen begins a little higher"

    page.locator('[data-ear="text"]').focus()
    page.keyboard.press("Enter")
    listener.hears("text")
    page.keyboard.press("Enter")
    listener.hears_nothing()
    expect(page.locator('[data-ear="text"]')).to_have_attribute("aria-label", "Listen")
    page.keyboard.press("Enter")
    listener.hears("text")
    reporter.press(page, "text", "files")
    listener.hears_nothing()
    expect(reporter.screen(page, "files").locator("[data-ear]")).to_have_count(0)
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "voice")
    listener.presses_ear("voice")
    listener.hears("voice")
    reporter.press(page, "voice", "record")
    listener.hears_nothing()
    assert listener.asked == ["/assets/listen.js", *PARTS], "nothing more is ever asked for"
    assert listener.wrong == []


def test_listening_elsewhere_asks_for_the_same_in_the_same_order(listener: Listener) -> None:
    _open(listener)
    reporter.press(listener.page, "safety", "write")
    listener.page.locator("#text").fill("A few words.")
    reporter.press(listener.page, "text", "send-now")
    listener.presses_ear("desks")
    listener.begins()
    listener.hears("desks")
    assert listener.asked == ["/assets/listen.js", *PARTS]


def test_each_desk_is_heard_after_the_screen_and_marked_but_none_that_says_something_else(
    listener: Listener,
) -> None:
    """The police's desk was recorded, too, as it called itself before: that stays silent."""

    def renamed(route: Route) -> None:
        got = route.fetch()
        other = re.sub(r'("police":")[0-9a-f]{64}', r"\g<1>" + 64 * "0", got.text())
        assert other != got.text()
        route.fulfill(response=got, body=other)

    listener.page.route(f"{listener.line.url}/en/", renamed)
    _open(listener)
    reporter.press(listener.page, "safety", "write")
    listener.page.locator("#text").fill("A few words.")
    reporter.press(listener.page, "text", "send-now")
    shown = reporter.screen(listener.page, "desks")
    card = shown.locator('[data-desk="support"]')
    expect(card).to_be_visible(timeout=reporter.SLOW)
    listener.presses_ear("desks")
    listener.begins()
    listener.hears("desks")
    expect(shown.locator("[data-heard]")).to_have_count(0)
    listener.hears("desk-support")
    expect(shown.locator("[data-heard]")).to_have_attribute("data-desk", "support")
    card.click()
    expect(card.locator("input")).to_be_checked()
    listener.hears("desk-support")
    ear = shown.locator("[data-ear]")
    expect(ear).to_have_attribute("aria-label", "Listen", timeout=reporter.SLOW)
    expect(shown.locator("[data-heard]")).to_have_count(0)
    assert listener.played() == 2, "the screen, and one desk"
    assert listener.wrong == []


def test_who_says_no_hears_and_loads_nothing(listener: Listener) -> None:
    _open(listener)
    listener.presses_ear("safety")
    listener.page.locator("[data-hear-not]").click()
    expect(listener.page.locator("[data-hear]")).to_have_count(0)
    expect(listener.page.locator('[data-ear="safety"]')).to_be_focused()
    assert listener.asked == ["/assets/listen.js"]
    assert listener.played() == 0


@pytest.mark.parametrize("leave", ["button", "shift", "hidden"])
def test_leaving_is_silent_before_the_next_page_is_there(listener: Listener, leave: str) -> None:
    page = listener.page
    _open(listener)
    listener.presses_ear("safety")
    listener.begins()
    listener.hears("safety")
    page.route("**/measures/", lambda _route: None)  # the next page does not come
    with page.expect_console_message(lambda said: "left" in said.text, timeout=60_000) as told:
        page.evaluate(LEAVE[leave])
    left = json.loads(told.value.text)["left"]
    assert left == [{"on": False, "state": "closed", "empty": True}]


def _once(then: Callable[[Route], None], times: int) -> Callable[[Route], None]:
    left = times

    def answer(route: Route) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            then(route)
        else:
            route.continue_()

    return answer


def test_a_part_that_is_lost_is_asked_for_again_and_the_others_are_not(listener: Listener) -> None:
    page = listener.page
    page.route("**/listen/01.bin", _once(lambda route: route.abort(), 3))
    _open(listener)
    listener.presses_ear("safety")
    listener.begins()
    expect(page.locator("[data-hear-now]")).to_contain_text("did not come whole", timeout=30_000)
    assert listener.played() == 0
    listener.begins()
    listener.hears("safety")
    assert listener.asked.count(PARTS[0]) == 1


@pytest.mark.parametrize("how", ["other bytes", "gone", "longer"])
def test_another_site_by_now_is_not_played(listener: Listener, how: str) -> None:
    """The page was loaded before the agency changed its words: what comes is of other words."""

    def answer(route: Route) -> None:
        if how == "gone":
            route.fulfill(status=404)
        else:
            route.fulfill(body=bytes(262_144 + (how == "longer")))

    page = listener.page
    page.route("**/listen/00.bin", answer)
    _open(listener)
    listener.presses_ear("safety")
    listener.begins()
    expect(page.locator("[data-hear-now]")).to_contain_text("out of date", timeout=30_000)
    expect(page.locator("[data-hear-start]")).to_be_hidden()
    assert listener.played() == 0


def test_a_language_without_recordings_has_no_ear(listener: Listener) -> None:
    _open(listener)
    listener.presses_ear("safety")
    listener.begins()
    listener.hears("safety")
    page = listener.page
    page.locator("[data-settings] summary").click()
    page.locator('[data-settings] a[lang="ar"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    listener.hears_nothing()
    expect(page.locator("[data-ear], #hear")).to_have_count(0)
    assert "hear." not in page.content()


def test_verify_takes_recordings_for_what_was_signed_and_no_others(heard: RunningLine) -> None:
    def lie(path: str, _asked: dict[str, str], body: bytes) -> bytes:
        return body[:-1] + b"\1" if path == PARTS[1] else body

    found = _look(heard, lie)
    assert {(one.where, one.sentence) for one in found.findings.all()} == {
        (PARTS[1], "Its bytes are not those that the agency signed.")
    }


def test_the_whole_way_is_as_small_for_who_does_not_listen(
    browser: Browser, heard: RunningLine
) -> None:
    context = browser.new_context(extra_http_headers={"Accept-Encoding": "gzip"})
    page = context.new_page()
    wire = Wire(page, heard, "gzip")
    reporter.begin(page, heard.url)
    reporter.write(page, ["support"], "A few words.")
    reporter.press(page, "review", "send")
    assert reporter.receipt(page)
    context.close()
    assert len(wire.loaded) < WHOLE_WAY_REQUESTS
    assert sum(wire.loaded.values()) <= WHOLE_WAY_BYTES, wire.loaded
    assert not [path for path in wire.loaded if "listen" in path]
