"""What filling a line costs who floods it, and what an honest reporter's phone then takes.

The flood is reckoned by the server's own arithmetic at the speed of a core of this machine, and
once a small line is filled for real. The phone is the page's own code in chromium without JIT, held
to a sixth of a core.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from app.cli.demo.children import PROGRAM
from app.protocol import work
from app.protocol.challenges import MAX_ROWS
from app.protocol.wire import CHUNK_BYTES
from app.server.admission.difficulty import batch_steps, by_room, doubled
from app.server.admission.proof_of_work import COST
from app.server.settings import Settings
from tests import small_sets
from tests.bench import load, serving
from tests.bench.page import WITHOUT_JIT
from tests.bench.page_upload import renderers
from tests.bench.result import Page
from tests.bench.rounds import Bar, Size
from tests.journeys.conftest import launch
from tests.journeys.line import running_line

TITLE = "What filling a line costs"
INVESTIGATORS = (3, 10, 40)
MARKS = {"a quarter": 0.25, "half": 0.5, "three quarters": 0.75, "all": 1.0}
LONGEST_SECONDS = 20
"""What an honest phone may take at most for a message to forty, on a quiet line."""
SLOWNESS = 6
_TURN = 0.005
_CORE_SECONDS = 3.0
_ROUNDS = 3
_SMALL_ROOM = 512
_EASY = 4
AT_REST = Settings.model_fields["work_steps"].default
DOUBLINGS = Settings.model_fields["work_doublings"].default
CHUNKS = Settings.model_fields["blob_quota_bytes"].default // CHUNK_BYTES
SOLVE = """async () => {
  const { tasks } = await import('/assets/core.js');
  const challenge = await (await fetch('/api/v1/work')).text();
  return tasks.solveWork({ challenge }, { onProgress: () => {} });
}"""


def flooded(room: int, taken: int, uses: int, steps: int) -> Iterator[tuple[float, int]]:
    """Fill ``room``, ``taken`` at each go; yield the share in use and what the next go costs.

    ``uses`` goes cost one answer of at most ``steps``, half of it on average.
    """
    for used in range(0, room - taken + 1, taken):
        yield used / room, doubled(steps, by_room(used, room), DOUBLINGS) // uses


def measure(folder: Path, size: Size, bar: Bar) -> Page:
    """State what each share of the room costs a flood, beside the phone's minutes at that point."""
    rounds = min(_ROUNDS, size.rounds)
    bar.begin(rounds + 2)
    core = _core(_CORE_SECONDS * size.share)
    bar.step()
    filled, reckoned = _fill(folder / "filled", size)
    bar.step()
    phone = _phone(folder, size, rounds, bar)
    page = Page(TITLE, "flood: core-minutes", "honest: minutes on a slow phone, at most")
    most = batch_steps(AT_REST, max(INVESTIGATORS))
    name = f"Quiet line, {max(INVESTIGATORS)} investigators: a slow phone without JIT, at most"
    page.within(LONGEST_SECONDS, name, "s", most / phone, LONGEST_SECONDS)
    for count in INVESTIGATORS:
        steps = batch_steps(AT_REST, count)
        _rows(page, f"messages to {count}", flooded(MAX_ROWS, count, 1, steps), 1, core, phone)
    files = flooded(CHUNKS, 1, work.CHUNKS, AT_REST)
    _rows(page, "files, 8 MB of them", files, work.CHUNKS, core, phone)
    name = f"Filling {_SMALL_ROOM:,} messages for real, with hoarded challenges: steps"
    page.add(name, "", filled, reckoned)
    page.notes += [NOTES.format(core=core, phone=phone, slowness=SLOWNESS, cost=COST)]
    return page


