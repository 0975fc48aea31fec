"""A console's vault, filled by its own functions, and processes for each step.

What a step takes of time and memory is then its own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import random
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from app.console.line import trusted_line
from app.console.sync import receive
from app.console.sync.receive import OpenedMessage
from app.console.vault import Vault
from app.console.vault.search import finding
from app.protocol.bodies import REPORT, write_body
from app.protocol.envelope import Opened
from app.protocol.recipients import Recipient
from app.protocol.wire import XWING_PUBLIC_BYTES
from tests.bench.load import Unexpected
from tests.console.running_line import NOW, Line

_AT_ONCE = 250
_WORDS = 20_000
_LANGS = ("en", "es", "ar", "zh", "fr", "ru")


def line_at(folder: Path) -> Line:
    """Make an agency and a console that has synced once, with nobody's message."""
    line = Line.make(folder)

    async def sync() -> None:
        async with line.serve():
            with line.vault() as vault:
                await line.sync(vault)

    asyncio.run(sync())
    return line


def words(rng: random.Random) -> list[str]:
    """Return a language's words: the first are the frequent ones."""
    return ["".join(rng.choices(ascii_lowercase, k=rng.randint(3, 9))) for _ in range(_WORDS)]


def said(rng: random.Random, known: list[str]) -> str:
    """Return 60 words and a phone number; frequent words come as often as in any language."""
    chosen = [known[int(_WORDS ** rng.random()) - 1] for _ in range(60)]
    return " ".join([*chosen, f"+1 202 {rng.randint(1_000_000, 9_999_999)}"])


def fill(vault: Vault, numbers: range, *, searchable: bool = False) -> None:
    """Store reports, each of a reporter of its own, as a first sync does; index them if asked."""
    language = words(random.Random(1))
    known = trusted_line.load(vault)
    for start in range(numbers.start, numbers.stop, _AT_ONCE):
        rng = random.Random(start)
        reports = [
            _report(rng, language) for _ in range(start, min(start + _AT_ONCE, numbers.stop))
        ]
        now = NOW - 90 * 86_400 + start * 60
        receive.keep(vault, known, reports, delete_at_once=False, now=now, rng=rng.randbytes)
    if searchable:
        finding.read_on(vault)


def _report(rng: random.Random, language: list[str]) -> OpenedMessage:
    """Return a report of somebody to whom nothing is ever sealed."""
    fields = {"lang": rng.choice(_LANGS), "text": said(rng, language), "files": []}
    raw = write_body(REPORT, rng.randbytes(16).hex(), fields)
    sender = Recipient(*(rng.randbytes(size) for size in (32, 32, 1_184, XWING_PUBLIC_BYTES)))
    return OpenedMessage(rng.randbytes(16), rng.randbytes(32), Opened(raw, sender))


def apart(job: Callable[..., Any], *args: object) -> Iterator[Any]:
    """Run a generator in a process of its own; yield what it yields. Raises Unexpected."""
    context = multiprocessing.get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    child = context.Process(target=_run, args=(job, args, writing))
    child.start()
    writing.close()
    try:
        while (got := reading.recv()) is not None:
            yield got[0]
    except EOFError:
        raise Unexpected(f"{job.__name__} died") from None
    finally:
        child.join()


def _run(job: Callable[..., Iterator[Any]], args: tuple[object, ...], pipe: Connection) -> None:
    for one in job(*args):
        pipe.send((one,))
    pipe.send(None)


def memory() -> float:
    """Return the most memory that this process ever had, in MB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1_024
    raise OSError("no VmHWM")
