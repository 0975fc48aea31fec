"""Which case stands for which, in whatever order it is said, and what one more merge costs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.console.rules import changes, deadlines
from app.console.rules.changes import DUPLICATE_OF, OWNER
from app.console.rules.danger import ASSESSED, TAKEN
from app.console.rules.duplicates import main_case
from app.console.rules.merge import CaseState
from app.console.vault import Vault, forgetting
from app.console.vault.database import schema
from app.console.vault.installation import owner
from app.console.vault.records import cases, list_columns, merged_cases, messages
from app.protocol.directory import open_directory
from tests.console.cases.test_danger import DANGER, SAFE, body, somebody, tell
from tests.console.running_desk import do
from tests.console.running_line import NOW, Line

LOOK = deadlines.SAFETY_LOOK
CLOSED = "closed/duplicate"


@pytest.fixture
def vault(still: Line) -> Iterator[Vault]:
    file = still.publish()
    with still.vault("ana") as found:
        with found.write() as tx:
            owner.store_directory(tx, open_directory(file, still.line_id).version, file, still.now)
        yield found


def merge(vault: Vault, case: str, into: str) -> None:
    do(vault, NOW, changes.put(case, DUPLICATE_OF, into), changes.put(case, "status", CLOSED))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the states that are read, and the cases that are written anew."""
    found: Counter[str] = Counter()
    layers, stand = cases.layers, cases._stand

    def counted_layers(*of: object) -> object:
        found["read"] += 1
        return layers(*of)  # type: ignore[arg-type]

    def counted_stand(*of: object) -> None:
        found["written"] += 1
        stand(*of)  # type: ignore[arg-type]

    monkeypatch.setattr(cases, "layers", counted_layers)
    monkeypatch.setattr(cases, "_stand", counted_stand)
    return found


@pytest.mark.parametrize("shape", ["star", "upward", "downward"])
def test_one_more_merge_costs_what_the_first_did_however_many_are_merged(
    vault: Vault, work: Counter[str], shape: str
) -> None:
    """A colleague can sign any number; each would hold every console's vault for longer."""
    ids = [tell(vault, somebody(), NOW, body(1, DANGER)) for _ in range(16)]
    for place, one in enumerate(ids):
        do(vault, NOW, changes.put(one, LOOK, f"2026-12-{28 - place:02d}"))
    costs = []
    for place in range(15):
        work.clear()
        pair = {
            "star": (ids[place + 1], ids[0]),
            "upward": (ids[place], ids[place + 1]),
            "downward": (ids[place + 1], ids[place]),
        }[shape]
        merge(vault, *pair)
        costs.append(dict(work))
    assert costs == [costs[0]] * 15
    main = ids[15] if shape == "upward" else ids[0]
    work.clear()
    do(vault, NOW, changes.put(ids[7], LOOK, "2026-12-01"))
    assert work["written"] == 2, "itself, and the one that stands for it"
    with vault.read() as tx:
        found = cases.find(tx, main)
    assert found is not None
    assert found.plan_at == deadlines.plan_at(["2026-12-01"]), "and that one reminds of its day"
    assert found.untaken


