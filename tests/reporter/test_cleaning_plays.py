"""Clean films and sounds in a real browser: every dot and every tone as before."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.journeys.conftest import launch
from tests.reporter.test_cleaning import _examine

FILES = Path(__file__).parent / "files"
FILMS = {"encoder.mp4": "video/mp4", "stream.mp4": "video/mp4", "notes.webm": "video/webm"}
SOUNDS = [
    *FILMS,
    "phone.mov",
    "phone.mp4",
    "notes.m4a",
    "notes.mp3",
    "notes.opus",
    "voice.mp4",
    "voice.webm",
]
GPS = b"\0\0\x80\0freeGPS Distinctive +48.8583-002.2944/" + bytes(80)
TIMES = [0, 0.15, 0.35]
"""Seconds; moments within the shortest film."""
DRAWN = """async ([data, type, times]) => {
  const video = document.createElement('video');
  video.muted = true;
  const heard = (name) => new Promise((done, failed) => {
    video.addEventListener(name, done, {once: true});
    video.addEventListener('error', () => failed(new Error(video.error.message)), {once: true});
  });
  const loaded = heard('loadeddata');
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  video.src = URL.createObjectURL(new Blob([bytes], {type}));
  await loaded;
  const sums = [];
  for (const time of times) {
    const there = heard('seeked');
    video.currentTime = time;
    await there;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    const dots = pen.getImageData(0, 0, canvas.width, canvas.height).data;
    const sum = await crypto.subtle.digest('SHA-256', dots);
    sums.push([canvas.width, canvas.height, new Set(dots).size, ...new Uint8Array(sum)].join());
  }
  return JSON.stringify(sums);
}"""
HEARD = """async ([data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const heard = await new OfflineAudioContext(1, 8000, 48000).decodeAudioData(bytes.buffer);
  const sum = await crypto.subtle.digest('SHA-256', heard.getChannelData(0));
  return [heard.length, ...new Uint8Array(sum)].join();
}"""


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = launch(playwright, programs=("chromium",))
    yield started
    started.close()


def _shown(browser: Browser, script: str, data: bytes, *more: object) -> str:
    page = browser.new_page()
    page.route("**/*", lambda route: route.fulfill(body="<p>", content_type="text/html"))
    page.goto("https://localhost/")
    said = page.evaluate(script, [base64.b64encode(data).decode(), *more])
    page.close()
    return str(said)


def _dash_camera(data: bytes) -> bytes:
    """Return a real film, with a place among its pictures as dash cameras put it there."""
    tables = [found.start() for found in re.finditer(b"stco", data)]
    chunks = [
        (at + 12 + 4 * n, int.from_bytes(data[at + 12 + 4 * n :][:4]))
        for at in tables
        for n in range(int.from_bytes(data[at + 8 : at + 12]))
    ]
    second = sorted(offset for _, offset in chunks)[1]
    changed = bytearray(data)
    for place, offset in chunks:
        changed[place : place + 4] = (offset + len(GPS) * (offset >= second)).to_bytes(4)
    mdat = data.index(b"mdat") - 4
    changed[mdat : mdat + 4] = (int.from_bytes(data[mdat : mdat + 4]) + len(GPS)).to_bytes(4)
    return bytes(changed[:second] + GPS + changed[second:])


def test_a_dash_cameras_film_plays_on_without_its_way(browser: Browser, tmp_path: Path) -> None:
    data = _dash_camera((FILES / "encoder.mp4").read_bytes())
    found, copy = _examine(data, tmp_path)
    assert found["revealed"]["place"] == [48.8583, -2.2944]
    assert b"freeGPS" not in copy
    before = _shown(browser, DRAWN, data, "video/mp4", TIMES)
    assert _shown(browser, DRAWN, copy, "video/mp4", TIMES) == before
    assert _shown(browser, HEARD, copy) == _shown(browser, HEARD, data)


@pytest.mark.parametrize("name", FILMS)
def test_a_clean_film_shows_the_same_pictures(name: str, browser: Browser, tmp_path: Path) -> None:
    data = (FILES / name).read_bytes()
    _, copy = _examine(data, tmp_path)
    assert copy != data
    before = _shown(browser, DRAWN, data, FILMS[name], TIMES)
    assert len(set(json.loads(before))) > 1, "the pictures move"
    assert _shown(browser, DRAWN, copy, FILMS[name], TIMES) == before


@pytest.mark.parametrize("name", SOUNDS)
def test_a_clean_recording_sounds_the_same(name: str, browser: Browser, tmp_path: Path) -> None:
    data = (FILES / name).read_bytes()
    _, copy = _examine(data, tmp_path)
    assert copy != data
    before, after = _shown(browser, HEARD, data), _shown(browser, HEARD, copy)
    if name == "notes.mp3":  # how much silence an encoder put around it stands in its own note
        before, after = before.partition(",")[0], after.partition(",")[0]
        assert 0 <= int(after) - int(before) < 5_000
    else:
        assert after == before
