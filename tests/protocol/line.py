"""A small line for tests: an agency's root, investigators, desks, a directory and bundles."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.protocol.directory import Directory, open_directory
from app.protocol.encoding import b64u, json_bytes
from app.protocol.identities import BundleKeys, InvestigatorIdentity, sign, verify_key
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_DIRECTORY
from app.protocol.wire import EpochBundles

WINDOW = 3_600
NOON = 1_790_000_000 // WINDOW * WINDOW
D0, D1 = {"en": "First desk"}, {"en": "Second desk"}


def seeded(label: str) -> Callable[[int], bytes]:
    """Return an rng that gives the same bytes in every run."""
    state = {"calls": 0}

    def rng(size: int) -> bytes:
        state["calls"] += 1
        return hashlib.shake_256(f"{label}/{state['calls']}".encode()).digest(size)

    return rng


@dataclass
class TestLine:
    """A line with ``count`` investigators; desk d0 holds the first half, d1 the rest."""

    __test__ = False

    count: int = 3
    rng: Callable[[int], bytes] = field(default_factory=lambda: seeded("line"))

    def __post_init__(self) -> None:
        self.root = Secret(self.rng(32))
        self.line_id = verify_key(self.root)
        self.identities = [InvestigatorIdentity.generate(self.rng) for _ in range(self.count)]
        self.keys = [BundleKeys.generate(self.rng) for _ in self.identities]
        self.statuses = ["active"] * self.count

    def inner(self) -> dict[str, Any]:
        """Return the directory's JSON, to be changed by a test before it is signed."""
        half = (self.count + 1) // 2
        return {
            "v": 2,
            "line_id": b64u(self.line_id),
            "version": 1,
            "issued": "2026-09-01",
            "expires": "2027-02-28",
            "roots": [],
            "investigators": [
                {
                    "vk": b64u(one.vk),
                    "dh": b64u(one.dh),
                    "mlkem": b64u(one.mlkem),
                    "fetch": b64u(one.fetch),
                    "sig": b64u(one.signature),
                    "label": one.label,
                    "status": one.status,
                    **({"left": "2026-08-15"} if one.status == "former" else {}),
                }
                for one in (
                    identity.public(f"investigator {i}", self.statuses[i])
                    for i, identity in enumerate(self.identities)
                )
            ],
            "desks": [
                {"id": "d0", "members": list(range(half)), "name": D0, "about": D0},
                {"id": "d1", "members": list(range(half, self.count)), "name": D1, "about": D1},
            ],
            "params": {"message_days": 90, "window_seconds": WINDOW},
        }

    def signed(self, inner: dict[str, Any] | None = None, root: Secret | None = None) -> bytes:
        """Return a directory file, signed by the line's root or another."""
        return self.sign(json_bytes(inner or self.inner()), root)

    def sign(self, data: bytes, root: Secret | None = None) -> bytes:
        """Return a directory file of just these bytes."""
        root = root or self.root
        signature = sign(root, TAG_DIRECTORY, data)
        return json_bytes(
            {"directory": b64u(data), "signature": signature.hex(), "root": verify_key(root).hex()}
        )

    def directory(self) -> Directory:
        """Return the verified directory."""
        return open_directory(self.signed(), self.line_id)

    def bundles(self, without: set[int] = frozenset()) -> EpochBundles:  # type: ignore[assignment]
        """Return an epoch's bundles for all active investigators but some."""
        directory = self.directory()
        return EpochBundles(
            7,
            directory.hash,
            {
                i: self.keys[i].bundle(self.identities[i], NOON, NOON + WINDOW)
                for i in directory.active
                if i not in without
            },
        )
