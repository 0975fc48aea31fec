"""axe-core in a page: what an automatic check of accessibility complains about."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path("app/reporter/client/node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that depend on how a page is coloured."""

# Of what is right, axe would else describe each element too.
_RUN = """async (runOnly) =>
  (await axe.run({runOnly, resultTypes: ['violations']})).violations"""


def violations(page: Page) -> list[str]:
    """Return one line for each thing that axe finds wrong on the page as it is shown."""
    return _found(page, {"type": "tag", "values": RULES})


def violations_of_colours(page: Page) -> list[str]:
    """Return what axe finds wrong with the colours: all that another scheme can change."""
    return _found(page, {"type": "rule", "values": OF_COLOURS})


def violations_in_both_schemes(page: Page) -> list[str]:
    """Return what axe finds wrong in the light, then what the dark changes; it stays dark."""
    page.emulate_media(color_scheme="light")
    light = [f"light: {one}" for one in violations(page)]
    page.emulate_media(color_scheme="dark")
    return light + [f"dark: {one}" for one in violations_of_colours(page)]


def _found(page: Page, wanted: dict[str, object]) -> list[str]:
    page.wait_for_load_state()  # its stylesheets too: before them, everything is too small
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(f"() => {{ {AXE.read_text()} }}")
    found = page.evaluate(_RUN, wanted)
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
