"""A line with three active investigators and one former, and its server in this process."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from app.cli.server.server_commands import app as server_commands
from app.protocol import challenges, group, wire
from app.protocol.answers import is_for, solve
from app.protocol.encoding import b64u, json_bytes
from app.protocol.identities import BundleKeys, InvestigatorIdentity, sign, verify_key
from app.protocol.secrets import Secret
from app.protocol.signatures import TAG_DIRECTORY, TAG_SITE
from app.server import logs
from app.server.http.application import create_app
from app.server.settings import Settings, load
from app.server.storage import migrations
from app.server.storage.dialect import make_engine
from tests.server.postgres import Cluster, needed_programs
from tests.server.process import Process
from tests.working import Working

NOW = 1_790_000_000 - 1_790_000_000 % 86_400 + 43_200  # noon of a day
HOUR = 3_600
DAY = 86_400


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def small_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make challenge sets of 64 rows and up, where their size does not matter: it saves time."""
    monkeypatch.setattr(challenges, "MIN_ROWS", 64)


@dataclass
class Server:
    """A running server, and a client of it whose address is distinctive."""

    app: object
    client: httpx.AsyncClient
    line: Line

    @property
    def services(self):
        return self.app.state.services

    async def tick(self, seconds: float = 60):
        self.line.now += seconds
        return await self.services.epochs.tick(self.line.now)

    async def epoch(self) -> wire.EpochBundles:
        answer = await self.client.get("/api/v1/bundles")
        return wire.EpochBundles.parse(answer.content)

    async def post(self, batch: bytes, epoch: int | None = None) -> httpx.Response:
        number = (await self.epoch()).epoch if epoch is None else epoch
        return await self.client.post(f"/api/v1/messages?epoch={number}", content=batch)

    async def found_by(self, fetch_sk: Secret) -> list[bytes]:
        """Return the envelopes that a holder of this fetch key finds."""
        rows = (await self.client.get("/api/v1/challenges")).content
        envelopes = []
        for one in solve(rows, fetch_sk, self.line.line_id):
            answer = await self.client.get(f"/api/v1/messages/{one.hex()}")
            assert is_for(answer.content, fetch_sk)
            envelopes.append(answer.content)
        return envelopes


@dataclass
class Line:
    """The agency's and investigators' side, and where the server's files are."""

    folder: Path
    database_url: str | None = None
    now: float = NOW
    root: Secret = field(default_factory=lambda: Secret(os.urandom(32)))
    people: list[InvestigatorIdentity] = field(
        default_factory=lambda: [InvestigatorIdentity.generate(os.urandom) for _ in range(4)]
    )
    statuses: list[str] = field(default_factory=lambda: ["active", "active", "former", "active"])

    @property
    def line_id(self) -> bytes:
        return verify_key(self.root)

    @property
    def directory_file(self) -> Path:
        return self.folder / "directory.json"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def database(self) -> Path:
        return self.data / "quietline.db"

    def sql(self, statement: str, **values: object) -> list[tuple]:
        """Look into or change the database behind the server's back."""
        engine = make_engine(self.settings().database)
        with engine.begin() as connection:
            done = connection.execute(text(statement), values)
            rows = [tuple(row) for row in done] if done.returns_rows else []
        engine.dispose()
        return rows

    def prepare(self) -> None:
        """Make the data folder and the database, for a server of today in a process of its own."""
        self.now = time.time()
        self.publish()
        self.data.mkdir(exist_ok=True)
        migrations.upgrade(self.settings().database)

    def signed(self, name: str, tag: bytes, content: bytes, root: Secret | None = None) -> bytes:
        key = root or self.root
        return json_bytes(
            {
                name: b64u(content),
                "signature": sign(key, tag, content).hex(),
                "root": verify_key(key).hex(),
            }
        )

    def publish(self, version: int = 1, root: Secret | None = None, **changes: object) -> None:
        day = dt.datetime.fromtimestamp(self.now, dt.UTC).date()
        content = {
            "v": 2,
            "line_id": b64u(self.line_id),
            "version": version,
            "issued": day.isoformat(),
            "expires": (day + dt.timedelta(days=180)).isoformat(),
            "roots": [],
            "investigators": [
                {
                    "vk": b64u(one.vk),
                    "dh": b64u(one.dh),
                    "mlkem": b64u(one.mlkem),
                    "fetch": b64u(one.fetch),
                    "sig": b64u(one.public("").signature),
                    "label": f"person {index}",
                    "status": status,
                    **({"left": "2019-05-04"} if status == "former" else {}),
                }
                for index, (one, status) in enumerate(zip(self.people, self.statuses, strict=True))
            ],
            "desks": [{"id": "support", "members": [0], "name": {"en": "S"}, "about": {"en": ""}}],
            "params": {"message_days": 90, "window_seconds": HOUR},
        } | changes
        self.directory_file.write_bytes(
            self.signed("directory", TAG_DIRECTORY, json_bytes(content), root)
        )

    def publish_site(
        self,
        files: dict[str, bytes],
        version: int = 1,
        listed: object = None,
        **changes: object,
    ) -> Path:
        hashes = {path: hashlib.sha256(body).hexdigest() for path, body in files.items()}
        site = self.folder / "site"
        for path, body in files.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(body)
        inner = {
            "v": 1,
            "line_id": b64u(self.line_id),
            "version": version,
            "issued": "2026-01-01",
            "files": hashes if listed is None else listed,
        } | changes
        manifest = self.signed("manifest", TAG_SITE, json_bytes(inner))
        (site / "manifest.json").write_bytes(manifest)
        return site

    def values(self, **changes: object) -> dict[str, object]:
        return (
            {
                "line_id": b64u(self.line_id),
                "directory_file": self.directory_file,
                "data_folder": self.data,
                "slots_initial": 64,
                "slots_cap": 64,
                "chunk_slots_initial": 8,
                "disk_reserve_bytes": 0,
                "work_steps": 1,
                "reports_per_second": 10_000,
                "chunks_per_second": 10_000,
                "caller_per_minute": 10_000,
            }
            | ({"database_url": self.database_url} if self.database_url else {})
            | changes
        )

    def settings(self, **changes: object) -> Settings:
        return load(**self.values(**changes))

    @asynccontextmanager
    async def serve(self, timers: bool = False, **changes: object) -> AsyncIterator[Server]:
        settings = self.settings(**changes)
        self.data.mkdir(exist_ok=True)
        migrations.upgrade(settings.database)
        app = create_app(settings, clock=lambda: self.now, timers=timers)
        async with app.router.lifespan_context(app), self.client_of(app) as client:
            yield Server(app, client, self)

    def client_of(self, app: object, address: str = "127.0.0.77") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app, client=(address, 4711))
        return httpx.AsyncClient(transport=transport, base_url="http://line", auth=Working())

    def upload(self, index: int, hours: range, keys: BundleKeys | None = None) -> bytes:
        """Make the body of POST bundles: windows of an hour, counted from this one."""
        start = int(self.now) - int(self.now) % HOUR
        keys = keys or BundleKeys.generate(os.urandom)
        bundles = tuple(
            keys.bundle(self.people[index], start + HOUR * hour, start + HOUR * (hour + 1))
            for hour in hours
        )
        return wire.BundleUpload(index, bundles).serialise()


