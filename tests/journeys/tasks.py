"""How long a page's main thread was busy at a time, from a trace of the browser's."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, Page


def begin(browser: Browser, page: Page) -> None:
    """Begin a trace; there can be one at a time."""
    browser.start_tracing(
        page=page, categories=["toplevel", "disabled-by-default-devtools.timeline"]
    )


def end(browser: Browser) -> list[int]:
    """Return how long each task of the main thread ran, in microseconds of its own time.

    A busy machine does not stretch a thread's own time.
    """
    events = json.loads(browser.stop_tracing())["traceEvents"]
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event.get("tdur", 0)
        for event in events
        if event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in mains
    ]
