"""The server, wired: settings in, an ASGI application out. Nothing is decided here."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.protocol.group import Rng
from app.server.admission.difficulty import OccupiedSlots
from app.server.admission.edge import Edge
from app.server.admission.gate import Gate
from app.server.admission.limits import Limits
from app.server.admission.listeners import ListenerRules
from app.server.admission.spent_work import SharedStore
from app.server.chunks.stores import store_of
from app.server.epochs.rotation import Epochs
from app.server.http import routes
from app.server.http.outermost import BlindServer
from app.server.http.services import Services
from app.server.logs import say
from app.server.messages.expiry import Retention
from app.server.messages.group_commit import GroupCommit
from app.server.messages.grouped_deletes import Deleting
from app.server.messages.grouped_reads import Reading
from app.server.messages.growth import Growth
from app.server.messages.slot_rewriting import SlotRewriting
from app.server.responses import methods
from app.server.settings import Settings
from app.server.storage.database import Storage
from app.server.storage.leadership import Leadership


def create_app(
    settings: Settings,
    *,
    clock: Callable[[], float] = time.time,
    rng: Rng = os.urandom,
    timers: bool = True,
    listener_rules: ListenerRules | None = None,
) -> FastAPI:
    """Return the application; its lifespan opens the data and turns the epochs.

    ``clock`` gives Unix seconds. Without ``timers`` epochs turn by ``app.state.services.epochs
    .tick(now)`` alone, after the first. ``listener_rules`` say what is answered at which socket
    (without: everything everywhere).
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings, clock=clock, rng=rng, timers=timers) as services:
            app.state.services = services
            yield

    *calls, site = routes.routers(Limits(settings))
    app = BlindServer(
        Edge(clock, rng),
        listener_rules or ListenerRules(apart=False),
        title="Quietline",
        version="1",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        # The framework would export requests, with addresses, wherever the environment says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    # Not included: FastAPI matches an included router twice for each request.
    app.router.routes[:0] = [route for router in calls for route in router.routes]
    app.include_router(site)
    methods.remember(app, calls)
    return app


@asynccontextmanager
async def running(
    settings: Settings,
    *,
    clock: Callable[[], float],
    rng: Rng,
    timers: bool,
) -> AsyncIterator[Services]:
    """Start a server's parts, and stop them in the opposite order."""
    storage = Storage(settings.database, rng)
    reading = Reading(storage)
    blobs = store_of(settings)
    group_commit = GroupCommit(storage)
    deleting = Deleting(group_commit)
    growth = Growth(storage, group_commit, blobs, settings.slots_cap)
    retention = Retention(group_commit, blobs)

    def kept() -> OccupiedSlots:
        return OccupiedSlots(storage.used, blobs.used())

    shared = _shared_store(settings, clock)
    gate = Gate(settings, kept, clock, time.monotonic, rng, shared)
    slot_rewriting = SlotRewriting(storage, group_commit, rng)
    leadership = Leadership(settings.database, settings.peer_address)
    epochs = Epochs(
        settings,
        storage,
        group_commit,
        blobs,
        growth,
        retention,
        slot_rewriting,
        leadership,
        clock,
        rng,
    )
    group_commit.start()
    try:
        await asyncio.to_thread(blobs.open)
        await growth.make(settings.slots_initial)
        await epochs.tick(clock())
        timer = asyncio.create_task(epochs.run()) if timers else None
        say(logging.INFO, "started")
        yield Services(
            settings, reading, deleting, blobs, group_commit, growth, gate, epochs, clock, rng
        )
        if timer is not None:
            timer.cancel()
            await asyncio.gather(timer, return_exceptions=True)
    finally:
        await growth.close()
        await group_commit.close()
        epochs.close()
        await asyncio.to_thread(leadership.close)
        await gate.close()
        await asyncio.to_thread(storage.close)
        await asyncio.to_thread(blobs.close)
        say(logging.INFO, "stopped")


def _shared_store(settings: Settings, clock: Callable[[], float]) -> SharedStore | None:
    """Return the store that several servers share, if one is set; loaded only then."""
    if settings.shared_url is None:
        return None
    from app.server.admission.shared import RedisStore

    return RedisStore(settings.shared_url.get_secret_value(), clock, time.monotonic)
