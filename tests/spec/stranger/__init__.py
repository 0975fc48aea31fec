"""A reporter's client by a stranger: written from docs/spec, sharing no code with the product.

If this stops working, either the product or the specification has changed without the other.
Sections bear the names of the pages.
"""

from tests.spec.stranger.attachments import (
    chunk_id,
    chunks_of,
    decrypt_file,
    encrypt_file,
    tree_of,
)
from tests.spec.stranger.basics import PIECE, Refused, Trace, b64u, hkdf, unb64u
from tests.spec.stranger.envelope import batch, open_envelope
from tests.spec.stranger.keys import Keys, fingerprint, numbers, read_numbers
from tests.spec.stranger.line import answer_to, is_mine, solve
from tests.spec.stranger.signed import (
    looks_old,
    must_ask,
    name_for,
    open_bundles,
    open_directory,
    state_at,
)

__all__ = [
    "PIECE",
    "Keys",
    "Refused",
    "Trace",
    "answer_to",
    "b64u",
    "batch",
    "chunk_id",
    "chunks_of",
    "decrypt_file",
    "encrypt_file",
    "fingerprint",
    "hkdf",
    "is_mine",
    "looks_old",
    "must_ask",
    "name_for",
    "numbers",
    "open_bundles",
    "open_directory",
    "open_envelope",
    "read_numbers",
    "solve",
    "state_at",
    "tree_of",
    "unb64u",
]
