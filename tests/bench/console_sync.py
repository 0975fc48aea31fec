"""A console that finds new messages: through Tor, as users meet it, and a first sync without."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

import uvicorn

from app.client.line_client import AT_ONCE, LineClient, LineClientSettings
from app.client.line_errors import LineRefused
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.sync.engine import SyncSettings, sync_once
from app.console.vault import Vault
from app.console.vault.records import messages
from app.console.web.console_settings import ConsoleSettings
from app.protocol import answers, envelope
from app.protocol.bodies import REPORT, write_body
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.recipients import Recipient
from app.protocol.site import MANIFEST
from app.protocol.wire import EpochBundles
from app.server.http.application import create_app
from app.server.storage.database import Storage, Stored
from tests.bench import desk, onion
from tests.bench.load import Unexpected
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.console.running_line import Line
from tests.ports import free_port

TITLE = "A console reads new messages"
_THROUGH_TOR = (50, 500)
_HOP_SECONDS = 0.1
_MOST = 1.25
_FIRST_SYNC, _MB = 10_000, 300
_PART = 250
_EXPIRES = 30_000
"""A day of expiry, far away."""
Measured = dict[str, float]


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare a sync with the calls alone, whatever comes by them."""
    page = Page(TITLE, "the sync", "the calls alone")
    counts = _THROUGH_TOR if size.is_full else (2,)
    bar.begin(len(counts) + 1)
    port = free_port()
    with onion.served(port, _HOP_SECONDS if size.is_full else 0.01) as (url, socks):
        jitter = ConsoleSettings().jitter * size.share
        way = LineClientSettings(url, socks=socks, jitter=jitter)
        for count in counts:
            ours, calls = _both(folder / f"tor-{count}", count, port, way)
            name = f"{count} new messages through Tor, until the last is kept"
            page.at_most(_MOST, name, "s", ours["seconds"], calls["seconds"])
            bar.step()
    first = _FIRST_SYNC if size.is_full else 40
    port = free_port()
    way = LineClientSettings(f"http://127.0.0.1:{port}")
    ours, calls = _both(folder / "near", first, port, way)
    bar.step()
    name = f"a first sync of {first:,} messages, without Tor"
    page.add(name, "s", ours["seconds"], calls["seconds"])
    page.add("the same, with what follows: search and links", "s", ours["whole"], calls["seconds"])
    page.within(_MB, "memory of the console in it", "MB", ours["memory"], _MB)
    page.notes += [
        "From the first call to the last message durable in the vault, beside the same calls by "
        "the same client, nothing opened and nothing kept. The calls come first, by a Tor that "
        "has just been started.",
        "Through Tor: a private network of five relays on this machine and the deployed torrc's "
        f"onion; every hop takes {_HOP_SECONDS * 1000:.0f} ms in each direction, which for an "
        "onion's seven is 1.4 s there and back. Each call is on a circuit of its own and waits "
        f"up to {ConsoleSettings().jitter:g} s before it, as is the default.",
        "A message is a call: the protocol has no way to ask for many, so that no server learns "
        "whose they are. The server is a process on the same cores.",
        f"Processor time of the console in the first sync: {ours['busy']:.1f} s.",
    ]
    return page


def _both(
    folder: Path, count: int, port: int, way: LineClientSettings
) -> tuple[Measured, Measured]:
    """Return what a sync of so many messages takes, and what its calls alone take before it."""
    line = desk.line_at(folder)
    for _ in desk.apart(_filled, line.folder, line.line_id, count):
        pass
    with _server(line, port):
        (calls,) = desk.apart(_called, line.folder, line.line_id, way)
        (ours,) = desk.apart(_synced, line.folder, line.line_id, way)
    if ours["messages"] != count or calls["messages"] != count:
        raise Unexpected(f"{ours['messages']:.0f} messages came, not {count}")
    return ours, calls