def _fill(folder: Path, size: Size) -> tuple[int, float]:
    """Fill a small line whose work is easy, all of it; return the steps done, and those reckoned.

    Challenges are fetched before anything is stored, as many as the whole room takes.
    """
    room = max(64, round(_SMALL_ROOM * size.share))
    line = serving.line_of(3, folder)
    body, steps = serving.batch(3), 0
    settings = {"work_steps": _EASY, "work_doublings": DOUBLINGS}
    with serving.ours(line, slots_initial=room, slots_cap=room, **settings) as server:
        asking = [load.request("GET", work.CHALLENGE_PATHS[work.BATCH])]
        hoard = list(load.drive(server.socket, asking * (room // 3), keep=True).bodies)
        while True:
            asked = load.drive(server.socket, asking, status=None, keep=True)
            if not asked.statuses[200]:
                break
            header = work.solve(hoard.pop(0) if hoard else asked.bodies[0])
            path = f"/api/v1/messages?epoch={serving.epoch(server.socket)}"
            post = load.request("POST", path, body, Quietline_Work=header)
            taken = load.drive(server.socket, [post], status=None).statuses[201]
            steps += json.loads(base64.b64decode(header))["solution"]["counter"] + 1
            if not taken:
                hoard.clear()  # no longer worth anything
    reckoned = sum((steps + 1) / 2 for _, steps in flooded(room, 3, 1, _EASY))
    return steps, reckoned


def _rows(
    page: Page,
    name: str,
    goes: Iterator[tuple[float, int]],
    uses: int,
    core: float,
    phone: float,
) -> None:
    """Add a row for each mark; half of the most steps is what an answer takes on average."""
    marks, paid, asked = list(MARKS.items()), 0.0, 0
    for share, asked in goes:
        if share >= marks[0][1]:
            page.add(f"{name}: {marks[0][0]}", "min", paid / core / 60, asked * uses / phone / 60)
            del marks[0]
        paid += asked / 2
    page.add(f"{name}: {marks[0][0]}", "min", paid / core / 60, asked * uses / phone / 60)


def _core(seconds: float) -> float:
    """Return the steps that a core does in a second of its own."""
    began, steps = time.process_time(), 0
    while (passed := time.process_time() - began) < seconds:
        work.derive(bytes(16), bytes(16), steps, COST)
        steps += 1
    return steps / passed


def _phone(folder: Path, size: Size, rounds: int, bar: Bar) -> float:
    """Return the steps that the page does in a second on a slow phone."""
    steps = size.of(batch_steps(AT_REST, max(INVESTIGATORS)))
    rates = []
    program = PROGRAM if size.is_full else small_sets.PROGRAM
    with (
        sync_playwright() as playwright,
        running_line(folder / "line", work_steps=steps, program=program) as line,
    ):
        browser = launch(playwright, WITHOUT_JIT, programs=("chromium",))
        tab = browser.new_page()
        tab.goto(f"{line.url}/en/help/")
        _solve(tab)  # the first time loads it
        for _ in range(rounds):
            with slowed(lambda: renderers(browser)):
                rates.append(_solve(tab))
            bar.step()
        browser.close()
    return median(rates)


def _solve(tab: Tab) -> float:
    """Solve a challenge in the page; return the steps of a second."""
    began = time.perf_counter()
    header = str(tab.evaluate(SOLVE))
    passed = time.perf_counter() - began
    solution = json.loads(base64.b64decode(header))["solution"]
    return float(solution["counter"] + 1) / passed


@contextmanager
def slowed(processes: Callable[[], list[int]]) -> Iterator[None]:
    """Let processes have a SLOWNESSth of a core, workers and the browser's threads too.

    By what they took, so that it holds on a busy machine.
    """
    over, pids = threading.Event(), processes()
    began, before = time.perf_counter(), _busy(pids)

    def tell(number: int) -> None:
        for pid in pids:
            os.kill(pid, number)

    def hold() -> None:
        while not over.wait(_TURN):
            allowed = (time.perf_counter() - began) / SLOWNESS
            tell(signal.SIGSTOP if _busy(pids) - before > allowed else signal.SIGCONT)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        tell(signal.SIGCONT)


def _busy(pids: list[int]) -> float:
    """Return the processor time that these processes have taken, in seconds."""
    tasks = [one for pid in pids for one in Path(f"/proc/{pid}/task").iterdir()]
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) / 1e9


NOTES = """"Flood" is what it has paid when so much of the room is in use, on average, in minutes of
one core of this machine with OpenSSL ({core:,.0f} steps a second, each {cost:,} iterations).
"Honest" is what one message, or a photo of up to 8 MB, then costs a slow phone in minutes, at most;
on average it is half. The phone is the page's own code in chromium without JIT, held to a
{slowness}th of a core: {phone:,.0f} steps a second. Room is 16,384 messages and 20 GiB of files.

At "all" stands what the last message cost. The first row is measured on the page; the phone's
others and the flood's are reckoned from the speeds and from the server's own prices. The last row
is a small line that was filled for real, with work as easy as can be, by who had fetched a
challenge for every batch beforehand: the steps that it took, beside those reckoned.

**A core is not what a flood has.** A program written for it does three to four times as much on the
same core (Firefox's own does here), and a graphics card of 2022 about 4 million steps a second: for
one, hours of a core are seconds. It must then still be let in, 20 messages a second and no more."""
