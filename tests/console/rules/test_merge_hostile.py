"""A member whose program lies: clocks at their ends, drops of what nobody has put on yet.

The log and the merge alone, as in test_merge; through a real line it is test_desk_hostile.
"""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.rules import changes, log
from app.console.rules.changes import LABELS, PRIORITY
from app.console.rules.log import Verdict
from app.protocol.encoding import b64u
from app.protocol.operation import SEQUENCE_MAX, Operation, open_operation, write_operation
from tests.console.rules.desks_in_memory import CASES, LINE, NOON, Desk

HOUR = 3_600
ENDS = [0, 1, SEQUENCE_MAX - 1, SEQUENCE_MAX]


class Liar(Desk):
    """Signs any clock."""

    def lie(self, clock: tuple[int, int], *wanted: changes.Change) -> Operation:
        head = self.store.head("support", self.vk)
        one = write_operation(
            self.seed,
            LINE,
            desk="support",
            seq=head.seq + 1,
            previous=head.hash,
            heads=(),
            directory=bytes(32),
            clock=clock,
            changes=wanted,
        )
        self.store.accept(one)
        return one


lies = st.lists(
    st.tuples(st.integers(0, 26 * HOUR), st.sampled_from(ENDS), st.integers(0, 2)), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(
    lies=lies,
    writers=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2 * HOUR)), max_size=12),
    wrong=st.lists(st.integers(-3 * HOUR, 3 * HOUR), min_size=3, max_size=3),
)
def test_whatever_was_accepted_the_next_own_operation_opens_and_is_taken_by_everybody(
    lies: list[tuple[int, int, int]], writers: list[tuple[int, int]], wrong: list[int]
) -> None:
    honest = [Desk(number, off) for number, off in enumerate(wrong, 1)]
    liar, now = Liar(9), NOON
    made: list[Operation] = []
    for lie, writing in itertools.zip_longest(lies, writers):
        if lie is not None:
            ahead, counter, first = lie
            # As far as one of them takes it, and the others may not.
            bad = liar.lie((now + wrong[first] + ahead, counter), changes.note(CASES[0], "x"))
            made.append(bad)
            for desk in honest:
                desk.take(bad, now + desk.wrong)
        if writing is not None:
            who, later = writing
            now += later
            mine = honest[who].write(now, changes.put(CASES[0], PRIORITY, "urgent"))
            assert open_operation(mine.to_json(), LINE) == mine
            for other in honest:
                verdicts = other.take(mine, now + other.wrong)
                assert verdicts[0] in (Verdict.ACCEPTED, Verdict.REPLAY)


def test_an_end_of_the_clock_is_carried_into_the_seconds() -> None:
    assert log.tick((NOON + 9, SEQUENCE_MAX), NOON) == (NOON + 10, 0)
    assert log.tick((NOON + 9, 7), NOON) == (NOON + 9, 8)
    assert log.tick((NOON + 9, 7), NOON + 10) == (NOON + 10, 0)


def test_a_label_that_was_taken_off_before_it_was_put_on_stays() -> None:
    ana, ben = Desk(1), Liar(2)
    tags = [f"{b64u(ana.vk)}.{seq}.0" for seq in range(1, 40)]
    ahead = ben.lie((NOON, 0), changes.drop(CASES[0], LABELS, "van", tags))
    ana.take(ahead, NOON)
    put_on = ana.write(NOON + 60, changes.add(CASES[0], LABELS, "van"))
    assert ana.cases[CASES[0]].values(LABELS) == ["van"]
    other = Desk(3)
    other.take(put_on, NOON + 60)
    other.take(ahead, NOON + 60)
    assert other.cases[CASES[0]].values(LABELS) == ["van"], "in whatever order they come"


def test_a_label_is_taken_off_by_who_has_seen_it_whatever_comes_first() -> None:
    ana, ben, other = Desk(1), Desk(2), Desk(3)
    put_on = ana.write(NOON, changes.add(CASES[0], LABELS, "van"))
    ben.take(put_on, NOON)
    seen = ben.cases[CASES[0]].tags(LABELS, "van")
    off = ben.write(NOON - 600, changes.drop(CASES[0], LABELS, "van", seen))
    for one in (off, put_on):
        other.take(one, NOON)
    assert other.cases[CASES[0]].values(LABELS) == ben.cases[CASES[0]].values(LABELS) == []
