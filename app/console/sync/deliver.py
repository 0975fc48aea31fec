"""Answers: written here, kept in the vault, sealed at the moment they are sent.

An answer is sealed with the bundles of that moment (QL1, bundles) and always with the same mid, so
that one sent twice, because the console died between sending and noting it, is read once. Its files
were encrypted when they were chosen (``draft_files``).
"""

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from app.client.line_client import LineClient
from app.client.line_errors import LineError, LineRefused
from app.console.cases import casework
from app.console.errors import ConsoleError, FileProblem, ServerLies
from app.console.line import trusted_line
from app.console.line.trusted_line import TrustedLine, refresh
from app.console.rules import changes, packing
from app.console.rules.body import read_body
from app.console.rules.changes import ANSWERED, STATUS
from app.console.rules.packing import DeskBody
from app.console.rules.vocabulary import ACKNOWLEDGED, NEW
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.attachments import files
from app.console.vault.attachments.chunk_folders import ChunkFolder
from app.console.vault.attachments.files import FileState
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import adding, cases, messages
from app.console.vault.records.messages import Message
from app.protocol import bodies
from app.protocol.attachments import chunk_id
from app.protocol.batch import seal_reply_batch
from app.protocol.errors import BadBody, ProtocolError
from app.protocol.operation import Operation
from app.sentences.translatable import said_by, say

ATTEMPTS = 3
"""How often in all an answer is posted in one sync while the epoch turns under it."""

Checkpoint = Callable[[str], None]


@dataclass(slots=True)
class Sent:
    """How many answers were sent, and whether files of others are still being uploaded."""

    count: int = 0
    left: bool = False


class _StillUploading(Exception):
    """An answer's files have had their time of this sync."""


def queue_reply(
    vault: Vault,
    case: str,
    text: str,
    *,
    desk: str,
    lang: str,
    now: int,
    rng: Rng,
    keep_draft: bool = False,
    shown: frozenset[int] | None = None,
) -> int:
    """Turn a text and the draft's files into an answer that waits to be sent; return its row.

    ``keep_draft`` leaves a draft there that is not of this answer; of the files only those
    ``shown`` beside it go along, if these are named.

    Raises ConsoleError when there is nothing to say, or more than fits (15,132 bytes in all).
    """
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        return queue_reply_in(
            tx, known, case, text, desk=desk, lang=lang, now=now, rng=rng,
            keep_draft=keep_draft, shown=shown,
        )  # fmt: skip


def queue_reply_in(
    tx: Transaction,
    known: TrustedLine,
    case: str,
    text: str,
    *,
    desk: str,
    lang: str,
    now: int,
    rng: Rng,
    keep_draft: bool = False,
    shown: frozenset[int] | None = None,
) -> int:
    """Do the same in a transaction that is open."""
    if messages.find(tx, case) is None:
        raise ConsoleError(say("There is no such case."))
    if not messages.can_answer(tx, case):
        raise ConsoleError(
            say(
                "This case came from another hotline: its reporter believes only that hotline's "
                "answers."
            )
        )
    attached = files.of_draft(tx, case)
    if shown is not None:
        attached = [one for one in attached if one.id in shown]
    if not text.strip() and not attached:
        raise ConsoleError(say("Write something, or attach a file, before sending."))
    fields = {
        "lang": lang,
        "text": text.strip(),
        "desk": desk,
        # A day (UTC) orders answers, and tells no hour at which an investigator was at work.
        "day": dt.datetime.fromtimestamp(now, dt.UTC).date().isoformat(),
        "files": [
            bodies.FileRef(
                one.key, one.chunks, one.name, one.type, one.size, one.metadata,
                bytes.fromhex(one.tree),
            ).to_json()
            for one in attached
        ],
    }  # fmt: skip
    try:
        raw = bodies.write_body(bodies.REPLY, bodies.new_mid(rng), fields)
        packing.write_copy(DeskBody(desk, 2**31, bytes(32)), case, raw, (), rng)
    except BadBody as error:
        raise ConsoleError(
            say("The answer is too long for one message. {reason}", reason=said_by(error))
        ) from None
    message = adding.queue_outgoing(tx, case, read_body(raw), raw, now, keep_draft=keep_draft)
    files.attach(tx, message, [one.id for one in attached])
    cases.answered(tx, case, now)
    mid = read_body(raw).mid
    audit_log.record(tx, AuditEvent(case, now, HERE, "answer", {"mid": mid}))
    _tell_desk(tx, known, case, desk, mid, now)
    return message


