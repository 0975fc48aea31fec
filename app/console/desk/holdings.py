"""Which of the desk's messages colleagues hold, compared.

A server that leaves out bundles chooses who reads a report, and the others do not know that there
is one.

Each turn's body tells, in room that it has anyway, which messages of the last week came to this
console from reporters who chose the desk, by a piece of the case's id and of the body's hash, and
the day after which they were sent at the earliest. A colleague that was in service on that day, and
does not have one a day and a full sync later, says so to whoever sits there.

Not missed: what was sent before this console was in service or at the desk, what was destroyed. A
sender of their own making can write to one member alone, and a member can tell of messages that are
none: the words name who told, and both ways it may have come about.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from app.console.desk import membership
from app.console.line.notices import Level, Notice
from app.console.line.trusted_line import TrustedLine
from app.console.rules import wording
from app.console.rules.body import read_body
from app.console.rules.lifecycle import DAY, HOUR
from app.console.rules.packing import HELD_BYTES, HOLDS_MAX, DeskBody
from app.console.vault import Transaction, forgetting
from app.console.vault.collaboration import missed_messages
from app.console.vault.collaboration.missed_messages import FullSync, Missed
from app.console.vault.copies.quarantine import InService
from app.console.vault.installation import settings
from app.console.vault.installation.settings import Setting
from app.console.vault.records import messages
from app.console.vault.records.messages import StoredMessage
from app.protocol.bundles import few_readers
from app.protocol.encoding import b64u
from app.sentences.translatable import say, say_count
from app.sentences.values import Listing

CLAIM_DAYS = 7
SLACK = 2 * HOUR
"""A page may have been given its keys so long before it sends, and clocks differ."""
AWAY_DAYS = 30
"""A console that did not look for so long may have been out of service meanwhile."""
MISSED_MAX = 500
FORGET_AFTER = 30 * DAY
LOUD = 3
"""So many cases are more than one sender's doing."""

_CASE_BYTES = 8


@dataclass(frozen=True, slots=True)
class LastFullSync(Setting):
    """When the last full sync began and finished (Unix seconds), None before the first."""

    NAME = "last_full_sync"
    began: int | None = None
    finished: int | None = None


def note_service(tx: Transaction, known: TrustedLine, now: int) -> None:
    """Note since when (Unix seconds) reporters are given this console's keys.

    As far as the server shows: when it last was seen, and since when it is not so any more.
    """
    if known.bundles is None or known.index is None or not known.active:
        return
    before = settings.load(tx, InService)
    if known.index not in known.bundles.bundles:
        after = replace(before, since=None, gone=before.gone or now)
    elif before.since is None or now - before.last > AWAY_DAYS * DAY:
        after = InService(since=now, last=now)
    else:
        after = replace(before, last=now)
    settings.store(tx, after)
    before_few, live = missed_messages.few_since(tx), set(known.bundles.bundles)
    few = {
        desk: before_few.get(desk, now)
        for desk in known.own_desks()
        if few_readers(known.members(desk), live)
    }
    missed_messages.set_few(tx, few)


def note_full_sync(tx: Transaction, began: int, finished: int) -> None:
    """Keep when the last full sync began, and of those before when they were: one an hour."""
    settings.store(tx, LastFullSync(began, finished))
    kept = missed_messages.syncs(tx)
    if not kept or finished - kept[-1].finished >= HOUR:
        forget_before = finished - 2 * CLAIM_DAYS * DAY
        missed_messages.add_sync(tx, FullSync(began, finished), forget_before)


def last_full_sync(tx: Transaction) -> int | None:
    """Return when the last full sync began (Unix seconds), None before the first."""
    return settings.load(tx, LastFullSync).began


def full_sync_before(tx: Transaction, time: int) -> int:
    """Return when the last full sync finished that did so before a time (Unix seconds), 0 for none.

    What the server listed then had come, but for what stayed impossible to open when it was tried
    again: a server can leave out what it likes. Of those longer ago one an hour is remembered.
    """
    times = [one.finished for one in missed_messages.syncs(tx)]
    times.append(settings.load(tx, LastFullSync).finished or 0)
    return max((one for one in times if one < time), default=0)


def claims(tx: Transaction, desk: str, now: int) -> tuple[tuple[str, bytes], ...]:
    """Return what a body says that this console holds: 12-byte pieces by day, others each turn."""
    syncs = missed_messages.syncs(tx)
    found = []
    for one in messages.received_since(tx, now - CLAIM_DAYS * DAY):
        before = [sync.began for sync in syncs if sync.finished <= one.at]
        if before and desk in read_body(one.raw).desks:
            found.append((_day(max(before) - SLACK), _piece(one)))
    turn = now // HOUR * HOLDS_MAX % max(1, len(found))
    by_day: dict[str, bytes] = {}
    for day, piece in (found[turn:] + found[:turn])[:HOLDS_MAX]:
        by_day[day] = by_day.get(day, b"") + piece
    return tuple(sorted(by_day.items()))


