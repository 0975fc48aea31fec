"""Consoles that were apart agree once they have heard of each other, whatever the order was.

The log and the merge alone, in memory, with operations lost, doubled and out of order; the way
through a real line is test_desk.py.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.console.rules import changes, log, referrals, vocabulary
from app.console.rules.changes import FEEDBACK, LABELS, OWNER, PRIORITY, SNOOZE, STATUS
from app.console.rules.duplicates import main_case
from app.console.rules.linked import UNLINKED
from app.console.rules.log import Verdict
from app.console.rules.merge import CaseState, DeskState, changed_cases, changed_desk
from app.protocol.encoding import b64u
from app.protocol.errors import BadSignature
from app.protocol.operation import open_operation
from tests.console.rules.desks_in_memory import CASES, LINE, NOON, Desk, act

words = st.sampled_from(["house-12", "van", "children", "العربية"])


sets = st.sampled_from([LABELS, UNLINKED])


acts = st.one_of(
    st.tuples(st.just("set"), st.sampled_from([PRIORITY, STATUS, OWNER, SNOOZE, FEEDBACK]), words),
    st.tuples(st.just("speak"), st.sampled_from(["", "ar", "ar en"]), words),
    st.tuples(st.just("rule"), st.sampled_from(["acknowledge-days", "ignored-0a"]), words),
    st.tuples(
        st.just("refer"),
        st.sampled_from(["0a0a0a0a0a0a", "0b0b0b0b0b0b"]),
        st.sampled_from(list(referrals.STATES)),
    ),
    st.tuples(st.just("add"), sets, words),
    st.tuples(st.just("drop"), sets, words),
    st.tuples(st.just("note"), words, words),
    st.tuples(st.just("translation"), words, words),
    st.tuples(st.just("edit"), words, words),
    st.tuples(st.just("seen"), words, words),
)


day = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(CASES), acts), max_size=20)


@settings(max_examples=30, deadline=None)
@given(
    before=day,
    apart=day,
    after=day,
    clocks=st.lists(st.integers(-3_000, 3_000), min_size=3, max_size=3),
    luck=st.randoms(use_true_random=False),
)
def test_three_consoles_apart_for_a_day_agree_whatever_the_order(
    before: list[tuple[int, str, tuple[str, str, str]]],
    apart: list[tuple[int, str, tuple[str, str, str]]],
    after: list[tuple[int, str, tuple[str, str, str]]],
    clocks: list[int],
    luck: random.Random,
) -> None:
    desks = [Desk(number, wrong) for number, wrong in enumerate(clocks, 1)]
    now = NOON
    for some in (before, apart, after):
        for who, case, what in some:
            now += luck.choice([0, 0, 1, 600])
            act(desks[who], case, what, now)
        # Some of it arrives, in any order, some of it twice, some of it never in this round.
        passing = [one for desk in desks for one in desk.everything()]
        for desk in desks:
            heard = [one for one in passing if luck.random() < 0.6] * 2
            luck.shuffle(heard)
            for one in heard:
                assert set(desk.take(one, now)) <= {Verdict.ACCEPTED, Verdict.REPLAY}
    for asker in desks:
        for giver in desks:
            for one in giver.everything():
                asker.take(one, now)
    assert desks[0].seen() == desks[1].seen() == desks[2].seen()
    assert desks[0].desk == desks[1].desk == desks[2].desk
    assert len(desks[0].everything()) == len(before + apart + after)


@settings(max_examples=20, deadline=None)
@given(done=day, luck=st.randoms(use_true_random=False))
def test_a_snapshot_is_as_good_as_the_operations(
    done: list[tuple[int, str, tuple[str, str, str]]], luck: random.Random
) -> None:
    desk = Desk(1)
    for _, case, what in done:
        act(desk, case, what, NOON)
    fresh: dict[str, CaseState] = defaultdict(CaseState)
    pieces = [(case, CaseState.from_json(one.to_json())) for case, one in desk.seen().items()]
    pieces += [pair for one in desk.everything() for pair in changed_cases(one).items()]
    luck.shuffle(pieces)
    said = [DeskState.from_json(desk.desk.to_json()), *map(changed_desk, desk.everything())]
    luck.shuffle(said)
    told = DeskState()
    for some in said:
        told.join(some)
    assert told == desk.desk
    for case, piece in pieces:
        fresh[case].join(piece)
    assert {case: one for case, one in fresh.items() if one != CaseState()} == desk.seen()


def test_the_later_clock_wins_and_on_a_tie_the_greater_key() -> None:
    ana, ben = Desk(1), Desk(2)
    first = ana.write(NOON, changes.put(CASES[0], PRIORITY, "urgent"))
    second = ben.write(NOON + 1, changes.put(CASES[0], PRIORITY, "routine"))
    ana.take(second, NOON)
    ben.take(first, NOON)
    assert ana.cases[CASES[0]].get(PRIORITY) == ben.cases[CASES[0]].get(PRIORITY) == "routine"
    tied = Desk(3), Desk(4)
    made = {
        b64u(desk.vk): desk.write(NOON, changes.put(CASES[1], OWNER, name))
        for desk, name in zip(tied, ("one", "two"), strict=True)
    }
    for one in made.values():
        tied[0].take(one, NOON)
    assert (
        tied[0].cases[CASES[1]].get(OWNER)
        == {
            b64u(tied[0].vk): "one",
            b64u(tied[1].vk): "two",
        }[max(made)]
    )


def test_who_has_seen_a_change_and_answers_it_wins_with_a_slow_clock() -> None:
    fast, slow = Desk(1, wrong=3_000), Desk(2, wrong=-3_000)
    slow.take(fast.write(NOON, changes.put(CASES[0], STATUS, "closed/spam")), NOON)
    fast.take(slow.write(NOON, changes.put(CASES[0], STATUS, "in-progress")), NOON)
    assert fast.cases[CASES[0]].get(STATUS) == "in-progress"


def test_a_label_added_while_another_took_it_off_stays() -> None:
    ana, ben = Desk(1), Desk(2)
    ben.take(ana.write(NOON, changes.add(CASES[0], LABELS, "van")), NOON)
    tags = ben.cases[CASES[0]].tags(LABELS, "van")
    off = ben.write(NOON + 9, changes.drop(CASES[0], LABELS, "van", tags))
    assert ben.cases[CASES[0]].values(LABELS) == []
    again = ana.write(NOON + 1, changes.add(CASES[0], LABELS, "van"))
    ana.take(off, NOON)
    ben.take(again, NOON)
    assert ana.cases[CASES[0]].values(LABELS) == ben.cases[CASES[0]].values(LABELS) == ["van"]


def test_a_translation_says_of_what_and_by_whom_and_an_edit_changes_neither() -> None:
    ana, ben = Desk(1), Desk(2)
    ben.take(ana.write(NOON, changes.translation(CASES[0], "Help", "ab" * 16, "A. Court")), NOON)
    ((tag, _),) = ben.cases[CASES[0]].written()
    ben.take(ana.write(NOON + 1, changes.edit(CASES[0], tag, "Help us")), NOON + 1)
    through_a_vault = CaseState.from_json(json.loads(json.dumps(ben.cases[CASES[0]].to_json())))
    ((_, note),) = through_a_vault.written()
    assert (note.now, note.about, note.by) == ("Help us", "ab" * 16, "A. Court")
    for bad in ({"about": 7}, {"by": "x" * 81}, {"about": "a\x00b"}):
        assert not changes.sensible(changes.note(CASES[0], "text") | bad)


def test_nobody_edits_somebody_elses_note() -> None:
    ana, ben = Desk(1), Desk(2)
    ben.take(ana.write(NOON, changes.note(CASES[0], "She is 16.")), NOON)
    ((tag, _),) = ben.cases[CASES[0]].written()
    ana.take(ben.write(NOON, changes.edit(CASES[0], tag, "She is 26.")), NOON)
    for desk in (ana, ben):
        assert [one.now for _, one in desk.cases[CASES[0]].written()] == ["She is 16."]
    said = ben.cases[CASES[0]].to_json()
    said["edits"] = {tag: [[NOON + 9, 0, b64u(ben.vk), 9, 0], "She is 27."]}
    ana.cases[CASES[0]].join(CaseState.from_json(said))
    assert [one.now for _, one in ana.cases[CASES[0]].written()] == ["She is 16."]
    ana.write(NOON, changes.edit(CASES[0], tag, "She is 17."))
    ((_, note),) = ana.cases[CASES[0]].written()
    assert (note.now, note.text) == ("She is 17.", "She is 16.")


def test_a_forged_a_replayed_a_forked_and_a_strangers_operation() -> None:
    ana, ben, copy = Desk(1), Desk(2), Desk(1)
    one = ana.write(NOON, changes.put(CASES[0], PRIORITY, "urgent"))
    assert ben.take(one, NOON) == [Verdict.ACCEPTED]
    assert ben.take(one, NOON) == [Verdict.REPLAY]
    other = copy.write(NOON, changes.put(CASES[0], PRIORITY, "routine"))
    assert ben.take(other, NOON) == [Verdict.FORK]
    branch = copy.write(NOON, changes.put(CASES[0], PRIORITY, "information"))
    assert ben.take(branch, NOON) == [Verdict.FORK], "and what was built on it"
    assert ben.cases[CASES[0]].get(PRIORITY) == "urgent"
    next_one = ana.write(NOON, changes.put(CASES[0], PRIORITY, "life-safety"))
    assert ben.take(next_one, NOON, members={ben.vk}) == [Verdict.STRANGER], "has left"
    assert ben.cases[CASES[0]].get(PRIORITY) == "urgent"


def test_what_comes_too_early_counts_and_what_is_dated_tomorrow_waits() -> None:
    ana, ben = Desk(1), Desk(2)
    five = [ana.write(NOON, changes.note(CASES[0], str(count))) for count in range(5)]
    for one in (five[4], five[2], five[0]):
        assert ben.take(one, NOON) == [Verdict.ACCEPTED]
        assert ben.take(one, NOON) == [Verdict.REPLAY]
    lacking = [(gap.first, gap.last) for gap in ben.store.gaps("support", ana.vk)]
    assert lacking == [(2, 2), (4, 4)]
    for one in (five[3], five[1]):
        assert ben.take(one, NOON) == [Verdict.ACCEPTED]
    assert ben.store.gaps("support", ana.vk) == []
    assert ben.seen() == ana.seen()
    tomorrow = Desk(3, wrong=2 * log.AHEAD_SECONDS)
    late = tomorrow.write(NOON, changes.put(CASES[0], OWNER, "x"))
    assert ben.take(late, NOON) == [Verdict.AHEAD]
    assert ben.take(late, NOON + log.AHEAD_SECONDS) == [Verdict.ACCEPTED]


@pytest.mark.parametrize(
    "order", [(0, 4, 3, 2, 1), (0, 4, 1, 2, 3), (0, 4, 2, 1, 3), (4, 3, 2, 1, 0)]
)
def test_another_history_fits_into_no_gap(order: tuple[int, ...]) -> None:
    """The last of the five is of one history, all the others are of another."""
    ana, copy, ben = Desk(1), Desk(1), Desk(2)
    true = [ana.write(NOON, changes.note(CASES[0], str(count))) for count in range(5)]
    other = [copy.write(NOON, changes.note(CASES[0], f"not {count}")) for count in range(5)]
    mixed = [*true[:4], other[4]]
    verdicts = [ben.take(mixed[place], NOON)[0] for place in order]
    assert Verdict.FORK in verdicts, "where they meet at the latest"
    further = copy.write(NOON, changes.put(CASES[0], PRIORITY, "information"))
    later = copy.write(NOON, changes.put(CASES[0], PRIORITY, "routine"))
    assert ben.take(later, NOON) == [Verdict.EARLY], "nothing is passed over after two histories"
    assert further.seq == 6


def test_a_fork_is_not_gone_round_by_leaving_a_number_out() -> None:
    ana, copy, ben = Desk(1), Desk(1), Desk(2)
    ben.take(ana.write(NOON, changes.note(CASES[0], "true")), NOON)
    branch = [copy.write(NOON, changes.note(CASES[0], f"not {count}")) for count in range(3)]
    assert ben.take(branch[0], NOON) == [Verdict.FORK]
    assert ben.take(branch[2], NOON) == [Verdict.EARLY]
    assert len(ben.cases[CASES[0]].notes) == 1


def test_gaps_without_end_fill_no_vault() -> None:
    ana, ben = Desk(1), Desk(2)
    for count in range(4 * log.GAPS_MAX):
        one = ana.write(NOON, changes.note(CASES[0], str(count)))
        if count % 2:
            ben.take(one, NOON)
    assert len(ben.store.gaps("support", ana.vk)) == log.GAPS_MAX
    for one in ana.everything():
        ben.take(one, NOON)
    assert ben.store.gaps("support", ana.vk) == []
    assert ben.seen() == ana.seen()


def test_an_operation_is_of_its_line_and_of_nothing_else() -> None:
    one = Desk(1).write(NOON, changes.put(CASES[0], OWNER, "x"))
    assert open_operation(one.to_json(), LINE) == one
    for line, signature in ((bytes(32), one.signature), (LINE, bytes(64))):
        with pytest.raises(BadSignature):
            open_operation([b64u(one.raw), b64u(signature)], line)


def test_cases_merged_into_each_other_have_one_main_case_everywhere() -> None:
    assert main_case("c", {"c": "b", "b": "a"}) == "a"
    both = {"a": "b", "b": "a", "c": "b"}
    assert {main_case(one, both) for one in "abc"} == {"a"}
    assert main_case("x", {}) == "x"


def test_a_status_and_its_disposition_are_one_value() -> None:
    assert vocabulary.split_status("closed/referred") == ("closed", "referred")
    assert vocabulary.split_status("in-progress/referred") == ("in-progress", "")
    assert vocabulary.split_status("of a later version") == ("new", "")
    urgency = [
        vocabulary.rank("life-safety", danger=False),
        vocabulary.rank("", danger=True),
        vocabulary.rank("urgent", danger=True),
        vocabulary.rank("", danger=False),
        vocabulary.rank("routine", danger=True),
        vocabulary.rank("information", danger=False),
    ]
    assert urgency == sorted(urgency)


@given(st.text(max_size=9_000))
def test_a_long_note_becomes_several_and_loses_no_word(text: str) -> None:
    pieces = changes.split_note(text)
    assert all(len(piece.encode()) <= changes.NOTE_BYTES for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
