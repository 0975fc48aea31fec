"""What a message says, inside the ciphertext (spec: bodies). Private side.

JSON with ``kind``, ``v`` and ``mid``; unknown fields are kept and unknown kinds are for the reader
to see, so that older programs lose nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.protocol.attachments import FILE_BYTES_MAX, chunk_count
from app.protocol.encoding import b64u, json_bytes, read_json, unb64u, unhex
from app.protocol.errors import BadBody, NewerBody, ProtocolError
from app.protocol.group import Rng
from app.protocol.secrets import Secret
from app.protocol.wire import BODY_MAX

VERSION = 1
MID_BYTES = 16
REPORT, MESSAGE, REPLY, COVER = "report", "message", "reply", "cover"
WITHDRAWAL, LETTER_REQUEST = "withdrawal", "letter-request"


@dataclass(frozen=True, slots=True)
class FileRef:
    """How a body names an attachment: its key, and what the reporter's side knew of it."""

    key: Secret
    chunks: int
    name: str
    type: str
    size: int
    metadata: str
    """``original``, ``clean`` or ``disguised``: what the reporter chose of what it tells."""
    tree: bytes
    """SHA-256 over the concatenated SHA-256 of each 262,128-byte piece of the file, 32 bytes."""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "key": b64u(self.key.reveal()),
            "chunks": self.chunks,
            "name": self.name,
            "type": self.type,
            "size": self.size,
            "metadata": self.metadata,
            "tree": self.tree.hex(),
        }

    @classmethod
    def from_json(cls, value: object) -> FileRef:
        """Read the JSON form. Raises BadBody."""
        try:
            if not isinstance(value, dict):
                raise BadBody("A message names a file in a form this program does not know.")
            chunks, size = value["chunks"], value["size"]
            if type(chunks) is not int or type(size) is not int or not 0 <= size <= FILE_BYTES_MAX:
                raise BadBody("A message names a file with an impossible size.")
            if chunks != chunk_count(size):
                raise BadBody("A message names a file whose size and parts do not agree.")
            return cls(
                key=Secret(unb64u(value["key"], 32)),
                chunks=chunks,
                name=str(value["name"]),
                type=str(value["type"]),
                size=size,
                metadata=str(value["metadata"]),
                tree=unhex(value["tree"], 32),
            )
        except KeyError as error:
            raise BadBody("A message names a file without saying all that is needed.") from error


def new_mid(rng: Rng) -> str:
    """Return a message's own id, 32 hex digits: recipients drop duplicates by sender and mid."""
    return rng(MID_BYTES).hex()


def write_body(kind: str, mid: str, fields: dict[str, Any]) -> bytes:
    """Return the JSON of a body. Raises BadBody if it is longer than 15,132 bytes."""
    data = json_bytes({**fields, "kind": kind, "v": VERSION, "mid": mid})
    if len(data) > BODY_MAX:
        raise BadBody(f"A message holds at most {BODY_MAX} bytes, not {len(data)}.")
    return data


def cover_body(rng: Rng) -> bytes:
    """Return the body of a cover, which its recipient drops unseen."""
    return write_body(COVER, new_mid(rng), {})


def read_body(data: bytes) -> dict[str, Any]:
    """Read a body: a JSON object with ``kind``, ``v`` = 1 and ``mid``.

    Raises NewerBody for another ``v``, of which nothing else may be read, and BadBody.
    """
    try:
        value = read_json(data)
    except ProtocolError as error:
        raise BadBody("A message is not JSON.") from error
    if not isinstance(value, dict) or type(value.get("v")) is not int:
        raise BadBody("A message does not say of what version it is.")
    if value["v"] != VERSION:
        raise NewerBody("A message is of a version this program does not know.")
    if not isinstance(value.get("kind"), str):
        raise BadBody("A message does not say of what kind it is.")
    try:
        unhex(value.get("mid"), MID_BYTES)
    except ProtocolError as error:
        raise BadBody("A message has no id of its own.") from error
    return value
