"""The first sync of a console that finds 10,000 messages waiting, from a server on this machine."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import uvicorn

from app.client.line_client import LineClient, LineClientSettings
from app.console.features.all_features import FEATURES
from app.console.line import trusted_line
from app.console.sync.engine import SyncSettings, sync_once
from app.console.vault import Vault, bundle_keys, messages
from app.protocol import answers, envelope
from app.protocol.bodies import REPORT, write_body
from app.protocol.challenges import ROW_BYTES, set_size
from app.protocol.identities import BundleKeys, Opener, ReporterIdentity
from app.protocol.receipt import new_entropy
from app.protocol.recipients import Recipient
from app.protocol.secrets import Secret
from app.protocol.wire import EpochBundles
from app.server.http.application import create_app
from app.server.storage.database import Storage, Stored
from tests.bench import desk
from tests.bench.load import Unexpected
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.console.running_line import Line
from tests.ports import free_port

TITLE = "The first sync of a console"
_MESSAGES, _MB = 10_000, 300
_LEAST = 0.6
_PART = 250
_EXPIRES = 30_000
"""A day of expiry, far away."""


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Compare with solving and opening alone, on all cores."""
    page = Page(TITLE, "the sync", "cryptography alone, all cores")
    count = _MESSAGES if size.is_full else 40
    bar.begin(4)
    line = desk.line_at(folder / "line")
    for _ in desk.apart(_filled, line.folder, line.line_id, count):
        pass
    bar.step()
    with _server(line) as url:
        (pure,) = desk.apart(_pure, line.folder, line.line_id, url)
        bar.step()
        (calls,) = desk.apart(_called, line.folder, line.line_id, url)
        bar.step()
        (ours,) = desk.apart(_synced, line.folder, line.line_id, url)
        bar.step()
    if ours["messages"] != count:
        raise Unexpected(f"{ours['messages']:.0f} messages came, not {count}")

    def rate(one: dict[str, float], what: str = "seconds") -> float:
        return count / one[what]

    page.at_least(_LEAST, f"{count:,} messages, by the clock", "messages/s", rate(ours), rate(pure))
    page.add(
        f"{count:,} messages, a second of the console's processor time",
        "messages/s",
        rate(ours, "busy"),
        rate(pure, "busy"),
    )
    page.add("fetching alone, nothing opened or kept", "messages/s", rate(calls), rate(pure))
    page.add("with what follows: search and links", "messages/s", rate(ours, "whole"), rate(pure))
    page.within(_MB, "memory of the console", "MB", ours["memory"], _MB)
    page.notes += [
        "From the first call to the last message durable in the vault. The base is the set's "
        f"{set_size(count):,} rows solved and every envelope opened, in a process for each core, "
        "nothing fetched and nothing kept.",
        "A message is a call: the protocol has no way to ask for many, so that no server learns "
        "whose they are. The server is a process on the same cores; fetching alone says how fast "
        "these go with nothing but the calls.",
        f"Processor time of the console: {ours['busy']:.1f} s to the last message; of the base "
        f"{pure['busy']:.1f} s. By the clock {ours['seconds']:.1f} s and {pure['seconds']:.1f} s.",
    ]
    return page


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
def _server(line: Line) -> Iterator[str]:
    port = free_port()
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
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.join()


def _serve(folder: Path, line_id: bytes, port: int) -> None:
    line = Line(folder, line_id)
    app = create_app(line.server_settings(), clock=lambda: line.now + 60, timers=False)
    uvicorn.run(app, port=port, log_config=None, access_log=False)


