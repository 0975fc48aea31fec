"""A voice note recorded in the page: warned of, changed, heard before it is kept, then a file."""

from __future__ import annotations

import array
import math
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.journeys.line import RunningLine
from tests.journeys.test_returning import _kept
from tests.onion.process import until

SPOKEN_HZ = 120.0
RATE = 16_000


@pytest.fixture
def microphone(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """Yield a browser whose microphone hears somebody say "aa", at SPOKEN_HZ."""
    heard = tmp_path / "heard.wav"
    with wave.open(str(heard), "wb") as made:
        made.setparams((1, 2, RATE, 0, "NONE", ""))
        made.writeframes(_vowel(4).tobytes())
    browser = launch(
        playwright,
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={heard}",
        programs=("chromium",),
    )
    yield browser
    browser.close()


def _vowel(seconds: int) -> array.array[int]:
    """Return pulses of SPOKEN_HZ through three resonances (an "a"), as 16-bit samples."""
    sound = [0.0] * (seconds * RATE)
    at = 0.0
    while at < len(sound):
        sound[int(at)] = 1.0
        at += RATE / SPOKEN_HZ
    for formant in (700, 1_220, 2_600):
        r = math.exp(-math.pi * 90 / RATE)
        a = 2 * r * math.cos(2 * math.pi * formant / RATE)
        for n in range(2, len(sound)):
            sound[n] += a * sound[n - 1] - r * r * sound[n - 2]
    loudest = max(map(abs, sound))
    found = array.array("h", (int(16_000 * each / loudest) for each in sound))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _pitch(file: Path) -> float:
    """Return the middle pitch of a recording in hertz, by its autocorrelation."""
    raw = subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-i", file, "-ac", "1", "-ar", "8000", "-f", "s16le", "-"],
        capture_output=True,
        check=True,
    ).stdout
    sound = array.array("h", raw[: len(raw) // 2 * 2])
    found = []
    for start in range(0, len(sound) - 400, 400):
        part = sound[start : start + 400]
        if max(map(abs, part)) < 2_000:
            continue
        scores = {
            lag: sum(a * b for a, b in zip(part, part[lag:], strict=False)) / (400 - lag)
            for lag in range(8_000 // 300, 8_000 // 70)
        }
        best = max(scores.values())
        found.append(8_000 / next(lag for lag, each in scores.items() if each > 0.9 * best))
    return median(found)


def _to_voice(page: Page, line: RunningLine) -> None:
    reporter.begin(page, line.url)
    reporter.press(page, "text", "voice")


# What counts is whether the microphone is still open: its tracks say so.
LISTEN_IN = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.heard = [];
  navigator.mediaDevices.getUserMedia = async (what) => {
    const stream = await ask(what);
    globalThis.heard.push(...stream.getTracks());
    return stream;
  };
"""


def _open_tracks(page: Page) -> int:
    return int(page.evaluate("heard.filter((track) => track.readyState === 'live').length"))


def _record(page: Page) -> None:
    shown = reporter.screen(page, "voice")
    expect(shown.locator('[data-action="keep"]')).to_be_disabled()
    reporter.press(page, "voice", "record")
    expect(shown).to_contain_text("Recording: 0:02", timeout=reporter.SLOW)
    assert _open_tracks(page) == 1
    reporter.press(page, "voice", "record")


KEEPS = """
  const make = globalThis.File;
  globalThis.made = [];
  globalThis.File = class extends make {
    constructor(parts, name, options) { super(parts, name, options); globalThis.made.push(this); }
  };
"""


def _bytes_of_last(page: Page, into: Path) -> Path:
    """Return the file that the page made of the recording."""
    found = page.evaluate(
        "async () => [...new Uint8Array(await globalThis.made.at(-1).arrayBuffer())]"
    )
    into.write_bytes(bytes(found))
    return into


def test_a_voice_is_changed_unless_its_owner_chooses_otherwise(
    microphone: Browser, line: RunningLine, tmp_path: Path
) -> None:
    line.open_desks()
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN + KEEPS)
    _to_voice(page, line)
    shown = reporter.screen(page, "voice")
    expect(shown).to_contain_text("Your words, your accent and the sounds around you stay.")
    _record(page)
    expect(shown).to_contain_text("Your voice is changed.", timeout=reporter.SLOW)
    assert _open_tracks(page) == 0, "the microphone is let go"
    expect(shown.get_by_label("Changed voice")).to_be_checked()
    shown.get_by_label("Whispered voice").check()
    expect(shown).to_contain_text("Your voice is changed.", timeout=reporter.SLOW)
    expect(shown.get_by_label("Whispered voice")).to_be_checked()
    reporter.press(page, "voice", "listen")
    shown.get_by_label("Changed voice").check()
    reporter.press(page, "voice", "listen")
    reporter.press(page, "voice", "keep")
    expect(reporter.screen(page, "text").locator("[data-added]")).to_have_text("Your voice")
    reporter.press(page, "text", "files")
    files = reporter.screen(page, "files")
    expect(files).to_contain_text("Your voice, changed.")
    made = _bytes_of_last(page, tmp_path / "changed.wav")
    heard = _pitch(made)
    assert 85 < heard < 215, f"{heard} Hz"  # drawn, whatever was spoken
    assert made.read_bytes()[:4] == b"RIFF"
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    expect(reporter.screen(page, "review")).to_contain_text("Changed voice")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    context.close()
    (body,) = _kept(line, "ana", ["report"])
    (file,) = body["files"]
    assert (file["name"], file["type"]) == ("file.wav", "audio/wav")
    assert (file["metadata"], file["size"]) == ("disguised", made.stat().st_size)


def test_the_own_voice_goes_only_where_it_was_chosen(
    microphone: Browser, line: RunningLine, tmp_path: Path
) -> None:
    line.open_desks()
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN + KEEPS)
    _to_voice(page, line)
    _record(page)
    shown = reporter.screen(page, "voice")
    shown.get_by_label("My own voice").check(timeout=reporter.SLOW)
    expect(shown).to_contain_text("Computers can find out whose it is.")
    reporter.press(page, "voice", "listen")
    reporter.press(page, "voice", "keep")
    reporter.press(page, "text", "files")
    expect(reporter.screen(page, "files")).to_contain_text(
        "Your voice. Somebody who knows it can recognise it."
    )
    heard = _pitch(_bytes_of_last(page, tmp_path / "own.webm"))
    assert abs(math.log2(heard / SPOKEN_HZ)) < 1 / 12, f"{heard} Hz"
    reporter.press(page, "files", "next")
    reporter.press(page, "text", "send-now")
    reporter.choose(page, ["support"])
    reporter.press(page, "desks", "look")
    review = reporter.screen(page, "review")
    expect(review).to_contain_text("Your voice")
    expect(review).not_to_contain_text("file.webm")
    expect(review).not_to_contain_text("Clean copy")
    reporter.press(page, "review", "send")
    reporter.receipt(page)
    context.close()
    (body,) = _kept(line, "ana", ["report"])
    (file,) = body["files"]
    assert (file["name"], file["type"]) == ("file.webm", "audio/webm")
    assert file["metadata"] == "clean", "without what the browser writes into it"
    assert file["size"] > 500


def test_a_voice_that_could_not_be_changed_is_not_lost_and_not_sent_by_itself(
    microphone: Browser, shared_line: RunningLine
) -> None:
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN)
    page.route("**/assets/clean.js*", lambda route: route.abort())
    _to_voice(page, shared_line)
    _record(page)
    shown = reporter.screen(page, "voice")
    expect(shown).to_contain_text("Your voice could not be changed.", timeout=reporter.SLOW)
    expect(shown.locator('[data-action="keep"]')).to_be_disabled()
    expect(shown.get_by_label("Changed voice")).to_be_disabled()
    expect(shown.get_by_label("My own voice")).not_to_be_checked()
    page.unroute("**/assets/clean.js*")
    reporter.press(page, "voice", "change")
    expect(shown).to_contain_text("Your voice is changed.", timeout=reporter.SLOW)
    expect(shown.locator('[data-action="keep"]')).to_be_enabled()
    context.close()


def test_changing_can_be_stopped_and_begun_again(
    microphone: Browser, shared_line: RunningLine
) -> None:
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    # What is to be stopped must last: an hour of samples in place of seconds.
    page.add_init_script(
        LISTEN_IN
        + """
        const decode = OfflineAudioContext.prototype.decodeAudioData;
        OfflineAudioContext.prototype.decodeAudioData = async function (bytes) {
          await decode.call(this, bytes);
          const long = new AudioBuffer({ length: 16000 * 3600, sampleRate: 16000 });
          const samples = long.getChannelData(0);
          for (let n = 0; n < samples.length; n += 1) samples[n] = Math.sin(n / 20) / 2;
          return long;
        };
        """
    )
    _to_voice(page, shared_line)
    _record(page)
    shown = reporter.screen(page, "voice")
    expect(shown).to_contain_text("Changing your voice: ", timeout=reporter.SLOW)
    reporter.press(page, "voice", "stop-changing")
    expect(shown).to_contain_text("Your voice is not changed yet.", timeout=reporter.SLOW)
    expect(shown.locator('[data-action="keep"]')).to_be_disabled()
    reporter.press(page, "voice", "change")
    expect(shown).to_contain_text("Changing your voice: ", timeout=reporter.SLOW)
    context.close()


def test_leaving_while_it_records_lets_go_of_the_microphone(
    microphone: Browser, shared_line: RunningLine
) -> None:
    context = microphone.new_context(permissions=["microphone"])
    page = context.new_page()
    page.add_init_script(LISTEN_IN)
    _to_voice(page, shared_line)
    reporter.press(page, "voice", "record")
    expect(reporter.screen(page, "voice")).to_contain_text("Recording:", timeout=reporter.SLOW)
    # An answer without content leaves the document where it is: what is left of it can be seen.
    page.route("**/measures/", lambda route: route.fulfill(status=204))
    page.locator("[data-exit]").click()
    expect(page.locator("body > *")).to_have_count(0)
    assert _open_tracks(page) == 0
    context.close()


ASKS = """
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  globalThis.asked = [];
  navigator.mediaDevices.getUserMedia = async (what) => {
    await new Promise((allow) => globalThis.asked.push(allow));
    return ask(what);
  };
"""
"""The browser's question for the microphone, which waits until it is answered: ``ALLOW``."""
ALLOW = "asked.forEach((allow) => allow())"


def _until(page: Page, what: str) -> None:
    until(reporter.SLOW / 1_000, f"it did not come to be that {what}", lambda: page.evaluate(what))


def test_going_back_while_the_browser_asks_for_the_microphone_leaves_it_off(
    microphone: Browser, shared_line: RunningLine
) -> None:
    page = microphone.new_page(permissions=["microphone"])
    page.add_init_script(ASKS)
    page.add_init_script(LISTEN_IN)
    _to_voice(page, shared_line)
    reporter.press(page, "voice", "record")
    _until(page, "asked.length === 1")
    reporter.press(page, "voice", "back")
    reporter.screen(page, "text")
    page.evaluate(ALLOW)
    _until(page, "heard.length === 1 && heard[0].readyState === 'ended'")
    page.close()


def test_pressed_again_while_the_browser_asks_it_records_once(
    microphone: Browser, shared_line: RunningLine
) -> None:
    page = microphone.new_page(permissions=["microphone"])
    page.add_init_script(ASKS)
    page.add_init_script(LISTEN_IN)
    _to_voice(page, shared_line)
    reporter.press(page, "voice", "record")
    reporter.press(page, "voice", "record")
    page.evaluate(ALLOW)
    _until(page, "heard.length === asked.length")
    expect(reporter.screen(page, "voice")).to_contain_text("Recording: 0:0", timeout=reporter.SLOW)
    assert _open_tracks(page) == 1
    reporter.press(page, "voice", "back")
    reporter.screen(page, "text")
    assert _open_tracks(page) == 0
    page.close()


def test_a_microphone_that_is_not_allowed_is_said_so(
    microphone: Browser, shared_line: RunningLine
) -> None:
    context = microphone.new_context(permissions=[])
    page = context.new_page()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('no', 'NotAllowedError'); }"
    )
    _to_voice(page, shared_line)
    reporter.press(page, "voice", "record")
    problem = reporter.screen(page, "voice").locator("[data-problem]")
    expect(problem).to_contain_text("The microphone is off for this browser.")
    reporter.press(page, "voice", "back")
    reporter.screen(page, "text")
    context.close()


def test_where_nothing_can_be_recorded_the_page_says_so_and_offers_the_rest(
    browser: Browser, shared_line: RunningLine
) -> None:
    page = browser.new_page()
    page.add_init_script("delete globalThis.MediaRecorder")
    reporter.begin(page, shared_line.url)
    shown = reporter.screen(page, "text")
    expect(shown.locator('[data-action="voice"]')).to_be_hidden()
    expect(shown).to_contain_text("This browser cannot record your voice. Tor Browser keeps the")
    expect(shown.locator('[data-action="files"]')).to_be_visible()
    page.close()
