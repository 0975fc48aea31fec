"""A whole line of real processes for the journeys: server, consoles, and a way in between.

Browsers reach the server through a small forwarder that connects from 127.0.0.77, so that a
distinctive client address can be looked for in everything the server wrote.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from app.agency import ceremonies
from app.cli.demo import world as worlds
from app.cli.demo.children import Children
from app.cli.demo.reports import POLICE, SUPPORT
from app.cli.demo.world import World
from app.client.line_client import LineClient, LineClientSettings
from app.console.features.all_features import FEATURES
from app.console.sync.engine import SyncSettings, sync_once
from app.console.vault import Kdf, Vault
from app.protocol.bundles import open_bundles
from app.protocol.directory import open_directory
from tests import small_sets
from tests.journeys.forked import ForkedChildren
from tests.journeys.same_site import rendered_once, with_same_root
from tests.listening import close_to_callers
from tests.ports import free_port

CLIENT_ADDRESS = "127.0.0.77"
INVESTIGATORS: tuple[worlds.Enrolled, ...] = (
    ("ana", "Ana (caseworker)", (SUPPORT,)),
    ("ben", "Ben (caseworker)", (SUPPORT,)),
    ("chris", "Chris (detective)", (POLICE,)),
)
EPOCH_SECONDS = 2  # what is sealed for an epoch must arrive in it or in the next: a busy machine
REAL_WORK_STEPS = 5_000  # what is set for a server: a second of a core for each report
WORK_STEPS = REAL_WORK_STEPS // 50  # where a test is not about the work


class Forwarder:
    """Passes bytes from its port to the server's, from a distinctive source address.

    ``cut_after`` bytes from the browser, if set, it drops the connection and refuses new ones until
    ``mend`` is called: the network gone in mid-upload.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._left: int | None = None
        self._open = True
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._stopping = asyncio.Event()
        self._ways: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut_after(self, size: int) -> None:
        """Let ``size`` more bytes through to the server, then cut everything."""
        self._left = size

    def mend(self) -> None:
        """Let everything through again."""
        self._left = None
        self._open = True

    def __enter__(self) -> Forwarder:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self._ready.set()
        await self._stopping.wait()
        await close_to_callers(server)
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        for way in self._ways:  # a task that is cancelled before its first step closes nothing
            way.transport.abort()
        await asyncio.sleep(0)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ways.add(writer)
        self._tasks.add(task := self._loop.create_task(self._connection(reader, writer)))
        task.add_done_callback(self._tasks.discard)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream: asyncio.StreamWriter | None = None
        try:
            if not self._open:
                return
            answers, upstream = await asyncio.open_connection(
                "127.0.0.1", self._target, local_addr=(CLIENT_ADDRESS, 0)
            )
            self._ways.add(upstream)
            there = asyncio.create_task(self._pipe(reader, upstream, counted=True))
            back = asyncio.create_task(self._pipe(answers, writer, counted=False))
            _, pending = await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()
            await asyncio.gather(there, back, return_exceptions=True)
        except OSError:
            pass
        finally:
            for one in (writer, upstream):
                if one is not None:
                    one.close()
                    with contextlib.suppress(OSError):
                        await one.wait_closed()
                    self._ways.discard(one)

    async def _pipe(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                if not self._open:
                    return
                if counted and self._left is not None:
                    self._left -= len(data)
                    if self._left < 0:
                        self._open = False
                        return
                writer.write(data)
                await writer.drain()


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


class RunningLine:
    """The processes of a line, and where to find them."""

    def __init__(
        self,
        data: Path,
        investigators: tuple[worlds.Enrolled, ...] = INVESTIGATORS,
        settings: str = "",
        work_steps: int = WORK_STEPS,
        epoch_seconds: int = EPOCH_SECONDS,
        program: Sequence[str] = small_sets.PROGRAM,
        languages: Sequence[str] | None = small_sets.LANGUAGES,
    ) -> None:
        self.server_port, self.port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.investigators = investigators
        with rendered_once():
            self.world: World = worlds.make(
                data,
                self.url,
                epoch_seconds,
                _today(),
                with_same_root(),
                investigators,
                work_steps,
                languages=languages,
                kdf=Kdf.SYNTHETIC,
            )
        with (self.server_data / "server.toml").open("a") as file:
            file.write(settings)
        # Few tests are about another program than this one: it is forked, ready to run.
        self.children = ForkedChildren() if program == small_sets.PROGRAM else Children(program)
        self.way = Forwarder(self.port, self.server_port)

    @property
    def server_data(self) -> Path:
        """Everything the server writes, its log among it."""
        return self.world.data / "server"

    def start_server(self) -> None:
        """Start the server and wait until it answers."""
        config = str(self.server_data / "server.toml")
        arguments = ["server", "run", "--config", config, "--port", str(self.server_port)]
        self.children.start("server", arguments, self.server_data / "server.log")
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.server_port)) == 0:
                    return
            time.sleep(0.02)
        raise TimeoutError((self.server_data / "server.log").read_text())

    def sync(self, name: str) -> None:
        """Sync an investigator's vault once, in this process, with a day of bundles."""

        async def once() -> None:
            with Vault.open(self.world.vault(name), self.world.passphrase) as vault:
                async with LineClient(LineClientSettings(self.url), os.urandom) as client:
                    settings = SyncSettings(bundle_days=1, team_hours=0)
                    await sync_once(vault, client, settings=settings, features=FEATURES)

        # In a thread of its own: the browser's driver has a loop running in this one.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, once()).result()

    def revoke(self, who: str, status: str) -> None:
        """Hold the agency's ceremony; return when the server gives out the new directory."""
        ceremonies.revoke(self.world.data / "agency", who, status, today=_today())
        self.sign(_today())

    def sign(self, day: dt.date) -> None:
        """Sign a directory as on a day; returns when the server gives it out."""
        agency, passphrase = self.world.data / "agency", self.world.passphrase
        signed = ceremonies.sign_directory(
            agency, passphrase=passphrase, today=day, date_is_right=True
        )
        (self.world.data / "directory.json").write_bytes(signed.file)
        deadline = time.monotonic() + 120
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            while time.monotonic() < deadline:
                if http.get("/api/v1/directory").content == signed.file:
                    return
                time.sleep(0.1)
        raise TimeoutError("the server does not give out the new directory")

    def open_desks(self, *names: str) -> None:
        """Give the server bundles of every investigator, or of those named.

        Waits until an epoch has them.
        """
        wanted = names or tuple(name for name, _, _ in self.investigators)
        for name in wanted:
            self.sync(name)
        directory = open_directory(
            (self.world.data / "directory.json").read_bytes(), self.world.line_id
        )
        deadline = time.monotonic() + 120
        with httpx.Client(base_url=self.url, trust_env=False) as http:
            while time.monotonic() < deadline:
                file = http.get("/api/v1/bundles").content
                if len(open_bundles(file, directory).bundles) == len(wanted):
                    return
                time.sleep(0.1)
        raise TimeoutError("the server does not serve the bundles it was given")

    def start_console(self, name: str, *more: str) -> str:
        """Start an investigator's console, with more options; return the link that signs in."""
        arguments = ["console", "run", str(self.world.vault(name)), "--port", str(free_port())]
        arguments += ["--passphrase-file", str(self.world.passphrase_file)]
        arguments += ["--interval", "2", "--delete-at-once"]
        arguments += ["--team-hours", "0", "--json", *more]
        log = self.world.data / f"console-{name}.log"
        first = self.children.start_and_read(f"console {name}", arguments, log)
        if first is None:
            raise RuntimeError(log.read_text())
        return str(json.loads(first)["login"])


@contextlib.contextmanager
def running_line(data: Path, **how: Any) -> Iterator[RunningLine]:
    """Make a line in ``data``, start its server and the way to it; end everything afterwards.

    ``how`` goes to ``RunningLine``.
    """
    line = RunningLine(data, **how)
    try:
        with line.way:
            line.start_server()
            yield line
    finally:
        line.children.stop()
