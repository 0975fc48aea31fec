"""A voice heard in the console: when it is asked for, out of the sandbox, by keyboard, unsaved."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.console.vault import Vault
from tests.console import samples
from tests.journeys.console_world import NOON, World, attach, receive, world
from tests.journeys.reporter import SLOW
from tests.onion.process import needed

WATCH = """
  globalThis.begun = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    globalThis.begun.push(this);
    return play.call(this);
  };
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    told: list[str] = []

    def put(vault: Vault) -> None:
        case = receive(vault, 500, "I would rather say it.", NOON - 60)
        attach(vault, case, "file.wav", "audio/wav", samples.sound(20))
        told.append(case)

    with world(tmp_path_factory.mktemp("world"), put, past=False) as made:
        yield made, told[0]


def opened(browser: Browser, here: tuple[World, str], **options: Any) -> Page:
    made, case = here
    page = browser.new_context(**options).new_page()
    page.add_init_script(WATCH)
    page.goto(made.console.login_url())
    page.goto(f"{made.home}/cases/{case}")
    return page


def test_a_voice_is_played_when_it_is_asked_for_and_never_by_itself(
    browser: Browser, here: tuple[World, str]
) -> None:
    page = opened(browser, here)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    player = page.locator("[data-player]")
    expect(player).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("begun.length") == 0
    assert not [url for url in asked if "/sound" in url], "nothing is fetched before"
    play = player.get_by_role("button")
    play.focus()
    play.press("Space")
    expect(play).to_have_text("Pause", timeout=SLOW)
    expect(player.locator("[data-at]")).to_contain_text("/ 0:20", timeout=SLOW)
    expect(player.locator("[data-at]")).to_contain_text("0:01", timeout=SLOW)
    play.press("ArrowRight")
    play.press("ArrowRight")
    expect(player.locator("[data-at]")).to_contain_text("0:1", timeout=SLOW)
    play.press(".")
    assert page.evaluate("begun[0].playbackRate") == 1.25
    assert page.evaluate("begun[0].preservesPitch")
    play.press("Space")
    expect(play).to_have_text("Play")
    assert page.evaluate("begun[0].paused")
    assert page.evaluate("begun[0].src").startswith("blob:")
    page.context.close()


def test_loudness_goes_beyond_what_was_recorded(browser: Browser, here: tuple[World, str]) -> None:
    page = opened(browser, here)
    page.evaluate(
        """() => { const make = AudioContext.prototype.createGain;
        AudioContext.prototype.createGain = function () {
          return (globalThis.gain = make.call(this)); }; }"""
    )
    player = page.locator("[data-player]")
    player.get_by_role("button").click()
    expect(player.locator("[data-at]")).to_contain_text("/ 0:20", timeout=SLOW)
    player.get_by_label("Loudness").fill("300")
    assert page.evaluate("gain.gain.value") == 3
    player.get_by_label("Speed").select_option("0.5")
    assert page.evaluate("begun[0].playbackRate") == 0.5
    page.context.close()


def test_without_scripts_the_browsers_own_controls_are_there(
    browser: Browser, here: tuple[World, str]
) -> None:
    page = opened(browser, here, java_script_enabled=False)
    player = page.locator("[data-player]")
    expect(player.locator("audio")).to_be_visible()
    expect(player.locator(".player-tools")).to_be_hidden()
    page.context.close()


def test_what_cannot_be_played_is_said_in_words(browser: Browser, tmp_path: Path) -> None:
    told: list[str] = []

    def put(vault: Vault) -> None:
        case = receive(vault, 500, "Listen.", NOON - 60)
        attach(vault, case, "file.wav", "audio/wav", b"no sound at all")
        told.append(case)

    with world(tmp_path, put, past=False) as made:
        page = opened(browser, (made, told[0]))
        player = page.locator("[data-player]")
        player.get_by_role("button").click()
        expect(player).to_contain_text("This file is not what its name says", timeout=SLOW)
        expect(player.get_by_role("button")).to_have_text("Play")
        page.context.close()


def test_what_is_said_in_a_film_is_played_beside_its_frames(
    browser: Browser, here: tuple[World, str]
) -> None:
    made, _ = here
    film = subprocess.run(
        [
            *(needed("ffmpeg"), "-loglevel", "error"),
            *("-f", "lavfi", "-i", "testsrc=d=20.4:s=160x120:r=5"),
            *("-f", "lavfi", "-i", "sine=duration=20.4"),
            *("-c:v", "mpeg4", "-f", "matroska", "-"),
        ],
        capture_output=True,
        check=True,
    ).stdout
    case = receive(made.console.vault, 502, "I filmed it.", NOON - 30)
    attach(made.console.vault, case, "door.mkv", "video/x-matroska", film)
    page = opened(browser, (made, case))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    expect(page.get_by_text("Show frames")).to_be_visible()
    player = page.locator("[data-player]")
    assert not [url for url in asked if "/sound" in url], "nothing is fetched before"
    player.get_by_role("button").click()
    expect(player.locator("[data-at]")).to_contain_text("/ 0:20", timeout=SLOW)
    expect(player.locator("[data-at]")).to_contain_text("0:01", timeout=SLOW)
    assert page.evaluate("begun[0].src").startswith("blob:")
