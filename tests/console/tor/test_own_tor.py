"""The console's own Tor, a real one that finds no network: begun, ended, and what it leaves."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.console.tor import tor_process
from app.console.tor.own_tor import (
    ENDED,
    MISSING,
    NOT_NEEDED,
    OFF,
    READY,
    OwnTor,
    TorNotReady,
    needs_tor,
)
from app.console.tor.tor_control import SECONDS, Control, TorGone, TorRefuses
from app.console.tor.tor_process import TorProcess
from app.console.vault import Kdf, Vault
from app.console.vault.database.machine_tables import settings as rows
from app.console.vault.installation import settings
from app.console.vault.installation.tor_access import TorAccess
from app.console.vault.setup import init_vault
from app.protocol.line import Line
from tests.console.running_line import PASSPHRASE
from tests.onion.process import needed, until

NOWHERE = ("UseBridges 1", "Bridge 127.0.0.1:9")
"""The only way into the network is a port at which nobody listens."""
ONION = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad"
LINE = Line(
    bytes(32), "x", f"http://{ONION}.onion", f"http://{ONION}.onion", f"http://{ONION}.onion"
)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = init_vault(tmp_path / "a vault", LINE.serialise(), "Ana", PASSPHRASE, Kdf.SYNTHETIC)
    with Vault.open(made.folder, PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def tor(vault: Vault) -> Iterator[OwnTor]:
    needed("tor")
    one = OwnTor(vault.folder.with_name("a vault-tor"), NOWHERE)
    yield one
    one.end()


def pid_of(tor: OwnTor) -> int | None:
    return tor.pid


def runs(pid: int) -> bool:
    """Say whether a process runs; one that has ended and is not yet waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_runs_while_the_vault_is_open_and_leaves_no_key(tor: OwnTor, vault: Vault) -> None:
    tor.turn(vault)
    assert pid_of(tor) is None, "nothing may run before it is let"
    tor.begin()
    tor.turn(vault)
    pid = pid_of(tor)
    assert pid is not None
    assert runs(pid)
    with pytest.raises(TorNotReady):
        tor.socks()
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    with vault.read() as tx:
        private = settings.load(tx, TorAccess).private
    written = [one.read_bytes() for one in tor.folder.rglob("*") if one.is_file()]
    assert written
    for where in (command, *written):
        assert private.encode() not in where
        assert ONION.encode() not in where
    assert stat.S_IMODE(tor.folder.stat().st_mode) == 0o700
    tor.end()
    assert not runs(pid)
    assert tor.state is OFF
    tor.turn(vault)
    assert tor.pid is None, "ended, it does not come back by itself"


def test_its_port_is_a_socket_for_this_user_alone(tor: OwnTor, vault: Vault) -> None:
    tor.begin()
    tor.turn(vault)
    process = tor._process
    assert process is not None
    place = Path(process.socks.removeprefix("unix:"))
    until(20, "no socket", place.exists)
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    listening = subprocess.run(["ss", "-lntp"], capture_output=True, text=True, check=False)
    assert f"pid={process.pid}," not in listening.stdout, "it listens at no port"
    assert not list(tor.folder.glob("*cookie*"))
    tor.end()
    assert not place.parent.exists()


def test_it_ends_with_the_console_however_that_ends(vault: Vault, tmp_path: Path) -> None:
    needed("tor")
    script = (
        "import sys, time; from pathlib import Path\n"
        "from app.console.tor.tor_process import TorProcess, program\n"
        f"one = TorProcess.start(program(), Path({str(tmp_path / 'data')!r}), {NOWHERE!r})\n"
        "print(one.pid, flush=True); time.sleep(600)\n"
    )
    console = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert console.stdout is not None
    pid = int(console.stdout.readline())
    assert runs(pid)
    console.kill()
    console.communicate()
    until(20, "Tor goes on without its console", lambda: not runs(pid))


