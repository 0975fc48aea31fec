"""A desk's console as it is on one fixed day: clock, keys and texts are always the same.

The vault is filled by the console's own rooms (``receive``, ``casework``, ``deliver``), without a
server; reporters' keys come from their number, so every case has the same name on every machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import hashlib
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import uvicorn
from PIL import Image, ImageDraw

from app.cli.console.practice import make_vault
from app.console.cases import casework
from app.console.features.practice.exercises import exercises
from app.console.features.practice.practice_console import PracticeConsole
from app.console.line import trusted_line
from app.console.rules import changes, deadlines, keeping, referrals
from app.console.rules.body import DescribedFile, read_body
from app.console.rules.danger import ASSESSED
from app.console.sync import deliver
from app.console.sync import receive as letters
from app.console.vault import Vault
from app.console.vault.attachments import files, filewords
from app.console.vault.attachments.chunk_folders import FOLDER_BYTES, ChunkFolder
from app.console.vault.installation import owner
from app.console.vault.records import cases, messages
from app.console.web.console_settings import ConsoleSettings
from app.console.web.running_console import Console
from app.console.web_application import create_app
from app.protocol import bodies
from app.protocol.attachments import KEY_BYTES, TreeHash, chunk_count, encrypt_chunks
from app.protocol.directory import open_directory
from app.protocol.identities import ReporterIdentity
from app.protocol.secrets import Secret
from tests.console.running_line import DAY, HOUR, Line
from tests.journeys import other_line
from tests.ports import free_port

NOON = int(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC).timestamp())
COLLEAGUES = ("ben", "dora")
TONGUES = "en es"

TOLD: tuple[tuple[str, str, dict[str, str], float], ...] = (
    (
        "They keep our passports in the office and lock the dormitory at night. We are nine "
        "people. Please do not call the number on the door.", "en",
        {"danger_now": "yes", "safe_to_reply": "yes", "signs": "retention_of_identity_documents, "
         "restriction_of_movement", "needs": "shelter, lawyer", "whose_case": "mine"}, 0.1,
    ),
    ("أعمل في بيت عائلة منذ سنة. لا يسمحون لي بالخروج.", "ar",
     {"safe_to_reply": "no", "under_18": "yes"}, 0.4),
    ("My neighbour has four girls in the flat, men come at night.", "en", {}, 1.2),
    ("Nos deben tres meses de sueldo y dicen que debemos el viaje.", "es",
     {"signs": "withholding_of_wages, debt_bondage"}, 6.3),
    ("ከቤት መውጣት አልችልም።", "am", {}, 6.8),
    ("I saw your poster at the clinic. What happens if I write?", "en", {}, 9.0),
)  # fmt: skip
"""Text, language, answers, days ago."""

AGREED = (
    "Yes, you may tell the agency at the harbour what I wrote, and show them the door. Not which "
    "flat is mine."
)

SIGNS = (
    "abuse_of_vulnerability", "deception", "restriction_of_movement", "isolation",
    "intimidation_and_threats", "retention_of_identity_documents", "withholding_of_wages",
    "debt_bondage", "excessive_overtime",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class World:
    """A running console and what stands in it."""

    home: str
    login: str
    case: str
    agreed: str
    """A case whose reporter says that another agency may be told."""
    photo: int
    """The number of a file in it."""
    console: Console
    invitation: bytes
    """Of another line, and a case that they sealed to an invitation of ours."""
    sealed: bytes
    practice: str
    """The link into a practice console."""


class _Offline(Console):
    """A console that never syncs by itself: what the bar says of it stays the same."""

    async def run_loop(self) -> None:
        await asyncio.Event().wait()


class _OfflinePractice(PracticeConsole):
    async def run_loop(self) -> None:
        await asyncio.Event().wait()


@contextlib.contextmanager
def world(
    folder: Path, then: Callable[[Vault], None] = lambda _: None, *, past: bool = True
) -> Iterator[World]:
    """Open the console of ana, who sits at a desk of three.

    ``then`` may put more into the vault. Without its ``past`` of half a year it is made in a third
    of the time.
    """
    rng = random.Random("line").randbytes
    line = Line.make(folder, rng=rng)
    line.now = NOON
    for name in COLLEAGUES:
        line.enrol(name, ["support"], rng)
    file = line.publish()
    with line.vault() as vault:
        with vault.write() as tx:
            shown = open_directory(file, line.line_id)
            owner.store_directory(tx, shown.version, file, NOON)
        case, agreed = _fill(vault, past=past)
        photo = attach(vault, agreed, "door.png", "image/png", door())
        asked = other_line.invite(vault, "Ines, Harbour line", NOON)
        then(vault)
    invitation, sealed = other_line.papers(
        folder / "other", asked, NOON, lambda vault: receive(vault, 1, AGREED, NOON)
    )
    settings = ConsoleSettings(port=free_port(), interval=0, idle_minutes=0)
    console = _Offline(
        line.folder_of("ana"), settings, now=lambda: NOON, rng=random.Random(7).randbytes
    )
    with _served(console, line.vault()), _practice(folder / "practice") as practice:
        yield World(
            console.address,
            console.login_url(),
            case,
            agreed,
            photo,
            console,
            invitation,
            sealed,
            practice,
        )


def receive(
    vault: Vault, number: int, text: str, at: int, kind: str = "report", **fields: Any
) -> str:
    """Take in a reporter's message (by their number) as a sync does; return the case's id."""
    rng = random.Random(f"message {number} {at}").randbytes
    said = {"text": text, "lang": "en", "desks": ["support"], "answers": {}} | fields
    raw = bodies.write_body(kind, bodies.new_mid(rng), said)
    reporter = ReporterIdentity(Secret(random.Random(number).randbytes(16))).public
    with vault.write() as tx:
        known = trusted_line.load_in(tx)
        letters.store_message(tx, known, reporter, raw, read_body(raw), at, rng)
    return messages.case_id(reporter)


def attach(vault: Vault, case: str, name: str, type_: str, data: bytes) -> int:
    """Attach a file to a case's first message, fetched, whole and read; return its number."""
    rng = random.Random(f"file {name}").randbytes
    key, folder, tree = Secret(rng(KEY_BYTES)), rng(FOLDER_BYTES).hex(), TreeHash()
    tree.update(data)
    for index, (_, chunk) in enumerate(encrypt_chunks(BytesIO(data), len(data), key)):
        ChunkFolder(vault.files, folder).write(index, chunk)
    ref = DescribedFile(
        key.reveal(), chunk_count(len(data)), name, type_, len(data), "clean", tree.digest().hex()
    )
    with vault.write() as tx:
        message = messages.messages_of(tx, case)[0].id
        files.add_transferred(tx, case, message, 0, ref, folder, hashlib.sha256(data).hexdigest())
        (kept,) = files.of_message(tx, message)
        # Read already: else it depends on the machine's pace what the search page says of it.
        filewords.keep(tx, kept, filewords.prepare("A door"), NOON)
    return kept.id


