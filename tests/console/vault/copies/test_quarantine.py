"""A restored vault: it makes no fork, and its old keys go again."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.console.desk import alarms
from app.console.errors import ConsoleError
from app.console.sync import deliver
from app.console.vault import Vault
from app.console.vault.copies import archive
from app.console.vault.copies.quarantine import Quarantine
from app.console.vault.installation import machine_log, settings
from app.console.vault.keys import bundle_keys
from tests.console.running_line import Line, texts
from tests.console.vault.copies.restoring import label, labels, only_case, restored

pytestmark = pytest.mark.anyio


@pytest.fixture
async def line_of_two(still: Line) -> AsyncIterator[Line]:
    """Ana and Dora at one desk."""
    still.enrol("dora", ["support"])
    still.publish()
    async with still.serve():
        yield still


async def test_a_restored_vault_makes_no_fork(
    line_of_two: Line, ana: Vault, tmp_path: Path
) -> None:
    """It waits for a colleague's word, gets its own later changes back, and goes on after them."""
    line = line_of_two
    with line.vault("dora") as dora:
        await line.ready(ana, dora)
        await line.send("One.")
        await line.sync(ana)
        await line.sync(dora)
        case = only_case(ana)
        label(ana, line, case, "in the backup")
        await line.sync(ana)
        await line.turn()
        file = tmp_path / "copy.tar"
        archive.make(ana, file, line.now)
        label(ana, line, case, "after the backup")
        await line.sync(ana)
        await line.turn()
        await line.sync(dora)
        assert labels(dora, case) == ["after the backup", "in the backup"]
        ana.close()  # lost with its machine
        with restored(line, file) as vault:
            # An old word of Dora's, from before anything was lost, waits on the server.
            await line.turn()
            report = await line.sync(vault)
            assert "restored from a backup" in " ".join(one.text for one in report.notices)
            with pytest.raises(ConsoleError, match="before a colleague's console has been heard"):
                label(vault, line, case, "too early")
            label(dora, line, case, "by dora")
            await line.sync(dora)
            await line.turn()
            for _ in range(3):
                await line.sync(vault)
                await line.turn()
                await line.sync(dora)
                await line.turn()
            wanted = ["after the backup", "by dora", "in the backup"]
            assert labels(vault, case) == wanted
            label(vault, line, case, "new")
            await line.sync(vault)
            await line.turn()
            report = await line.sync(dora)
            assert labels(dora, case) == sorted([*wanted, "new"])
            with dora.read() as tx:
                assert alarms.standing(tx) == [], "a fork"
            assert "restored" not in " ".join(one.text for one in report.notices)


async def test_what_was_on_the_server_before_releases_nothing(
    line_of_two: Line, ana: Vault, tmp_path: Path
) -> None:
    line = line_of_two
    with line.vault("dora") as dora:
        await line.ready(ana, dora)
        file = tmp_path / "copy.tar"
        await line.send("One.")
        await line.sync(ana)
        await line.sync(dora)
        archive.make(ana, file, line.now)
        label(dora, line, only_case(dora), "older than the restoring")
        await line.sync(dora)
        await line.turn()
        ana.close()
        with restored(line, file) as vault:
            await line.sync(vault)
            assert labels(vault, only_case(vault)) == ["older than the restoring"]
            with pytest.raises(ConsoleError, match="heard"):
                label(vault, line, only_case(vault), "too early")
            with vault.read() as tx:
                assert settings.load(tx, Quarantine).heard == ()


async def test_a_desk_of_one_waits_for_nobody_and_reporters_are_answered(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    await line.ready(ana)
    reporter = await line.send("Alone.")
    await line.sync(ana)
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now)
    ana.close()
    with restored(line, file) as vault:
        await line.sync(vault)
        label(vault, line, only_case(vault), "mine")
        deliver.queue_reply(
            vault,
            only_case(vault),
            "We are here.",
            desk="support",
            lang="en",
            now=line.now,
            rng=os.urandom,
        )
        await line.sync(vault)
        await line.turn()
        assert [one.body["text"] for one in await line.answers(reporter)] == ["We are here."]


async def test_keys_that_were_destroyed_come_back_and_go_again(
    line: Line, ana: Vault, tmp_path: Path
) -> None:
    """A backup holds them; a restored vault destroys them as soon as the rules allow."""
    await line.ready(ana)
    file = tmp_path / "copy.tar"
    archive.make(ana, file, line.now)
    with ana.read() as tx:
        first = {key.not_before for key in bundle_keys.all_held(tx)}
    for _ in range(4):
        await line.turn(12 * 3600)
        await line.sync(ana)
    with ana.read() as tx:
        gone = first - {key.not_before for key in bundle_keys.all_held(tx)}
    assert gone
    ana.close()
    with restored(line, file) as vault:
        with vault.read() as tx:
            assert gone <= {key.not_before for key in bundle_keys.all_held(tx)}
        await line.sync(vault)
        await line.turn()
        # The server has keys for this hour that were made after the backup: they serve no more.
        await line.send("After it was restored.")
        for _ in range(5):
            await line.sync(vault)
            await line.turn(12 * 3600)
        assert texts(vault) == ["After it was restored."]
        with vault.read() as tx:
            assert not gone & {key.not_before for key in bundle_keys.all_held(tx)}


async def test_the_owner_is_told(still: Line, tmp_path: Path) -> None:
    file = tmp_path / "copy.tar"
    with still.vault("ana") as vault:
        archive.make(vault, file, still.now)
    async with still.serve():
        with restored(still, file) as vault:
            await still.sync(vault)
            with vault.read() as tx:
                assert [one.what for one in machine_log.unread(tx)] == [machine_log.RESTORED]
