"""A case on its way to another line (spec: transfer). Private side.

An invitation from a console of the receiving line, signed, with keys made for it alone; a file that
is an envelope to these keys and an attachment beside it; the parts in that attachment's plaintext.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.protocol.attachments import Readable
from app.protocol.bodies import FileRef, read_body, write_body
from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.envelope import Opened, open_envelope, seal
from app.protocol.errors import BadTransfer, ProtocolError
from app.protocol.group import Rng
from app.protocol.identities import BundleKeys, InvestigatorIdentity, sign
from app.protocol.recipients import Investigator, Recipient, check_encryption_keys
from app.protocol.signatures import TAG_INVITATION, verify
from app.protocol.wire import ENVELOPE_BYTES, MLKEM_PUBLIC_BYTES, XWING_PUBLIC_BYTES

VERSION = 1
INVITATION, TRANSFER = "transfer-invitation", "transfer"
MAGIC = b"quietline-case-1"
"""16 bytes at the head of a transfer file."""
HASH_BYTES = 32
HEAD_BYTES = len(MAGIC) + HASH_BYTES + ENVELOPE_BYTES
INVITATION_BYTES_MAX = 512 * 1024
PATH_BYTES_MAX = 200
BLOCK_BYTES_MAX = 1 << 20


@dataclass(frozen=True, slots=True)
class Invitation:
    """A verified invitation; whether its line is the one meant is for people to compare, by words.

    ``hash`` is SHA-256 of the signed bytes; ``name`` is what the line calls itself; ``signer`` is
    the investigator, by the directory that came along; ``expires`` is its last day, UTC.
    """

    hash: bytes
    line_id: bytes
    name: str
    signer: Investigator
    recipient: Recipient
    expires: dt.date
    directory: Directory

    @property
    def fingerprint(self) -> bytes:
        """16 bytes that two people compare as twelve words: they cover all that was signed."""
        return self.hash[:16]


@dataclass(frozen=True, slots=True)
class OpenedTransfer:
    """What the envelope says: the attachment with the parts, and who sealed it.

    Who, by the keys that the envelope authenticates (dh ‖ ml-kem) and by the line and signing key
    that it names.
    """

    file: FileRef
    line_id: bytes
    vk: bytes
    sender_keys: bytes


def write_invitation(
    identity: InvestigatorIdentity,
    keys: BundleKeys,
    directory: Directory,
    directory_file: bytes,
    name: str,
    expires: dt.date,
) -> bytes:
    """Return the file that is given to the sending line. ``keys`` must serve nothing else."""
    public = keys.recipient(identity.fetch)
    said = {
        "v": VERSION,
        "kind": INVITATION,
        "line": directory.line_id.hex(),
        "name": name,
        "directory": {"version": directory.version, "sha256": directory.hash.hex()},
        "signer": identity.vk.hex(),
        "dh": b64u(public.dh),
        "mlkem": b64u(public.mlkem),
        "xwing": b64u(public.xwing),
        "expires": expires.isoformat(),
    }
    signed = json_bytes(said)
    file = {
        "invitation": b64u(signed),
        "signature": sign(identity.signing_seed, TAG_INVITATION, signed).hex(),
        "directory": b64u(directory_file),
    }
    return json_bytes(file) + b"\n"


def open_invitation(data: bytes) -> Invitation:
    """Verify an invitation in itself. Raises BadTransfer."""
    if len(data) > INVITATION_BYTES_MAX:
        raise BadTransfer("This is too large for an invitation.")
    try:
        return _invitation(data)
    except (ProtocolError, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, BadTransfer):
            raise
        raise BadTransfer("This is no invitation, or it was changed on its way.") from error


def _invitation(data: bytes) -> Invitation:
    outer = read_json(data.strip())
    signed = unb64u(outer["invitation"])
    said: dict[str, Any] = read_json(signed)
    if type(said["v"]) is not int or said["kind"] != INVITATION:
        raise BadTransfer("This is no invitation.")
    line_id = unhex(said["line"], 32)
    directory = open_directory(unb64u(outer["directory"]), line_id)
    vk = unhex(said["signer"], 32)
    verify(TAG_INVITATION, vk, signed, unhex(outer["signature"], 64))
    if said["v"] != VERSION:
        raise BadTransfer("This invitation is of a version that this program does not know.")
    named = said["directory"]
    if (named["version"], unhex(named["sha256"], 32)) != (directory.version, directory.hash):
        raise BadTransfer("This invitation names another directory than the one that it brings.")
    signer = next((one for one in directory.investigators if one.vk == vk), None)
    if signer is None or signer.status != "active":
        raise BadTransfer("Whoever signed this invitation is not active in its line's directory.")
    dh, mlkem = unb64u(said["dh"], 32), unb64u(said["mlkem"], MLKEM_PUBLIC_BYTES)
    xwing = unb64u(said["xwing"], XWING_PUBLIC_BYTES)
    check_encryption_keys(dh, mlkem)
    check_encryption_keys(xwing[MLKEM_PUBLIC_BYTES:], xwing[:MLKEM_PUBLIC_BYTES])
    name = said["name"]
    if not isinstance(name, str) or not 0 < len(name) <= 80 or not name.isprintable():
        raise BadTransfer("This invitation does not say from whom it is.")
    return Invitation(
        hashlib.sha256(signed).digest(),
        line_id,
        name,
        signer,
        Recipient(signer.fetch, dh, mlkem, xwing),
        dt.date.fromisoformat(said["expires"]),
        directory,
    )


def sender_fingerprint(line_id: bytes, vk: bytes) -> bytes:
    """Return 16 bytes that two people compare as twelve words.

    They say which line and which console sent.
    """
    return hashlib.sha256(line_id + vk).digest()[:16]


def seal_head(
    identity: InvestigatorIdentity,
    line_id: bytes,
    invitation: Invitation,
    file: FileRef,
    mid: str,
    rng: Rng,
) -> bytes:
    """Return the 19,984 bytes before the chunks: mark, the invitation's hash, the envelope.

    ``line_id`` is the sender's. Raises as ``seal``.
    """
    fields = {"line": line_id.hex(), "signer": identity.vk.hex(), "file": file.to_json()}
    body = write_body(TRANSFER, mid, fields)
    envelope = seal(identity.sender(), invitation.recipient, body, invitation.line_id, rng)
    return MAGIC + invitation.hash + envelope


def invitation_of(head: bytes) -> bytes:
    """Return the hash of the invitation that a transfer file answers. Raises BadTransfer."""
    if len(head) != HEAD_BYTES or not head.startswith(MAGIC):
        raise BadTransfer("This is no file with a case, or it was cut off.")
    return head[len(MAGIC) : len(MAGIC) + HASH_BYTES]


def open_head(head: bytes, keys: BundleKeys, fetch: bytes, line_id: bytes) -> OpenedTransfer:
    """Open what ``seal_head`` made; ``fetch`` and ``line_id`` are the receiver's own.

    Raises BadTransfer.
    """
    invitation_of(head)
    try:
        opened: Opened = open_envelope(head[-ENVELOPE_BYTES:], keys.opener(fetch), line_id)
        said = read_body(opened.body)
        if said["kind"] != TRANSFER:
            raise BadTransfer("This file holds something else than a case.")
        return OpenedTransfer(
            FileRef.from_json(said["file"]),
            unhex(said["line"], 32),
            unhex(said["signer"], 32),
            opened.sender_keys,
        )
    except (ProtocolError, KeyError) as error:
        if isinstance(error, BadTransfer):
            raise
        raise BadTransfer(
            "This file does not open with the keys of its invitation: it was changed on its way."
        ) from error


def pack(parts: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """Yield parts, each a path and its bytes in pieces, as one stream."""
    for path, pieces in parts:
        name = path.encode()
        yield len(name).to_bytes(2) + name
        for piece in pieces:
            for at in range(0, len(piece), BLOCK_BYTES_MAX):
                block = piece[at : at + BLOCK_BYTES_MAX]
                yield len(block).to_bytes(4) + block
        yield bytes(4)
    yield bytes(2)


def unpack(stream: Readable) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the parts of such a stream; each one's pieces must be read before the next is asked.

    Raises BadTransfer for a stream that is not in its form or goes on after its end.
    """
    while size := int.from_bytes(_exactly(stream, 2)):
        if size > PATH_BYTES_MAX:
            raise BadTransfer("A part of this case has an impossible name.")
        try:
            path = _exactly(stream, size).decode()
        except UnicodeDecodeError as error:
            raise BadTransfer("A part of this case has an impossible name.") from error
        blocks = _blocks(stream)
        yield path, blocks
        for _ in blocks:
            raise BadTransfer("A part of this case was not read to its end.")
    if stream.read(1):
        raise BadTransfer("This case goes on after its end.")


def _blocks(stream: Readable) -> Iterator[bytes]:
    while size := int.from_bytes(_exactly(stream, 4)):
        if size > BLOCK_BYTES_MAX:
            raise BadTransfer("A part of this case is in no form that is known.")
        yield _exactly(stream, size)


def _exactly(stream: Readable, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            raise BadTransfer("This case ends in the middle.")
        data += more
    return data
