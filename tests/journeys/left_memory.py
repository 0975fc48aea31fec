"""What browsers still hold of a visit after "Leave this page": every process's memory, as root.

``python -m tests.journeys.left_memory`` leaves from a code that is shown, in another browser from
the answers to a code that was typed, and prints which kind of process holds what, 20 seconds later.
It is a measurement and no test: what a browser does with freed memory differs from run to run. The
driver is told one key at a time, and reads the code word by word as numbers: its messages hold no
copy.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from playwright.sync_api import Page, Playwright, sync_playwright

from app.protocol.receipt import new_entropy, numbers_of, read_code, words_of
from tests.console import memory
from tests.journeys import reporter
from tests.journeys.conftest import launch
from tests.journeys.line import REAL_WORK_STEPS, RunningLine, running_line
from tests.onion.bidi import running_firefox

SECONDS = 20.0
TEXT = "Zwirbelnder blue cupboard above the laundry"
ANSWERS = {"danger_now": "no", "safe_to_reply": "yes", "under_18": "unknown"}
BROWSERS = ("chromium", "firefox")
_SHIFT = 1_000
_CODE = """() => [...document.querySelectorAll('[data-step="receipt"] .code:not([hidden]) li')]
  .map((one) => [...one.textContent.trim()].map((letter) => letter.codePointAt(0) + 1000).join())
  .join('/')"""


class Hands(Protocol):
    """What a person does with a browser."""

    def open(self, url: str) -> None: ...
    def click(self, css: str) -> None: ...
    def type(self, css: str, text: str) -> None: ...
    def value(self, script: str) -> object: ...
    def find(self, css: str) -> object: ...


class InChromium:
    """The hands of ``Firefox``, in chromium."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        self._page.goto(url)

    def click(self, css: str) -> None:
        self._page.locator(css).locator("visible=true").first.click(timeout=reporter.SLOW)

    def type(self, css: str, text: str) -> None:
        self._page.locator(css).press_sequentially(text)

    def value(self, script: str) -> object:
        return self._page.evaluate(script)

    def find(self, css: str) -> object:
        return self._page.locator(css).first.wait_for(timeout=reporter.SLOW)


def press(on: Hands, screen: str, action: str) -> None:
    on.click(f'section[data-step="{screen}"] [data-action="{action}"]')


def report(on: Hands, url: str) -> str:
    """Write and send; return the code that is shown."""
    on.open(f"{url}/en/")
    press(on, "safety", "write")
    on.type('section[data-step="text"] textarea', TEXT)
    press(on, "text", "next")
    for question, answer in ANSWERS.items():
        on.click(f'section[data-step="question-{question}"] label:has([value="{answer}"])')
        press(on, f"question-{question}", "next")
    press(on, "more", "skip")
    on.click('[data-desk="support"]')
    press(on, "desks", "next")
    on.find('section[data-step="receipt"] .code:not([hidden]) li')
    words = str(on.value(_CODE)).split("/")
    return " ".join("".join(chr(int(one) - _SHIFT) for one in word.split(",")) for word in words)


def come_back(on: Hands, url: str) -> str:
    """Type a code and look for answers."""
    on.open(f"{url}/en/")
    press(on, "safety", "return")
    code = words_of(new_entropy(os.urandom).reveal())
    on.type('section[data-step="code"] textarea', code)
    press(on, "code", "check")
    on.find('section[data-step="answers"]:not([hidden])')
    return code


def needles(code: str, said: str) -> dict[str, bytes]:
    """Return what is looked for: the text, and the code in each of its forms."""
    (secret,) = read_code(code)
    entropy = secret.reveal()
    numbers = numbers_of(entropy)
    forms = {"the code's words": code, "its numbers": numbers}
    if said:
        forms["the text"] = said
    found = {"the code's 16 bytes": entropy}
    for name, text in forms.items():
        found[name] = text.encode()
        found[f"{name}, two bytes a letter"] = text.encode("utf-16-le")
    return found


@contextlib.contextmanager
def hands(browser: str, playwright: Playwright) -> Iterator[Hands]:
    """Start a browser with an empty profile; end it afterwards."""
    if browser == "firefox":
        with running_firefox({"browser.privatebrowsing.autostart": True}) as firefox:
            yield firefox
        return
    started = launch(playwright, programs=("chromium",))
    yield InChromium(started.new_page())
    started.close()


def kind_of(pid: int) -> str:
    """Which of a browser's processes this is, or nothing for another program's."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ").split()
        program = (Path(f"/proc/{pid}/exe")).readlink().name
    except OSError:
        return ""
    if program == "chromium":
        types = [one.removeprefix("--type=") for one in words if one.startswith("--type=")]
        return types[0] if types else "browser"
    if program.startswith("firefox"):
        return words[-1] if "-contentproc" in words else "browser"
    return ""


def held(wanted: dict[str, bytes], kinds: Sequence[str] = ()) -> dict[str, dict[str, int]]:
    """By kind of process and number: how often each needle lies in it. ``kinds``: only in those."""
    found = {}
    for pid in sorted(memory.family(os.getpid())):
        kind = kind_of(pid)
        if kind and (not kinds or kind in kinds):
            with contextlib.suppress(OSError):
                found[f"{kind} {pid}"] = memory.found_in(pid, wanted)
    return found


def show(when: str, found: dict[str, dict[str, int]]) -> None:
    print(f"  {when}")
    for name, counts in found.items():
        print(f"    {name}: {counts or 'nothing'}", flush=True)


def measure(browser: str, line: RunningLine, playwright: Playwright, seconds: float) -> None:
    for name, visit, said in (("report", report, TEXT), ("return", come_back, "")):
        print(f"{browser}, {name}", flush=True)
        with hands(browser, playwright) as on:
            wanted = needles(visit(on, line.url), said)
            show("before leaving", held(wanted))
            on.click("[data-exit]")
            time.sleep(seconds)
            show(f"{seconds:.0f} s after", held(wanted))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--browser", action="append", choices=BROWSERS)
    words.add_argument("--seconds", type=float, default=SECONDS)
    chosen = words.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        running_line(Path(folder) / "line", work_steps=REAL_WORK_STEPS) as line,
    ):
        line.open_desks()
        with sync_playwright() as playwright:
            for browser in chosen.browser or BROWSERS:
                measure(browser, line, playwright, chosen.seconds)


if __name__ == "__main__":
    main()
