"""Which operations are accepted: each author's chain at a desk, replays, gaps, forks. Pure.

An author's operations at a desk are a chain: numbered from 1, each naming the hash of the one
before. Two different ones with one number are a fork, which an honest console never makes; it is an
alarm, and neither is taken over the one that was accepted first. What was there already is ignored.

What comes too early counts at once: it is signed, and merging asks for no order. The numbers passed
over are a gap, into which only what its neighbours name fits; so whatever comes late is the same
history, or a fork that is found where the two meet. Where nothing may be passed over (after a fork,
of one's own chain, beyond so many gaps) it is held until what lies between has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from app.protocol.operation import NO_HASH, SEQUENCE_MAX, Operation

Clock = tuple[int, int]
"""A reading of a hybrid logical clock: Unix seconds and a counter."""

AHEAD_SECONDS = 24 * 3600
"""How far an author's clock may be ahead of ours: else one wrong clock would win for ever."""

FOLLOW_SECONDS = 18 * 3600
"""How far ahead of our own time others' clocks take ours along: so much less than AHEAD_SECONDS
that what we write next is accepted by whose clock is hours behind ours (a wrong time zone)."""


class Verdict(StrEnum):
    """What becomes of an operation that came."""

    ACCEPTED = "accepted"
    REPLAY = "replay"
    EARLY = "early"
    FORK = "fork"
    STRANGER = "stranger"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class Head:
    """The last operation accepted of an author at a desk."""

    seq: int
    hash: bytes


NOTHING = Head(0, NO_HASH)


GAPS_MAX = 64
"""Gaps of one author at one desk: who leaves out numbers without end fills no vault."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers of a chain that were passed over, ``first`` to ``last``.

    ``below`` is the hash of what comes before, ``above`` the hash that the signed operation after
    ``last`` names as its ``previous``. ``at`` is when the gap was noticed (Unix seconds);
    ``acknowledged``, that somebody here has dealt with it.
    """

    first: int
    last: int
    below: bytes
    above: bytes
    at: int
    acknowledged: bool = False

    def takes(self, operation: Operation) -> bool:
        """Say whether an operation with a number of this gap is of the history on both sides.

        As far as they touch.
        """
        first, last = operation.seq == self.first, operation.seq == self.last
        return (not first or operation.previous == self.below) and (
            not last or operation.hash == self.above
        )

    def without(self, operation: Operation) -> list[Gap]:
        """Return what is left of it once that has come."""
        before = replace(self, last=operation.seq - 1, above=operation.previous)
        after = replace(self, first=operation.seq + 1, below=operation.hash)
        return [one for one in (before, after) if one.first <= one.last]


def gap_at(gaps: Iterable[Gap], seq: int) -> Gap | None:
    """Return the gap that a number lies in."""
    return next((one for one in gaps if one.first <= seq <= one.last), None)


def after_head(gaps: list[Gap], head: Head) -> list[Gap]:
    """Return what of the gaps comes after a head: before a chain's beginning nothing is lacking."""
    return [
        one if one.first > head.seq else replace(one, first=head.seq + 1, below=head.hash)
        for one in gaps
        if one.last > head.seq
    ]


class Store(Protocol):
    """What a log is kept in: the vault, or a dictionary in tests."""

    def head(self, desk: str, author: bytes) -> Head:
        """Return the head of an author's chain, NOTHING where none was accepted."""

    def hash_at(self, desk: str, author: bytes, seq: int) -> bytes | None:
        """Return the hash of the operation accepted with this number, if it is kept here."""

    def accept(self, operation: Operation) -> None:
        """Keep it for good; as the new head, if it is later than that."""

    def gaps(self, desk: str, author: bytes) -> list[Gap]:
        """Return what was passed over and has not come."""

    def keep_gaps(self, desk: str, author: bytes, found: list[Gap]) -> None:
        """Keep these gaps in place of those kept before."""

    def forked(self, desk: str, author: bytes) -> bool:
        """Say whether two histories of this author have been seen at this desk."""

    def hold(self, operation: Operation) -> None:
        """Keep it until what is missing has come."""

    def held(self, desk: str, author: bytes, seq: int) -> list[Operation]:
        """Return those held with this number; they are not held any more."""


def judge(
    store: Store, operation: Operation, *, member: bool, now: int, waits: bool = False
) -> Verdict:
    """Return what is to become of a verified operation.

    ``now`` is our clock, in Unix seconds. One that ``waits`` passes over nothing.
    """
    if not member:
        return Verdict.STRANGER
    desk, author = operation.desk, operation.author
    head, gaps = store.head(desk, author), store.gaps(desk, author)
    gap = gap_at(gaps, operation.seq)
    if operation.seq <= head.seq:
        known = store.hash_at(desk, author, operation.seq)
        if known is not None or gap is None:
            return Verdict.REPLAY if known in (None, operation.hash) else Verdict.FORK
    if operation.clock[0] > now + AHEAD_SECONDS:
        return Verdict.AHEAD
    if gap is not None and not gap.takes(operation):
        return Verdict.FORK
    if operation.seq == head.seq + 1 and operation.previous != head.hash:
        return Verdict.FORK
    more = len(passed(gaps, head, operation, now)) > len(gaps)
    if more and (waits or len(gaps) >= GAPS_MAX or store.forked(desk, author)):
        return Verdict.EARLY
    return Verdict.ACCEPTED


def passed(gaps: list[Gap], head: Head, operation: Operation, now: int) -> list[Gap]:
    """Return the gaps of a chain once an operation was accepted."""
    if operation.seq > head.seq + 1:
        new = Gap(head.seq + 1, operation.seq - 1, head.hash, operation.previous, now)
        return [*gaps, new]
    found = []
    for one in gaps:
        inside = one.first <= operation.seq <= one.last
        found += one.without(operation) if inside else [one]
    return found


def receive(
    store: Store,
    operation: Operation,
    *,
    member: Callable[[Operation], bool],
    now: int,
    waits: Callable[[Operation], bool] = lambda _: False,
) -> list[tuple[Verdict, Operation]]:
    """Take one in, and after it those that waited for it; what became of each.

    ``member`` says whether an operation's author may write it at its desk now, ``waits`` whether
    it is to pass over nothing.
    """
    outcome = []
    queue = [operation]
    while queue:
        one = queue.pop(0)
        verdict = judge(store, one, member=member(one), now=now, waits=waits(one))
        outcome.append((verdict, one))
        if verdict is Verdict.ACCEPTED:
            desk, author = one.desk, one.author
            before = store.gaps(desk, author)
            after = passed(before, store.head(desk, author), one, now)
            store.accept(one)
            if after != before:
                store.keep_gaps(desk, author, after)
            queue += store.held(desk, author, one.seq + 1)
        elif verdict is Verdict.EARLY:
            store.hold(one)
    return outcome


def tick(last: Clock, now: int) -> Clock:
    """Return the hybrid logical clock's next reading, later than the last and than all followed."""
    if now > last[0]:
        return now, 0
    # A counter at its end, which a member may sign, is carried: what we write must open elsewhere.
    return (last[0], last[1] + 1) if last[1] < SEQUENCE_MAX else (last[0] + 1, 0)


def follow(last: Clock, seen: Clock, now: int) -> Clock:
    """Return the reading to go on from once an operation with the clock ``seen`` was accepted."""
    return max(last, min(seen, (now + FOLLOW_SECONDS, 0)))
