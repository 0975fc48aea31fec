"""Reporters in different browsers, all of them through Tor: what each does, told the same way."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Browser, Page, Playwright

from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.onion.bidi import Firefox, running_firefox
from tests.onion.line import OnionLine
from tests.onion.process import until
from tests.onion.tor_browser import preferences

ABILITIES = (
    "() => [isSecureContext, !!globalThis.crypto.subtle, typeof WebAssembly !== 'undefined'].join()"
)
_ANSWERED_WITHIN = 120
_ANSWERS = {"danger_now": "no", "safe_to_reply": "yes", "under_18": "unknown"}


@dataclass(frozen=True)
class Abilities:
    """What a browser gives a page on this onion."""

    secure: bool
    subtle: bool
    wasm: bool


class Visitor(Protocol):
    """Somebody with a browser."""

    def report(self, text: str, photo: Path) -> str:
        """Write to the support desk, with a photo as it is; return the code."""
        ...

    def answers(self, code: str) -> list[str]:
        """Come back with the code; return the answers' texts."""
        ...

    def abilities(self) -> Abilities:
        """Say what the browser gives the page."""
        ...


class InChromium:
    """A reporter in chromium."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self.page: Page = browser.new_page()

    def report(self, text: str, photo: Path) -> str:
        """Write to the support desk, with a photo as it is; return the code."""
        self.write(text, photo)
        reporter.press(self.page, "review", "send")
        return reporter.receipt(self.page)

    def write(self, text: str, photo: Path) -> None:
        """Write, up to the last look before sending."""
        reporter.begin(self.page, self._url)
        reporter.write(self.page, ["support"], text, [photo], originals=True)

    def answers(self, code: str) -> list[str]:
        """Come back in a fresh window with the code; return the answers' texts."""
        page = self._browser.new_page()
        reporter.come_back(page, self._url, code)

        def look() -> list[str]:
            reporter.screen(page, "answers")
            found = page.locator("[data-answer-text]").all_inner_texts()
            if not found:
                reporter.press(page, "answers", "look-again")
                page.locator('section[data-step="checking"]').wait_for(state="hidden")
            return found

        return until(_ANSWERED_WITHIN, "the answer did not come", look)

    def abilities(self) -> Abilities:
        """Say what the browser gives the page."""
        return _abilities(self.page.evaluate(ABILITIES))


class InFirefox:
    """A reporter in Firefox ESR, set up as Tor Browser at "Safer"."""

    def __init__(self, firefox: Firefox, url: str) -> None:
        self._firefox = firefox
        self._url = url

    def report(self, text: str, photo: Path) -> str:
        """Write to the support desk, with a photo as it is; return the code."""
        on = self._firefox
        on.open(f"{self._url}/en/")
        self._press("safety", "write")
        self._press("text", "files")
        on.find('section[data-step="files"]')
        on.choose("input[data-choose]", [photo])
        on.click('[data-files] label:has([value="original"])')
        self._press("files", "next")
        on.type('section[data-step="text"] textarea', text)
        self._press("text", "next")
        for question, answer in _ANSWERS.items():
            on.click(f'section[data-step="question-{question}"] label:has([value="{answer}"])')
            self._press(f"question-{question}", "next")
        self._press("more", "skip")
        on.click('[data-desk="support"]')
        self._press("desks", "next")
        return " ".join(on.texts('section[data-step="receipt"] [data-receipt] li'))

    def answers(self, code: str) -> list[str]:
        """Come back with the code; return the answers' texts."""
        on = self._firefox
        on.open(f"{self._url}/en/")
        self._press("safety", "return")
        on.type('section[data-step="code"] textarea', code)
        self._press("code", "check")

        def look() -> list[str]:
            on.find('section[data-step="answers"]')
            if on.value("() => document.querySelector('[data-answer-text]') !== null"):
                return on.texts("[data-answer-text]")
            self._press("answers", "look-again")
            return []

        return until(_ANSWERED_WITHIN, "the answer did not come", look)

    def abilities(self) -> Abilities:
        """Say what the browser gives the page."""
        return _abilities(self._firefox.value(ABILITIES))

    def _press(self, screen: str, action: str) -> None:
        self._firefox.click(f'section[data-step="{screen}"] [data-action="{action}"]')


Visiting = Callable[[OnionLine, Playwright], contextlib.AbstractContextManager[Visitor]]


@contextlib.contextmanager
def chromium(line: OnionLine, playwright: Playwright, *more: str) -> Iterator[InChromium]:
    """Start chromium through the reporter's Tor; names go nowhere else."""
    browser = launch(
        playwright,
        f"--proxy-server=socks5://{line.socks('reporter')}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        *more,
        programs=("chromium",),
    )
    try:
        yield InChromium(browser, line.url)
    finally:
        browser.close()


def secure_chromium(
    line: OnionLine, playwright: Playwright
) -> contextlib.AbstractContextManager[InChromium]:
    """Start chromium told that the onion is a secure context, as Tor Browser takes it."""
    return chromium(line, playwright, f"--unsafely-treat-insecure-origin-as-secure={line.url}")


@contextlib.contextmanager
def firefox(line: OnionLine, _: Playwright) -> Iterator[InFirefox]:
    """Start Firefox ESR with Tor Browser's preferences, through the reporter's Tor."""
    with running_firefox(preferences(line.socks_port("reporter"))) as started:
        yield InFirefox(started, line.url)


def _abilities(joined: str) -> Abilities:
    return Abilities(*(word == "true" for word in joined.split(",")))
