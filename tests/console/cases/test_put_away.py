"""A case is put away as a duplicate only behind one that is shown, whoever says what of it."""

from __future__ import annotations

import itertools
import random

import pytest

from app.console.cases import retention
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.rules import changes, vocabulary
from app.console.rules.changes import DUPLICATE_OF, PRIORITY, STATUS
from app.console.rules.keeping import DESTROY_ON
from app.console.vault import Vault, forgetting
from app.console.vault.installation import owner
from app.console.vault.records import case_lists, messages
from app.console.vault.records.case_lists import CaseFilter
from app.protocol.directory import open_directory
from tests.console.cases.test_danger import body, somebody, tell
from tests.console.desk.lying import deliver, lie
from tests.console.running_desk import begin, do, pass_on
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


def shown(vault: Vault) -> list[str]:
    """Return the open cases, all of them read."""
    with vault.write() as tx:
        for one in messages.inbox(tx):
            messages.mark_read(tx, one.id)
    with vault.read() as tx:
        return sorted(one.id for one in case_lists.inbox(tx, CaseFilter(open=True)))


async def three(line: Line, ana: Vault, ben: Vault) -> list[str]:
    await begin(line, ana, ben)
    for text in ("One.", "Two.", "Three."):
        await line.send(text)
    for vault in (ana, ben):
        await line.sync(vault)
    found = shown(ana)
    assert len(found) == 3
    return found


@pytest.mark.parametrize("target", ["itself", "nowhere", "x"])
async def test_behind_itself_or_nothing_no_case_is_put_away(
    line: Line, ana: Vault, ben: Vault, target: str
) -> None:
    case, *others = await three(line, ana, ben)
    do(ana, line.now, changes.put(case, PRIORITY, "life-safety"))
    main = {"itself": case, "nowhere": "7" * 64}.get(target, target)
    lie(ben, line, (line.now, 1), changes.put(case, DUPLICATE_OF, main))
    await deliver(line, ben, ana)
    assert shown(ana) == [case, *others]


@pytest.mark.parametrize("size", [2, 3])
async def test_of_cases_that_stand_for_each_other_one_is_shown_everywhere(
    line: Line, ana: Vault, ben: Vault, size: int
) -> None:
    found = await three(line, ana, ben)
    circle, rest = found[:size], found[size:]
    said = [
        (
            changes.put(one, DUPLICATE_OF, circle[(place + 1) % size]),
            changes.put(one, STATUS, f"closed/{vocabulary.DUPLICATE}"),
        )
        for place, one in enumerate(circle)
    ]
    # At the same time, each not knowing of the other's.
    do(ana, line.now, *said[0])
    do(ben, line.now, *itertools.chain(*said[1:]))
    await pass_on(line, ana, ben)
    assert shown(ana) == shown(ben) == [circle[0], *rest], "closed as duplicates, all of them"
    with ana.write() as tx, pytest.raises(ConsoleError, match="Only closed cases"):
        retention.schedule_destruction(tx, trusted_line.load_in(tx), [circle[0]], line.now)
    # Nor by who scheduled it before the others' words came.
    do(ana, line.now, changes.put(circle[0], DESTROY_ON, "2020-01-01"))
    with ana.read() as tx:
        assert retention._author(tx, ["support"], circle[0], line.now + 60 * DAY) is None
    undone = changes.put(circle[1], DUPLICATE_OF, ""), changes.put(circle[1], STATUS, "new")
    do(ben, line.now + 9, *undone)
    await pass_on(line, ana, ben)
    assert shown(ana) == shown(ben) == [circle[1], *rest]


@pytest.mark.parametrize("size", [2, 3, 5])
async def test_of_a_circle_one_stays_open_when_the_others_are_destroyed(
    still: Line, size: int
) -> None:
    """They are closed as duplicates, and kept no longer than any closed case."""
    file = still.publish()
    with still.vault("ana") as ana:
        with ana.write() as tx:
            owner.store_directory(tx, open_directory(file, still.line_id).version, file, still.now)
        found = sorted(tell(ana, somebody(), still.now, body(1, {})) for _ in range(size))
        for place, one in enumerate(found):
            with ana.write() as tx:
                messages.mark_read(tx, one)
            merged = changes.put(one, DUPLICATE_OF, found[(place + 1) % size])
            do(ana, still.now, merged, changes.put(one, STATUS, f"closed/{vocabulary.DUPLICATE}"))
        do(ana, still.now, changes.put(found[-1], PRIORITY, "life-safety"))
        for one in random.Random(size).sample(found[1:], size - 1):
            assert shown(ana) == [found[0]]
            with ana.write() as tx:
                forgetting.forget_case(tx, one, "somebody", still.now)
        assert shown(ana) == [found[0]], "it stood for all of them, and nothing stands for it"
        with ana.write() as tx, pytest.raises(ConsoleError, match="Only closed cases"):
            retention.schedule_destruction(tx, trusted_line.load_in(tx), [found[0]], still.now)
