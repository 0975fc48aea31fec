"""What a colleague sends whose program was changed, and what is told of it."""

from __future__ import annotations

from typing import Any

from app.console.desk import outgoing
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.rules import changes
from app.console.sync.outcome import SyncReport
from app.console.vault import Vault
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.installation import settings
from app.protocol.operation import Operation, write_operation
from tests.console.running_desk import desk_body
from tests.console.running_line import Line

HOUR = 3_600


def lie(
    vault: Vault, line: Line, clock: tuple[int, int], *wanted: changes.Change, desk: str = "support"
) -> Operation:
    """Signs an operation with any clock, which this member's own console would not make."""
    known = trusted_line.load(vault)
    assert known.directory is not None
    with vault.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        head = journal.head(desk, known.owner.identity.vk)
        one = write_operation(
            known.owner.identity.signing_seed,
            line.line_id,
            desk=desk,
            seq=head.seq + 1,
            previous=head.hash,
            heads=(),
            directory=known.directory.hash,
            clock=clock,
            changes=wanted,
        )
        journal.accept(one)
        body = desk_body(known, [one.to_json()], desk=desk)
        team.queue_body(tx, desk, None, body, line.now)
        settings.store(tx, outgoing.Turn(last=line.now))
    return one


def say(vault: Vault, line: Line, to: Vault | None = None, **fields: Any) -> None:
    """Queue a body for the desk that this member's own console would not write."""
    known = trusted_line.load(vault)
    recipient = trusted_line.load(to).owner.identity.vk if to else None
    ops = fields.pop("ops", [])
    assert isinstance(ops, list)
    with vault.write() as tx:
        team.queue_body(tx, "support", recipient, desk_body(known, ops, **fields), line.now)
        settings.store(tx, outgoing.Turn(last=line.now))


async def deliver(line: Line, sender: Vault, *readers: Vault) -> list[SyncReport]:
    """Send what waits, and let all readers sync without a turn of their own."""
    with sender.write() as tx:
        outgoing.share_now(tx)
    await line.sync(sender, team_hours=1_000)
    await line.turn()
    return [await line.sync(one, team_hours=1_000) for one in readers]


def alarms_of(report: SyncReport) -> str:
    return " ".join(one.text for one in report.notices if one.level is Level.ALARM)


async def newcomer(line: Line, *there: Vault) -> None:
    line.enrol("dora", ["support"])
    line.publish()
    await line.turn()
    with line.vault("dora") as dora:
        await line.ready(dora)
        for vault in there:
            await line.sync(vault, team_hours=1_000)
        await line.sync(dora, team_hours=1_000)
        await line.turn()
