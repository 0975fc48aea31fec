"""A report that goes through containers: sent, read, answered, through a private Tor network."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from app.cli.demo import world as worlds
from app.console.vault.records.messages import Message
from tests.cli.test_report import code_in
from tests.containers.engine import Engine
from tests.containers.line import TOR, Line
from tests.containers.seen import UP_WITHIN, healthy
from tests.onion import desk
from tests.onion.callers import Callers
from tests.onion.line import EPOCH_SECONDS, INVESTIGATORS, WORK_STEPS
from tests.onion.network import Network
from tests.onion.process import until
from tests.small_sets import LANGUAGES


class Through(Callers):
    """Those who reach the containers' onions in a private network, and the line that they reach."""

    def __init__(self, network: Network, engine: Engine, line: Line) -> None:
        super().__init__(network, ("ana",))
        self._engine, self._line = engine, line

    def open(self, folder: Path) -> None:
        """Start Tor, sign the line that its onions are, start the server, let ana in."""
        assert self._engine.compose("up", "--detach", "tor").returncode == 0
        self.reporters, self.investigators = (
            until(60, "tor makes no onion", lambda name=name: self._onion(name))
            for name in ("quietline", "quietline-desk")
        )
        onions = (f"http://{self.reporters}", f"http://{self.investigators}")
        today = dt.datetime.now(dt.UTC).date()
        self.world = worlds.make(
            folder, onions[0], EPOCH_SECONDS, today, os.urandom, INVESTIGATORS, WORK_STEPS, onions,
            languages=LANGUAGES,
        )  # fmt: skip
        self._line.publish(self.world)
        assert self._engine.compose("up", "--detach").returncode == 0
        for name, key in self.keys.items():
            words = ("desk-keys", "/var/lib/tor/quietline-desk", "add", name, key.for_the_onion)
            self._engine.podman("exec", TOR, *words)
        self._engine.podman("exec", TOR, "sh", "-c", "kill -HUP 1")
        # Who asks for an onion too soon does not ask again for a while.
        until(UP_WITHIN, "the server is not healthy", lambda: healthy(self._engine))
        self.open_desks()

    def go_on(self) -> None:
        """Wait until both onions lead to a server again: a container was begun anew."""
        self.wait_until_reached("reporter")
        until(240, "ana's console does not reach the server", self._syncs)

    def _syncs(self) -> bool:
        try:
            return self.sync("ana")[0] == 0
        except AssertionError:  # it says in words that nobody answers
            return False

    def _onion(self, name: str) -> str:
        found = self._engine.tried("podman", "exec", TOR, "cat", f"/var/lib/tor/{name}/hostname")
        return found.stdout.strip()

    def report(self, typed: str, command: str) -> str:
        """Type something at ``quietline report``, through Tor; return what it says."""
        done = subprocess.run(
            [sys.executable, "-m", "app.cli.entry", "report", command, "--lang", "en",
             "--line", self.world.line_file, "--socks", self.socks("reporter")],
            input=typed, capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def sent(self, text: str, file: Path) -> str:
        """Send words and a file to the support desk; return the code."""
        # No questions, no further file; send.
        return code_in(self.report(f"1\n{text}\n.\n1\n\n\n\n{file}\n\n1\n", "send"))

    def arrived(self, text: str, file: Path) -> Message:
        """Sync ana's console until the report is there, its file too; return it."""
        message = desk.wait_for(self, "ana", text)
        assert desk.file_hashes(self, "ana", message.case) == [
            hashlib.sha256(file.read_bytes()).hexdigest()
        ]
        return message

    def answered(self, message: Message, code: str, text: str) -> None:
        """Answer from ana's console, and look by the code until the answer is there."""
        desk.answer(self, "ana", message.case, text)
        until(240, "the answer does not come", lambda: text in self.report(f"{code}\n", "check"))
