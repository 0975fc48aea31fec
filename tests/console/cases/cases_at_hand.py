"""Cases that are there, and what is kept of them: for tests of what is done to cases."""

from __future__ import annotations

from app.console.vault import Vault
from app.console.vault.records import case_lists, cases
from tests.console.browser import Browser
from tests.console.running_line import Line, read


async def some_cases(line: Line, count: int = 2, name: str = "Case", **fields: object) -> list[str]:
    """So many cases in ana's vault, in the order in which they were sent."""
    with line.vault() as vault, line.vault("chris") as chris:
        await line.ready(vault, chris)
        for number in range(count):
            await line.send(f"{name} {number}.", **fields)  # type: ignore[arg-type]
        await line.sync(vault)
        by_text = {one.body.text: one.case for one in read(vault)}
    return [by_text[f"{name} {number}."] for number in range(count)]


def vault_of(browser: Browser) -> Vault:
    return browser.console.vault


def listed(browser: Browser, case: str) -> case_lists.Listed:
    with vault_of(browser).read() as tx:
        found = cases.find(tx, case)
    assert found is not None
    return found
