"""The reporter's page in Debian's chromium: what it loads, how soon it is there, how it works.

Needs chromium and the development dependencies; Lighthouse too where it is installed
(``make bench-page`` installs it).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Response, sync_playwright

from app.cli.demo.children import PROGRAM
from tests import small_sets
from tests.bench import page_lighthouse, page_upload, result
from tests.bench.rounds import Bar, Size
from tests.journeys import reporter, tasks
from tests.journeys.conftest import launch
from tests.journeys.line import REAL_WORK_STEPS, WORK_STEPS, RunningLine, running_line

TITLE = "The reporter's page"
INVESTIGATORS = tuple((f"person{n}", f"Person {n}", ("support",)) for n in range(10))
CODE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
EPOCH_SECONDS = 20
"""Longer than a slow phone needs to send: bundles may be as old as the epoch before."""
ROUNDS = 3
FIRST = ("/en/", "/assets/site.css")
LONGEST = "fr"
SLOW_BYTES_PER_SECOND = 400_000 / 8
SLOW_LATENCY_MS = 400
SLOWDOWN = 4
WRITING_MS = 20_000
"""How long a person writes at least: the work that sending costs is done meanwhile."""
PAINTED = """() => new Promise((done) => {
  const seen = (list) => list.getEntriesByName('first-contentful-paint').forEach(
    (entry) => done(entry.startTime));
  new PerformanceObserver(seen).observe({ type: 'paint', buffered: true });
})"""
SCRIPT_RAN = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
"""Modules run before that event."""
WITHOUT_JIT = "--js-flags=--jitless"


@dataclass
class Loaded:
    """What came over the wire, by path: bodies as they were sent, and the answers' headers."""

    bodies: dict[str, int] = field(default_factory=dict)
    headers: int = 0
    up: int = 0

    def take(self, response: Response, url: str) -> None:
        """Count an answer; what is asked for again is counted again."""
        path = response.url.removeprefix(url)
        while path in self.bodies:
            path += "+"
        self.bodies[path] = int(response.headers.get("content-length", 0))
        self.up += len(response.request.post_data_buffer or b"")
        self.headers += sum(len(name) + len(text) + 4 for name, text in response.headers.items())

    def of(self, *, protocol: bool) -> dict[str, int]:
        """Return the bodies of the protocol's calls, or of everything else."""
        return {
            path: size for path, size in self.bodies.items() if path.startswith("/api/") == protocol
        }


def measure(folder: Path, size: Size, bar: Bar) -> result.Page:
    """Measure the page on a line of ten investigators."""
    rounds = min(ROUNDS, size.rounds)
    program = PROGRAM if size.is_full else small_sets.PROGRAM
    page = result.Page(TITLE, "quietline", "promised, or without encryption")
    bar.begin(2 * rounds + 2)
    with (
        sync_playwright() as playwright,
        running_line(
            folder / "line",
            investigators=INVESTIGATORS[: size.of(len(INVESTIGATORS))],
            epoch_seconds=EPOCH_SECONDS if size.is_full else 1,
            program=program,
            languages=None,
            work_steps=REAL_WORK_STEPS if size.is_full else WORK_STEPS,
        ) as line,
    ):
        line.open_desks()
        with _browser(playwright) as browser:
            _loads(page, browser, line)
            bar.step()
            _slow(page, browser, line, rounds, size, bar)
        _checks(page, playwright, line, rounds, bar)
        page_lighthouse.measure(page, f"{line.url}/en/", folder)
        bar.step()
    with (
        sync_playwright() as playwright,
        running_line(
            folder / "files", settings=page_upload.SETTINGS, work_steps=1, program=program
        ) as line,
    ):
        line.open_desks()
        with _browser(playwright) as browser:
            page_upload.measure(page, browser, line, folder, size, bar)
    return page