def _filled(folder: Path, line_id: bytes, count: int) -> Iterator[None]:
    """Seal reports with the bundle in service, and store them in the server's database."""
    line = Line(folder, line_id)
    recipient, settings = asyncio.run(_recipient(line))
    storage = Storage(settings, os.urandom)
    while storage.commit([lambda writer: writer.grow(2 * count)])[0] < 2 * count:
        pass
    storage.open()
    parts = [min(_PART, count - start) for start in range(0, count, _PART)]
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        jobs = [pool.submit(_sealed, recipient, line_id, part) for part in parts]
        for job in jobs:
            made = job.result()
            storage.commit(
                [lambda writer, made=made: writer.put([Stored(one, _EXPIRES) for one in made])]
            )
    storage.close()
    yield None


async def _recipient(line: Line) -> tuple[Recipient, str]:
    async with line.serve():
        await line.turn(0)
        with line.vault() as vault:
            known = trusted_line.load(vault)
            async with line.line_client() as client:
                found = EpochBundles.parse(await client.bundles())
        if known.index is None or known.index not in found.bundles:
            raise Unexpected("the console's bundle is not in service")
        bundle = found.bundles[known.index]
        fetch = known.owner.identity.fetch
        return Recipient(
            fetch, bundle.dh, bundle.mlkem, bundle.xwing
        ), line.server_settings().database


def _sealed(recipient: Recipient, line_id: bytes, count: int) -> list[bytes]:
    made = []
    for _ in range(count):
        reporter = ReporterIdentity(new_entropy(os.urandom))
        body = write_body(
            REPORT, os.urandom(16).hex(), {"lang": "en", "text": "x" * 400, "files": []}
        )
        made.append(envelope.seal(reporter.sender(), recipient, body, line_id, os.urandom))
    return made


@contextmanager
def _server(line: Line, port: int) -> Iterator[None]:
    child = get_context("spawn").Process(target=_serve, args=(line.folder, line.line_id, port))
    child.start()
    until = time.monotonic() + 300
    try:
        while True:
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if time.monotonic() > until or child.exitcode is not None:
                raise Unexpected("the server does not start")
            time.sleep(0.1)
        yield
    finally:
        child.terminate()
        child.join()


def _serve(folder: Path, line_id: bytes, port: int) -> None:
    line = Line(folder, line_id)
    app = create_app(line.server_settings(), clock=lambda: line.now + 60, timers=False)
    uvicorn.run(app, port=port, log_config=None, access_log=False)


def _called(folder: Path, line_id: bytes, way: LineClientSettings) -> Iterator[Measured]:
    """Give the seconds that the calls of a sync take, whatever comes by them."""
    line = Line(folder, line_id)
    with line.vault() as vault:
        identity = trusted_line.load(vault).owner.identity

    async def call() -> Measured:
        async with LineClient(way, os.urandom) as client:
            began = time.perf_counter()
            await client.directory()
            await client.bundles()
            with suppress(LineRefused):  # a line without a site
                await client.site(MANIFEST)
            ids = answers.solve(await client.challenges(), identity.fetch_sk, line_id)
            turn = asyncio.Semaphore(AT_ONCE)

            async def one(id_: bytes) -> None:
                async with turn:
                    await client.message(id_)

            await asyncio.gather(*map(one, ids))
            return {"seconds": time.perf_counter() - began, "messages": len(ids)}

    yield asyncio.run(call())


def _synced(folder: Path, line_id: bytes, way: LineClientSettings) -> Iterator[Measured]:
    line = Line(folder, line_id)
    with line.vault() as vault:
        began, busy = time.perf_counter(), time.process_time()
        durable: list[tuple[float, float]] = []

        def checkpoint(name: str) -> None:
            if name == "durable":
                durable.append((time.perf_counter() - began, time.process_time() - busy))

        asyncio.run(_sync(line, vault, way, checkpoint))
        whole = time.perf_counter() - began
        with vault.read() as tx:
            count = len(messages.inbox(tx))
    seconds, spent = durable[-1]
    found = {"messages": count, "seconds": seconds, "busy": spent, "whole": whole}
    yield found | {"memory": desk.memory()}


async def _sync(
    line: Line, vault: Vault, way: LineClientSettings, checkpoint: Callable[[str], None]
) -> None:
    async with LineClient(way, os.urandom) as client:
        await sync_once(
            vault,
            client,
            settings=SyncSettings(bundle_days=1),
            now=lambda: line.now + 120,
            checkpoint=checkpoint,
            features=FEATURES,
        )
