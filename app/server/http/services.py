"""Everything that one running server holds; made in main, used by the routes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from app.protocol.group import Rng
from app.server.admission.gate import Gate
from app.server.chunks import BlobStore
from app.server.epochs.rotation import Epochs
from app.server.epochs.served import Epoch
from app.server.messages.group_commit import GroupCommit
from app.server.messages.grouped_deletes import Deleting
from app.server.messages.grouped_reads import Reading
from app.server.messages.growth import Growth
from app.server.responses.problem_details import NOT_READY, Problem
from app.server.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of a server, started."""

    settings: Settings
    messages: Reading
    deleting: Deleting
    blobs: BlobStore
    group_commit: GroupCommit
    growth: Growth
    gate: Gate
    epochs: Epochs
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
