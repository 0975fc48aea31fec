"""Which operations are accepted: each author's chain at a desk, replays, gaps, forks. Pure.

An author's operations at a desk are a chain: numbered from 1, each naming the hash of the one
before. Two different ones with one number are a fork, which an honest console never makes; it is an
alarm, and neither is taken over the one that was accepted first. What comes too early is held until
what lies between has come; what was there already is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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


class Store(Protocol):
    """What a log is kept in: the vault, or a dictionary in tests."""

    def head(self, desk: str, author: bytes) -> Head:
        """NOTHING where none was accepted."""

    def hash_at(self, desk: str, author: bytes, seq: int) -> bytes | None:
        """Of the operation accepted with this number, if it is kept here."""

    def accept(self, operation: Operation) -> None:
        """Keep it for good, as the new head."""

    def hold(self, operation: Operation) -> None:
        """Keep it until what is missing has come."""

    def held(self, desk: str, author: bytes, seq: int) -> list[Operation]:
        """Those held with this number; they are not held any more."""


def judge(store: Store, operation: Operation, *, member: bool, now: int) -> Verdict:
    """What is to become of a verified operation; ``now`` is our clock, in Unix seconds."""
    if not member:
        return Verdict.STRANGER
    head = store.head(operation.desk, operation.author)
    if operation.seq <= head.seq:
        known = store.hash_at(operation.desk, operation.author, operation.seq)
        return Verdict.REPLAY if known in (None, operation.hash) else Verdict.FORK
    if operation.clock[0] > now + AHEAD_SECONDS:
        return Verdict.AHEAD
    if operation.seq > head.seq + 1:
        return Verdict.EARLY
    return Verdict.ACCEPTED if operation.previous == head.hash else Verdict.FORK


def receive(
    store: Store, operation: Operation, *, member: Callable[[Operation], bool], now: int
) -> list[tuple[Verdict, Operation]]:
    """Take one in, and after it those that waited for it; what became of each.

    ``member`` says whether an operation's author may write it at its desk now.
    """
    outcome = []
    queue = [operation]
    while queue:
        one = queue.pop(0)
        verdict = judge(store, one, member=member(one), now=now)
        outcome.append((verdict, one))
        if verdict is Verdict.ACCEPTED:
            store.accept(one)
            queue += store.held(one.desk, one.author, one.seq + 1)
        elif verdict is Verdict.EARLY:
            store.hold(one)
    return outcome


def tick(last: Clock, now: int) -> Clock:
    """The next reading of a hybrid logical clock: later than the last, and than all followed."""
    if now > last[0]:
        return now, 0
    # A counter at its end, which anybody may sign, is carried: what we write must open elsewhere.
    return (last[0], last[1] + 1) if last[1] < SEQUENCE_MAX else (last[0] + 1, 0)


def follow(last: Clock, seen: Clock, now: int) -> Clock:
    """The reading to go on from once an operation with the clock ``seen`` was accepted."""
    return max(last, min(seen, (now + FOLLOW_SECONDS, 0)))
