"""The custody log: what was done to a case is a chain, and what does not fit is named."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from app.console.vault import Vault
from app.console.vault.custody import audit_log, chain
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.installation import owner
from tests.console.browser import opened
from tests.console.running_line import Line

pytestmark = pytest.mark.anyio

CASE, OTHER = "ab" * 32, "cd" * 32


def some(vault: Vault, count: int = 5) -> None:
    with vault.write() as tx:
        for number in range(count):
            for case in (CASE, OTHER):
                detail = {"place": number, "text": "é \u2028 <b>"}
                audit_log.record(tx, AuditEvent(case, 1000 + number, HERE, "opened", detail))


def test_each_case_has_a_chain_that_begins_at_its_line_and_itself(ana: Vault) -> None:
    some(ana)
    with ana.read() as tx:
        line_id = owner.load_owner(tx).line.line_id
        kept = audit_log.log(tx, CASE)
        state = audit_log.custody(tx, CASE)
        assert audit_log.custody(tx, OTHER).head != state.head
    assert [one["n"] for one, _ in kept] == [1, 2, 3, 4, 5]
    assert kept[0][0]["prev"] == chain.genesis(line_id, CASE).hex()
    assert chain.genesis(line_id, CASE) != chain.genesis(bytes(32), CASE)
    assert (state.count, state.head, state.broken) == (5, kept[-1][1], None)


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE audit_events SET detail = '{}' WHERE n = 3", 3),
        ("UPDATE audit_events SET at = 1 WHERE n = 1", 1),
        ("UPDATE audit_events SET actor = 'x' WHERE n = 5", 5),
        ("UPDATE audit_events SET what = 'x', hash = zeroblob(32) WHERE n = 2", 2),
        ("DELETE FROM audit_events WHERE n = 2", 2),
        ("DELETE FROM audit_events WHERE n = 1", 1),
    ],
)
def test_what_was_changed_in_the_log_is_named(ana: Vault, tampering: str, named: int) -> None:
    some(ana)
    with ana.write() as tx:
        tx.execute(text(f"{tampering} AND case_id = '{CASE}'"))
    with ana.read() as tx:
        assert audit_log.custody(tx, CASE).broken == named
        assert audit_log.custody(tx, OTHER).broken is None


async def test_the_history_shows_the_head_and_says_when_it_was_tampered_with(line: Line) -> None:
    with line.vault() as vault:
        await line.ready(vault)
        await line.send("Help us.")
        await line.sync(vault)
    async with opened(line) as browser:
        await browser.sign_in()
        vault = browser.console.vault
        with vault.read() as tx:
            case = str(tx.execute(text("SELECT id FROM cases")).scalar_one())
        page = (await browser.get(f"/cases/{case}")).text
        with vault.read() as tx:
            state = audit_log.custody(tx, case)
        assert state.head.hex() in page
        assert "was changed by something other" not in page
        with vault.write() as tx:
            tx.execute(text("UPDATE audit_events SET at = 5 WHERE n = 1"))
        page = (await browser.get(f"/cases/{case}")).text
        assert "entry 1 of" in page
