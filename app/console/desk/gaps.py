"""What is lacking is asked for, in every body until it has come; what others lack is given again.

What came without what lies before it counts already (rules.log), with one exception: an old copy of
one's own vault waits a week for its own, since it may write only where its chain ends.

An author gives its own operations; after a day, or for an old copy of one's own vault, anybody who
has them does: they are signed, so it does not matter who carries them. What a member says of heads
is a claim: it is asked after, and told with the claimer's name, and nothing else follows from it.
"""

from dataclasses import replace

from app.console.cases import stale_vault
from app.console.desk import membership
from app.console.line.trusted_line import TrustedLine
from app.console.rules import packing
from app.console.rules.lifecycle import DAY
from app.console.rules.log import Gap
from app.console.rules.packing import Ask, DeskBody
from app.console.vault import Rng, Transaction
from app.console.vault.collaboration import missing_operations, team
from app.console.vault.collaboration.missing_operations import WantedOperations
from app.console.vault.collaboration.team import VaultLog
from app.protocol.operation import Operation, Seen

FORGET_AFTER = 30 * DAY
"""Seconds after which what nobody could show is asked for no more, until it is claimed again."""

OWN_WAIT_DAYS = 7
"""For so long an old copy of a vault passes over none of its own that are missing."""

GIVEN_A_DAY = 24
"""Bodies made on one day in answer to one member: each is a batch, and takes a turn's place."""


def waits(journal: VaultLog, known: TrustedLine, desk: str, author: bytes, now: int) -> bool:
    """Say whether what came of an author waits for what lies before it.

    Only this console's own does, and not for ever: what all have destroyed comes back to none.
    """
    if author != known.owner.identity.vk:
        return False
    since = journal.held_since(desk, author)
    return since is None or now - since < OWN_WAIT_DAYS * DAY


def lacking(tx: Transaction, known: TrustedLine, now: int) -> list[tuple[str, int, list[Gap]]]:
    """Return what was passed over and has not come, of active members: desk, index, gaps."""
    directory = known.directory
    if directory is None:
        return []
    journal = VaultLog(tx, known.owner.line.line_id, now)
    found = [
        (desk, index, journal.gaps(desk, directory.investigators[index].vk))
        for desk in known.own_desks()
        for index in sorted(directory.active)
    ]
    return [one for one in found if one[2]]


def compare(
    tx: Transaction, known: TrustedLine, journal: VaultLog, body: DeskBody, sender: int, now: int
) -> list[Seen]:
    """Note what is lacking by the heads that a colleague (index) says it has seen.

    Returns the heads that contradict what is here: two histories are being shown.
    """
    directory = known.directory
    if directory is None:
        return []
    sayer = directory.investigators[sender]
    contradicting = []
    for head in body.heads[: packing.HEADS_MAX]:
        if head.index >= len(directory.investigators):
            continue
        other = directory.investigators[head.index]
        mine = journal.head(body.desk, other.vk)
        if not membership.sits(directory, head.index, body.desk):
            continue
        if head.seq > mine.seq:
            if head.index == known.index:
                stale_vault.claimed(tx, body.desk, sayer.vk, head.seq, now)
            before = missing_operations.find(tx, body.desk, head.index)
            if before is None or mine.seq >= before.upto:
                missing_operations.want(
                    tx,
                    WantedOperations(
                        body.desk,
                        head.index,
                        seq=mine.seq + 1,
                        upto=head.seq,
                        name=other.label,
                        by=sayer.label,
                        at=now,
                    ),
                )
            continue
        here = journal.named(body.desk, other.vk, head.seq)
        if here is not None and here != head.hash:
            contradicting.append(head)
    return contradicting


def asks(tx: Transaction, known: TrustedLine, now: int) -> dict[str, list[Ask]]:
    """Return what to ask for, by desk; what has come since is forgotten."""
    directory = known.directory
    if directory is None:
        return {}
    journal = VaultLog(tx, known.owner.line.line_id, now)
    found: dict[str, list[Ask]] = {}
    for one in missing_operations.wanted(tx):
        index = one.investigator
        here = journal.head(one.desk, directory.investigators[index].vk).seq
        gone = not membership.sits(directory, index, one.desk) or now - one.at > FORGET_AFTER
        if gone or here >= one.upto:
            missing_operations.no_longer_want(tx, one)
            continue
        anyone = index == known.index or now - one.at > DAY
        found.setdefault(one.desk, []).append(Ask(index, here + 1, anyone))
    for desk, index, all_gaps in lacking(tx, known, now):
        fresh = [one for one in all_gaps if now - one.at <= FORGET_AFTER]
        if fresh:
            # Whoever is asked gives all that comes after, too: so of each author one gap a day.
            one_gap = fresh[now // DAY % len(fresh)]
            anyone = index == known.index or now - one_gap.at > DAY
            found.setdefault(desk, []).append(Ask(index, one_gap.first, anyone))
    return found


def give(
    tx: Transaction,
    known: TrustedLine,
    journal: VaultLog,
    sender: int,
    body: DeskBody,
    now: int,
    rng: Rng,
) -> None:
    """Put what a colleague asked for into bodies for that one alone, as far as may be told.

    One's own words go first, nothing twice on a day, and no more than a day's bound.
    """
    directory = known.directory
    if directory is None:
        return
    recipient = directory.investigators[sender].vk
    bodies = missing_operations.bodies_given(tx, recipient, now // DAY)
    room = GIVEN_A_DAY - bodies
    missing_operations.forget_given(tx, now - FORGET_AFTER)
    again: list[Operation] = []
    wanted = sorted(set(body.asks[: packing.HEADS_MAX]), key=lambda ask: ask.index != known.index)
    for ask in wanted:
        left = packing.OPERATIONS_A_BODY * room - len(again)
        if ask.index >= len(directory.investigators) or left <= 0:
            continue
        author = directory.investigators[ask.index].vk
        given = missing_operations.given(tx, recipient, body.desk, author)
        # Its own author gives it, but for one's own that are gone; others wait for that a day.
        if ask.index != known.index and given.asking_since is None:
            given = replace(given, asking_since=now)
            missing_operations.set_given(tx, recipient, body.desk, author, given)
        waited = ask.index == sender or now - (given.asking_since or 0) >= DAY
        if ask.index != known.index and not (ask.anyone and waited):
            continue
        first = membership.informed_from(tx, body.desk, sender, author)
        if first is None:
            continue
        begin = max(ask.seq, first, given.upto + 1 if now - given.at < DAY else 1)
        again += journal.since(body.desk, author, begin, left)
    if again:
        about = DeskBody(
            body.desk,
            directory.version,
            directory.hash,
            since=membership.since(tx, body.desk, known.owner.identity.vk, now),
        )
        for data, inside in packing.write_bodies(about, again, rng)[:room]:
            team.queue_body(tx, body.desk, recipient, data, now)
            bodies += 1
            for one in inside:
                given = missing_operations.given(tx, recipient, one.desk, one.author)
                given = replace(given, upto=one.seq, at=now)
                missing_operations.set_given(tx, recipient, one.desk, one.author, given)
        missing_operations.set_bodies_given(tx, recipient, now // DAY, bodies)
