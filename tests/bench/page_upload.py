"""A large file through the page, beside the same chunk requests made without encryption.

Both sides run in chromium, on the same line, in turns: three chunks at a time, each with work that
is as easy as can be. Two things are measured of memory, and both above the idle page, because they
say different things. "Heap and buffers" is what the engine counts as the page's and its worker's:
objects and array buffers, garbage that was not collected yet among them (CDP, Runtime.getHeapUsage,
of both isolates). "PSS" is what the system counts as the renderer's: that, and the browser's own
copies of request bodies until it collects them, and what its allocators keep. A trick that only hid
buffers from the engine's count shows there, and one did (docs/adr/0030). Garbage is not collected
first, on either side: the collector begins at about 64 MB of buffers, and a phone has to have them.
"""

from __future__ import annotations

import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
from playwright.sync_api import Browser

from app.protocol import work
from app.protocol.wire import CHUNK_BYTES, PIECE_BYTES
from tests.bench import result
from tests.bench.memory import proportional
from tests.bench.plain_tab import PlainTab
from tests.bench.rounds import Bar, Size
from tests.journeys.line import RunningLine

FILE_BYTES = 500_000_000
ROUNDS = 2
SETTINGS = """
work_doublings = 0
work_seconds = 7200
chunks_per_second = 1000000
reports_per_second = 1000000
disk_reserve_bytes = 0
"""
_SAMPLE_SECONDS = 0.2
_PATIENCE_SECONDS = 600
_LEAST = 0.7
_MOST_MB = 100

BARE = """async ({ name, content, length, headers, uses }) => {
  globalThis.took = null;
  const file = document.getElementById(name).files[0];
  const chunks = Math.ceil(file.size / content);
  const hex = (bytes) => [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    while (next < chunks) {
      const index = next;
      next += 1;
      const part = file.slice(index * content, (index + 1) * content);
      const body = new Uint8Array(length);
      body.set(new Uint8Array(await part.arrayBuffer()));
      const id = hex(crypto.getRandomValues(new Uint8Array(16)));
      const answer = await fetch(`/api/v1/chunks/${id}`, {
        method: 'PUT',
        body,
        cache: 'no-store',
        credentials: 'omit',
        headers: {
          'Content-Type': 'application/octet-stream',
          'Quietline-Work': headers[Math.floor(index / uses)],
        },
      });
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  globalThis.took = (performance.now() - began) / 1000;
}"""


@dataclass
class Run:
    """One upload: seconds, and the most megabytes above the idle page."""

    seconds: float
    heap: float
    resident: float


def measure(
    page: result.Page, browser: Browser, line: RunningLine, folder: Path, size: Size, bar: Bar
) -> None:
    """State the throughput of both sides, and the memory that they take."""
    rounds = min(ROUNDS, size.rounds)
    bar.begin(rounds)
    path = folder / "video.bin"
    path.write_bytes(os.urandom(1_000_000) * max(1, round(FILE_BYTES * size.share / 1e6)))
    megabytes = path.stat().st_size / 1e6
    ours: list[Run] = []
    base: list[Run] = []
    for number in range(rounds):
        for side in ("ours", "base") if number % 2 == 0 else ("base", "ours"):
            if side == "ours":
                ours.append(_ours(browser, line, path))
            else:
                base.append(_base(browser, line, path))
        bar.step()
    name = f"Encrypting and uploading {megabytes:,.0f} MB"
    speeds = [[megabytes / run.seconds for run in side] for side in (ours, base)]
    page.at_least(_LEAST, name, "MB/s", median(speeds[0]), median(speeds[1]))
    heaps = [max(0.1, *(run.heap for run in side)) for side in (ours, base)]
    page.within(_MOST_MB, f"{name}: heap and buffers above the idle page", "MB", *heaps)
    residents = [max(0.1, *(run.resident for run in side)) for side in (ours, base)]
    page.add(f"{name}: renderer (PSS) above the idle page", "MB", *residents)
    page.notes.append(
        "The upload: ours from Send to the receipt code, with the hash of the whole file and the "
        "message to three investigators; the base is a script that reads the same file and makes "
        "the same requests, three at a time, with no encryption and no hash. Both with work as "
        "easy as can be: a real line asks for work for each 32 chunks (8 MB). "
        f"{rounds} rounds of each, in turns. Memory is the most of all samples, above the same "
        "page before the file was chosen. Heap and buffers: what the engine counts as the page's "
        "and its worker's, garbage among it. PSS: what the system counts as the renderer's, with "
        "the browser's own copies of request bodies until it collects them. The inspector's "
        "network part is off: on, it keeps the bodies that it saw, and made 310 MB of it."
    )


