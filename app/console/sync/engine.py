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
    what follows               the search and features read on, from where they last stopped

Killed anywhere, nothing is lost: each step begins from what the vault holds (tested at every
checkpoint). A step that fails, whatever of, is told and does not stop the others; when the server
cannot be reached, the sync ends.
"""

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from app.client.line_client import LineClient
from app.client.line_errors import LineError, LineRefused
from app.console.cases import retention
from app.console.desk import alarms, holdings, incoming, membership, outgoing, silence
from app.console.errors import ServerLies, VaultLocked, unforeseen
from app.console.feature import Feature, bring_tables
from app.console.line import notices, own_bundles, questionnaire, trusted_line
from app.console.line.notices import Level, Notice
from app.console.line.trusted_line import TrustedLine
from app.console.sync import deliver, fetch, fetch_files, outcome, receive
from app.console.sync.outcome import SyncReport, noting
from app.console.vault import Rng, Vault
from app.console.vault.copies import quarantine
from app.console.vault.records import fetched_ids
from app.console.vault.search import finding
from app.sentences.translatable import said_by, say

BUNDLE_DAYS = 30
FILE_SECONDS = 60.0
TEAM_HOURS = 4.0
_MUCH_WORK = 100_000
"""Steps of work, half a minute of a core, that are worth a word."""

Progress = Callable[[str, int, int], None]
"""Told the step's name in words, how much is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class SyncSettings:
    """How a sync is done.

    ``delete_at_once`` skips the random while (demonstrations only: it tells the server which ids
    one console opened); ``bundle_days`` is how far ahead bundles are made; ``file_seconds`` is how
    long an answer's files, and then attachments, may take of one sync, None for as long as they
    need; ``team_hours`` is the mean time between two turns of the desk's bodies, 0 for at once
    (demonstrations only: their times would tell when an investigator works).
    """

    delete_at_once: bool = False
    bundle_days: int = BUNDLE_DAYS
    file_seconds: float | None = FILE_SECONDS
    team_hours: float = TEAM_HOURS


async def sync_once(
    vault: Vault,
    client: LineClient,
    *,
    settings: SyncSettings | None = None,
    now: Callable[[], int] = lambda: int(time.time()),
    rng: Rng = os.urandom,
    progress: Progress = lambda *_: None,
    checkpoint: Callable[[str], None] = lambda _: None,
    features: Sequence[Feature] = (),
) -> SyncReport:
    """Sync once and keep the report in the vault. Raises LineError if the server is away.

    ``checkpoint`` is told the name of every point where a kill is tested; ``features`` read on, and
    say what is new of theirs; their tables are made where the vault has none.
    """
    quarantine.arrive(vault, now())
    bring_tables(vault, features)
    report = SyncReport()
    sync = _Sync(vault, client, settings or SyncSettings(), now, rng, progress, checkpoint)
    failed = await sync.run(report)
    known = trusted_line.load(vault)
    with noting(report):
        report.cases_destroyed = await asyncio.to_thread(retention.destroy, vault, known, now())
    with noting(report):
        await _read_on(say("Reading for the search"), progress, partial(finding.read_on, vault))
    for one in features:
        with noting(report):
            if one.read_on is not None:
                reading = partial(one.read_on.read, vault, now())
                await _read_on(one.read_on.words, progress, reading)
            if one.notices is not None:
                report.notices += one.notices(vault, known)
    outcome.keep(vault, report, now())
    if failed is not None:  # the other steps were done, and it is not told that all is well
        raise failed
    return report


async def _read_on(words: str, progress: Progress, read: Callable[..., object]) -> None:
    """Read what is new, from where the last time stopped, in a thread that tells how far it is."""
    loop = asyncio.get_running_loop()

    def tell(done: int, total: int) -> None:
        loop.call_soon_threadsafe(progress, words, done, total)

    await asyncio.to_thread(read, on_progress=tell)


