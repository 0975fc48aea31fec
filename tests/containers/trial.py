"""The images of build/images under podman: ``make images test-images``, as root."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.line import ROOT, Line, made
from tests.onion.line import ClientKey
from tests.onion.network import Network
from tests.onion.process import until
from tests.onion.socks import NotReached, get
from tests.ports import free_port

ARCHIVES = ROOT / "build" / "images"
SERVER, TOR = "quietline_server_1", "quietline_tor_1"
RUN = ("run", "--migrate", "--config=/etc/quietline/server.toml")
_UP_WITHIN = 120
_MARK = "a-reporter-was-here"
_ASK = (
    "import socket, sys\n"
    "with socket.socket(socket.AF_UNIX) as wire:\n"
    " wire.connect('/run/quietline/server.sock')\n"
    f" wire.sendall(b'GET /{_MARK} HTTP/1.1\\r\\nHost: x\\r\\nUser-Agent: {_MARK}\\r\\n"
    f"X-Forwarded-For: {_MARK}\\r\\nConnection: close\\r\\n\\r\\n')\n"
    " print(wire.recv(99).split()[1].decode())\n"
)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return made(tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def engine(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = Engine(tmp_path_factory.mktemp("engine") / "own", line.deploy)
    try:
        for name in ("server", "tor", "caddy"):
            engine.podman("load", "--quiet", "--input", ARCHIVES / f"quietline-{name}.tar")
        yield engine
    finally:
        engine.end()


@pytest.fixture
def up(engine: Engine) -> Iterator[Engine]:
    """Start the line, and take it away with its volumes."""
    begun = engine.compose("up", "--detach")
    assert begun.returncode == 0, begun.stderr
    try:
        yield engine
    finally:
        engine.compose("--profile", "web", "down", "--volumes")


def healthy(engine: Engine) -> bool:
    return engine.tried("podman", "healthcheck", "run", SERVER).returncode == 0


def killed(engine: Engine, container: str) -> None:
    """End a container's first process as a crash would: not by the engine, which would note it."""
    process = engine.state(container)["State"]["Pid"]
    assert process > 1
    os.kill(process, signal.SIGKILL)


def restarts(engine: Engine, container: str) -> int:
    return int(engine.state(container)["RestartCount"])


