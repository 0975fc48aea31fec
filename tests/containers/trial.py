"""The images of build/images under podman: ``make images test-images``, as root."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_report import code_in
from tests.containers.engine import Engine
from tests.containers.line import ROOT, SERVER, TOR, Line, Through, made
from tests.onion import desk
from tests.onion.network import Network
from tests.onion.process import until
from tests.onion.socks import NotReached, get

ARCHIVES = ROOT / "build" / "images"
RUN = ("run", "--migrate", "--config=/etc/quietline/server.toml")
_UP_WITHIN = 120
_TEXT, _ANSWER = "He keeps the keys.", "We read it. Are you safe tonight?"
_MARK = "a-reporter-was-here"
_ASK = (
    "import socket, sys\n"
    "with socket.socket(socket.AF_UNIX) as wire:\n"
    " wire.connect('/run/quietline/server.sock')\n"
    " wire.sendall(b'GET ' + sys.argv[1].encode() + b' HTTP/1.1\\r\\nHost: x\\r\\n'\n"
    f"  b'User-Agent: {_MARK}\\r\\nX-Forwarded-For: {_MARK}\\r\\n'\n"
    "  b'Connection: close\\r\\n\\r\\n')\n"
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


def answers(engine: Engine, path: str) -> int:
    """Return the status of the server's answer."""
    return int(engine.podman("exec", SERVER, "python", "-c", _ASK, path))


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


def test_changed_settings_and_another_folder_hold_after_a_restart(up: Engine, line: Line) -> None:
    until(_UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    assert answers(up, "/") == 200
    settings, published = line.settings.read_text(), line.deploy / "published"
    line.settings.write_text(settings.replace("site_folder", "# site_folder"))
    try:
        assert answers(up, "/") == 200
        assert up.compose("restart", "server").returncode == 0
        until(_UP_WITHIN, "the server does not start again", lambda: healthy(up))
        assert answers(up, "/") == 404
        line.settings.write_text(settings)
        shutil.copytree(published, published.with_name("newer"))
        shutil.rmtree(published)
        published.with_name("newer").rename(published)
        assert up.compose("restart", "server").returncode == 0
        until(_UP_WITHIN, "the server does not start again", lambda: healthy(up))
        assert answers(up, "/") == 200
    finally:
        line.publish(line.world)


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
    assert answers(up, f"/{_MARK}") == 404
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


@pytest.fixture
def network(engine: Engine, line: Line) -> Iterator[Network]:
    """Start a private network on loopback, to which Tor's container belongs."""
    kept = {name: (line.deploy / name).read_text() for name in ("compose.yaml", "tor/torrc")}
    world, network = line.world, Network()
    try:
        network.start()
        line.change(
            "compose.yaml", "    networks: [out]\n\n  caddy", "    network_mode: host\n\n  caddy"
        )
        with (line.deploy / "tor/torrc").open("a") as torrc:
            torrc.write("\n".join(network.common) + "\n")
        yield network
    finally:
        engine.compose("down", "--volumes")
        network.stop()
        for name, text in kept.items():
            (line.deploy / name).write_text(text)
        line.publish(world)


def test_a_report_goes_in_at_one_onion_and_its_answer_comes_back(
    engine: Engine, line: Line, network: Network, tmp_path: Path
) -> None:
    """Acknowledged, it outlives a crash of both containers, and that they are made anew."""
    callers = Through(network, engine, line)
    callers.open(tmp_path / "world")
    reporters = callers.socks_port("reporter")
    assert get(reporters, callers.reporters, "/").startswith(b"HTTP/1.1 200")
    with pytest.raises(NotReached):  # no key but ana's
        get(reporters, callers.investigators, "/healthz")
    photo = tmp_path / "house.bin"
    photo.write_bytes(os.urandom(300_000))
    # The support desk; words; no questions; a file; send.
    sent = report(callers, f"1\n{_TEXT}\n.\n1\n\n\n\n{photo}\n\n1\n", "send")
    code = code_in(sent)
    for container in (SERVER, TOR):
        killed(engine, container)
    message = desk.wait_for(callers, "ana", _TEXT)
    assert desk.file_hashes(callers, "ana", message.case) == [
        hashlib.sha256(photo.read_bytes()).hexdigest()
    ]
    made_before = engine.state(SERVER)["Id"]
    assert engine.compose("up", "--detach", "--force-recreate").returncode == 0
    assert engine.state(SERVER)["Id"] != made_before
    callers.wait_until_reached("reporter")
    desk.answer(callers, "ana", message.case, _ANSWER)
    until(240, "the answer does not come", lambda: _ANSWER in report(callers, f"{code}\n", "check"))


def report(callers: Through, typed: str, command: str) -> str:
    """Type something at ``quietline report``, through the reporter's Tor; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli.entry", "report", command, "--lang", "en",
         "--line", callers.world.line_file, "--socks", callers.socks("reporter")],
        input=typed, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_archives_say_what_debian_packages_are_in_them() -> None:
    listed = json.loads((ARCHIVES / "packages.json").read_text())
    assert {"server", "tor"} <= listed.keys()
    for packages in listed.values():
        for package in packages:
            assert len(package["sha256"]) == 64, package
            assert package["version"], package
