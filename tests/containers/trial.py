"""The images of build/images under podman: ``make images test-images``, as root."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.line import ARCHIVES, SERVER, TOR, Line
from tests.containers.reports import Through
from tests.containers.seen import MARK, UP_WITHIN, answers, healthy, killed, restarts
from tests.containers.web import CADDY, Web
from tests.onion.network import Network
from tests.onion.process import until
from tests.onion.socks import NotReached, get

CONFIG = "--config=/etc/quietline/server.toml"
RUN = ("run", "--migrate", CONFIG)
_SERVERS_USER = 10_001


def test_it_comes_up_healthy_and_closed(up: Engine) -> None:
    until(UP_WITHIN, "the server is not healthy", lambda: healthy(up))
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
    until(UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    for container in (SERVER, TOR):
        killed(up, container)
        until(60, f"{container} stays away", lambda name=container: restarts(up, name) == 1)
    until(UP_WITHIN, "the server is not healthy again", lambda: healthy(up))


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
        until(UP_WITHIN, "the server does not start", lambda: healthy(engine))
    finally:
        line.settings.write_text(text)
        engine.compose("down", "--volumes")


def test_changed_settings_and_another_folder_hold_after_a_restart(up: Engine, line: Line) -> None:
    until(UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    assert answers(up, "/") == 200
    settings, published = line.settings.read_text(), line.deploy / "published"
    line.settings.write_text(settings.replace("site_folder", "# site_folder"))
    try:
        assert answers(up, "/") == 200
        assert up.compose("restart", "server").returncode == 0
        until(UP_WITHIN, "the server does not start again", lambda: healthy(up))
        assert answers(up, "/") == 404
        line.settings.write_text(settings)
        shutil.copytree(published, published.with_name("newer"))
        shutil.rmtree(published)
        published.with_name("newer").rename(published)
        assert up.compose("restart", "server").returncode == 0
        until(UP_WITHIN, "the server does not start again", lambda: healthy(up))
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
    until(UP_WITHIN, "the server is not healthy", lambda: healthy(up))
    assert answers(up, f"/{MARK}") == 404
    refused = up.tried("podman", "logs", SERVER)
    assert refused.returncode != 0
    assert MARK not in refused.stdout + refused.stderr
    up.compose("stop")
    files = [path for path in up.storage.parent.rglob("*") if path.is_file()]
    assert any("volumes" in path.parts for path in files)
    for path in files:
        assert MARK.encode() not in path.read_bytes(), path
        assert path.name != "ctr.log" or not path.stat().st_size, path
    # Above an image there is nothing but what engines mount over.
    for name in (SERVER, TOR):
        layer = Path(up.state(name)["GraphDriver"]["Data"]["UpperDir"])
        names = {path.name for path in layer.rglob("*") if path.is_file()}
        assert names <= {"hostname", "hosts", "mtab", "resolv.conf", "torrc"}, name


def test_a_report_goes_in_at_one_onion_and_its_answer_comes_back(
    engine: Engine, line: Line, network: Network, tmp_path: Path
) -> None:
    """Acknowledged, it outlives a crash of both, a restore, and that they are made anew."""
    callers = Through(network, engine, line)
    callers.open(tmp_path / "world")
    reporters = callers.socks_port("reporter")
    assert get(reporters, callers.reporters, "/").startswith(b"HTTP/1.1 200")
    with pytest.raises(NotReached):  # no key but ana's
        get(reporters, callers.investigators, "/healthz")
    photo = tmp_path / "house.bin"
    photo.write_bytes(os.urandom(300_000))
    code = callers.sent("He keeps the keys.", photo)
    for container in (SERVER, TOR):
        killed(engine, container)
        until(60, f"{container} stays away", lambda name=container: restarts(engine, name) == 1)
    callers.go_on()
    message = callers.arrived("He keeps the keys.", photo)
    _backed_up_and_restored(engine, tmp_path)
    before = engine.state(SERVER)["Id"]
    assert engine.compose("up", "--detach", "--force-recreate").returncode == 0
    assert engine.state(SERVER)["Id"] != before
    callers.go_on()
    callers.answered(message, code, "We read it. Are you safe tonight?")


def _backed_up_and_restored(engine: Engine, folder: Path) -> None:
    """Do as README.md says, "A backup"."""
    copies, old = folder / "copies", folder / "old"
    copies.mkdir()
    old.mkdir()
    os.chown(copies, _SERVERS_USER, _SERVERS_USER)

    def server(*words: str) -> str:
        mounted = ("run", "--rm", "-T", "-v", f"{copies}:/backup", "server", *words, CONFIG)
        done = engine.compose(*mounted)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    checksum = server("backup", "/backup/today").split()[-1]
    assert engine.compose("stop", "server").returncode == 0
    inspected = engine.podman("volume", "inspect", "--format", "{{.Mountpoint}}", "quietline_data")
    for kept in Path(inspected.strip()).iterdir():
        shutil.move(kept, old)
    assert checksum in server("restore", "/backup/today", f"--checksum={checksum}")


def test_caddy_serves_the_line_on_the_open_web(
    engine: Engine, line: Line, network: Network, tmp_path: Path
) -> None:
    web = Web(line, "caddy/Caddyfile")
    assert engine.compose("--profile", "web", "up", "--detach").returncode == 0
    until(UP_WITHIN, "the server is not healthy", lambda: healthy(engine))
    web.trust(engine, tmp_path)
    until(UP_WITHIN, "no page through Caddy", web.answers)
    page = web.get("/")
    assert "<html" in page.text
    assert "onion-location" in page.headers
    assert "server" not in page.headers
    killed(engine, CADDY)
    until(UP_WITHIN, "Caddy stays away", lambda: restarts(engine, CADDY) == 1)
    until(UP_WITHIN, "no page through Caddy again", web.answers)


def test_the_archives_say_what_debian_packages_are_in_them() -> None:
    listed = json.loads((ARCHIVES / "packages.json").read_text())
    assert {"server", "tor"} <= listed.keys()
    for packages in listed.values():
        for package in packages:
            assert len(package["sha256"]) == 64, package
            assert package["version"], package
