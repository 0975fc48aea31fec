"""The systemd units: how closed they are, and that their commands do what they are for."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.cli.demo import world as worlds
from app.cli.demo.world import World
from tests.deploy.conftest import DEPLOY
from tests.onion.process import needed, until
from tests.scale.line import BUCKET, ObjectStore
from tests.server.admission.test_proxy_protocol import TOR, WORK
from tests.server.admission.test_shared import Store
from tests.server.conftest import postgres
from tests.server.postgres import Cluster

__all__ = ["postgres"]

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
QUIETLINE = Path(sys.executable).with_name("quietline")
SCALE = DEPLOY / "systemd" / "scale.conf"
MOST_EXPOSED = 15  # tenths: systemd-analyze security at most 1.5
_NO_WRITE_AND_EXECUTE = (
    "import ctypes, os, sys; libc = ctypes.CDLL(None); libc.prctl(65, 1, 0, 0, 0); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)
"""PR_SET_MDWE: what MemoryDenyWriteExecute does, without systemd."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    import datetime as dt

    folder = tmp_path_factory.mktemp("world") / "w"
    today = dt.datetime.now(dt.UTC).date()
    return worlds.make(
        folder, "http://127.0.0.1:1", 1, today, os.urandom, work_steps=1, languages=["en"]
    )


