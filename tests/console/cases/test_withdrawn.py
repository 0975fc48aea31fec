"""A permission that its reporter took back: found in a list, and told at the head of its case."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from app.console.rules import changes
from app.console.rules.changes import STATUS
from app.console.vault import Vault
from app.console.vault.installation import owner
from app.console.vault.records import case_lists
from app.console.vault.records.case_lists import CaseFilter
from app.protocol import bodies
from app.protocol.directory import open_directory
from tests.console.browser import Browser, opened
from tests.console.cases.test_danger import somebody
from tests.console.cases.test_danger import tell as tell_body
from tests.console.running_desk import do, tell
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio


@pytest.fixture
async def browser(still: Line) -> AsyncIterator[Browser]:
    file = still.publish()
    async with opened(still) as one:
        with one.console.vault.write() as tx:
            version = open_directory(file, still.line_id).version
            owner.store_directory(tx, version, file, still.now)
        await one.sign_in()
        yield one


def withdrawn(vault: Vault) -> dict[str, tuple[str, ...]]:
    with vault.read() as tx:
        return {one.id: one.withdrawn for one in case_lists.inbox(tx, CaseFilter(withdrawn=True))}


async def test_a_case_says_whose_permission_is_withdrawn_until_it_is_given_again(
    browser: Browser, still: Line
) -> None:
    both, one = somebody(), somebody()
    vault, now = browser.console.vault, still.now
    case = tell(vault, both, now, "report", "support", "police")
    other = tell(vault, one, now, "report", "support")
    tell(vault, somebody(), now, "report", "support")
    assert withdrawn(vault) == {}
    tell(vault, both, now + 1, "withdrawal", "police")
    tell(vault, one, now + 1, "withdrawal", "support")
    do(vault, now + 2, changes.put(other, STATUS, "closed/no-action"))
    assert withdrawn(vault) == {case: ("police",), other: ("support",)}
    page = (await browser.get("/?view=withdrawn")).text
    assert set(re.findall(r'data-case="(\w+)"', page)) == {case, other}
    assert re.search(r'Permission withdrawn <span class="count">2<', page)
    assert "Permission withdrawn from" in page, "each row says so"
    part, whole = [(await browser.get(f"/cases/{id_}")).text for id_ in (case, other)]
    assert re.search(r"<dt>Permission withdrawn from</dt><dd>[^<]*(<bdi>)?police", part, re.I)
    assert "No team any more" not in part
    assert "<dt>Sent to</dt><dd>No team any more</dd>" in whole
    tell(vault, both, now + 3, "message", "support", "police")
    assert withdrawn(vault) == {other: ("support",)}


async def test_a_withdrawal_that_comes_before_its_report_is_found(still: Line) -> None:
    who = somebody()
    with still.vault() as vault:
        case = tell(vault, who, still.now, "withdrawal", "police")
        tell(vault, who, still.now, "report", "support", "police")
        assert withdrawn(vault) == {case: ("police",)}
        noise = [f"desk-{number}" for number in range(64)]
        tell(vault, who, still.now + 1, "withdrawal", *noise)
        tell(vault, who, still.now + 2, "withdrawal", *(f"other-{one}" for one in noise))
        assert len(withdrawn(vault)[case]) == 64, "bounded, whatever a reporter sends"


async def test_what_has_no_words_of_its_reporter_is_said_in_the_readers_language(
    browser: Browser, still: Line
) -> None:
    who = somebody()
    tell(browser.console.vault, who, still.now, "report", "support")
    gone = bodies.write_body("withdrawal", "ab" * 16, {"lang": "en", "desks": ["support"]})
    tell_body(browser.console.vault, who, still.now + 1, gone)
    await browser.post("/language", language="ar")
    for address in ("/?view=withdrawn", "/?view=all"):
        page = (await browser.get(address)).text
        assert re.findall(r'<span class="line-snippet"[^<]*', page) == [
            '<span class="line-snippet">سُحب الإذن'
        ], address