async def send_waiting(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    *,
    now: Callable[[], int],
    rng: Rng,
    budget_exhausted: Callable[[], bool],
    checkpoint: Checkpoint,
) -> Sent:
    """Send what waits, oldest first.

    What cannot be sent yet keeps waiting, with the reason beside it; so does what still has files
    to upload when ``budget_exhausted`` says that those have had enough of this sync.
    """
    with vault.read() as tx:
        queue = messages.waiting(tx)
    sent = Sent()
    for message in queue:
        try:
            await _upload_files(vault, client, message, budget_exhausted)
            known = await _send(
                vault, client, known, message, now=now, rng=rng, checkpoint=checkpoint
            )
        except _StillUploading as error:
            _note(vault, message, said_by(error))
            sent.left = True
            continue
        except LineError as error:
            _note(vault, message, said_by(error))
            if not isinstance(error, LineRefused):
                raise
            continue
        except (ProtocolError, ServerLies, FileProblem) as error:
            _note(vault, message, said_by(error))
            continue
        checkpoint("posted")
        with vault.write() as tx:
            messages.mark_sent(tx, message.id, now())
        checkpoint("sent")
        sent.count += 1
    return sent


async def _send(
    vault: Vault,
    client: LineClient,
    known: TrustedLine,
    message: Message,
    *,
    now: Callable[[], int],
    rng: Rng,
    checkpoint: Checkpoint,
) -> TrustedLine:
    with vault.read() as tx:
        reporter = messages.reporter(tx, message.case)
    for attempt in range(ATTEMPTS):
        known = await refresh(vault, client, known, now())
        directory, bundles, index = known.to_send(now())
        copies, along = _copies(vault, known, message, now(), rng)
        batch = await asyncio.to_thread(
            seal_reply_batch,
            directory,
            bundles,
            index,
            known.owner.identity.sender(),
            reporter,
            message.raw,
            rng,
            copies,
        )
        checkpoint("sealed")
        try:
            await client.post_messages(bundles.epoch, batch)
        except LineRefused as error:
            if error.name != "stale-bundles" or attempt == ATTEMPTS - 1:
                raise
        else:
            with vault.write() as tx:
                VaultLog(tx, known.owner.line.line_id, now()).mark_packed(along)
            return known
    return known


def _tell_desk(
    tx: Transaction, known: TrustedLine, case: str, desk: str, mid: str, now: int
) -> None:
    """Tell the desk that it has answered; where this console may not say so, it says nothing."""
    if known.directory is None or known.index is None:
        return
    said = [changes.add(case, ANSWERED, mid)]
    if not casework.may_write(known.directory, known.index, desk, said):
        return
    if cases.state(tx, case, desk).get(STATUS) in ("", NEW):
        said.append(changes.put(case, STATUS, ACKNOWLEDGED))
    try:
        with tx.begin_nested():
            casework.act(tx, known, desk, said, now)
    except ConsoleError:
        # A restored vault tells no colleague anything yet; the reporter is answered all the same.
        return


def _copies(
    vault: Vault, known: TrustedLine, message: Message, now: int, rng: Rng
) -> tuple[dict[int, bytes], list[Operation]]:
    """Return the answer for each colleague at its desk, and what goes along of its operations.

    Colleagues read what was answered at the moment at which it can be read; in the batch it takes
    slots that would be covers.
    """
    directory, desk = known.directory, message.body.desks[0] if message.body.desks else ""
    if directory is None or desk not in known.own_desks():
        return {}, []
    with vault.read() as tx:
        waiting = VaultLog(tx, known.owner.line.line_id, now).unpacked(desk)
    about = DeskBody(desk, directory.version, directory.hash)
    body, along = packing.write_copy(about, message.case, message.raw, waiting, rng)
    return dict.fromkeys(directory.members({desk}) - {known.index}, body), along


async def _upload_files(
    vault: Vault, client: LineClient, message: Message, budget_exhausted: Callable[[], bool]
) -> None:
    with vault.read() as tx:
        attached = files.of_message(tx, message.id)
    for file in attached:
        if file.state is not FileState.LOCAL:
            continue
        folder = ChunkFolder(vault.files, file.folder)
        for index in range(file.have, file.chunks):
            try:
                chunk = await asyncio.to_thread(folder.read, index)
            except FileNotFoundError:
                raise FileProblem(
                    say(
                        "A part of {name} is missing from the case store's folder. Write again "
                        "with the file attached anew.",
                        name=file.name,
                    )
                ) from None
            await client.put_chunk(chunk_id(file.key, index), chunk)
            with vault.write() as tx:
                files.progress(tx, file.id, index + 1)
            if budget_exhausted() and index + 1 < file.chunks:
                raise _StillUploading(
                    say(
                        "{name} is being uploaded: {index} of {chunks} parts are there.",
                        name=file.name,
                        index=index + 1,
                        chunks=file.chunks,
                    )
                )
        with vault.write() as tx:
            files.set_state(tx, file.id, FileState.SENT)


def _note(vault: Vault, message: Message, reason: str) -> None:
    with vault.write() as tx:
        messages.mark_waiting(tx, message.id, reason)
