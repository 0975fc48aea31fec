"""A simulated week: 500 reporters with habits of their own, three investigators, a fake clock.

Envelopes are random bytes with valid points, for speed; everything passes the real application's
HTTP calls. What happened is kept in ``Truth``, which the analyst never sees.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.protocol import group, wire
from app.protocol.batch import seal_batch
from app.protocol.directory import open_directory
from app.protocol.identities import BundleKeys, ReporterIdentity
from tests.server.conftest import DAY, HOUR, Server

ADDRESS = "127.0.0.77"
USER_AGENT = "Distinct-Agent/4711"
TELLING = {
    "user-agent": USER_AGENT,
    "x-forwarded-for": ADDRESS,
    "x-real-ip": ADDRESS,
    "forwarded": f"for={ADDRESS}",
    "referer": "https://search.example/?q=They+took+my+passport",
    "cookie": "session=Marmalade-4711",
}
TEXT = "They took my passport and lock the door at night"
FILE_NAME = "passport-behind-the-door.jpg"
CODE = "kitten velvet harbor marble sunset gravity pepper window ladder ocean tiger maple"
NEEDLES = (
    ADDRESS,
    USER_AGENT,
    "Distinct-Agent",
    "Marmalade",
    "took my passport",
    "lock the door",
    "passport-behind",
    "kitten velvet",
    "kitten-velvet",
    "kitten+velvet",
    "search.example",
)
TICK = 6 * HOUR
"""Epochs here are this long: a set for each minute of a week would take an hour to make."""


@dataclass(frozen=True)
class Sent:
    """One envelope: when and by whom, which the server must not keep."""

    day: int
    turn: int
    """The number of the batch, in the order of arrival."""
    kind: str
    reporter: int
    desk: int
    owner: int
    """Who finds it: an investigator (0 to 2), or a reporter (-1)."""
    pieces: tuple[bytes, ...]
    """Some of its bytes, by which a copy is recognised."""


@dataclass(frozen=True)
class Uploaded:
    """One chunk."""

    day: int
    turn: int
    reporter: int


@dataclass
class Truth:
    """What really happened."""

    messages: dict[bytes, Sent] = field(default_factory=dict)
    """By hint, 64 bytes."""
    deleted: set[bytes] = field(default_factory=set)
    chunks: dict[str, Uploaded] = field(default_factory=dict)
    expired_chunks: dict[str, bytes] = field(default_factory=dict)
    """Some bytes of each, by id."""
    began: float = 0
    since_tick: set[bytes] = field(default_factory=set)
    """Hints of what came in the epoch that is running."""


@dataclass(frozen=True)
class Reporter:
    """Habits: the hour of the day, the desk, how long reports are followed, files, deleting."""

    number: int
    first_day: int
    hour: float
    desk: int
    follow_ups: int
    files: int
    gets_reply: bool
    deletes: bool
    checks: int


@dataclass(frozen=True)
class Event:
    at: float
    kind: str
    reporter: int


def reporters(rng: random.Random, count: int, days: int) -> list[Reporter]:
    """Make reporters whose desk and habits go together, as they do in life.

    So that there is a pattern to be found.
    """
    found = []
    for number in range(count):
        desk = number % 2
        found.append(
            Reporter(
                number,
                rng.randrange(days),
                rng.gauss(11 if desk else 20, 2) % 24,
                desk,
                rng.choice((0, 0, 0, 1, 1, 2)),
                rng.choice((0,) * 8 + (1, 3)) if desk else 0,
                rng.random() < 0.5,
                rng.random() < 0.5,
                rng.choice((0, 0, 0, 0, 1)),
            )
        )
    return found


def events(rng: random.Random, people: list[Reporter], days: int) -> list[Event]:
    """Return all that happens, in order."""
    happening = []
    for one in people:
        report = one.first_day * DAY + one.hour * HOUR
        happening.append(Event(report, "report", one.number))
        for kind, often in (
            ("follow-up", one.follow_ups),
            ("reply", int(one.gets_reply)),
            ("check", one.checks),
        ):
            for _ in range(often):
                later = report + rng.uniform(0.02, 2.5) * DAY
                happening.append(Event(later, kind, one.number))
    happening += [Event(rng.uniform(0, days) * DAY, "desk", -1) for _ in range(len(people) // 5)]
    happening += [
        Event(rng.uniform(0, days) * DAY, "mistake", -1) for _ in range(len(people) // 20)
    ]
    return sorted((one for one in happening if one.at < days * DAY), key=lambda one: one.at)


class Week:
    """Runs a week, or some days, on a server."""

    def __init__(self, server: Server, seed: int = 1, people: int = 500, days: int = 7) -> None:
        self.server = server
        self.days = days
        self.truth = Truth(began=server.line.now)
        assert server.line.now % DAY == 0
        self._rng = random.Random(seed)
        self._people = reporters(self._rng, people, days)
        self._points = [group.base(group.random_scalar(os.urandom)) for _ in range(1_500)]
        self._turn = 0
        self.ticked = 0.0
        """When the last epoch began, by the real clock."""
        self._keys = [BundleKeys.generate(os.urandom) for _ in server.line.people]
        self.at_tick: Callable[[], object] = lambda: None
        server.client.headers.update(TELLING)

    async def run(self, until: float | None = None) -> None:
        """Live through the week, or its first days."""
        async for _ in self.stages([self.days if until is None else until]):
            pass

    async def _begin(self) -> None:
        """Investigators send their bundles for the week."""
        for index in (0, 1, 3):
            body = self.server.line.upload(index, range(24 * self.days + 1), self._keys[index])
            answer = await self.server.client.post("/api/v1/bundles", content=body)
            assert answer.is_success, answer.text
        await self.server.services.epochs.tick(self.truth.began)

    async def stages(self, moments: list[float]):
        """Live through the week, stopping at moments (in days)."""
        await self._begin()
        line, began = self.server.line, self.truth.began
        due = iter(moments)
        moment, next_tick = next(due), TICK
        for event in [*events(self._rng, self._people, self.days), None]:
            while event is None or event.at >= min(next_tick, moment * DAY):
                if moment * DAY < next_tick:
                    line.now = began + moment * DAY
                    yield moment
                    moment = next(due, None)
                    if moment is None:
                        return
                    continue
                await self._tick(began + next_tick)
                next_tick += TICK
            line.now = began + event.at
            await self._happens(event)

    async def _tick(self, at: float) -> None:
        services = self.server.services
        await services.growth.settled()
        self.server.line.now = at
        await services.epochs.tick(at)
        await services.growth.settled()
        self.truth.since_tick = set()
        hour = int((at - self.truth.began) // HOUR) % 24
        ids = {hint: one for one, hint in services.messages.storage.refresh()}
        # Two consoles sync each day, the third now and then.
        day = int((at - self.truth.began) // DAY)
        for owner, syncs in enumerate((hour == 6, hour == 12, hour == 18 and day in (1, 4))):
            if syncs:
                mine = [h for h in ids if self.truth.messages[h].owner == owner]
                for hint in mine:
                    await self._delete(hint, ids[hint])
        for one in self._people:
            if one.deletes and hour == 0:
                mine = [
                    h
                    for h in ids
                    if self.truth.messages[h].owner == -1
                    and self.truth.messages[h].reporter == one.number
                ]
                for hint in mine:
                    await self._delete(hint, ids[hint])
        self.ticked = time.time()
        await services.epochs.tick(at)
        self.at_tick()
        left = {hint for _, hint in services.messages.storage.refresh()}
        self.truth.deleted |= set(self.truth.messages) - left

    async def _delete(self, hint: bytes, message_id: bytes) -> None:
        answer = await self.server.client.delete(f"/api/v1/messages/{message_id.hex()}")
        assert answer.status_code == 204
        self.truth.deleted.add(hint)

    async def _happens(self, event: Event) -> None:
        if event.kind == "mistake":
            await self._mistake()
        elif event.kind == "check":
            await self._check()
        else:
            one = self._people[event.reporter] if event.reporter >= 0 else None
            if event.kind == "report" and one is not None:
                for _ in range(one.files):
                    await self._upload(event, one)
            await self._send(event, one)

    async def _send(self, event: Event, one: Reporter | None) -> None:
        self._turn += 1
        day = int(event.at // DAY)
        desk = self._rng.randrange(2) if one is None else one.desk
        owners = [0, 1, 2]
        if event.kind == "reply":
            owners[self._rng.randrange(3)] = -1
        self._rng.shuffle(owners)
        batch = []
        if event.kind == "report" and event.reporter % 50 == 0:
            envelopes = await self._sealed(desk)
        else:
            envelopes = [self._envelope() for _ in owners]
        for owner, envelope in zip(owners, envelopes, strict=True):
            pieces = tuple(envelope[at : at + 24] for at in (64, 5_000, 12_000, 19_900))
            sent = Sent(day, self._turn, event.kind, event.reporter, desk, owner, pieces)
            self.truth.messages[envelope[:64]] = sent
            self.truth.since_tick.add(envelope[:64])
            batch.append(envelope)
        number = self.server.services.epoch().number
        answer = await self.server.client.post(
            f"/api/v1/messages?epoch={number}", content=b"".join(batch)
        )
        assert answer.status_code == 201, answer.text

    def _envelope(self) -> bytes:
        rest = os.urandom(wire.ENVELOPE_BYTES - wire.HINT_BYTES)
        return b"".join(self._rng.sample(self._points, 2)) + rest

    async def _sealed(self, desk: int) -> list[bytes]:
        """Return a real report, with a text, a file's name and a code in it."""
        line = self.server.line
        directory = open_directory(
            (await self.server.client.get("/api/v1/directory")).content, line.line_id
        )
        text = json.dumps({"kind": "report", "text": TEXT, "name": FILE_NAME, "code": CODE})
        sender = ReporterIdentity.throwaway(os.urandom).sender()
        bundles = await self.server.epoch()
        batch = seal_batch(directory, bundles, sender, {desk}, text.encode(), os.urandom)
        return wire.split_batch(batch, 3)

    async def _upload(self, event: Event, one: Reporter) -> None:
        self._turn += 1
        for _ in range(2):
            name = os.urandom(16).hex()
            self.truth.chunks[name] = Uploaded(int(event.at // DAY), self._turn, one.number)
            await self.upload(name, os.urandom(wire.CHUNK_BYTES))

    async def upload(self, name: str, chunk: bytes) -> None:
        answer = await self.server.client.put(f"/api/v1/chunks/{name}", content=chunk)
        assert answer.status_code == 201, answer.text

    async def _check(self) -> None:
        client = self.server.client
        rows = (await client.get("/api/v1/challenges")).content
        assert len(rows) % 64 == 0
        for _ in range(8):
            answer = await client.get(f"/api/v1/messages/{os.urandom(16).hex()}")
            assert len(answer.content) == wire.ENVELOPE_BYTES

    async def _mistake(self) -> None:
        """Somebody sends what must never be sent: plaintext, a code, a file's name."""
        client = self.server.client
        number = self.server.services.epoch().number
        await client.post(f"/api/v1/messages?epoch={number}", content=TEXT.encode())
        await client.post("/api/v1/messages", json={"text": TEXT, "code": CODE})
        await client.put(f"/api/v1/chunks/{FILE_NAME}", content=TEXT.encode())
        await client.put(f"/api/v1/chunks/{'0' * 32}?name={FILE_NAME}", content=TEXT.encode())
        await client.get("/check", params={"code": CODE})
        await client.get(f"/{CODE.replace(' ', '-')}", headers={"authorization": CODE})


@dataclass(frozen=True)
class Stat:
    """What the file system says of a file: inode, and birth, change, modification in seconds."""

    path: str
    inode: int
    size: int
    birth: float
    changed: float
    modified: float


@dataclass(frozen=True)
class Seized:
    """All that an analyst gets: a copy of the folder, and what the file system said of it."""

    folder: Path
    stats: tuple[Stat, ...]


def seize(folder: Path, into: Path) -> Seized:
    """Copy a folder as it is, also while a server writes to it."""
    listed = subprocess.run(
        ["find", str(folder), "-exec", "stat", "--format=%i %s %.9W %.9Z %.9Y %n", "{}", "+"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    shutil.copytree(folder, into, ignore=lambda at, names: [n for n in names if _is_socket(at, n)])
    return Seized(into, tuple(_stats(listed, str(folder))))


def _is_socket(at: str, name: str) -> bool:
    path = Path(at) / name
    return path.exists() and not path.is_file() and not path.is_dir()


def _stats(listed: str, folder: str) -> Iterator[Stat]:
    for one in listed.splitlines():
        inode, size, birth, changed, modified, path = one.split(" ", 5)
        yield Stat(
            path.removeprefix(folder).lstrip("/"),
            int(inode),
            int(size),
            float(birth),
            float(changed),
            float(modified),
        )