def commands(unit: Path, world: World, folder: Path, instance: str = "") -> dict[str, list[str]]:
    """Return what a unit starts and sets, with the places of this test for a machine's."""
    places = {
        "%i": instance,
        "/opt/quietline/.venv/bin/quietline": str(QUIETLINE),
        "/opt/quietline/deploy": str(DEPLOY),
        "/etc/quietline/server.toml": str(world.data / "server" / "server.toml"),
        "/run/quietline-tor": str(folder),
        f"/run/quietline-{instance}": str(folder / instance),
        "/run/quietline": str(folder),
        "/var/backups/quietline": str(folder / "backups"),
    }
    found = {}
    for line in unit.read_text().splitlines():
        name, _, command = line.partition("=")
        if name.startswith(("Exec", "Environment")):
            for there, here in places.items():
                command = command.replace(there, here)
            found[name] = command.split()
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_is_closed_to_all_but_what_it_needs(unit: Path) -> None:
    analyze = [needed("systemd-analyze"), "security", "--offline=true", "--no-pager"]
    done = subprocess.run(
        [*analyze, f"--threshold={MOST_EXPOSED}", unit], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "PrivateNetwork=yes" in unit.read_text().splitlines(), "the server has no way out"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_several_servers_share_opens_a_unit_to_nothing_else(
    unit: Path, tmp_path: Path
) -> None:
    made = tmp_path / unit.name
    made.write_text(unit.read_text() + SCALE.read_text())
    analyze = [needed("systemd-analyze"), "security", "--offline=true", "--no-pager"]
    done = subprocess.run(
        [*analyze, f"--threshold={MOST_EXPOSED}", made], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    opened = {line for line in SCALE.read_text().splitlines() if line[:1] not in ("#", "[")}
    assert opened == {
        "EnvironmentFile=/etc/quietline/scale.env",
        "PrivateNetwork=no",
        "RestrictAddressFamilies=AF_UNIX AF_INET",
        "IPAddressAllow=localhost",
    }


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_nothing_is_started_before_there_are_settings(unit: Path) -> None:
    """Tor's drop-in wants the server: without this it would crash and be started again for ever."""
    head = unit.read_text().partition("[Service]")[0]
    assert "ConditionPathExists=/etc/quietline/server.toml" in head.splitlines()


def test_further_servers_are_closed_like_the_first() -> None:
    first, further = (
        [
            line
            for line in (DEPLOY / "systemd" / name).read_text().splitlines()
            if line and not line.startswith("#")
        ]
        for name in ("quietline-server.service", "quietline-server@.service")
    )
    own = {line.replace("-%i", "") for line in further} ^ set(first)
    assert own == {
        "Description=Quietline, the blind server",
        "Description=Quietline, server %i of the line",
        "After=quietline-server.service",
    }


def test_units_and_what_belongs_to_them_are_read_by_systemd(tmp_path: Path) -> None:
    verify = [needed("systemd-analyze"), "verify", "--man=no", "--recursive-errors=no"]
    units = [*UNITS, *(DEPLOY / "systemd").glob("*.timer")]
    made = []
    for unit in units:
        text = unit.read_text().replace("/opt/quietline/.venv/bin/quietline", "/bin/true")
        made.append(tmp_path / unit.name)
        made[-1].write_text(
            text.replace("/opt/quietline/deploy/systemd/quietline-backup", "/bin/true")
        )
    done = subprocess.run([*verify, *made], capture_output=True, text=True)
    assert done.stderr.replace("\n", "") == "", done.stderr


@pytest.mark.parametrize("unit", [*UNITS, DEPLOY / "systemd" / "tor-quietline.conf"])
def test_no_stop_tells_the_systems_journal_how_much_was_done(unit: Path) -> None:
    """A stand-in for `make test-vm`, which looks into the journal of a machine."""
    lines = unit.read_text().splitlines()
    assert {f"{what}Accounting=no" for what in ("CPU", "Memory", "IO")} <= set(lines)


@pytest.fixture
def short(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder for sockets, whose names may not be long."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="ql-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder)


def test_the_servers_unit_brings_up_its_sockets_without_a_network(
    world: World, short: Path
) -> None:
    started = commands(DEPLOY / "systemd" / "quietline-server.service", world, short)
    subprocess.run(started["ExecStartPre"], check=True, capture_output=True)
    closed = [sys.executable, "-c", _NO_WRITE_AND_EXECUTE]
    alone = [needed("unshare"), "--net"]
    if subprocess.run([*alone, "true"], capture_output=True).returncode == 0:  # where one may
        closed = [*alone, *closed]
    log = short / "log"
    with log.open("wb") as said:
        server = subprocess.Popen([*closed, *started["ExecStart"]], stdout=said, stderr=said)
    try:
        sockets = [short / name for name in ("server.sock", "tor.sock", "desk.sock")]
        until(120, "no sockets", lambda: all(map(_taken, sockets)) or server.poll() is not None)
        assert server.poll() is None, log.read_text()
        for socket_file, well in ((sockets[0], 0), (short / "none.sock", 1)):
            health = [sys.executable, "-m", "app.cli.server.healthcheck", socket_file]
            assert subprocess.run(health).returncode == well
        transport = httpx.HTTPTransport(uds=str(short / "server.sock"))
        with httpx.Client(transport=transport, base_url="http://x") as http:
            assert http.get("/healthz").status_code == 200
            assert http.get("/en/").status_code == 200
        for name, status in (("tor.sock", b"200"), ("desk.sock", b"404")):
            answer = _ask(short / name, TOR + WORK)
            assert answer.startswith(b"HTTP/1.1 " + status), name
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(120) == 0


def test_a_further_server_comes_from_its_template_beside_the_first(
    world: World, short: Path, postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(short, needed("valkey-server", "redis-server"))
    s3 = ObjectStore()
    shared = store.settings | {
        "database_url": postgres.url(postgres.create()),
        "blob_url": f"s3://{BUCKET}/attachments",
        "epoch_seconds": 2,
    }
    for name, value in shared.items():
        monkeypatch.setenv(f"QUIETLINE_{name.upper()}", str(value))
    (short / "2").mkdir()
    running = []
    try:
        for instance, unit in (
            ("", "quietline-server.service"),
            ("2", "quietline-server@.service"),
        ):
            started = commands(DEPLOY / "systemd" / unit, world, short, instance)
            own = os.environ | dict([started["Environment"][0].split("=", 1)])
            subprocess.run(started["ExecStartPre"], check=True, capture_output=True)
            running.append(subprocess.Popen(started["ExecStart"], env=own))
        sockets = [short / name for name in ("server.sock", "2/server.sock")]
        for name in (*sockets, short / "tor-2.sock", short / "desk-2.sock"):
            until(120, f"no {name}", lambda name=name: _taken(name))
        seen: dict[bytes, set[bytes]] = {}

        def both() -> bool:
            for place in sockets:
                transport = httpx.HTTPTransport(uds=str(place))
                with httpx.Client(transport=transport, base_url="http://x") as http:
                    bundles = http.get("/api/v1/bundles").content
                    rows = http.get("/api/v1/challenges").content
                    if http.get("/api/v1/bundles").content == bundles:
                        seen.setdefault(bundles, set()).add(str(place).encode() + rows[:64])
            return any(len(one) == 2 for one in seen.values())

        until(120, "they are not one line", both)
        assert all(len({one[-64:] for one in seen_of}) == 1 for seen_of in seen.values())
    finally:
        for one in running:
            one.send_signal(signal.SIGTERM)
        assert [one.wait(120) for one in running] == [0, 0]
        s3.close()
        store.kill()


def test_the_nightly_backup_keeps_few_and_each_with_its_checksum(world: World, short: Path) -> None:
    backups = short / "backups"
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        (backups / day).mkdir(parents=True)
        (backups / f"{day}.checksum").write_text("old\n")
    unit = DEPLOY / "systemd" / "quietline-backup.service"
    done = subprocess.run(commands(unit, world, short)["ExecStart"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    folders = sorted(path.name for path in backups.iterdir() if path.is_dir())
    assert folders[:2] == ["2026-01-02", "2026-01-03"]
    assert len(folders) == 3
    newest = backups / folders[-1]
    checksum = (backups / f"{newest.name}.checksum").read_text().strip()
    assert len(checksum) == 64
    assert not (backups / "2026-01-01.checksum").exists()

    empty = short / "empty.toml"
    text = (world.data / "server" / "server.toml").read_text()
    empty.write_text(text.replace(str(world.data / "server"), str(short / "restored")))
    again = subprocess.run(
        [QUIETLINE, "server", "restore", newest, "--checksum", checksum, "--config", empty],
        capture_output=True,
        text=True,
    )
    assert again.returncode == 0, again.stderr


def test_a_second_backup_on_one_day_takes_the_first_ones_place(world: World, short: Path) -> None:
    unit = DEPLOY / "systemd" / "quietline-backup.service"
    backups = short / "backups"
    (backups / ".unfinished" / "chunks").mkdir(parents=True)  # the machine went down during one
    made = set()
    for _ in range(2):  # before an update, say, on a day whose nightly one is there
        typed = commands(unit, world, short)["ExecStart"]
        done = subprocess.run(typed, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        (checksum,) = backups.glob("*.checksum")
        (folder,) = (path for path in backups.iterdir() if path.is_dir())
        assert checksum.name == f"{folder.name}.checksum"
        assert (
            checksum.read_text().strip()
            == hashlib.sha256((folder / "backup.json").read_bytes()).hexdigest()
        )
        assert checksum.stat().st_mtime == 0
        made.add(folder.stat().st_ino)
    assert len(made) == 2


def test_a_backup_that_fails_takes_no_older_one_with_it(world: World, short: Path) -> None:
    backups = short / "backups"
    for day in ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"):
        (backups / day).mkdir(parents=True)
    unit = DEPLOY / "systemd" / "quietline-backup.service"
    script, _, *rest = commands(unit, world, short)["ExecStart"]
    done = subprocess.run([script, "/bin/false", *rest], capture_output=True)
    assert done.returncode != 0
    assert len([path for path in backups.iterdir() if path.is_dir()]) == 4


def _taken(path: Path) -> bool:
    """Say whether somebody listens: a socket is there a moment before that."""
    import socket

    with socket.socket(socket.AF_UNIX) as wire:
        return wire.connect_ex(str(path)) == 0


def _ask(path: Path, sent: bytes) -> bytes:
    import socket

    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(120)
        wire.connect(str(path))
        wire.sendall(sent)
        said = b""
        while part := wire.recv(65_536):
            said += part
        return said


def test_the_user_and_the_folders_are_made_with_tors_folder_for_tor_alone(tmp_path: Path) -> None:
    if os.getuid() != 0:
        pytest.skip("making users in a folder needs root")
    etc = tmp_path / "etc"
    for kind in ("sysusers", "tmpfiles"):
        (etc / f"{kind}.d").mkdir(parents=True)
        made = etc / f"{kind}.d" / "quietline.conf"
        made.write_bytes((DEPLOY / "systemd" / f"quietline.{kind}").read_bytes())
    (etc / "group").write_text("root:x:0:\ndebian-tor:x:4711:\n")
    (etc / "passwd").write_text("root:x:0:0::/root:/bin/sh\n")
    for program, *words in (("systemd-sysusers",), ("systemd-tmpfiles", "--create")):
        done = subprocess.run(
            [needed(program), f"--root={tmp_path}", *words, "quietline.conf"],
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    (user,) = [
        line.split(":") for line in (etc / "passwd").read_text().splitlines() if "quietline" in line
    ]
    assert user[6] == "/usr/sbin/nologin"
    tor_folder, backups = (tmp_path / "run/quietline-tor"), (tmp_path / "var/backups/quietline")
    assert (tor_folder.stat().st_uid, tor_folder.stat().st_gid) == (int(user[2]), 4711)
    assert (backups.stat().st_uid, backups.stat().st_gid) == (int(user[2]), int(user[3]))
    assert [path.stat().st_mode & 0o777 for path in (tor_folder, backups)] == [0o750, 0o700]
