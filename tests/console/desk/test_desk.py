"""What colleagues at a desk see of each other's work, through the real server."""

from __future__ import annotations

import itertools
import os

import pytest

from app.console.desk import membership, outgoing, snapshots
from app.console.errors import ConsoleError
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.rules import changes, packing
from app.console.rules.changes import LABELS, OWNER, PRIORITY, STATUS
from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.collaboration import desks, members, team
from app.console.vault.collaboration.members import Welcome
from app.console.vault.collaboration.team import VaultLog
from app.console.vault.custody import audit_log
from app.console.vault.installation import settings
from app.console.vault.records import case_lists, cases, messages
from app.protocol.answers import solve
from app.protocol.identities import ReporterIdentity
from app.protocol.operation import open_operation
from tests.console.browser import opened
from tests.console.running_desk import (
    begin,
    both_have_a_case,
    case_of,
    desk_body,
    do,
    listed,
    pass_on,
    tell,
    vk,
)
from tests.console.running_line import DAY, HOUR, Line, read, texts

pytestmark = pytest.mark.anyio


async def test_what_one_does_the_other_sees_after_a_sync(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(
        ana,
        line.now,
        changes.put(case, PRIORITY, "life-safety"),
        changes.put(case, OWNER, vk(ana)),
        changes.add(case, LABELS, "passports"),
        changes.note(case, "Called the shelter."),
    )
    await pass_on(line, ana, ben)
    one = listed(ben)
    assert (one.priority, one.owner, one.labels) == ("life-safety", vk(ana), ("passports",))
    assert one.rank < 15
    with ben.read() as tx:
        notes = cases.state(tx, case, "support").written()
        done = audit_log.of_case(tx, case)
        assert [label for label, _ in case_lists.labels(tx)] == ["passports"]
    assert [(note.author, note.now) for _, note in notes] == [(vk(ana), "Called the shelter.")]
    assert [one.what for one in done if one.actor == vk(ana)] == ["note", "add", "set", "set"]


async def test_a_desk_that_is_not_the_cases_learns_nothing(
    line: Line, ana: Vault, ben: Vault, chris: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    await line.ready(chris)
    do(ana, line.now, changes.note(case, "For us alone."))
    await pass_on(line, ana, ben, chris)
    assert read(chris) == []
    with chris.read() as tx:
        assert cases.state(tx, case, "support").written() == []
        assert team.latest(tx) == 0
    with pytest.raises(ConsoleError, match="reads for no team"):
        do(chris, line.now, changes.note(case, "Let me in."))


async def test_both_edit_apart_for_a_day_and_agree(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.put(case, STATUS, "acknowledged"), changes.add(case, LABELS, "a"))
    do(ben, line.now + 60, changes.put(case, STATUS, "closed/spam"), changes.add(case, LABELS, "b"))
    line.now += DAY
    await pass_on(line, ana, ben)
    for vault in (ana, ben):
        one = listed(vault)
        assert (one.status, one.disposition, one.labels) == ("closed", "spam", ("a", "b"))


async def test_an_answer_is_read_by_the_desk_as_well_and_acknowledges(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await begin(line, ana, ben)
    reporter = await line.send("Is anybody there?")
    for vault in (ana, ben):
        await line.sync(vault)
    case = case_of(ana)
    deliver.queue_reply(
        ana, case, "Yes. Are you safe?", desk="support", lang="en", now=line.now, rng=os.urandom
    )
    # The copy is in the same batch; the operation that goes along needs no turn of its own.
    await line.sync(ana, team_hours=1_000)
    await line.turn()
    await line.sync(ben, team_hours=1_000)
    assert [one.body["text"] for one in await line.answers(reporter)] == ["Yes. Are you safe?"]
    mine, theirs = read(ben)[1], read(ana)[1]
    assert (mine.body.text, mine.author) == ("Yes. Are you safe?", vk(ana))
    assert theirs.author == ""
    assert listed(ben).status == "acknowledged"
    assert listed(ben).last_direction == "out"


async def test_turns_come_at_random_times_and_are_taken_even_with_nothing_to_say(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await both_have_a_case(line, ana, ben)
    known = trusted_line.load(ana)
    turns = [
        hour
        for hour in range(240)
        if outgoing.prepare(ana, known, line.now + hour * HOUR, os.urandom, hours=4)
    ]
    assert 40 <= len(turns) <= 80, "six a day on the average"
    gaps = {later - earlier for earlier, later in itertools.pairwise(turns)}
    assert len(gaps) > 1, "no rhythm"
    with ana.read() as tx:
        assert team.count_waiting(tx) == len(turns)
        assert not packing.read_desk_body(team.waiting(tx, 1)[0].body).operations


async def test_bodies_for_the_desk_look_like_covers_to_the_server(
    line: Line, ana: Vault, ben: Vault, chris: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    await line.ready(chris)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))

    async def listed_for(vault: Vault) -> int:
        who = trusted_line.load(vault).owner
        async with line.line_client() as client:
            return len(solve(await client.challenges(), who.identity.fetch_sk, line.line_id))

    before = [await listed_for(vault) for vault in (ana, ben, chris)]
    await line.sync(ana)
    await line.turn()
    after = [await listed_for(vault) for vault in (ana, ben, chris)]
    assert after == [count + 1 for count in before], "one each, the writer's own slot too"
    assert (await line.sync(ben)).new_messages == 0, "not counted as a report"
    assert listed(ben).priority == "urgent"


async def test_a_new_member_is_given_as_much_as_somebody_chose(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("An open one.")
    await line.send("A closed one.")
    await line.sync(ana)
    gone = ReporterIdentity.throwaway(os.urandom)
    for kind in ("report", "withdrawal"):
        tell(ana, gone, line.now, kind, "support")
    by_text = {one.body.text: one.case for one in read(ana)}
    closed = by_text["A closed one."]
    do(ana, line.now, changes.put(closed, STATUS, "closed/unfounded"))
    do(ana, line.now, changes.note(by_text["An open one."], "Known before."))
    do(ana, line.now, changes.speak("en am"), changes.rule("acknowledge-days", "3"))
    with ana.write() as tx:
        messages.mark_read(tx, closed)
    line.enrol("ben", ["support"])
    line.publish()
    await line.turn()
    with line.vault("ben") as ben:
        await line.ready(ben)
        await line.sync(ana)
        await line.turn()
        await pass_on(line, ana, ben)
        assert texts(ben) == [], "nothing of before comes by itself"
        theirs = trusted_line.load(ben)
        with ben.write() as tx:
            greedy = desk_body(theirs, [], asks=[[0, 1, True]])
            team.queue_body(tx, "support", None, greedy, line.now)
            settings.store(tx, outgoing.Turn(last=line.now))
        await line.sync(ben, team_hours=1_000)
        await line.turn()
        with ana.write() as tx:
            settings.store(tx, outgoing.Turn(next=line.now + DAY))
        await line.sync(ana, team_hours=1_000)
        with ana.read() as tx:
            assert team.count_waiting(tx) == 0, "nor by asking"
        known = trusted_line.load(ana)
        with ana.write() as tx:
            ((index, _),) = membership.new_members(tx, "support")
            given = snapshots.give(tx, known, "support", index, "open", line.now, os.urandom)
        assert given == 1
        await pass_on(line, ana, ben)
        assert texts(ben) == ["An open one."]
        (message,) = read(ben)
        assert message.author == vk(ana), "who passed it on is known"
        with ben.read() as tx:
            ((_, note),) = cases.state(tx, message.case, "support").written()
            said = desks.state(tx, "support")
            assert (said.spoken_by(vk(ana)), said.rule("acknowledge-days")) == (("en", "am"), "3")
        assert note.now == "Known before."
        do(ana, line.now, changes.put(message.case, PRIORITY, "routine"))
        await pass_on(line, ana, ben)
        assert listed(ben).priority == "routine", "and goes on from there"
        with ben.read() as tx:
            assert members.welcomes(tx, "support") == {vk(ben): Welcome(vk(ana), "open")}
        report = await line.sync(ben)
        assert not [one for one in report.notices if one.level is Level.ALARM]


async def test_a_case_is_handed_over_only_where_its_reporter_chose(
    line: Line, ana: Vault, ben: Vault, chris: Vault
) -> None:
    await begin(line, ana, ben, chris)
    await line.send("For both.", desks=("support", "police"))
    for vault in (ana, ben, chris):
        await line.sync(vault)
    case = case_of(ana)
    hand = changes.hand(case, "support", "police", "They asked for the police.")
    do(ana, line.now, hand, desk="police")
    await pass_on(line, ana, ben, chris)
    with chris.read() as tx:
        (one,) = cases.state(tx, case, "police").hands.values()
    assert (one.origin, one.reason) == ("support", "They asked for the police.")
    with pytest.raises(ConsoleError, match="reads for no team"):
        do(ana, line.now, changes.note(case, "Let me in."), desk="police")


async def test_operations_are_split_among_bodies(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    long = [changes.note(case, "م" * 1_900) for _ in range(12)]
    do(ana, line.now, *long)
    with ana.read() as tx:
        ops = VaultLog(tx, line.line_id, line.now).unpacked("support")
    assert len(ops) > 1
    assert open_operation(ops[-1].to_json(), line.line_id) == ops[-1]
    await pass_on(line, ana, ben)
    with ben.read() as tx:
        assert len(cases.state(tx, case, "support").written()) == 12


@pytest.mark.parametrize("order", [("report", "withdrawal"), ("withdrawal", "report")])
async def test_a_case_cannot_be_handed_to_a_desk_whose_permission_was_taken_back(
    line: Line, order: tuple[str, str]
) -> None:
    reporter = ReporterIdentity.throwaway(os.urandom)
    said = {"report": ("support", "police"), "withdrawal": ("police",)}
    with line.vault() as ana:
        await line.ready(ana)
        for kind in order:
            case = tell(ana, reporter, line.now, kind, *said[kind])
        assert listed(ana).desks == ("support",)
        # What comes in the same sync may have been written before.
        tell(ana, reporter, line.now, "message", "support", "police")
        assert listed(ana).desks == ("support",)
    async with opened(line) as browser:
        await browser.sign_in()
        page = (await browser.get(f"/cases/{case}")).text
        assert "The reporter chose no other team" in page
        answer = await browser.post(f"/cases/{case}/hand", desk="police", reason="Anyhow")
        assert answer.status_code == 400
        assert "The reporter did not choose that team" in answer.text
    with line.vault() as ana:
        tell(ana, reporter, line.now + DAY, "message", "police")
        assert listed(ana).desks == ("police",), "named again later, it is allowed again"
