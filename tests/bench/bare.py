"""The other side of each comparison: the least that could do the job, on the same server program.

    python -m tests.bench.bare NAME --uds PATH [--at FOLDER or URL] [--count N]

Starlette and uvicorn with the settings that ours runs with, one process. No proof of work, no
check of what is sent, no slots, no limits, no headers: what those cost is what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.protocol import challenges, group
from app.protocol.wire import ENVELOPE_BYTES
from app.server.storage import sqlite as ours

OCTETS = "application/octet-stream"
GROUP = 64
"""Most batches in one transaction, as with ours."""

Commit = Callable[[Sequence[bytes]], None]
"""Stores the envelopes of several batches in one durable transaction."""


class GroupCommit:
    """Batches that come while a transaction is being synced share the next one."""

    def __init__(self, connect: Callable[[], Commit]) -> None:
        self._connect = connect
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1)

    async def run(self) -> None:
        """Commit until cancelled."""
        in_thread = asyncio.get_running_loop().run_in_executor
        commit = await in_thread(self._thread, self._connect)
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
                await in_thread(self._thread, commit, [body for body, _ in group])
                for _, future in group:
                    future.set_result(None)

    async def put(self, body: bytes) -> None:
        """Return once the batch is on disk."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, future))
        self._wake.set()
        await future


def envelopes(bodies: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
    """Split batches into rows: a random id and an envelope."""
    return [
        (os.urandom(16), body[at : at + ENVELOPE_BYTES])
        for body in bodies
        for at in range(0, len(body), ENVELOPE_BYTES)
    ]


def into_sqlite(file: str) -> Commit:
    """Insert into a table in the order in which they come, as durable as ours."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ours.PRAGMAS:
        database.execute(f"PRAGMA {pragma}")
    database.execute("CREATE TABLE IF NOT EXISTS envelopes (id BLOB, envelope BLOB)")

    def commit(bodies: Sequence[bytes]) -> None:
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO envelopes VALUES (?, ?)", envelopes(bodies))
        database.execute("COMMIT")

    return commit


def into_postgres(url: str) -> Commit:
    """Insert into a table of PostgreSQL, as durable as ours."""
    import psycopg

    database = psycopg.connect(url, options="-c synchronous_commit=on")
    database.execute("CREATE TABLE IF NOT EXISTS envelopes (id bytea, envelope bytea)")
    database.commit()

    def commit(bodies: Sequence[bytes]) -> None:
        with database.cursor() as cursor:
            cursor.executemany("INSERT INTO envelopes VALUES (%s, %s)", envelopes(bodies))
        database.commit()

    return commit


def reports(at: str, count: int) -> Starlette:
    """``POST /``: store a batch durably, by group commit."""
    del count
    committer = GroupCommit(lambda: (into_postgres if "://" in at else into_sqlite)(at))

    async def post(request: Request) -> Response:
        await committer.put(await request.body())
        return Response(status_code=201)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(committer.run())
        yield
        task.cancel()

    return Starlette(routes=[Route("/", post, methods=["POST"])], lifespan=lifespan)


def constant(at: str, count: int) -> Starlette:
    """``GET /``: always the same ``count`` bytes."""
    del at
    content = os.urandom(count)

    async def get(_: Request) -> Response:
        return Response(content, media_type=OCTETS)

    return Starlette(routes=[Route("/", get)])


def per_request(at: str, count: int) -> Starlette:
    """``GET /``: a challenge set of ``count`` rows made for whoever asks, as the protocol has it.

    In worker threads, so on all cores.
    """
    del at
    line_id = os.urandom(32)
    nobody = challenges.decoy_hint(os.urandom)
    entries = [(os.urandom(16), nobody) for _ in range(count)]

    def get(_: Request) -> Response:
        rows = [
            challenges.build_row(*entry, line_id, group.random_scalar(os.urandom))
            for entry in entries
        ]
        return Response(challenges.assemble(rows, os.urandom), media_type=OCTETS)

    return Starlette(routes=[Route("/", get)])


def chunks(at: str, count: int) -> Starlette:
    """``PUT /ID`` and ``GET /ID``: a file for each chunk, synced before the answer."""
    del count
    folder = Path(at)

    def write(name: str, content: bytes) -> None:
        with (folder / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    async def put(request: Request) -> Response:
        await asyncio.to_thread(write, request.path_params["name"], await request.body())
        return Response(status_code=201)

    async def get(request: Request) -> Response:
        path = folder / request.path_params["name"]
        return Response(await asyncio.to_thread(path.read_bytes), media_type=OCTETS)

    return Starlette(
        routes=[Route("/{name}", put, methods=["PUT"]), Route("/{name}", get, methods=["GET"])]
    )


APPS = {one.__name__: one for one in (reports, constant, per_request, chunks)}


def main() -> None:
    """Serve one of APPS until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name", choices=APPS)
    parser.add_argument("--uds", required=True)
    parser.add_argument("--at", default="")
    parser.add_argument("--count", type=int, default=0)
    chosen = parser.parse_args()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(chosen.uds)
    listener.listen(2_048)
    config = uvicorn.Config(
        APPS[chosen.name](chosen.at, chosen.count),
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        ws="none",
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
