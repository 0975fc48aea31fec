"""Whether the console's own Tor runs, how far it is, and what hinders it, in words.

It may run from when the vault is open (``begin``) until it is about to be closed (``end``): its key
for the investigators' onion comes from there and is in no file. One that ends by itself is started
again. Where a line is reached through it, there is no other way: no call goes around it.
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import anyio.to_thread

from app.client.line_errors import LineError
from app.console.errors import VaultDamaged, VaultLocked
from app.console.tor.bridges import settings_of
from app.console.tor.tor_control import TorGone, TorRefuses
from app.console.tor.tor_process import TorProcess, program
from app.console.vault import Vault
from app.console.vault.installation import owner, settings
from app.console.vault.installation.tor_access import Bridges, TorAccess, onion_of
from app.protocol.line import Line
from app.sentences.translatable import said_by, say

LOOK_SECONDS = 1.0
STUCK_SECONDS = 45.0
"""After so long without a step further something is in its way."""
AGAIN_SECONDS, AGAIN_MOST = 5.0, 300.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class TorState:
    """How far it is, in percent and words; ``trouble`` says that it gets no further by itself."""

    percent: int
    words: str
    ready: bool = False
    trouble: bool = False


OFF = TorState(0, say("Tor does not run: the case store is locked."))
STARTING = TorState(0, say("Tor is starting."))
NOT_NEEDED = TorState(
    100, say("This hotline is on this computer itself: no Tor is needed."), ready=True
)
READY = TorState(100, say("Connected to the Tor network."), ready=True)
MISSING = TorState(
    0,
    say(
        "Tor is not installed on this computer. Install the package tor; this page goes on by "
        "itself."
    ),
    trouble=True,
)
ENDED = TorState(0, say("Tor ended by itself. It is started again."), trouble=True)
STUCK = say(
    "Tor gets no further. Is this computer online, and is its clock right? If its network blocks "
    "Tor, enter bridges."
)


class TorNotReady(LineError):
    """The line is reached through the console's own Tor, which is not there yet."""


class OwnTor:
    """The Tor of one console; its data lie in ``folder``. Its methods may be called by any thread.

    ``more`` are further lines of its configuration, ``tor`` says where the program is (tests).
    """

    def __init__(
        self,
        folder: Path,
        more: tuple[str, ...] = (),
        tor: Callable[[], str | None] = program,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self.state = OFF
        self._more = more
        self._tor = tor
        self._clock = clock
        self._turning = threading.Lock()
        self._may_run = False
        self._process: TorProcess | None = None
        self._percent, self._moved = 0, 0.0
        self._not_before, self._pause = 0.0, AGAIN_SECONDS

    @property
    def pid(self) -> int | None:
        """Return the process id of the Tor that runs, None if none does."""
        return self._process.pid if self._process else None

    def begin(self) -> None:
        """Let it run from now on: a vault is open."""
        self._may_run = True
        self._not_before, self._pause = 0.0, AGAIN_SECONDS
        self.state = STARTING

    def end(self) -> None:
        """End it, and let it not run any more; return when it has ended."""
        self._may_run = False
        self._break_off()
        with self._turning:
            self._drop()
            self.state = OFF

    def kill(self) -> None:
        """End it at once, whatever is going on, and let it not run any more.

        For a console that must not wait: nothing of this object is used afterwards.
        """
        self._may_run = False
        process = self._process
        if process is not None:
            process.kill()

    def again(self) -> None:
        """End it and start it anew, such as with other bridges."""
        self._break_off()
        with self._turning:
            self._drop()
            if self._may_run:
                self.begin()

    def socks(self) -> str | None:
        """Return the SOCKS port for the line's client, None where none is needed.

        Raises TorNotReady.
        """
        state, process = self.state, self._process
        if state is NOT_NEEDED:
            return None
        # Never None for want of a Tor, such as one that is just being ended: that would be a call
        # without one.
        if not state.ready or process is None:
            raise TorNotReady(STARTING.words if state.ready else state.words)
        return process.socks

    async def watch(
        self, vault_of: Callable[[], Vault | None], on_ready: Callable[[], None]
    ) -> None:
        """Keep it running while there is a vault, until cancelled; then end it."""
        try:
            while True:
                vault, before = vault_of(), self.state.ready
                if vault is not None:
                    # Left behind when it is cancelled: what it waits for is broken off by the end.
                    await anyio.to_thread.run_sync(self.turn, vault, abandon_on_cancel=True)
                if self.state.ready and not before:
                    on_ready()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self.end()

    def turn(self, vault: Vault) -> None:
        """Start it if it does not run, else see how far it is."""
        with self._turning:
            if not self._may_run or self.state is NOT_NEEDED:
                return
            try:
                if self._process is None:
                    self._start(vault)
                self._look()
            except VaultLocked:
                self._drop()
            except VaultDamaged as error:
                self._drop()
                self.state = TorState(0, said_by(error), trouble=True)
            except (TorGone, TorRefuses, OSError):
                self._failed()

    def _start(self, vault: Vault) -> None:
        if self._clock() < self._not_before:
            return
        with vault.read() as tx:
            line, access = owner.load_owner(tx).line, settings.load(tx, TorAccess)
            bridges = settings.load(tx, Bridges).lines
        if not needs_tor(line):
            self.state = NOT_NEEDED
            return
        if (tor := self._tor()) is None:
            self.state = MISSING
            return
        onion = onion_of(line)
        if onion is not None and not access.private:
            access = TorAccess.new(os.urandom)
            with vault.write() as tx:
                settings.store(tx, access)
        process = TorProcess.start(tor, self.folder, [*settings_of(bridges), *self._more])
        # From here on whoever ends it sees it, or else this sees that it may not run any more.
        self._process = process
        if not self._may_run:
            raise TorGone("ended at its start")
        process.greet()
        if onion is not None:
            process.give_key(onion, access.private)
        self._percent, self._moved = 0, self._clock()

    def _look(self) -> None:
        process = self._process
        if process is None or (self.state is READY and not process.ended):
            return
        percent, _, hindered = process.control.phase()
        if percent != self._percent:
            self._percent, self._moved = percent, self._clock()
        if percent == 100:
            self.state, self._pause = READY, AGAIN_SECONDS
        elif hindered or self._clock() - self._moved > STUCK_SECONDS:
            self.state = TorState(percent, STUCK, trouble=True)
        else:
            self.state = TorState(percent, _step(percent))

    def _failed(self) -> None:
        self._drop()
        self.state = ENDED
        self._not_before = self._clock() + self._pause
        self._pause = min(2 * self._pause, AGAIN_MOST)

    def _break_off(self) -> None:
        """Let nobody wait for an answer of a Tor that is about to end: it may never come."""
        process = self._process
        if process is not None:
            process.control.break_off()

    def _drop(self) -> None:
        process = self._process
        if process is not None:
            process.end()
            # Only now: until it has ended, a console that must not wait kills it.
            self._process = None


def _step(percent: int) -> str:
    if percent >= 75:
        return say("Building a way through the Tor network ({percent} %).", percent=percent)
    if percent >= 25:
        return say("Reading the list of Tor's relays ({percent} %).", percent=percent)
    return say("Connecting to the Tor network ({percent} %).", percent=percent)


def needs_tor(line: Line) -> bool:
    """Say whether a line is reached through Tor: every one but a demonstration on this computer.

    One address elsewhere is enough: a ``line.json`` that mixes both must not lead around Tor.
    """
    addresses = (line.server, line.onion, line.investigators)
    return not all(urlsplit(one).hostname in _LOOPBACK for one in addresses if one)
