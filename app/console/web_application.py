"""Wires the console's web application; holds no rule and no page of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from app.console.feature import Feature
from app.console.features.all_features import FEATURES
from app.console.pages import (
    action_pages,
    alarm_pages,
    auto_advance,
    case_pages,
    desk_pages,
    due,
    export_pages,
    keeping_pages,
    language_pages,
    merging,
    note_pages,
    referral_pages,
    reply,
    search,
    sheet_check,
    summary_pages,
    template_pages,
    transfer_pages,
    vault_pages,
)
from app.console.pages.backup import backup_pages, move_pages
from app.console.pages.backup.disks import Disks
from app.console.previews import file_pages
from app.console.previews.picture_reading import PictureReader
from app.console.previews.text_extraction import Reader
from app.console.web import alarm_watch, login, problem_pages, sync_status
from app.console.web.elsewhere import AnswersElsewhere
from app.console.web.frame import Frame, static_of
from app.console.web.guard import ENTRANCES, Guard, hosts_for
from app.console.web.idle import Idle
from app.console.web.passphrase_attempts import boot_seconds
from app.console.web.reader_languages import Languages
from app.console.web.render import make_templates
from app.console.web.running_console import Console

STATIC = Path(__file__).with_name("static")


def create_app(console: Console, features: Sequence[Feature] = FEATURES) -> FastAPI:
    """Serve the console's pages on loopback, for the port in ``console.port``, with features.

    While it runs, the console syncs in the background (settings, interval) and locks itself when
    nobody uses it (settings, idle_minutes); at its end the vault is closed.
    """
    console.attach(features)
    idle = Idle(console, boot_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        console.loop = asyncio.get_running_loop()
        loops = (
            console.run_loop(),
            console.keep_tor(),
            idle.watch(),
            Reader(console).watch(),
            alarm_watch.watch(console),
            PictureReader(console).watch(),
            *(one.watch(console) for one in features if one.watch is not None),
        )
        tasks = [asyncio.create_task(one) for one in loops]
        try:
            yield
        finally:
            # A file that is just being read would hold its thread.
            console.viewing.forget()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            if console.companion is not None and not console.goes_on:
                console.companion.end()
            await console.close()
            if not console.goes_on:
                console.alarm.commands.end()

    app = FastAPI(
        title="Quietline console",
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        default_response_class=problem_pages.Page,
        # The framework would export requests, with cases' ids, wherever the environment
        # says.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.console = console
    app.state.idle = idle
    app.state.languages = Languages()
    app.state.disks = Disks()
    app.state.frame = Frame.of(features, practice=console.practice)
    app.state.templates = make_templates(console.access.root, features, app.state.frame)
    rooms = (
        login,
        case_pages,
        action_pages,
        merging,
        reply,
        file_pages,
        export_pages,
        desk_pages,
        search,
        vault_pages,
    )
    for room in (
        *rooms,
        sync_status,
        due,
        referral_pages,
        keeping_pages,
        language_pages,
        note_pages,
        auto_advance,
        transfer_pages,
        summary_pages,
        alarm_pages,
        template_pages,
        language_pages,
        sheet_check,
        backup_pages,
        move_pages,
    ):
        app.include_router(room.router)
    for one in features:
        for pages in one.pages:
            if pages.where.includes(practice=console.practice):
                app.include_router(pages.router)
        if (static := one.folder / "static").is_dir():
            app.mount(static_of(one), StaticFiles(directory=static), name=f"static of {one.name}")
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    problem_pages.install(app)
    app.add_middleware(AnswersElsewhere, shown=console.shown)
    entrances = ENTRANCES
    if console.practice:
        entrances = entrances.union(*(one.entrances for one in features))
    app.add_middleware(
        Guard, root=console.access.root, hosts=hosts_for(console.port), entrances=entrances
    )
    return app
