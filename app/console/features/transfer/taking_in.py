"""A case that came from another line: who sent it, and then all of it, or nothing.

A file is opened with the keys of its invitation, in memory, piece by piece; attachments are
encrypted anew as they pass. Only when the signed manifest fits every part is anything kept, in one
transaction, and the keys are destroyed.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from app.console.cases import casework
from app.console.cases.origin import RECEIVED
from app.console.errors import ConsoleError
from app.console.evidence import verify
from app.console.features.transfer import invitations
from app.console.features.transfer.filling import Filling
from app.console.features.transfer.handing_over import Pieces
from app.console.features.transfer.invitations import OpenInvitation
from app.console.line.trusted_line import TrustedLine
from app.console.rules import changes
from app.console.rules.body import plain_name
from app.console.vault import Rng, Transaction, Vault
from app.console.vault.custody import audit_log
from app.console.vault.custody.audit_log import HERE, AuditEvent
from app.console.vault.records import adding, cases
from app.protocol.attachments import decrypt_chunks
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import read_json, unhex
from app.protocol.errors import ProtocolError
from app.protocol.recipients import Investigator
from app.protocol.signatures import TAG_EXPORT
from app.protocol.signatures import verify as verify_signature
from app.protocol.transfer import (
    HEAD_BYTES,
    OpenedTransfer,
    invitation_of,
    open_head,
    sender_fingerprint,
    unpack,
)
from app.protocol.wire import CHUNK_BYTES
from app.sentences.translatable import say

DIRECTORY, DOCUMENT = "directory.json", "messages.json"
SMALL_BYTES_MAX = 16 * 1024 * 1024
"""Of a part that is not an attachment."""
PARTS_MAX = 50_000
"""Of one case. The manifest, a small part, can hardly name more."""
KEPT = (DOCUMENT, verify.MANIFEST, verify.SIGNATURE)


@dataclass(frozen=True, slots=True)
class TransferSender:
    """Who sealed a file, by the directory of their line: for people to compare, by words."""

    line_id: bytes
    directory: Directory
    investigator: Investigator
    made: OpenInvitation
    opened: OpenedTransfer

    @property
    def fingerprint(self) -> bytes:
        """16 bytes, for twelve words."""
        return sender_fingerprint(self.line_id, self.investigator.vk)


def answered(vault: Vault, head: bytes, now: int) -> OpenInvitation:
    """Return the open invitation that a file answers, by its first 19,984 bytes.

    Raises ConsoleError.
    """
    try:
        invitation_id = invitation_of(head)
    except ProtocolError as error:
        if head.startswith(b"{"):
            raise ConsoleError(
                say(
                    "This looks like an invitation, not like a case. An invitation is opened at "
                    "the case that is to go. Nothing was saved."
                )
            ) from None
        raise _damaged(error) from None
    with vault.read() as tx:
        made = invitations.find(tx, invitation_id, now)
        over = invitation_id in invitations.expired(tx, now)
    if over:
        raise ConsoleError(
            say(
                "The last day of the invitation that this file answers is over. Make a new one, "
                "and ask them to encrypt the case to it. Nothing was saved."
            )
        )
    if made is None:
        raise ConsoleError(
            say(
                "This file answers no open invitation of this console. It was made for another "
                "console, or its invitation was used already or withdrawn. Nothing was saved."
            )
        )
    return made


def look(vault: Vault, known: TrustedLine, file: BinaryIO, now: int) -> TransferSender:
    """Return who sent a file; nothing of the case is read. Raises ConsoleError."""
    head = file.read(HEAD_BYTES)
    made = answered(vault, head, now)
    owner = known.owner
    try:
        opened = open_head(head, made.keys, owner.identity.fetch, owner.line.line_id)
        path, pieces = next(unpack(_stream(opened, file)))
        data = b"".join(_small(pieces))
        if path != DIRECTORY:
            raise ConsoleError(say("This case does not say first by whose directory it is signed."))
        directory = open_directory(data, opened.line_id)
    except (ProtocolError, StopIteration) as error:
        raise _damaged(error) from None
    if directory.state_at(now) == "expired":
        raise ConsoleError(
            say(
                "The directory that this case brings ended on {expires}, by this computer's "
                "clock: whoever encrypted it may have left since. Ask them to encrypt it anew.",
                expires=directory.expires,
            )
        )
    for one in directory.investigators:
        if one.vk == opened.vk and one.dh + one.mlkem == opened.sender_keys:
            if one.status != "active":
                raise ConsoleError(say("Whoever sent this is no longer active at their line."))
            return TransferSender(opened.line_id, directory, one, made, opened)
    raise ConsoleError(say("Whoever encrypted this file is not in the directory that it brings."))


def check_chunks(sender: TransferSender, file: BinaryIO) -> None:
    """Read all of a file from its beginning; nothing is kept.

    Raises ConsoleError if a byte of it was changed, is missing or too many.
    """
    try:
        file.read(HEAD_BYTES)
        for _ in _chunks(sender.opened, file):
            pass
    except ProtocolError as error:
        raise _damaged(error) from None


def take_in(
    vault: Vault, known: TrustedLine, sender: TransferSender, file: BinaryIO, now: int, rng: Rng
) -> str:
    """Take in the whole case, from the file's beginning; return its id.

    Raises ConsoleError; nothing is kept then.
    """
    filling = Filling(vault, rng)
    try:
        file.read(HEAD_BYTES)
        small, tallies = _read(sender, file, filling)
        manifest = _checked(sender, small, tallies)
        document = read_json(small[DOCUMENT])
        case = hashlib.sha256(b"quietline-transfer" + small[verify.MANIFEST]).hexdigest()
        with vault.write() as tx:
            digest = hashlib.sha256(small[verify.MANIFEST]).hexdigest()
            _keep(tx, known, sender, (manifest, digest), document, filling, case, now)
    except (ProtocolError, KeyError, TypeError, ValueError, AttributeError) as error:
        filling.undo()
        raise _damaged(error) from None
    except BaseException:
        filling.undo()
        raise
    vault.forget_old_pages()
    return case


def _read(
    sender: TransferSender, file: BinaryIO, filling: Filling
) -> tuple[dict[str, bytes], dict[str, tuple[int, str]]]:
    small: dict[str, bytes] = {}
    tallies: dict[str, tuple[int, str]] = {}
    listed: dict[str, dict[str, Any]] = {}
    for path, pieces in unpack(_stream(sender.opened, file)):
        if path in tallies or len(tallies) == PARTS_MAX:
            raise ValueError(path)
        digest, size = hashlib.sha256(), 0
        if path.startswith("files/"):
            listed = listed or _listed(read_json(small[DOCUMENT]))
            size, sha256 = filling.add(path, listed[path]["size"], pieces)
            tallies[path] = (size, sha256)
            continue
        for piece in _small(pieces):
            digest.update(piece)
            size += len(piece)
            if path in KEPT:
                small[path] = small.get(path, b"") + piece
        tallies[path] = (size, digest.hexdigest())
    return small, tallies


def _checked(
    sender: TransferSender, small: dict[str, bytes], tallies: dict[str, tuple[int, str]]
) -> dict[str, Any]:
    """Return the manifest, which must be the sender's and name every part as it came."""
    data = small[verify.MANIFEST]
    signed = read_json(small[verify.SIGNATURE])
    signature = unhex(signed["signature"], 64)
    verify_signature(TAG_EXPORT, sender.investigator.vk, data, signature)
    manifest: dict[str, Any] = read_json(data)
    named = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    came = {path: one for path, one in tallies.items() if path not in KEPT[1:]}
    if named != came or len(named) != len(manifest["files"]):
        raise ConsoleError(
            say("Parts of this case are not as its sender signed them. Nothing was saved.")
        )
    if unhex(manifest["line"], 32) != sender.line_id:
        raise ConsoleError(say("This case was signed for another hotline. Nothing was saved."))
    document = read_json(small[DOCUMENT])
    if document["transfer"]["invitation"] != sender.made.invitation.hash.hex():
        raise ConsoleError(say("This case was meant for somebody else. Nothing was saved."))
    return manifest


