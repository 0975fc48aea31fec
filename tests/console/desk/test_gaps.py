"""Changes that never come: nobody is muted by them, or hides one behind them; all are told of."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator

import pytest

from app.console.desk import alarms, gaps
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.rules import changes, keeping, log
from app.console.rules.changes import OWNER, PRIORITY, STATUS
from app.console.rules.log import Head
from app.console.sync.outcome import SyncReport
from app.console.vault import Vault, forgetting
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.records import cases, messages
from app.protocol.operation import Operation, write_operation
from tests.console.browser import opened
from tests.console.running_desk import begin, desk_body, do, pass_on, vk
from tests.console.running_line import DAY, PASSPHRASE, Line

pytestmark = pytest.mark.anyio


@pytest.fixture
def dora(still: Line, ben: Vault) -> Iterator[Vault]:
    """Yield a third member of the desk."""
    still.enrol("dora", ["support"])
    still.publish()
    with still.vault("dora") as vault:
        yield vault


def lose(vault: Vault, line: Line) -> None:
    """Put what waits into batches that the server drops."""
    with vault.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        journal.mark_packed(journal.unpacked("support"))
        for one in team.waiting(tx, 99):
            team.sent(tx, one.id)


def destroy(vault: Vault, case: str, now: int) -> None:
    """Take the case's words from this vault, as on the day that its desk has set."""
    with vault.write() as tx:
        forgetting.forget_case(tx, case, vk(vault), now)


def case_of(vault: Vault, word: str) -> str:
    with vault.read() as tx:
        return next(one.id for one in messages.inbox(tx) if word in one.snippet)


def said(vault: Vault, case: str, name: str) -> str:
    with vault.read() as tx:
        return cases.state(tx, case, "support").get(name)


def written(vault: Vault, case: str) -> list[str]:
    with vault.read() as tx:
        return [one.now for _, one in cases.state(tx, case, "support").written()]


def alarms_of(report: SyncReport) -> str:
    return " ".join(one.text for one in report.notices if one.level is Level.ALARM)


def own(vault: Vault, line: Line, seq: int) -> Operation:
    with vault.read() as tx:
        me = trusted_line.load_in(tx).owner.identity.vk
        (one,) = VaultLog(tx, line.line_id, line.now).since("support", me, seq, 1)
    return one


async def two_cases(line: Line, *vaults: Vault) -> tuple[str, str]:
    await begin(line, *vaults)
    await line.send("She is locked in.")
    await line.send("A farm in the fens.")
    for vault in vaults:
        await line.sync(vault)
    return case_of(vaults[0], "locked"), case_of(vaults[0], "farm")


async def test_a_change_that_nobody_has_any_more_mutes_nobody(
    line: Line, ana: Vault, ben: Vault
) -> None:
    alive, gone = await two_cases(line, ana, ben)
    do(ana, line.now, changes.note(gone, "The farm is empty."))
    lose(ana, line)
    destroy(ana, gone, line.now)
    do(ana, line.now, changes.put(alive, PRIORITY, "life-safety"))
    await pass_on(line, ana, ben)
    assert said(ben, alive, PRIORITY) == "life-safety", "at once: it waits for nothing"
    await line.turn(DAY + 60)
    told = alarms_of(await line.sync(ben))
    assert "1 change by ana at" in told
    assert "number 1" in told
    ben.close()
    async with opened(line, name="ben") as browser:
        await browser.sign_in()
        assert "I have dealt with this" in (await browser.get("/team")).text
        await browser.post("/team/alarms")
        assert "I have dealt with this" not in (await browser.get("/team")).text
    with line.vault("ben") as again:
        await line.turn(37 * DAY)
        await line.ready(ana, again)
        do(ana, line.now, changes.put(alive, OWNER, vk(again)))
        await pass_on(line, ana, again)
        assert said(again, alive, OWNER) == vk(again)
        assert "by ana" not in alarms_of(await line.sync(again)), "it was dealt with"


async def test_what_somebody_left_out_for_one_colleague_the_others_still_give(
    line: Line, ana: Vault, ben: Vault, dora: Vault
) -> None:
    """Ana writes to dora alone what ben is not to know, and then to both."""
    alive, farm = await two_cases(line, ana, ben, dora)
    known = trusted_line.load(ana)
    do(ana, line.now, changes.note(farm, "For dora alone."))
    lose(ana, line)
    with ana.write() as tx:
        body = desk_body(known, [own(ana, line, 1).to_json()])
        to = trusted_line.load(dora).owner.identity.vk
        team.queue_body(tx, "support", to, body, line.now)
    await line.sync(ana)
    do(ana, line.now, changes.put(alive, PRIORITY, "urgent"))
    await line.sync(ana)
    await line.turn()
    await pass_on(line, ben, dora)
    assert said(ben, alive, PRIORITY) == "urgent"
    assert written(ben, farm) == []
    for _ in range(4):
        await line.turn(DAY + 60)
        await line.ready(ben, dora)
        await pass_on(line, ben, dora)
    assert written(ben, farm) == ["For dora alone."]
    assert "by ana at" not in alarms_of(await line.sync(ben)), "nothing is missing any more"


