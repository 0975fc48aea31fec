"""A running console: an open or locked vault, who is signed in, and the sync in the background.

    console = Console(folder, settings)
    console.unlock(passphrase)          # or console.adopt(vault)
    app = create_app(console)           # app.console.web_application
    console.login_url()                 # a new one-time link

Everything here is in memory and goes with the process: when a console locks that is served
(``app.cli.console_serving``), the process becomes another one, in which nothing is.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import anyio.to_thread

from app.client.line_client import LineClient, LineClientSettings
from app.client.line_errors import LineError
from app.client.transport.circuits import Transport
from app.console.cases.undo import Undo
from app.console.errors import ConsoleError, VaultLocked, WrongPassphrase, unforeseen
from app.console.feature import Feature, bring_tables
from app.console.line.trusted_line import Notice
from app.console.rules import wording
from app.console.sync import outcome
from app.console.sync.engine import SyncSettings, sync_once
from app.console.sync.outcome import SyncReport
from app.console.vault import Rng, Vault, chunk_folders, files, owner, passphrase_opens, quarantine
from app.console.viewer.viewing import Viewing
from app.console.web.alarm.alarm_commands import Commands
from app.console.web.alarm.alarm_state import Alarm, look
from app.console.web.alarm.deafness import DEAF_SECONDS, Deafness
from app.console.web.alarm.duty import Duty, Left
from app.console.web.console_settings import ConsoleSettings
from app.console.web.open_pages import OpenPages
from app.console.web.passphrase_attempts import Guesses, boot_seconds
from app.console.web.sessions import Access
from app.console.web.shown import Latest, Shown
from app.protocol.secrets import Secret

T = TypeVar("T")


class Held(Protocol):
    """Something that a feature keeps in memory while the vault is open."""

    def clear(self) -> None:
        """Forget all of it: the console locks."""


class Companion(Protocol):
    """A process beside the console: it goes on when the console locks, and ends with it."""

    def end(self) -> None:
        """End it, if it runs."""


OneHeld = TypeVar("OneHeld", bound=Held)

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


class Console:
    """One vault's console.

    ``transport`` replaces the network under the sync (tests, demo); ``root`` is the path before its
    addresses, if it goes on where another one was.
    """

    practice = False
    """Whether everything in it is made up (``practice``): its pages say so."""
    landing = "/"
    """The page that is shown first."""

    def __init__(
        self,
        folder: Path,
        settings: ConsoleSettings,
        *,
        now: Callable[[], int] = lambda: int(time.time()),
        rng: Rng = os.urandom,
        transport: Transport | None = None,
        root: str | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.port = settings.port
        self.now = now
        self.rng = rng
        self.access = Access(rng, root)
        self.shown = Shown()
        self.questions: Latest[str] = Latest()
        self.guesses = Guesses(boot_seconds)
        self.sync = SyncState()
        self.viewing = Viewing()
        self.undo = Undo()
        self.open_pages = OpenPages()
        self.features: Sequence[Feature] = ()
        self.companion: Companion | None = None
        self._held: dict[type[Held], Held] = {}
        self.transport = transport
        self.on_lock: Callable[[], None] = lambda: None
        """Told, before anything else is done, that the console locks."""
        self.alarm = Alarm(
            boot_seconds,
            Deafness(boot_seconds, time.monotonic, settings.interval),
            Commands(boot_seconds, lambda: wording.short_time(self.now(), self.now())),
            settings.on_danger,
            settings.on_deaf,
        )
        self.duty: Duty | None = None
        self.left: Left | None = None
        """Of a console that was locked: since when it does not look."""
        self.goes_on = False
        """Whether it goes on, locked, after the application's end: practice beside it does too."""
        self.loop: asyncio.AbstractEventLoop | None = None
        self._vault: Vault | None = None
        self._unlocking = threading.Lock()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[SyncReport] | None = None

    @property
    def vault(self) -> Vault:
        """Raises VaultLocked."""
        if self._vault is None:
            raise VaultLocked("The case store is locked.")
        return self._vault

    def held(self, kind: type[OneHeld]) -> OneHeld:
        """Return the one of a kind that is held for this console, made when it is first asked for.

        A lock clears it.
        """
        one = self._held.setdefault(kind, kind())
        if not isinstance(one, kind):
            raise TypeError(kind)
        return one

    @property
    def locked(self) -> bool:
        """Whether no vault is open."""
        return self._vault is None

    def login_url(self) -> str:
        """Return a link that signs one browser in, once; a link made before and not used ends."""
        return f"{self.address}/login?token={self.access.new_link_token()}"

    def practice_band(self) -> dict[str, str] | None:
        """Return what the band of practice says on every page; None for what is real."""
        return None

    @property
    def address(self) -> str:
        """Where the console is, for its own user alone; no slash at its end."""
        return f"http://127.0.0.1:{self.port}{self.access.root}"

    def unlock(self, passphrase: Secret) -> None:
        """Open the vault, or, if it is open, check the passphrase; one try at a time.

        Raises WrongPassphrase, TooManyGuesses, VaultInUse, VaultMissing, VaultDamaged.
        """

        def open_or_check() -> None:
            if self._vault is None:
                self.adopt(Vault.open(self.folder, passphrase))
            elif not passphrase_opens(self.folder, passphrase):
                raise WrongPassphrase("This passphrase does not open the case store.")

        self.prove(open_or_check)

    def prove(self, act: Callable[[], T]) -> T:
        """Do what tries a passphrase: one at a time, and slower with every wrong one.

        Raises TooManyGuesses, and what ``act`` raises.
        """
        with self._unlocking, self.guesses.one():
            return act()

    def attach(self, features: Sequence[Feature]) -> None:
        """Say which features the console has, before or after its vault is opened."""
        self.features = features
        if self._vault is not None:
            bring_tables(self._vault, features)

    def adopt(self, vault: Vault) -> None:
        """Take over an open vault."""
        quarantine.arrive(vault, self.now())
        bring_tables(vault, self.features)
        with vault.read() as tx:
            owner.load_owner(tx)
            known = files.folders(tx)
        chunk_folders.remove_strays(vault.files, known)
        status = outcome.last_status(vault)
        self.sync = SyncState(at=status.at, notices=status.notices)
        self.alarm.begin(look(vault))
        self.left = None
        self._vault = vault

    def go_on_duty(self, hours: int) -> None:
        """Lock the screen and not the vault, for a shift: every browser must give the passphrase.

        What was shown, searched or about to be undone is forgotten; keys, syncs and the alarm stay.
        Raises ConsoleError where nothing would be heard.
        """
        if self.practice or not self.settings.interval:
            raise ConsoleError(
                "This console syncs only when somebody asks. On duty it would hear nothing."
            )
        now, seconds = self.now(), hours * 3600
        self.duty = Duty(now, boot_seconds() + seconds, now + seconds)
        self._forget_shown()
        self.alarm.poke()

    def end_duty(self) -> None:
        """Show pages again: the passphrase was given."""
        self.duty = None
        self.alarm.poke()

    async def woke(self) -> None:
        """Lock, or stay locked: the machine slept, and nothing was heard meanwhile."""
        if self._vault is not None:
            await self.lock(slept=True)
        elif self.left is not None and self.left.deaf_at is not None:
            self.left = replace(self.left, deaf_at=boot_seconds(), slept=True)

    @staticmethod
    def is_past(left: Left) -> bool:
        """Return whether a console that was left like this is to be called deaf by now."""
        return left.deaf_at is not None and boot_seconds() >= left.deaf_at

    async def lock(self, *, by_hand: bool = False, slept: bool = False) -> None:
        """End every session, stop a sync, close the vault and forget what was shown.

        The process is emptied too, where that is seen to (``on_lock``). ``by_hand`` says that
        somebody who was signed in asked for it: they know that nothing is heard from here on.
        """
        if self._vault is not None:
            self.left = self._leaves(by_hand=by_hand, slept=slept)
        if self._vault is not None or self.guesses.at is not None:
            self.guesses.at = None
            self.on_lock()
        await self.close()

    def lock_soon(self) -> bool:
        """Lock from another thread; return whether there is anything to lock."""
        if self.loop is None or (self._vault is None and self.guesses.at is None):
            return False
        asyncio.run_coroutine_threadsafe(self.lock(), self.loop)
        return True

    def _leaves(self, *, by_hand: bool, slept: bool) -> Left:
        hearing = self.alarm.deafness
        since = self.now() - int(hearing.silence if slept or hearing.is_deaf else 0)
        wants = self.settings.interval > 0 and not by_hand and not self.practice
        at = boot_seconds() if slept else max(boot_seconds(), hearing.heard_at + DEAF_SECONDS)
        return Left(since, at if wants else None, slept, self.alarm.danger.voice.sound)

    def _forget_shown(self) -> None:
        """End every session, and forget what pages hold in memory."""
        self.access.end_all()
        self.shown.clear()
        self.questions.clear()
        self.viewing.forget()
        self.undo.clear()
        self.open_pages.clear()
        for one in list(self._held.values()):
            one.clear()

    async def close(self) -> None:
        """Do what a lock does but for the process."""
        self.access.end_all()
        vault, self._vault = self._vault, None
        self.duty = None
        self.alarm.clear()
        if self._task is not None:
            await _end(self._task)
        self._forget_shown()
        self.sync = SyncState()
        if vault is not None:
            await anyio.to_thread.run_sync(vault.close)

    def ask_for_sync(self) -> None:
        """Let the loop sync now instead of at its time."""
        self._wake.set()

    async def sync_now(self) -> SyncReport | None:
        """Sync once, its progress told to the pages; None if locked or one is at work."""
        if self._task is not None or self._vault is None:
            return None
        self.sync.working, self.sync.began = True, time.monotonic()
        self._task = asyncio.create_task(self._sync(self._vault))
        try:
            report = await self._task
        except (ConsoleError, LineError) as error:
            self.sync.failure = str(error)
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

        Raises LineError.
        """
        return open_line_client(self.vault, self.settings, self.rng, self.transport)

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


def sync_settings(settings: ConsoleSettings) -> SyncSettings:
    """Return the settings of a sync that a console's settings make."""
    return SyncSettings(
        settings.delete_at_once, settings.bundle_days, team_hours=settings.team_hours
    )


def open_line_client(
    vault: Vault, settings: ConsoleSettings, rng: Rng, transport: Transport | None = None
) -> LineClient:
    """Return the way to the vault's line: its onions where there is a SOCKS port, else its host.

    Another server than the line's own takes everything, unless it is given its investigators too.
    Raises LineError for an onion without one.
    """
    with vault.read() as tx:
        line = owner.load_owner(tx).line
    own = line.onion if settings.socks and line.onion else line.server
    investigators = settings.investigators
    if investigators is None and settings.server is None and settings.socks:
        investigators = line.investigators
    where = LineClientSettings(
        server=(settings.server or own).rstrip("/"),
        investigators=investigators.rstrip("/") if investigators else None,
        socks=settings.socks,
        jitter=settings.jitter if settings.socks else 0.0,
    )
    return LineClient(where, rng, transport)
