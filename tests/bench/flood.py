"""A flood against a real server at its defaults: who gets through, how soon, at what memory.

Floods run in processes of their own. Honest reporters do everything a reporter's client does: fetch
and solve a challenge at its difficulty of the moment, post three envelopes, come again when told.
"""

from __future__ import annotations

import asyncio
import base64
import json
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from app.protocol import work
from app.protocol.wire import ENVELOPE_BYTES
from tests.bench import held
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.bench.serving import batch
from tests.server.conftest import Line
from tests.server.process import Process

TITLE = "Seconds that an honest report takes in a flood"
_SECONDS = 20
DEFAULTS = {
    "work_steps": 5_000,
    "reports_per_second": 20,
    "chunks_per_second": 40,
    "caller_per_minute": 60,
    "slots_cap": 16_384,
}
CONNECTIONS = 32
GIVE_UP = 60.0


Flood = tuple[Callable[..., None], int]
"""What floods, and its offers a second."""


def memory_of(pid: int) -> int:
    """Return a process's resident bytes."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def written_by(pid: int) -> int:
    """Return how many bytes a process has made the disk write."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


# Floods: each takes the port, the offers a second, and a queue that gets counts of statuses.


def without_work(port: int, per_second: int, counts: Any) -> None:
    """Offer batches with no work, forged work and rubbish, on connections that stay open."""
    asyncio.run(_without_work(port, per_second, counts))


async def _without_work(port: int, per_second: int, counts: Any) -> None:
    body, epoch = bytes(3 * ENVELOPE_BYTES), await _epoch(port)
    challenge = json.loads(await _get(port, "/api/v1/work"))
    forged = {"challenge": challenge, "solution": {"counter": 1, "derivedKey": "00" * 32}}
    headers = ["", "AAAA", base64.b64encode(json.dumps(forged).encode()).decode()]

    def offer() -> bytes:
        head = (
            f"POST /api/v1/messages?epoch={epoch} HTTP/1.1\r\nHost: x\r\n"
            f"Content-Length: {len(body)}\r\n{work.HEADER}: {random.choice(headers)}\r\n\r\n"
        )
        return head.encode() + body

    await _offering(port, per_second, counts, offer)


def deletions(port: int, per_second: int, counts: Any) -> None:
    """Delete what is not there, on connections that stay open."""

    def offer() -> bytes:
        path = f"/api/v1/messages/{os.urandom(16).hex()}"
        return f"DELETE {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()

    asyncio.run(_offering(port, per_second, counts, offer))


async def _offering(port: int, per_second: int, counts: Any, offer: Callable[[], bytes]) -> None:
    seen, pause = Counter[int](), CONNECTIONS / per_second

    async def one(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = time.monotonic() + pause * number / CONNECTIONS
        while True:
            writer.write(offer())
            await writer.drain()
            answer = (await reader.readuntil(b"\r\n\r\n")).lower()
            _, _, length = answer.partition(b"content-length: ")
            await reader.readexactly(int(length.split(b"\r\n")[0] or 0))
            seen[int(answer[9:12])] += 1
            due += pause
            await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def tell() -> None:
        while True:
            await asyncio.sleep(0.5)
            counts.put(dict(seen))
            seen.clear()

    await asyncio.gather(tell(), *(one(number) for number in range(CONNECTIONS)))


def with_work(port: int, per_second: int, counts: Any) -> None:
    """Solve and post as fast as one core allows, without ever waiting when told to."""
    del per_second
    body = batch(3)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=240) as client:
        while True:
            header = {work.HEADER: work.solve(client.get("/api/v1/work").content)}
            status = 503
            while status == 503:
                epoch = int.from_bytes(client.get("/api/v1/bundles").content[:8])
                path = f"/api/v1/messages?epoch={epoch}"
                status = client.post(path, content=body, headers=header).status_code
                counts.put({status: 1})


async def _epoch(port: int) -> int:
    return int.from_bytes((await _get(port, "/api/v1/bundles"))[:8])


async def _get(port: int, path: str) -> bytes:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        return (await client.get(path)).content


# Measuring


@dataclass
class Seen:
    """What one phase showed."""

    waits: list[float] = field(default_factory=list)
    """Seconds of each honest report, from asking for work to 201."""
    memory: list[int] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    written: int = 0
    """Bytes that the server made the disk write."""
    steps: int = 0
    """The largest number of steps that a challenge asked for."""

    @property
    def offered(self) -> float:
        return sum(self.statuses.values()) / self.seconds

    @property
    def taken(self) -> float:
        return self.statuses[201] / self.seconds


