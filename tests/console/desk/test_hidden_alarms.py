"""A colleague who wants something unseen behind something else, against real consoles."""

from __future__ import annotations

import json

import pytest

from app.console.desk import alarms
from app.console.line import trusted_line
from app.console.rules import changes
from app.console.rules.changes import PRIORITY
from app.console.vault import Vault
from app.console.vault.records import messages
from app.protocol import bodies
from tests.console.desk.lying import alarms_of, deliver, newcomer, say
from tests.console.running_desk import both_have_a_case, do
from tests.console.running_line import DAY, Line

pytestmark = pytest.mark.anyio


async def test_no_alarm_is_pushed_out_by_others(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    for number in range(60):
        do(ana, line.now + number, changes.put(case, PRIORITY, "urgent" if number % 2 else ""))
    say(ben, line, ana, directory="77" * 32)
    (report,) = await deliver(line, ben, ana)
    assert "another version" in alarms_of(report)
    for start in (1, 31):
        say(ben, line, ana, heads=[[0, number, "66" * 32] for number in range(start, start + 30)])
    (report,) = await deliver(line, ben, ana)
    assert "another version" in alarms_of(report), "what came first stays"
    assert "more alarms" in alarms_of(report)
    with ana.write() as tx:
        assert len(alarms.standing(tx)) <= alarms.OF_ONE_MAX
        alarms.dealt_with(tx, line.now)
    assert alarms_of(await line.sync(ana, team_hours=1_000)) == ""


async def test_a_made_up_directory_hides_no_true_one_and_can_be_dealt_with(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await both_have_a_case(line, ana, ben)
    known = trusted_line.load(ana)
    assert known.directory is not None
    await newcomer(line, ana, ben)
    with line.vault("dora") as dora:
        say(ben, line, ana, version=2**52)
        await deliver(line, ben, ana)
        say(dora, line, ana, version=known.directory.version + 7)
        await deliver(line, dora, ana)
        await line.turn(2 * DAY)
        said = alarms_of(await line.sync(ana, team_hours=1_000))
        assert "dora's console has seen version" in said
        assert "ben's console has seen version" in said
    with ana.write() as tx:
        alarms.dealt_with(tx, line.now)
    assert "seen version" not in alarms_of(await line.sync(ana, team_hours=1_000))


async def test_an_answer_under_anothers_number_takes_the_place_of_none(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    await newcomer(line, ana, ben)
    with line.vault("dora") as dora:
        await line.send("Are you there?", desks=("support",))
        await line.sync(dora)
        with dora.read() as tx:
            (here,) = (one.id for one in messages.inbox(tx))
        mid = "ab" * 16
        for sender, text in ((ben, "Go back to work."), (ana, "Do not go back.")):
            fields = {"text": text, "desk": "support", "day": line.today.isoformat()}
            reply = json.loads(bodies.write_body("reply", mid, fields))
            for _ in range(2):
                say(sender, line, dora, case=here, reply=reply)
            await deliver(line, sender, dora)
        with dora.read() as tx:
            found = [one for one in messages.messages_of(tx, here) if one.direction == "out"]
            known = trusted_line.load(dora)
            names = {known.label_of(one.author): one.body.text for one in found}
            assert alarms.standing(tx) == []
        assert names == {"ben": "Go back to work.", "ana": "Do not go back."}
        assert len(found) == 2
    assert case