def test_a_console_that_is_killed_as_it_starts_its_tor_leaves_none(tmp_path: Path) -> None:
    """One that had not been told everything yet went on for ever, as nobody's, its port open."""
    needed("tor")
    script = (
        "import subprocess, sys, time; from pathlib import Path\n"
        "from app.console.tor.tor_process import TorProcess, program\n"
        "class Popen(subprocess.Popen):\n"
        "    def __init__(self, *arguments, **more):\n"
        "        super().__init__(*arguments, **more)\n"
        "        print(self.pid, flush=True); time.sleep(600)\n"
        "subprocess.Popen = Popen\n"
        f"TorProcess.start(program(), Path({str(tmp_path / 'data')!r}), {NOWHERE!r})\n"
    )
    console = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        env=os.environ | {"HOME": str(tmp_path)},
    )
    assert console.stdout is not None
    pid = int(console.stdout.readline())
    console.kill()
    console.communicate()
    try:
        until(20, "Tor goes on without its console", lambda: not runs(pid))
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert not (tmp_path / ".tor").exists(), "it ran as nobody told it to"


@pytest.fixture
def silent(tmp_path: Path) -> str:
    """Return a program that is started as Tor is, and answers nothing."""
    program = tmp_path / "silent"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o755)
    return str(program)


def test_a_lock_waits_for_no_answer_of_a_tor_at_its_start(
    silent: str, vault: Vault, tmp_path: Path
) -> None:
    tor = OwnTor(tmp_path / "data", (), lambda: silent)
    tor.begin()
    turning = threading.Thread(target=tor.turn, args=(vault,))
    turning.start()
    pid = until(20, "it is not started", lambda: tor.pid)
    began = time.monotonic()
    tor.end()
    assert time.monotonic() - began < SECONDS, "what a lock has time for"
    assert not runs(pid)
    turning.join()
    assert tor.pid is None


def test_a_lock_ends_a_tor_that_has_its_key_and_stands_still(tor: OwnTor, vault: Vault) -> None:
    tor.begin()
    tor.turn(vault)
    pid = tor.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    turning = threading.Thread(target=tor.turn, args=(vault,))
    turning.start()
    until(20, "nobody waits for it", tor._turning.locked)
    began = time.monotonic()
    tor.end()
    assert time.monotonic() - began < SECONDS
    assert not runs(pid)
    turning.join()


def test_a_console_that_may_not_wait_kills_one_that_is_being_ended(
    tor: OwnTor, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tor_process, "END_SECONDS", 300.0)
    tor.begin()
    tor.turn(vault)
    pid = tor.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    ending = threading.Thread(target=tor.end)
    ending.start()
    until(20, "nobody ends it", tor._turning.locked)
    tor.kill()
    assert not runs(pid)
    ending.join(20)
    assert not ending.is_alive()


def test_one_that_ends_by_itself_is_begun_again(tor: OwnTor, vault: Vault) -> None:
    clock = [0.0]
    tor._clock = lambda: clock[0]
    tor.begin()
    tor.turn(vault)
    pid = pid_of(tor)
    assert pid is not None
    os.kill(pid, 9)
    until(20, "it goes on", lambda: not runs(pid))
    tor.turn(vault)
    assert tor.state is ENDED
    tor.turn(vault)
    assert pid_of(tor) is None, "not in the same moment"
    clock[0] += 10
    tor.turn(vault)
    assert tor.pid not in (None, pid)
    clock[0] += 100
    tor.turn(vault)
    assert tor.state.trouble, "what leads nowhere is told"


def test_no_call_goes_without_tor_while_one_ends(tor: OwnTor, vault: Vault) -> None:
    tor.begin()
    tor.turn(vault)
    tor.state = READY
    assert str(tor.socks()).startswith("unix:/")
    # As it stands between the end of the process and the word of it.
    tor._drop()
    with pytest.raises(TorNotReady):
        tor.socks()


