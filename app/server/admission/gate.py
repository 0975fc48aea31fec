"""The gate: what a route asks before it reads a body that it would have to keep.

In this order, each step cheaper than the next: is there work that is ours and not too old, is it
unspent, does the second's budget still have a place. Whoever is refused for a reason of the
server's keeps the work and may come again with it. Reports and chunks have budgets of their own:
a flood of files does not stop text.

Several servers keep count together. A challenge says who counts it: all of them, or, while their
store is down, the server alone that made it; the budget is then that server's share. So there is
never no limit, and never none who gets in.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager

from app.protocol.group import Rng
from app.protocol.kdf import hkdf
from app.protocol.work import USES
from app.server.admission.budget import Load, Rate, Room
from app.server.admission.difficulty import doublings
from app.server.admission.ledger import Ledger, StoreDown, Together
from app.server.admission.work import BadProof, ExpiredProof, Issuer, Proof
from app.server.blobs import BlobsFull
from app.server.errors import BUSY, WORK_EXPIRED, WORK_NEEDED, WORK_REPLAYED, Problem
from app.server.logs import say
from app.server.settings import Settings
from app.server.storage.errors import SlotsFull, StorageError

WORK_KEY_BYTES = 32
_NAME_BYTES = 8
_TOGETHER = "line"
_AT_ONCE = 8
_OUR_FAULT = (SlotsFull, StorageError, BlobsFull)


class Gate:
    """One server's admission. ``used`` tells how many slots hold messages.

    ``clock`` gives Unix seconds, ``steady`` seconds that never go back; ``shared`` is what
    several servers or processes count in; ``key`` makes challenges, for several processes the same.
    """

    def __init__(
        self,
        settings: Settings,
        used: Callable[[], int],
        clock: Callable[[], float],
        steady: Callable[[], float],
        rng: Rng,
        shared: Together | None = None,
        key: bytes | None = None,
    ) -> None:
        self._settings = settings
        self._used = used
        self._clock = clock
        self._shared = shared
        self._issuer = Issuer(_key(settings, key or rng(WORK_KEY_BYTES)), rng)
        self._name = rng(_NAME_BYTES).hex()
        self._ledger = Ledger(clock)
        self._load = Load(steady)
        parts = settings.servers * settings.workers
        self._share = settings.reports_per_second / parts
        self._reports = Rate(self._share, steady)
        self._chunks = Rate(settings.chunks_per_second / parts, steady)
        self._room, self._chunk_room, self._upload_room = (
            Room(settings.intake_bytes // settings.workers) for _ in range(3)
        )
        self._under_way: Counter[bytes] = Counter()
        self._was_up = True

    async def close(self) -> None:
        """Let go of the store that servers share."""
        if self._shared is not None:
            await self._shared.close()

    def challenge(self) -> bytes:
        """Return a fresh challenge for work (JSON), as hard as the line is busy and full."""
        settings = self._settings
        harder = doublings(
            self._load.per_second,
            self._share,
            self._used(),
            settings.slots_cap,
            settings.work_doublings,
        )
        together = self._shared is not None and self._shared.is_up
        return self._issuer.issue(
            most=settings.work_steps << harder,
            expires=int(self._clock()) + settings.work_seconds,
            seconds=settings.work_seconds,
            keeper=_TOGETHER if together else self._name,
        )

    @asynccontextmanager
    async def report(self, work: str | None, size: int) -> AsyncIterator[None]:
        """Let a batch of ``size`` bytes in. Raises Problem; a failure of ours costs no work."""
        async with self._spent(self._proof(work), USES):
            await self._within("reports", self._settings.reports_per_second, self._reports)
            with self._room.holding(size):
                yield

    @asynccontextmanager
    async def chunk(self, work: str | None, size: int) -> AsyncIterator[None]:
        """Let a chunk of ``size`` bytes in. Raises Problem; a failure of ours costs no work."""
        proof = self._proof(work)
        async with self._spent(proof, 1):
            await self._within("chunks", self._settings.chunks_per_second, self._chunks)
            with self._one_of_few(proof), self._chunk_room.holding(size):
                yield

    def upload(self, size: int) -> AbstractContextManager[None]:
        """Hold ``size`` bytes for an investigator's upload of bundles. Raises Problem(BUSY)."""
        return self._upload_room.holding(size)

    @contextmanager
    def _one_of_few(self, proof: Proof) -> Iterator[None]:
        """Let few chunks of one answer be under way: else slow senders fill the room with one."""
        if self._under_way[proof.nonce] >= _AT_ONCE:
            raise Problem(BUSY)
        self._under_way[proof.nonce] += 1
        try:
            yield
        finally:
            self._under_way[proof.nonce] -= 1
            if not self._under_way[proof.nonce]:
                del self._under_way[proof.nonce]

    def _proof(self, work: str | None) -> Proof:
        if work is None:
            raise Problem(WORK_NEEDED)
        try:
            return self._issuer.check(work, self._clock())
        except BadProof:
            raise Problem(WORK_NEEDED) from None
        except ExpiredProof:
            raise Problem(WORK_EXPIRED) from None

    @asynccontextmanager
    async def _spent(self, proof: Proof, uses: int) -> AsyncIterator[None]:
        fresh = proof.nonce not in self._ledger
        if not await self._spend(proof, uses):
            raise Problem(WORK_REPLAYED)
        if fresh:  # one answer sent again and again must not make the line look busy
            self._load.add()
        try:
            yield
        except Exception as error:
            if isinstance(error, _OUR_FAULT) or (
                isinstance(error, Problem) and error.kind.status >= 500
            ):
                await self._give_back(proof, uses)
            raise

    async def _spend(self, proof: Proof, uses: int) -> bool:
        if proof.keeper not in (self._name, _TOGETHER):
            raise Problem(WORK_NEEDED)  # counted by another server alone
        if not self._ledger.spend(proof.nonce, uses, proof.expires):
            return False
        if proof.keeper == self._name:
            return True
        if self._shared is None:
            raise Problem(WORK_NEEDED)
        try:
            spent = await self._shared.spend(proof.nonce, uses, proof.expires)
        except StoreDown:  # nobody can say whether another server has taken it
            self._tell(up=False)
            raise Problem(WORK_NEEDED) from None
        self._tell(up=True)
        return spent

    async def _give_back(self, proof: Proof, uses: int) -> None:
        self._ledger.give_back(proof.nonce, uses)
        if proof.keeper == _TOGETHER and self._shared is not None:
            try:
                await self._shared.give_back(proof.nonce, uses)
            except StoreDown:
                self._tell(up=False)

    async def _within(self, what: str, per_second: float, share: Rate) -> None:
        if not await self._take(what, per_second, share):
            raise Problem(BUSY)

    async def _take(self, what: str, per_second: float, share: Rate) -> bool:
        if self._shared is None:
            return share.take()
        try:
            return await self._shared.take(what, per_second)
        except StoreDown:
            self._tell(up=False)
            return share.take()

    def _tell(self, *, up: bool) -> None:
        if up != self._was_up:
            self._was_up = up
            say(logging.INFO if up else logging.ERROR, "shared-up" if up else "shared-down")


def _key(settings: Settings, own: bytes) -> bytes:
    """Return the key of challenges: the line's, where servers share one, else this server's own."""
    if settings.shared_secret is None:
        return own
    secret = settings.shared_secret.get_secret_value().encode()
    return hkdf(secret, b"quietline-work-v1", b"", WORK_KEY_BYTES)
