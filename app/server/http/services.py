"""Everything that one running server holds; made in main, used by the routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.requests import Request

from app.protocol.group import Rng
from app.server.admission.gate import Gate
from app.server.epochs.served import Epoch, Served
from app.server.responses.problem_details import NOT_READY, Problem
from app.server.settings import Settings
from app.server.storage.database import Job


class Reads(Protocol):
    """Finds messages."""

    async def read(self, message_id: bytes) -> tuple[bool, bytes]:
        """Return whether the 16-byte id is a message's, and an envelope read in either case."""


class Writes(Protocol):
    """Changes the database."""

    async def submit(self, job: Job) -> Any:
        """Run a job; returns its result once that is durable. Raises SlotsFull, StorageError."""


class Deletes(Protocol):
    """Deletes messages."""

    async def delete(self, message_id: bytes) -> None:
        """Delete a message by its 16-byte id, if it is there, durably. Raises StorageError."""


class Chunks(Protocol):
    """Keeps attachments (see BlobStore, which says more). Raises BlobsFull, BlobsAway."""

    def put(self, chunk_id: str, chunk: bytes, expires_day: int) -> bool:
        """Store a chunk durably; False if the id exists, which stays as it is."""

    def get(self, chunk_id: str) -> bytes | None:
        """Return a chunk, or None."""

    def has(self, chunk_id: str) -> bool:
        """Say whether there is such a chunk."""


class Grows(Protocol):
    """Makes room ahead."""

    def check(self) -> None:
        """Begin to, where that is due."""


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a server, started."""

    settings: Settings
    messages: Reads
    deleting: Deletes
    blobs: Chunks
    intake: Writes
    growth: Grows
    gate: Gate
    epochs: Served
    clock: Callable[[], float]
    rng: Rng

    def epoch(self) -> Epoch:
        """Return the current epoch. Raises Problem(NOT_READY) before the first."""
        if self.epochs.current is None:
            raise Problem(NOT_READY)
        return self.epochs.current


def services_of(request: Request) -> Services:
    """Return the services of the application that a request came to."""
    services: Services = request.app.state.services
    return services
