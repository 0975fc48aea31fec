"""The analyst: knows the software, has the copied folder and what the file system says of it.

Finds every message and chunk that is there, every physical order they lie in, every value beside
them, and looks everywhere for what must not be there. Knows nothing of what happened.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.protocol.wire import CHUNK_BYTES
from app.server.chunks.pool import LEAVING, RECORD_BYTES, read_record
from app.server.storage.postgres import PIECES
from tests.server.seizure import heap_pages, sqlite_pages
from tests.server.seizure.week import Seized

HINT, ENVELOPE = 64, 19_936
_INDEX_HEADER, _INDEX_BLOCK, _INDEX_PAGES = 136, 32_768, 4_096
USED_FROM = 0
"""Days of expiry above this are real."""


@dataclass
class Evidence:
    """What was found. Messages are named by their hints (64 bytes), chunks by their ids."""

    orders: dict[str, dict[Hashable, float]] = field(default_factory=dict)
    """Physical orders: where each message lies in it."""
    values: dict[str, dict[Hashable, float]] = field(default_factory=dict)
    """What stands beside each message, or can be computed of it."""
    chunk_orders: dict[str, dict[Hashable, float]] = field(default_factory=dict)
    chunk_values: dict[str, dict[Hashable, float]] = field(default_factory=dict)
    log: dict[Hashable, float] = field(default_factory=dict)
    """Messages in a write-ahead log, in its order."""
    index: dict[Hashable, float] = field(default_factory=dict)
    """Messages whose pages stand in the index of a write-ahead log, in its order, whether they are
    still in the log or not."""
    rest: dict[str, bytes] = field(default_factory=dict)
    """Every file, by name, without what is random by construction: where a time would stand out."""
    leftovers: list[str] = field(default_factory=list)
    """Bytes that should be nothing and are something."""

    def features(self) -> dict[Hashable, list[float]]:
        """Return a row of numbers for each message."""
        columns = list((self.orders | self.values).values())
        known = set.intersection(*(set(column) for column in columns)) if columns else set()
        return {one: [column[one] for column in columns] for one in known}


def sqlite(seized: Seized, path: str = "data/quietline.db") -> Evidence:
    """Take a SQLite database and the files of chunks apart."""
    evidence = Evidence()
    reader = sqlite_pages.Reader(seized.folder / path)
    database = reader.read()
    evidence.rest[path] = reader.rest()
    evidence.leftovers += [
        f"{len(content.strip(bytes(1)))} bytes on page {number}"
        for number, content in database.residue
    ]
    slots = {row.rowid: row for row in database.tables["slots"]}
    envelopes = {row.rowid: row for row in database.tables["envelopes"]}
    held = {n: bytes(row.columns[2]) for n, row in slots.items() if int(row.columns[3]) > USED_FROM}
    place = {n: row.page * 2.0**16 + row.offset for n, row in slots.items()}
    _orders(
        evidence.orders,
        held,
        {
            "slot": {n: float(n) for n in slots},
            "place of the slot": place,
            "page of the envelope": {n: float(row.page) for n, row in envelopes.items()},
            "first page of overflow": {n: float(row.overflow[0]) for n, row in envelopes.items()},
            "last page of overflow": {n: float(row.overflow[-1]) for n, row in envelopes.items()},
            "id": {n: float(int.from_bytes(bytes(row.columns[1]))) for n, row in slots.items()},
        },
    )
    contents = {n: bytes(row.columns[1]) for n, row in envelopes.items()}
    for n, hint in held.items():
        if contents[n][:HINT] != hint:
            evidence.leftovers.append("an envelope that is not its slot's")
    days = {n: int(row.columns[3]) for n, row in slots.items()}
    _beside(evidence, held, days, contents)
    evidence.log = _in_log(b"".join(reader.logged("envelopes")), held.values())
    chunks(evidence, seized.folder / "data" / "blobs")
    others(
        evidence,
        seized.folder,
        (path, f"{path}-wal", f"{path}-shm", "data/blobs/slots", "data/blobs/places"),
    )
    pages = {envelopes[n].overflow[0]: hint for n, hint in held.items()}
    _index_of_log(evidence, seized.folder / f"{path}-shm", reader.pages, pages)
    return evidence


def postgres(seized: Seized, path: str = "postgres") -> Evidence:
    """Take PostgreSQL's data directory and the files of chunks apart."""
    evidence = Evidence()
    folder = seized.folder / path
    rows = list(heap_pages.tuples(folder))
    newest = {(row.table, row.number): row for row in sorted(rows, key=lambda row: row.log)}
    slots = {n: row for (table, n), row in newest.items() if table == "slots"}
    parts = {n: row for (table, n), row in newest.items() if table == "envelopes"}
    days = {n: int.from_bytes(row.data[82:84], "little", signed=True) for n, row in slots.items()}
    held = {n: row.data[18:82] for n, row in slots.items() if days[n] > USED_FROM}
    firsts = {n: parts[PIECES * n] for n in slots}
    lasts = {n: parts[PIECES * n + PIECES - 1] for n in slots}
    _orders(
        evidence.orders,
        held,
        {
            "slot": {n: float(n) for n in slots},
            "place of the slot": {n: row.page * 2.0**16 + row.line for n, row in slots.items()},
            "offset of the slot": {n: row.page * 2.0**16 + row.offset for n, row in slots.items()},
            "page of the envelope": {n: float(row.page) for n, row in firsts.items()},
            "offset of the envelope": {n: float(row.offset) for n, row in firsts.items()},
            "id": {n: float(int.from_bytes(row.data[1:17])) for n, row in slots.items()},
            "transaction of the slot": {n: float(row.transaction) for n, row in slots.items()},
            "transaction of the envelope": {n: float(row.transaction) for n, row in firsts.items()},
            "place in the log of the slot's page": {n: float(row.log) for n, row in slots.items()},
            "place in the log of the first page": {n: float(row.log) for n, row in firsts.items()},
            "place in the log of the last page": {n: float(row.log) for n, row in lasts.items()},
        },
    )
    contents = {
        n: b"".join(parts[PIECES * n + part].data[4:] for part in range(PIECES))[:ENVELOPE]
        for n in slots
    }
    _beside(evidence, held, days, contents)
    log = b"".join(one.read_bytes() for one in sorted((folder / "pg_wal").glob("0*")))
    evidence.log = _in_log(log, held.values())
    chunks(evidence, seized.folder / "data" / "blobs")
    return evidence