def _base(browser: Browser, line: RunningLine, path: Path) -> Run:
    chunks = -(-path.stat().st_size // PIECE_BYTES)
    with httpx.Client(base_url=line.url, trust_env=False) as http:
        headers = [
            work.solve(http.get(work.CHALLENGE_PATHS[work.FILES]).content)
            for _ in range(-(-chunks // work.CHUNKS))
        ]
    tab = PlainTab(browser, f"{_direct(line)}/en/help/")
    tab.wait("h1")
    tab.evaluate(
        "{ const field = document.createElement('input'); field.type = 'file';"
        " field.id = 'bare'; document.body.append(field); }"
    )
    watch = Watch(browser, tab)
    tab.choose("#bare", path)
    what = {"name": "bare", "content": PIECE_BYTES, "length": CHUNK_BYTES}
    asked = json.dumps({**what, "headers": headers, "uses": work.CHUNKS})
    with watch:
        tab.evaluate(f"globalThis.took = null; ({BARE})({asked}); null")
        watch.until("globalThis.took !== null")
        seconds = float(tab.evaluate("globalThis.took"))
    tab.close()
    return Run(seconds, watch.heap, watch.resident)


def _ours(browser: Browser, line: RunningLine, path: Path) -> Run:
    tab = PlainTab(browser, f"{_direct(line)}/en/")
    _press(tab, "safety", "write")
    watch = Watch(browser, tab)
    _press(tab, "text", "files")
    tab.wait(_screen("files"))
    tab.choose("[data-choose]", path)
    tab.wait("[data-cannot]")
    _press(tab, "files", "next")
    _press(tab, "text", "send-now")
    tab.press(f"{_screen('desks')} [data-desk='support'] input")
    _press(tab, "desks", "look")
    tab.wait(_screen("review"))
    with watch:
        began = time.perf_counter()
        _press(tab, "review", "send")
        watch.until(f"document.querySelector({json.dumps(_screen('receipt'))}).checkVisibility()")
        seconds = time.perf_counter() - began
    tab.close()
    return Run(seconds, watch.heap, watch.resident)


def _screen(name: str) -> str:
    return f"section[data-step='{name}']"


def _press(tab: PlainTab, screen: str, action: str) -> None:
    tab.press(f"{_screen(screen)} [data-action='{action}']")


def _direct(line: RunningLine) -> str:
    """Return the server itself, without the forwarder of the journeys."""
    return f"http://127.0.0.1:{line.server_port}"


def renderers(browser: Browser) -> list[int]:
    """Return the ids of the browser's renderer processes."""
    session = browser.new_browser_cdp_session()
    found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [int(one["id"]) for one in found if one["type"] == "renderer"]


class Watch:
    """The most that a page takes above what it took when this was made, in megabytes.

    The system is asked by a thread of its own; the engine between two looks at whether it is done.
    """

    def __init__(self, browser: Browser, tab: PlainTab) -> None:
        self._pids = renderers(browser)
        self._tab = tab
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._idle = self._now()
        self._idle_heap = sum(tab.heaps())
        self.resident = self.heap = 0.0

    def until(self, done: str) -> None:
        """Wait until that expression holds."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._tab.evaluate(done):
            self.heap = max(self.heap, sum(self._tab.heaps()) - self._idle_heap)
            if time.monotonic() > until:
                raise RuntimeError(f"not within {_PATIENCE_SECONDS} s: {done}")

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _now(self) -> float:
        return sum(_memory(pid) for pid in self._pids) / 1e6

    def _run(self) -> None:
        while not self._stopping.wait(_SAMPLE_SECONDS):
            self.resident = max(self.resident, self._now() - self._idle)


def _memory(pid: int) -> int:
    try:
        return proportional(pid)
    except (OSError, ProcessLookupError):
        return 0