def compare(tx: Transaction, known: TrustedLine, sender: bytes, body: DeskBody, now: int) -> None:
    """Note what a colleague holds and this console does not, if it should."""
    since = _due_since(tx, known, body.desk)
    if since is None:
        return
    missed = {one.piece for one in missed_messages.missed(tx) if one.sender == sender}
    for day, pieces in body.holds:
        if day <= _day(since):
            continue
        for piece in _each(pieces):
            if piece not in missed and len(missed) < MISSED_MAX and not _here(tx, piece):
                missed.add(piece)
                missed_messages.miss(tx, Missed(sender, piece, now))


def notices(
    tx: Transaction, known: TrustedLine, full_sync_began: int | None, now: int
) -> list[Notice]:
    """Return what is missed for a day, and through a full sync, in words.

    What has come is forgotten.
    """
    late: dict[bytes, list[Missed]] = {}
    gone, began = [], full_sync_began or 0
    for one in missed_messages.missed(tx):
        if now - one.since >= FORGET_AFTER or _here(tx, one.piece):
            gone.append(one)
        elif now - one.since > DAY and began > one.since:
            late.setdefault(one.sender, []).append(one)
    missed_messages.forget(tx, gone)
    found = []
    for sender, theirs in late.items():
        cases = {one.piece[:_CASE_BYTES] for one in theirs}
        level = Level.ALARM if len(cases) >= LOUD else Level.WARNING
        name, since = known.label_of(b64u(sender)), min(one.since for one in theirs)
        found.append(Notice(level, _words(name, len(theirs), since)))
    return found + _gone(tx, now) + _few(tx, known, now)


def _words(name: str, count: int, since: int) -> str:
    return say_count(
        "A message has come to {name}'s console since {day}, for a team of yours, and not to this "
        "one. Call them, compare what you both have in your lists and have them tell you what it "
        "says. The server may be choosing who reads; or somebody who does not use our page wrote "
        "to one of you alone. If it goes on, tell the agency.",
        "{count} messages have come to {name}'s console since {day}, for a team of yours, and not "
        "to this one. Call them, compare what you both have in your lists and have them tell you "
        "what it says. The server may be choosing who reads; or somebody who does not use our "
        "page wrote to one of you alone. If it goes on, tell the agency.",
        count,
        name=name or say("a colleague"),
        day=wording.date(_date(since)),
    )


def _gone(tx: Transaction, now: int) -> list[Notice]:
    """Return a notice where the server shows no one this console's keys, though it has them."""
    service = settings.load(tx, InService)
    if service.gone is None or now - service.gone <= DAY or not service.last:
        return []
    text = say(
        "For more than a day the server has given reporters no keys of this console, so none of "
        "their messages come here. If yours were given to it, it chooses who reads: tell your "
        "colleagues and the agency."
    )
    return [Notice(Level.ALARM, text)]


def _few(tx: Transaction, known: TrustedLine, now: int) -> list[Notice]:
    names = [
        known.desk_name(desk)
        for desk, since in missed_messages.few_since(tx).items()
        if now - since > DAY and desk in known.own_desks()
    ]
    if not names:
        return []
    text = say(
        "At {names}, reporters are given the keys of only one member, or of fewer than "
        "half, and are asked before they send. If the others' consoles have synced this"
        " month, the server leaves them out: call them and the agency. If they have "
        "not, the agency should know.",
        names=Listing.of(names),
    )
    return [Notice(Level.WARNING, text)]


def _due_since(tx: Transaction, known: TrustedLine, desk: str) -> int | None:
    """Return since when messages for a desk should come here; None if that is not known."""
    since = settings.load(tx, InService).since
    here = membership.at_desk_since(tx, desk, known.index)
    return None if since is None or here is None else max(since, here)


def _here(tx: Transaction, piece: bytes) -> bool:
    """Say whether a message is here, or its case was and is destroyed."""
    beginning = piece[:_CASE_BYTES].hex()
    if forgetting.is_destroyed(tx, beginning):
        return True
    return any(_piece(one) == piece for one in messages.received_like(tx, beginning))


def _piece(one: StoredMessage) -> bytes:
    digest = hashlib.sha256(one.raw).digest()
    return bytes.fromhex(one.case)[:_CASE_BYTES] + digest[: HELD_BYTES - _CASE_BYTES]


def _each(pieces: bytes) -> Iterator[bytes]:
    for at in range(0, len(pieces), HELD_BYTES):
        yield pieces[at : at + HELD_BYTES]


def _date(at: int) -> dt.date:
    return dt.datetime.fromtimestamp(at, dt.UTC).date()


def _day(at: int) -> str:
    return _date(at).isoformat()
