"""Chunks in an S3-compatible store, through obstore. Loaded only where it is used.

``chunks/ID`` is a chunk, ``days/DAY/ID`` an empty mark that it expires on that day: expiring lists
days, never chunks. The mark is written first, so that no chunk is without one. Credentials,
endpoint and region come from the AWS_* variables, as for every program that uses such a store.

The store keeps a time for every object and may log every call; docs/operating.md says so.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store as Bucket

from app.protocol.wire import CHUNK_BYTES
from app.server.chunks import BlobsAway, BlobsFull

if TYPE_CHECKING:
    from obstore.store import RetryConfig

# Whole phrases: the error's text has times, ports and ids in it too, and any of them may hold 507.
_FULL = (
    "status code: 507 ",
    "<Code>QuotaExceeded<",
    "<Code>StorageFull<",
    "<Code>XMinioStorageFull<",
)
_RETRIES: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}


class S3Store:
    """A BlobStore in a bucket, which several servers may share."""

    def __init__(self, url: str, quota_bytes: int) -> None:
        self._bucket = Bucket.from_url(url, retry_config=_RETRIES)
        self._quota = quota_bytes
        self._naming = threading.Lock()
        self._used = 0

    def open(self) -> None:
        """Count the bytes that are there. Raises BlobsAway."""
        with _in_words():
            found = sum(len(page) for page in self._bucket.list("chunks/"))
        self._used = found * CHUNK_BYTES

    def close(self) -> None:
        """Do nothing: connections end by themselves."""

    def is_crowded(self) -> bool:
        """Return False: a bucket makes its own room."""
        return False

    def grow(self) -> bool:
        """Return False: a bucket makes its own room."""
        return False

    def touch(self) -> None:
        """Do nothing: a bucket keeps its own times (see docs/operating.md)."""

    def put(self, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        """Store a chunk durably; False if its id exists. Raises BlobsFull, BlobsAway."""
        if self.has(chunk_id):
            return False
        with self._naming:
            if self._used + CHUNK_BYTES > self._quota:
                raise BlobsFull
            self._used += CHUNK_BYTES
        created = False
        try:
            with _in_words():
                self._bucket.put(f"days/{expires_day}/{chunk_id}", b"")
                self._bucket.put(f"chunks/{chunk_id}", chunk, mode="create")
                created = True
        except AlreadyExistsError:  # another was faster
            created = False
        finally:
            if not created:
                with self._naming:
                    self._used -= CHUNK_BYTES
        return created

    def get(self, chunk_id: str) -> bytes | None:
        """Return a chunk, or None. Raises BlobsAway."""
        try:
            with _in_words():
                return bytes(self._bucket.get(f"chunks/{chunk_id}").bytes())
        except FileNotFoundError:
            return None

    def has(self, chunk_id: str) -> bool:
        """Say whether there is such a chunk. Raises BlobsAway."""
        try:
            with _in_words():
                self._bucket.head(f"chunks/{chunk_id}")
        except FileNotFoundError:
            return False
        return True

    def chunks(self) -> Iterator[tuple[str, int]]:
        """Yield each chunk's id and day of expiry."""
        with _in_words():
            for page in self._bucket.list("days/"):
                for mark in page:
                    _, day, chunk_id = mark["path"].split("/")
                    yield chunk_id, int(day)

    def days(self) -> dict[int, int]:
        """Return how many chunks expire on each day."""
        counted: dict[int, int] = {}
        for _, day in self.chunks():
            counted[day] = counted.get(day, 0) + 1
        return counted

    def used(self) -> int:
        """Return how many chunks there were at the last count, and came by this server since."""
        return self._used // CHUNK_BYTES

    def hasten(self, first: int, last: int, until: int) -> int:
        """Move the marks of these days. Raises BlobsAway, BlobsFull."""
        found = [one for one, day in self.chunks() if first <= day <= last and day > until]
        days = range(max(first, until + 1), last + 1)
        with _in_words():
            for chunk_id in found:  # the new mark first: no chunk is ever without one
                self._bucket.put(f"days/{until}/{chunk_id}", b"")
            for day in days:
                for page in self._bucket.list(f"days/{day}/"):
                    self._bucket.delete([mark["path"] for mark in page])
        return len(found)

    def expire(self, today: int) -> None:
        """Delete the chunks of the days that are over, and count anew."""
        with _in_words():
            days = self._bucket.list_with_delimiter("days/")["common_prefixes"]
            for day in days:
                if int(day.rstrip("/").split("/")[-1]) <= today:
                    for page in self._bucket.list(f"{day.rstrip('/')}/"):
                        marks = [mark["path"] for mark in page]
                        chunks = [f"chunks/{mark.split('/')[-1]}" for mark in marks]
                        self._bucket.delete(chunks)
                        self._bucket.delete(marks)
        self.open()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (AlreadyExistsError, FileNotFoundError):
        raise
    except BaseError as error:
        if any(word in str(error) for word in _FULL):
            raise BlobsFull from None
        raise BlobsAway("The store of attachments does not answer.") from None
