"""One sync, from the server to the vault: the order of the steps is the promise kept here.

    directory and bundles      who reads for the line; which of our keys are in service
    bundles made ahead         durable in the vault, then given to the server
    challenges                 solved; every unknown id fetched, opened, durable, and only then
                               marked for deletion on the server after a random while
    answers                    sealed with this moment's bundles, sent
    the desk                   what is shared with colleagues, when its turn has come
    deletions due              covers, messages and duplicates alike
    attachments                fetched as ciphertext, for a while: the rest at the next sync
    keys                       destroyed by lifecycle's three conditions, never otherwise
    what follows               the search and the links read on, from where they last stopped

Killed anywhere, nothing is lost: each step begins from what the vault holds (tested at every
checkpoint). A step that fails with a contradiction is told and does not stop the others; when the
server cannot be reached, the sync ends.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from app.console import (
    asked,
    attachments,
    catching_up,
    collecting,
    knowledge,
    letters,
    linking,
    outbox,
    shredding,
)
from app.console.errors import KeysNotTaken, ServerLies, ServerProblem, ServerRefused, VaultLocked
from app.console.knowledge import Knowledge, Level, Notice
from app.console.sync import Door
from app.console.teamwork import alarms, membership, sending
from app.console.triage import lifecycle
from app.console.vault import Rng, Vault, bundle_keys, finding, link_index, owner, seen
from app.protocol.identities import BundleKeys
from app.protocol.wire import BundleUpload

BUNDLE_DAYS = 30
UPLOAD_BATCH = 60
FILE_SECONDS = 60.0
TEAM_HOURS = 4.0
LAST_FULL_SYNC = "last_full_sync"
STATUS = "status"

Progress = Callable[[str, int, int], None]
"""Told the step's name in words, how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """`delete_at_once` skips the random while (demonstrations only: it tells the server which ids
    one console opened); `bundle_days` is how far ahead bundles are made; `file_seconds` is how long
    an answer's files, and then attachments, may take of one sync, None for as long as they need;
    `team_hours` is the mean time between two turns of the desk's bodies, 0 for at once
    (demonstrations only: their times would tell when somebody works).
    """

    delete_at_once: bool = False
    bundle_days: int = BUNDLE_DAYS
    file_seconds: float | None = FILE_SECONDS
    team_hours: float = TEAM_HOURS


@dataclass(slots=True)
class SyncReport:
    """What a sync did, in numbers that name nobody, and what the investigator should know."""

    new_messages: int = 0
    sent: int = 0
    files: int = 0
    files_left: bool = False
    unopenable: int = 0
    keys_destroyed: int = 0
    cases_destroyed: int = 0
    full: bool = False
    notices: list[Notice] = field(default_factory=list)

    @property
    def troubled(self) -> bool:
        """Whether something needs a look: a warning or an alarm."""
        return any(notice.level is not Level.INFO for notice in self.notices)


async def sync_once(
    vault: Vault,
    door: Door,
    *,
    settings: SyncSettings | None = None,
    now: Callable[[], int] = lambda: int(time.time()),
    rng: Rng = os.urandom,
    progress: Progress = lambda *_: None,
    checkpoint: Callable[[str], None] = lambda _: None,
) -> SyncReport:
    """Syncs once and keeps the report in the vault. Raises ServerProblem if the server is away.

    `checkpoint` is told the name of every point where a kill is tested.
    """
    catching_up.arrive(vault, now())
    report = SyncReport()
    sync = _Sync(vault, door, settings or SyncSettings(), now, rng, progress, checkpoint)
    await sync.run(report)
    known = knowledge.recall(vault)
    report.cases_destroyed = await asyncio.to_thread(shredding.destroy, vault, known, now())
    await _derive(vault, now(), progress)
    report.notices += linking.notices(vault, known)
    _keep(vault, report, now())
    return report


async def _derive(vault: Vault, now: int, progress: Progress) -> None:
    """Reads what is new for the search and for links, from where the last time stopped."""
    loop = asyncio.get_running_loop()

    def told(step: str, done: int, total: int) -> None:
        loop.call_soon_threadsafe(progress, step, done, total)

    words, links = partial(told, "Reading for the search"), partial(told, "Looking for links")
    await asyncio.to_thread(finding.read_on, vault, told=words)
    await asyncio.to_thread(link_index.read_on, vault, now, told=links)


@dataclass(slots=True)
class _Sync:
    vault: Vault
    door: Door
    settings: SyncSettings
    now: Callable[[], int]
    rng: Rng
    progress: Progress
    checkpoint: Callable[[str], None]

    async def run(self, report: SyncReport) -> None:
        began = self.now()
        self.progress("Reading the directory", 0, 0)
        known = await self._learn(report)
        await self._intake(known, report)
        report.notices += knowledge.standing(known, self.now())
        if known.bundles is not None:
            report.notices += knowledge.own_bundle_notices(self.vault, known, self.now())
            await self._guarded(report, self._bundles(known))
        with self.vault.write() as tx:
            membership.meet(tx, known, self.now())
            letters.settle_all(tx, known)
        report.full = await self._collect(known, report)
        if report.full:
            with self.vault.write() as tx:
                finished = {"began": began, "finished": self.now()}
                owner.store_fact(tx, LAST_FULL_SYNC, finished)
                catching_up.synced(tx, self.now())
            self.checkpoint("full")
        if known.bundles is not None:
            await self._answers(known, report)
            await self._team(known)
        report.notices += alarms.notices(self.vault, known, self.now())
        await self._guarded(report, self._delete_due())
        await self._guarded(report, self._files(report))
        report.keys_destroyed = self._destroy_keys()

    async def _learn(self, report: SyncReport) -> Knowledge:
        known = knowledge.recall(self.vault)
        try:
            known = await knowledge.learn_directory(self.vault, self.door, known, self.now())
            return await knowledge.learn(self.vault, self.door, known, self.now())
        except ServerLies as error:
            report.notices.append(Notice(Level.ALARM, str(error)))
        except ServerRefused as error:
            report.notices.append(Notice(Level.WARNING, str(error)))
        # Reading goes on: what waits for us is authenticated by itself.
        return known

    async def _intake(self, known: Knowledge, report: SyncReport) -> None:
        """What the agency asks reporters; without it, answers are said in the program's words."""
        if known.directory is None:
            return
        try:
            await asked.learn(self.vault, self.door, known.directory, self.now())
        except ServerLies as error:
            report.notices.append(Notice(Level.ALARM, str(error)))
        except ServerProblem as error:
            report.notices.append(
                Notice(Level.WARNING, f"The agency’s questions were not fetched. {error}")
            )

    async def _bundles(self, known: Knowledge) -> None:
        """Makes the windows that lack a key, keeps them, and uploads what is not yet there."""
        if known.directory is None or known.index is None or not known.active:
            return
        identity, index = known.owner.identity, known.index
        with self.vault.read() as tx:
            existing = bundle_keys.windows(tx)
            copies = catching_up.copies(tx)
        length = known.directory.params.get("window_seconds")
        wanted = lifecycle.windows_to_make(
            self.now(),
            length if type(length) is int else lifecycle.HOUR,
            self.settings.bundle_days,
            existing,
            stretch=1 + copies,
        )
        made = [(begin, end, BundleKeys.generate(self.rng)) for begin, end in wanted]
        with self.vault.write() as tx:
            bundle_keys.add(tx, made)
        self.checkpoint("bundles kept")
        while True:
            with self.vault.read() as tx:
                batch = bundle_keys.to_upload(tx, UPLOAD_BATCH)
            if not batch:
                return
            self.progress("Giving the server new keys", 0, len(batch))
            signed = await asyncio.to_thread(
                lambda held: tuple(
                    key.keys.bundle(identity, key.not_before, key.not_after) for key in held
                ),
                batch,
            )
            await self.door.post_bundles(BundleUpload(index, signed).serialise())
            self.checkpoint("bundles posted")
            with self.vault.write() as tx:
                bundle_keys.mark_uploaded(tx, [key.id for key in batch])

    async def _answers(self, known: Knowledge, report: SyncReport) -> None:
        self.progress("Sending answers", 0, 0)
        try:
            sent = await outbox.send_waiting(
                self.vault,
                self.door,
                known,
                now=self.now,
                rng=self.rng,
                spent=self._budget(),
                checkpoint=self.checkpoint,
            )
        except ServerLies as error:
            report.notices.append(Notice(Level.ALARM, str(error)))
        else:
            report.sent, report.files_left = sent.count, sent.left

    async def _team(self, known: Knowledge) -> None:
        sending.prepare(self.vault, known, self.now(), self.rng, hours=self.settings.team_hours)
        self.checkpoint("team kept")
        self.progress("Sharing with the desk", 0, 0)
        await sending.send(
            self.vault,
            self.door,
            known,
            now=self.now,
            rng=self.rng,
            checkpoint=self.checkpoint,
        )

    def _budget(self) -> Callable[[], bool]:
        """Says whether the time that files may take from now on is over."""
        seconds = self.settings.file_seconds
        if seconds is None:
            return lambda: False
        end = time.monotonic() + seconds
        return lambda: time.monotonic() >= end

    async def _collect(self, known: Knowledge, report: SyncReport) -> bool:
        result = await collecting.collect(
            self.vault,
            self.door,
            known,
            delete_at_once=self.settings.delete_at_once,
            now=self.now,
            rng=self.rng,
            progress=self.progress,
            checkpoint=self.checkpoint,
        )
        report.new_messages = result.new_messages
        with self.vault.read() as tx:
            report.unopenable = seen.unopenable(tx)
        if report.unopenable:
            count = report.unopenable
            text = (
                f"{count} {'message' if count == 1 else 'messages'} on the server "
                f"{'is' if count == 1 else 'are'} meant for you but cannot be opened with the keys "
                "this vault holds. They stay on the server and are tried again; tell the agency."
            )
            report.notices.append(Notice(Level.WARNING, text))
        if result.missed_again:
            text = (
                f"For {result.missed_again} of the messages it lists for you the server gives "
                "something else, time and again. Old keys are kept until that ends; tell the "
                "agency."
            )
            report.notices.append(Notice(Level.WARNING, text))
        return result.full

    async def _delete_due(self) -> None:
        with self.vault.read() as tx:
            due = seen.due(tx, self.now())
        for done, id_ in enumerate(due):
            self.progress("Deleting on the server", done, len(due))
            await self.door.delete_message(id_)
            self.checkpoint("deleted")
            with self.vault.write() as tx:
                seen.mark_deleted(tx, id_, self.now())

    async def _files(self, report: SyncReport) -> None:
        def told(done: int, total: int) -> None:
            self.progress("Fetching attachments", done, total)

        fetched = await attachments.fetch_files(
            self.vault, self.door, now=self.now, spent=self._budget(), progress=told
        )
        report.files = fetched.completed
        report.files_left = report.files_left or fetched.left
        count = len(fetched.problems)
        if count:
            # One notice for all: a stranger's message may name many.
            text = fetched.problems[0] if count == 1 else f"{count} files could not be fetched."
            report.notices.append(Notice(Level.WARNING, text))

    def _destroy_keys(self) -> int:
        with self.vault.write() as tx:
            last = owner.fact(tx, LAST_FULL_SYNC)
            began = int(last["began"]) if last else None
            doomed = [
                key.id
                for key in bundle_keys.all_held(tx)
                if lifecycle.may_destroy(key.superseded_at, began)
            ]
            bundle_keys.destroy(tx, doomed)
        if doomed:
            self.vault.forget_old_pages()
        self.checkpoint("keys destroyed")
        return len(doomed)

    async def _guarded(self, report: SyncReport, step: Awaitable[None]) -> None:
        try:
            await step
        except (ServerRefused, KeysNotTaken) as error:
            report.notices.append(Notice(Level.WARNING, str(error)))


@dataclass(frozen=True, slots=True)
class LastSync:
    """When the last sync ended (Unix seconds), None before the first, and what it told."""

    at: int | None
    notices: list[dict[str, str]]


def last_status(vault: Vault) -> LastSync:
    """The last sync as the vault remembers it."""
    with vault.read() as tx:
        kept = owner.fact(tx, STATUS)
    return LastSync(kept["at"], kept["notices"]) if kept else LastSync(None, [])


def _keep(vault: Vault, report: SyncReport, now: int) -> None:
    notices = [{"level": one.level.value, "text": one.text} for one in report.notices]
    with suppress(VaultLocked), vault.write() as tx:
        owner.store_fact(tx, STATUS, {"at": now, "notices": notices})
