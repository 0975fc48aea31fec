"""Requests that a test holds, cuts off or answers itself, of a page that is open already.

When chromium is told for the first time that somebody may hold requests, a page that is there goes
on asking past them for a moment: until its renderer has been given another way to the network. On a
busy machine that takes longer than the next key, and the test waits for a request that nobody tells
it of. So it is told before the page is loaded.
"""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

_NOWHERE = "**/nothing-is-ever-asked-for-here"


def from_the_start(place: Page | BrowserContext) -> None:
    """Let what is loaded from here on ask us first, whatever ``route`` is told later."""
    place.route(_NOWHERE, lambda route: route.abort())