def test_a_computer_without_tor_and_a_line_that_needs_none(vault: Vault, tmp_path: Path) -> None:
    tor = OwnTor(tmp_path / "tor", tor=lambda: None)
    tor.begin()
    tor.turn(vault)
    assert tor.state is MISSING
    with pytest.raises(TorNotReady, match="not installed"):
        tor.socks()
    local = Line(bytes(32), "x", "http://127.0.0.1:9", None)
    made = init_vault(tmp_path / "local", local.serialise(), "Ana", PASSPHRASE, Kdf.SYNTHETIC)
    with Vault.open(made.folder, PASSPHRASE) as opened:
        tor.turn(opened)
        assert tor.state is NOT_NEEDED
        assert tor.socks() is None


@pytest.mark.parametrize(("program", "more"), [("/bin/false", ()), ("tor", ("NoSuchSetting 1",))])
def test_a_tor_that_cannot_start_leaves_nothing(
    program: str, more: tuple[str, ...], vault: Vault, tmp_path: Path
) -> None:
    tor = OwnTor(tmp_path / "data", more, lambda: needed(program))
    before = set(Path(tempfile.gettempdir()).glob("quietline-tor-*"))
    tor.begin()
    tor.turn(vault)
    assert tor.state is ENDED
    assert tor.pid is None
    assert set(Path(tempfile.gettempdir()).glob("quietline-tor-*")) == before


@pytest.mark.parametrize("row", ["tor_bridges", "tor_access"])
def test_a_copy_that_somebody_else_made_starts_no_program(
    row: str, tor: OwnTor, vault: Vault, tmp_path: Path
) -> None:
    """Whoever gives away a case store with its passphrase must not give orders to this computer."""
    mark, program = tmp_path / "mark", tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    plugin = f"evil exec {program}"
    key = base64.b64encode(bytes(range(32))).decode()
    value = {
        "tor_bridges": {"lines": [f"evil 192.0.2.1:443\nClientTransportPlugin {plugin}"]},
        "tor_access": {
            "private": f'{key}\r\nSETCONF UseBridges=1 Bridge="evil 192.0.2.1:443" '
            f'ClientTransportPlugin="{plugin}"'
        },
    }[row]
    with vault.write() as tx:
        tx.execute(rows.delete().where(rows.c.name == row))
        tx.execute(rows.insert().values(name=row, value=json.dumps(value)))
    tor.begin()
    for _ in range(3):
        tor.turn(vault)
        # One that takes in such a row starts Tor in this very turn; what Tor does then comes later.
        assert tor.pid is None
        assert "damaged" in tor.state.words
        assert tor.state.trouble
    assert not mark.exists()


@pytest.mark.parametrize("line", ["Bridge 192.0.2.1:443\nSocksPort 9", "x\rControlPort 9"])
def test_a_setting_is_one_line(line: str, tmp_path: Path) -> None:
    with pytest.raises(TorGone, match="impossible"):
        TorProcess.start(needed("tor"), tmp_path / "data", (line,))
    ours, its = socket.socketpair()
    control = Control(ours)
    with pytest.raises(TorRefuses):
        control.ask(line)
    control.close()
    its.close()


@pytest.mark.parametrize(
    "line",
    [
        Line(bytes(32), "x", "https://tips.example.org", "http://127.0.0.1:9"),
        Line(bytes(32), "x", "http://127.0.0.1:9", None, f"http://{ONION}.onion"),
        Line(bytes(32), "x", "http://127.0.0.1:9", f"http://{ONION}.onion"),
    ],
)
def test_no_address_elsewhere_is_called_without_tor(line: Line) -> None:
    """A file with one address on this computer would lead its reader to another in the open."""
    assert needs_tor(line)


def test_what_tor_says_is_bounded() -> None:
    ours, its = socket.socketpair()
    control = Control(ours)
    its.sendall(b"552 No such thing\r\n")
    with pytest.raises(TorRefuses, match="No such thing"):
        control.ask("GETINFO nothing")
    its.sendall(b'250-status/bootstrap-phase=NOTICE BOOTSTRAP PROGRESS=45 TAG=x SUMMARY="y"\r\n')
    its.sendall(b"250 OK\r\n")
    assert control.phase() == (45, "x", "")
    its.sendall(b"250-" + b"x" * 200_000)
    with pytest.raises(TorGone):
        control.ask("GETINFO version")
    control.close()
    its.close()