def honest(client: httpx.Client, seen: Seen) -> float:
    """Send one report as a reporter would; return the seconds it took, GIVE_UP if it did not."""
    began = time.monotonic()
    challenge = client.get("/api/v1/work")
    seen.steps = max(seen.steps, challenge.json()["parameters"]["data"]["most"])
    header = {work.HEADER: work.solve(challenge.content)}
    body = batch(3)
    while time.monotonic() - began < GIVE_UP:
        epoch = int.from_bytes(client.get("/api/v1/bundles").content[:8])
        answer = client.post(f"/api/v1/messages?epoch={epoch}", content=body, headers=header)
        if answer.status_code == 201:
            return time.monotonic() - began
        if answer.status_code == 503:
            time.sleep(random.uniform(0.5, 2.5))
    return GIVE_UP


def phase(process: Process, seconds: float, floods: list[Flood]) -> Seen:
    """Let floods run for so long, with an honest reporter every now and then."""
    seen, context = Seen(), multiprocessing.get_context("spawn")
    counts = context.Queue()
    children = [
        context.Process(target=flood, args=(process.port, per_second, counts), daemon=True)
        for flood, per_second in floods
    ]
    for child in children:
        child.start()
    while children and counts.empty():
        time.sleep(0.05)
    began, before = time.monotonic(), written_by(process.child.pid)
    with httpx.Client(base_url=f"http://127.0.0.1:{process.port}", timeout=240) as client:
        while time.monotonic() - began < seconds:
            seen.waits.append(honest(client, seen))
            seen.memory.append(memory_of(process.child.pid))
            time.sleep(0.2)
    while not counts.empty():
        seen.statuses.update(counts.get())
    seen.seconds = time.monotonic() - began
    seen.written = written_by(process.child.pid) - before
    for child in children:
        child.kill()
        child.join()
    return seen


PHASES: dict[str, tuple[list[Flood], dict[str, int]]] = {
    "quiet": ([], {}),
    "1,000/s without work": ([(without_work, 1_000)], {}),
    "1,000/s deletions of nothing": ([(deletions, 1_000)], {}),
    "1 core of real work": ([(with_work, 0)], {}),
    "2 cores of real work": ([(with_work, 0)] * 2, {}),
    "as if of 500 cores": ([(with_work, 0)] * 2, {"work_steps": 20}),
}


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """Run all phases against a server of their own each; compare with a quiet line."""
    cases = held.CASES if size.is_full else held.SMOKE
    bar.begin(len(PHASES) + len(cases))
    seconds, results = _SECONDS * size.share, {}
    for number, (name, (floods, settings)) in enumerate(PHASES.items()):
        (folder / str(number)).mkdir()
        line = Line(folder / str(number), now=time.time())
        line.publish()
        process = Process(line, **DEFAULTS | settings)
        try:
            results[name] = phase(process, seconds, floods)
        finally:
            process.stop(9)
        bar.step()
    page = _page(results, seconds)
    fates = []
    for number, case in enumerate(cases):
        settings = {**DEFAULTS, **case.settings}
        fates.append((case, held.run(folder / f"held-{number}", case, seconds, settings)))
        bar.step()
    held.add_rows(page, fates)
    return page


def _page(results: dict[str, Seen], seconds: float) -> Page:
    page = Page(TITLE, "in the flood", "on a quiet line")
    quiet = median(results["quiet"].waits)
    for name, seen in results.items():
        page.add(f"median: {name}", "s", median(seen.waits), quiet)
    head = (
        "| flood | offered/s | taken/s | most steps | reports | median s | worst s | memory MB "
        "| disk kB/s |"
    )
    table = "\n".join([head, "|---|" + "---:|" * 8, *map(_row, results, results.values())])
    page.notes += [table, NOTES.format(seconds=seconds)]
    return page


def _row(name: str, seen: Seen) -> str:
    return (
        f"| {name} | {seen.offered:.0f} | {seen.taken:.1f} | {seen.steps:,} | {len(seen.waits)} "
        f"| {median(seen.waits):.1f} | {max(seen.waits):.1f} "
        f"| {min(seen.memory) / 2**20:.0f}–{max(seen.memory) / 2**20:.0f} "
        f"| {seen.written / seen.seconds / 1_000:.0f} |"
    )


NOTES = """One server at its defaults (20 reports a second, work of at most 5,000 steps at rest),
{seconds:.0f} s for each row, flood, reporters and server on the same cores. An honest report is
everything: work at the difficulty of the moment, three envelopes, posted, and again after a pause
when told that the line is busy.

"Offered" and "taken" are the flood's; "most steps" is the hardest work that an honest report was
asked for; "memory" is the server's, from the least to the most; "disk" is what it made the disk
write, an epoch's own rewriting and the honest reports among it.

"As if of 500 cores": the work is a 250th for everyone, flood and reporters, so that two cores do
what 500 would; the budget and the doubling are what they are."""