@dataclass(slots=True)
class _Sync:
    vault: Vault
    client: LineClient
    settings: SyncSettings
    now: Callable[[], int]
    rng: Rng
    progress: Progress
    checkpoint: Callable[[str], None]

    async def run(self, report: SyncReport) -> Exception | None:
        """Go through the steps; return what looking for messages tripped over."""
        began = self.now()
        self.progress(say("Reading the directory"), 0, 0)
        known = await self._refresh(report)
        with noting(report):
            await self._intake(known, report)
        with noting(report):
            report.notices += notices.of_line(known, self.now())
        if known.bundles is not None:
            with noting(report):
                report.notices += notices.of_own_bundle(self.vault, known, self.now())
            with noting(report):
                await self._keys(known)
        with noting(report), self.vault.write() as tx:
            membership.meet(tx, known, self.now())
        with noting(report), self.vault.write() as tx:
            holdings.note_service(tx, known, self.now())
        with noting(report), self.vault.write() as tx:
            receive.settle_all(tx, known)
        failed: Exception | None = None
        try:
            report.full = await self._collect(known, report)
        except (LineError, VaultLocked):
            raise
        except Exception as error:
            failed = error
        if report.full:
            with self.vault.write() as tx:
                holdings.note_full_sync(tx, began, self.now())
                quarantine.synced(tx, self.now())
            self.checkpoint("full")
        self.client.working = self._tell_of_work
        with noting(report), self.vault.write() as tx:
            incoming.release(tx, known, self.now())
        if known.bundles is not None:
            with noting(report):
                await self._answers(known, report)
            with noting(report):
                await self._team(known)
        with noting(report):
            report.notices += alarms.notices(self.vault, known, self.now())
        with noting(report), self.vault.write() as tx:
            full_began = holdings.last_full_sync(tx)
            report.notices += holdings.notices(tx, known, full_began, self.now())
        with noting(report), self.vault.read() as tx:
            report.notices += silence.notices(tx, known, self.now())
        with noting(report):
            await self._delete_due()
        with noting(report):
            await self._files(report)
        with noting(report):
            report.keys_destroyed = own_bundles.destroy(self.vault, full_began)
            self.checkpoint("keys destroyed")
        return failed

    async def _refresh(self, report: SyncReport) -> TrustedLine:
        known = trusted_line.load(self.vault)
        try:
            known = await trusted_line.refresh_directory(self.vault, self.client, known, self.now())
            return await trusted_line.refresh(self.vault, self.client, known, self.now())
        except ServerLies as error:
            report.notices.append(Notice(Level.ALARM, said_by(error)))
        except LineRefused as error:
            report.notices.append(Notice(Level.WARNING, said_by(error)))
        except (LineError, VaultLocked):
            raise
        except Exception as error:
            report.notices.append(Notice(Level.WARNING, unforeseen(error)))
        # Reading goes on: what waits for us is authenticated by itself.
        return known

    async def _intake(self, known: TrustedLine, report: SyncReport) -> None:
        """Fetch what the agency asks; without it, answers are said in the program's words."""
        if known.directory is None:
            return
        try:
            await questionnaire.refresh(self.vault, self.client, known.directory, self.now())
        except ServerLies as error:
            report.notices.append(Notice(Level.ALARM, said_by(error)))
        except LineError as error:
            report.notices.append(
                Notice(
                    Level.WARNING,
                    say("The agency’s questions were not fetched. {reason}", reason=said_by(error)),
                )
            )

    async def _keys(self, known: TrustedLine) -> None:
        await own_bundles.top_up(
            self.vault,
            self.client,
            known,
            days=self.settings.bundle_days,
            now=self.now(),
            rng=self.rng,
            progress=self.progress,
            checkpoint=self.checkpoint,
        )

    async def _answers(self, known: TrustedLine, report: SyncReport) -> None:
        self.progress(say("Sending answers"), 0, 0)
        sent = await deliver.send_waiting(
            self.vault,
            self.client,
            known,
            now=self.now,
            rng=self.rng,
            budget_exhausted=self._budget(),
            checkpoint=self.checkpoint,
        )
        report.sent, report.files_left = sent.count, sent.left

    async def _team(self, known: TrustedLine) -> None:
        outgoing.prepare(self.vault, known, self.now(), self.rng, hours=self.settings.team_hours)
        self.checkpoint("team kept")
        self.progress(say("Sharing with the team"), 0, 0)
        await outgoing.send(
            self.vault,
            self.client,
            known,
            now=self.now,
            rng=self.rng,
            checkpoint=self.checkpoint,
        )

    def _tell_of_work(self, done: int, most: int) -> None:
        if most >= _MUCH_WORK:
            step = say("The hotline is busy or nearly full: solving the sum that sending costs")
            self.progress(step, done, most)

    def _budget(self) -> Callable[[], bool]:
        """Begin the time that files may take; what is returned says whether it is over."""
        seconds = self.settings.file_seconds
        if seconds is None:
            return lambda: False
        end = time.monotonic() + seconds
        return lambda: time.monotonic() >= end

    async def _collect(self, known: TrustedLine, report: SyncReport) -> bool:
        result = await fetch.collect(
            self.vault,
            self.client,
            known,
            delete_at_once=self.settings.delete_at_once,
            now=self.now,
            rng=self.rng,
            progress=self.progress,
            checkpoint=self.checkpoint,
        )
        report.new_messages = result.new_messages
        report.challenges, report.missed = result.digest, result.missed
        with self.vault.read() as tx:
            unopenable = fetched_ids.unopenable(tx)
        report.unopenable = len(unopenable)
        if unopenable:
            report.notices.append(outcome.cannot_be_opened(unopenable))
        if result.missed_again:
            text = say(
                "The server lists {missed_again} messages for you but keeps delivering "
                "something else. Your old keys are kept until this is solved. Tell your agency.",
                missed_again=result.missed_again,
            )
            report.notices.append(Notice(Level.WARNING, text))
        return result.full

    async def _delete_due(self) -> None:
        with self.vault.read() as tx:
            due = fetched_ids.due(tx, self.now())
        for done, id_ in enumerate(due):
            self.progress(say("Deleting on the server"), done, len(due))
            await self.client.delete_message(id_)
            self.checkpoint("deleted")
            with self.vault.write() as tx:
                fetched_ids.mark_deleted(tx, id_, self.now())

    async def _files(self, report: SyncReport) -> None:
        def on_progress(done: int, total: int) -> None:
            self.progress(say("Fetching attachments"), done, total)

        fetched = await fetch_files.fetch_files(
            self.vault,
            self.client,
            now=self.now,
            budget_exhausted=self._budget(),
            progress=on_progress,
        )
        report.files = fetched.completed
        report.files_left = report.files_left or fetched.left
        count = len(fetched.problems)
        if count:
            # One notice for all: a stranger's message may name many.
            text = (
                fetched.problems[0]
                if count == 1
                else say("{count} files could not be fetched.", count=count)
            )
            report.notices.append(Notice(Level.WARNING, text))
