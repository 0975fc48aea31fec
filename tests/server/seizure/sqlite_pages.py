"""SQLite's file format, as an analyst reads it: every page, every byte, used or not.

https://www.sqlite.org/fileformat2.html. Nothing here asks SQLite.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_INTERIOR, _INTERIOR_INDEX = 5, 2
MESSAGES = frozenset({"slots", "envelopes", "bundles"})
"""Tables whose columns are known, none of which can hold a time of a message finer than a day.
Bundles are investigators' windows, which may."""


@dataclass(frozen=True)
class Row:
    """A row of a table: where it is, and its columns."""

    rowid: int
    page: int
    offset: int
    overflow: tuple[int, ...]
    columns: tuple[object, ...]


@dataclass
class Database:
    """What a database file holds."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    free: list[int] = field(default_factory=list)
    """Free pages, in the order of the list of free pages."""
    residue: list[tuple[int, bytes]] = field(default_factory=list)
    """Pages with bytes that belong to no row and are not zero; what is known in them made zero."""


def varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length integer and where it ends."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    return value << 8 | data[at + 8], at + 9


def record(payload: bytes) -> tuple[object, ...]:
    """Return the columns of a record."""
    header, at = varint(payload, 0)
    kinds = []
    while at < header:
        kind, at = varint(payload, at)
        kinds.append(kind)
    columns: list[object] = []
    for kind in kinds:
        size = {5: 6, 6: 8, 7: 8, 8: 0, 9: 0}.get(kind, kind if kind < 5 else (kind - 12) // 2)
        content = payload[at : at + size]
        at += size
        if kind == 0:
            columns.append(None)
        elif kind in (8, 9):
            columns.append(kind - 8)
        elif kind < 7:
            columns.append(int.from_bytes(content, signed=True))
        else:
            columns.append(content.decode() if kind % 2 and kind > 12 else content)
    return tuple(columns)


class Reader:
    """Reads a database file and its write-ahead log, if there is one."""

    def __init__(self, path: Path) -> None:
        self.log = frames(path.with_name(f"{path.name}-wal"))
        self.file = path.read_bytes()
        self._data = self.file
        if self.log:  # what the log has is newer
            pages: dict[int, bytes] = dict(self.log)
            size = len(self.log[0][1])
            count = max(len(self.file) // size, *pages)
            kept = (self.file[(n - 1) * size : n * size] for n in range(1, count + 1))
            self._data = b"".join(pages.get(n, old) for n, old in enumerate(kept, 1))
        size = int.from_bytes(self._data[16:18])
        self.page_size = 65_536 if size == 1 else size
        self._usable = self.page_size - self._data[20]
        self._found = Database()
        self._trees: dict[int, str] = {}
        """Pages of trees, and whose."""
        self._chain: dict[int, tuple[str, int]] = {}
        """Pages of overflow: whose, and how many bytes."""
        self._indexes: set[int] = set()
        self._trunks: dict[int, int] = {}
        """Pages that list free ones, and how many."""

    @property
    def pages(self) -> int:
        """How many pages the database has, with those that only the log holds."""
        return len(self._data) // self.page_size

    def read(self) -> Database:
        """Walk every tree and the list of free pages."""
        schema = list(self._walk(1, ""))
        for row in schema:
            kind, name, _, root, _ = row.columns
            if kind == "table":
                rows = list(self._walk(int(str(root)), str(name)))
                self._found.tables[str(name)] = rows
            elif kind == "index":  # of bundles and of the schema's version: never of messages
                assert str(row.columns[2]) not in ("slots", "envelopes")
                self._index(int(str(root)))
        self._free()
        images = enumerate(self._pages(self._data), 1)
        self._found.residue = [
            (number, rest)
            for number, image in images
            if self._trees.get(number, "envelopes") in MESSAGES and image[0] != _INTERIOR
            if (rest := self._unknown(number, image)).strip(b"\0")
        ]
        return self._found

    def rest(self) -> bytes:
        """Return all pages, of the file and of the log, with what is known in them made zero."""
        images = [*enumerate(self._pages(self.file), 1), *self.log]
        unknown = (self._unknown(number, image) for number, image in images)
        return b"".join(one for one in unknown if one.strip(b"\0"))

    def logged(self, table: str) -> Iterator[bytes]:
        """Yield the images of a table's leaves in the log, in its order."""
        for number, image in self.log:
            if self._trees.get(number) == table and image[0] != _INTERIOR:
                yield image

    def page(self, number: int) -> bytes:
        """Return a page; the first is number 1."""
        return self._data[(number - 1) * self.page_size : number * self.page_size]

    def _pages(self, data: bytes) -> list[bytes]:
        return [data[at : at + self.page_size] for at in range(0, len(data), self.page_size)]

    def _walk(self, number: int, table: str) -> Iterator[Row]:
        page = self.page(number)
        self._trees[number] = table
        if page[_start(number)] == _INTERIOR:
            for at in _cells(number, page):
                yield from self._walk(int.from_bytes(page[at : at + 4]), table)
            right = _start(number) + 8
            yield from self._walk(int.from_bytes(page[right : right + 4]), table)
            return
        for at in _cells(number, page):
            yield self._row(number, page, at, table)

    def _index(self, number: int) -> None:
        page = self.page(number)
        self._indexes.add(number)
        if page[0] == _INTERIOR_INDEX:
            for at in [*_cells(number, page), 8]:
                self._index(int.from_bytes(page[at : at + 4]))

    def _row(self, number: int, page: bytes, at: int, table: str) -> Row:
        size, where = varint(page, at)
        rowid, where = varint(page, where)
        local = self._local(size)
        payload, chain = page[where : where + local], []
        following = int.from_bytes(page[where + local : where + local + 4]) if local < size else 0
        while following:
            chain.append(following)
            content = self.page(following)
            piece = content[4 : 4 + min(self._usable - 4, size - len(payload))]
            payload += piece
            self._chain[following] = (table, len(piece))
            following = int.from_bytes(content[:4])
        return Row(rowid, number, at, tuple(chain), record(payload))

    def _local(self, size: int) -> int:
        if size <= self._usable - 35:
            return size
        least = (self._usable - 12) * 32 // 255 - 23
        wanted = least + (size - least) % (self._usable - 4)
        return wanted if wanted <= self._usable - 35 else least

    def _unknown(self, number: int, image: bytes) -> bytes:
        """Return a page's image with all that the format or a known column explains made zero."""
        content = bytearray(image)

        def known(begin: int, end: int) -> None:
            content[begin:end] = bytes(end - begin)

        if number in self._chain:
            table, length = self._chain[number]
            known(0, 4)
            if table in MESSAGES:
                known(4, 4 + length)
        elif number in self._trees:
            start = _start(number)
            interior = image[start] == _INTERIOR
            cells = _cells(number, image)
            known(start, start + (12 if interior else 8) + 2 * len(cells))
            for at in cells:
                if interior:
                    known(at, varint(image, at + 4)[1])
                elif self._trees[number] in MESSAGES:
                    size, where = varint(image, at)
                    where = varint(image, where)[1]
                    known(at, where + self._local(size) + (4 if self._local(size) < size else 0))
            block = int.from_bytes(image[start + 1 : start + 3])
            while block:
                known(block, block + 4)
                block = int.from_bytes(image[block : block + 2])
        elif number in self._trunks:
            known(0, 8 + 4 * self._trunks[number])
        elif number in self._indexes:
            known(0, len(image))
        return bytes(content)

    def _free(self) -> None:
        trunk = int.from_bytes(self._data[32:36])
        while trunk:
            page = self.page(trunk)
            count = self._trunks[trunk] = int.from_bytes(page[4:8])
            leaves = [int.from_bytes(page[8 + 4 * n : 12 + 4 * n]) for n in range(count)]
            self._found.free += [trunk, *leaves]
            trunk = int.from_bytes(page[:4])


def _start(number: int) -> int:
    return 100 if number == 1 else 0


def _cells(number: int, page: bytes) -> list[int]:
    start = _start(number)
    count = int.from_bytes(page[start + 3 : start + 5])
    first = start + (12 if page[start] in (_INTERIOR, _INTERIOR_INDEX) else 8)
    return [int.from_bytes(page[first + 2 * n : first + 2 * n + 2]) for n in range(count)]


def frames(path: Path) -> list[tuple[int, bytes]]:
    """Return number and content of every page in a write-ahead log, in order; also stale ones."""
    data = path.read_bytes() if path.exists() else b""
    if len(data) < 32:
        return []
    size = int.from_bytes(data[8:12])
    found = []
    for at in range(32, len(data) - size - 23, size + 24):
        found.append((int.from_bytes(data[at : at + 4]), data[at + 24 : at + 24 + size]))
    return found