def fake_envelope(fetch: bytes | None = None) -> bytes:
    """Make what a blind server takes for an envelope, found by a fetch key: cheap, unopenable."""
    x = group.random_scalar(os.urandom)
    target = fetch or group.base(group.random_scalar(os.urandom))
    rest = os.urandom(wire.ENVELOPE_BYTES - wire.HINT_BYTES)
    return group.base(x) + group.multiply(x, target) + rest


def fake_batch(count: int = 3, fetch: bytes | None = None) -> bytes:
    return b"".join(fake_envelope(fetch) for _ in range(count))


@pytest.fixture
def envelope() -> Callable[..., bytes]:
    return fake_envelope


@pytest.fixture
def batch() -> Callable[..., bytes]:
    return fake_batch


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """Yield a real PostgreSQL, one for all tests."""
    cluster = Cluster(needed_programs())
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """Return the name of the database that the tests use in turn."""
    name = postgres.create()
    migrations.upgrade(postgres.url(name))
    return name


@pytest.fixture
def engine() -> str:
    """Which database a test runs on; those marked with ``both_engines`` run on each."""
    return "sqlite"


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> Iterator[str | None]:
    """Yield the address of an empty line's database; None: SQLite in the line's data folder."""
    if engine == "sqlite":
        yield None
        return
    cluster, name = request.getfixturevalue("postgres"), request.getfixturevalue("migrated")
    cluster.sql("TRUNCATE slots, envelopes, bundles", name)
    yield cluster.url(name)


@pytest.fixture
def line(tmp_path: Path, database_url: str | None) -> Line:
    made = Line(tmp_path, database_url)
    made.publish()
    return made


@pytest.fixture
async def server(line: Line) -> AsyncIterator[Server]:
    async with line.serve() as running:
        yield running


@pytest.fixture
def refusal() -> Callable[..., None]:
    """Check a problem answer: status, type, and that nothing sent comes back."""

    def check(answer: httpx.Response, status: int, name: str, *sent: bytes) -> None:
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        assert set(body) == {"type", "title", "status", "detail"}
        assert (body["type"], body["status"]) == (f"urn:quietline:problem:{name}", status)
        assert body["detail"].endswith(".")
        for secret in sent:
            assert secret not in answer.content

    return check


@pytest.fixture
def logged(caplog):
    """Return what the log says, as it is written."""
    caplog.set_level(logging.INFO, logger=logs.NAME)
    return lambda: "\n".join(logs.BlindFormatter().format(record) for record in caplog.records)


@pytest.fixture
def start(line) -> Iterator[Callable[..., Process]]:
    line.now = time.time()
    line.publish()
    running: list[Process] = []

    def begin(*options: str, **settings: object) -> Process:
        running.append(Process(line, *options, **settings))
        return running[-1]

    yield begin
    for process in running:
        if process.child.poll() is None:
            process.stop(signal.SIGKILL)


@pytest.fixture
def command(line, monkeypatch) -> Iterator[Callable[..., tuple[int, str]]]:
    """Run a command of the server with the line's settings in the environment."""

    def run(*words: str, **settings: object) -> tuple[int, str]:
        with monkeypatch.context() as environment:
            for name, value in line.values(**settings).items():
                environment.setenv(f"QUIETLINE_{name.upper()}", str(value))
            done = CliRunner().invoke(server_commands, words)
        return done.exit_code, done.output

    mask = os.umask(0o022)
    yield run
    os.umask(mask)
