"""What is lacking is asked for, in every body until it has come; what others lack is given again.

An author gives its own operations; after a day, or for an old copy of one's own vault, anybody who
has them does: they are signed, so it does not matter who carries them.
"""

from typing import Any

from app.console import casework
from app.console.knowledge import Knowledge
from app.console.team import packing
from app.console.team.packing import Ask, DeskBody
from app.console.teamwork import membership
from app.console.triage.lifecycle import DAY
from app.console.vault import Rng, Transaction, owner, team
from app.console.vault.team import VaultLog
from app.protocol.operation import Operation, Seen

ASKED = "team_asked"
GIVEN_MAX = 400
"""Operations given again in answer to one body."""


def asked(tx: Transaction) -> dict[str, Any]:
    """By desk and index: what is lacking, from which number on, and since when."""
    found: dict[str, Any] = owner.fact(tx, ASKED) or {}
    return found


def compare(
    tx: Transaction, known: Knowledge, journal: VaultLog, body: DeskBody, now: int
) -> list[Seen]:
    """Notes what is lacking by the heads that a colleague has seen; gives the heads that contradict
    what is here: somebody is shown two histories.
    """
    directory = known.directory
    if directory is None:
        return []
    lacking, contradicting = asked(tx), []
    for head in body.heads:
        if head.index >= len(directory.investigators):
            continue
        other = directory.investigators[head.index]
        mine = journal.head(body.desk, other.vk)
        if head.index == known.index and head.seq > mine.seq:
            behind = owner.fact(tx, casework.BEHIND) or {}
            behind[body.desk] = max(behind.get(body.desk, 0), head.seq)
            owner.store_fact(tx, casework.BEHIND, behind)
        elif not membership.sits(directory, head.index, body.desk):
            continue
        if head.seq > mine.seq:
            key = f"{body.desk} {head.index}"
            if key not in lacking or lacking[key]["seq"] <= mine.seq:
                lacking[key] = {
                    "desk": body.desk,
                    "index": head.index,
                    "seq": mine.seq + 1,
                    "name": other.label,
                    "at": now,
                }
            continue
        here = journal.hash_at(body.desk, other.vk, head.seq)
        if here is not None and here != head.hash:
            contradicting.append(head)
    owner.store_fact(tx, ASKED, lacking)
    return contradicting


def asks(tx: Transaction, known: Knowledge, now: int) -> dict[str, list[Ask]]:
    """What to ask for, by desk; what has come since is forgotten."""
    directory = known.directory
    if directory is None:
        return {}
    journal = VaultLog(tx, known.owner.line.line_id, now)
    left: dict[str, Any] = {}
    found: dict[str, list[Ask]] = {}
    for key, one in asked(tx).items():
        vk = directory.investigators[one["index"]].vk
        own = one["index"] == known.index
        here = journal.head(one["desk"], vk).seq
        if not membership.sits(directory, one["index"], one["desk"]) or here >= one["seq"]:
            continue
        left[key] = one
        anyone = own or now - one["at"] > DAY
        found.setdefault(one["desk"], []).append(Ask(one["index"], one["seq"], anyone))
    owner.store_fact(tx, ASKED, left)
    return found


def give(
    tx: Transaction,
    known: Knowledge,
    journal: VaultLog,
    sender: int,
    body: DeskBody,
    now: int,
    rng: Rng,
) -> None:
    """Puts what a colleague asked for into bodies for that one alone, as far as may be told."""
    directory = known.directory
    if directory is None:
        return
    again: list[Operation] = []
    for ask in body.asks:
        if ask.index >= len(directory.investigators):
            continue
        if ask.index != known.index and not ask.anyone:
            continue
        author = directory.investigators[ask.index].vk
        first = membership.told_from(tx, body.desk, sender, author)
        if first is not None:
            room = GIVEN_MAX - len(again)
            again += journal.since(body.desk, author, max(ask.seq, first), room)
    if not again:
        return
    since = membership.since(tx, body.desk, known.owner.identity.vk, now)
    about = DeskBody(body.desk, directory.version, directory.hash, since=since)
    recipient = directory.investigators[sender].vk
    for data, _ in packing.write_bodies(about, again, rng):
        team.queue_body(tx, body.desk, recipient, data, now)
