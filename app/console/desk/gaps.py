"""What is lacking is asked for, in every body until it has come; what others lack is given again.

What came without what lies before it counts already (rules.log), with one exception: an old copy of
one's own vault waits a week for its own, since it may write only where its chain ends.

An author gives its own operations; after a day, or for an old copy of one's own vault, anybody who
has them does: they are signed, so it does not matter who carries them. What somebody says of heads
is a claim: it is asked after, and told with the claimer's name, and nothing else follows from it.
"""

from typing import Any

from app.console.cases import stale_vault
from app.console.desk import membership
from app.console.line.trusted_line import TrustedLine
from app.console.rules import packing
from app.console.rules.lifecycle import DAY
from app.console.rules.log import Gap
from app.console.rules.packing import Ask, DeskBody
from app.console.vault import Rng, Transaction, owner, team
from app.console.vault.team import VaultLog
from app.protocol.encoding import b64u
from app.protocol.operation import Operation, Seen

REQUESTS = "team_asked"
FORGET_AFTER = 30 * DAY
"""Seconds after which what nobody could show is asked for no more, until it is claimed again."""

OWN_WAIT_DAYS = 7
"""For so long an old copy of a vault passes over none of its own that are missing."""

GIVEN = "team_given"
"""The fact that keeps, by member (key, b64u): the day and how many bodies were made for them on it,
what was given to them up to which number and when, and since when they ask for others' words.
"""
GIVEN_A_DAY = 24
"""Bodies made on one day in answer to one member: each is a batch, and takes a turn's place."""


def requests(tx: Transaction) -> dict[str, Any]:
    """Return what is lacking, by desk and index: from which number on, since when, who said so."""
    found: dict[str, Any] = owner.fact(tx, REQUESTS) or {}
    return found


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
    missing, contradicting = requests(tx), []
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
            key = f"{body.desk} {head.index}"
            if key not in missing or _come(missing[key], mine.seq):
                missing[key] = {
                    "desk": body.desk,
                    "index": head.index,
                    "seq": mine.seq + 1,
                    "upto": head.seq,
                    "name": other.label,
                    "by": sayer.label,
                    "at": now,
                }
            continue
        here = journal.named(body.desk, other.vk, head.seq)
        if here is not None and here != head.hash:
            contradicting.append(head)
    owner.store_fact(tx, REQUESTS, missing)
    return contradicting


def asks(tx: Transaction, known: TrustedLine, now: int) -> dict[str, list[Ask]]:
    """Return what to ask for, by desk; what has come since is forgotten."""
    directory = known.directory
    if directory is None:
        return {}
    journal = VaultLog(tx, known.owner.line.line_id, now)
    left: dict[str, Any] = {}
    found: dict[str, list[Ask]] = {}
    for key, one in requests(tx).items():
        vk = directory.investigators[one["index"]].vk
        own = one["index"] == known.index
        here = journal.head(one["desk"], vk).seq
        if not membership.sits(directory, one["index"], one["desk"]) or _come(one, here):
            continue
        if now - one["at"] > FORGET_AFTER:
            continue
        left[key] = one
        anyone = own or now - one["at"] > DAY
        found.setdefault(one["desk"], []).append(Ask(one["index"], here + 1, anyone))
    owner.store_fact(tx, REQUESTS, left)
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
    given = owner.fact(tx, GIVEN) or {}
    mine = _today(given.get(b64u(recipient)), now)
    room = GIVEN_A_DAY - mine["bodies"]
    again: list[Operation] = []
    wanted = sorted(set(body.asks[: packing.HEADS_MAX]), key=lambda ask: ask.index != known.index)
    for ask in wanted:
        left = packing.OPERATIONS_A_BODY * room - len(again)
        if ask.index >= len(directory.investigators) or left <= 0:
            continue
        author = directory.investigators[ask.index].vk
        key = f"{body.desk} {b64u(author)}"
        # Its own author gives it, but for one's own that are gone; others wait for that a day.
        since = mine["asking"].setdefault(key, now) if ask.index != known.index else 0
        others = ask.index not in (known.index, sender)
        if ask.index != known.index and (not ask.anyone or (others and now - since < DAY)):
            continue
        first = membership.informed_from(tx, body.desk, sender, author)
        if first is None:
            continue
        upto, at = mine["upto"].get(key, (0, 0))
        begin = max(ask.seq, first, upto + 1 if now - at < DAY else 1)
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
            mine["bodies"] += 1
            for one in inside:
                mine["upto"][f"{body.desk} {b64u(one.author)}"] = (one.seq, now)
    owner.store_fact(tx, GIVEN, given | {b64u(recipient): mine})


def _come(one: dict[str, Any], here: int) -> bool:
    return here >= int(one.get("upto", one["seq"]))


def _today(kept: dict[str, Any] | None, now: int) -> dict[str, Any]:
    """Return what is remembered of one member, without what is too old to matter."""
    mine = kept or {"day": 0, "bodies": 0, "upto": {}, "asking": {}}
    return {
        "day": now // DAY,
        "bodies": mine["bodies"] if mine["day"] == now // DAY else 0,
        "upto": {key: one for key, one in mine["upto"].items() if now - one[1] < DAY},
        "asking": {key: at for key, at in mine["asking"].items() if now - at < FORGET_AFTER},
    }