def test_it_comes_up_healthy_and_closed(up: Engine) -> None:
    until(_UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    for name, user in ((SERVER, "quietline"), (TOR, "tor")):
        assert set(up.podman("top", name, "user").split()[1:]) == {user}
        assert set(up.podman("top", name, "capeff").split()[2:]) == {"none"}
        state = up.state(name)
        assert state["HostConfig"]["ReadonlyRootfs"] is True
        assert state["HostConfig"]["LogConfig"]["Type"] == "none"
    assert up.state(SERVER)["HostConfig"]["NetworkMode"] == "none"
    name = up.podman("exec", TOR, "cat", "/var/lib/tor/quietline/hostname")
    assert name.strip().endswith(".onion")
    up.podman("exec", TOR, "desk-keys", "/var/lib/tor/quietline-desk", "check")


def test_what_dies_is_started_again(up: Engine) -> None:
    until(_UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    for container in (SERVER, TOR):
        killed(up, container)
        until(60, f"{container} stays away", lambda name=container: restarts(up, name) == 1)
    until(_UP_WITHIN, "the server is not healthy again", lambda: healthy(up))


def test_before_there_are_settings_it_says_so_and_tries_again_slowly(
    engine: Engine, line: Line
) -> None:
    text = line.settings.read_text()
    line.settings.unlink()
    try:
        engine.compose("up", "--detach")
        said = engine.compose("run", "--rm", "-T", "server", *RUN)
        assert "There is no settings file /etc/quietline/server.toml." in said.stderr + said.stdout
        before, began = restarts(engine, SERVER), time.monotonic()
        engine.podman("exec", TOR, "sleep", "15")
        assert restarts(engine, SERVER) - before <= 1 + (time.monotonic() - began) / 30
        line.settings.write_text(text)
        until(_UP_WITHIN, "the server does not start", lambda: healthy(engine))
    finally:
        line.settings.write_text(text)
        engine.compose("down", "--volumes")


def test_a_full_disk_is_said_in_words(engine: Engine, line: Line) -> None:
    kept = (line.deploy / "compose.yaml").read_text()
    small = '{type: tmpfs, device: tmpfs, o: "size=20m,mode=0700,uid=10001,gid=10001"}'
    line.change("compose.yaml", "  data: {}", f"  data: {{driver_opts: {small}}}")
    try:
        said = engine.compose("run", "--rm", "-T", "server", *RUN)
        assert said.returncode != 0
        assert "disk is full" in said.stderr + said.stdout
    finally:
        (line.deploy / "compose.yaml").write_text(kept)
        engine.compose("down", "--volumes")


def test_nothing_of_a_request_is_on_the_disk_afterwards(up: Engine) -> None:
    until(_UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    assert up.podman("exec", SERVER, "python", "-c", _ASK).strip() == "404"
    refused = up.tried("podman", "logs", SERVER)
    assert refused.returncode != 0
    assert _MARK not in refused.stdout + refused.stderr
    up.compose("stop")
    files = [path for path in up.storage.parent.rglob("*") if path.is_file()]
    assert any("volumes" in path.parts for path in files)
    for path in files:
        assert _MARK.encode() not in path.read_bytes(), path
        assert path.name != "ctr.log" or not path.stat().st_size, path
    # Above an image there is nothing but what engines mount over.
    for name in (SERVER, TOR):
        layer = Path(up.state(name)["GraphDriver"]["Data"]["UpperDir"])
        names = {path.name for path in layer.rglob("*") if path.is_file()}
        assert names <= {"hostname", "hosts", "mtab", "resolv.conf", "torrc"}, name


def test_both_onions_lead_through_the_containers(engine: Engine, line: Line) -> None:
    """Tor's container in a private network on loopback: this test's Tor finds its onion."""
    kept = {name: (line.deploy / name).read_text() for name in ("compose.yaml", "tor/torrc")}
    network = Network()
    try:
        network.start()
        line.change(
            "compose.yaml", "    networks: [out]\n\n  caddy", "    network_mode: host\n\n  caddy"
        )
        with (line.deploy / "tor/torrc").open("a") as torrc:
            torrc.write("\n".join(network.common) + "\n")
        assert engine.compose("up", "--detach").returncode == 0
        until(_UP_WITHIN, "the server is not healthy", lambda: healthy(engine))
        onion, desk = (
            engine.podman("exec", TOR, "cat", f"/var/lib/tor/{name}/hostname").strip()
            for name in ("quietline", "quietline-desk")
        )
        port = free_port()
        network.node("client", [f"SocksPort 127.0.0.1:{port} ExtendedErrors"])
        until(_UP_WITHIN, "the onion is not reached", lambda: answered(port, onion))
        page = get(port, onion, "/")
        assert page.startswith(b"HTTP/1.1 200")
        with pytest.raises(NotReached):  # no key but nobody's
            get(port, desk, "/healthz")
        key, folder = ClientKey(), network.folder / "keys-of-ana"
        folder.mkdir(mode=0o700)
        (folder / "desk.auth_private").write_text(f"{key.for_the_client(desk)}\n")
        let_in = ("desk-keys", "/var/lib/tor/quietline-desk", "add", "ana", key.for_the_onion)
        engine.podman("exec", TOR, *let_in)
        assert engine.compose("kill", "-s", "HUP", "tor").returncode == 0
        own = free_port()
        network.node("ana", [f"SocksPort 127.0.0.1:{own}", f"ClientOnionAuthDir {folder}"])
        until(_UP_WITHIN, "ana does not reach the desk's onion", lambda: answered(own, desk))
    finally:
        engine.compose("down", "--volumes")
        network.stop()
        for name, text in kept.items():
            (line.deploy / name).write_text(text)


def answered(port: int, onion: str) -> bool:
    try:
        return get(port, onion, "/healthz").startswith(b"HTTP/1.1 ")
    except (NotReached, OSError):
        return False


def test_the_archives_say_what_debian_packages_are_in_them() -> None:
    listed = json.loads((ARCHIVES / "packages.json").read_text())
    assert {"server", "tor"} <= listed.keys()
    for packages in listed.values():
        for package in packages:
            assert len(package["sha256"]) == 64, package
            assert package["version"], package
