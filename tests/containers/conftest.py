"""An engine with the images of ``build/images``, a line for it, a private Tor network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.containers.line import ARCHIVES, COMPOSE_FILES, Line, made
from tests.onion.network import Incomplete, Network

_ATTEMPTS = 3
_CARDS = Path("/proc/self/net/dev")


@pytest.fixture(scope="session")
def line(tmp_path_factory: pytest.TempPathFactory) -> Line:
    return made(tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="session")
def engine(line: Line, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    cards = [row.split(":")[0].strip() for row in _CARDS.read_text().splitlines()[2:]]
    assert cards == ["lo"], "Tor would call the real network: make test-images has one of its own"
    engine = Engine(tmp_path_factory.mktemp("engine") / "own", line.deploy)
    try:
        for name in ("server", "tor", "caddy", "postgres", "valkey"):
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


@pytest.fixture
def network(engine: Engine, line: Line) -> Iterator[Network]:
    """Start a private network on loopback, to which Tor's container belongs."""
    names = (*COMPOSE_FILES, "compose.services.yaml", "caddy/Caddyfile", "tor/torrc")
    kept = {name: (line.deploy / name).read_text() for name in names}
    world, network = line.world, _started()
    try:
        for file in COMPOSE_FILES:
            line.change(file, "tor}\n    networks: [out]", "tor}\n    network_mode: host")
        with (line.deploy / "tor/torrc").open("a") as torrc:
            torrc.write("\n".join(network.common) + "\n")
        yield network
    finally:
        engine.compose("--profile", "web", "down", "--volumes")
        network.stop()
        for name, text in kept.items():
            (line.deploy / name).write_text(text)
        line.publish(world)


def _started() -> Network:
    """Start a network; anew, with more patience, where the machine was too busy for its votes."""
    for patience in range(1, _ATTEMPTS + 1):
        network = Network(patience)
        try:
            network.start()
        except (TimeoutError, Incomplete):
            network.stop()
            if patience == _ATTEMPTS:
                raise
        else:
            return network
    raise AssertionError
