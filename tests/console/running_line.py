"""A line in this process: a real agency, the real server, vaults, a clock that tests turn.

Only the network is replaced: calls go to the server's application directly.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from app.agency import ceremonies, rootkey
from app.client.line_client import LineClient, LineClientSettings
from app.client.parcel import Upload
from app.client.reporter_client import Answer, ReporterClient
from app.console.feature import bring_tables
from app.console.features.all_features import FEATURES
from app.console.sync.engine import SyncSettings, sync_once
from app.console.sync.outcome import SyncReport
from app.console.vault import Kdf, Vault
from app.console.vault.records import messages
from app.console.vault.records.messages import Message
from app.console.vault.setup import init_vault
from app.protocol.encoding import b64u
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.secrets import Secret
from app.protocol.wire import EpochBundles
from app.server.http.application import create_app
from app.server.settings import Settings
from app.server.storage import migrations

NOW = 1_790_000_000 - 1_790_000_000 % 86_400 + 43_200  # noon of a day
HOUR, DAY = 3_600, 86_400
PASSPHRASE = Secret(b"kettle violet harbour ninety")
URL = "http://127.0.0.1:9"
DESKS = {"ana": ["support"], "chris": ["police"]}


class Line:
    """Agency, server and vaults in one folder; ``now`` is everybody's clock, in Unix seconds."""

    def __init__(self, folder: Path, line_id: bytes, now: int = NOW) -> None:
        self.folder = folder
        self.line_id = line_id
        self.now = now
        self.transport = away()

    @classmethod
    def make(
        cls, folder: Path, name: str = "Test line", rng: Callable[[int], bytes] = os.urandom
    ) -> Line:
        """Make agency and vaults, which takes a second."""
        made = ceremonies.init_agency(
            folder / "agency",
            name=name,
            server=URL,
            passphrase=PASSPHRASE,
            rng=rng,
            kdf=rootkey.SYNTHETIC,
        )
        line = cls(folder, made.line_id)
        for label, desks in DESKS.items():
            line.enrol(label, desks, rng)
        line.publish()
        return line

    def copy(self, folder: Path) -> Line:
        """Return the same line in another folder."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Line(folder, self.line_id, self.now)

    @property
    def today(self) -> dt.date:
        return dt.datetime.fromtimestamp(self.now, dt.UTC).date()

    @property
    def _agency(self) -> Path:
        return self.folder / "agency"

    @property
    def line_file(self) -> Path:
        return self._agency / "line.json"

    def folder_of(self, name: str) -> Path:
        return self.folder / "consoles" / name

    def vault(self, name: str = "ana") -> Vault:
        """Open a person's vault, as their console opens it."""
        vault = Vault.open(self.folder_of(name), PASSPHRASE)
        bring_tables(vault, FEATURES)
        return vault

    def enrol(self, name: str, desks: list[str], rng: Callable[[int], bytes] = os.urandom) -> None:
        folder = self.folder_of(name)
        made = init_vault(folder, self.line_file, name, PASSPHRASE, Kdf.SYNTHETIC, rng)
        request = made.request.read_bytes()
        ceremonies.enrol(self._agency, request, desks, words=made.words, today=self.today)

    def publish(self) -> bytes:
        """Signs a new directory and gives it to the server for its next epoch."""
        signed = ceremonies.sign_directory(
            self._agency, passphrase=PASSPHRASE, today=self.today, date_is_right=True
        )
        (self.folder / "directory.json").write_bytes(signed.file)
        return signed.file

    def server_settings(self) -> Settings:
        return Settings(
            line_id=b64u(self.line_id),
            directory_file=self.folder / "directory.json",
            data_folder=self.folder / "server",
            slots_initial=64,
            chunk_slots_initial=32,
            disk_reserve_bytes=0,
            work_steps=1,
            reports_per_second=1_000,
        )

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        settings = self.server_settings()
        if not settings.data_folder.exists():
            settings.data_folder.mkdir()
            migrations.upgrade(settings.database)
        app = create_app(settings, clock=lambda: self.now, timers=False)
        async with app.router.lifespan_context(app):
            self._epochs = app.state.services.epochs
            self.transport = httpx.ASGITransport(app)
            yield

    async def turn(self, seconds: int = 60) -> None:
        """Lets time pass, and the server make its next epoch."""
        self.now += seconds
        await self._epochs.tick(self.now)

    def line_client(self, transport: httpx.AsyncBaseTransport | None = None) -> LineClient:
        return LineClient(LineClientSettings(URL), os.urandom, transport or self.transport)

    async def sync(
        self,
        vault: Vault,
        *,
        at_once: bool = False,
        days: int = 1,
        file_seconds: float | None = None,
        team_hours: float = 0,
        checkpoint: Callable[[str], None] = lambda _: None,
        transport: httpx.AsyncBaseTransport | None = None,
        progress: Callable[[str, int, int], None] = lambda *_: None,
    ) -> SyncReport:
        async with self.line_client(transport) as client:
            return await sync_once(
                vault,
                client,
                settings=SyncSettings(at_once, days, file_seconds, team_hours),
                now=lambda: self.now,
                checkpoint=checkpoint,
                progress=progress,
                features=FEATURES,
            )

    async def ready(self, *vaults: Vault, days: int = 1) -> None:
        """Brings everybody's bundles into service."""
        for vault in vaults:
            await self.sync(vault, days=days)
        await self.turn()

    async def send(
        self,
        text: str,
        *,
        reporter: ReporterIdentity | None = None,
        desks: tuple[str, ...] = ("support",),
        kind: str = "report",
        files: tuple[Upload, ...] = (),
        few: bool = True,
        **fields: Any,
    ) -> ReporterIdentity:
        """Send as a reporter's page would, and let an epoch pass."""
        reporter = reporter or ReporterIdentity(new_entropy(os.urandom))
        said = {"text": text, "lang": "en", "desks": list(desks), "answers": {}} | fields
        async with self.line_client() as client:
            await ReporterClient(client, self.line_id, clock=lambda: self.now).send(
                reporter, kind, said, files, few=few
            )
        await self.turn()
        return reporter

    async def answers(self, reporter: ReporterIdentity) -> list[Answer]:
        async with self.line_client() as client:
            asking = ReporterClient(client, self.line_id, clock=lambda: self.now)
            return await asking.check(reporter)

    async def bundles(self) -> EpochBundles:
        async with self.line_client() as client:
            return EpochBundles.parse(await client.bundles())


def read(vault: Vault) -> list[Message]:
    """Every message in the vault."""
    with vault.read() as tx:
        found = messages.inbox(tx)
        return [one for each in found for one in messages.messages_of(tx, each.id)]


def texts(vault: Vault) -> list[str]:
    return sorted(message.body.text for message in read(vault))


def away() -> httpx.AsyncBaseTransport:
    """Return a network behind which nothing answers."""

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away", request=request)

    return httpx.MockTransport(refuse)
