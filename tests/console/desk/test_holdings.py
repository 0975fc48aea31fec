"""A server that chooses who reads is found out by colleagues who compare what they hold."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.client.reporter_client import ReporterClient
from app.console.cases import retention
from app.console.desk import holdings, outgoing
from app.console.line import trusted_line
from app.console.line.notices import Level
from app.console.rules import changes
from app.console.rules.changes import STATUS
from app.console.sync.outcome import SyncReport
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.copies.quarantine import InService
from app.console.vault.installation import settings
from app.console.vault.records import messages
from app.protocol import bodies
from app.protocol.batch import seal_batch
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.running_desk import begin, case_of, do
from tests.console.running_line import DAY, HOUR, PASSPHRASE, Line, texts

pytestmark = pytest.mark.anyio


async def send_without(line: Line, text: str, *hidden: int) -> None:
    """Write as a reporter to the desk, shown none of these members' bundles."""
    async with line.line_client() as http:
        client = ReporterClient(http, line.line_id)
        directory, bundles = await client.recipients()
        left = {at: one for at, one in bundles.bundles.items() if at not in hidden}
        shown = replace(bundles, bundles=left)
        said = {"text": text, "lang": "en", "desks": ["support"], "answers": {}}
        body = bodies.write_body("report", bodies.new_mid(os.urandom), said)
        who = ReporterIdentity(new_entropy(os.urandom))
        chosen = directory.members({"support"})
        batch = seal_batch(directory, shown, who.sender(), chosen, body, os.urandom)
        await http.post_messages(bundles.epoch, batch)
    await line.turn()


async def turn_of(line: Line, vault: Vault) -> SyncReport:
    """Send what this console's turn has to say."""
    with vault.write() as tx:
        outgoing.share_now(tx)
    report = await line.sync(vault, team_hours=1_000)
    await line.turn()
    return report


def missed(report: SyncReport) -> list[tuple[Level, str]]:
    return [(one.level, one.text) for one in report.notices if "not to this one" in one.text]


async def ready(line: Line, *vaults: Vault) -> None:
    """Everybody in service since yesterday."""
    await begin(line, *vaults)
    for vault in vaults:
        await line.sync(vault)
    await line.turn(DAY + 3 * HOUR)
    for vault in vaults:
        await line.sync(vault, days=3)
    await line.turn()


async def later(line: Line, vault: Vault) -> SyncReport:
    """Sync to take in what came, and again after a day, to judge."""
    await line.sync(vault, team_hours=1_000)
    await line.turn(DAY + HOUR)
    await line.sync(vault, team_hours=1_000)
    await line.turn()
    return await line.sync(vault, team_hours=1_000)


