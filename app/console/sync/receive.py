"""Letters, opened or not, made durable in the vault: one transaction for those fetched together.

They come from anyone who can write to the line. A message that the vault refuses for whatever
reason is kept as it came, unread, and costs only itself: no sender can stop an inbox.
"""

from dataclasses import dataclass

from app.console.desk import alarms, holdings, incoming, membership, snapshots
from app.console.line.trusted_line import TrustedLine
from app.console.rules import fetching, lifecycle
from app.console.rules.body import COVER, Body, read_body, unreadable
from app.console.rules.packing import DESK
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import FOLDER_BYTES
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import REPORTER, AuditEvent
from app.console.vault.database.cipher import is_disk_full
from app.console.vault.records import adding, cases, fetched_ids, messages
from app.console.vault.records.fetched_ids import Outcome
from app.protocol.encoding import b64u, json_bytes
from app.protocol.envelope import Opened
from app.protocol.errors import ProtocolError
from app.protocol.recipients import Recipient
from app.sentences.translatable import say

_LARGE = say("The files of this message are large: this one is fetched when you say so.")


@dataclass(frozen=True, slots=True)
class OpenedMessage:
    """An envelope that is ours, by its 16-byte id and its SHA-256.

    ``opened`` is None when no key we hold opens it.
    """

    id: bytes
    digest: bytes
    opened: Opened | None


def keep(
    vault: Vault,
    known: TrustedLine,
    arrivals: list[OpenedMessage],
    *,
    delete_at_once: bool,
    now: int,
    rng: Rng,
) -> int:
    """Keep and note all of them; return how many messages are new.

    What a message says counts as later than what came before the last full sync that did not list
    it: one that could not be opened or fetched at first may be older than what was said since.
    """
    outcomes: list[tuple[bytes, Outcome, int]] = []
    with vault.write() as tx:
        last_full = holdings.full_sync_before(tx, now)
        for arrival in arrivals:
            outcome = None
            if arrival.opened is not None:
                listed = fetched_ids.first_listed(tx, arrival.id)
                since = last_full if listed is None else holdings.full_sync_before(tx, listed)
                outcome = _kept(tx, known, arrival.opened, now, rng, since)
            if outcome is None:
                later = now + lifecycle.retry_delay(rng)
                fetched_ids.note_unopenable(tx, arrival.id, arrival.digest, now, later)
                continue
            delay = 0 if delete_at_once else lifecycle.deletion_delay(rng)
            outcomes.append((arrival.id, outcome, now + delay))
        fetched_ids.note(tx, outcomes, now)
    return sum(outcome is Outcome.MESSAGE for _, outcome, _ in outcomes)


def settle_all(tx: Transaction, known: TrustedLine) -> None:
    """Give every case a home among this machine's desks, which may have changed."""
    own = known.own_desks()
    if own:
        for case in cases.homeless(tx, own):
            cases.settle(tx, case, own)


def store_message(
    tx: Transaction,
    known: TrustedLine,
    sender: Recipient,
    raw: bytes,
    body: Body,
    now: int,
    rng: Rng,
    author: str = "",
    since: int | None = None,
) -> bool:
    """Keep a reporter's message and its files; return whether it is new.

    ``author`` is a colleague who passed it on. What came after ``since`` (Unix seconds; None for
    what comes now) may have been written after it.
    """
    message = adding.store_incoming(tx, sender, raw, body, now, author, since)
    if message is None:
        return False
    case = messages.case_id(sender)
    _add_files(tx, case, message, body, rng)
    cases.settle(tx, case, known.own_desks())
    detail = {"kind": body.kind, "mid": body.mid, "files": len(body.files)}
    if author:
        detail["passed_on_by"] = author
    audit_log.record(tx, AuditEvent(case, now, REPORTER, "message", detail))
    return True


def _kept(
    tx: Transaction, known: TrustedLine, opened: Opened, now: int, rng: Rng, since: int
) -> Outcome | None:
    """Return what a message was.

    None if the vault refuses it even unread, so that it waits on the server and is told as one that
    cannot be opened.
    """
    for read in (read_body, unreadable):
        # Not foreseen, so no narrower: what is in this body, or what colleagues said of its case,
        # must not cost the other letters.
        try:
            with tx.begin_nested():
                return _store(tx, known, opened, read(opened.body), now, rng, since)
        except Exception as error:
            # On a full disk SQLite undoes the others, too: what was kept before is not any more.
            if is_disk_full(error):
                raise
    return None


def _store(
    tx: Transaction,
    known: TrustedLine,
    opened: Opened,
    body: Body,
    now: int,
    rng: Rng,
    since: int,
) -> Outcome:
    if body.kind == COVER:
        return Outcome.COVER
    colleague = membership.investigator_of(known.directory, opened.sender_keys)
    if body.kind == DESK and colleague is not None:
        _from_colleague(tx, known, colleague, opened.body, now, rng)
        return Outcome.TEAM
    new = store_message(tx, known, opened.sender, opened.body, body, now, rng, since=since)
    return Outcome.MESSAGE if new else Outcome.DUPLICATE


def _from_colleague(
    tx: Transaction, known: TrustedLine, sender: int, raw: bytes, now: int, rng: Rng
) -> None:
    investigator = known.directory.investigators[sender] if known.directory else None
    if investigator is None:
        return
    try:
        received = incoming.receive(tx, known, sender, raw, now, rng)
        author = b64u(investigator.vk)
        if received.copy is not None:
            keep_copy(tx, author, *received.copy, now, rng)
        if received.snapshot is not None:
            left_out = snapshots.take_in_desk(tx, known, received.desk, received.snapshot, now)
            for one in snapshots.cases_of(received.snapshot):
                left_out += snapshots.take_in(tx, known, received.desk, one, author, now)
                for sent, body in one.messages:
                    store_message(tx, known, one.reporter, sent, body, now, rng, author)
            if left_out:
                alarms.alarm(tx, _impossible(investigator.label), now, investigator.label)
    except ProtocolError:
        text = say(
            "{label}'s console sent the team something that this version of Quietline "
            "cannot read. Bring both consoles to the same version.",
            label=investigator.label,
        )
        alarms.alarm(tx, text, now, investigator.label)


def _impossible(label: str) -> str:
    return say(
        "{label}'s console passed on cases with changes that nobody's console can have "
        "written, such as some dated ahead. Those were left out. Call them and the "
        "agency.",
        label=label,
    )


def keep_copy(
    tx: Transaction, author: str, case: str, reply: dict[str, object], now: int, rng: Rng
) -> None:
    """Keep a colleague's answer (``author`` is a key, b64u), if its case is here."""
    raw = json_bytes(reply)
    body = read_body(raw)
    if body.kind != "reply" or messages.find(tx, case) is None:
        return
    message = adding.store_copy(tx, case, author, raw, body, now)
    if message is not None:
        _add_files(tx, case, message, body, rng)
        cases.answered(tx, case, now)
        audit_log.record(tx, AuditEvent(case, now, author, "answer", {"mid": body.mid}))


def _add_files(tx: Transaction, case: str, message: int, body: Body, rng: Rng) -> None:
    held = fetching.to_ask_for(body.files)
    for place, ref in enumerate(body.files):
        why = _LARGE if place in held else None
        folder = rng(FOLDER_BYTES).hex()
        files.add_incoming(tx, case, message, place, ref, folder, why)
