"""A form whose answer comes late: what the alarm's script hears meanwhile must not lead away."""

from __future__ import annotations

from playwright.sync_api import APIResponse, Page, Route


def sent_and_answered_after_the_alarm(page: Page, address: str) -> None:
    """Press Enter in a form that opens the console; its answer waits until the alarm heard of it.

    ``address`` is a glob of where the form goes.
    """
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        held.append((route, route.fetch(max_redirects=0)))

    page.route(address, hold)
    page.wait_for_selector("html.ready")
    page.keyboard.press("Enter")
    while not held:
        page.wait_for_timeout(50)
    for _ in range(2):  # the first may have been asked before the console was opened
        page.wait_for_event("response", lambda answer: "/alarm/state" in answer.url)
    (route, answer) = held.pop()
    route.fulfill(response=answer)