def _orders(
    into: dict[str, dict[Hashable, float]],
    held: Mapping[int, Hashable],
    places: Mapping[str, Mapping[int, float]],
) -> None:
    for name, by_slot in places.items():
        into[name] = {one: by_slot[n] for n, one in held.items() if n in by_slot}


def _beside(
    evidence: Evidence,
    held: Mapping[int, bytes],
    days: Mapping[int, int],
    contents: Mapping[int, bytes],
) -> None:
    """Values of each message and its neighbourhood."""
    values = evidence.values
    values["day of expiry"] = {hint: float(days[n]) for n, hint in held.items()}
    around = {n: [m for m in range(n - 5, n + 6) if m != n and m in days] for n in held}
    values["used slots around"] = {
        hint: float(sum(m in held for m in around[n])) for n, hint in held.items()
    }
    values["neighbours of one day"] = {
        hint: float(sum(days[m] == days[n] for m in around[n])) for n, hint in held.items()
    }
    values["mean byte"] = {hint: sum(contents[n][HINT:]) / ENVELOPE for n, hint in held.items()}
    values["size compressed"] = {
        hint: float(len(zlib.compress(contents[n][HINT:2_112], 1))) for n, hint in held.items()
    }


def _in_log(log: bytes, hints: Iterable[bytes]) -> dict[Hashable, float]:
    found = {hint: log.find(hint) for hint in hints} if log else {}
    return {hint: float(at) for hint, at in found.items() if at >= 0}


def _index_of_log(
    evidence: Evidence, file: Path, pages: int, messages: Mapping[int, Hashable]
) -> None:
    """Take the index of the log apart (SQLite, WAL-index format).

    It is a header, then, in blocks of 32 kB, the numbers of the log's pages and a table to find
    them by. Numbers that follow each other would be taken for a time.
    """
    content = file.read_bytes() if file.exists() else b""
    evidence.rest[file.name] = file.name.encode() + content[:_INDEX_HEADER]
    for block in range(0, len(content), _INDEX_BLOCK):
        begin, end = max(block, _INDEX_HEADER), block + 4 * _INDEX_PAGES
        numbers = struct.unpack(f"={(end - begin) // 4}I", content[begin:end])
        if any(number > pages for number in numbers):
            evidence.leftovers.append("an index of the log that holds more than page numbers")
        for place, number in enumerate(numbers):
            if number in messages:
                evidence.index[messages[number]] = float(block + place)


def others(evidence: Evidence, folder: Path, known: tuple[str, ...]) -> None:
    """Keep every other file whole."""
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if name not in known:
            evidence.rest[name] = name.encode() + (path.read_bytes() if path.is_file() else b"")


def chunks(evidence: Evidence, folder: Path) -> None:
    """Take the files of chunks apart: slots, or one file each."""
    if not (folder / "places").exists():
        return
    places = (folder / "places").read_bytes()
    held: dict[int, str] = {}
    days: dict[int, int] = {}
    count = len(places) // RECORD_BYTES
    for slot in range(count):
        named = read_record(slot, places[slot * RECORD_BYTES : (slot + 1) * RECORD_BYTES])
        if named is not None and named.day != LEAVING:
            held[slot], days[slot] = named.chunk_id, named.day
    if (folder / "slots").stat().st_size != count * CHUNK_BYTES or len(places) % RECORD_BYTES:
        evidence.leftovers.append("files of chunks that hold more or less than their slots")
    evidence.rest["data/blobs/places"] = b"".join(day.to_bytes(4) for day in days.values())
    _orders(
        evidence.chunk_orders,
        held,
        {
            "slot": {n: float(n) for n in range(count)},
            "id": {n: float(int(one, 16)) for n, one in held.items()},
        },
    )
    evidence.chunk_values["day of expiry"] = {one: float(days[n]) for n, one in held.items()}


def chunk_files(evidence: Evidence, seized: Seized) -> None:
    """Read what a file system says where each chunk has a file of its own."""
    files = {
        one.path.rsplit("/", 1)[-1]: one
        for one in seized.stats
        if "/blobs/" in one.path and len(one.path.rsplit("/", 1)[-1]) == 32
    }
    if files:
        evidence.chunk_orders |= {
            "inode": {name: float(one.inode) for name, one in files.items()},
            "birth": {name: one.birth for name, one in files.items()},
            "change": {name: one.changed for name, one in files.items()},
        }
