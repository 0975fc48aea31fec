"""PostgreSQL's heap files, as an analyst reads them: pages, line pointers, tuple headers.

https://www.postgresql.org/docs/current/storage-page-layout.html. Nothing here asks PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PAGE = 8_192
_NORMAL = 1
_PIECE = ((3_988 + 4) << 2).to_bytes(4, "little")


@dataclass(frozen=True)
class Tuple:
    """A version of a row: where it is, what its header and its page's header say, its columns."""

    table: str
    page: int
    line: int
    offset: int
    transaction: int
    log: int
    """Place in the write-ahead log of the page's last change."""
    number: int
    """The first column: a slot, or the place of a piece."""
    data: bytes
    """The rest of the row."""


def tuples(folder: Path) -> Iterator[Tuple]:
    """Yield every row version in the tables of messages, known by their shape."""
    for path in sorted(folder.glob("base/*/*")):
        if path.is_file() and path.name.split(".")[0].isdigit():
            segment = int(path.suffix[1:] or 0)
            data = path.read_bytes()
            for at in range(0, len(data) - _PAGE + 1, _PAGE):
                number = segment * 131_072 + at // _PAGE
                yield from _page(number, data[at : at + _PAGE])


def _page(number: int, page: bytes) -> Iterator[Tuple]:
    log = int.from_bytes(page[0:4], "little") << 32 | int.from_bytes(page[4:8], "little")
    lower = int.from_bytes(page[12:14], "little")
    for line, at in enumerate(range(24, min(lower, _PAGE), 4)):
        pointer = int.from_bytes(page[at : at + 4], "little")
        offset, flags, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
        if flags != _NORMAL or length < 28:
            continue
        row = page[offset : offset + length]
        columns, start = int.from_bytes(row[18:20], "little") & 0x7FF, row[22]
        data = row[start:]
        table = _table(columns, data)
        if table:
            yield Tuple(
                table,
                number,
                line,
                offset,
                int.from_bytes(row[:4], "little"),
                log,
                int.from_bytes(data[:4], "little"),
                data[4:],
            )


def _table(columns: int, data: bytes) -> str | None:
    if columns == 4 and len(data) == 88 and (data[4], data[21]) == (0x23, 0x83):
        return "slots"
    if columns == 2 and data[4:8] == _PIECE:
        return "envelopes"
    return None
