"""What desks believe of what comes: lost, forged, doubled, from an old copy, from a stranger."""

from __future__ import annotations

import shutil

import pytest

from app.agency import ceremonies
from app.console.desk import alarms, outgoing
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.rules import changes
from app.console.rules.changes import OWNER, PRIORITY
from app.console.vault import Vault
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.installation import settings
from app.console.vault.records import cases
from app.protocol.encoding import b64u
from app.protocol.operation import write_operation
from tests.console.running_desk import both_have_a_case, desk_body, do, listed, pass_on, vk
from tests.console.running_line import PASSPHRASE, Line, texts

pytestmark = pytest.mark.anyio


async def test_what_was_lost_is_asked_for_again(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.write() as tx:
        for one in team.waiting(tx, 9):
            team.sent(tx, one.id)
        known = trusted_line.load(ana)
        log = VaultLog(tx, line.line_id, line.now)
        log.mark_packed(log.unpacked("support"))  # as if a batch had been dropped on the way
    do(ana, line.now, changes.put(case, OWNER, vk(ben)))
    await pass_on(line, ana, ben, rounds=3)
    assert (listed(ben).priority, listed(ben).owner) == ("urgent", vk(ben))
    assert known.index == 0


async def test_a_copied_vault_makes_a_fork_and_that_is_an_alarm(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    known = trusted_line.load(ana)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    await pass_on(line, ana, ben)
    with ana.write() as tx:
        log = VaultLog(tx, line.line_id, line.now)
        (first,) = log.since("support", known.owner.identity.vk, 1, 9)
        other = write_operation(
            known.owner.identity.signing_seed,
            line.line_id,
            desk="support",
            seq=1,
            previous=first.previous,
            heads=(),
            directory=first.directory,
            clock=(line.now + 9, 0),
            changes=(changes.put(case, PRIORITY, "information"),),
        )
        body = desk_body(known, [other.to_json()])
        team.queue_body(tx, "support", None, body, line.now)
    await line.sync(ana)
    await line.turn()
    report = await line.sync(ben)
    assert listed(ben).priority == "urgent", "the first stays"
    (alarm,) = [one for one in report.notices if one.level is Level.ALARM]
    assert "two different changes number 1 by ana" in alarm.text
    with ben.write() as tx:
        alarms.dealt_with(tx, line.now)
    assert not [one for one in (await line.sync(ben)).notices if one.level is Level.ALARM]


async def test_a_forged_operation_and_another_directory_are_alarms(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    known = trusted_line.load(ana)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.write() as tx:
        log = VaultLog(tx, line.line_id, line.now)
        (one,) = log.since("support", known.owner.identity.vk, 1, 9)
        forged = [b64u(one.raw.replace(b"urgent", b"URGENT")), b64u(one.signature)]
        team.queue_body(tx, "support", None, desk_body(known, [forged]), line.now)
        lie = desk_body(known, [], directory="77" * 32)
        team.queue_body(tx, "support", None, lie, line.now)
        settings.store(tx, outgoing.Turn(last=line.now))
    await line.sync(ana, team_hours=1_000)
    await line.turn()
    report = await line.sync(ben)
    assert listed(ben).priority == ""
    said = " ".join(one.text for one in report.notices if one.level is Level.ALARM)
    assert "damaged or forged" in said
    assert "The server shows two" in said


async def test_who_has_left_is_neither_told_nor_heard(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    agency = line.folder / "agency"
    ceremonies.revoke(agency, "ben", "former", today=line.today)
    line.publish()
    await line.turn()
    do(ben, line.now, changes.note(case, "One more word."))
    await line.sync(ana)
    do(ana, line.now, changes.note(case, "He has left."))
    await pass_on(line, ana, ben)
    with ana.read() as tx:
        notes = [one.now for _, one in cases.state(tx, case, "support").written()]
    assert notes == ["He has left."]
    with ben.read() as tx:
        notes = [one.now for _, one in cases.state(tx, case, "support").written()]
    assert notes == ["One more word."]


async def test_an_old_copy_of_a_vault_changes_nothing_before_it_has_caught_up(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    old = line.folder_of("old")
    ana.forget_old_pages()
    shutil.copytree(line.folder_of("ana"), old)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    await pass_on(line, ana, ben)
    ana.close()
    do(ben, line.now, changes.put(case, OWNER, vk(ben)))
    await line.sync(ben)
    await line.turn()
    with Vault.open(old, PASSPHRASE) as again:
        await line.sync(again)
        with pytest.raises(ConsoleError, match="old copy"):
            do(again, line.now, changes.put(case, PRIORITY, "routine"))
        await pass_on(line, again, ben, rounds=2)
        assert listed(again).priority == "urgent"
        do(again, line.now, changes.put(case, PRIORITY, "routine"))
        await pass_on(line, again, ben)
    assert listed(ben).priority == "routine"
    with ben.read() as tx:
        assert alarms.standing(tx) == []


async def test_a_stranger_who_writes_like_a_colleague_is_shown_and_changes_nothing(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    known = trusted_line.load(ana)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.read() as tx:
        (one,) = VaultLog(tx, line.line_id, line.now).unpacked("support")
    assert known.directory is not None
    facts = {"desk": "support", "version": 1, "directory": known.directory.hash.hex()}
    await line.send("Let me in.", kind="desk", ops=[one.to_json()], **facts)
    await line.sync(ben, team_hours=1_000)
    with ben.read() as tx:
        assert cases.state(tx, case, "support").get(PRIORITY) == ""
    assert texts(ben) == ["Let me in.", "They keep our passports."]


async def test_what_is_given_again_waits_for_a_turn(line: Line, ana: Vault, ben: Vault) -> None:
    """A batch right after reading a question would tell the server that it was one."""
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.write() as tx:
        log = VaultLog(tx, line.line_id, line.now)
        log.mark_packed(log.unpacked("support"))
    known = trusted_line.load(ben)
    with ben.write() as tx:
        ask = desk_body(known, [], asks=[[0, 1, False]])
        team.queue_body(tx, "support", None, ask, line.now)
    await line.sync(ben)
    await line.turn()
    await line.sync(ana, team_hours=1_000)
    with ana.read() as tx:
        assert team.count_waiting(tx) == 1
    await line.sync(ana, team_hours=0)
    with ana.read() as tx:
        assert team.count_waiting(tx) == 0
    await line.turn()
    await line.sync(ben)
    assert listed(ben).priority == "urgent"


@pytest.mark.parametrize("point", ["team kept", "team posted"])
async def test_killed_while_sharing_nothing_is_lost_or_done_twice(
    line: Line, ana: Vault, ben: Vault, point: str
) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.note(case, "Once."))

    def die(name: str) -> None:
        if name == point:
            raise KeyboardInterrupt(name)

    with pytest.raises(KeyboardInterrupt):
        await line.sync(ana, checkpoint=die)
    await line.turn()
    await pass_on(line, ana, ben)
    with ben.read() as tx:
        assert [one.now for _, one in cases.state(tx, case, "support").written()] == ["Once."]
        assert alarms.standing(tx) == []
    with ana.read() as tx:
        assert team.count_waiting(tx) == team.count_unpacked(tx) == 0
