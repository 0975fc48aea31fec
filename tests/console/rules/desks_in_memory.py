"""Consoles of one desk in memory: what they do to cases, and what they hear of each other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from app.console.rules import changes, log, referrals
from app.console.rules.log import NOTHING, Gap, Head, Verdict
from app.console.rules.merge import CaseState, DeskState, changed_cases, changed_desk
from app.protocol.encoding import b64u
from app.protocol.identities import verify_key
from app.protocol.operation import Operation, write_operation
from app.protocol.secrets import Secret

LINE = bytes(range(32))


CASES = ["a" * 64, "b" * 64]


NOON = 1_790_000_000


@dataclass
class Memory:
    """A log's store in dictionaries."""

    chains: dict[bytes, dict[int, Operation]] = field(default_factory=lambda: defaultdict(dict))
    early: dict[tuple[bytes, int], list[Operation]] = field(
        default_factory=lambda: defaultdict(list)
    )
    passed: dict[bytes, list[Gap]] = field(default_factory=lambda: defaultdict(list))
    forks: set[bytes] = field(default_factory=set)

    def head(self, desk: str, author: bytes) -> Head:
        chain = self.chains[author]
        return Head(max(chain), chain[max(chain)].hash) if chain else NOTHING

    def hash_at(self, desk: str, author: bytes, seq: int) -> bytes | None:
        one = self.chains[author].get(seq)
        return one.hash if one else None

    def accept(self, operation: Operation) -> None:
        self.chains[operation.author][operation.seq] = operation

    def gaps(self, desk: str, author: bytes) -> list[Gap]:
        return self.passed[author]

    def keep_gaps(self, desk: str, author: bytes, found: list[Gap]) -> None:
        self.passed[author] = found

    def forked(self, desk: str, author: bytes) -> bool:
        return author in self.forks

    def hold(self, operation: Operation) -> None:
        self.early[operation.author, operation.seq].append(operation)

    def held(self, desk: str, author: bytes, seq: int) -> list[Operation]:
        return self.early.pop((author, seq), [])


class Desk:
    """One console's view of a desk, with a clock of its own that may be wrong."""

    def __init__(self, number: int, wrong: int = 0) -> None:
        self.seed = Secret(bytes([number]) * 32)
        self.vk = verify_key(self.seed)
        self.store = Memory()
        self.cases: dict[str, CaseState] = defaultdict(CaseState)
        self.desk = DeskState()
        self.clock = (0, 0)
        self.wrong = wrong

    def write(self, now: int, *wanted: changes.Change) -> Operation:
        self.clock = log.tick(self.clock, now + self.wrong)
        head = self.store.head("support", self.vk)
        one = write_operation(
            self.seed,
            LINE,
            desk="support",
            seq=head.seq + 1,
            previous=head.hash,
            heads=(),
            directory=bytes(32),
            clock=self.clock,
            changes=wanted,
        )
        self.take(one, now + self.wrong)
        return one

    def take(
        self, one: Operation, now: int, members: set[bytes] | None = None
    ) -> list[Verdict]:  # fmt: skip
        seen = []

        def member(each: Operation) -> bool:
            return members is None or each.author in members

        for verdict, each in log.receive(self.store, one, member=member, now=now):
            seen.append(verdict)
            if verdict is Verdict.FORK:
                self.store.forks.add(each.author)
            if verdict is Verdict.ACCEPTED:
                self.clock = log.follow(self.clock, each.clock, now)
                self.desk.join(changed_desk(each))
                for case, new in changed_cases(each).items():
                    self.cases[case].join(new)
        return seen

    def seen(self) -> dict[str, CaseState]:
        return {case: state for case, state in self.cases.items() if state != CaseState()}

    def everything(self) -> list[Operation]:
        return [one for chain in self.store.chains.values() for one in chain.values()]


def act(desk: Desk, case: str, what: tuple[str, str, str], now: int) -> Operation:
    kind, one, two = what
    state = desk.cases[case]
    if kind == "set":
        return desk.write(now, changes.put(case, one, two))
    if kind == "speak":
        return desk.write(now, changes.speak(one))
    if kind == "rule":
        return desk.write(now, changes.rule(one, two))
    if kind == "refer":
        day = dt.date(2026, 11, 24)
        step = referrals.step(case, one, two, day, f"at {now}", "In her message.")
        return desk.write(now, referrals.offer(case, one, "shelter", ""), step)
    if kind == "add":
        return desk.write(now, changes.add(case, one, two))
    if kind == "drop":
        return desk.write(now, changes.drop(case, one, two, state.tags(one, two)))
    if kind == "edit" and (own := [tag for tag in state.notes if tag.startswith(b64u(desk.vk))]):
        return desk.write(now, changes.edit(case, own[0], two))
    if kind == "seen":
        return desk.write(now, changes.seen(case, one))
    if kind == "translation":
        return desk.write(now, changes.translation(case, one, "00" * 16, two))
    return desk.write(now, changes.note(case, one))