@contextmanager
def _browser(playwright: Playwright, *arguments: str) -> Iterator[Browser]:
    browser = launch(playwright, *arguments, programs=("chromium",))
    yield browser
    browser.close()


def _loaded(browser: Browser, line: RunningLine, language: str, encoding: str) -> Loaded:
    """Go the whole way to "sent" with a cold cache, asking for this way of compressing."""
    context = browser.new_context(extra_http_headers={"Accept-Encoding": encoding})
    tab = context.new_page()
    loaded = Loaded()
    tab.on("response", lambda response: loaded.take(response, line.url))
    reporter.begin(tab, line.url, language)
    reporter.write(tab, ["support"], "A few words.")
    reporter.press(tab, "review", "send")
    reporter.receipt(tab)
    context.close()
    return loaded


def _loads(page: result.Page, browser: Browser, line: RunningLine) -> None:
    """State what the first screen and the whole way to "sent" load."""
    for encoding, name in (("gzip", ", on an onion"), ("br", ", over https")):
        loaded = _loaded(browser, line, "en", encoding)
        code = loaded.of(protocol=False)
        first = {path: code[path] for path in FIRST}
        page.within(20, f"First useful screen{name}", "kB", sum(first.values()) / 1e3, 20)
        page.within(75, f"Whole way to “sent”{name}", "kB", sum(code.values()) / 1e3, 75)
    longest = _loaded(browser, line, LONGEST, "gzip").of(protocol=False)
    page.within(
        75, "Whole way to “sent”, on an onion, in French", "kB", sum(longest.values()) / 1e3, 75
    )
    page.within(2, "First useful screen", "requests", len(first), 2)
    page.within(8, "Whole way to “sent”, code and content", "requests", len(code), 8)
    protocol = loaded.of(protocol=True)
    page.notes += [
        "Sizes are bodies as they come over the wire, with a cold cache. On an onion, which is "
        "plain http inside Tor, browsers ask for gzip alone; over https for Brotli: "
        + ", ".join(f"`{path}` {size:,}" for path, size in sorted(code.items()))
        + f" bytes. The headers of all answers are {loaded.headers:,} bytes more. The "
        "first useful screen is the document and its stylesheet: it can be read, its way out "
        "works, and a button that is pressed is remembered until the script is there. French loads "
        "the most of all languages. A file adds `more.js` and `clean.js`, 24 kB in gzip; "
        "the first PDF adds `pdf.js`, 36 kB, the first Office file `office.js`, 29 kB.",
        f"Protocol data, not counted above: {len(protocol)} requests, "
        f"{sum(protocol.values()):,} bytes down and {loaded.up:,} up, with "
        f"{len(INVESTIGATORS)} investigators ("
        + ", ".join(f"`{path.partition('?')[0]}` {size:,}" for path, size in protocol.items())
        + ").",
    ]


@contextmanager
def slow_tab(browser: Browser, share: float, *, workers: bool) -> Iterator[Page]:
    """Return a page on slow 3G and with a slow processor, its cache cold."""
    context: BrowserContext = browser.new_context(viewport={"width": 360, "height": 740})
    tab = context.new_page()
    if not workers:
        tab.add_init_script("delete globalThis.Worker")
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": SLOW_LATENCY_MS * share,
            "downloadThroughput": SLOW_BYTES_PER_SECOND / share,
            "uploadThroughput": SLOW_BYTES_PER_SECOND / share,
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": max(1, SLOWDOWN * share)})
    yield tab
    context.close()


