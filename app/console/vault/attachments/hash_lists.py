"""Lists of hashes that the agency put into this vault, such as of known child abuse material.

Nothing of a file is sent anywhere to be compared: the lists are here, encrypted as all of the vault
is. A list says that somebody put the hash of these very bytes into it, and no more: not why, nor
whether that was right. A picture that was cut, made smaller or cleaned of its properties has other
bytes, and is in no such list.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, delete, insert, select, tuple_, update

from app.console.errors import ConsoleError
from app.console.vault.attachments.files import File, whole
from app.console.vault.database.schema import files, hash_lists, listed_hashes
from app.console.vault.database.search_tables import previews
from app.console.vault.search import finding
from app.sentences.translatable import say

LENGTHS = {16: "MD5", 20: "SHA-1", 32: "SHA-256"}
"""What a list may know a file by, by how many bytes it has."""
NAME_MAX = 60
LISTS_MAX = 20
_NAME = re.compile(r"[\w .,()+-]+\Z")
_BEGINNING_BITS = 12

Digests = tuple[bytes, ...]
"""Of one file: MD5, SHA-1 and SHA-256 of its bytes; empty where they are not known."""


@dataclass(frozen=True, slots=True)
class HashList:
    """A list: its name, how many hashes, SHA-256 of the file that it came from (hex), when."""

    name: str
    hashes: int
    sha256: str
    at: int


class Digesting:
    """Makes all three of a file's digests in one pass."""

    def __init__(self) -> None:
        # They are compared with what others made, and protect nothing here.
        self._made = (
            hashlib.md5(usedforsecurity=False),
            hashlib.sha1(usedforsecurity=False),
            hashlib.sha256(),
        )

    def update(self, piece: bytes) -> None:
        """Take the next piece."""
        for one in self._made:
            one.update(piece)

    def digests(self) -> Digests:
        """Return them."""
        return tuple(one.digest() for one in self._made)


@dataclass(slots=True)
class Gathered:
    """The hashes of a list while its file is read: packed, as five million would fill a memory."""

    count: int = 0
    _packed: dict[tuple[int, int], bytearray] = field(default_factory=dict)

    def add(self, digest: bytes) -> None:
        """Take one hash, of 16, 20 or 32 bytes."""
        place = len(digest), _beginning(digest)
        found = self._packed.get(place)
        if found is None:
            self._packed[place] = bytearray(digest)
        else:
            found += digest
        self.count += 1

    def rows(self) -> Iterator[tuple[int, int, bytes]]:
        """Give up what was gathered: length, beginning and hashes, each once, sorted."""
        while self._packed:
            (length, beginning), packed = self._packed.popitem()
            some = {bytes(packed[at : at + length]) for at in range(0, len(packed), length)}
            yield length, beginning, b"".join(sorted(some))


def every(tx: Connection) -> list[HashList]:
    """Return the lists, by their names."""
    rows = tx.execute(select(hash_lists).order_by(hash_lists.c.name))
    return [HashList(row.name, row.hashes, row.sha256, row.at) for row in rows]


def check_new(tx: Connection, name: str) -> None:
    """Raise ConsoleError for a name that cannot be given to a list, or where there are too many."""
    if len(name) > NAME_MAX or not _NAME.match(name) or name != name.strip():
        raise ConsoleError(
            say(
                "A list's name has letters, numbers and spaces, at most {name_max}. Choose one "
                "with --name. Nothing was added.",
                name_max=NAME_MAX,
            )
        )
    names = {one.name for one in every(tx)}
    if name in names:
        raise ConsoleError(
            say(
                "There is a list “{name}” already. Remove it first, or choose another name with"
                " --name. Nothing was added.",
                name=name,
            )
        )
    if len(names) >= LISTS_MAX:
        raise ConsoleError(
            say("There are {lists_max} lists already. Nothing was added.", lists_max=LISTS_MAX)
        )


def add(tx: Connection, name: str, gathered: Gathered, sha256: str, now: int) -> int:
    """Put a list into the vault; return how many different hashes it has.

    Every file is then still to be compared (``to_compare``).
    """
    check_new(tx, name)
    values = {"name": name, "hashes": 0, "sha256": sha256, "at": now}
    made = tx.execute(insert(hash_lists).values(**values)).inserted_primary_key
    if made is None:
        raise LookupError("SQLite gave no row id.")
    count = 0
    for length, beginning, hashes in gathered.rows():
        row = {"length": length, "beginning": beginning, "list": made[0], "hashes": hashes}
        tx.execute(insert(listed_hashes).values(**row))
        count += len(hashes) // length
    tx.execute(update(hash_lists).where(hash_lists.c.id == made[0]).values(hashes=count))
    tx.execute(update(files).values(compared=0))
    return count


