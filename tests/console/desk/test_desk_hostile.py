"""A colleague whose program was changed, or whose key is in other hands, against real consoles.

What such a member may do is to say anything in their own name (threat model, a malicious member of
a desk). What they may not: end a colleague's sync, keep a colleague from writing, take their room,
rule a new member or speak for somebody else.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from app.console.desk import alarms, membership
from app.console.errors import ConsoleError
from app.console.rules import changes
from app.console.rules.changes import LABELS, OWNER, PRIORITY, STATUS
from app.console.rules.log import AHEAD_SECONDS
from app.console.sync import engine, fetch
from app.console.sync.outcome import LastSync
from app.console.vault import Vault
from app.console.vault.collaboration import team
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.installation import settings
from app.console.vault.records import cases
from app.protocol.operation import SEQUENCE_MAX
from tests.console.desk.lying import HOUR, alarms_of, deliver, lie, say
from tests.console.running_desk import both_have_a_case, do, listed, pass_on, vk
from tests.console.running_line import DAY, Line, read

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("ahead", [AHEAD_SECONDS - HOUR, AHEAD_SECONDS, 60])
@pytest.mark.parametrize("counter", [SEQUENCE_MAX, SEQUENCE_MAX - 1])
async def test_a_clock_at_its_end_ends_nobodys_sync(
    line: Line, ana: Vault, ben: Vault, ahead: int, counter: int
) -> None:
    case = await both_have_a_case(line, ana, ben)
    lie(ben, line, (line.now + ahead, counter), changes.put(case, PRIORITY, "information"))
    await deliver(line, ben, ana)
    do(ana, line.now, changes.put(case, OWNER, vk(ana)))
    do(ana, line.now, changes.note(case, "Look at this one."))
    await pass_on(line, ana, ben)
    assert listed(ben).owner == vk(ana)
    with ben.read() as tx:
        said = [one.now for _, one in cases.state(tx, case, "support").written()]
        assert alarms.standing(tx) == []
    assert said == ["Look at this one."]


async def test_a_clock_of_one_desk_takes_no_other_along(
    line: Line, ana: Vault, ben: Vault, chris: Vault
) -> None:
    """A case may be handed to a desk by who is no member of it: with any clock."""
    await both_have_a_case(line, ana, ben)
    await line.ready(chris)
    await line.send("For both.", desks=("support", "police"))
    for vault in (ana, ben, chris):
        await line.sync(vault)
    case = next(one.case for one in read(chris))
    hand = changes.hand(case, "police", "support", "Yours.")
    lie(chris, line, (line.now + AHEAD_SECONDS - HOUR, SEQUENCE_MAX), hand, desk="support")
    await deliver(line, chris, ana, ben)
    with ana.read() as tx:
        assert len(cases.state(tx, case, "support").hands) == 1
    do(ana, line.now, changes.put(case, STATUS, "in-progress"))
    await pass_on(line, ana, ben)
    with ben.read() as tx:
        assert cases.state(tx, case, "support").get(STATUS) == "in-progress"


async def test_a_label_is_put_on_although_it_was_taken_off_before(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    tags = [f"{vk(ana)}.{seq}.0" for seq in range(1, 99)]
    lie(ben, line, (line.now, 0), changes.drop(case, LABELS, "van", tags))
    await deliver(line, ben, ana)
    line.now += 1
    do(ana, line.now, changes.add(case, LABELS, "van"))
    await pass_on(line, ana, ben)
    assert listed(ana).labels == listed(ben).labels == ("van",)


async def test_a_colleague_who_asks_again_and_again_is_given_what_is_asked_for_once(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    for number in range(30):
        do(ana, line.now, changes.note(case, f"{number} " + "م" * 1_900))
    with ana.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        journal.mark_packed(journal.unpacked("support"))
    for _ in range(3):
        say(ben, line, ana, asks=[[0, 1, True]] * 40)
    await deliver(line, ben, ana)
    with ana.read() as tx:
        given = team.count_waiting(tx)
    assert 0 < given <= 30
    for _ in range(3):
        say(ben, line, ana, asks=[[0, 1, True], [0, 2, True], [0, 0, False], [-2, 1, True]])
        await deliver(line, ben, ana)
    with ana.read() as tx:
        assert team.count_waiting(tx) == given, "what was given is not given again at once"


async def test_what_a_colleague_asks_for_goes_after_ones_own_word(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    for number in range(60):
        do(ana, line.now, changes.note(case, f"{number} " + "م" * 1_900))
    with ana.write() as tx:
        journal = VaultLog(tx, line.line_id, line.now)
        journal.mark_packed(journal.unpacked("support"))
    say(ben, line, ana, asks=[[0, 1, True]])
    await deliver(line, ben, ana)
    with ana.read() as tx:
        bodies_given = team.count_waiting(tx)
    assert bodies_given <= 24, "a day has its bound"
    do(ana, line.now, changes.put(case, PRIORITY, "life-safety"))
    await line.sync(ana)
    with ana.read() as tx:
        assert all(one.recipient is not None for one in team.waiting(tx, 99))


@pytest.mark.parametrize("said", [True, False])
async def test_nobodys_word_keeps_a_colleague_from_writing_for_long(
    line: Line, ana: Vault, ben: Vault, said: bool
) -> None:
    case = await both_have_a_case(line, ana, ben)
    say(ben, line, heads=[[0, 1_000_000, "77" * 32]])
    (report,) = await deliver(line, ben, ana)
    assert "ben: that console says" in alarms_of(report), "who says so is named"
    with pytest.raises(ConsoleError, match="ben: that console says"):
        do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    if said:
        with ana.write() as tx:
            alarms.dealt_with(tx, line.now)
    else:
        await line.turn(2 * DAY)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    for number in (2_000_000, SEQUENCE_MAX):
        say(ben, line, heads=[[0, number, "66" * 32]])
        await deliver(line, ben, ana)
        do(ana, line.now, changes.put(case, OWNER, vk(ana)))
    await pass_on(line, ana, ben)
    assert (listed(ben).priority, listed(ben).owner) == ("urgent", vk(ana))


async def test_nobodys_word_makes_a_colleague_seem_to_be_silent(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await both_have_a_case(line, ana, ben)
    say(ben, line, heads=[[2, 1_000_000, "77" * 32]])
    await deliver(line, ben, ana)
    await line.turn(2 * DAY)
    (report,) = await deliver(line, ben, ana)
    assert "ben's console says that there are changes" in alarms_of(report)


@pytest.mark.parametrize("seed", range(6))
async def test_every_sync_ends_whatever_a_colleague_sends(
    line: Line, ana: Vault, ben: Vault, seed: int
) -> None:
    luck = random.Random(seed)
    case = await both_have_a_case(line, ana, ben)

    def number() -> int:
        return luck.choice([-1, 0, 1, 2, 40, 2**31, 2**52, SEQUENCE_MAX, line.now, line.now + DAY])

    def junk() -> object:
        three: list[object] = [number(), number(), luck.choice(["77" * 32, "", 7, None, True])]
        return luck.choice([three, three, [three], [], {}, None, "x", number()])

    for _ in range(12):
        if luck.random() < 0.5:
            wanted = luck.choice(
                [
                    changes.put(case, PRIORITY, "routine"),
                    changes.drop(case, LABELS, "x", [f"{vk(ana)}.{number()}.0"]),
                    {"do": "seen", "case": case, "mid": "\ud800"},
                    {"do": "welcome", "member": "x", "scope": "x"},
                    {"do": luck.choice(["set", "hand", 7]), "case": case},
                ]
            )
            clock = (line.now + luck.choice([-DAY, 0, 70_000, DAY]), abs(number()))
            try:
                lie(ben, line, clock, wanted)
            except UnicodeEncodeError:
                continue
        else:
            field = luck.choice(["heads", "asks", "since", "ops", "part", "holds"])
            junk_of: dict[str, Any] = {field: [junk() for _ in range(luck.randrange(5))]}
            say(ben, line, **junk_of)
    await deliver(line, ben, ana)
    do(ana, line.now, changes.put(case, OWNER, vk(ana)))
    line.now += DAY
    await pass_on(line, ana, ben)
    assert listed(ben).owner == vk(ana)


@pytest.mark.parametrize("name", ["_keys", "_answers", "_team", "_delete_due", "_files", "meet"])
async def test_a_step_that_trips_is_told_and_costs_itself_alone(
    line: Line, ana: Vault, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    await line.ready(ana)
    await line.send("Help.")

    def trip(*_: object, **__: object) -> None:
        raise ZeroDivisionError("what it tripped over")

    where = {"meet": membership}.get(name, engine._Sync)
    monkeypatch.setattr(where, name, trip)
    report = await line.sync(ana)
    assert "an unexpected error (ZeroDivisionError" in " ".join(n.text for n in report.notices)
    with ana.read() as tx:
        assert settings.load(tx, LastSync).at == line.now
    assert [one.body.text for one in read(ana)] == ["Help."]


async def test_where_no_messages_can_be_looked_for_the_rest_is_done_and_it_is_no_good_sync(
    line: Line, ana: Vault, ben: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))

    async def trip(*_: object, **__: object) -> None:
        raise ZeroDivisionError("what it tripped over")

    with monkeypatch.context() as patched:
        patched.setattr(fetch, "collect", trip)
        with pytest.raises(ZeroDivisionError):
            await line.sync(ana)
    await line.turn()
    await line.sync(ben)
    assert listed(ben).priority == "urgent", "what was to be shared went"
