"""Emptying SQLite's write-ahead log so that nothing of it is left on the disk.

SQLite cuts the log off and deletes it; the blocks keep what was in them, pages with what has been
destroyed since, until they are used again. So old frames are overwritten where they lie first.
That reaches a file system that writes in place; flash memory and copy-on-write file systems keep
old blocks for a while all the same.

Of a log everything is old that comes after the frames with the salts of its head (SQLite, "WAL-mode
file format"); no other writes while this holds the lock to write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from app.files.erasing import overwrite

_HEAD, _FRAME_HEAD, _SALTS = 32, 24, 8


def empty_log(raw: Any, patience_ms: int) -> None:
    """Write all of the log into the database, overwrite the log, and cut it off.

    ``raw`` is a connection of the driver without a transaction. Where another reads for longer than
    ``patience_ms``, what they read stays, for the next time. A log that is empty already costs
    nothing. Raises the driver's Error.
    """
    log = Path(raw.execute("PRAGMA database_list").fetchone()[2] + "-wal")
    if not log.exists() or not log.stat().st_size:
        return
    before = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute(f"PRAGMA busy_timeout = {patience_ms}")
    try:
        raw.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
        with _writing(raw, "COMMIT"):
            # The first write after it begins the log anew, at its beginning.
            version = raw.execute("PRAGMA user_version").fetchone()[0]
            raw.execute(f"PRAGMA user_version = {version}")
        with _writing(raw, "ROLLBACK"), log.open("r+b", buffering=0) as file:
            overwrite(file, _end_of_new(file))
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute(f"PRAGMA busy_timeout = {before}")


@contextmanager
def _writing(raw: Any, end: str) -> Iterator[None]:
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        raw.execute("ROLLBACK")
        raise
    raw.execute(end)


def _end_of_new(file: BinaryIO) -> int:
    """Return where the frames end that are of the log as it is."""
    head = file.read(_HEAD)
    page, salts = int.from_bytes(head[8:12]), head[16 : 16 + _SALTS]
    at = _HEAD
    while True:
        file.seek(at)
        frame = file.read(_FRAME_HEAD)
        if len(frame) < _FRAME_HEAD or frame[8 : 8 + _SALTS] != salts:
            return at
        at += _FRAME_HEAD + page