def remove(tx: Connection, name: str) -> None:
    """Take a list out; what was in it may be opened again. Raises ConsoleError for no such list."""
    mine = hash_lists.c.name == name
    id_ = tx.execute(select(hash_lists.c.id).where(mine)).scalar_one_or_none()
    if id_ is None:
        raise ConsoleError(say("There is no list “{name}”. Nothing was removed.", name=name))
    tx.execute(delete(listed_hashes).where(listed_hashes.c.list == id_))
    tx.execute(delete(hash_lists).where(mine))
    _forget_looks(tx, files.c.listed == name)
    # Another list may have it, too.
    tx.execute(update(files).where(files.c.listed == name).values(listed="", compared=0))


def named(tx: Connection, digests: Digests) -> str | None:
    """Return the name of the first list that has one of a file's digests."""
    places = [(len(one), _beginning(one)) for one in digests]
    if not places:
        return None
    column = listed_hashes.c
    chosen = (
        select(hash_lists.c.name, column.length, column.hashes)
        .join(hash_lists, hash_lists.c.id == column.list)
        .where(tuple_(column.length, column.beginning).in_(places))
        .order_by(hash_lists.c.name)
    )
    wanted = {len(one): one for one in digests}
    for name, length, hashes in tx.execute(chosen):
        if _has(hashes, wanted[length]):
            return str(name)
    return None


def standing(tx: Connection, file: File) -> tuple[str, bool]:
    """Return the name of the list that a file was found in, else empty; whether it was compared.

    Where there is no list, every file was.
    """
    if tx.execute(select(hash_lists.c.id).limit(1)).scalar_one_or_none() is None:
        return "", True
    mine = (files.c.id == file.id) & (files.c.folder == file.folder)
    row = tx.execute(select(files.c.listed, files.c.compared).where(mine)).one_or_none()
    return ("", False) if row is None else (row.listed, bool(row.compared))


def to_compare(tx: Connection) -> list[File]:
    """Return whole files of messages that were not compared with every list, the earliest first."""
    if not every(tx):
        return []
    waiting = set(tx.execute(select(files.c.id).where(files.c.compared == 0)).scalars())
    return [one for one in whole(tx) if one.id in waiting] if waiting else []


def digests_of(tx: Connection, file: File) -> Digests:
    """Return the digests that were kept of a file, empty for none."""
    mine = select(files.c.md5, files.c.sha1, files.c.sha256).where(files.c.id == file.id)
    row = tx.execute(mine).one_or_none()
    if row is None or None in tuple(row):
        return ()
    return tuple(bytes.fromhex(one) for one in row)


def keep_digests(tx: Connection, file: File, digests: Digests) -> None:
    """Keep a file's digests, so that it is not decrypted again for the next list."""
    md5, sha1, sha256 = (one.hex() for one in digests)
    mine = (files.c.id == file.id) & (files.c.folder == file.folder)
    tx.execute(update(files).where(mine).values(md5=md5, sha1=sha1, sha256=sha256))


def note(tx: Connection, file: File, listed: str, *, compared: bool) -> None:
    """Note which list a file is in (empty: none); what was made of it to be shown goes.

    ``compared`` is false where what follows is still to be done.
    """
    mine = (files.c.id == file.id) & (files.c.folder == file.folder)
    tx.execute(update(files).where(mine).values(listed=listed, compared=int(compared)))
    if listed:
        _forget_looks(tx, mine)


def in_case(tx: Connection, case: str) -> list[tuple[str, str, bool]]:
    """Return the listed files of a case: name of the list, tree, whether the case was marked."""
    mine = (files.c.case_id == case) & (files.c.listed != "")
    rows = tx.execute(select(files.c.listed, files.c.tree, files.c.compared).where(mine))
    return [(row.listed, row.tree, bool(row.compared)) for row in rows]


def words(name: str) -> str:
    """Return what an investigator is told of a file that is in a list."""
    return say(
        "This file is not opened: it is in the list “{name}”. Whoever made that list "
        "put the hash of these very bytes into it; the console does not know what the "
        "file shows. Do not try to see it elsewhere.",
        name=name,
    )


def _beginning(digest: bytes) -> int:
    return int.from_bytes(digest[:2]) >> (16 - _BEGINNING_BITS)


def _has(hashes: bytes, digest: bytes) -> bool:
    """Say whether a hash is among those that stand one after the other."""
    at = hashes.find(digest)
    while at >= 0 and at % len(digest):
        at = hashes.find(digest, at + 1)
    return at >= 0


def _forget_looks(tx: Connection, chosen: ColumnElement[bool]) -> None:
    """Forget pictures, words and failures of files: their first bytes are read anew, or never."""
    ids = list(tx.execute(select(files.c.id).where(chosen)).scalars())
    for one in ids:
        finding.forget_file(tx, one)
        tx.execute(delete(previews).where(previews.c.file == one))