def door() -> bytes:
    """Return a picture of a door, drawn."""
    picture = Image.new("RGB", (900, 1200), "#b8ab98")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((240, 180, 660, 1100), fill="#4a3b2f", outline="#2d241d", width=14)
    pen.rectangle((300, 260, 600, 560), fill="#6d7f86")
    pen.ellipse((590, 640, 630, 680), fill="#d0b05a")
    pen.rectangle((0, 1100, 900, 1200), fill="#77706a")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def do(vault: Vault, at: int, *wanted: changes.Change) -> None:
    """Do what ana does to a case or to her desk."""
    with vault.write() as tx:
        casework.act(tx, trusted_line.load_in(tx), "support", wanted, at)


def answer(vault: Vault, case: str, text: str, at: int) -> None:
    rng = random.Random(f"answer {case} {at}").randbytes
    deliver.queue_reply(vault, case, text, desk="support", lang="en", now=at, rng=rng)


def _fill(vault: Vault, *, past: bool) -> tuple[str, str]:
    """Make the case that everything is known of, and the one that another agency may be told of."""
    known = trusted_line.load(vault)
    keys = {label: key for key, label in known.colleagues("support")}
    if past:
        _past(vault)
    told = [
        receive(vault, number, text, NOON - int(ago * DAY), lang=lang, answers=said)
        for number, (text, lang, said, ago) in reversed(list(enumerate(TOLD, 1)))
    ][::-1]
    do(vault, NOON - 9 * DAY, changes.speak(TONGUES))
    house, _, girls, wages, _, poster = told
    receive(vault, 3, AGREED, NOON - 20 * HOUR, "message")
    do(
        vault,
        NOON - HOUR,
        changes.put(house, "priority", "life-safety"),
        *_assessed(vault, house),
        changes.put(house, "owner", keys["ana"]),
        changes.put(house, "status", "in-progress"),
        changes.add(house, "labels", "dormitory"),
        changes.note(house, "Same street as the report of 12 November? Ask for the house number."),
    )
    answer(vault, house, "Thank you. Are you safe to write tonight?", NOON - HOUR // 2)
    day = dt.date(2026, 11, 24)
    do(
        vault,
        NOON - HOUR // 3,
        referrals.offer(house, "a" * 12, "shelter", "Casa Sol"),
        referrals.step(house, "a" * 12, "accepted", day, "Nine beds from Friday", "In her answer"),
        referrals.offer(house, "b" * 12, "lawyer", ""),
    )
    do(vault, NOON - HOUR, changes.put(girls, "priority", "urgent"))
    do(vault, NOON - DAY, changes.put(wages, "owner", keys["ben"]))
    until = deadlines.write_snooze(day + dt.timedelta(days=3), "The clinic calls on Friday")
    do(vault, NOON - DAY, changes.put(poster, "snooze", until))
    return house, girls


def _assessed(vault: Vault, case: str) -> list[changes.Change]:
    """Say that whoever set the priority had the report on the screen."""
    with vault.read() as tx:
        return [changes.add(case, ASSESSED, one.mark) for one in cases.unassessed(tx, case)]


def _past(vault: Vault) -> None:
    """Make half a year of cases that are done with, for the numbers.

    They are in the order of their times, since a desk's clock never goes back.
    """
    luck = random.Random(24)
    ends = ("referred", "under-investigation", "unfounded", "spam", "victim-contacted")
    events: list[tuple[int, int, str, str]] = []
    for number in range(100, 190):
        at = NOON - int(luck.uniform(12, 180) * DAY)
        lang = luck.choices(("en", "es", "ar", "uk", "vi"), (9, 6, 4, 2, 1))[0]
        events.append((at, number, "came", lang))
        if luck.random() < 0.85:
            events.append((at + 1 + int(luck.expovariate(1 / (3 * DAY))), number, "answered", ""))
        closed = f"closed/{luck.choices(ends, (6, 4, 3, 4, 2))[0]}"
        events.append((at + int(luck.uniform(2, 60) * DAY), number, "closed", closed))
    cases: dict[int, str] = {}
    for at, number, what, value in sorted(events):
        when = min(at, NOON - DAY)
        if what == "came":
            signs = ", ".join(luck.sample(SIGNS, luck.randrange(4)))
            answers = {"signs": signs}
            cases[number] = receive(vault, number, "Told.", when, lang=value, answers=answers)
            with vault.write() as tx:
                messages.mark_read(tx, cases[number])
        elif what == "answered":
            answer(vault, cases[number], "Thank you.", when)
        else:
            do(vault, when, changes.put(cases[number], "status", value))
    do(
        vault,
        NOON - DAY,
        changes.rule(keeping.KEEP_RULE, "5"),
        changes.put(cases[150], keeping.LEGAL_HOLD, "The court has asked for it"),
        changes.put(cases[151], keeping.DESTROY_ON, "2026-11-30"),
        changes.put(cases[152], keeping.DESTROY_ON, "2026-11-30"),
    )


@contextlib.contextmanager
def _practice(folder: Path) -> Iterator[str]:
    """Practice, in which somebody has done two exercises; gives the link into it."""
    (folder / "kept").mkdir(parents=True)
    settings = ConsoleSettings(port=free_port(), interval=0, idle_minutes=0)
    console = _OfflinePractice(folder / "you", folder / "kept", settings)
    console.now = lambda: NOON
    console.person = console.progress.begin("Dora")
    first, second, *_ = exercises()
    day = dt.date(2026, 11, 20)
    console.progress.finished("Dora", first.id, [], day)
    console.progress.finished("Dora", second.id, [second.checks[0].missed], day)
    with _served(console, make_vault(folder)):
        yield console.login_url()


@contextlib.contextmanager
def _served(console: Console, vault: Vault) -> Iterator[None]:
    """Serve a console's pages on loopback, in a thread, with a clock that stands still."""
    console.adopt(vault)
    console.sync.at = NOON - 60
    config = uvicorn.Config(
        create_app(console), host="127.0.0.1", port=console.port, log_level="error", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
