"""What a server gives to readers: the current and the previous epoch, and the site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.protocol.wire import ENVELOPE_BYTES
from app.server.epochs.signed_directory import PublishedDirectory
from app.server.epochs.signed_site import Site


@dataclass(frozen=True)
class Epoch:
    """One epoch's bytes, and what its batches must look like."""

    number: int
    published: PublishedDirectory
    bundles: bytes
    challenges: bytes

    @property
    def version(self) -> int:
        """The version of the epoch's directory."""
        return self.published.directory.version

    @cached_property
    def batch_count(self) -> int:
        """Envelopes in a batch: one per investigator who is active in this epoch's directory."""
        return len(self.published.directory.active)

    @cached_property
    def batch_bytes(self) -> int:
        """The exact length of a batch."""
        return self.batch_count * ENVELOPE_BYTES


class Served:
    """Epochs as they turn."""

    def __init__(self, epoch_seconds: int) -> None:
        self._epoch_seconds = epoch_seconds
        self.current: Epoch | None = None
        self.previous: Epoch | None = None
        self.site = Site()

    def turn_to(self, epoch: Epoch) -> None:
        """Put an epoch in service."""
        self.previous, self.current = self.current, epoch

    def accepting(self, number: int) -> Epoch | None:
        """Return the epoch that a batch names, if it is the current or the previous one."""
        for epoch in (self.current, self.previous):
            if epoch is not None and epoch.number == number:
                return epoch
        return None

    def is_fresh(self, now: float) -> bool:
        """Say whether epochs have been turning: at most three are missing at ``now``."""
        if self.current is None:
            return False
        return now // self._epoch_seconds - self.current.number <= 3