def _pure(folder: Path, line_id: bytes, url: str) -> Iterator[dict[str, float]]:
    """Give what solving and opening take, shared among the cores."""
    line = Line(folder, line_id)
    with line.vault() as vault, vault.read() as tx:
        identity = trusted_line.load(vault).owner.identity
        held = bundle_keys.all_held(tx)
    keys = [identity.fetch, identity.fetch_sk.reveal(), held[0].keys.secret().reveal()]
    rows, envelopes = asyncio.run(_fetched(line, url))
    parts = max(1, len(envelopes) // _PART)
    size = -(-len(rows) // ROW_BYTES // parts) * ROW_BYTES
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn"), _load, (line_id, *keys)) as pool:
        list(pool.map(_opened, [b""] * cores, [[]] * cores))
        began = time.perf_counter()
        jobs = [
            pool.submit(_opened, rows[n * size : (n + 1) * size], envelopes[n::parts])
            for n in range(parts)
        ]
        done = [job.result() for job in jobs]
        seconds = time.perf_counter() - began
    if sum(opened for opened, _ in done) != len(envelopes):
        raise Unexpected("the envelopes do not open with the first key")
    yield {"seconds": seconds, "busy": sum(busy for _, busy in done)}


def _called(folder: Path, line_id: bytes, url: str) -> Iterator[dict[str, float]]:
    """Give the seconds that the calls of a sync take, whatever comes by them."""
    line = Line(folder, line_id)
    with line.vault() as vault:
        identity = trusted_line.load(vault).owner.identity

    async def call() -> float:
        async with LineClient(LineClientSettings(url), os.urandom) as client:
            ids = answers.solve(await client.challenges(), identity.fetch_sk, line_id)
            began = time.perf_counter()
            for start in range(0, len(ids), client.at_once):
                await asyncio.gather(
                    *(client.message(id_) for id_ in ids[start : start + client.at_once])
                )
            return time.perf_counter() - began

    yield {"seconds": asyncio.run(call())}


async def _fetched(line: Line, url: str) -> tuple[bytes, list[bytes]]:
    async with LineClient(LineClientSettings(url), os.urandom) as client:
        rows = await client.challenges()
    storage = Storage(line.server_settings().database, os.urandom)
    storage.open()
    envelopes = [storage.read([one])[0][1] for one, _ in storage.refresh()]
    storage.close()
    return rows, envelopes


class _Keys:
    """What a process of the base opens with."""

    line_id: bytes
    fetch_sk: Secret
    opener: Opener


def _load(line_id: bytes, fetch: bytes, fetch_sk: bytes, secret: bytes) -> None:
    _Keys.line_id, _Keys.fetch_sk = line_id, Secret(fetch_sk)
    _Keys.opener = BundleKeys(Secret(secret)).opener(fetch)


def _opened(rows: bytes, envelopes: list[bytes]) -> tuple[int, float]:
    """Solve rows and open envelopes; return how many opened, and the processor's seconds."""
    busy = time.process_time()
    answers.solve(rows, _Keys.fetch_sk, _Keys.line_id)
    for one in envelopes:
        if not answers.is_for(one, _Keys.fetch_sk):
            raise Unexpected("an envelope is not the console's")
        envelope.open_envelope(one, _Keys.opener, _Keys.line_id)
    return len(envelopes), time.process_time() - busy


def _synced(folder: Path, line_id: bytes, url: str) -> Iterator[dict[str, float]]:
    line = Line(folder, line_id)
    with line.vault() as vault:
        began, busy = time.perf_counter(), time.process_time()
        durable: list[tuple[float, float]] = []

        def checkpoint(name: str) -> None:
            if name == "durable":
                durable.append((time.perf_counter() - began, time.process_time() - busy))

        asyncio.run(_sync(line, vault, url, checkpoint))
        whole = time.perf_counter() - began
        with vault.read() as tx:
            count = len(messages.inbox(tx))
    seconds, spent = durable[-1]
    found = {"messages": count, "seconds": seconds, "busy": spent, "whole": whole}
    yield found | {"memory": desk.memory()}


async def _sync(line: Line, vault: Vault, url: str, checkpoint: Callable[[str], None]) -> None:
    async with LineClient(LineClientSettings(url), os.urandom) as client:
        await sync_once(
            vault,
            client,
            settings=SyncSettings(bundle_days=1),
            now=lambda: line.now + 120,
            checkpoint=checkpoint,
            features=FEATURES,
        )