class Model:
    """What was said, and what follows from it, put together anew from all of it each time."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.ids: list[str] = []
        self.beyond: dict[str, str] = {}

    def _states(self) -> dict[str, CaseState]:
        with self.vault.read() as tx:
            here = [one for one in self.ids if cases.find(tx, one) is not None]
            return {one: cases.state(tx, one, "support") for one in here}

    def pointers(self) -> dict[str, str]:
        found = {}
        for case, state in self._states().items():
            into = state.get(DUPLICATE_OF)
            while into in self.beyond:
                into = self.beyond[into]
            found[case] = "" if into == case else into
        return found

    def expected(self) -> dict[str, tuple[object, ...]]:
        states, pointers = self._states(), self.pointers()
        known = {one: into for one, into in pointers.items() if into in states}
        mains = {one: main_case(one, known) for one in states}
        found: dict[str, tuple[object, ...]] = {}
        for case in states:
            stands = [one for one in states if mains[one] == mains[case]]
            done = {mark for one in stands for mark in states[one].values(ASSESSED)}
            gone_to = [one for one in stands if states[one].get(OWNER)]
            taken = {mark for one in gone_to for mark in states[one].values(TAKEN)}
            of = stands if mains[case] == case else [case]
            marks = [mark for one in of for mark in self._marks(one) if mark not in done]
            danger = 1 if any(self._marks(one) for one in of) else 0
            if marks:
                untaken = any(mark not in taken for mark in marks)
                danger = list_columns.UNASSESSED if untaken else list_columns.TAKEN
            plan = deadlines.plan_at(states[one].get(LOOK) for one in of)
            merged = "" if case in known and mains[case] == case else pointers[case]
            minor = any(self._under_18(one) for one in of)
            found[case] = (mains[case], merged, danger, plan, minor)
        return found

    def found(self) -> dict[str, tuple[object, ...]]:
        found: dict[str, tuple[object, ...]] = {}
        with self.vault.read() as tx:
            for case in self.ids:
                one = cases.find(tx, case)
                if one is None:
                    continue
                danger = list_columns.UNASSESSED if one.untaken else int(one.danger)
                danger = list_columns.TAKEN if one.unassessed and not one.untaken else danger
                main = cases.main_of(tx, case)
                found[case] = (main, one.merged, danger, one.plan_at, one.minor)
        return found

    def _under_18(self, case: str) -> bool:
        with self.vault.read() as tx:
            one = cases.find(tx, case)
        return one is not None and one.answers.get("under_18") == "yes"

    def _marks(self, case: str) -> list[str]:
        with self.vault.read() as tx:
            main = merged_cases.main_of(tx, case)
            return [one.mark for one in merged_cases.spoken(tx, [case], main)]

    def destroy(self, case: str) -> None:
        into = self.pointers()[case]
        with self.vault.write() as tx:
            forgetting.forget_case(tx, case, "somebody", NOW)
            for table in (schema.merged_cases, schema.danger_marks):
                assert not tx.execute(select(table).where(table.c.case_id == case)).all()
        self.ids.remove(case)
        if into:
            self.beyond[case] = into


AGES = ({}, {"under_18": "yes"}, {"under_18": "no"})
ACTS = (*("merge", "merge", "unmerge", "say", "say", "assess", "take", "plan", "come"), "destroy")


@pytest.mark.parametrize("seed", range(4))
def test_it_is_what_all_that_was_said_comes_to(vault: Vault, seed: int) -> None:
    chance = random.Random(seed)
    model = Model(vault)
    reporters = [somebody() for _ in range(7)]
    for one in reporters[:5]:
        model.ids.append(tell(vault, one, NOW, body(1, DANGER)))
    done: Counter[str] = Counter()
    number = 1
    for _ in range(100):
        names = [messages.case_id(one.public) for one in reporters]
        act, case = chance.choice(ACTS), chance.choice(model.ids)
        if act == "come":
            # Said of before it came, maybe, and merged into already.
            coming = [name for name in names if name not in {*model.ids, *model.beyond}][:1]
            model.ids += coming
            for name in coming:
                said = chance.choice([DANGER, SAFE]) | chance.choice(AGES)
                tell(vault, reporters[names.index(name)], NOW, body(1, said))
        elif act == "say":
            number += 1
            said = DANGER | chance.choice(AGES)
            tell(vault, reporters[names.index(case)], NOW, body(number, said))
        elif act == "destroy" and len(model.ids) > 4:
            model.destroy(case)
            reporters[names.index(case)] = somebody()
        elif act == "plan":
            do(vault, NOW, changes.put(case, LOOK, f"2026-12-{chance.randrange(1, 29):02d}"))
        elif act == "unmerge":
            do(vault, NOW, changes.put(case, DUPLICATE_OF, ""))
        elif act == "merge":
            do(vault, NOW, changes.put(chance.choice(names), DUPLICATE_OF, chance.choice(names)))
        elif act in ("assess", "take"):
            with vault.read() as tx:
                marks = [one.mark for one in cases.unassessed(tx, case)][:2]
            wanted = [
                changes.add(case, ASSESSED if act == "assess" else TAKEN, one) for one in marks
            ]
            if act == "take":
                wanted.append(changes.put(case, OWNER, chance.choice(["A" * 43, ""])))
            if not wanted:
                continue
            do(vault, NOW, *wanted)
        done[act] += 1
        assert model.found() == model.expected(), act
    assert set(done) == set(ACTS)


def dangers(vault: Vault, *ids: str) -> list[bool]:
    with vault.read() as tx:
        found = [cases.find(tx, one) for one in ids]
    return [one is not None and one.unassessed for one in found]


def test_what_was_assessed_where_it_stood_counts_no_more_once_it_is_taken_away(
    vault: Vault,
) -> None:
    low, middle, main = [
        tell(vault, somebody(), NOW, body(1, said)) for said in (DANGER, SAFE, SAFE)
    ]
    merge(vault, low, middle)
    merge(vault, middle, main)
    with vault.read() as tx:
        (mark,) = [one.mark for one in cases.unassessed(tx, main)]
    do(vault, NOW, changes.add(main, ASSESSED, mark))
    assert dangers(vault, low, middle, main) == [False, False, False]
    do(vault, NOW, changes.put(middle, DUPLICATE_OF, ""))
    assert dangers(vault, low, middle, main) == [True, True, False]
    merge(vault, middle, main)
    assert dangers(vault, low, middle, main) == [False, False, False]
    # And the other way round: what the one that goes says of a message that stays.
    over = tell(vault, somebody(), NOW, body(1, DANGER))
    merge(vault, main, over)
    with vault.read() as tx:
        (mark,) = [one.mark for one in cases.unassessed(tx, over)]
    do(vault, NOW, changes.add(middle, ASSESSED, mark))
    assert dangers(vault, over) == [False]
    do(vault, NOW, changes.put(main, DUPLICATE_OF, ""))
    assert dangers(vault, over) == [True]
