"""A console that brings its own Tor: let in at the closed onion, and gone with the lock."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cli.demo.reports import POLICE
from app.client.line_client import LineClient, LineClientSettings
from app.client.reporter_client import ReporterClient
from app.console.vault.installation import settings
from app.console.vault.installation.tor_access import TorAccess
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from tests.console.real_console import Running, running
from tests.onion import desk
from tests.onion.line import LET_IN, OnionLine
from tests.onion.process import needed, until

TEXT = "The same van, every morning at six."
WHO = "dana"


def _report(line: OnionLine) -> None:
    async def send() -> None:
        way = LineClientSettings(line.url, socks=line.socks("reporter"), timeout=120)
        async with LineClient(way, os.urandom) as client:
            who = ReporterIdentity(new_entropy(os.urandom))
            said = {"text": TEXT, "lang": "en", "desks": [POLICE], "answers": {}}
            await ReporterClient(client, line.world.line_id).send(who, "report", said, few=True)

    asyncio.run(send())


@pytest.fixture
def let_in(line: OnionLine) -> Iterator[TorAccess]:
    """Let her Tor in, as the operator does; yields her key."""
    with desk.vault(line, WHO) as vault, vault.read() as tx:
        access = settings.load(tx, TorAccess)
    allowed = line.network.folder / "closed" / "authorized_clients" / f"{WHO}.auth"
    allowed.write_text(access.public + "\n")
    line.host.ask("SIGNAL RELOAD")
    yield access
    allowed.unlink()
    line.host.ask("SIGNAL RELOAD")


@pytest.fixture
def private_network(line: OnionLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every tor that is found on the path know this network alone."""
    defaults = tmp_path / "defaults"
    defaults.write_text("\n".join(line.network.common) + "\n")
    tor = tmp_path / "bin" / "tor"
    tor.parent.mkdir()
    tor.write_text(f'#!/bin/sh\nshift 2\nexec {needed("tor")} --defaults-torrc {defaults} "$@"\n')
    tor.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tor.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("QUIETLINE_CONSOLE_JITTER", "0")
    monkeypatch.setenv("QUIETLINE_CONSOLE_BUNDLE_DAYS", "1")


def _tors(console: Running) -> list[int]:
    """Return the Tor processes of a console."""
    children = Path(f"/proc/{console.pid}/task").glob("*/children")
    found = [int(one) for each in children for one in each.read_text().split()]
    return [one for one in found if _is_tor(one)]


def _is_tor(pid: int) -> bool:
    """Say whether a process is a Tor that runs: one that has ended has no command any more."""
    try:
        return b"--defaults-torrc" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_console_reads_through_its_own_tor_which_ends_with_the_lock(
    line: OnionLine, let_in: TorAccess, private_network: None
) -> None:
    folder = line.world.vault(WHO)
    secret = line.world.passphrase_file
    with running(folder, secret, "--own-tor", "--interval", "2") as console:
        console.sign_in()
        # Its keys went through the closed onion: nobody else takes them.
        _wait(console, "its keys are not in service", lambda: line.open_for() == len(LET_IN) + 1)
        _report(line)
        _wait(console, "the report does not come", lambda: TEXT in console.http.get("/").text)
        (tor,) = _tors(console)
        _nothing_on_disk(let_in, [folder, folder.with_name(f"{folder.name}-tor")], tor)
        console.lock()
        assert not Path(f"/proc/{tor}").exists(), "Tor goes on while the console is locked"
        assert not _tors(console)
        console.unlock(secret.read_text().strip())
        (again,) = until(60, "no Tor after unlocking", lambda: _tors(console))
        assert again != tor
    until(20, "Tor goes on without its console", lambda: not _is_tor(again))
    shutil.rmtree(folder.with_name(f"{folder.name}-tor"))


def _wait(console: Running, what: str, look: Callable[[], bool]) -> None:
    """Wait; fail with what the console says."""
    try:
        until(240, what, look)
    except TimeoutError:
        page = console.http.get("/connection").text
        said = re.findall(
            r'role="status">([^<]+)|id="sync-words">([^<]*)|notice-\w+"[^>]*>([^<]+)', page
        )
        raise AssertionError(f"{what}: {said}") from None


def _nothing_on_disk(access: TorAccess, folders: list[Path], tor: int) -> None:
    """Search what a thief of the disk has, and what every user sees of a process."""
    raw = base64.b64decode(access.private)
    forms = [raw, access.private.encode(), base64.b32encode(raw).rstrip(b"="), raw.hex().encode()]
    files = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    assert {"state", "vault.db"} <= {one.name for one in files}
    for one in [*files, Path(f"/proc/{tor}/cmdline")]:
        content = one.read_bytes()
        for form in forms:
            assert form.lower() not in content.lower(), one
    assert access.public.rpartition(":")[2].encode() in b"".join(
        one.read_bytes() for one in files if one.name == "enrolment-request.json"
    ), "the search finds what is there"
