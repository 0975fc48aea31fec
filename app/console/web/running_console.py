"""A running console: an open or locked vault, who is signed in, and the sync in the background.

    console = Console(folder, settings)
    console.unlock(passphrase)          # or console.adopt(vault)
    app = create_app(console)           # app.console.web_application
    console.login_url()                 # a new one-time link

Everything here is in memory and goes with the process: when a console locks that is served
(``app.cli.console.serving``), the process becomes another one, in which nothing is.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

import anyio.to_thread

from app.client.transport.circuits import Transport
from app.console.errors import ConsoleError, VaultInUse, WrongPassphrase
from app.console.feature import Feature, bring_tables
from app.console.sync import outcome
from app.console.tor.own_tor import OwnTor
from app.console.vault import Rng, Vault, passphrase_opens
from app.console.vault.attachments import chunk_folders, files
from app.console.vault.copies import quarantine
from app.console.vault.installation import owner
from app.console.vault.installation import settings as vault_settings
from app.console.vault.installation.settings import Setting
from app.console.vault.keys.header import has_vault
from app.console.web.addresses import is_path
from app.console.web.alarm.alarm_state import look
from app.console.web.alarm.deafness import DEAF_SECONDS
from app.console.web.alarm.duty import Duty, Left
from app.console.web.background_sync import BackgroundSync, SyncState
from app.console.web.console_settings import ConsoleSettings
from app.console.web.open_pages import OpenPages
from app.console.web.passphrase_attempts import Guesses, boot_seconds
from app.console.web.reader_languages import OwnLanguage
from app.console.web.sessions import Access
from app.console.web.shown import HeldAnswers, Latest
from app.protocol.secrets import Secret
from app.sentences.translatable import say

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Landing(Setting):
    """A page that is shown first instead of the list: what is set up there is not finished."""

    NAME: ClassVar[str] = "landing"
    page: str = ""


class Held(Protocol):
    """Something that a feature keeps in memory while the vault is open."""

    def clear(self) -> None:
        """Forget all of it: the console locks."""


class Companion(Protocol):
    """A process beside the console: it goes on when the console locks, and ends with it."""

    def end(self) -> None:
        """End it, if it runs."""


OneHeld = TypeVar("OneHeld", bound=Held)


class Console(BackgroundSync):
    """One vault's console.

    ``transport`` replaces the network under the sync (tests, demo); ``root`` is the path before its
    addresses, if it goes on where another one was.
    """

    practice = False
    """Whether everything in it is made up (``practice``): its pages say so."""
    landing = "/"
    """The page that is shown first."""
    beginning = ""
    """The page that leads to a case store where there is none; empty: a terminal made it."""

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
        super().__init__(settings, now=now, rng=rng, transport=transport)
        self.folder = folder
        if settings.has_own_tor:
            self.tor = OwnTor(folder.with_name(f"{folder.name}-tor"))
        self.port = settings.port
        self.access = Access(rng, root)
        self.shown = HeldAnswers()
        self.questions: Latest[str] = Latest()
        self.guesses = Guesses(boot_seconds)
        self.open_pages = OpenPages()
        self.companion: Companion | None = None
        self._held: dict[type[Held], Held] = {}
        self.on_lock: Callable[[], None] = lambda: None
        """Told, before anything else is done, that the console locks."""
        self.language = ""
        """The tag that the vault's owner chose; empty where none was chosen, and while locked."""
        self.duty: Duty | None = None
        self.left: Left | None = None
        """Of a console that was locked: since when it does not look."""
        self.goes_on = False
        """Whether it goes on, locked, after the application's end: practice beside it does too."""
        self.loop: asyncio.AbstractEventLoop | None = None
        self.set_aside = ""
        """Why nobody may unlock now, in words: a move has the case store. Empty: they may."""
        self._unlocking = threading.Lock()

    def held(self, kind: type[OneHeld]) -> OneHeld:
        """Return the one of a kind that is held for this console, made when it is first asked for.

        A lock clears it.
        """
        one = self._held.setdefault(kind, kind())
        if not isinstance(one, kind):
            raise TypeError(kind)
        return one

    def login_url(self) -> str:
        """Return a link that signs one browser in, once; a link made before and not used ends."""
        return f"{self.address}/login?token={self.access.new_link_token()}"

    def practice_band(self) -> dict[str, str] | None:
        """Return what the band of practice says on every page; None for what is real."""
        return None

    @property
    def begins(self) -> bool:
        """Whether there is no case store yet, and a page that leads to one."""
        return bool(self.beginning) and self.locked and not has_vault(self.folder)

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
                vault = Vault.open(self.folder, passphrase)
                try:
                    self.adopt(vault)
                except BaseException:
                    # One that was moved, say: it can be moved again only if nobody holds it.
                    vault.close()
                    raise
            elif not passphrase_opens(self.folder, passphrase):
                raise WrongPassphrase(say("This passphrase does not open the case store."))

        if self.set_aside:
            raise VaultInUse(self.set_aside)
        self.prove(open_or_check)

    def prove(self, act: Callable[[], T]) -> T:
        """Do what tries a passphrase: one at a time, and slower with every wrong one.

        Raises TooManyGuesses, VaultInUse while a move is at work, and what ``act`` raises.
        """
        with self._unlocking:
            if self.set_aside:  # what was typed is not tried: to forget it would end the move
                raise VaultInUse(self.set_aside)
            with self.guesses.one():
                return act()

    def give_back(self) -> None:
        """Let it be unlocked again after it was ``set_aside``.

        What this process has held of it is forgotten soon, as what was mistyped is: the process
        begins anew.
        """
        self.set_aside = ""
        self.guesses.at = boot_seconds()

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
            self.language = vault_settings.load(tx, OwnLanguage).tag
            first = vault_settings.load(tx, Landing).page
            # A copy that somebody else made would lead to their page.
            self.landing = first if is_path(first) else type(self).landing
        chunk_folders.remove_strays(vault.files, known)
        status = outcome.last_status(vault)
        self.sync = SyncState(at=status.at, notices=status.notices)
        self.alarm.begin(look(vault))
        self.left = None
        self._vault = vault
        if self.tor is not None:
            self.tor.begin()

    def go_on_duty(self, hours: int) -> None:
        """Lock the screen and not the vault, for a shift: every browser must give the passphrase.

        What was shown, searched or about to be undone is forgotten; keys, syncs and the alarm stay.
        Raises ConsoleError where nothing would be heard.
        """
        if self.practice or not self.settings.interval:
            raise ConsoleError(
                say("This console syncs only when somebody asks. On duty it would hear nothing.")
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
        if self.tor is not None:
            await anyio.to_thread.run_sync(self.tor.end)
        self.duty = None
        self.language = ""
        self.alarm.clear()
        await self.end_sync()
        self._forget_shown()
        self.sync = SyncState()
        if vault is not None:
            await anyio.to_thread.run_sync(vault.close)
