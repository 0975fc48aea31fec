"""Fills a demo's line: ninety days of work, then a dozen reports that are really sent.

One of those is answered, and the answer can be read. What is past went through no server: by now
the line would have deleted it.

The real server runs in this process for it, without a socket, so that epochs can be turned by hand
instead of being waited for.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import Any

from app.cli.demo import corpus, other_agency, rare
from app.cli.demo.caseload import Caseload
from app.cli.demo.colleagues import Colleagues
from app.cli.demo.reports import ANSWER, REPORTS, SUPPORT, Synthetic
from app.cli.demo.synthetic_pictures import draw
from app.cli.demo.synthetic_recordings import hum
from app.cli.demo.world import INVESTIGATORS, World
from app.client.line_client import LineClient, LineClientSettings
from app.client.parcel import Upload
from app.client.reporter_client import ReporterClient
from app.client.transport.circuits import Transport, in_process
from app.console.features.all_features import FEATURES
from app.console.rules.lifecycle import DAY
from app.console.sync import deliver
from app.console.sync.engine import SyncSettings, sync_once
from app.console.vault import Vault
from app.console.vault.records import messages
from app.protocol import bodies
from app.protocol.identities import ReporterIdentity
from app.protocol.receipt import new_entropy, words_of
from app.server.http.application import create_app

BUNDLE_DAYS = 1
"""Enough to begin with; the running console makes the usual thirty days."""

Progress = Callable[[str, int, int], None]


async def seed(world: World, progress: Progress) -> str:
    """Send the synthetic reports and an answer; return the receipt code (words) that opens it."""
    progress("Ninety days of made-up work", 0, 0)
    await asyncio.to_thread(look_back, world, int(time.time()))
    codes = [new_entropy(os.urandom) for _ in REPORTS]
    async with _server(world) as (transport, turn):
        for name, _, _ in INVESTIGATORS:
            await _sync(world, name, transport)
        await turn()
        async with _client(world, transport) as line:
            for done, (report, code) in enumerate(zip(REPORTS, codes, strict=True)):
                progress("Sending synthetic reports", done, len(REPORTS))
                client = ReporterClient(line, world.line_id)
                identity = ReporterIdentity(code)
                await client.send(identity, bodies.REPORT, report.fields(), _files(report))
        await turn()
        progress("Answering one of them", 0, 1)
        first = messages.case_id(ReporterIdentity(codes[0]).public)
        await _sync(world, INVESTIGATORS[0][0], transport, answer=first)
    return words_of(codes[0].reveal())


def look_back(world: World, now: int) -> None:
    """Let the demo's three have been at work for ninety days; ``now`` is in Unix seconds."""
    names = [name for name, _, _ in INVESTIGATORS]
    with Colleagues.at_work(world, names, now - corpus.DAYS * DAY) as team:
        load = Caseload(team, now)
        rare.settle(load)
        for one in corpus.past():
            load.add(one)
        agreeing = rare.plan(load)
        load.run()
    with Vault.open(world.vault(names[0]), world.passphrase) as vault:
        agreed = corpus.words().consent
        other_agency.hand_over(world, vault, agreeing, agreed, now - 11 * DAY)


@asynccontextmanager
async def _server(world: World) -> Any:
    app = create_app(world.settings(), timers=False)
    async with app.router.lifespan_context(app):

        async def turn() -> None:
            await app.state.services.epochs.tick(time.time())

        yield in_process(app), turn


def _client(world: World, transport: Transport) -> LineClient:
    return LineClient(LineClientSettings(world.url), os.urandom, transport)


async def _sync(world: World, name: str, transport: Transport, answer: str | None = None) -> None:
    """Sync an investigator's vault; then answer a case and sync again, if one is named."""
    settings = SyncSettings(delete_at_once=True, bundle_days=BUNDLE_DAYS)
    with Vault.open(world.vault(name), world.passphrase) as vault:
        async with _client(world, transport) as client:
            await sync_once(vault, client, settings=settings, features=FEATURES)
            if answer is not None:
                now = int(time.time())
                deliver.queue_reply(
                    vault, answer, ANSWER, desk=SUPPORT, lang="en", now=now, rng=os.urandom
                )
                await sync_once(vault, client, settings=settings, features=FEATURES)


def _files(report: Synthetic) -> list[Upload]:
    files = []
    if report.picture is not None:
        files.append(Upload(report.picture, "image/jpeg", draw(report.picture)))
    if report.spoken:
        files.append(Upload("file.wav", "audio/wav", hum()))
    return files
