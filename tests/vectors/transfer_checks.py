"""Every member of a file like ``transfer.json``, read by the Python implementation.

A case goes from console to console: a reporter's client knows nothing of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

from app.protocol.errors import BadTransfer
from app.protocol.identities import BundleKeys
from app.protocol.receipt import words_of
from app.protocol.secrets import Secret
from app.protocol.transfer import (
    OpenedTransfer,
    open_head,
    open_invitation,
    sender_fingerprint,
    unpack,
)
from tests.vectors.checks import Check, Vectors
from tests.vectors.refusing import refused


def read_parts(stream: str) -> list[list[str]]:
    """Return path and content, in hex, of each part of a stream in hex."""
    read = unpack(io.BytesIO(bytes.fromhex(stream)))
    return [[path, b"".join(pieces).hex()] for path, pieces in read]


def _head(v: Vectors, head: str) -> OpenedTransfer:
    said = v["head"]
    keys = BundleKeys(Secret(bytes.fromhex(said["keys"])))
    fetch, line = bytes.fromhex(said["fetch"]), bytes.fromhex(said["line"])
    return open_head(bytes.fromhex(head), keys, fetch, line)


def invitation(v: Vectors) -> Iterator[Check]:
    said = v["invitation"]
    read = open_invitation(bytes.fromhex(said["file"]))
    for name, value in (
        ("hash", read.hash.hex()),
        ("words", words_of(read.fingerprint)),
        ("name", read.name),
        ("line", read.line_id.hex()),
        ("expires", read.expires.isoformat()),
    ):
        yield name, value == said[name]


def bad_invitations(v: Vectors) -> Iterator[Check]:
    yield from refused(
        v["bad_invitations"], lambda given: open_invitation(bytes.fromhex(given)), BadTransfer
    )


def head(v: Vectors) -> Iterator[Check]:
    said = v["head"]
    read = _head(v, said["bytes"])
    for name, value in (
        ("file", read.file.to_json()),
        ("sender_line", read.line_id.hex()),
        ("signer", read.vk.hex()),
        ("sender_keys", read.sender_keys.hex()),
        ("sender_words", words_of(sender_fingerprint(read.line_id, read.vk))),
    ):
        yield name, value == said[name]


def bad_heads(v: Vectors) -> Iterator[Check]:
    yield from refused(v["bad_heads"], lambda given: _head(v, given), BadTransfer)


def parts(v: Vectors) -> Iterator[Check]:
    yield "parts", read_parts(v["parts"]["stream"]) == v["parts"]["parts"]


def bad_parts(v: Vectors) -> Iterator[Check]:
    yield from refused(v["bad_parts"], read_parts, BadTransfer)


SECTIONS: dict[str, Callable[[Vectors], Iterator[Check]]] = {
    section.__name__: section
    for section in (invitation, bad_invitations, head, bad_heads, parts, bad_parts)
}
"""By member of the file."""
