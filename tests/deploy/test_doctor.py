"""``quietline server doctor`` finds nothing in the files of deploy/ on a machine that has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.protocol.encoding import b64u
from app.server.operations.doctor import proxies
from app.server.operations.doctor.findings import Finding
from app.server.operations.doctor.machine import Machine
from app.server.settings import Settings
from tests.deploy.conftest import DEPLOY

INSTALLED = {
    "caddy/Caddyfile": "etc/caddy/Caddyfile",
    "nginx/nginx.conf": "etc/nginx/nginx.conf",
    "tor/torrc": "etc/tor/torrc",
}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for ours, there in INSTALLED.items():
        path = tmp_path / there
        path.parent.mkdir(parents=True)
        path.write_bytes((DEPLOY / ours).read_bytes())
    unit = (DEPLOY / "systemd" / "quietline-server.service").read_text()
    (started,) = [line for line in unit.splitlines() if line.startswith("ExecStart=")]
    process = tmp_path / "proc" / "4711"
    process.mkdir(parents=True)
    words = started.removeprefix("ExecStart=").split()
    (process / "cmdline").write_text("\0".join([*words, ""]))
    (process / "status").write_text("Uid:\t990\t990\t990\t990\n")
    return Machine(0.0, tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(line_id=b64u(bytes(32)), directory_file=tmp_path, data_folder=tmp_path)


def test_the_doctor_finds_nothing_in_what_is_deployed(machine: Machine, settings: Settings) -> None:
    assert len(machine.servers()) == 1
    assert list(proxies.check(settings, machine)) == []


def test_a_server_without_tors_socket_is_found(machine: Machine, settings: Settings) -> None:
    cmdline = machine.root / "proc" / "4711" / "cmdline"
    cmdline.write_text(cmdline.read_text().replace("--tor-uds", "--nothing"))
    (found,) = proxies.check(settings, machine)
    assert isinstance(found, Finding)
    assert "give Tor a socket of its own, with --tor-uds" in found.sentence