async def test_a_report_that_only_a_colleague_was_let_read_is_told_of(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await ready(line, ana, ben)
    await line.send("For both.")
    await send_without(line, "For ana alone.", 2)
    for vault in (ana, ben):
        await line.sync(vault)
    assert texts(ana) == ["For ana alone.", "For both."]
    assert texts(ben) == ["For both."]
    await turn_of(line, ana)
    await turn_of(line, ben)
    report = await later(line, ben)
    ((level, text),) = missed(report)
    assert level is Level.WARNING
    assert "A message has come to ana's console" in text
    assert missed(await later(line, ana)) == [], "who has it misses nothing"


async def test_of_three_cases_it_is_an_alarm(line: Line, ana: Vault, ben: Vault) -> None:
    await ready(line, ana, ben)
    for number in range(3):
        await send_without(line, f"{number}", 2)
    await line.sync(ana)
    await turn_of(line, ana)
    ((level, text),) = missed(await later(line, ben))
    assert level is Level.ALARM
    assert "3 messages have" in text


async def test_what_comes_late_is_not_missed(line: Line, ana: Vault, ben: Vault) -> None:
    await ready(line, ana, ben)
    await line.send("For both.")
    await line.sync(ana)
    await turn_of(line, ana)
    # Ben was away for a week, and the desk's body and the report come at once.
    await line.turn(7 * DAY)
    await line.sync(ben, team_hours=1_000)
    assert missed(await later(line, ben)) == []


async def test_who_comes_later_misses_nothing_of_before(line: Line, ana: Vault, ben: Vault) -> None:
    await ready(line, ana, ben)
    await line.send("Before.")
    await line.sync(ana)
    line.enrol("dora", ["support"])
    line.publish()
    await line.turn()
    with line.vault("dora") as dora:
        await line.ready(dora)
        await turn_of(line, ana)
        with ana.read() as tx:
            assert holdings.claims(tx, "support", line.now), "she is told of it, by number"
        assert missed(await later(line, dora)) == []


async def test_a_case_that_was_destroyed_is_not_missed(line: Line, ana: Vault, ben: Vault) -> None:
    await ready(line, ana, ben)
    await line.send("Nothing.")
    for vault in (ana, ben):
        await line.sync(vault)
    case = case_of(ben)
    with ben.write() as tx:
        messages.mark_read(tx, case)
    do(ben, line.now, changes.put(case, STATUS, "closed/spam"))
    known = trusted_line.load(ben)
    with ben.write() as tx:
        retention.schedule_destruction(tx, known, [case], line.now)
    await turn_of(line, ben)
    await turn_of(line, ana)
    await line.turn(8 * DAY)
    with ben.read() as tx:
        told = holdings.claims(tx, "support", line.now - 5 * DAY)
    assert told
    await line.sync(ben)
    await line.turn()
    assert texts(ben) == []
    with ben.read() as tx:
        assert all(holdings._here(tx, piece) for _, data in told for piece in holdings._each(data))


async def test_a_restored_vault_misses_nothing_of_before(
    line: Line, ana: Vault, ben: Vault, tmp_path: Path
) -> None:
    await ready(line, ana, ben)
    archive.make(ben, tmp_path / "copy", line.now)
    await line.send("Read and deleted.")
    await line.sync(ana)
    await line.sync(ben, at_once=True)
    ben.close()
    shutil.rmtree(line.folder_of("ben"))
    archive.restore(tmp_path / "copy", line.folder_of("ben"))
    await turn_of(line, ana)
    with Vault.open(line.folder_of("ben"), PASSPHRASE) as again:
        await line.sync(again)
        assert texts(again) == []
        assert missed(await later(line, again)) == []


async def test_a_server_that_gives_out_no_keys_of_this_console_is_told_of(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await ready(line, ana, ben)
    known = trusted_line.load(ben)
    bundles = await line.bundles()
    hidden = {at: one for at, one in bundles.bundles.items() if at != known.index}
    shown = replace(known, bundles=replace(bundles, bundles=hidden))
    for after in (0, DAY + 1):
        with ben.write() as tx:
            holdings.note_service(tx, shown, line.now + after)
    with ben.write() as tx:
        told = holdings.notices(tx, shown, None, line.now + DAY + 1)
    assert [(one.level, "no keys of this console" in one.text) for one in told] == [
        (Level.ALARM, True),
        (Level.WARNING, False),  # and only one member's are given out
    ]
    with ben.write() as tx:
        holdings.note_service(tx, replace(known, bundles=bundles), line.now + DAY + 2)
        assert holdings.notices(tx, known, None, line.now + DAY + 2) == []
        assert settings.load(tx, InService).since == line.now + DAY + 2


async def test_a_desk_of_which_few_are_given_out_for_a_day_is_told_of(
    line: Line, ana: Vault, ben: Vault
) -> None:
    await begin(line, ana)
    for wait, told in ((0, 0), (DAY + HOUR, 1)):
        await line.turn(wait)
        report = await line.sync(ana, days=3)
        assert sum("only one member" in one.text for one in report.notices) == told
    await line.ready(ben)
    report = await line.sync(ana)
    assert not [one for one in report.notices if "only one member" in one.text]
