"""compose.scale.yaml: two servers, PostgreSQL, Valkey, a store of S3's kind, Caddy before both."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.containers.engine import Engine
from tests.containers.line import SERVER, Line
from tests.containers.reports import Through
from tests.containers.seen import UP_WITHIN, healthy, killed, restarts
from tests.containers.web import Web
from tests.onion.network import Network
from tests.onion.process import until

SECOND, POSTGRES = "quietline_server-2_1", "quietline_postgres_1"
STORE, STORES_PORT, BUCKET = "10.89.77.1", 7_070, "quietline"
"""The store is this machine, as the containers of one of its networks have it."""
_POSTGRES_USER = 10_004
COPY = "/var/lib/quietline/copy"


@pytest.fixture
def several(engine: Engine, line: Line) -> Iterator[Engine]:
    """Make what README.md has an operator make; start the database, the store and its network."""
    line.change(
        "compose.scale.yaml", "  data:\n    internal: true\n",
        "  data:\n    internal: true\n    ipam: {config: [{subnet: 10.89.77.0/24}]}\n",
    )  # fmt: skip
    password = secrets.token_hex(32)
    (line.deploy / "postgres-password").write_text(password)
    (line.deploy / "postgres-password").chmod(0o600)
    os.chown(line.deploy / "postgres-password", _POSTGRES_USER, 0)
    settings = {
        "QUIETLINE_DATABASE_URL": f"postgresql://quietline:{password}@postgres/quietline",
        "QUIETLINE_BLOB_URL": f"s3://{BUCKET}/attachments",
        "QUIETLINE_SHARED_URL": "redis://valkey:6379/0",
        "QUIETLINE_SHARED_SECRET": secrets.token_hex(32),
        "QUIETLINE_SERVERS": "2",
        "AWS_ENDPOINT_URL": f"http://{STORE}:{STORES_PORT}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    written = "".join(f"{name}={value}\n" for name, value in settings.items())
    (line.deploy / "scale.env").write_text(written)
    caddyfile = (line.deploy / "caddy/Caddyfile").read_text()
    (line.deploy / "Caddyfile").write_text(caddyfile.replace("# to unix", "to unix"))
    engine.files = ("-f", "compose.scale.yaml")
    store = ThreadedMotoServer(ip_address=STORE, port=STORES_PORT, verbose=False)
    try:
        begun = engine.compose("up", "--detach", "postgres", "valkey")
        assert begun.returncode == 0, begun.stderr
        store.start()
        client = boto3.client(
            "s3", endpoint_url=settings["AWS_ENDPOINT_URL"], region_name="us-east-1",
            aws_access_key_id="key", aws_secret_access_key="secret",
        )  # fmt: skip
        client.create_bucket(Bucket=BUCKET)
        client.close()
        yield engine
    finally:
        store.stop()
        engine.compose("--profile", "web", "down", "--volumes")
        engine.files = ()


def test_a_report_goes_through_two_servers_that_die_in_turn_as_does_their_database(
    line: Line, network: Network, several: Engine, tmp_path: Path
) -> None:
    callers = Through(network, several, line)
    web = Web(line, "Caddyfile")
    callers.open(tmp_path / "world")
    for server in (SERVER, SECOND):
        until(UP_WITHIN, f"{server} is not healthy", lambda name=server: healthy(several, name))
    photo = tmp_path / "house.bin"
    photo.write_bytes(os.urandom(300_000))
    code = callers.sent("He keeps the keys.", photo)
    killed(several, POSTGRES)
    until(60, "PostgreSQL stays away", lambda: restarts(several, POSTGRES) == 1)
    message = callers.arrived("He keeps the keys.", photo)
    callers.answered(message, code, "We read it. Are you safe tonight?")
    _backed_up_and_restored(several, line)
    assert several.compose("--profile", "web", "up", "--detach").returncode == 0
    web.trust(several, tmp_path)
    for server in (SERVER, SECOND):
        until(UP_WITHIN, "no page through Caddy", web.answers)
        several.podman("stop", server)
        until(UP_WITHIN, f"no page without {server}", web.answers)
        several.podman("start", server)


def _backed_up_and_restored(several: Engine, line: Line) -> None:
    """Make a backup inside a container, which has no program of PostgreSQL's, and restore it."""
    password = (line.deploy / "postgres-password").read_text()
    address = f"postgresql://quietline:{password}@postgres/"
    elsewhere = (
        "--env", f"QUIETLINE_DATABASE_URL={address}restored",
        "--env", f"QUIETLINE_BLOB_URL=s3://{BUCKET}/restored",
    )  # fmt: skip

    def server(*words: str, where: Sequence[str] = ()) -> str:
        config = "--config=/etc/quietline/server.toml"
        return several.podman("exec", *where, SERVER, "quietline", "server", *words, config)

    made = server("backup", COPY)
    assert "The backup has the database and" in made
    statement = (
        "import psycopg, sys\n"
        "with psycopg.connect(sys.argv[1], autocommit=True) as database:\n"
        "    database.execute('CREATE DATABASE restored')\n"
    )
    several.podman("exec", SERVER, "python", "-c", statement, f"{address}quietline")
    checksum = made.split()[-1]
    assert checksum in server("restore", COPY, "--checksum", checksum, where=elsewhere)
    assert server("stats", where=elsewhere) == server("stats")
