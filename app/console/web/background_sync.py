"""An open vault, and the sync that goes on behind its pages until it is told to end."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import anyio.to_thread

from app.client.line_client import LineClient
from app.client.line_errors import LineError
from app.client.transport.circuits import Transport
from app.console.cases.undo import Undo
from app.console.errors import ConsoleError, VaultLocked, unforeseen
from app.console.feature import Feature
from app.console.line.notices import Notice
from app.console.rules import wording
from app.console.sync import outcome
from app.console.sync.engine import sync_once
from app.console.sync.outcome import SyncReport
from app.console.tor.own_tor import OwnTor
from app.console.vault import Rng, Vault
from app.console.vault.attachments import files
from app.console.viewer.viewing import Viewing
from app.console.web.alarm.alarm_commands import Commands
from app.console.web.alarm.alarm_state import Alarm
from app.console.web.alarm.deafness import Deafness
from app.console.web.console_settings import ConsoleSettings
from app.console.web.line_access import open_line_client, sync_settings
from app.console.web.passphrase_attempts import boot_seconds
from app.sentences.translatable import said_by, say

RETRY_SECONDS = 60.0
GO_ON_SECONDS = 2.0
"""How soon files go on that had their time of a sync; messages are looked for in between."""
_CANCELS, _CANCEL_SECONDS = 20, 0.2
"""How often a sync is told to end before a vault is closed under it."""
OVERDUE_INTERVALS, OVERDUE_SECONDS = 3, 60.0
"""A sync that is not repeated for so many intervals, and at least so long, is trouble."""


@dataclass(slots=True)
class SyncState:
    """What the pages say about the sync.

    ``began`` is monotonic seconds; ``at`` is the last one's end in Unix seconds.
    """

    working: bool = False
    began: float = 0.0
    step: str = ""
    done: int = 0
    total: int = 0
    at: int | None = None
    failure: str | None = None
    notices: Sequence[Notice] = ()


class BackgroundSync:
    """The vault while it is open, the sync that is repeated, and the alarm that it may raise.

    ``transport`` replaces the network under the sync (tests, demo). ``viewing`` and ``undo`` hold
    what a sync may take away: what it destroys is forgotten here too.
    """

    def __init__(
        self,
        settings: ConsoleSettings,
        *,
        now: Callable[[], int],
        rng: Rng,
        transport: Transport | None,
    ) -> None:
        self.settings = settings
        self.now = now
        self.rng = rng
        self.transport = transport
        self.sync = SyncState()
        self.features: Sequence[Feature] = ()
        self.viewing = Viewing()
        self.undo = Undo()
        self.tor: OwnTor | None = None
        """The console's own, if it has one."""
        self.alarm = Alarm(
            boot_seconds,
            Deafness(boot_seconds, time.monotonic, settings.interval),
            Commands(boot_seconds, lambda: wording.short_time(self.now(), self.now())),
            settings.on_danger,
            settings.on_deaf,
        )
        self._vault: Vault | None = None
        self._wake = asyncio.Event()
        self._task: asyncio.Task[SyncReport] | None = None

    @property
    def vault(self) -> Vault:
        """Raises VaultLocked."""
        if self._vault is None:
            raise VaultLocked(say("The case store is locked."))
        return self._vault

    @property
    def locked(self) -> bool:
        """Whether no vault is open."""
        return self._vault is None

    def ask_for_sync(self) -> None:
        """Let the loop sync now instead of at its time."""
        self._wake.set()

    async def end_sync(self) -> None:
        """End the sync that is at work, if one is; return when nothing of it holds the vault."""
        if self._task is not None:
            await _end(self._task)

    async def sync_now(self) -> SyncReport | None:
        """Sync once, its progress told to the pages; None if locked or one is at work."""
        if self._task is not None or self._vault is None:
            return None
        self.sync.working, self.sync.began = True, time.monotonic()
        self._task = asyncio.create_task(self._sync(self._vault))
        try:
            report = await self._task
        except (ConsoleError, LineError) as error:
            self.sync.failure = said_by(error)
            return None
        except Exception as error:
            # Whatever it is: the next sync must come, and this failure must be seen.
            self.sync.failure = unforeseen(error)
            return None
        except asyncio.CancelledError:
            # Locking stops the sync alone; the end of the console stops this as well.
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            return None
        else:
            self.sync.failure = None
            # What the server lists and keeps to itself may be what the alarm is for.
            if not report.missed:
                self.alarm.deafness.heard(report.challenges)
            return report
        finally:
            self._task = None
            self.sync.working = False
            self.alarm.poke()

    async def run_loop(self) -> None:
        """Sync now and then until cancelled."""
        while True:
            self._wake.clear()
            report = await self.sync_now()
            pause = self.settings.interval or None
            if pause is not None:
                share = int.from_bytes(self.rng(4)) / 2**32
                pause *= 0.8 + 0.4 * share
                if self.sync.failure is not None:
                    pause = min(pause, RETRY_SECONDS)
            if report is not None and report.files_left:
                pause = min(pause or GO_ON_SECONDS, GO_ON_SECONDS)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)

    @property
    def overdue(self) -> bool:
        """Whether the last sync is older than it should be, whatever the reason."""
        allowed = max(OVERDUE_INTERVALS * self.settings.interval, OVERDUE_SECONDS)
        at = self.sync.at
        return self.settings.interval > 0 and at is not None and self.now() - at > allowed

    def line_client(self) -> LineClient:
        """Return the way to the server, as the settings and the vault's line say.

        Raises LineError, also while the console's own Tor is not there yet.
        """
        settings = self.settings
        if self.tor is not None:
            settings = settings.model_copy(update={"socks": self.tor.socks()})
        return open_line_client(self.vault, settings, self.rng, self.transport)

    async def keep_tor(self) -> None:
        """Keep the console's own Tor, if it has one, running while the vault is open."""
        if self.tor is not None:
            await self.tor.watch(lambda: self._vault, self.ask_for_sync)

    async def _sync(self, vault: Vault) -> SyncReport:
        def on_progress(step: str, done: int, total: int) -> None:
            self.sync.step, self.sync.done, self.sync.total = step, done, total

        try:
            async with self.line_client() as client:
                report = await sync_once(
                    vault,
                    client,
                    settings=sync_settings(self.settings),
                    now=self.now,
                    rng=self.rng,
                    progress=on_progress,
                    features=self.features,
                )
        finally:
            # A case that was destroyed is gone whatever failed after it.
            await self._forget_what_is_gone(vault)
        if report.cases_destroyed:
            self.undo.clear()
        self.sync.at = self.now()
        self.sync.notices = outcome.last_status(vault).notices
        return report

    async def _forget_what_is_gone(self, vault: Vault) -> None:
        """Forget previews of files that are no longer in the vault; a lock forgets them all."""

        def here() -> set[str]:
            with vault.read() as tx:
                return files.folders(tx)

        with suppress(VaultLocked):
            self.viewing.keep_only(await anyio.to_thread.run_sync(here))


async def _end(task: asyncio.Task[SyncReport]) -> None:
    """Cancel a sync until it has ended, or was told often enough: nothing keeps a vault open.

    Once is not enough: where a call makes a failure of its own of it, the sync goes on with the
    next, which may wait for as long as a server is given.
    """
    for _ in range(_CANCELS):
        task.cancel()
        if (await asyncio.wait({task}, timeout=_CANCEL_SECONDS))[0]:
            # What it failed of is no reason to leave the vault open.
            with suppress(asyncio.CancelledError):
                task.exception()
            return
