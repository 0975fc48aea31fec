"""What is read of a list of hashes, by whichever form: its hashes, counted and bounded; the file.

Of an entry with several hashes the longest is taken.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from io import BufferedReader

from app.console.errors import ConsoleError
from app.console.vault.attachments.hash_lists import LENGTHS, Gathered
from app.sentences.translatable import say

HASHES_MAX = 10_000_000
NOTHING_ADDED = say("Nothing was added.")
PIECE = 1024 * 1024
_HEX = re.compile(r"[0-9A-Fa-f]+\Z")
_EMPTY = frozenset(
    hashlib.new(name, usedforsecurity=False).digest() for name in ("md5", "sha1", "sha256")
)
"""Of a file with nothing in it: lists made by machines have them."""


@dataclass(slots=True)
class Read:
    """What a file of hashes holds: the hashes, how many of each length, categories left out."""

    gathered: Gathered = field(default_factory=Gathered)
    lengths: Counter[int] = field(default_factory=Counter)
    left_out: Counter[int] = field(default_factory=Counter)
    sha256: str = ""

    def add(self, digest: bytes) -> None:
        """Take a hash. Raises ConsoleError for too many."""
        if digest in _EMPTY or not any(digest):
            return
        self.gathered.add(digest)
        self.lengths[len(digest)] += 1
        if self.gathered.count > HASHES_MAX:
            raise ConsoleError(
                say(
                    "This list has more than {number} hashes, the most that one may have. Nothing "
                    "was added.",
                    number=HASHES_MAX,
                )
            )

    def words(self) -> str:
        """Return how many hashes of which kind: "3 SHA-1, 2 MD5"."""
        return ", ".join(f"{self.lengths[one]:,} {LENGTHS[one]}" for one in sorted(self.lengths))


class HashedFile:
    """A file being read, and the SHA-256 of what was read of it."""

    def __init__(self, file: BufferedReader) -> None:
        self.file = file
        self.sha256 = hashlib.sha256()

    def piece(self) -> bytes:
        """Return the next bytes of it, none at its end."""
        found = self.file.read(PIECE)
        self.sha256.update(found)
        return found


def digest_of(text: object) -> bytes | None:
    """Return a hash that is written in hexadecimal digits; None for anything else."""
    if not isinstance(text, str):
        return None
    said = text.strip()
    if len(said) // 2 not in LENGTHS or len(said) % 2 or not _HEX.match(said):
        return None
    return bytes.fromhex(said)