async def test_two_histories_are_found_at_a_gap_too(line: Line, ana: Vault, ben: Vault) -> None:
    alive, _ = await two_cases(line, ana, ben)
    known = trusted_line.load(ana)
    do(ana, line.now, changes.note(alive, "The first."))
    lose(ana, line)
    do(ana, line.now, changes.put(alive, PRIORITY, "urgent"))
    await pass_on(line, ana, ben)
    one = own(ana, line, 1)
    other = write_operation(
        known.owner.identity.signing_seed,
        line.line_id,
        desk="support",
        seq=1,
        previous=one.previous,
        heads=(),
        directory=one.directory,
        clock=(line.now + 9, 0),
        changes=(changes.note(alive, "Another first."),),
    )
    with ana.write() as tx:
        head = [[0, 1, other.hash.hex()]]
        team.queue_body(tx, "support", None, desk_body(known, [], heads=head), line.now)
    await line.sync(ana)
    await line.turn()
    assert "another change number 1 by ana" in alarms_of(await line.sync(ben))
    with ana.write() as tx:
        body = desk_body(known, [other.to_json()])
        team.queue_body(tx, "support", None, body, line.now)
    await line.sync(ana)
    await line.turn()
    assert "two different changes number 1 by ana" in alarms_of(await line.sync(ben))
    assert "Another first." not in written(ben, alive)


async def test_an_old_copy_whose_changes_nobody_has_may_write_after_a_week(
    line: Line, ana: Vault, ben: Vault
) -> None:
    alive, gone = await two_cases(line, ana, ben)
    old = line.folder_of("old")
    ana.forget_old_pages()
    shutil.copytree(line.folder_of("ana"), old)
    do(ana, line.now, changes.note(gone, "The farm is empty."))
    do(ana, line.now, changes.put(alive, PRIORITY, "urgent"))
    await pass_on(line, ana, ben)
    ana.close()
    destroy(ben, gone, line.now)
    do(ben, line.now, changes.put(alive, OWNER, vk(ben)))
    with Vault.open(old, PASSPHRASE) as again:
        await pass_on(line, again, ben, rounds=4)
        assert said(again, alive, PRIORITY) == "", "its own words wait for those before them"
        with pytest.raises(ConsoleError, match="old copy"):
            do(again, line.now, changes.put(alive, PRIORITY, "routine"))
        await line.turn(gaps.OWN_WAIT_DAYS * DAY)
        await line.ready(again, ben)
        await pass_on(line, again, ben, rounds=2)
        assert said(again, alive, PRIORITY) == "urgent"
        await line.turn(DAY + 60)
        await line.ready(again, ben)
        assert "1 change at" in alarms_of(await line.sync(again))
        do(again, line.now, changes.put(alive, PRIORITY, "life-safety"))
        await pass_on(line, again, ben)
        assert said(ben, alive, PRIORITY) == "life-safety"
        with ben.read() as tx:
            assert alarms.standing(tx) == []


async def test_no_case_is_destroyed_while_a_word_against_it_may_be_on_its_way(
    line: Line, ana: Vault, ben: Vault
) -> None:
    """Ana's hold was lost; ben knows that something was, and waits a week from then."""
    alive, farm = await two_cases(line, ana, ben)
    for vault in (ana, ben):
        with vault.write() as tx:
            messages.mark_read(tx, farm)
    day = dt.datetime.fromtimestamp(line.now + keeping.UNDO_DAYS * DAY, dt.UTC).date()
    do(
        ben,
        line.now,
        changes.put(farm, STATUS, "closed/referred"),
        changes.put(farm, keeping.DESTROY_ON, day.isoformat()),
    )
    do(ana, line.now, changes.put(farm, keeping.LEGAL_HOLD, "Asked for by a court"))
    lose(ana, line)
    await line.turn((keeping.UNDO_DAYS - 1) * DAY)
    await line.ready(ana, ben)
    do(ana, line.now, changes.put(alive, PRIORITY, "urgent"))
    with ana.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        known = trusted_line.load_in(tx)
        body = desk_body(known, [one.to_json() for one in journal.unpacked("support")])
        journal.mark_packed(journal.unpacked("support"))
        team.queue_body(tx, "support", None, body, line.now)
    await line.sync(ana)
    await line.turn()
    await line.sync(ben, team_hours=1_000)
    await line.turn(2 * DAY)
    await line.sync(ben, team_hours=1_000)
    with ben.read() as tx:
        assert messages.find(tx, farm) is not None
    await line.turn(keeping.UNDO_DAYS * DAY)
    await line.sync(ben, team_hours=1_000)
    with ben.read() as tx:
        assert messages.find(tx, farm) is None, "and no longer"


async def test_what_an_earlier_version_held_counts_at_the_next_sync(
    line: Line, ana: Vault, ben: Vault
) -> None:
    alive, _ = await two_cases(line, ana, ben)
    do(ana, line.now, changes.note(alive, "Lost."))
    lose(ana, line)
    do(ana, line.now, changes.put(alive, PRIORITY, "life-safety"))
    with ben.write() as tx:
        VaultLog(tx, line.line_id, line.now).hold(own(ana, line, 2))
    await line.sync(ben)
    assert said(ben, alive, PRIORITY) == "life-safety"


async def test_a_gap_that_cannot_be_filled_keeps_no_other_from_being_asked_for(
    line: Line, ana: Vault, ben: Vault
) -> None:
    alive, _ = await two_cases(line, ana, ben)
    for count in range(5):
        do(ana, line.now, changes.note(alive, str(count)))
    three = [own(ana, line, seq) for seq in (1, 3, 5)]
    known = trusted_line.load(ben)
    asked = set()
    with ben.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        for one in three:
            log.receive(journal, one, member=lambda _: True, now=line.now)
        for day in range(40):
            found = gaps.asks(tx, known, line.now + day * DAY).get("support", [])
            assert len(found) == (day <= 30)
            asked |= {(ask.index, ask.seq) for ask in found}
        assert asked == {(0, 2), (0, 4)}
        journal.begin_at("support", three[0].author, Head(3, three[1].hash))
        assert [one.first for one in journal.gaps("support", three[0].author)] == [4]
