"""Memory of a server that waits, and which modules it has loaded."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.bench import serving
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size

TITLE = "Memory of a server that waits"
_MOST = 100
_SETTLE = 5.0
_NOT_LOADED = ("psycopg", "redis", "obstore", "httpx", "sqlcipher3", "jinja2")


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """State the proportional memory of the process, beside a bare handler's."""
    bar.begin(2)
    line = serving.line_of(3, folder / "line")
    with ExitStack() as stack:
        ours = stack.enter_context(serving.ours(line))
        bare = stack.enter_context(serving.bare("constant", folder, count=65_536))
        time.sleep(_SETTLE * size.share)  # the first epoch's garbage
        taken, other = (proportional(one.child.pid) / 1e6 for one in (ours, bare))
        bar.step()
    page = Page(TITLE, "quietline", "bare handler")
    page.within(_MOST, "one process, SQLite", "MB (PSS)", taken, other)
    loaded = modules(line)
    bar.step()
    page.notes += [
        "PSS: what a process shares with others is divided among them. From "
        "`/proc/*/smaps_rollup`, after the first epoch, with no request but the first.",
        "Not loaded, because nothing in these settings needs it: "
        + ", ".join(f"`{one}`" for one in _NOT_LOADED if not _has(loaded, one))
        + ".",
        "Loaded, by the number of modules: "
        + ", ".join(f"`{name}` {count}" for name, count in packages(loaded).most_common(25))
        + f"; {len(loaded)} in all with the standard library's.",
    ]
    wrongly = [one for one in _NOT_LOADED if _has(loaded, one)]
    if wrongly:
        page.notes.append("**Loaded without need**: " + ", ".join(wrongly) + ".")
    return page


def proportional(pid: int) -> int:
    """Return a process's proportional set size in bytes."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1_024
    raise OSError(f"no memory of {pid}")


def modules(line: object) -> set[str]:
    """Return the modules that a server loads to start, make an epoch and answer."""
    program = (
        "import sys, asyncio\n"
        "from app.cli import server\n"
        "from app.server.http.application import create_app\n"
        "from app.server.settings import load\n"
        "async def main():\n"
        "    app = create_app(load(), timers=False)\n"
        "    async with app.router.lifespan_context(app): pass\n"
        "asyncio.run(main())\n"
        "print(*sorted(sys.modules), sep='\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=serving.environment(line, **serving.UNBOUNDED),
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


def packages(loaded: set[str]) -> Counter[str]:
    """Count modules by their package, without the standard library."""
    return Counter(
        name.partition(".")[0]
        for name in loaded
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("_")
    )


def _has(loaded: set[str], package: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for name in loaded)
