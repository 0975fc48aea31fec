"""Compose's files and the Dockerfile without an engine: read, and compared with the recipes.

That they build and run: ``make test-images`` (tests/containers).
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from deploy.images.recipes import RECIPES
from tests.deploy.conftest import DEPLOY, ROOT
from tests.onion.process import needed

WEB = {"caddy"}
NOT_OURS = {"settings", "published", "postgres-password", "scale.env", "Caddyfile"}
ONE = ("compose.yaml",)
SEVERAL = ("compose.scale.yaml",)
SERVERS = ("server", "server-2")


def config(folder: Path, files: tuple[str, ...], *options: str) -> subprocess.CompletedProcess[str]:
    """Have Compose read files of deploy/, beside what an operator puts there."""
    copy = folder / "deploy"
    shutil.copytree(DEPLOY, copy)
    for name in ("postgres-password", "scale.env"):
        (copy / name).touch()
    named = [word for name in files for word in ("-f", str(copy / name))]
    return subprocess.run(
        [needed("docker-compose"), *options, *named, "config", "--format", "json"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module", params=[ONE, SEVERAL], ids=["one", "several"])
def services(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """Return what Compose makes of the files."""
    done = config(tmp_path_factory.mktemp("tree"), request.param, "--profile", "web")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_onions_alone_unless_the_web_is_asked_for(tmp_path: Path) -> None:
    done = config(tmp_path, ONE)
    assert set(json.loads(done.stdout)["services"]) == {"server", "tor"}


def test_every_container_is_closed(services: dict[str, Any]) -> None:
    names = set(services["services"])
    assert {"server", "tor", "caddy"} <= names
    assert ("server-2" in names) == ({"postgres", "valkey", "tor-2"} <= names)
    for name, service in services["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["logging"] == {"driver": "none"}, name
        assert "cap_add" not in service, name
        assert not service["ulimits"]["core"], name  # Compose leaves a nought out
        assert service["memswap_limit"] == service["mem_limit"], name
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
        elif "server-2" in services["services"]:
            assert set(service["networks"]) <= inside, name
        else:
            assert service["network_mode"] == "none", name


def test_every_image_is_ours_and_none_is_ever_pulled(services: dict[str, Any]) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    ours = {f"{recipe.tag}:{version}" for recipe in RECIPES.values()}
    for name, service in services["services"].items():
        assert service["image"] in ours, name
        assert service["pull_policy"] == "never", name
        assert "build" not in service, name


def test_what_has_died_is_started_again_whatever_else_is_away(services: dict[str, Any]) -> None:
    """Podman starts nothing of which a container that it depends on has ended."""
    for name, service in services["services"].items():
        assert service["restart"] == "unless-stopped", name
        assert "depends_on" not in service, name


def test_libsodium_can_be_loaded_from_where_its_package_unpacks_it(
    services: dict[str, Any],
) -> None:
    """Docker mounts a folder in memory so that nothing in it runs, unless it is told."""
    for name in set(SERVERS) & set(services["services"]):
        (memory,) = services["services"][name]["tmpfs"]
        assert "exec" in memory.split(":")[1].split(","), name


def test_a_server_that_cannot_start_says_so_every_ten_seconds_at_most(
    services: dict[str, Any],
) -> None:
    for name in set(SERVERS) & set(services["services"]):
        command = services["services"][name]["command"]
        (pause,) = (word for word in command if word.startswith("--pause="))
        assert int(pause.removeprefix("--pause=")) >= 10, name
        assert "--migrate" in command, name


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
            _may_enter(services, f"web{end}", "caddy")
            _may_enter(services, f"tor{end}", f"tor{end}")
            assert (web[server], web["caddy"]) == ("/run/quietline", f"/run/quietline{end}")
            assert tor[server] == tor[f"tor{end}"] == "/run/quietline-tor"
            caddy = (DEPLOY / "caddy" / "Caddyfile").read_text()
            assert f"unix//run/quietline{end}/server.sock" in caddy
    assert "unix:/run/quietline-tor/tor.sock" in (DEPLOY / "tor" / "torrc").read_text()


def _may_enter(services: dict[str, Any], volume: str, name: str) -> None:
    """See that a socket's folder is the server's group's alone, and a neighbour in that group."""
    options = services["volumes"][volume]["driver_opts"]["o"]
    assert f"mode=0750,uid={RECIPES['server'].uid},gid={RECIPES['server'].uid}" in options
    assert services["services"][name]["group_add"] == [str(RECIPES["server"].uid)]


def test_several_servers_reach_each_other_where_nobody_else_does(services: dict[str, Any]) -> None:
    for name in set(SERVERS) & set(services["services"]):
        service = services["services"][name]
        several = "server-2" in services["services"]
        assert ("--port=8000" in service["command"]) == several
        if several:
            assert service["environment"]["QUIETLINE_PEER_ADDRESS"] == f"http://{name}:8000"
            assert not service.get("ports")


def stages() -> dict[str, list[tuple[str, str]]]:
    """Read the Dockerfile: each stage's instructions."""
    found: dict[str, list[tuple[str, str]]] = {}
    stage = ""
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            assert rest.startswith("scratch AS "), "nothing is pulled"
            stage = rest.split(" AS ")[1]
            found[stage] = []
        elif word and word != "#":
            found[stage].append((word, rest))
    return found


def test_every_recipe_has_its_stage_in_which_nothing_is_run() -> None:
    assert stages().keys() == RECIPES.keys()
    for name, lines in stages().items():
        assert {word for word, _ in lines} <= {"ADD", "ENV", "USER", "ENTRYPOINT", "CMD"}, name
        assert ("ADD", f"{name}.tar /") in lines


def test_each_image_has_a_user_of_its_own_who_is_not_root() -> None:
    users = {name: dict(lines)["USER"] for name, lines in stages().items()}
    assert users == {name: f"{one.uid}:{one.uid}" for name, one in RECIPES.items()}
    assert len(set(users.values())) == len(users)
    assert all(one.uid >= 10_000 for one in RECIPES.values())


def test_the_server_of_an_image_is_started_as_compose_starts_it(services: dict[str, Any]) -> None:
    said = json.loads(dict(stages()["server"])["CMD"])
    words = [word for word in said if word.startswith("/")]
    for word in services["services"]["server"]["command"]:
        if "=/" in word:
            assert word.partition("=")[2] in words


def test_caddy_knows_the_words_that_its_image_starts_it_with() -> None:
    command = [needed("caddy"), "run", "--help"]
    known = subprocess.run(command, capture_output=True, text=True, check=True)
    words = json.loads(dict(stages()["caddy"])["CMD"])
    assert words[0] == "run"
    for word in (one for one in words if one.startswith("-")):
        assert f"{word} " in known.stdout + known.stderr, word
