"""Dockerfile and Compose's files without a Docker engine: read, linted, their commands run here.

What this cannot show, and docs say so: that the images build on their base and that the containers
run with these limits.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from deploy import images
from tests.deploy.conftest import DEPLOY, ROOT
from tests.onion.process import needed

WEB = {"caddy"}
NOT_OURS = {"server.toml", "published", "postgres-password", "scale.env", "s3.env", "Caddyfile"}
ONE = ("compose.yaml",)
SEVERAL = ("compose.yaml", "compose.scale.yaml")
SERVERS = ("server", "server-2")


def config(folder: Path, files: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[str]:
    """Have Compose read files of deploy/, beside what an operator puts there."""
    copy = folder / "deploy"
    shutil.copytree(DEPLOY, copy)
    for name in ("postgres-password", "scale.env", "s3.env"):
        (copy / name).touch()
    named = [word for name in files for word in ("-f", str(copy / name))]
    return subprocess.run(
        [needed("docker-compose"), *(option.format(copy) for option in options), *named, "config",
         "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module", params=[ONE, SEVERAL], ids=["one", "several"])
def services(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Return what Compose makes of the files."""
    done = config(tmp_path_factory.mktemp("tree"), request.param, "--env-file", "{0}/images.env")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_without_the_file_of_images_nothing_starts(tmp_path: Path) -> None:
    done = config(tmp_path, ONE)
    assert done.returncode != 0
    assert "use --env-file images.env" in done.stderr


def test_every_container_is_closed(services: dict[str, Any]) -> None:
    names = set(services["services"])
    assert {"server", "migrate", "tor", "caddy"} <= names
    assert ("server-2" in names) == ({"postgres", "valkey", "s3", "tor-2"} <= names)
    for name, service in services["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"] == {"driver": "none"}, name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name in WEB else []), name
        assert bool(service.get("ports")) == (name in WEB), name
        assert "privileged" not in service, name
        for bound in (one for one in service.get("volumes", ()) if one["type"] == "bind"):
            assert bound["read_only"] is True, (name, bound)


def test_health_checks_need_no_quotes(services: dict[str, Any]) -> None:
    """podman-compose puts the words together into one line for a shell."""
    checks = [
        one["healthcheck"]["test"] for one in services["services"].values() if "healthcheck" in one
    ]
    assert checks
    for first, *words in checks:
        assert first == "CMD"
        assert shlex.join(words) == " ".join(words)


def test_what_keeps_reports_has_no_way_out(services: dict[str, Any]) -> None:
    networks = services["networks"]
    inside = {name for name, one in networks.items() if one.get("internal")}
    reaching = {"tor", "tor-2", "caddy"}
    for name, service in services["services"].items():
        if name in reaching:
            assert not set(service["networks"]) & inside, name
        else:
            assert set(service["networks"]) <= inside, name


def test_every_image_has_its_place_in_one_file(services: dict[str, Any]) -> None:
    listed = {one["image"] for one in images.images(images.FILE.read_text()).values()}
    for name, service in services["services"].items():
        used = service["build"]["args"]["BASE"] if "build" in service else service["image"]
        assert used.partition("@")[0] in listed, name


def test_the_files_that_compose_names_are_there_and_sockets_meet(services: dict[str, Any]) -> None:
    volumes: dict[str, dict[str, str]] = {}
    for name, service in services["services"].items():
        for one in service.get("volumes", ()):
            if one["type"] == "bind":
                source = Path(one["source"])
                assert source.name in NOT_OURS or source.exists(), one
            else:
                volumes.setdefault(one["source"], {})[name] = one["target"]
    for number, server in enumerate(SERVERS, start=1):
        if server in services["services"]:
            end = "" if number == 1 else f"-{number}"
            web, tor = volumes[f"web{end}"], volumes[f"tor{end}"]
            assert (web[server], web["caddy"]) == ("/run/quietline", f"/run/quietline{end}")
            assert tor[server] == tor[f"tor{end}"] == "/run/quietline-tor"
            caddy = (DEPLOY / "caddy" / "Caddyfile").read_text()
            assert f"unix//run/quietline{end}/server.sock" in caddy
    assert "unix:/run/quietline-tor/tor.sock" in (DEPLOY / "tor" / "torrc").read_text()


