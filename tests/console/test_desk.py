"""What colleagues at a desk see of each other's work, through the real server."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest

from app.console import casework, knowledge, letters, outbox
from app.console.errors import ConsoleError
from app.console.knowledge import Level
from app.console.team import changes, packing
from app.console.team.changes import LABELS, OWNER, PRIORITY, STATUS
from app.console.teamwork import alarms, membership, sending, snapshots
from app.console.triage.body import read_body
from app.console.vault import Vault, cases, desks, happenings, lists, messages, owner, team
from app.console.vault.lists import Wanted
from app.console.vault.team import VaultLog
from app.protocol import bodies
from app.protocol.answers import solve
from app.protocol.encoding import b64u
from app.protocol.identities import ReporterIdentity
from app.protocol.operation import open_operation
from tests.console.browser import opened
from tests.console.line import DAY, HOUR, Line, read, texts

pytestmark = pytest.mark.anyio


@pytest.fixture
def ben(still: Line) -> Iterator[Vault]:
    still.enrol("ben", ["support"])
    still.publish()
    with still.vault("ben") as vault:
        yield vault


def do(vault: Vault, now: int, *wanted: changes.Change, desk: str = "support") -> None:
    known = knowledge.recall(vault)
    with vault.write() as tx:
        casework.act(tx, known, desk, wanted, now)


def case_of(vault: Vault) -> str:
    return read(vault)[0].conversation


def listed(vault: Vault) -> lists.Listed:
    with vault.read() as tx:
        (one,) = lists.inbox(tx, Wanted())
    return one


def vk(vault: Vault) -> str:
    return b64u(knowledge.recall(vault).owner.identity.vk)


async def begin(line: Line, *vaults: Vault) -> None:
    """Lets the server take up the newest directory, and everybody's bundles into service."""
    await line.turn()
    await line.ready(*vaults)


async def both_have_a_case(line: Line, ana: Vault, ben: Vault) -> str:
    await begin(line, ana, ben)
    await line.send("They keep our passports.")
    for vault in (ana, ben):
        await line.sync(vault)
    return case_of(ana)