def _keep(
    tx: Transaction,
    known: TrustedLine,
    sender: TransferSender,
    signed: tuple[dict[str, Any], str],
    document: dict[str, Any],
    filling: Filling,
    case: str,
    now: int,
) -> None:
    manifest, case_manifest = signed
    line = plain_name(str(document["line"]["name"]))[:80]
    own = known.own_desks()
    adding.begin_transferred(tx, case, now, str(document["language"])[:35])
    detail = {
        "line": line,
        "line_id": sender.line_id.hex(),
        "sender": sender.investigator.label,
        "signer": sender.investigator.vk.hex(),
        "invitation": sender.made.invitation.hash.hex(),
        "manifest": case_manifest,
        "entries": int(manifest["custody"]["count"]),
        "head": unhex(manifest["custody"]["head"], 32).hex(),
        "consent": int(document["transfer"]["consent"]),
        "reason": str(document["taken_out"]["reason"])[:2_000],
    }
    audit_log.record(tx, AuditEvent(case, now, HERE, RECEIVED, detail))
    for one in document["messages"]:
        if "left_out" not in one:
            filling.message(tx, case, one)
    cases.settle(tx, case, own)
    found = cases.find(tx, case)
    if found is not None and known.active and found.home in own:
        mark = [changes.add(case, changes.LABELS, f"from {line}"[:40])]
        casework.act(tx, known, found.home, mark, now)
    invitations.destroy(tx, [sender.made.invitation.hash])


def _listed(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        file["path"]: file
        for one in document["messages"]
        for file in one.get("files", ())
        if file.get("path")
    }


def _small(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > SMALL_BYTES_MAX:
            raise ConsoleError(
                say("A part of this case is larger than it can be. Nothing was saved.")
            )
        yield piece


def _stream(opened: OpenedTransfer, file: BinaryIO) -> Pieces:
    return Pieces(_chunks(opened, file))


def _chunks(opened: OpenedTransfer, file: BinaryIO) -> Iterator[bytes]:
    chunks = iter(lambda: file.read(CHUNK_BYTES), b"")
    return decrypt_chunks(opened.file.key, opened.file.chunks, chunks)


def _damaged(error: BaseException) -> ConsoleError:
    if isinstance(error, ProtocolError):
        return ConsoleError(
            say("This file is damaged, or no case. Nothing was saved. {reason}", reason=error)
        )
    return ConsoleError(say("This file is damaged, or no case. Nothing was saved."))
