"""The gate: what a route asks before it reads a body that it would have to keep.

In this order: is there room at all, else no caller shall work for it; is there work that is ours,
not too old, and as much as the room now costs; is there memory; is the work unspent; does the
second's budget still have a place. What is refused takes nothing of what comes after it, and
whoever is refused for a reason of the server's keeps the work and may come again with it. Reports
and chunks have work, memory and budgets of their own: a flood of files does not stop text.

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
from app.protocol.wire import CHUNK_BYTES, ENVELOPE_BYTES
from app.protocol.work import BATCH, CHUNKS, FILES
from app.server.admission.budget import Load, Rate
from app.server.admission.difficulty import (
    OccupiedSlots,
    batch_steps,
    by_load,
    by_room,
    doubled,
    seconds_for,
)
from app.server.admission.proof_of_work import BadProof, ExpiredProof, Issuer, Proof, Terms
from app.server.admission.room import HeldBody, Room
from app.server.admission.spent_work import SharedStore, SpentWork, StoreDown
from app.server.chunks import BlobsFull
from app.server.logs import say
from app.server.responses.problem_details import (
    BUSY,
    FULL,
    STORAGE_FULL,
    WORK_EXPIRED,
    WORK_NEEDED,
    WORK_REPLAYED,
    Problem,
)
from app.server.settings import Settings
from app.server.storage.failures import SlotsFull, StorageError

_WORK_KEY_BYTES = 32
_NAME_BYTES = 8
_SHARED = "line"
_AT_ONCE = 8
_AT_ONCE_SHORT = 2
"""How many chunks of one answer are under way: as a rule, and while memory is short."""
_OUR_FAULT = (SlotsFull, StorageError, BlobsFull)


class Lane:
    """What messages, or chunks, are let in by: ``what`` and how many a second the line takes."""

    def __init__(
        self,
        what: str,
        per_second: float,
        parts: int,
        memory: int,
        uses: int,
        steady: Callable[[], float],
    ) -> None:
        self.what = what
        self.per_second = per_second
        self.rate = Rate(per_second / parts, steady)
        self.memory = Room(memory, steady)
        self.coming = 0
        """How many envelopes, or chunks, were let in and are not stored yet."""
        self._load = Load(steady)
        self._most_answers = per_second / parts / uses

    def came(self) -> None:
        """Count an answer that was not seen before."""
        self._load.add()

    @contextmanager
    def holding(self, count: int) -> Iterator[HeldBody]:
        """Make place for a body of ``count`` parts; it holds memory for what has come of it."""
        with self.memory.body() as held:
            self.coming += count
            try:
                yield held
            finally:
                self.coming -= count

    @property
    def doublings(self) -> int:
        """How often the work is doubled for what came of late."""
        return by_load(self._load.per_second, self._most_answers)


class Gate:
    """One server's admission. ``kept`` tells how much room is taken.

    ``clock`` gives Unix seconds, ``steady`` seconds that never go back; ``shared`` is what
    several servers count in.
    """

    def __init__(
        self,
        settings: Settings,
        kept: Callable[[], OccupiedSlots],
        clock: Callable[[], float],
        steady: Callable[[], float],
        rng: Rng,
        shared: SharedStore | None = None,
    ) -> None:
        self._settings = settings
        self._kept = kept
        self._clock = clock
        self._shared = shared
        self._issuer = Issuer(_key(settings, rng), rng)
        self._name = rng(_NAME_BYTES).hex()
        self._spent_work = SpentWork(clock)
        parts, memory = settings.servers, settings.intake_bytes
        self._reports = Lane("reports", settings.reports_per_second, parts, memory, 1, steady)
        self._chunks = Lane("chunks", settings.chunks_per_second, parts, memory, CHUNKS, steady)
        self._upload_room = Room(memory, steady)
        self._under_way: Counter[bytes] = Counter()
        self._was_up = True

    async def close(self) -> None:
        """Let go of the store that servers share."""
        if self._shared is not None:
            await self._shared.close()

    def message_challenge(self, envelopes: int) -> bytes:
        """Return a challenge (JSON) for a batch of so many envelopes. Raises Problem(FULL)."""
        steps = self._message_steps(envelopes, self._reports.doublings)
        return self._challenge(Terms(BATCH, 1, steps))

    def chunk_challenge(self) -> bytes:
        """Return a challenge (JSON) for chunks. Raises Problem(STORAGE_FULL)."""
        steps = self._chunk_steps(self._chunks.doublings)
        return self._challenge(Terms(FILES, CHUNKS, steps))

    @asynccontextmanager
    async def report(self, work: str | None, size: int) -> AsyncIterator[HeldBody]:
        """Let a batch of ``size`` bytes in. Raises Problem; a failure of ours costs no work."""
        envelopes = size // ENVELOPE_BYTES
        proof = self._proof(work, BATCH, self._message_steps(envelopes))
        with self._reports.holding(envelopes) as held:
            async with self._spent(proof, self._reports, held):
                yield held

    @asynccontextmanager
    async def chunk(self, work: str | None) -> AsyncIterator[HeldBody]:
        """Let a chunk in. Raises Problem; a failure of ours costs no work."""
        proof = self._proof(work, FILES, self._chunk_steps())
        with self._one_of_few(proof), self._chunks.holding(1) as held:
            async with self._spent(proof, self._chunks, held):
                yield held

    def upload(self) -> AbstractContextManager[HeldBody]:
        """Let an investigator's upload of bundles in. No work stands behind it."""
        return self._upload_room.body()

    @contextmanager
    def _one_of_few(self, proof: Proof) -> Iterator[None]:
        """Let few chunks of one answer be under way: else slow senders fill the room with one."""
        few = _AT_ONCE_SHORT if self._chunks.memory.is_short else _AT_ONCE
        if self._under_way[proof.nonce] >= few:
            raise Problem(BUSY)
        self._under_way[proof.nonce] += 1
        try:
            yield
        finally:
            self._under_way[proof.nonce] -= 1
            if not self._under_way[proof.nonce]:
                del self._under_way[proof.nonce]

    def _challenge(self, terms: Terms) -> bytes:
        shared = self._shared is not None and self._shared.is_up
        seconds = self._settings.work_seconds + seconds_for(terms.most)
        return self._issuer.issue(
            terms,
            expires=int(self._clock()) + seconds,
            seconds=seconds,
            keeper=_SHARED if shared else self._name,
        )

    def _message_steps(self, envelopes: int, more: int = 0) -> int:
        """Return what a batch costs, by the room in use and ``more`` doublings.

        What was let in counts as there: else many could come at once at the price of one. Raises
        Problem(FULL).
        """
        used, room = self._kept().messages, self._settings.slots_cap
        if used + envelopes > room:
            raise Problem(FULL)
        steps = batch_steps(self._settings.work_steps, envelopes)
        doublings = by_room(used + self._reports.coming, room) + more
        return doubled(steps, doublings, self._settings.work_doublings)

    def _chunk_steps(self, more: int = 0) -> int:
        """Return what so many chunks cost as an answer buys. Raises Problem(STORAGE_FULL)."""
        used, room = self._kept().chunks, self._settings.blob_quota_bytes // CHUNK_BYTES
        if used >= room:
            raise Problem(STORAGE_FULL)
        doublings = by_room(used + self._chunks.coming, room) + more
        return doubled(self._settings.work_steps, doublings, self._settings.work_doublings)

    def _proof(self, work: str | None, buys: str, steps: int) -> Proof:
        """Return the proof that a request carries, if it is for this and worth ``steps``."""
        if work is None:
            raise Problem(WORK_NEEDED)
        try:
            proof = self._issuer.check(work, self._clock())
        except BadProof:
            raise Problem(WORK_NEEDED) from None
        except ExpiredProof:
            raise Problem(WORK_EXPIRED) from None
        if proof.terms.buys != buys:
            raise Problem(WORK_NEEDED)
        if proof.terms.most < steps:  # the line has got fuller since: challenges can be hoarded
            raise Problem(WORK_EXPIRED)
        return proof

    @asynccontextmanager
    async def _spent(self, proof: Proof, lane: Lane, held: HeldBody) -> AsyncIterator[None]:
        fresh = proof.nonce not in self._spent_work
        if not await self._spend(proof):
            raise Problem(WORK_REPLAYED)
        if fresh:  # one answer sent again and again must not make the line look busy
            lane.came()
        try:
            await self._within(lane)
            try:
                yield
            except BaseException:
                if not held.is_whole:  # a body that did not come takes no place of the second
                    lane.rate.give_back()
                raise
        except Exception as error:
            if isinstance(error, _OUR_FAULT) or (
                isinstance(error, Problem) and error.kind.status >= 500
            ):
                await self._give_back(proof)
            raise

    async def _spend(self, proof: Proof) -> bool:
        if proof.keeper not in (self._name, _SHARED):
            raise Problem(WORK_NEEDED)  # counted by another server alone
        uses = proof.terms.uses
        if not self._spent_work.spend(proof.nonce, uses, proof.expires):
            return False
        if proof.keeper == self._name:
            return True
        if self._shared is None:
            raise Problem(WORK_NEEDED)
        try:
            spent = await self._shared.spend(proof.nonce, uses, proof.expires)
        except StoreDown:  # it cannot be said whether another server has taken it
            self._tell(up=False)
            raise Problem(WORK_NEEDED) from None
        self._tell(up=True)
        return spent

    async def _give_back(self, proof: Proof) -> None:
        self._spent_work.give_back(proof.nonce)
        if proof.keeper == _SHARED and self._shared is not None:
            try:
                await self._shared.give_back(proof.nonce)
            except StoreDown:
                self._tell(up=False)

    async def _within(self, lane: Lane) -> None:
        if not await self._take(lane):
            raise Problem(BUSY)

    async def _take(self, lane: Lane) -> bool:
        if self._shared is None:
            return lane.rate.take()
        try:
            return await self._shared.take(lane.what, lane.per_second)
        except StoreDown:
            self._tell(up=False)
            return lane.rate.take()

    def _tell(self, *, up: bool) -> None:
        if up != self._was_up:
            self._was_up = up
            say(logging.INFO if up else logging.ERROR, "shared-up" if up else "shared-down")


def _key(settings: Settings, rng: Rng) -> bytes:
    """Return the key of challenges: the line's, where servers share one, else this server's own."""
    if settings.shared_secret is None:
        return rng(_WORK_KEY_BYTES)
    secret = settings.shared_secret.get_secret_value().encode()
    return hkdf(secret, b"quietline-work-v2", b"", _WORK_KEY_BYTES)