async def pass_on(line: Line, *vaults: Vault, rounds: int = 1) -> None:
    """Everybody syncs, and once more, so that what each sent has reached the others."""
    for _ in range(rounds + 1):
        for vault in vaults:
            await line.sync(vault)
        await line.turn()


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
        done = happenings.of_case(tx, case)
        assert [label for label, _ in lists.labels(tx)] == ["passports"]
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
    with pytest.raises(ConsoleError, match="reads for no desk"):
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
    outbox.queue_reply(
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
    known = knowledge.recall(ana)
    turns = [
        hour
        for hour in range(240)
        if sending.prepare(ana, known, line.now + hour * HOUR, os.urandom, hours=4)
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
        who = knowledge.recall(vault).owner
        async with line.door() as door:
            return len(solve(await door.challenges(), who.identity.fetch_sk, line.line_id))

    before = [await listed_for(vault) for vault in (ana, ben, chris)]
    await line.sync(ana)
    await line.turn()
    after = [await listed_for(vault) for vault in (ana, ben, chris)]
    assert after == [count + 1 for count in before], "one each, the writer's own slot too"
    assert (await line.sync(ben)).new_messages == 0, "not counted as a report"
    assert listed(ben).priority == "urgent"


async def test_what_was_lost_is_asked_for_again(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.write() as tx:
        for one in team.waiting(tx, 9):
            team.sent(tx, one.id)
        known = knowledge.recall(ana)
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
    known = knowledge.recall(ana)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    await pass_on(line, ana, ben)
    with ana.write() as tx:
        log = VaultLog(tx, line.line_id, line.now)
        (first,) = log.since("support", known.owner.identity.vk, 1, 9)
        from app.protocol.operation import write_operation

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
        body = _body(known, [other.to_json()])
        team.queue_body(tx, "support", None, body, line.now)
    await line.sync(ana)
    await line.turn()
    report = await line.sync(ben)
    assert listed(ben).priority == "urgent", "the first stays"
    (alarm,) = [one for one in report.notices if one.level is Level.ALARM]
    assert "two different changes number 1 by ana" in alarm.text
    with ben.write() as tx:
        alarms.dealt_with(tx)
    assert not [one for one in (await line.sync(ben)).notices if one.level is Level.ALARM]


def _body(known: knowledge.Knowledge, ops: list[object], version: int = 0, **more: object) -> bytes:
    from app.protocol import bodies

    assert known.directory is not None
    fields = {
        "desk": "support",
        "version": version or known.directory.version,
        "directory": known.directory.hash.hex(),
        "ops": ops,
    }
    return bodies.write_body("desk", bodies.new_mid(os.urandom), fields | more)


async def test_a_forged_operation_and_another_directory_are_alarms(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    known = knowledge.recall(ana)
    do(ana, line.now, changes.put(case, PRIORITY, "urgent"))
    with ana.write() as tx:
        log = VaultLog(tx, line.line_id, line.now)
        (one,) = log.since("support", known.owner.identity.vk, 1, 9)
        forged = [b64u(one.raw.replace(b"urgent", b"URGENT")), b64u(one.signature)]
        team.queue_body(tx, "support", None, _body(known, [forged]), line.now)
        lie = _body(known, [], directory="77" * 32)
        team.queue_body(tx, "support", None, lie, line.now)
        owner.store_fact(tx, sending.TURN, line.now)
    await line.sync(ana, team_hours=1_000)
    await line.turn()
    report = await line.sync(ben)
    assert listed(ben).priority == ""
    said = " ".join(one.text for one in report.notices if one.level is Level.ALARM)
    assert "damaged or forged" in said
    assert "The server shows two" in said


async def test_who_has_left_is_neither_told_nor_heard(line: Line, ana: Vault, ben: Vault) -> None:
    case = await both_have_a_case(line, ana, ben)
    from app.agency import ceremonies

    agency = line.folder / "agency"
    ceremonies.revoke(agency, "ben", "former")
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


async def test_a_new_member_is_given_as_much_as_somebody_chose(line: Line, ana: Vault) -> None:
    await line.ready(ana)
    await line.send("An open one.")
    await line.send("A closed one.")
    await line.sync(ana)
    gone = ReporterIdentity.throwaway(os.urandom)
    for kind in ("report", "withdrawal"):
        tell(ana, gone, line.now, kind, "support")
    by_text = {one.body.text: one.conversation for one in read(ana)}
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
        theirs = knowledge.recall(ben)
        with ben.write() as tx:
            greedy = _body(theirs, [], asks=[[0, 1, True]])
            team.queue_body(tx, "support", None, greedy, line.now)
            owner.store_fact(tx, sending.TURN, line.now)
        await line.sync(ben, team_hours=1_000)
        await line.turn()
        with ana.write() as tx:
            owner.store_fact(tx, sending.NEXT, line.now + DAY)
        await line.sync(ana, team_hours=1_000)
        with ana.read() as tx:
            assert team.count_waiting(tx) == 0, "nor by asking"
        known = knowledge.recall(ana)
        with ana.write() as tx:
            ((index, _),) = membership.newcomers(tx, "support")
            given = snapshots.give(tx, known, "support", index, "open", line.now, os.urandom)
        assert given == 1
        await pass_on(line, ana, ben)
        assert texts(ben) == ["An open one."]
        (message,) = read(ben)
        assert message.author == vk(ana), "who passed it on is known"
        with ben.read() as tx:
            ((_, note),) = cases.state(tx, message.conversation, "support").written()
            said = desks.state(tx, "support")
            assert (said.spoken_by(vk(ana)), said.rule("acknowledge-days")) == (("en", "am"), "3")
        assert note.now == "Known before."
        do(ana, line.now, changes.put(message.conversation, PRIORITY, "routine"))
        await pass_on(line, ana, ben)
        assert listed(ben).priority == "routine", "and goes on from there"
        with ben.read() as tx:
            welcomed = owner.fact(tx, casework.WELCOMED)
        assert welcomed == {"support": {vk(ben): [vk(ana), "open"]}}
        report = await line.sync(ben)
        assert not [one for one in report.notices if one.level is Level.ALARM]


async def test_an_old_copy_of_a_vault_changes_nothing_before_it_has_caught_up(
    line: Line, ana: Vault, ben: Vault
) -> None:
    import shutil

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
    from tests.console.line import PASSPHRASE

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
    with pytest.raises(ConsoleError, match="reads for no desk"):
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


async def test_a_stranger_who_writes_like_a_colleague_is_shown_and_changes_nothing(
    line: Line, ana: Vault, ben: Vault
) -> None:
    case = await both_have_a_case(line, ana, ben)
    known = knowledge.recall(ana)
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
    known = knowledge.recall(ben)
    with ben.write() as tx:
        ask = _body(known, [], asks=[[0, 1, False]])
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


def tell(vault: Vault, reporter: ReporterIdentity, now: int, kind: str, *desks: str) -> str:
    """A reporter's message as it comes, naming desks; gives the case."""
    raw = bodies.write_body(kind, os.urandom(16).hex(), {"text": kind, "desks": list(desks)})
    with vault.write() as tx:
        known = knowledge.recall_in(tx)
        letters.store_message(tx, known, reporter.public, raw, read_body(raw), now, os.urandom)
    return messages.conversation_id(reporter.public)


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
        page = (await browser.get(f"/conversations/{case}")).text
        assert "The reporter chose no other desk" in page
        answer = await browser.post(f"/conversations/{case}/hand", desk="police", reason="Anyhow")
        assert answer.status_code == 400
        assert "The reporter did not choose that desk" in answer.text
    with line.vault() as ana:
        tell(ana, reporter, line.now + DAY, "message", "police")
        assert listed(ana).desks == ("police",), "named again later, it is allowed again"
