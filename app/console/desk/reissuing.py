"""Own changes that no colleague can open, written again.

A console of an earlier version could be brought to sign a change with a clock that no reader takes:
it was kept here, every sync ended at it, and no other console can ever accept it or what was built
on it. It is on no other machine, so the chain may end before it and go on with the same changes and
a clock that opens; nothing that was done here is lost.
"""

import json
from typing import Any

from app.console.cases import stale_vault
from app.console.errors import ConsoleError
from app.console.line.trusted_line import TrustedLine
from app.console.rules import log
from app.console.rules.merge import changed_cases
from app.console.rules.restamping import restamp_case, restamp_desk
from app.console.vault import Transaction, cases, desks, machine_log, own_chain, quarantine
from app.console.vault.team import VaultLog
from app.protocol.directory import Directory
from app.protocol.encoding import b64u
from app.protocol.operation import Operation, write_operation


def mend(tx: Transaction, known: TrustedLine, now: int) -> int:
    """Write again what does not open, at every desk; return how many operations."""
    directory = known.directory
    if directory is None:
        return 0
    journal = VaultLog(tx, known.owner.line.line_id, now)
    count = 0
    for desk in sorted(one.id for one in directory.desks):
        first = journal.first_broken(desk)
        if first is not None and _may_write(tx, known, journal, directory, desk, now):
            count += _again(tx, known, journal, directory, desk, first, now)
    if count:
        machine_log.add(tx, now, machine_log.MENDED, operations=count)
    return count


def _may_write(
    tx: Transaction,
    known: TrustedLine,
    journal: VaultLog,
    directory: Directory,
    desk: str,
    now: int,
) -> bool:
    """Say whether this is no old copy: where its chain goes on elsewhere, it would fork."""
    head = journal.head(desk, known.owner.identity.vk).seq
    try:
        if known.index is None:
            return False
        quarantine.refuse(tx, directory, known.index, desk)
        stale_vault.refuse(tx, known, desk, head, now)
    except ConsoleError:
        return False
    return True


def _again(
    tx: Transaction,
    known: TrustedLine,
    journal: VaultLog,
    directory: Directory,
    desk: str,
    first: int,
    now: int,
) -> int:
    who = known.owner.identity
    tail = journal.take_back(desk, who.vk, first)
    # The last reading may be one that opens nowhere; others' clocks take it no farther than this.
    clock = min(own_chain.clock(tx, desk), (now + log.FOLLOW_SECONDS, 0))
    for good in journal.since(desk, who.vk, max(1, first - 1), 1):
        clock = max(clock, good.clock)
    own_chain.set_clock(tx, desk, clock)
    for seq, raw in tail:
        # Of a case that was destroyed meanwhile only the number is left.
        said: dict[str, Any] = json.loads(raw) if raw else {"clock": [0, 0], "changes": []}
        before = int(said["clock"][0]), int(said["clock"][1])
        head, clock = journal.head(desk, who.vk), log.tick(clock, now)
        one = write_operation(
            who.signing_seed,
            known.owner.line.line_id,
            desk=desk,
            seq=seq,
            previous=head.hash,
            heads=(),
            directory=directory.hash,
            clock=clock,
            changes=tuple(said["changes"]),
        )
        journal.accept(one, to_send=True)
        own_chain.set_clock(tx, desk, clock)
        _apply(tx, one, before)
    return len(tail)


def _apply(tx: Transaction, one: Operation, before: log.Clock) -> None:
    """Take the states' clock on to that with which colleagues will know the change.

    What was done is in the custody log already.
    """
    author = b64u(one.author)
    for case, new in changed_cases(one).items():
        layers = cases.layers(tx, case, one.desk)
        restamp_case(layers.signed, author, one.seq, before, one.clock)
        cases.keep_layers(tx, case, one.desk, layers)
        cases.join(tx, case, one.desk, new)
    said = desks.state(tx, one.desk)
    restamp_desk(said, author, one.seq, before, one.clock)
    desks.keep(tx, one.desk, said)