def test_several_servers_reach_each_other_where_nobody_else_does(services: dict[str, Any]) -> None:
    for name in set(SERVERS) & set(services["services"]):
        service = services["services"][name]
        several = "server-2" in services["services"]
        assert ("--port=8000" in service["command"]) == several
        if several:
            assert service["environment"]["QUIETLINE_PEER_ADDRESS"] == f"http://{name}:8000"
            assert not service.get("ports")


def stages() -> dict[str, list[tuple[str, str]]]:
    """Read the Dockerfile: each stage's instructions, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    found: dict[str, list[tuple[str, str]]] = {}
    stage = ""
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stage = rest.split(" AS ")[1]
            found[stage] = []
            assert rest.startswith("${BASE}"), "one base image, pinned in one place"
        elif word and word != "#" and stage:
            found[stage].append((word, rest))
    return found


def test_images_run_as_nobody_in_particular() -> None:
    for name in ("server", "tor"):
        users = [rest for word, rest in stages()[name] if word == "USER"]
        assert users in (["10001:10001"], ["debian-tor"])


def test_what_is_copied_is_in_the_tree_and_not_kept_from_the_build() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().split() if line]
    for word, rest in stages()["build"]:
        if word == "COPY":
            for source in rest.split()[:-1]:
                name = source.rstrip("/")
                assert (ROOT / name).exists(), name
                assert f"!{name}" in rules, name
    hidden = [rule for rule in rules if not rule.startswith("!")]
    assert any(fnmatch.fnmatch(".git", rule) for rule in hidden)
    assert any(fnmatch.fnmatch("tests", rule) for rule in hidden)


def test_the_build_stage_makes_an_environment_that_serves(tmp_path: Path) -> None:
    """Each RUN of the build in a folder of this test, and then the server's command.

    Left out are apt's, and the one that installs the locks: ``make install`` has done just that,
    and its packages are lent to the new environment.
    """
    source, prefix = tmp_path / "src", tmp_path / "opt"
    source.mkdir()
    for word, rest in stages()["build"]:
        if word == "COPY":
            *names, target = rest.split()
            for name in names:
                _copy(ROOT / name.rstrip("/"), source / target / ("" if name[-1] == "/" else name))
        elif word == "RUN" and "--require-hashes" in rest:
            (lib,) = prefix.glob(".venv/lib/python*/site-packages")
            (lib / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
        elif word == "RUN" and not rest.startswith("apt-get"):
            command = rest.replace("/opt/quietline", str(prefix))
            command = command.replace("python3 -m venv", f"{sys.executable} -m venv")
            done = subprocess.run(command, shell=True, cwd=source, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
    shutil.rmtree(source)  # what was built needs nothing of the sources
    last = dict(stages()["server"])
    entry = [word.replace("/opt/quietline", str(prefix)) for word in json.loads(last["ENTRYPOINT"])]
    command = json.loads(last["CMD"])
    config = command.index("--config") + 1
    command[config] = str(tmp_path / "none.toml")
    done = subprocess.run([*entry, *command], capture_output=True, text=True, cwd="/")
    assert (done.returncode, done.stderr.strip()) == (
        2, f"There is no settings file {tmp_path / 'none.toml'}.",
    )  # fmt: skip
    assert subprocess.run([*entry, "--help"], capture_output=True, cwd="/").returncode == 0


def _copy(there: Path, here: Path) -> None:
    if there.is_dir():
        ignored = shutil.ignore_patterns("node_modules", "__pycache__")
        shutil.copytree(there, here, ignore=ignored, dirs_exist_ok=True)
    else:
        here.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(there, here)
