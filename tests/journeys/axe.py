"""axe-core in a page: what an automatic check of accessibility complains about."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path("app/reporter/client/node_modules/axe-core/axe.min.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return one line for each thing that axe finds wrong on the page as it is shown."""
    page.wait_for_load_state()  # its stylesheets too: before them, everything is too small
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(f"() => {{ {AXE.read_text()} }}")
    found = page.evaluate(
        "async (tags) => (await axe.run({runOnly: {type: 'tag', values: tags}})).violations",
        RULES,
    )
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]
