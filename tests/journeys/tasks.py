"""How long a page's threads were busy at a time, from a trace of the browser's."""

from __future__ import annotations

import json
from collections import defaultdict

from playwright.sync_api import Browser, Page

MAIN, WORKER = "CrRendererMain", "DedicatedWorker thread"


def begin(browser: Browser, page: Page) -> None:
    """Begin a trace; there can be one at a time."""
    browser.start_tracing(
        page=page, categories=["toplevel", "disabled-by-default-devtools.timeline"]
    )


def end(browser: Browser) -> list[int]:
    """Return how long each task of the main thread ran, as ``by_thread`` has it."""
    return by_thread(browser)[MAIN]


def by_thread(browser: Browser) -> dict[str, list[int]]:
    """Return how long each task of each thread ran, in microseconds of its own time.

    A busy machine does not stretch a thread's own time, or not much. Threads of one name, such as
    those of several pages, are not told apart.
    """
    events = json.loads(browser.stop_tracing())["traceEvents"]
    names = {
        (event["pid"], event["tid"]): event["args"]["name"]
        for event in events
        if event["name"] == "thread_name"
    }
    ran: defaultdict[str, list[int]] = defaultdict(list)
    for event in events:
        if event["name"].endswith("RunTask"):
            ran[names.get((event["pid"], event["tid"]), "")].append(event.get("tdur", 0))
    return ran