def _slow(
    page: result.Page, browser: Browser, line: RunningLine, rounds: int, size: Size, bar: Bar
) -> None:
    """State how long a slow phone takes to show the first screen, and from Send to the code."""
    seen, ready, sent, alone = [], [], [], []
    up = 0.0
    for number in range(rounds):
        with slow_tab(browser, size.share, workers=True) as tab:
            tab.goto(f"{line.url}/en/", wait_until="commit")
            reporter.screen(tab, "safety")
            tab.wait_for_load_state()
            seen.append(float(tab.evaluate(PAINTED)) / 1000)
            ready.append(float(tab.evaluate(SCRIPT_RAN)) / 1000)
            seconds, up = _send(tab, size)
            sent.append(seconds - up)
        if number == 0:
            with slow_tab(browser, size.share, workers=False) as tab:
                tab.goto(f"{line.url}/en/")
                seconds, up = _send(tab, size)
                alone.append(seconds - up)
        bar.step()
    page.within(2.5, "Slow 3G: first screen usable", "s", median(seen), 2.5)
    page.add("Slow 3G: its script is there too", "s", median(ready), 2.5)
    name = "Slow 3G: Send to receipt code, without upload time"
    page.within(3, name, "s", median(sent), 3)
    page.add(f"{name}, where there are no workers", "s", median(alone), 3)
    page.notes.append(
        "Slow 3G: 400 kbit/s each way, 400 ms for each request, the page's main thread "
        f"{SLOWDOWN} times slower, by chromium's own emulation. It does not slow workers: the row "
        "without workers, where the main thread does all of it, is the other bound. Usable: "
        "painted, and its buttons and its way out take a touch. Before Send a person writes for "
        f"{WRITING_MS / 1000:.0f} s, in which the page does the work that sending costs. "
        f"{len(INVESTIGATORS)} investigators: uploading the batch takes {up:.1f} s at that speed, "
        "which is left out."
    )


def _send(tab: Page, size: Size) -> tuple[float, float]:
    """Write and send; return the seconds until the code is shown, and those of the upload."""
    reporter.press(tab, "safety", "write")
    reporter.write(tab, ["support"], "A few words from a slow phone.")
    tab.wait_for_timeout(WRITING_MS * size.share)
    uploaded: list[int] = []
    tab.on("request", lambda request: uploaded.append(len(request.post_data_buffer or b"")))
    began = time.perf_counter()
    reporter.press(tab, "review", "send")
    tab.locator('section[data-step="receipt"]').wait_for(timeout=3 * reporter.SLOW)
    seconds = time.perf_counter() - began
    return seconds, max(uploaded) / (SLOW_BYTES_PER_SECOND / size.share)


def _checks(
    page: result.Page, playwright: Playwright, line: RunningLine, rounds: int, bar: Bar
) -> None:
    """State the longest task of the page during a check, and how long a check takes."""
    longest, fast, slow = [], [], []
    with _browser(playwright) as browser, _browser(playwright, WITHOUT_JIT) as jitless:
        for _ in range(rounds):
            ran, seconds = _check(browser, line)
            longest.append(max(ran) / 1000)
            fast.append(seconds)
            slow.append(_check(jitless, line)[1])
            bar.step()
    name = "Check of 1,024 rows"
    page.within(50, f"{name}: longest task of the page", "ms", median(longest), 50)
    page.add(f"{name}, beside the same without JIT", "s", median(fast), median(slow))
    page.notes.append(
        "A check is from pressing the button to the answers: the set, 1,024 rows solved in a "
        "worker, eight messages. The longest task is the main thread's own time: a busy machine "
        "does not stretch it. Without JIT is chromium with `--jitless`, as Tor Browser's “Safer” "
        "has it."
    )


def _check(browser: Browser, line: RunningLine) -> tuple[list[int], float]:
    tab = browser.new_page()
    tab.goto(f"{line.url}/en/")
    reporter.press(tab, "safety", "return")
    reporter.screen(tab, "code").locator("textarea").fill(CODE)
    tasks.begin(browser, tab)
    began = time.perf_counter()
    reporter.press(tab, "code", "check")
    tab.locator('section[data-step="answers"]').wait_for(timeout=5 * reporter.SLOW)
    seconds = time.perf_counter() - began
    ran = tasks.end(browser)
    tab.close()
    return ran, seconds
