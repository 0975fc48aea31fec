"""Bodies of what waits, made durable when their time has come, and posted in ordinary batches.

The time does not follow what is done at this console: a turn comes a few times a day at random,
with whatever waits, and is empty if nothing does. Answers carry what waits along: they are seen as
a batch in any case.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.client.line_client import LineClient
from app.client.line_errors import LineRefused
from app.console.cases import transferring
from app.console.desk import gaps, holdings, membership
from app.console.errors import ServerLies
from app.console.line.trusted_line import TrustedLine, refresh
from app.console.rules import log, packing
from app.console.rules.lifecycle import HOUR
from app.console.rules.packing import DeskBody
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog, Waiting
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.console.vault.records import to_transfer
from app.protocol.batch import seal_team_batch
from app.protocol.errors import ProtocolError
from app.protocol.operation import Seen
from app.sentences.translatable import say

BODIES_A_SYNC = 16


@dataclass(frozen=True, slots=True)
class Turn(Setting):
    """When desk bodies are sent: the last turn, the next, and whether it is wanted at once.

    In Unix seconds; None before the first was drawn.

    What was made since the last waits for the next, answers to colleagues too: a batch that follows
    on reading something would tell the server what was read.
    """

    NAME = "desk_turn"
    last: int = 0
    next: int | None = None
    wanted: bool = False


def prepare(vault: Vault, known: TrustedLine, now: int, rng: Rng, *, hours: float) -> bool:
    """Make bodies to be sent durable, if it is time; return whether it was.

    ``hours`` is the mean time between two turns; 0 makes it time whenever something waits.
    """
    directory = known.directory
    if directory is None or known.index is None or not known.active:
        return False
    with vault.write() as tx:
        if not _is_time(tx, known, now, rng, hours):
            return False
        transferring.send_pending(tx, known, now)
        for desk in known.own_desks():
            if len(directory.members({desk})) > 1:
                pack(tx, known, desk, now, rng)
        _pack_handed(tx, known, now, rng)
    return True


def share_now(tx: Transaction) -> None:
    """Let the next sync take its turn, whatever the time: the investigator asked for it."""
    settings.store(tx, replace(settings.load(tx, Turn), wanted=True))


def next_turn(tx: Transaction) -> int | None:
    """Return when the next turn comes, in Unix seconds; None before the first was drawn."""
    return settings.load(tx, Turn).next


def pack(tx: Transaction, known: TrustedLine, desk: str, now: int, rng: Rng) -> None:
    """Put into bodies for a desk what waits, with heads, asks, and where new members begin."""
    journal = VaultLog(tx, known.owner.line.line_id, now)
    about = _about(tx, known, journal, desk, now)
    for body, inside in packing.write_bodies(about, journal.unpacked(desk), rng):
        team.queue_body(tx, desk, None, body, now)
        journal.mark_packed(inside)


async def send(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    *,
    now: Callable[[], int],
    rng: Rng,
    checkpoint: Callable[[str], None],
) -> int:
    """Post what waits, oldest first, a bounded number a sync; return how many bodies went.

    What cannot go yet waits, in its order. Raises LineError when the server goes away.
    """
    with vault.read() as tx:
        queue = team.waiting(tx, BODIES_A_SYNC, settings.load(tx, Turn).last)
    count = 0
    for one in queue:
        try:
            known = await _post(vault, client, known, one, now=now, rng=rng)
        except (LineRefused, ServerLies, ProtocolError):
            break
        checkpoint("team posted")
        with vault.write() as tx:
            team.sent(tx, one.id)
        count += 1
    return count


def _is_time(tx: Transaction, known: TrustedLine, now: int, rng: Rng, hours: float) -> bool:
    turn = settings.load(tx, Turn)
    if hours == 0:
        waiting = team.count_unpacked(tx) or team.count_waiting(tx)
        waiting = waiting or bool(to_transfer.every(tx))
        due = bool(waiting or gaps.asks(tx, known, now))
    else:
        if turn.next is None:
            settings.store(tx, replace(turn, next=now + _pause(hours, rng)))
        due = turn.next is not None and now >= turn.next
    if not due and not turn.wanted:
        return False
    settings.store(tx, Turn(last=now, next=now + _pause(hours, rng)))
    return True


def _about(
    tx: Transaction, known: TrustedLine, journal: VaultLog, desk: str, now: int
) -> DeskBody:  # fmt: skip
    directory = known.directory
    if directory is None:
        raise ServerLies(say("The hotline's directory has not been seen yet."))
    heads = []
    for place in sorted(directory.members({desk})):
        head = journal.head(desk, directory.investigators[place].vk)
        if head != log.NOTHING:
            heads.append(Seen(place, head.seq, head.hash))
    # Where a desk has more members than one body tells of, each tells of others.
    turn = now // HOUR * packing.HEADS_MAX % max(1, len(heads))
    return DeskBody(
        desk,
        directory.version,
        directory.hash,
        heads=tuple(heads[turn:] + heads[:turn]),
        since=membership.since(tx, desk, known.owner.identity.vk, now),
        asks=tuple(gaps.asks(tx, known, now).get(desk, ())),
        holds=holdings.claims(tx, desk, now),
    )


def _pack_handed(tx: Transaction, known: TrustedLine, now: int, rng: Rng) -> None:
    """Pack cases handed to desks where this console is no member: the operations, no heads."""
    directory = known.directory
    if directory is None:
        return
    journal = VaultLog(tx, known.owner.line.line_id, now)
    for desk in sorted({one.id for one in directory.desks} - set(known.own_desks())):
        waiting = journal.unpacked(desk)
        if waiting:
            about = DeskBody(desk, directory.version, directory.hash)
            for body, inside in packing.write_bodies(about, waiting, rng):
                team.queue_body(tx, desk, None, body, now)
                journal.mark_packed(inside)


async def _post(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    one: Waiting,
    *,
    now: Callable[[], int],
    rng: Rng,
) -> TrustedLine:
    known = await refresh(vault, client, known, now())
    directory, bundles, index = known.to_send(now())
    if one.desk not in {desk.id for desk in directory.desks}:
        return known  # the desk is gone: no member is left to be told
    chosen = directory.members({one.desk}) - {index}
    if one.recipient is not None:
        chosen = {place for place in chosen if directory.investigators[place].vk == one.recipient}
    said = dict.fromkeys(chosen, one.body)
    sender = known.owner.identity.sender()
    batch = await asyncio.to_thread(seal_team_batch, directory, bundles, sender, said, rng)
    await client.post_messages(bundles.epoch, batch)
    return known


def _pause(hours: float, rng: Rng) -> int:
    """Return seconds until the next turn: uniform in half to one and a half times the mean."""
    share = int.from_bytes(rng(4)) / 2**32
    return int(hours * HOUR * (0.5 + share))
